"""Find the examples that may say the same as others.

In: the key and the place of every example.
Out: ``Candidates``: those whose key another one has too, which alone are worth a fingerprint.
Not here: what keys and fingerprints are made of (``fingerprints``), reading lines again (``engines``), which
candidates say the same in fact (``duplicates``).

A row is a key, ``NO_KEY`` for an example that is not compared, and the offset of the line, from 0, in the content: 16 bytes an
example are kept until all are known, and 4 bytes a candidate then.
"""

from array import array
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain
from typing import TYPE_CHECKING

from tunestats.fingerprints import FINGERPRINT_BYTES, NO_KEY
from tunestats.row_store import RowStore, ShardKey

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

__all__ = ["KEY_ROW_BYTES", "Candidates", "key_rows", "repeated_keys"]

KEY_ROW_BYTES = 16
# Below this a dict is as quick, and numpy need not be imported.
FEW = 20_000
# About this many keys are compared at a time.
MANY = 1 << 21
# Which examples of each shard, from 0 and ascending.
Indices = dict[ShardKey, "array[int]"]


class Candidates:
    """The examples whose key is not the only one of its kind, and the fingerprint of each.

    Args:
        indices: Which of the examples of each shard they are, from 0.
    """

    def __init__(self, indices: Indices) -> None:
        self.indices = indices
        self.fingerprints = RowStore(FINGERPRINT_BYTES)

    def examples(self, placed: Iterable[tuple[ShardKey, int]]) -> "array[int]":
        """Return the indices of the candidates of shards, each with how many examples stand before it."""
        found: array[int] = array("I")
        for shard, before in placed:
            found.extend(before + index for index in self.indices.get(shard, ()))
        return found

    def rows(self, shards: Iterable[ShardKey]) -> Iterator[bytes]:
        """Yield the fingerprints of the candidates of some shards, many at a time."""
        for shard in shards:
            yield from self.fingerprints.rows(shard)


def key_rows(keys: Sequence[int], offsets: Sequence[int]) -> bytes:
    """Return rows of keys and offsets."""
    rows = array("Q", bytes(KEY_ROW_BYTES * len(keys)))
    rows[::2], rows[1::2] = array("Q", keys), array("Q", offsets)
    return rows.tobytes()


def repeated_keys(keys: RowStore, shards: Sequence[ShardKey]) -> Indices:
    """Return which examples of some shards have a key in common with another one; none of shards without any."""
    repeated = _few(keys, shards) if keys.count(shards) <= FEW else _many(keys, shards)
    return {shard: indices for shard, indices in repeated if indices}


def _few(keys: RowStore, shards: Sequence[ShardKey]) -> Iterator[tuple[ShardKey, "array[int]"]]:
    held = [array("Q", b"".join(keys.rows(shard)))[::2] for shard in shards]
    counts = Counter(chain.from_iterable(held))
    del counts[NO_KEY]
    for shard, own in zip(shards, held, strict=True):
        yield shard, array("I", [index for index, key in enumerate(own) if counts[key] > 1])


def _many(keys: RowStore, shards: Sequence[ShardKey]) -> Iterator[tuple[ShardKey, "array[int]"]]:
    import numpy as np  # a tenth of a second that small files should not pay

    parts = -(-keys.count(shards) // MANY)
    repeated = np.concatenate([_repeated(keys, shards, part, parts) for part in range(parts)])
    repeated.sort()
    for shard in shards:
        indices: array[int] = array("I")
        first = 0
        for chunk in keys.rows(shard):
            own = _column(chunk)
            chosen = np.flatnonzero(_among(own, repeated)) + first
            indices.frombytes(chosen.astype(np.uintc).tobytes())
            first += len(own)
        yield shard, indices


def _repeated(keys: RowStore, shards: Sequence[ShardKey], part: int, parts: int) -> "npt.NDArray[np.uint64]":
    """Return the keys that stand twice, of those that belong to a part of all possible ones."""
    import numpy as np

    chosen = []
    for shard in shards:
        for chunk in keys.rows(shard):
            own = _column(chunk)
            chosen.append(own[own % parts == part] if parts > 1 else own.copy())
    ordered = np.sort(np.concatenate(chosen))
    del chosen
    repeated = np.unique(ordered[1:][ordered[1:] == ordered[:-1]])
    twice: npt.NDArray[np.uint64] = repeated[repeated != NO_KEY]
    return twice


def _among(own: "npt.NDArray[np.uint64]", repeated: "npt.NDArray[np.uint64]") -> "npt.NDArray[np.bool_]":
    """Tell of each key whether it is among some ascending ones."""
    import numpy as np

    if not len(repeated):
        return np.zeros(len(own), np.bool_)
    places = np.searchsorted(repeated, own)
    among: npt.NDArray[np.bool_] = repeated[np.minimum(places, len(repeated) - 1)] == own
    return among


def _column(rows: bytes) -> "npt.NDArray[np.uint64]":
    import numpy as np

    return np.frombuffer(rows, np.uint64)[::2]
