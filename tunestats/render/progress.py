"""Show how far a run is.

In: a terminal, and the ``Progress`` of a run that takes long.
Out: one bar for all processes: bytes, rate, time left, examples and findings so far.
Not here: whether anybody wants to see it (``cli``).
"""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, TextIO

from tunestats.engines import Progress

if TYPE_CHECKING:
    from rich.progress import Progress as Bar
    from rich.progress import TaskID

__all__ = ["progress_bar"]

# Who waits no longer than this needs no bar, and rich takes a tenth of a second to be imported.
PATIENCE_SECONDS = 0.5


@contextmanager
def progress_bar(stream: TextIO, total: int | None) -> Iterator[Callable[[Progress], object]]:
    """Give a function to be called with the progress; it shows a bar once the run has taken a while.

    Args:
        stream: The terminal.
        total: Bytes to be read; None if nobody knows.
    """
    start = time.monotonic()
    bar: Bar | None = None
    task: TaskID | None = None

    def show(progress: Progress) -> None:
        nonlocal bar, task
        if bar is None and time.monotonic() - start >= PATIENCE_SECONDS:
            bar = _bar(stream)
            bar.start()
        if bar is None:
            return
        if task is None:
            # The rate is that of what is read from now on.
            task = bar.add_task("", total=total, completed=progress.bytes, found=_found(progress))
        bar.update(task, completed=progress.bytes, found=_found(progress))

    try:
        yield show
    finally:
        if bar is not None:
            bar.stop()


def _bar(stream: TextIO) -> "Bar":
    from rich.console import Console  # only for long work on a terminal
    from rich.progress import BarColumn, DownloadColumn, TextColumn, TimeRemainingColumn, TransferSpeedColumn
    from rich.progress import Progress as Bar

    return Bar(
        BarColumn(bar_width=10),
        DownloadColumn(),
        TransferSpeedColumn(),
        TimeRemainingColumn(compact=True),
        TextColumn("{task.fields[found]}"),
        console=Console(file=stream),
        transient=True,
    )


def _found(progress: Progress) -> str:
    parts = [(progress.examples, "example"), (progress.findings, "finding")]
    return ", ".join(f"{count:,} {noun}{'' if count == 1 else 's'}" for count, noun in parts)
