"""Write long JSON lists as they come.

In: objects, one at a time.
Out: pieces of a JSON text.
Not here: what the objects are.
"""

import json
from collections.abc import Iterable, Iterator
from itertools import chain
from typing import Any

__all__ = ["dump", "stream_document", "stream_list"]


def dump(value: Any, indent: int | None = None) -> str:
    """Return JSON in ASCII: file names may hold bytes that are not UTF-8, and streams take less than Unicode."""
    return json.dumps(value, ensure_ascii=True, indent=indent)


def stream_list(items: Iterable[Any], indent: str = "") -> Iterator[str]:
    """Yield a list, one item a line."""
    separator = "["
    for item in items:
        yield f"{separator}\n{indent}  {dump(item)}"
        separator = ","
    yield "[]" if separator == "[" else f"\n{indent}]"


def stream_document(document: Any, items: Iterable[Any], at: str) -> Iterator[str]:
    """Yield an indented document in which the empty list under the key ``at`` is filled with items."""
    text = dump(document, indent=2)
    head, key, tail = text.rpartition(f'"{at}": []')
    if not key:
        raise ValueError(f"there is no empty list `{at}`")
    margin = head.rpartition("\n")[2]
    yield from chain((head, f'"{at}": '), stream_list(items, margin), (tail, "\n"))
