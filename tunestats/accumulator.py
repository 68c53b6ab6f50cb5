"""Gather what a run has seen.

In: one line's results at a time, or another accumulator.
Out: ``Accumulator``: the only state of a run, exact, bounded and picklable.
Not here: line numbers of the whole file, severities, statistics; those are made of it in ``report``.

Merging is commutative and associative, so shards may come back in any order. A position inside a shard is
enough to sort by; how many lines stand before the shard is known when all shards are in.
"""

from array import array
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from tunestats.candidates import KEY_ROW_BYTES
from tunestats.distribution import Distribution
from tunestats.example import Counts, Example
from tunestats.findings import Flaw, Flaws, Position
from tunestats.fingerprints import FINGERPRINT_BYTES
from tunestats.row_store import RowStore, ShardKey
from tunestats.rules import BLANK_LINE
from tunestats.smallest import Smallest

if TYPE_CHECKING:
    from tunestats.tokenizers import TokenizerIdentity

__all__ = [
    "DROPPED_SAMPLE",
    "EXAMPLE_SAMPLE",
    "LONGEST_KEPT",
    "MEDIA_RESOLUTION",
    "Accumulator",
    "BlankLines",
    "ExampleRow",
    "ShardKey",
    "ShardTally",
]

# The service reports "a partial sample" of what it dropped, of a size that nothing public tells.
DROPPED_SAMPLE = 100
EXAMPLE_SAMPLE = 3
LONGEST_KEPT = 10
EVERYTHING_SHOWN: Mapping[int, frozenset[str]] = {}
# The trait that is no spelling of a key.
MEDIA_RESOLUTION = "media_resolution"


class ExampleRow(NamedTuple):
    """The numbers of one kept example.

    ``scores`` is empty and ``score_variance`` None but for preference examples.
    """

    counts: Counts
    messages: int
    characters: int
    scores: tuple[float, ...] = ()
    score_variance: float | None = None


@dataclass(slots=True)
class BlankLines:
    """Blank lines that follow each other: how many, and the numbers of the first."""

    count: int = 0
    first: list[int] = field(default_factory=list)

    def add(self, lines: range, limit: int) -> None:
        """Add lines, keeping the numbers of ``limit`` in all; 0 keeps all."""
        self.count += len(lines)
        self.first.extend(lines[: max(0, limit - len(self.first))] if limit else lines)


@dataclass(slots=True)
class ShardTally:
    """What one shard holds.

    ``example_lines`` has the line in the shard of each example, from 1; it stays empty while no line is blank,
    since the n-th example is line n then. ``over_limits`` of the dropped examples have no other error than that
    they are over a limit. ``first_lines`` has the line on which a trait, such as one of two spellings of a
    key, is seen first. ``blanks`` are the blank lines at the shard's end: ``dataset`` knows whether anything
    follows them.
    """

    bytes: int = 0
    lines: int = 0
    examples: int = 0
    dropped: int = 0
    over_limits: int = 0
    with_media: int = 0
    first_lines: dict[tuple[str, str], int] = field(default_factory=dict)
    example_lines: "array[int]" = field(default_factory=lambda: array("I"))
    blanks: BlankLines = field(default_factory=BlankLines)

    def add_examples(self, count: int) -> None:
        """Take note that the next lines are examples."""
        if self.lines != self.examples:
            if not self.example_lines:
                self.example_lines.extend(range(1, self.examples + 1))
            self.example_lines.extend(range(self.lines + 1, self.lines + count + 1))
        self.lines += count
        self.examples += count

    def note(self, name: str, value: str, line: int | None = None) -> None:
        """Take note that a line, or else the last one, has a trait."""
        line = self.lines if line is None else line
        self.first_lines[name, value] = min(line, self.first_lines.get((name, value), line))

    def line_of(self, example: int) -> int:
        """Return the line in the shard of an example, both from 1."""
        return self.example_lines[example - 1] if self.example_lines else example

    def example_of(self, line: int) -> int:
        """Return the example that a line in the shard holds, both from 1."""
        return bisect_left(self.example_lines, line) + 1 if self.example_lines else line


