"""Show the settings of a run.

In: keys with values and where these come from.
Out: a configuration file that says the same, with comments.
Not here: reading one (``config``).
"""

import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from textwrap import fill
from typing import Any

from tunestats.quoting import printable

__all__ = ["render_settings"]

WIDTH = 79


def render_settings(rows: Iterable[tuple[str, Any, str]], path: Path | None) -> Iterator[str]:
    """Yield lines of TOML: a comment with the file, keys with a comment on their origin, then tables."""
    yield f"# configuration file: {printable(str(path)) if path else 'none'}\n"
    tables = []
    for key, value, origin in rows:
        if isinstance(value, dict):
            tables.append((key, value, origin))
        else:
            yield _line(key, value, origin)
    for key, table, origin in tables:
        yield f"\n[{key}]  # {origin}\n"
        for name, value in table.items():
            yield f"{_toml(name)} = {_toml(value)}\n"


def _line(key: str, value: Any, origin: str) -> str:
    if value is None:
        return f"# {key}: {origin}\n"
    if isinstance(value, list | tuple):
        listed = fill(", ".join(map(_toml, value)), WIDTH, initial_indent="    ", subsequent_indent="    ")
        return f"{key} = [  # {origin}\n{listed}\n]\n" if value else f"{key} = []  # {origin}\n"
    return f"{key} = {_toml(value)}  # {origin}\n"


def _toml(value: Any) -> str:
    # JSON is TOML for texts, numbers, truth values and lists of these; a lone surrogate is neither.
    return json.dumps(printable(value) if isinstance(value, str) else value, ensure_ascii=False)
