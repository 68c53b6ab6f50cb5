"""Be a process that works for another.

In: from standard input, pickled: the settings, then tasks until the end.
Out: to standard output, pickled: the result of each task, or the exception that stopped it.
Not here: who starts and stops this process (``processes``).
"""

import gc
import os
import pickle
import sys
import traceback
from typing import Any, BinaryIO

from tunestats.engines.serial import Task
from tunestats.errors import TunestatsError
from tunestats.settings import Settings

__all__ = ["main"]

# Pickling a value recurses; JSON is at most 1,024 deep, each level takes a few calls.
RECURSION_LIMIT = 20_000


def main() -> None:
    """Work until nothing more comes in."""
    sys.setrecursionlimit(RECURSION_LIMIT)
    gc.set_threshold(50_000)  # as the command line does
    inbox, outbox = sys.stdin.buffer, _outbox()
    try:
        settings: Settings = pickle.load(inbox)  # noqa: S301  it comes from our own parent
        while True:
            outbox.write(_result(pickle.load(inbox), settings))  # noqa: S301
            outbox.flush()
    except (EOFError, pickle.UnpicklingError, OSError):
        # Whoever wanted the results is gone; an orderly exit would try to write them once more.
        os._exit(0)


def _outbox() -> BinaryIO:
    """Take standard output for the results alone: whatever else is printed must not end up among them."""
    results = os.dup(sys.stdout.fileno())
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return os.fdopen(results, "wb")


def _result(task: Task[Any], settings: Settings) -> bytes:
    """Return, pickled, what a task returned or raised; that is raised again by the parent."""
    try:
        return pickle.dumps(task(settings))
    except Exception as error:  # noqa: BLE001
        if not isinstance(error, TunestatsError | MemoryError):
            error.add_note("in a worker process:\n" + "".join(traceback.format_exception(error)))
        return pickle.dumps(error)
