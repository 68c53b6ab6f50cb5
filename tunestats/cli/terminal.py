"""Know the terminal: colours, width, and a bar while something takes long.

In: streams and file names.
Out: whether to use colours; how wide a line is; a function that moves a bar.
Not here: what is printed.
"""

import os
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tunestats.engines import Progress

__all__ = ["colored", "columns", "progress_bar"]

PROGRESS_BYTES = 30_000_000


@contextmanager
def progress_bar(files: tuple[str, ...]) -> Iterator[Progress | None]:
    """Show a bar on standard error while a lot is read from a terminal."""
    paths = [Path(file) for file in files]
    total = sum(path.stat().st_size for path in paths if path.is_file())
    if not sys.stderr.isatty() or total < PROGRESS_BYTES:
        yield None
        return
    from rich.console import Console  # only for long work on a terminal
    from rich.progress import (
        BarColumn,
        DownloadColumn,
        Progress,
        TextColumn,
        TimeRemainingColumn,
        TransferSpeedColumn,
    )

    columns = (
        TextColumn("reading"),
        BarColumn(),
        DownloadColumn(),
        TransferSpeedColumn(),
        TimeRemainingColumn(),
    )
    # How large compressed files are inside is not known.
    known = None if any(path.suffix == ".gz" for path in paths) else total
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("", total=known)
        yield lambda count: bar.advance(task, count)


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
