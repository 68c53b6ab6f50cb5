"""Read the numbers of a job's statistics.

In: values of protocol buffer JSON, whatever stands there.
Out: numbers, buckets, and whether they are the same.
Not here: which numbers there are (``comparison``, ``inspection``).
"""

from collections.abc import Mapping, Sequence
from math import isclose, isfinite, nan
from typing import Any

__all__ = ["DISTRIBUTIONS", "TOKENS", "Bucket", "buckets_of", "number", "same", "same_buckets", "tidy"]

# Count, left end, right end.
Bucket = tuple[float, float, float]
DISTRIBUTIONS = {
    "sft": ("userInputTokenDistribution", "userOutputTokenDistribution", "userMessagePerExampleDistribution"),
    "preference": (
        "userInputTokenDistribution",
        "userOutputTokenDistribution",
        "scoreVariancePerExampleDistribution",
        "scoresDistribution",
    ),
}
TOKENS = ("userInputTokenDistribution", "userOutputTokenDistribution", "totalBillableTokenCount")
PRECISION = 1e-9


def number(value: Any) -> float:
    """Return a number, an integer exactly; NaN, which agrees with nothing, where there is none.

    >>> number("9007199254740993"), number(2.5), number("N")
    (9007199254740993, 2.5, nan)
    """
    if isinstance(value, str):
        value = _parsed(value)
    if isinstance(value, bool) or not isinstance(value, int | float) or not isfinite(value):
        return nan
    return int(value) if value == value // 1 else value


def _parsed(text: str) -> float:
    for kind in (int, float):
        try:
            return kind(text[:400])
        except ValueError:
            continue
    return nan


def same(one: float, other: float) -> bool:
    """Tell whether two numbers are the same, as far as doubles can be."""
    if isinstance(one, int) and isinstance(other, int):
        return one == other
    return isclose(one, other, rel_tol=PRECISION, abs_tol=PRECISION)


def buckets_of(values: Mapping[str, Any]) -> list[Bucket]:
    """Return the buckets of a distribution."""
    found = values.get("buckets")
    rows = [row for row in found if isinstance(row, dict)] if isinstance(found, list) else []
    return [
        (number(row.get("count", 0)), number(row.get("left", 0)), number(row.get("right", 0))) for row in rows
    ]


def same_buckets(one: Sequence[Bucket], other: Sequence[Bucket]) -> bool:
    """Tell whether two lists of buckets are the same."""
    return len(one) == len(other) and all(
        same(left, right)
        for row, ours in zip(one, other, strict=True)
        for left, right in zip(row, ours, strict=True)
    )


def tidy(value: Any) -> Any:
    """Return a value without members that are empty."""
    if isinstance(value, dict):
        members = {key: tidy(item) for key, item in value.items()}
        return {key: item for key, item in members.items() if item not in (None, "", [], {}, 0)}
    return [tidy(item) for item in value] if isinstance(value, list) else value
