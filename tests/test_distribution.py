"""Hold the numbers of a distribution against real jobs and against the expanded list of values."""

import json
import pickle
from collections.abc import Callable, Sequence
from fractions import Fraction
from math import ceil, floor
from operator import attrgetter, methodcaller
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tunestats.distribution import Bucket, Distribution
from tunestats.errors import EmptyDistributionError


class Column(NamedTuple):
    """What a real job says about one quantity."""

    job: str
    key: str
    sum: int
    min: int
    max: int
    mean: float
    median: int
    p5: int
    p95: int
    buckets: tuple[tuple[int, int, int], ...]

    @property
    def examples(self) -> int:
        return sum(count for count, _, _ in self.buckets)


INPUT, OUTPUT, MESSAGES = (
    "userInputTokenDistribution",
    "userOutputTokenDistribution",
    "userMessagePerExampleDistribution",
)
COLUMNS = [
    Column(
        "001_squad_500", INPUT, 94474, 54, 602, 188.948, 172, 107, 327,
        ((126, 54, 145), (273, 146, 236), (77, 237, 328), (21, 329, 419), (2, 420, 511), (1, 512, 602)),
    ),
    Column(
        "001_squad_500", OUTPUT, 2420, 1, 43, 4.84, 4, 1, 15,
        ((440, 1, 8), (38, 9, 15), (16, 16, 22), (4, 23, 29), (1, 30, 36), (1, 37, 43)),
    ),
    Column("001_squad_500", MESSAGES, 1000, 2, 2, 2.0, 2, 2, 2, ((500, 2, 2),)),
    Column(
        "002_wikilingua_500", INPUT, 233592, 25, 2932, 467.184, 414, 101, 1016,
        ((326, 25, 509), (148, 510, 994), (20, 995, 1478), (5, 1479, 1963), (1, 2449, 2932)),
    ),
    Column(
        "002_wikilingua_500", OUTPUT, 21651, 3, 237, 43.302, 37, 15, 89,
        ((298, 3, 42), (164, 43, 81), (29, 82, 120), (5, 121, 159), (3, 160, 198), (1, 199, 237)),
    ),
    Column("002_wikilingua_500", MESSAGES, 1000, 2, 2, 2.0, 2, 2, 2, ((500, 2, 2),)),
    Column("003_images_90", INPUT, 24300, 270, 270, 270.0, 270, 270, 270, ((90, 270, 270),)),
    Column(
        "003_images_90", OUTPUT, 6453, 25, 128, 71.7, 71, 38, 109,
        ((7, 25, 42), (18, 43, 59), (33, 60, 76), (22, 77, 94), (8, 95, 111), (2, 112, 128)),
    ),
    Column("003_images_90", MESSAGES, 180, 2, 2, 2.0, 2, 2, 2, ((90, 2, 2),)),
]  # fmt: skip
CONSTANT = [column for column in COLUMNS if column.min == column.max]
every_column = pytest.mark.parametrize("column", COLUMNS, ids=lambda column: f"{column.job[:3]}-{column.key}")

integers = st.lists(st.integers(-3, 12) | st.integers(0, 140_000), max_size=40)
# Halves and thirds are not exact in binary or not exact in sums; 0, 1, 0.0 and 1.0 are the scores of real files.
scores = st.lists(st.sampled_from([0, 1, 0.0, 1.0, 0.25, 0.1, 1 / 3]) | st.floats(-1e6, 1e6), max_size=40)
numbers = integers | scores
law = settings(deadline=None, max_examples=150)


def merged(*parts: Distribution) -> Distribution:
    total = Distribution()
    for part in parts:
        total.merge(part)
    return total


def rows(distribution: Distribution) -> list[tuple[float, ...]]:
    return [(bucket.count, bucket.left, bucket.right) for bucket in distribution.buckets()]


def everything(distribution: Distribution) -> tuple[Any, ...]:
    return (
        distribution.count,
        distribution.sum,
        distribution.is_integral,
        distribution.min,
        distribution.max,
        distribution.mean,
        distribution.median,
        [distribution.percentile(percent) for percent in (0, 1, 5, 50, 95, 99)],
        distribution.buckets(),
    )


def slow_integer_buckets(values: Sequence[int]) -> list[tuple[float, ...]]:
    """Return (count, left, right) by the definition: exact fractions, every value looked at."""
    low, high = min(values), max(values)
    width = Fraction(high - low + 1, 6)
    found: list[tuple[float, ...]] = []
    for index in range(6):
        left, right = ceil(low + index * width), ceil(low + (index + 1) * width) - 1
        count = sum(left <= value <= right for value in values)
        if count:
            found.append((count, left, right))
    return found


