"""Compare two distributions of the same quantity.

In: two ``Distribution``.
Out: ``Drift``: a summary of each, how far apart they are, and a histogram of both in the same bins.
Not here: which quantities there are (``accumulator``) or how histograms are drawn (``render``).

How far apart is said by Kolmogorov's and Smirnov's D: the largest distance between the shares of both that are up to
a value. It is computed from all values and exact. Its p-value is the asymptotic one; where values occur more than
once, as token counts do, the true one is smaller.
"""

from bisect import bisect_left
from collections import Counter
from dataclasses import dataclass
from math import exp, pi, sqrt

from tunestats.distribution import Distribution

__all__ = ["Bin", "Drift", "Summary", "drift_of"]

# Below this the one series of Kolmogorov's distribution needs fewer terms, from there on the other.
SERIES_MEET = 1.2
TERMS = range(1, 6)
# As many as the service's buckets, and one for what is far out.
BINS = 6


@dataclass(frozen=True, slots=True)
class Summary:
    """A distribution in a few numbers; percentiles and median as the tuning service computes them."""

    count: int
    mean: float
    min: float
    p5: float
    median: float
    p95: float
    max: float


@dataclass(frozen=True, slots=True)
class Bin:
    """How many values of both are from ``left`` to ``right``.

    Integers lie between both ends. Others are larger than ``left``, but for the first bin, which has its left end.
    """

    left: float
    right: float
    training: int
    validation: int


@dataclass(frozen=True, slots=True)
class Drift:
    """How a quantity is distributed in training and in validation data.

    Attributes:
        name: The quantity.
        training: Its distribution in the training data.
        validation: Its distribution in the validation data.
        statistic: Kolmogorov's and Smirnov's D, from 0 (the same) to 1 (nothing in common).
        p_value: How likely such a D or a larger one is, about, if both come from the same source.
        bins: A histogram of both; the last bin has what is beyond the 95th percentiles.
    """

    name: str
    training: Summary
    validation: Summary
    statistic: float
    p_value: float
    bins: tuple[Bin, ...]


def drift_of(name: str, training: Distribution, validation: Distribution) -> Drift:
    """Return the drift between two distributions.

    Raises:
        EmptyDistributionError: One of them holds nothing.
    """
    summaries = _summary(training), _summary(validation)
    distance = _distance(training, validation)
    scale = sqrt(training.count * validation.count / (training.count + validation.count))
    return Drift(
        name,
        *summaries,
        statistic=distance,
        p_value=_chance_beyond(scale * distance),
        bins=_bins(training, validation),
    )


def _summary(values: Distribution) -> Summary:
    percentiles = values.percentile(5), values.median, values.percentile(95)
    return Summary(values.count, values.mean, values.min, *percentiles, values.max)


def _distance(one: Distribution, other: Distribution) -> float:
    """Return D, correctly rounded."""
    counts, wholes = (one.counts, other.counts), (one.count, other.count)
    largest = up_to_one = up_to_other = 0
    for value in sorted(counts[0].keys() | counts[1].keys()):
        up_to_one += counts[0][value]
        up_to_other += counts[1][value]
        largest = max(largest, abs(up_to_one * wholes[1] - up_to_other * wholes[0]))
    return largest / (wholes[0] * wholes[1])


def _chance_beyond(x: float) -> float:
    """Return the chance that a variable of Kolmogorov's distribution is larger than ``x``.

    >>> round(_chance_beyond(1.3581), 4)
    0.05
    """
    if x <= 0:
        return 1.0
    if x < SERIES_MEET:
        terms = sum(exp(-((2 * k - 1) ** 2) * pi**2 / (8 * x * x)) for k in TERMS)
        return min(1.0, max(0.0, 1 - sqrt(2 * pi) / x * terms))
    return 2 * sum((1 if k % 2 else -1) * exp(-2 * k * k * x * x) for k in TERMS)


def _bins(one: Distribution, other: Distribution) -> tuple[Bin, ...]:
    """Return a histogram whose bins but the last have equal widths: a few huge values leave them narrow."""
    low, high = min(one.min, other.min), max(one.percentile(95), other.percentile(95))
    last, whole = max(one.max, other.max), one.is_integral and other.is_integral
    ranges = Distribution((low, high)).ranges() if whole else _real_ranges(low, high)
    if last > high:
        ranges.append((high + 1 if whole else high, last))
    counts = zip(_held(one, ranges), _held(other, ranges), strict=True)
    return tuple(Bin(*ends, *held) for ends, held in zip(ranges, counts, strict=True))


def _real_ranges(low: float, high: float) -> list[tuple[float, float]]:
    # Not low + index * width: the difference of two huge numbers is infinite.
    cuts = [low * (1 - index / BINS) + high * (index / BINS) for index in range(BINS + 1)]
    return list(zip(cuts, cuts[1:], strict=False)) if low < high else [(low, high)]


def _held(values: Distribution, ranges: list[tuple[float, float]]) -> list[int]:
    """Return how many values are in each range, that is, up to its right end and beyond that of the one before."""
    rights = [right for _, right in ranges]
    held = Counter[int]()
    for value, count in values.counts.items():
        held[bisect_left(rights, value)] += count
    return [held[index] for index in range(len(ranges))]
