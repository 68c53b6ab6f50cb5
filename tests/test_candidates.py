"""Keys that stand twice are found, by a dict and by numpy alike."""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tunestats import candidates, row_store
from tunestats.candidates import KEY_ROW_BYTES, Candidates, key_rows, repeated_keys
from tunestats.fingerprints import NO_KEY
from tunestats.row_store import RowStore, ShardKey

Find = Callable[[RowStore, Sequence[ShardKey]], Iterator[tuple[ShardKey, Sequence[int]]]]
VARIANTS: dict[str, Find] = {"few": candidates._few, "many": candidates._many}
SHARDS = [(0, 0), (0, 7), (1, 0)]
# All bits are used; the smallest and the largest are next to each other in no order.
KEYS = st.sampled_from([NO_KEY, 1, 2, 1 << 63, (1 << 64) - 1, (1 << 64) - 2])


def stored(keys: Sequence[Sequence[int]]) -> RowStore:
    store = RowStore(KEY_ROW_BYTES)
    for shard, own in zip(SHARDS, keys, strict=True):
        if own:
            store.add(shard, key_rows(own, range(len(own))))
    return store


@pytest.mark.parametrize("find", VARIANTS.values(), ids=VARIANTS)
@settings(deadline=None)
@given(st.tuples(*[st.lists(KEYS, max_size=6)] * 3), st.integers(1, 3))
def test_repeated_keys(find: Find, keys: tuple[list[int], ...], many: int) -> None:
    store = stored(keys)
    if not store.shards():
        return
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(candidates, "MANY", many)
        patch.setattr(row_store, "CHUNK_BYTES", 2 * KEY_ROW_BYTES)
        found = {shard: list(indices) for shard, indices in find(store, store.shards())}
    counts = Counter(key for own in keys for key in own)
    assert found == {
        shard: [index for index, key in enumerate(own) if key != NO_KEY and counts[key] > 1]
        for shard, own in zip(SHARDS, keys, strict=True)
        if own
    }


@pytest.mark.parametrize("count", [0, 1, candidates.FEW, candidates.FEW + 1])
def test_number_of_examples_changes_nothing(count: int) -> None:
    store = stored([range(1, count + 1), [1, NO_KEY], []])
    found = repeated_keys(store, store.shards())
    assert {shard: list(indices) for shard, indices in found.items()} == (
        {(0, 0): [0], (0, 7): [0]} if count else {}
    )


def test_examples_are_numbered_over_shards() -> None:
    store = stored([[1, 2, 3], [4, 1], [3, 3]])
    found = Candidates(repeated_keys(store, SHARDS))
    placed = list(zip(SHARDS, (0, 3, 5), strict=True))
    assert list(found.examples(placed)) == [0, 2, 4, 5, 6]
    assert list(found.examples([(SHARDS[2], 0), (SHARDS[0], 2)])) == [0, 1, 2, 4]
