"""Be a process that works for another.

In: from standard input, pickled: the settings, then shards and their formats until the end.
Out: to standard output, pickled: for each shard its accumulator, or the exception that stopped it.
Not here: who starts and stops this process (``processes``).
"""

import os
import pickle
import sys
import traceback
from typing import BinaryIO

from tunestats.engines.shard import run_shard
from tunestats.errors import TunestatsError
from tunestats.settings import Settings
from tunestats.source import Shard

__all__ = ["main"]

# Pickling a value recurses; JSON is at most 1,024 deep, each level takes a few calls.
RECURSION_LIMIT = 20_000


def main() -> None:
    """Work until nothing more comes in."""
    sys.setrecursionlimit(RECURSION_LIMIT)
    inbox, outbox = sys.stdin.buffer, _outbox()
    try:
        settings: Settings = pickle.load(inbox)  # noqa: S301  it comes from our own parent
        while True:
            shard, format_name = pickle.load(inbox)  # noqa: S301
            outbox.write(_result(shard, format_name, settings))
            outbox.flush()
    except (EOFError, pickle.UnpicklingError, OSError):
        # Whoever wanted the results is gone; an orderly exit would try to write them once more.
        os._exit(0)


def _outbox() -> BinaryIO:
    """Take standard output for the results alone: whatever else is printed must not end up among them."""
    results = os.dup(sys.stdout.fileno())
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return os.fdopen(results, "wb")


def _result(shard: Shard, format_name: str, settings: Settings) -> bytes:
    """Return, pickled, the accumulator of a shard or what it raised; that is raised again by the parent."""
    try:
        return pickle.dumps(run_shard(shard, format_name, settings))
    except Exception as error:  # noqa: BLE001
        if not isinstance(error, TunestatsError | MemoryError):
            error.add_note("in a worker process:\n" + "".join(traceback.format_exception(error)))
        return pickle.dumps(error)
