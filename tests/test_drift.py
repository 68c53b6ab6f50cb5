"""Drift is what comparing all values one by one shows; p-values are those of published tables."""

from bisect import bisect_right
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tunestats import drift
from tunestats.distribution import Distribution
from tunestats.drift import Drift, drift_of
from tunestats.errors import EmptyDistributionError

whole = st.lists(st.integers(0, 50) | st.integers(0, 10**7), min_size=1, max_size=40)
real = st.lists(st.floats(-1e150, 1e150), min_size=1, max_size=40)
values = whole | st.lists(st.floats(-2, 2) | st.integers(0, 1), min_size=1, max_size=40)


def of(training: list[float], validation: list[float]) -> Drift:
    return drift_of("input_tokens", Distribution(training), Distribution(validation))


@given(values, values)
def test_distance_is_the_largest_of_all_differences(one: list[float], other: list[float]) -> None:
    first, second = sorted(one), sorted(other)
    differences = [
        abs(
            Fraction(bisect_right(first, value), len(one)) - Fraction(bisect_right(second, value), len(other))
        )
        for value in one + other
    ]
    made = of(one, other)
    assert made.statistic == float(max(differences)) == of(other, one).statistic
    assert 0 <= made.p_value <= 1
    assert of(one, one).statistic == 0
    assert of(one, one).p_value == 1


@given(whole | real, whole | real)
def test_every_value_is_in_one_bin(one: list[float], other: list[float]) -> None:
    made = of(one, other)
    assert sum(item.training for item in made.bins) == len(one)
    assert sum(item.validation for item in made.bins) == len(other)
    assert len(made.bins) <= 7
    assert (made.bins[0].left, made.bins[-1].right) == (min(one + other), max(one + other))
    is_whole = all(value == int(value) for value in one + other)
    for number, item in enumerate(made.bins):
        # The first bin has its left end, others of numbers that are not integers have not.
        included = is_whole or not number
        inside = [
            [item.left < value <= item.right or (included and value == item.left) for value in side]
            for side in (one, other)
        ]
        assert [sum(side) for side in inside] == [item.training, item.validation]
        assert not number or item.left == made.bins[number - 1].right + is_whole


def test_a_few_huge_values_have_a_bin_of_their_own() -> None:
    made = of([*range(100), 10**6], [*range(40), 5])
    assert [(item.left, item.right, item.training, item.validation) for item in made.bins] == [
        (0, 15, 16, 17),
        (16, 31, 16, 16),
        (32, 47, 16, 8),
        (48, 63, 16, 0),
        (64, 79, 16, 0),
        (80, 95, 16, 0),
        (96, 10**6, 5, 0),
    ]


def test_summary() -> None:
    made = of([1, 2, 3, 4], [5])
    summary = made.training
    assert (summary.count, summary.mean, summary.min, summary.max) == (4, 2.5, 1, 4)
    assert (summary.p5, summary.median, summary.p95) == (1, 2, 4)
    assert (made.statistic, made.validation.count) == (1, 1)


# Critical values of Kolmogorov's distribution as statistics books print them, and its upper tail at other places.
@pytest.mark.parametrize(
    ("x", "chance"),
    [
        (1.0728, 0.2), (1.2238, 0.1), (1.3581, 0.05), (1.4802, 0.025), (1.6276, 0.01), (1.7308, 0.005),
        (1.9495, 0.001), (0.8276, 0.5), (0.5, 0.9639), (0.3, 1), (1, 0.27), (2, 0.00067), (0, 1), (9, 0),
    ],
)  # fmt: skip
def test_p_value_is_that_of_the_tables(x: float, chance: float) -> None:
    assert drift._chance_beyond(x) == pytest.approx(chance, abs=6e-5)


def test_both_series_agree_where_they_meet(monkeypatch: pytest.MonkeyPatch) -> None:
    for x in (0.9, 1.0, 1.2, 1.5):
        monkeypatch.setattr(drift, "SERIES_MEET", 0)
        one = drift._chance_beyond(x)
        monkeypatch.setattr(drift, "SERIES_MEET", 9)
        assert drift._chance_beyond(x) == pytest.approx(one, abs=1e-9)


def test_p_value_of_two_samples() -> None:
    # D is 0.5 of 30 and 20 values: 0.5 * sqrt(12) = 1.732.
    made = of([*range(30)], [*range(15, 35)])
    assert made.statistic == 0.5
    assert made.p_value == pytest.approx(0.00496, abs=1e-5)


@pytest.mark.parametrize(("one", "other"), [([], [1]), ([1], []), ([], [])], ids=["first", "second", "both"])
def test_nothing_cannot_be_compared(one: list[float], other: list[float]) -> None:
    with pytest.raises(EmptyDistributionError):
        of(one, other)