class Accumulator:
    """Everything that is known so far.

    Args:
        max_findings: How many flaws of each code are kept; all are counted. 0 keeps all.
        per_example: Keep the row of every example, None of one that is left out, and the codes of its
            flaws; memory then grows with the data.
        hidden: By source, the codes of flaws that are neither kept nor counted.
    """

    def __init__(
        self,
        max_findings: int = 0,
        *,
        per_example: bool = False,
        hidden: Mapping[int, frozenset[str]] = EVERYTHING_SHOWN,
    ) -> None:
        self.max_findings = max_findings
        self.hidden = hidden
        self.per_example = per_example
        self.tallies: dict[ShardKey, ShardTally] = {}
        # One row for each example, and the fingerprints of all examples of some shards.
        self.keys = RowStore(KEY_ROW_BYTES)
        self.fingerprints = RowStore(FINGERPRINT_BYTES)
        self.flaw_counts: Counter[tuple[str, int]] = Counter()
        self.flaws: dict[str, Smallest[tuple[Position, int, Flaw]]] = {}
        self.dropped: Smallest[tuple[Position, Flaw]] = Smallest(DROPPED_SAMPLE)
        self.drop_counts: Counter[str] = Counter()
        # The longest has the smallest negative number.
        self.longest: Smallest[tuple[int, Position, Counts, bool]] = Smallest(LONGEST_KEPT)
        self.samples: Smallest[tuple[Position, Example]] = Smallest(EXAMPLE_SAMPLE)
        self.distributions: dict[tuple[int, str], Distribution] = {}
        self.totals: Counter[str] = Counter()
        self.tokenizers: set[TokenizerIdentity] = set()
        self.rows: list[tuple[Position, ExampleRow | None]] = []
        self.codes: dict[Position, set[str]] = {}

    def add_flaws(self, position: Position, flaws: Flaws) -> None:
        """Count the flaws of one line and keep the first ones of each code."""
        for number, flaw in enumerate(flaws):
            self.add_flaw(position, number, flaw)
        for code, count in flaws.more.items():
            self.count_more(code, position.source, count)
            self._note_code(position, code)

    def add_flaw(self, position: Position, number: int, flaw: Flaw) -> None:
        """Count a flaw, the ``number``-th of its line, and keep it if it is among the first of its code."""
        if flaw.code in self.hidden.get(position.source, ()):
            return
        if self.per_example:
            self._note_code(position, flaw.code)
        self.flaw_counts[flaw.code, position.source] += 1
        kept = self.flaws.get(flaw.code)
        if kept is None:
            kept = self.flaws[flaw.code] = Smallest(self.max_findings)
        kept.add((position, number, flaw))

    def _note_code(self, position: Position, code: str) -> None:
        """Take note that an example has a flaw, if every example is kept."""
        if self.per_example and position.example and code not in self.hidden.get(position.source, ()):
            self.codes.setdefault(position, set()).add(code)

    def count_more(self, code: str, source: int, count: int) -> None:
        """Count flaws of a source that are not worth keeping."""
        if count and code not in self.hidden.get(source, ()):
            self.flaw_counts[code, source] += count

    def add_blanks(self, source: int, start: int, blanks: BlankLines) -> None:
        """Count the blank lines of one shard."""
        for line in blanks.first:
            self.add_flaw(Position(source, start, line, 0), 0, BLANK_LINE.at("", "the line is blank"))
        self.count_more(BLANK_LINE.code, source, blanks.count - len(blanks.first))

    def add_dropped(self, position: Position, reason: Flaw) -> None:
        """Count an example that is left out by its reason, and keep it if it is among the first."""
        self.dropped.add((position, reason))
        self.drop_counts[reason.code] += 1
        if self.per_example:
            self.rows.append((position, None))

    def add_lengths(self, counted: Iterable[tuple[Position, Counts, bool]]) -> None:
        """Keep the longest examples, each with whether it is too long."""
        ranked = ((-counts.limited_tokens, position, counts, over) for position, counts, over in counted)
        self.longest.extend(ranked)

    def add_numbers(
        self,
        source: int,
        columns: Mapping[str, Sequence[float]],
        estimated_media_tokens: int,
        unknown_media: int,
    ) -> None:
        """Add the numbers of kept examples of one source: of each quantity a column, and two sums."""
        for name, values in columns.items():
            if values:
                self.distributions.setdefault((source, name), Distribution()).add(values)
        self.totals["estimated_media_tokens"] += estimated_media_tokens
        self.totals["unknown_media"] += unknown_media

    def merge(self, other: "Accumulator") -> "Accumulator":
        """Add everything that another accumulator knows; return this one."""
        self.tallies.update(other.tallies)
        self.keys.merge(other.keys)
        self.fingerprints.merge(other.fingerprints)
        self.flaw_counts.update(other.flaw_counts)
        for code, kept in other.flaws.items():
            self.flaws.setdefault(code, Smallest(self.max_findings)).extend(kept)
        self.dropped.extend(other.dropped)
        self.drop_counts.update(other.drop_counts)
        self.longest.extend(other.longest)
        self.samples.extend(other.samples)
        for key, distribution in other.distributions.items():
            self.distributions.setdefault(key, Distribution()).merge(distribution)
        self.totals.update(other.totals)
        self.rows.extend(other.rows)
        self.tokenizers |= other.tokenizers
        for position, codes in other.codes.items():
            self.codes.setdefault(position, set()).update(codes)
        return self
