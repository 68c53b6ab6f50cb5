"""Turn positions inside shards into places in files.

In: the tallies of all shards.
Out: ``Places``: which line and which example of its file a position is.
Not here: what stands there (``report``).
"""

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping
from itertools import accumulate

from tunestats.accumulator import ShardTally
from tunestats.findings import Position
from tunestats.row_store import ShardKey

__all__ = ["Places"]


class Places:
    """Knows how many lines and examples stand before each shard; both are counted from 1."""

    def __init__(self, tallies: Mapping[ShardKey, ShardTally]) -> None:
        self.shards: dict[int, list[tuple[int, ShardTally]]] = {}
        for (source, start), tally in sorted(tallies.items(), key=lambda item: item[0]):
            self.shards.setdefault(source, []).append((start, tally))
        self._before: dict[tuple[int, int], tuple[int, int]] = {}
        for source, shards in self.shards.items():
            lines = accumulate((tally.lines for _, tally in shards), initial=0)
            examples = accumulate((tally.examples for _, tally in shards), initial=0)
            for (start, _), before in zip(shards, zip(lines, examples, strict=True), strict=False):
                self._before[source, start] = before

    def line(self, position: Position) -> int:
        """Return the line of a position; 0 for the file as a whole."""
        return self._before[position.source, position.start][0] + position.line if position.line else 0

    def example(self, position: Position) -> int:
        """Return the example of a position; 0 where there is none."""
        return self._before[position.source, position.start][1] + position.example if position.example else 0

    def examples(self, source: int) -> int:
        """Return how many examples a file has."""
        return sum(tally.examples for _, tally in self.shards.get(source, ()))

    def shards_of(self, sources: Iterable[int]) -> Iterator[tuple[ShardKey, int]]:
        """Yield the shards of files, each with how many examples of these files stand before it."""
        examples = 0
        for source in sources:
            for start, tally in self.shards.get(source, ()):
                yield (source, start), examples
                examples += tally.examples

    def before_the_last_example(self, source: int) -> list[tuple[int, ShardTally]]:
        """Return the shards of a file, with their starts, that another one with examples follows."""
        shards = self.shards[source]
        last = max(index for index, (_, tally) in enumerate(shards) if tally.examples)
        return shards[:last]

    def firsts(self, source: int) -> dict[tuple[str, str], Position]:
        """Return where each trait that lines of a file may have is seen first."""
        found: dict[tuple[str, str], Position] = {}
        for start, tally in self.shards.get(source, ()):
            for trait, line in tally.first_lines.items():
                found.setdefault(trait, Position(source, start, line, tally.example_of(line)))
        return found

    def nth_example(self, source: int, index: int) -> Position:
        """Return the position of a file's example, from 0."""
        shards = self.shards[source]
        befores = [self._before[source, start][1] for start, _ in shards]
        which = bisect_right(befores, index) - 1
        start, tally = shards[which]
        inside = index - befores[which] + 1
        return Position(source, start, tally.line_of(inside), inside)
