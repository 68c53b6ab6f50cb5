"""Find out whether the numbers of a finished job fit each other.

In: the job's statistics.
Out: ``Verification``, of what they say of each other.
Not here: the job's data (``comparison``).
"""

from collections.abc import Iterator, Mapping, Sequence
from math import isclose
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
    sums = [_sum(there.get(part)) for part in TOKENS[:2]]
    if name not in there:
        return Row(name, State.ABSENT)
    return _says(name, same(number(there[name]), sum(sums)), there[name], "input and output sums together")


def _inspect(name: str, values: Mapping[str, Any], job: FinishedJob) -> Iterator[Row]:
    buckets = buckets_of(values)
    least, most = (number(values.get(key, 0)) for key in ("min", "max"))
    count = sum(bucket[0] for bucket in buckets)
    yield _held(name, count, job)
    sum_, mean = (number(values.get(key, 0)) for key in ("sum", "mean"))
    yield _says(
        f"{name}.mean",
        isclose(mean * count, sum_, rel_tol=1e-6, abs_tol=1e-9),
        mean,
        "the sum by their number",
    )
    order = [least, *(number(values.get(key, 0)) for key in ("p5", "median", "p95")), most]
    # The median is rounded down, so it may fall below a p5 that is almost as large.
    kept = order[0] <= order[1] <= order[3] <= order[4] and order[0] <= order[2] <= order[4]
    yield _says(f"{name}.p5", kept, order[1], "min, p5, median, p95 and max are in order")
    ranges = Distribution([least, most]).ranges() if least <= most else []
    known = all((left, right) in ranges for _, left, right in buckets)
    yield _says(
        f"{name}.buckets", known and bool(buckets), len(buckets), "of the six equal ranges from min to max"
    )
    inside = all(_falls(values, key, share, buckets) for key, share in (("p5", 5), ("p95", 95)))
    yield _says(f"{name}.p95", inside, order[3], "p5 and p95 lie in the buckets that hold them")


def _held(name: str, count: float, job: FinishedJob) -> Row:
    """Compare the values in the buckets with the examples that are not dropped."""
    there = job.statistics
    examples = number(there.get("tuningDatasetExampleCount", 0))
    kept = count / 2 if name == "scoresDistribution" else count
    said = f"{count:g} values in the buckets, {examples:g} examples"
    if kept == examples or _dropped_fit(examples - kept, there):
        return Row(f"{name}.count", State.AGREES, count, None, said)
    if name in TOKENS and count > examples:
        return Row(f"{name}.count", State.OPEN, count, None, f"{said}: tokens may be counted by model turn")
    return Row(f"{name}.count", State.DIFFERS, count, None, said)


def _dropped_fit(missing: float, there: Mapping[str, Any]) -> bool:
    """Tell whether so many examples may have been dropped; of pairs only a sample of them is named."""
    named = there.get("droppedExampleIndices")
    if isinstance(named, list) and named:
        return missing >= len(named)
    return missing > 0 and missing == number(there.get("totalTruncatedExampleCount", 0))


def _falls(values: Mapping[str, Any], key: str, percent: int, buckets: Sequence[Bucket]) -> bool:
    count = sum(bucket[0] for bucket in buckets)
    index = percent * count // 100
    for count, left, right in buckets:
        if index < count:
            return left <= number(values.get(key, 0)) <= right
        index -= count
    return False


def _shown(there: Mapping[str, Any]) -> Row:
    name = "userDatasetExamples"
    if name not in there:
        return Row(name, State.ABSENT)
    texts = list(_texts(there[name]))
    fits = all(len(text) <= SHOWN_CHARACTERS for text in texts)
    return _says(name, fits, len(texts), f"texts of at most {SHOWN_CHARACTERS} characters")


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


def _says(field: str, holds: bool, value: Any, note: str) -> Row:  # noqa: FBT001  it is what the row is about
    return Row(field, State.AGREES if holds else State.DIFFERS, value, None, note)


def _sum(values: Any) -> float:
    return number(values.get("sum", 0)) if isinstance(values, dict) else number(None)
