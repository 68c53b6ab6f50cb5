"""Know the terminal: colours, width, and a bar while something takes long.

In: streams and file names.
Out: whether to use colours and to draw; how wide a line is; a function that moves a bar.
Not here: what is printed.
"""

import io
import os
import shutil
import sys
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import Any

from tunestats.engines import Progress
from tunestats.render.progress import progress_bar
from tunestats.render.rows import WIDTH
from tunestats.source import COMPRESSED

__all__ = ["colored", "columns", "draws_blocks", "prose_columns", "show_progress", "speak_utf8"]


def show_progress(
    files: tuple[str, ...], *, quiet: bool
) -> AbstractContextManager[Callable[[Progress], object] | None]:
    """Return what shows a bar on standard error, if that is a terminal and somebody wants to see it."""
    if quiet or not sys.stderr.isatty():
        return nullcontext()
    paths = [Path(file) for file in files]
    # How much comes in through a pipe is not known, nor how large compressed files are inside.
    known = all(path.is_file() and path.suffix not in COMPRESSED for path in paths)
    return progress_bar(sys.stderr, sum(path.stat().st_size for path in paths) if known else None)


def colored(choice: str, stream: Any) -> bool:
    """Tell whether a stream, None for a file, gets colours: ``auto``, ``always`` or ``never``."""
    if choice != "auto":
        return choice == "always"
    if stream is None or os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb":
        return False
    return bool(stream.isatty())


def columns(stream: Any) -> int:
    """Return how wide a stream is, 80 where it is no terminal: there output is the same everywhere."""
    return max(40, shutil.get_terminal_size().columns) if stream.isatty() else 80


def speak_utf8(stream: Any) -> None:
    """Let a stream take UTF-8, unless it is a terminal: JSON, XML and pages are read as UTF-8 everywhere."""
    if isinstance(stream, io.TextIOWrapper) and not stream.isatty():
        stream.reconfigure(encoding="utf-8", errors="backslashreplace")


def prose_columns(stream: Any) -> int:
    """Return how wide prose is: as wide as the stream, and no wider than is read with ease."""
    return min(columns(stream), WIDTH)


def draws_blocks(stream: Any) -> bool:
    """Tell whether a stream takes the letters with which bars are drawn."""
    try:
        "\u2588\u258f".encode(getattr(stream, "encoding", None) or "ascii")
    except (LookupError, UnicodeEncodeError):
        return False
    return True
