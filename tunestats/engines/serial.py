"""Run all shards in this process, one after the other.

In: shards and their formats.
Out: their accumulators.
Not here: what happens to one shard (``shard``) or to the results (``engines``).
"""

from collections.abc import Iterable, Iterator

from tunestats.accumulator import Accumulator
from tunestats.engines.shard import Progress, run_shard
from tunestats.settings import Settings
from tunestats.source import Shard

__all__ = ["run_serial"]


def run_serial(
    shards: Iterable[tuple[Shard, str]], settings: Settings, progress: Progress | None = None
) -> Iterator[Accumulator]:
    """Yield the accumulator of each shard; memory is that of one shard at a time."""
    for shard, format_name in shards:
        yield run_shard(shard, format_name, settings, progress)