def like(column: Column) -> list[int]:
    """Return values that have the minimum, maximum and bucket counts of a job."""
    values = [left for count, left, _ in column.buckets for _ in range(count)]
    values[-1] = column.max
    return values


@every_column
def test_the_table_is_what_the_job_said(shared: Path, column: Column) -> None:
    path = shared / f"reference/service-outputs/{column.job}.job.json"
    stats = json.loads(path.read_text(encoding="utf-8"))["tuningDataStats"]
    said = stats.get("supervisedTuningDataStats", stats)[column.key]
    buckets = tuple((bucket["count"], bucket["left"], bucket["right"]) for bucket in said["buckets"])
    assert (int(said["sum"]), *(said[name] for name in Column._fields[3:-1]), buckets) == column[2:]


@every_column
def test_ranges_are_those_of_the_job(column: Column) -> None:
    all_ranges = [row[1:] for row in rows(Distribution(range(column.min, column.max + 1)))]
    shown = [(left, right) for _, left, right in column.buckets]
    assert [edges for edges in all_ranges if edges in shown] == shown
    assert len(all_ranges) == min(6, column.max - column.min + 1)


@every_column
def test_buckets_are_those_of_the_job(column: Column) -> None:
    assert rows(Distribution(like(column))) == list(column.buckets)


@every_column
def test_percentiles_fall_into_the_buckets_of_the_job(column: Column) -> None:
    ours = Distribution(like(column))
    for theirs, value in (
        (column.p5, ours.percentile(5)),
        (column.p95, ours.percentile(95)),
        (column.median, ours.median),
    ):
        assert [left <= theirs <= right for _, left, right in column.buckets] == [
            left <= value <= right for _, left, right in column.buckets
        ]


@every_column
def test_mean_is_that_of_the_job(column: Column) -> None:
    values = [column.sum // column.examples] * column.examples
    values[0] += column.sum % column.examples
    assert Distribution(values).mean == column.mean


@pytest.mark.parametrize("column", CONSTANT, ids=lambda column: f"{column.job[:3]}-{column.key}")
def test_constant_quantities_are_reproduced(column: Column) -> None:
    ours = Distribution([column.min] * column.examples)
    assert (ours.sum, ours.min, ours.max, ours.mean, ours.median) == column[2:7]
    assert (ours.percentile(5), ours.percentile(95), tuple(rows(ours))) == column[7:]


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ([7], [(1, 7, 7)]),
        ([7, 7], [(2, 7, 7)]),
        ([0, 1], [(1, 0, 0), (1, 1, 1)]),
        ([0, 2], [(1, 0, 0), (1, 2, 2)]),
        ([0, 5], [(1, 0, 0), (1, 5, 5)]),
        ([0, 6], [(1, 0, 1), (1, 6, 6)]),
        ([0, 1, 2, 3, 4, 5, 6], [(2, 0, 1), (1, 2, 2), (1, 3, 3), (1, 4, 4), (1, 5, 5), (1, 6, 6)]),
        ([-3, 3], [(1, -3, -2), (1, 3, 3)]),
        ([1.0, 3.0], [(1, 1, 1), (1, 3, 3)]),
        ([0.5], [(1, 0.5, 0.5)]),
        ([0.0, 0.25, 0.75, 1.5], [(1, 0, 0.25), (1, 0.25, 0.5), (1, 0.75, 1.0), (1, 1.25, 1.5)]),
        ([], []),
    ],
    ids=str,
)  # fmt: skip
def test_buckets_by_hand(values: list[float], expected: list[tuple[float, ...]]) -> None:
    assert rows(Distribution(values)) == expected


@pytest.mark.parametrize(
    ("values", "median", "p5", "p95"),
    [
        ([4], 4, 4, 4),
        ([1, 2], 1, 1, 2),
        ([414, 415], 414, 414, 415),
        ([-1, 0], -1, -1, 0),
        (range(100), 49, 5, 95),
        (range(1, 21), 10, 2, 20),
        (range(1, 20), 10, 1, 19),
        ([0.5, 1], 0.75, 0.5, 1),
        ([1.0, 2.0], 1, 1, 2),
        ([0, 1, 0.5], 0.5, 0, 1),
    ],
    ids=str,
)
def test_percentiles_by_hand(values: Sequence[float], median: float, p5: float, p95: float) -> None:
    ours = Distribution(values)
    assert (ours.median, ours.percentile(5), ours.percentile(95)) == (median, p5, p95)


