"""What is put into a store comes back, whether it is held or written down."""

import pickle
from itertools import chain

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tunestats import row_store
from tunestats.row_store import RowStore

WIDTH = 5
NOTHING = bytes(WIDTH)
PIECES = st.lists(
    st.tuples(
        st.tuples(st.integers(0, 1), st.integers(0, 2)),
        st.lists(st.binary(min_size=WIDTH, max_size=WIDTH), min_size=1, max_size=4),
    ),
    max_size=8,
)


@settings(deadline=None)
@given(PIECES, st.integers(0, 60), st.integers(1, 3), st.data())
def test_what_is_added_comes_back(
    pieces: list[tuple[tuple[int, int], list[bytes]]], held_bytes: int, chunk_rows: int, data: st.DataObject
) -> None:
    expected: dict[tuple[int, int], list[bytes]] = {}
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(row_store, "HELD_BYTES", held_bytes)
        patch.setattr(row_store, "CHUNK_BYTES", chunk_rows * WIDTH + 1)
        store = RowStore(WIDTH)
        for shard, rows in pieces:
            store.add(shard, b"".join(rows))
            expected.setdefault(shard, []).extend(rows)
        for shard, rows in expected.items():
            for index in data.draw(st.sets(st.integers(0, len(rows) - 1))):
                store.clear(shard, index)
                rows[index] = NOTHING
        merged = RowStore(WIDTH)
        merged.merge(pickle.loads(pickle.dumps(store)))  # noqa: S301  our own
        for holder in (store, merged):
            assert holder.shards() == sorted(expected)
            assert holder.count(holder.shards()) == len(list(chain(*expected.values())))
            for shard, rows in expected.items():
                assert b"".join(holder.rows(shard)) == b"".join(rows)
                chosen = sorted(data.draw(st.sets(st.integers(0, len(rows) - 1))))
                assert b"".join(holder.chosen(shard, chosen)) == b"".join(rows[index] for index in chosen)


def test_what_is_much_is_written_down(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(row_store, "HELD_BYTES", 10 * WIDTH)
    store = RowStore(WIDTH)
    for _ in range(100):
        store.add((0, 0), b"abcde")
        assert store._held_bytes <= 10 * WIDTH
    assert b"".join(store.rows((0, 0))) == b"abcde" * 100
