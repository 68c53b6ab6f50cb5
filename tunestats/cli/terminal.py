"""Know the terminal: colours, and a bar while something takes long.

In: streams and file names.
Out: whether to use colours; a function that moves a bar.
Not here: what is printed.
"""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tunestats.engines import Progress

__all__ = ["colored", "progress_bar"]

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
    """Tell whether a stream gets colours: ``auto``, ``always`` or ``never``."""
    if choice == "auto":
        return bool(stream.isatty()) and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"
    return choice == "always"
