"""Make a report of what a run has gathered.

In: the merged ``Accumulator``, the inputs, the settings.
Out: ``Report``: findings with line numbers in file order, counts, distributions, samples.
Not here: how any of it is shown (``render``) or spelt in the API (``stats_document``).
"""

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import accumulate

from tunestats.accumulator import Accumulator, ExampleRow, ShardTally
from tunestats.distribution import Distribution
from tunestats.duplicates import Fingerprints, Repeat, find_repeats
from tunestats.example import Example
from tunestats.findings import Finding, Flaw, Position, Severity
from tunestats.rules import CONTRADICTION, DUPLICATE_EXAMPLE, NEAR_DUPLICATE, NO_EXAMPLES, RULES
from tunestats.settings import Settings

__all__ = ["DroppedExample", "FileSummary", "Report", "TokenizerSummary", "make_report"]

REPEATS = {
    Repeat.LINE: (DUPLICATE_EXAMPLE, "the line is the same as line {line}"),
    Repeat.EXAMPLE: (NEAR_DUPLICATE, "the example is nearly the same as the one on line {line}"),
    Repeat.PROMPT: (CONTRADICTION, "the prompt is that of line {line}, the answer is another one"),
}


@dataclass(frozen=True, slots=True)
class FileSummary:
    """One input: its format, and how much of what it holds. ``bytes`` are those of the content."""

    name: str
    format: str
    bytes: int
    lines: int
    examples: int
    dropped: int


@dataclass(frozen=True, slots=True)
class TokenizerSummary:
    """What counted the tokens: its name, the SHA-256 of its vocabulary, and whether it counts exactly."""

    name: str
    sha256: str
    exact: bool
    note: str = ""


@dataclass(frozen=True, slots=True)
class DroppedExample:
    """An example that is left out of the statistics: its index, from 1, and why."""

    example: int
    reason: str


