"""Equal digests are found, by a dict and by numpy alike."""

from array import array
from collections.abc import Callable, Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tunestats import duplicates
from tunestats.duplicates import Repeat, Repeats, find_repeats
from tunestats.fingerprints import (
    DIGEST_BYTES,
    EXAMPLE,
    FINGERPRINT_BYTES,
    LINE,
    NO_FINGERPRINT,
    PAIR,
    PROMPT,
)

Find = Callable[..., tuple[bytes | bytearray, "array[int]"]]
Found = dict[Repeat, list[tuple[int, int]]]
VARIANTS: dict[str, Find] = {"few": duplicates._few, "many": duplicates._many}
every_variant = pytest.mark.parametrize("find", VARIANTS.values(), ids=VARIANTS)

SFT, PREFERENCE = (LINE, EXAMPLE, PROMPT), (LINE, EXAMPLE, PAIR)
NONE = bytes(DIGEST_BYTES)
A, B, C = (bytes([letter]) * DIGEST_BYTES for letter in b"abc")
# Digests that agree in one of the two halves by which numpy sorts, or look like none at all but for one bit.
NEAR = [
    A[:8] + B[8:],
    B[:8] + A[8:],
    A[:15] + b"\0",
    A[:15] + b"\2",
    bytes(15) + b"\1",
    b"\1" + bytes(15),
    bytes([255] * 16),
]
digests = st.sampled_from([A, B, C, *NEAR])
rows = st.builds(lambda *row: b"".join(row), digests, digests, digests) | st.just(NO_FINGERPRINT)


def found(repeats: Repeats) -> Found:
    result = {kind: list(repeats.first(kind, None)) for kind in Repeat}
    assert {kind: repeats.count(kind) for kind in Repeat} == {
        kind: len(pairs) for kind, pairs in result.items()
    }
    return result


def oracle(held: Sequence[bytes], keys: Sequence[slice], split: int | None) -> Found:
    """Return what repeats what, by looking at all that stands before, or in the other source."""
    result: Found = {kind: [] for kind in Repeat}
    for index, row in enumerate(held):
        others = range(index)
        if split is not None:
            others = range(split, len(held)) if index < split else range(split)
        for kind, key in zip(Repeat, keys, strict=True):
            same = [number for number in others if held[number][key] == row[key]]
            if same and any(row[key]):
                result[kind].append((index, same[0]))
                break
    return result


@every_variant
@pytest.mark.parametrize(
    ("keys", "expected"),
    [
        ([A], []),
        ([A, B, C], []),
        ([A, A], [(1, 0)]),
        ([A, A, A], [(1, 0), (2, 0)]),
        ([A, B, B, A], [(2, 1), (3, 0)]),
        ([B, A, C, A, B, B], [(3, 1), (4, 0), (5, 0)]),
        ([NONE, NONE, NONE], []),
        ([NONE, A, NONE, A], [(3, 1)]),
        ([NEAR[0], A, NEAR[1], B], []),
    ],
    ids=["one", "different", "pair", "three", "crossed", "mixed", "none", "none between", "halves"],
)
@pytest.mark.parametrize("column", range(3))
def test_one_column(find: Find, keys: list[bytes], expected: list[tuple[int, int]], column: int) -> None:
    held = [NONE * column + key + NONE * (2 - column) for key in keys]
    result = found(Repeats(range(len(held)), *find(lambda: held, len(held), SFT, None)))
    assert result.pop(list(Repeat)[column]) == expected
    assert not any(result.values())


@every_variant
@settings(deadline=None)
@given(
    st.lists(rows, min_size=1, max_size=30),
    st.sampled_from([SFT, PREFERENCE]),
    st.none() | st.integers(0, 30),
    st.integers(1, 3),
)
def test_found_is_what_the_oracle_finds(
    find: Find, held: list[bytes], keys: Sequence[slice], split: int | None, many: int
) -> None:
    with pytest.MonkeyPatch.context() as patch:
        # As many parts as there are digests, or nearly.
        patch.setattr(duplicates, "MANY", many)
        result = find(lambda: [b"".join(held[:5]), *held[5:]], len(held), keys, split)
    assert found(Repeats(range(len(held)), *result)) == oracle(held, keys, split)


@every_variant
def test_two_sources(find: Find) -> None:
    held = [NONE * 2 + key for key in (A, B, A, NEAR[0], C, B, A, A)]
    result = Repeats(range(len(held)), *find(lambda: held, len(held), SFT, 4))
    assert list(result.first(Repeat.PROMPT, None)) == [(0, 6), (1, 5), (2, 6), (5, 1), (6, 0), (7, 0)]
    assert list(result.first(Repeat.PROMPT, 2, 4)) == [(5, 1), (6, 0)]
    assert (result.count(Repeat.PROMPT, 0, 4), result.count(Repeat.PROMPT, 4)) == (3, 3)


@pytest.mark.parametrize("count", [0, duplicates.FEW, duplicates.FEW + 1, 2 * duplicates.FEW])
def test_number_of_examples_changes_nothing(count: int) -> None:
    held = (
        [(index % (count - 7)).to_bytes(FINGERPRINT_BYTES) for index in range(1, count + 1)] if count else []
    )
    expected = [(count - 7 + index, index) for index in range(min(count, 7))]
    repeats = find_repeats(lambda: held, range(count))
    assert list(repeats.first(Repeat.PROMPT, None)) == [
        pair for pair in expected if held[pair[0]] != NO_FINGERPRINT
    ]
    assert list(repeats.first(Repeat.PROMPT, 3)) == list(repeats.first(Repeat.PROMPT, None))[:3]


def test_only_some_examples_are_compared() -> None:
    held = [NONE * 2 + key for key in (A, B, A, C, B, A)]
    examples = [3, 10, 11, 20, 21, 30]
    alone = find_repeats(lambda: held, examples)
    assert list(alone.first(Repeat.PROMPT, None)) == [(11, 3), (21, 10), (30, 3)]
    assert list(alone.first(Repeat.PROMPT, 1, 12)) == [(21, 10)]
    assert [alone.count(Repeat.PROMPT, start, 30) for start in (0, 11, 12, 30)] == [2, 2, 1, 0]
    across = find_repeats(lambda: held, examples, split=15)
    assert list(across.first(Repeat.PROMPT, None)) == [(3, 30), (10, 21), (11, 30), (21, 10), (30, 3)]
