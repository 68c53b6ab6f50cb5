"""Only the smallest are kept, whatever comes in whatever order."""

import pickle

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tunestats.smallest import Smallest

items = st.lists(st.integers(-20, 20), max_size=120)
limits = st.integers(0, 6)


def of(values: list[int], limit: int) -> Smallest[int]:
    kept: Smallest[int] = Smallest(limit)
    kept.extend(values)
    return kept


@pytest.mark.parametrize(
    ("limit", "values", "expected"),
    [
        (2, [], []),
        (2, [5], [5]),
        (2, [5, 3, 9, 1], [1, 3]),
        (2, [1, 1, 1], [1, 1]),
        (1, list(range(100, 0, -1)), [1]),
        (0, [3, 1, 2], [1, 2, 3]),
    ],
    ids=["none", "one", "some", "equal ones", "falling", "no limit"],
)
def test_kept(limit: int, values: list[int], expected: list[int]) -> None:
    kept = of(values, limit)
    assert list(kept) == list(kept) == expected
    assert len(kept) == len(expected)


@given(items, limits)
def test_kept_are_the_first_of_all_sorted(values: list[int], limit: int) -> None:
    assert list(of(values, limit)) == sorted(values)[: limit or None]


@given(items, items, items, limits)
def test_merging_is_the_same_as_one_pass(a: list[int], b: list[int], c: list[int], limit: int) -> None:
    left, right = of(a, limit), of(c, limit)
    left.extend(of(b, limit))
    left.extend(of(c, limit))
    right.extend(of(b, limit))
    right.extend(of(a, limit))
    assert left == right == of(a + b + c, limit)


@given(items, items, limits)
def test_looking_changes_nothing(before: list[int], after: list[int], limit: int) -> None:
    looked_at = of(before, limit)
    list(looked_at)
    looked_at.extend(after)
    assert looked_at == of(before + after, limit)


@pytest.mark.parametrize("limit", [1, 3, 100])
def test_memory_does_not_grow(limit: int) -> None:
    kept: Smallest[int] = Smallest(limit)
    most = 0
    for value in range(2000, 0, -1):
        kept.add(value)
        most = max(most, len(kept._items))
    assert most <= 2 * limit + 17


def test_equal_and_pickled() -> None:
    kept = of([3, 1, 2], 2)
    assert pickle.loads(pickle.dumps(kept)) == kept  # noqa: S301  it is our own
    assert kept != of([3, 1], 2)
    assert kept != [1, 2]