@pytest.mark.parametrize(
    "ask",
    [attrgetter(name) for name in ("min", "max", "mean", "median")] + [methodcaller("percentile", 5)],
    ids=str,
)
def test_no_values_have_no_statistic(ask: Callable[[Distribution], float]) -> None:
    with pytest.raises(EmptyDistributionError):
        ask(Distribution())


def test_no_values_still_have_a_count() -> None:
    assert (Distribution().count, Distribution().sum, Distribution().buckets()) == (0, 0, [])


@law
@given(integers.filter(bool), st.integers(0, 99))
def test_integers_against_the_expanded_list(values: list[int], percent: int) -> None:
    ours, ranked = Distribution(values), sorted(values)
    assert (ours.count, ours.sum, ours.min, ours.max) == (len(values), sum(values), ranked[0], ranked[-1])
    assert ours.mean == float(Fraction(sum(values), len(values)))
    assert ours.percentile(percent) == ranked[floor(Fraction(percent, 100) * len(values))]
    below, above = ranked[(len(values) - 1) // 2], ranked[len(values) // 2]
    assert ours.median == floor(Fraction(below + above, 2))
    assert rows(ours) == slow_integer_buckets(values)


@law
@given(scores.filter(bool), st.integers(0, 99))
def test_floats_against_the_expanded_list(values: list[float], percent: int) -> None:
    ours, ranked = Distribution(values), sorted(values)
    exact = sum(map(Fraction, values), Fraction(0))
    # A few roundings of the largest partial result; the last term is for numbers with fewer bits than usual.
    allowed = sum((abs(Fraction(value)) for value in values), Fraction(1, 2**1000)) / 2**51
    assert (ours.count, ours.min, ours.max) == (len(values), ranked[0], ranked[-1])
    assert abs(Fraction(ours.sum) - exact) <= allowed
    assert abs(Fraction(ours.mean) - exact / len(values)) <= allowed
    assert ours.percentile(percent) == ranked[floor(Fraction(percent, 100) * len(values))]
    middle = (ranked[(len(values) - 1) // 2] + ranked[len(values) // 2]) / 2
    assert ours.median == (floor(middle) if all(value == int(value) for value in values) else middle)


@law
@given(numbers.filter(bool))
def test_buckets_cover_the_values_and_do_not_overlap(values: list[float]) -> None:
    ours = Distribution(values)
    buckets = ours.buckets()
    last = buckets[-1]
    assert sum(bucket.count for bucket in buckets) == len(values)
    assert 1 <= len(buckets) <= 6
    assert (buckets[0].left, last.right) == (min(values), max(values))
    for bucket, after in zip(buckets, buckets[1:], strict=False):
        assert bucket.right < after.left if ours.is_integral else bucket.right <= after.left
    for bucket in buckets:
        closed = ours.is_integral or bucket is last
        held = [
            value
            for value in values
            if bucket.left <= value and (value <= bucket.right if closed else value < bucket.right)
        ]
        assert bucket == Bucket(len(held), bucket.left, bucket.right)


@law
@given(numbers, numbers, numbers)
def test_merging_is_the_same_as_one_pass(a: list[float], b: list[float], c: list[float]) -> None:
    one, two, three = Distribution(a), Distribution(b), Distribution(c)
    whole = Distribution(a + b + c)
    orders = [
        merged(one, two, three),
        merged(merged(one, two), three),
        merged(one, merged(two, three)),
        merged(three, one, two),
    ]
    assert orders == [whole] * len(orders)
    if whole.count:
        assert [everything(order) for order in orders] == [everything(whole)] * len(orders)
    assert (one, two, three) == (Distribution(a), Distribution(b), Distribution(c))


@law
@given(numbers.filter(bool), st.randoms(use_true_random=False))
def test_order_is_irrelevant(values: list[float], random: Any) -> None:
    shuffled = random.sample(values, len(values))
    added = Distribution()
    for value in shuffled:
        added.add([value])
    assert added == Distribution(values)
    assert everything(added) == everything(Distribution(values))


@given(numbers)
def test_a_pickled_distribution_is_the_same(values: list[float]) -> None:
    assert pickle.loads(pickle.dumps(Distribution(values))) == Distribution(values)  # noqa: S301  it is our own


def test_a_distribution_is_no_other_thing() -> None:
    assert Distribution([1]) != [1]
    assert Distribution([1]) != Distribution([1, 1])
    assert repr(Distribution([2, 1, 2])) == "Distribution({1: 1, 2: 2})"
