"""Find examples that say the same.

In: fingerprints of the examples of a file, shard by shard.
Out: ``Fingerprints``, which holds them, and ``find_repeats``: which example repeats which, and how.
Not here: what was digested (``fingerprints``) or what to say about it (``report``).

Memory is bounded: fingerprints beyond ``HELD_BYTES`` wait in a temporary file, and are compared a part of all
possible digests at a time. What is left is 5 bytes an example.
"""

import tempfile
import weakref
from array import array
from collections.abc import Callable, Iterable, Iterator
from enum import IntEnum
from itertools import islice
from typing import IO, TYPE_CHECKING

from tunestats.fingerprints import DIGEST_BYTES, FINGERPRINT_BYTES

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

__all__ = ["Fingerprints", "Repeat", "Repeats", "ShardKey", "find_repeats"]

ShardKey = tuple[int, int]
HELD_BYTES = 1 << 25
CHUNK_ROWS = 1 << 14
# Below this a dict is as quick, and numpy need not be imported.
FEW = 20_000
# About this many digests are compared at a time.
MANY = 1 << 21


class Repeat(IntEnum):
    """What of an example stood earlier already: the first that holds is meant."""

    LINE = 1
    EXAMPLE = 2
    PROMPT = 3


class Fingerprints:
    """The fingerprints of the examples of each shard, in order."""

    def __init__(self) -> None:
        self._held: dict[ShardKey, bytearray] = {}
        self._held_bytes = 0
        self._file: IO[bytes] | None = None
        self._written: dict[ShardKey, list[tuple[int, int]]] = {}
        self._forgotten: dict[ShardKey, set[int]] = {}

    def add(self, shard: ShardKey, rows: bytes) -> None:
        """Add the fingerprints of the next examples of a shard."""
        self._held.setdefault(shard, bytearray()).extend(rows)
        self._held_bytes += len(rows)
        if self._held_bytes > HELD_BYTES:
            self._write()

    def forget(self, shard: ShardKey, example: int) -> None:
        """Leave an example, from 1, out of the search."""
        self._forgotten.setdefault(shard, set()).add(example - 1)

    def merge(self, other: "Fingerprints") -> None:
        """Add the fingerprints of other shards."""
        for shard in other.shards():
            for rows in other.rows([shard]):
                self.add(shard, rows)

    def shards(self) -> list[ShardKey]:
        """Return the shards of which anything is known, in file order."""
        return sorted(self._held.keys() | self._written.keys())

    def rows(self, shards: Iterable[ShardKey]) -> Iterator[bytes]:
        """Yield the fingerprints of some shards in order, many at a time; zeros for forgotten ones."""
        for shard in shards:
            first = 0
            for rows in self._rows(shard):
                yield self._without_forgotten(shard, rows, first)
                first += len(rows) // FINGERPRINT_BYTES

    def _rows(self, shard: ShardKey) -> Iterator[bytes]:
        step = CHUNK_ROWS * FINGERPRINT_BYTES
        for offset, length in self._written.get(shard, ()):
            for start in range(0, length, step):
                file = self._file_open()
                file.seek(offset + start)
                yield file.read(min(step, length - start))
        held = self._held.get(shard, bytearray())
        for start in range(0, len(held), step):
            yield bytes(held[start : start + step])

    def _without_forgotten(self, shard: ShardKey, rows: bytes, first: int) -> bytes:
        forgotten = self._forgotten.get(shard)
        if not forgotten:
            return rows
        changed = bytearray(rows)
        for index in range(len(rows) // FINGERPRINT_BYTES):
            if first + index in forgotten:
                changed[index * FINGERPRINT_BYTES : (index + 1) * FINGERPRINT_BYTES] = bytes(
                    FINGERPRINT_BYTES
                )
        return bytes(changed)

    def _write(self) -> None:
        """Move what is held to the temporary file."""
        file = self._file_open()
        offset = file.seek(0, 2)
        for shard, rows in self._held.items():
            file.write(rows)
            self._written.setdefault(shard, []).append((offset, len(rows)))
            offset += len(rows)
        self._held.clear()
        self._held_bytes = 0

    def _file_open(self) -> IO[bytes]:
        """Return the temporary file, which is there as long as this is."""
        if self._file is None:
            self._file = tempfile.TemporaryFile()  # noqa: SIM115
            weakref.finalize(self, self._file.close)
        return self._file

    def __getstate__(self) -> dict[ShardKey, bytes]:
        """Return everything that another process needs."""
        return {shard: b"".join(self.rows([shard])) for shard in self.shards()}

    def __setstate__(self, state: dict[ShardKey, bytes]) -> None:
        """Take over what another process has found."""
        Fingerprints.__init__(self)
        for shard, rows in state.items():
            self.add(shard, rows)


class Repeats:
    """Which examples repeat an earlier one; indices are from 0.

    Args:
        kinds: For every example a ``Repeat``, or 0.
        firsts: For every example that repeats one, the index of the first that it repeats.
    """

    def __init__(self, kinds: bytes | bytearray, firsts: "array[int]") -> None:
        self._kinds = kinds
        self._firsts = firsts

    def count(self, kind: Repeat) -> int:
        """Return how many examples repeat something in this way."""
        return self._kinds.count(kind)

    def first(self, kind: Repeat, limit: int | None) -> Iterator[tuple[int, int]]:
        """Yield the indices of the first such examples, each with the one that it repeats."""
        return islice(self._all(kind), limit)

    def _all(self, kind: Repeat) -> Iterator[tuple[int, int]]:
        index = self._kinds.find(kind)
        while index >= 0:
            yield index, self._firsts[index]
            index = self._kinds.find(kind, index + 1)


def find_repeats(rows: Callable[[], Iterable[bytes]], count: int) -> Repeats:
    """Return which examples repeat an earlier one.

    Args:
        rows: Gives all fingerprints, in order; called several times.
        count: How many there are.
    """
    return _few(rows, count) if count <= FEW else _many(rows, count)


def _few(rows: Callable[[], Iterable[bytes]], count: int) -> Repeats:
    kinds, firsts = bytearray(count), array("I", bytes(4 * count))
    held = b"".join(rows())
    nothing = bytes(DIGEST_BYTES)
    for column, kind in enumerate(Repeat):
        seen: dict[bytes, int] = {}
        for index in range(count):
            start = index * FINGERPRINT_BYTES + column * DIGEST_BYTES
            digest = held[start : start + DIGEST_BYTES]
            earlier = seen.setdefault(digest, index)
            if earlier != index and not kinds[index] and digest != nothing:
                kinds[index], firsts[index] = kind, earlier
    return Repeats(kinds, firsts)


def _many(rows: Callable[[], Iterable[bytes]], count: int) -> Repeats:
    import numpy as np  # a tenth of a second that small files should not pay

    kinds, firsts = np.zeros(count, np.uint8), np.zeros(count, np.uint32)
    parts = -(-count // MANY)
    for column, kind in enumerate(Repeat):
        for part in range(parts):
            indices, earlier = _equal(*_column(rows(), column, part, parts))
            new = kinds[indices] == 0
            kinds[indices[new]], firsts[indices[new]] = kind, earlier[new]
    return Repeats(kinds.tobytes(), array("I", firsts.tobytes()))


def _column(
    rows: Iterable[bytes], column: int, part: int, parts: int
) -> "tuple[npt.NDArray[np.uint64], npt.NDArray[np.uint32]]":
    """Return the digests of one column that belong to a part, two words each, and their indices."""
    import numpy as np

    digests, indices, first = [], [], 0
    for chunk in rows:
        words = np.frombuffer(chunk, "<u8").reshape(-1, FINGERPRINT_BYTES // 8)[
            :, 2 * column : 2 * column + 2
        ]
        chosen = np.flatnonzero(words.any(axis=1) & (words[:, 0] % parts == part))
        digests.append(words[chosen])
        indices.append((chosen + first).astype(np.uint32))
        first += len(words)
    return np.concatenate(digests), np.concatenate(indices)


def _equal(
    digests: "npt.NDArray[np.uint64]", indices: "npt.NDArray[np.uint32]"
) -> "tuple[npt.NDArray[np.uint32], npt.NDArray[np.uint32]]":
    """Return the indices of digests that stand earlier already, and where each stands first."""
    import numpy as np

    # Sorting half of each digest finds the few that can be equal; only those are looked at in full.
    halves = np.sort(digests[:, 0])
    twice = np.unique(halves[1:][halves[1:] == halves[:-1]])
    del halves
    candidates = np.isin(digests[:, 0], twice)
    digests, indices = digests[candidates], indices[candidates]
    # lexsort is stable, so the first of a run of equal digests is the earliest.
    order = np.lexsort((digests[:, 1], digests[:, 0]))
    ranked, places = digests[order], indices[order]
    same = np.concatenate(([False], (ranked[1:] == ranked[:-1]).all(axis=1)))[: len(places)]
    firsts = places[~same][np.cumsum(~same) - 1]
    return places[same], firsts[same]