@dataclass(frozen=True, slots=True)
class Report:
    """What a run has found.

    Attributes:
        files: The inputs, in the order given.
        findings: In file order; at most ``settings.max_findings`` of each code.
        counts: How many findings of each code there are, kept or not.
        distributions: By name: ``input_tokens``, ``output_tokens``, ``messages``, ``characters``,
            ``scores``, ``score_variance``; of kept examples, and only if tokens were counted.
        samples: The first examples that are kept.
        dropped: The first examples that are left out.
        estimated_media_tokens: Tokens of media, contained in ``input_tokens``; an estimate.
        unknown_media: Media whose tokens cannot be known offline; they are in no number.
        tokenizer: What counted the tokens; None if nothing was counted.
        rows: The numbers of every kept example, if they were asked for.
    """

    settings: Settings
    files: tuple[FileSummary, ...]
    findings: tuple[Finding, ...]
    counts: Mapping[str, int]
    distributions: Mapping[str, Distribution] = field(default_factory=dict)
    samples: tuple[Example, ...] = ()
    dropped: tuple[DroppedExample, ...] = ()
    estimated_media_tokens: int = 0
    unknown_media: int = 0
    tokenizer: TokenizerSummary | None = None
    rows: tuple[tuple[str, int, int, ExampleRow], ...] = ()

    @property
    def examples(self) -> int:
        """How many examples there are, dropped ones included."""
        return sum(file.examples for file in self.files)

    @property
    def dropped_examples(self) -> int:
        """How many examples are left out of the statistics."""
        return sum(file.dropped for file in self.files)

    @property
    def step_count(self) -> int | None:
        """An estimate of the training steps; None unless epochs and batch size are given.

        No formula is public; this one takes the kept examples times the epochs in batches, the last one partial.
        """
        epochs, batch_size = self.settings.epochs, self.settings.batch_size
        if epochs is None or batch_size is None:
            return None
        return -(-(self.examples - self.dropped_examples) * epochs // batch_size)

    def count(self, severity: Severity) -> int:
        """Return how many findings of a severity there are, kept or not."""
        return sum(count for code, count in self.counts.items() if RULES[code].severity is severity)

    @property
    def exit_code(self) -> int:
        """0 if there is no error, 1 if there is one."""
        return 1 if self.count(Severity.ERROR) else 0


def make_report(
    accumulator: Accumulator,
    names: Sequence[str],
    formats: Sequence[str],
    settings: Settings,
    tokenizer: TokenizerSummary | None = None,
) -> Report:
    """Return the report of everything that was gathered, ``names`` and ``formats`` by source."""
    places = _Places(accumulator)
    # What only the whole file shows is gathered apart: the accumulator stays what it was.
    whole = Accumulator(settings.max_findings)
    for source in range(len(names)):
        _add_whole_file_flaws(whole, accumulator.fingerprints, places, source)
    return Report(
        settings=settings,
        files=tuple(
            _summary(accumulator, source, name, formats[source]) for source, name in enumerate(names)
        ),
        findings=tuple(_findings((accumulator, whole), places, names)),
        counts=_counts(accumulator.flaw_counts + whole.flaw_counts),
        distributions=accumulator.distributions,
        samples=tuple(example for _, example in accumulator.samples),
        dropped=tuple(DroppedExample(places.example(at), _reason(flaw)) for at, flaw in accumulator.dropped),
        estimated_media_tokens=accumulator.totals["estimated_media_tokens"],
        unknown_media=accumulator.totals["unknown_media"],
        tokenizer=tokenizer,
        rows=tuple(
            (names[position.source], places.line(position), places.example(position), row)
            for position, row in sorted(accumulator.rows)
        ),
    )


class _Places:
    """Turns positions inside shards into lines and examples of the file, both from 1."""

    def __init__(self, accumulator: Accumulator) -> None:
        self.shards: dict[int, list[tuple[int, ShardTally]]] = {}
        for (source, start), tally in sorted(accumulator.tallies.items(), key=lambda item: item[0]):
            self.shards.setdefault(source, []).append((start, tally))
        self._before: dict[tuple[int, int], tuple[int, int]] = {}
        for source, shards in self.shards.items():
            lines = accumulate((tally.lines for _, tally in shards), initial=0)
            examples = accumulate((tally.examples for _, tally in shards), initial=0)
            for (start, _), before in zip(shards, zip(lines, examples, strict=True), strict=False):
                self._before[source, start] = before

    def line(self, position: Position) -> int:
        return self._before[position.source, position.start][0] + position.line if position.line else 0

    def example(self, position: Position) -> int:
        return self._before[position.source, position.start][1] + position.example if position.example else 0

    def nth_example(self, source: int, index: int) -> Position:
        """Return the position of a file's example, from 0."""
        shards = self.shards[source]
        befores = [self._before[source, start][1] for start, _ in shards]
        which = bisect_right(befores, index) - 1
        start, tally = shards[which]
        inside = index - befores[which] + 1
        return Position(source, start, tally.line_of(inside), inside)


def _add_whole_file_flaws(
    whole: Accumulator, fingerprints: Fingerprints, places: _Places, source: int
) -> None:
    shards = places.shards.get(source)
    if shards is None:
        # It was refused as a whole.
        return
    examples = sum(tally.examples for _, tally in shards)
    if not examples:
        whole.add_flaw(Position(source, 0, 0, 0), 0, NO_EXAMPLES.at("", "the file holds no examples"))
        return
    keys = [(source, start) for start, _ in shards]
    repeats = find_repeats(lambda: fingerprints.rows(keys), examples)
    for kind, (rule, said) in REPEATS.items():
        # Only as many as are kept are worth a message; the others are counted.
        shown = 0
        for index, first in repeats.first(kind, whole.max_findings or None):
            line = places.line(places.nth_example(source, first))
            whole.add_flaw(places.nth_example(source, index), 1 << 30, rule.at("", said.format(line=line)))
            shown += 1
        if repeats.count(kind) > shown:
            whole.flaw_counts[rule.code, source] += repeats.count(kind) - shown


def _findings(
    accumulators: Sequence[Accumulator], places: _Places, names: Sequence[str]
) -> Iterator[Finding]:
    found = [item for accumulator in accumulators for kept in accumulator.flaws.values() for item in kept]
    for position, _, flaw in sorted(found):
        yield Finding(
            file=names[position.source],
            line=places.line(position),
            example=places.example(position),
            code=flaw.code,
            severity=RULES[flaw.code].severity,
            path=flaw.path,
            message=flaw.message,
        )


def _counts(flaw_counts: Mapping[tuple[str, int], int]) -> dict[str, int]:
    counts: Counter[str] = Counter()
    for (code, _), count in flaw_counts.items():
        counts[code] += count
    return {code: counts[code] for code in RULES if counts[code]}


def _summary(accumulator: Accumulator, source: int, name: str, format_name: str) -> FileSummary:
    tallies = [tally for (owner, _), tally in accumulator.tallies.items() if owner == source]
    return FileSummary(
        name=name,
        format=format_name,
        bytes=sum(tally.bytes for tally in tallies),
        lines=sum(tally.lines for tally in tallies),
        examples=sum(tally.examples for tally in tallies),
        dropped=sum(tally.dropped for tally in tallies),
    )


def _reason(flaw: Flaw) -> str:
    where = f"{flaw.path}: " if flaw.path else ""
    return f"{where}{flaw.message} ({flaw.code} {RULES[flaw.code].name})"
