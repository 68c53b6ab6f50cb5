"""Run all shards in this process, one after the other.

In: shards and their formats.
Out: their accumulators.
Not here: what happens to one shard (``shard``) or to the results (``engines``).
"""

from collections.abc import Generator, Iterable

from tunestats.accumulator import Accumulator
from tunestats.engines.shard import run_shard
from tunestats.settings import Settings
from tunestats.source import Shard

__all__ = ["Task", "run_serial"]

Task = tuple[Shard, str]


def run_serial(tasks: Iterable[Task], settings: Settings) -> Generator[Accumulator]:
    """Yield the accumulator of each shard; memory is that of one shard at a time."""
    for shard, format_name in tasks:
        yield run_shard(shard, format_name, settings)
