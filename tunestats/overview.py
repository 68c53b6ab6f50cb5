"""Sum a report up: what somebody wants to know before looking closer.

In: a ``Report`` whose tokens were counted.
Out: ``Overview``: its figures, ready to be shown.
Not here: how they look (``render``), and the document of the API (``stats_document``).
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from tunestats.distribution import Bucket, Distribution
from tunestats.report import LongExample, Report
from tunestats.rules import CONTRADICTION, DUPLICATE_EXAMPLE, NEAR_DUPLICATE, TOO_MANY_TOKENS

__all__ = ["Overview", "Quantity", "make_overview"]

# In the order in which they are shown.
TITLES = {
    "input_tokens": "input tokens",
    "output_tokens": "output tokens",
    "messages": "messages",
    "characters": "characters",
    "scores": "scores",
    "score_variance": "score variance",
}
REPEATS = (DUPLICATE_EXAMPLE, NEAR_DUPLICATE, CONTRADICTION)


@dataclass(frozen=True, slots=True)
class Quantity:
    """A distribution in a few numbers, as the tuning service computes them.

    ``buckets`` are the service's six, empty ones included; fewer where there are fewer values.
    """

    title: str
    sum: float
    min: float
    p5: float
    median: float
    mean: float
    p95: float
    max: float
    buckets: tuple[Bucket, ...]


@dataclass(frozen=True, slots=True)
class Overview:
    """What a report comes to.

    Attributes:
        examples: How many there are.
        dropped: How many of them are left out.
        reasons: For how many of those a finding of each code is the reason, the most frequent first.
        input_tokens: The sum over all examples that are kept.
        output_tokens: The same for the output.
        limit: How many tokens an example may have.
        over_limit: How many examples have more, and nothing else that leaves them out.
        longest: The longest examples.
        quantities: The distributions.
        repeats: By code, how many examples repeat or contradict an earlier one of their file; None if
            the rule is hidden in a file.
    """

    examples: int
    dropped: int
    reasons: Mapping[str, int]
    input_tokens: int
    output_tokens: int
    limit: int
    over_limit: int
    longest: tuple[LongExample, ...]
    quantities: tuple[Quantity, ...]
    repeats: Mapping[str, int | None]

    @property
    def kept(self) -> int:
        """How many examples are not left out."""
        return self.examples - self.dropped

    def share(self, count: int) -> float:
        """Return which part of all examples a number of them is; 0 if there are none."""
        return count / self.examples if self.examples else 0.0


def make_overview(report: Report) -> Overview:
    """Return what a report comes to."""
    drops = report.drop_counts
    return Overview(
        examples=report.examples,
        dropped=report.dropped_examples,
        reasons=dict(sorted(drops.items(), key=lambda item: -item[1])),
        input_tokens=_sum(report, "input_tokens"),
        output_tokens=_sum(report, "output_tokens"),
        limit=report.settings.facts.tokens_per_example,
        over_limit=drops.get(TOO_MANY_TOKENS.code, 0),
        longest=report.longest,
        quantities=tuple(_quantities(report.distributions)),
        repeats={rule.code: _repeats(report, rule.code) for rule in REPEATS},
    )


def _sum(report: Report, name: str) -> int:
    return int(report.distributions[name].sum) if name in report.distributions else 0


def _repeats(report: Report, code: str) -> int | None:
    if any(code in report.settings.hidden_codes(file.name) for file in report.files):
        return None
    return report.counts.get(code, 0)


def _quantities(distributions: Mapping[str, Distribution]) -> Iterator[Quantity]:
    for name, title in TITLES.items():
        values = distributions.get(name)
        if values is not None and values.count:
            held = {(bucket.left, bucket.right): bucket for bucket in values.buckets()}
            yield Quantity(
                title=title,
                sum=values.sum,
                min=values.min,
                p5=values.percentile(5),
                median=values.median,
                mean=values.mean,
                p95=values.percentile(95),
                max=values.max,
                buckets=tuple(held.get(ends, Bucket(0, *ends)) for ends in values.ranges()),
            )
