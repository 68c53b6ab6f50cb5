"""Equal digests are found, by a dict and by numpy alike."""

from collections.abc import Callable, Iterator
from hashlib import sha1

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tunestats import duplicates
from tunestats.duplicates import DIGEST_BYTES, NO_DIGEST, digest, digests, find_duplicates

Find = Callable[[bytes | bytearray], Iterator[tuple[int, int]]]
VARIANTS: dict[str, Find] = {"few": duplicates._few, "many": duplicates._many}
every_variant = pytest.mark.parametrize("find", VARIANTS.values(), ids=VARIANTS)

A, B, C = (digest(letter) for letter in (b"a", b"b", b"c"))
# Digests that agree in one of the two halves by which numpy sorts, or look like none at all but for one bit.
NEAR = [A[:8] + B[8:], B[:8] + A[8:], A[:15] + b"\0", bytes(15) + b"\1", b"\1" + bytes(15), bytes([255] * 16)]
held = st.lists(
    st.sampled_from([A, B, C, NO_DIGEST, *NEAR]) | st.binary(min_size=16, max_size=16), max_size=40
)


def oracle(keys: list[bytes]) -> list[tuple[int, int]]:
    """Return every key that stands earlier already, by looking at all of them."""
    return [
        (index, keys.index(key))
        for index, key in enumerate(keys)
        if key != NO_DIGEST and keys.index(key) < index
    ]


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
        ([NO_DIGEST, NO_DIGEST, NO_DIGEST], []),
        ([NO_DIGEST, A, NO_DIGEST, A], [(3, 1)]),
        ([NEAR[0], A, NEAR[1], B], []),
    ],
    ids=["one", "different", "pair", "three", "crossed", "mixed", "none", "none between", "halves"],
)
def test_found(find: Find, keys: list[bytes], expected: list[tuple[int, int]]) -> None:
    assert list(find(b"".join(keys))) == expected


@every_variant
@settings(deadline=None)
@given(held.filter(bool))
def test_found_are_those_of_the_oracle(find: Find, keys: list[bytes]) -> None:
    assert list(find(b"".join(keys))) == oracle(keys)
    assert list(find(bytearray().join(keys))) == oracle(keys)


@pytest.mark.parametrize("count", [0, duplicates.FEW, duplicates.FEW + 1, 2 * duplicates.FEW])
def test_number_of_digests_changes_nothing(count: int) -> None:
    keys = [digest(b"%d" % (index % (count - 7))) for index in range(count)] if count else []
    assert list(find_duplicates(b"".join(keys))) == [
        (count - 7 + index, index) for index in range(min(count, 7))
    ]


@pytest.mark.parametrize(
    "lines", [[], [b""], [b"a", b"", b"a\r"]], ids=["no line", "empty line", "three lines"]
)
def test_digests_are_the_beginnings_of_sha1(lines: list[bytes]) -> None:
    expected = [sha1(line, usedforsecurity=False).digest()[:DIGEST_BYTES] for line in lines]
    assert [digest(line) for line in lines] == expected
    assert digests(lines) == b"".join(expected)


def test_no_line_is_taken_for_a_dropped_one() -> None:
    assert NO_DIGEST not in {digest(b""), digest(b"\0"), digest(NO_DIGEST)}
    assert len(NO_DIGEST) == len(digest(b"")) == DIGEST_BYTES
