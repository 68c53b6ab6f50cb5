"""Equal digests are found, by a dict and by numpy alike, whether they are held or written down."""

import pickle
from collections.abc import Callable, Iterable, Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tunestats import duplicates
from tunestats.duplicates import Fingerprints, Repeat, Repeats, find_repeats
from tunestats.fingerprints import (
    DIGEST_BYTES,
    EXAMPLE,
    FINGERPRINT_BYTES,
    LINE,
    NO_FINGERPRINT,
    PAIR,
    PROMPT,
)

Find = Callable[[Callable[[], Iterable[bytes]], int, Sequence[slice], int | None], Repeats]
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
    result = found(find(lambda: held, len(held), SFT, None))
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
    assert found(result) == oracle(held, keys, split)


@every_variant
def test_two_sources(find: Find) -> None:
    held = [NONE * 2 + key for key in (A, B, A, NEAR[0], C, B, A, A)]
    result = find(lambda: held, len(held), SFT, 4)
    assert list(result.first(Repeat.PROMPT, None)) == [(0, 6), (1, 5), (2, 6), (5, 1), (6, 0), (7, 0)]
    assert list(result.first(Repeat.PROMPT, 2, 4)) == [(5, 1), (6, 0)]
    assert (result.count(Repeat.PROMPT, 0, 4), result.count(Repeat.PROMPT, 4)) == (3, 3)


@pytest.mark.parametrize("count", [0, duplicates.FEW, duplicates.FEW + 1, 2 * duplicates.FEW])
def test_number_of_examples_changes_nothing(count: int) -> None:
    held = (
        [(index % (count - 7)).to_bytes(FINGERPRINT_BYTES) for index in range(1, count + 1)] if count else []
    )
    expected = [(count - 7 + index, index) for index in range(min(count, 7))]
    repeats = find_repeats(lambda: held, count)
    assert list(repeats.first(Repeat.PROMPT, None)) == [
        pair for pair in expected if held[pair[0]] != NO_FINGERPRINT
    ]
    assert list(repeats.first(Repeat.PROMPT, 3)) == list(repeats.first(Repeat.PROMPT, None))[:3]


PIECES = st.lists(
    st.tuples(st.tuples(st.integers(0, 1), st.integers(0, 2)), st.lists(rows, min_size=1, max_size=4)),
    max_size=8,
)


@settings(deadline=None)
@given(PIECES, st.integers(0, 300), st.integers(1, 3), st.data())
def test_what_is_held_comes_back(
    pieces: list[tuple[tuple[int, int], list[bytes]]], held_bytes: int, chunk_rows: int, data: st.DataObject
) -> None:
    expected: dict[tuple[int, int], list[bytes]] = {}
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(duplicates, "HELD_BYTES", held_bytes)
        patch.setattr(duplicates, "CHUNK_ROWS", chunk_rows)
        store = Fingerprints()
        for shard, piece in pieces:
            store.add(shard, b"".join(piece))
            expected.setdefault(shard, []).extend(piece)
        for shard, held in expected.items():
            for index in data.draw(st.sets(st.integers(0, max(0, len(held) - 1)), max_size=len(held))):
                store.forget(shard, index + 1)
                held[index] = NO_FINGERPRINT
        merged = Fingerprints()
        merged.merge(pickle.loads(pickle.dumps(store)))  # noqa: S301  our own
        for holder in (store, merged):
            assert holder.shards() == sorted(expected)
            for shard, held in expected.items():
                assert b"".join(holder.rows([shard])) == b"".join(held)
            assert b"".join(holder.rows(sorted(expected))) == b"".join(
                row for shard in sorted(expected) for row in expected[shard]
            )


def test_what_is_much_is_written_down(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(duplicates, "HELD_BYTES", 10 * FINGERPRINT_BYTES)
    store = Fingerprints()
    for _ in range(100):
        store.add((0, 0), A + B + C)
        assert store._held_bytes <= 10 * FINGERPRINT_BYTES
    assert b"".join(store.rows([(0, 0)])) == (A + B + C) * 100
