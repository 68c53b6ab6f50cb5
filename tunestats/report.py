"""Make a report of what a run has gathered.

In: the merged ``Accumulator``, the inputs, the settings.
Out: ``Report``: findings with line numbers in file order, counts, distributions, samples.
Not here: how any of it is shown (``render``) or spelt in the API (``stats_document``).
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from operator import itemgetter
from typing import NamedTuple

from tunestats.accumulator import Accumulator, ExampleRow
from tunestats.candidates import Candidates
from tunestats.dataset import DataFile, add_shared, whole_flaws
from tunestats.distribution import Distribution
from tunestats.duplicates import Repeat
from tunestats.example import Example
from tunestats.findings import Finding, Flaw, Severity
from tunestats.overlap import Shared, find_shared
from tunestats.places import Places
from tunestats.rules import RULES
from tunestats.settings import Settings
from tunestats.smallest import Smallest

__all__ = [
    "DroppedExample",
    "FileSummary",
    "LongExample",
    "Overlap",
    "PlacedRow",
    "Report",
    "SharedLine",
    "TokenizerSummary",
    "make_report",
]


@dataclass(frozen=True, slots=True)
class FileSummary:
    """One input: its format, and how much of what it holds.

    ``bytes`` are those of the content. ``not_read`` says what the file is, where it is no JSON Lines at all: then
    nobody knows what it holds, and all numbers are 0.
    """

    name: str
    format: str
    bytes: int
    lines: int
    examples: int
    dropped: int
    is_validation: bool = False
    not_read: str = ""


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
    flaw: Flaw

    @property
    def reason(self) -> str:
        """The flaw in words."""
        code, path, message = self.flaw
        where = f"{path}: " if path else ""
        return f"{where}{message} ({code} {RULES[code].name})"


class PlacedRow(NamedTuple):
    """An example: where it is, its numbers (None if it is left out), and the codes of its findings."""

    file: str
    line: int
    example: int
    numbers: ExampleRow | None
    codes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SharedLine:
    """A line of validation data, and the first line of training data with the same example or prompt."""

    file: str
    line: int
    training_file: str
    training_line: int


@dataclass(frozen=True, slots=True)
class Overlap:
    """How many training and validation examples have the same of something, and the first ``lines``."""

    kind: Repeat
    training: int
    validation: int
    lines: tuple[SharedLine, ...]


@dataclass(frozen=True, slots=True)
class LongExample:
    """One of the longest examples: where it is, and its tokens.

    ``limited_tokens`` are those that count towards the limit. An example that is ``too_long`` is left out.
    """

    file: str
    line: int
    example: int
    input_tokens: int
    output_tokens: int
    limited_tokens: int
    too_long: bool


@dataclass(frozen=True, slots=True)
class Report:
    """What a run has found.

    Attributes:
        files: The inputs, in the order given.
        findings: In file order; at most ``settings.max_findings`` of each code.
        counts: How many findings of each code there are, kept or not.
        distributions: By name: ``input_tokens``, ``output_tokens``, ``messages``, ``characters``,
            ``scores``, ``score_variance``; of kept examples, and only if tokens were counted.
        file_distributions: The same of each input alone, in their order.
        samples: The first examples that are kept.
        dropped: The first examples that are left out.
        overlaps: What the validation data share with the training data: lines, else examples, else prompts.
        drop_counts: How many examples are left out for a finding of each code, the first of its kind in them.
        longest: The longest examples whose tokens were counted, the longest first.
        estimated_media_tokens: Tokens of media, contained in ``input_tokens``; an estimate.
        unknown_media: Media whose tokens cannot be known offline; they are in no number.
        tokenizer: What counted the tokens; None if nothing was counted.
        rows: Every example, if they were asked for and tokens were counted.
        accepted: How many findings a baseline accepts; they are in no other number.
    """

    settings: Settings
    files: tuple[FileSummary, ...]
    findings: tuple[Finding, ...]
    counts: Mapping[str, int]
    distributions: Mapping[str, Distribution] = field(default_factory=dict)
    file_distributions: tuple[Mapping[str, Distribution], ...] = ()
    samples: tuple[Example, ...] = ()
    dropped: tuple[DroppedExample, ...] = ()
    overlaps: tuple[Overlap, ...] = ()
    drop_counts: Mapping[str, int] = field(default_factory=dict)
    longest: tuple[LongExample, ...] = ()
    estimated_media_tokens: int = 0
    unknown_media: int = 0
    tokenizer: TokenizerSummary | None = None
    rows: tuple[PlacedRow, ...] = ()
    accepted: int = 0

    @property
    def not_read(self) -> int:
        """How many files are no JSON Lines at all; nothing of them is in any number."""
        return sum(bool(file.not_read) for file in self.files)

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
        of = self.settings.severities
        return sum(count for code, count in self.counts.items() if of[code] is severity)

    @property
    def exit_code(self) -> int:
        """1 if there is a finding of the severity ``settings.fail_on`` or a graver one, else 0."""
        return 1 if any(self.count(severity) for severity in self.settings.failing) else 0


def make_report(
    accumulator: Accumulator,
    candidates: Candidates,
    files: Sequence[DataFile],
    settings: Settings,
    tokenizer: TokenizerSummary | None = None,
) -> Report:
    """Return the report of everything that was gathered from ``files``."""
    places = Places(accumulator.tallies)
    names = [file.name for file in files]
    # What only the whole file shows is gathered apart: the accumulator stays what it was.
    shared = _shared(candidates, places, files, settings)
    whole = whole_flaws(accumulator, candidates, places, files, settings)
    add_shared(whole, places, files, shared)
    counts = _counts(accumulator.flaw_counts + whole.flaw_counts)
    for code, kept in accumulator.flaws.items():
        whole.flaws.setdefault(code, Smallest(settings.max_findings)).extend(kept)
    return Report(
        settings=settings,
        files=tuple(_summary(accumulator, source, file) for source, file in enumerate(files)),
        findings=tuple(_findings(whole, places, names, settings.severities)),
        counts=counts,
        distributions=_merged(accumulator.distributions),
        file_distributions=tuple(
            {name: values for (owner, name), values in accumulator.distributions.items() if owner == source}
            for source in range(len(files))
        ),
        samples=tuple(example for _, example in accumulator.samples),
        dropped=tuple(DroppedExample(places.example(at), flaw) for at, flaw in accumulator.dropped),
        overlaps=tuple(_overlap(found, places, names) for found in shared),
        drop_counts={code: accumulator.drop_counts[code] for code in RULES if accumulator.drop_counts[code]},
        longest=tuple(_longest(accumulator, places, names)),
        estimated_media_tokens=accumulator.totals["estimated_media_tokens"],
        unknown_media=accumulator.totals["unknown_media"],
        tokenizer=tokenizer,
        rows=tuple(_rows((accumulator, whole), places, names)),
    )


def _shared(
    candidates: Candidates, places: Places, files: Sequence[DataFile], settings: Settings
) -> list[Shared]:
    read = [source for source in range(len(files)) if source in places.shards]
    training, validation = (
        [source for source in read if files[source].is_validation is chosen] for chosen in (False, True)
    )
    return find_shared(candidates, places, training, validation, settings.max_findings)


def _overlap(shared: Shared, places: Places, names: Sequence[str]) -> Overlap:
    lines = tuple(
        SharedLine(names[here.source], places.line(here), names[there.source], places.line(there))
        for here, there in shared.pairs
    )
    return Overlap(shared.kind, shared.training, shared.validation, lines)


def _longest(accumulator: Accumulator, places: Places, names: Sequence[str]) -> Iterator[LongExample]:
    for _, position, counts, too_long in accumulator.longest:
        yield LongExample(
            file=names[position.source],
            line=places.line(position),
            example=places.example(position),
            input_tokens=counts.input_tokens,
            output_tokens=counts.output_tokens,
            limited_tokens=counts.limited_tokens,
            too_long=too_long,
        )


def _rows(accumulators: Sequence[Accumulator], places: Places, names: Sequence[str]) -> Iterator[PlacedRow]:
    rows = (row for accumulator in accumulators for row in accumulator.rows)
    for position, numbers in sorted(rows, key=itemgetter(0)):
        codes = set[str]().union(*(accumulator.codes.get(position, ()) for accumulator in accumulators))
        place = places.line(position), places.example(position)
        yield PlacedRow(names[position.source], *place, numbers, tuple(sorted(codes)))


def _findings(
    whole: Accumulator,
    places: Places,
    names: Sequence[str],
    severities: Mapping[str, Severity],
) -> Iterator[Finding]:
    found = [item for kept in whole.flaws.values() for item in kept]
    for position, _, flaw in sorted(found):
        yield Finding(
            file=names[position.source],
            line=places.line(position),
            example=places.example(position),
            code=flaw.code,
            severity=severities[flaw.code],
            path=flaw.path,
            message=flaw.message,
        )


def _counts(flaw_counts: Mapping[tuple[str, int], int]) -> dict[str, int]:
    counts: Counter[str] = Counter()
    for (code, _), count in flaw_counts.items():
        counts[code] += count
    return {code: counts[code] for code in RULES if counts[code]}


def _summary(accumulator: Accumulator, source: int, file: DataFile) -> FileSummary:
    tallies = [tally for (owner, _), tally in accumulator.tallies.items() if owner == source]
    return FileSummary(
        name=file.name,
        format=file.format,
        is_validation=file.is_validation,
        # What to do about it stands behind the semicolon, and in the finding.
        not_read=file.refusal.message.partition("; ")[0] if file.refusal else "",
        bytes=sum(tally.bytes for tally in tallies),
        lines=sum(tally.lines for tally in tallies),
        examples=sum(tally.examples for tally in tallies),
        dropped=sum(tally.dropped for tally in tallies),
    )


def _merged(distributions: Mapping[tuple[int, str], Distribution]) -> dict[str, Distribution]:
    """Return the distributions of all sources together."""
    merged: dict[str, Distribution] = {}
    for (_, name), values in distributions.items():
        merged.setdefault(name, Distribution()).merge(values)
    return merged
