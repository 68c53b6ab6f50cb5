"""Describe a quantity exactly: which values occurred, and how often.

In: values, one at a time, as columns, or another distribution.
Out: sum, mean, median, percentiles and buckets as the tuning service computes them.
Not here: which quantities there are (``accumulator``) or how they are spelt in JSON (``stats_document``).

Adding and merging is addition of counts, so no order and no split changes a digit. The rules for percentiles
and buckets were derived from the outputs of three real jobs (2024 and 2025), whose numbers stand in the tests.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import accumulate
from math import floor, fsum

from tunestats.errors import EmptyDistributionError

__all__ = ["Bucket", "Distribution", "population_variance", "sample_variance"]

BUCKETS = 6


@dataclass(frozen=True, slots=True)
class Bucket:
    """How many values lie from ``left`` to ``right``, both included."""

    count: int
    left: float
    right: float


class Distribution:
    """An exact multiset of numbers.

    >>> tokens = Distribution([3, 5, 5, 40])
    >>> tokens.sum, tokens.median, tokens.percentile(95)
    (53, 5, 40)
    """

    __slots__ = ("counts",)

    def __init__(self, values: Iterable[float] = ()) -> None:
        self.counts: Counter[float] = Counter(values)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Distribution) and self.counts == other.counts

    __hash__ = None  # type: ignore[assignment]

    def __repr__(self) -> str:
        return f"Distribution({dict(sorted(self.counts.items()))})"

    def add(self, values: Iterable[float]) -> None:
        """Add values: integers, or floats that are neither infinite nor NaN."""
        self.counts.update(values)

    def merge(self, other: "Distribution") -> None:
        """Add all values of another distribution."""
        self.counts.update(other.counts)

    @property
    def count(self) -> int:
        """How many values there are."""
        return sum(self.counts.values())

    @property
    def sum(self) -> float:
        """The sum; an int, and exact, if all values are integers."""
        if self.is_integral:
            return sum(int(value) * count for value, count in self.counts.items())
        return fsum(value * count for value, count in sorted(self.counts.items()))

    @property
    def is_integral(self) -> bool:
        """Whether all values are whole numbers, whatever their type."""
        return all(value == int(value) for value in self.counts)

    @property
    def min(self) -> float:
        """The smallest value.

        Raises:
            EmptyDistributionError: Nothing was added.
        """
        return min(self._values())

    @property
    def max(self) -> float:
        """The largest value.

        Raises:
            EmptyDistributionError: Nothing was added.
        """
        return max(self._values())

    @property
    def mean(self) -> float:
        """The arithmetic mean, correctly rounded for integers.

        Raises:
            EmptyDistributionError: Nothing was added.
        """
        self._values()
        total = self.sum
        return float(Fraction(total, self.count)) if isinstance(total, int) else total / self.count

    @property
    def median(self) -> float:
        """The middle value, or the mean of the two middle ones; rounded down if all values are integers.

        Raises:
            EmptyDistributionError: Nothing was added.
        """
        count = self.count
        middle = (self._nth((count - 1) // 2) + self._nth(count // 2)) / 2
        return floor(middle) if self.is_integral else middle

    def percentile(self, percent: int) -> float:
        """Return the value at index ``floor(percent / 100 * count)`` of the sorted values, from 0.

        Args:
            percent: From 0 to 99.

        Raises:
            EmptyDistributionError: Nothing was added.
        """
        return self._nth(percent * self.count // 100)

    def buckets(self) -> list[Bucket]:
        """Return up to six ranges of equal width that cover the values; empty ones are left out.

        Integers get integer ranges: with w = (max - min + 1) / 6 the i-th, from 0, goes from
        ceil(min + i w) to ceil(min + (i + 1) w) - 1. Nothing public tells how the service cuts other
        numbers; they get ranges of the width (max - min) / 6, the left end included, in the last one
        the right end too.
        """
        if not self.counts:
            return []
        edges = self.ranges()
        held = Counter[int]()
        for value, count in self.counts.items():
            held[next(index for index in range(len(edges) - 1, -1, -1) if value >= edges[index][0])] += count
        return [Bucket(held[index], *edge) for index, edge in enumerate(edges) if held[index]]

    def ranges(self) -> list[tuple[float, float]]:
        """Return the ranges into which ``buckets`` puts the values, empty ones included."""
        return self._integer_edges() if self.is_integral else self._real_edges()

    def _integer_edges(self) -> list[tuple[float, float]]:
        low, width = int(self.min), int(self.max) - int(self.min) + 1
        cuts = [low - (-index * width // BUCKETS) for index in range(BUCKETS + 1)]
        return [(left, right - 1) for left, right in zip(cuts, cuts[1:], strict=False) if left < right]

    def _real_edges(self) -> list[tuple[float, float]]:
        low, high = self.min, self.max
        if low == high:
            return [(low, high)]
        cuts = [low + index * (high - low) / BUCKETS for index in range(BUCKETS)] + [high]
        return list(zip(cuts, cuts[1:], strict=False))

    def _values(self) -> Iterable[float]:
        if not self.counts:
            raise EmptyDistributionError("a statistic of no values was asked for; look at `count` first")
        return self.counts

    def _nth(self, index: int) -> float:
        """Return the value at an index of the sorted values, from 0."""
        values = sorted(self._values())
        for value, end in zip(values, accumulate(self.counts[value] for value in values), strict=True):
            if index < end:
                return int(value) if value == int(value) else value
        raise IndexError(index)


def population_variance(scores: Sequence[float]) -> float:
    """Return the mean of the squared distances from the mean.

    >>> population_variance((1.0, 0.0))
    0.25
    """
    mean = sum(scores) / len(scores)
    return sum((score - mean) ** 2 for score in scores) / len(scores)


def sample_variance(scores: Sequence[float]) -> float | None:
    """Return the sum of the squared distances from the mean by one less than their number; None of one.

    >>> sample_variance((1.0, 0.0))
    0.5
    """
    count = len(scores)
    return population_variance(scores) * count / (count - 1) if count > 1 else None
