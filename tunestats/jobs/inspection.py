"""Find out whether the numbers of a finished job fit each other.

In: the job's statistics.
Out: ``Verification``, of what they say of each other.
Not here: the job's data (``comparison``).
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from math import isclose, isnan
from typing import Any

from tunestats.distribution import Distribution
from tunestats.jobs.figures import DISTRIBUTIONS, TOKENS, Bucket, buckets_of, number, same
from tunestats.jobs.finished import FinishedJob
from tunestats.jobs.verification import Row, State, Verification
from tunestats.stats_document import SHOWN_CHARACTERS

__all__ = ["inspect"]


def inspect(job: FinishedJob) -> Verification:
    """Return what a job's own numbers say of each other."""
    there = job.statistics
    rows = [_total(there)]
    for name in DISTRIBUTIONS[job.format]:
        if isinstance(there.get(name), dict):
            rows.extend(_inspect(name, there[name], job))
        else:
            rows.append(Row(name, State.ABSENT))
    rows.append(_shown(there))
    return Verification(job.name, "", tuple(rows))


def _total(there: Mapping[str, Any]) -> Row:
    name = "totalBillableTokenCount"
    total = sum(_sum(there.get(part)) for part in TOKENS[:2])
    if name not in there:
        return Row(name, State.ABSENT)
    holds = same(number(there[name]), total)
    return _says(name, holds, there[name], _known(total), "input and output sums together")


def _inspect(name: str, values: Mapping[str, Any], job: FinishedJob) -> Iterator[Row]:
    buckets = buckets_of(values)
    least, most = (number(values.get(key, 0)) for key in ("min", "max"))
    count = sum(bucket[0] for bucket in buckets)
    yield _held(name, count, job)
    sum_, mean = (number(values.get(key, 0)) for key in ("sum", "mean"))
    holds = isclose(mean * count, sum_, rel_tol=1e-6, abs_tol=1e-9)
    yield _says(
        f"{name}.mean",
        holds,
        values.get("mean"),
        _ratio(sum_, count),
        "the sum by the number of values in the buckets",
    )
    yield _order(name, values)
    yield _ranges(name, least, most, buckets)
    for key, percent in (("p5", 5), ("p95", 95)):
        yield _falls(name, values, key, percent, buckets)


def _order(name: str, values: Mapping[str, Any]) -> Row:
    keys = ("min", "p5", "median", "p95", "max")
    least, p5, median, p95, most = (number(values.get(key, 0)) for key in keys)
    # The median is rounded down, so it may fall below a p5 that is almost as large.
    holds = least <= p5 <= p95 <= most and least <= median <= most
    said = [values.get(key, 0) for key in keys]
    return _says(f"{name}.order", holds, said, None, "min, p5, median, p95 and max are in order")


def _ranges(name: str, least: float, most: float, buckets: Sequence[Bucket]) -> Row:
    ranges = Distribution([least, most]).ranges() if least <= most else []
    strange = [[left, right] for _, left, right in buckets if (left, right) not in ranges]
    note = "of the six equal ranges from min to max; those without values are left out"
    if strange:
        return Row(f"{name}.buckets", State.DIFFERS, strange, [list(ends) for ends in ranges], note)
    return _says(f"{name}.buckets", bool(buckets), len(buckets), None, note)


def _held(name: str, count: float, job: FinishedJob) -> Row:
    """Compare the values in the buckets with the examples that are not dropped."""
    there = job.statistics
    examples = number(there.get("tuningDatasetExampleCount", 0))
    values_each = 2 if name == "scoresDistribution" else 1
    kept = count / values_each
    said = f"{count:g} values in the buckets, {examples:g} examples"
    row = Row(f"{name}.count", State.AGREES, _known(count), None, said)
    if kept == examples or _dropped_fit(examples - kept, there):
        return row
    if name in TOKENS and count > examples:
        return replace(row, state=State.OPEN, note=f"{said}: tokens may be counted by model turn")
    dropped = number(there.get("totalTruncatedExampleCount", 0))
    return replace(row, state=State.DIFFERS, expected=_known((examples - dropped) * values_each))


def _dropped_fit(missing: float, there: Mapping[str, Any]) -> bool:
    """Tell whether so many examples may have been dropped; of pairs only a sample of them is named."""
    named = there.get("droppedExampleIndices")
    if isinstance(named, list) and named:
        return missing >= len(named)
    return missing > 0 and missing == number(there.get("totalTruncatedExampleCount", 0))


def _falls(name: str, values: Mapping[str, Any], key: str, percent: int, buckets: Sequence[Bucket]) -> Row:
    count = sum(bucket[0] for bucket in buckets)
    index = percent * count // 100
    value = number(values.get(key, 0))
    note = "in the bucket that holds this percentile"
    for count, left, right in buckets:
        if index < count:
            return _says(f"{name}.{key}", left <= value <= right, values.get(key), [left, right], note)
        index -= count
    return Row(f"{name}.{key}", State.DIFFERS, values.get(key), None, note)


def _shown(there: Mapping[str, Any]) -> Row:
    name = "userDatasetExamples"
    if name not in there:
        return Row(name, State.ABSENT)
    longest = max((len(text) for text in _texts(there[name])), default=0)
    note = f"the longest text, in characters; the service shows {SHOWN_CHARACTERS}"
    return _says(name, longest <= SHOWN_CHARACTERS, longest, None, note)


def _texts(value: Any) -> Iterator[str]:
    pending = [value]
    while pending:
        item = pending.pop()
        if isinstance(item, dict):
            pending.extend(item.values())
            if isinstance(item.get("text"), str):
                yield item["text"]
        elif isinstance(item, list):
            pending.extend(item)


def _says(field: str, holds: bool, value: Any, expected: Any, note: str) -> Row:  # noqa: FBT001  what it is about
    return Row(field, State.AGREES if holds else State.DIFFERS, value, None if holds else expected, note)


def _ratio(sum_: float, count: float) -> float | None:
    try:
        return _known(sum_ / count)
    except (ZeroDivisionError, OverflowError):
        return None


def _known(value: float) -> float | None:
    return None if isnan(value) else value


def _sum(values: Any) -> float:
    return number(values.get("sum", 0)) if isinstance(values, dict) else number(None)
