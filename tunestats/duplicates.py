"""Find examples that say the same.

In: fingerprints of examples, shard by shard.
Out: ``Fingerprints``, which holds them, and ``find_repeats``: which example repeats which, and how, in one source
or across two.
Not here: what was digested (``fingerprints``) or what to say about it (``report``).

Memory is bounded: fingerprints beyond ``HELD_BYTES`` wait in a temporary file, and are compared a part of all
possible digests at a time. What is left is 5 bytes an example.
"""

import tempfile
import weakref
from array import array
from collections.abc import Callable, Iterable, Iterator, Sequence
from enum import IntEnum
from itertools import islice
from typing import IO, TYPE_CHECKING

from tunestats.fingerprints import DIGEST_BYTES, EXAMPLE, FINGERPRINT_BYTES, LINE, PROMPT

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
KEYS = (LINE, EXAMPLE, PROMPT)


class Repeat(IntEnum):
    """What of an example stands elsewhere, too: the first that holds is meant."""

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
    """Which examples repeat another one; indices are from 0.

    Args:
        kinds: For every example a ``Repeat``, or 0.
        firsts: For every example that repeats one, the index of the first that it repeats.
    """

    def __init__(self, kinds: bytes | bytearray, firsts: "array[int]") -> None:
        self._kinds = kinds
        self._firsts = firsts

    def count(self, kind: Repeat, start: int = 0, stop: int | None = None) -> int:
        """Return how many of the examples from ``start`` on and before ``stop`` repeat something in this way."""
        return self._kinds.count(kind, start, stop)

    def first(self, kind: Repeat, limit: int | None, start: int = 0) -> Iterator[tuple[int, int]]:
        """Yield the indices of the first such examples from ``start`` on, each with the one that it repeats."""
        return islice(self._all(kind, start), limit)

    def _all(self, kind: Repeat, start: int) -> Iterator[tuple[int, int]]:
        index = self._kinds.find(kind, start)
        while index >= 0:
            yield index, self._firsts[index]
            index = self._kinds.find(kind, index + 1)


def find_repeats(
    rows: Callable[[], Iterable[bytes]],
    count: int,
    keys: Sequence[slice] = KEYS,
    *,
    split: int | None = None,
) -> Repeats:
    """Return which examples repeat an earlier one or, of two sources, one of the other.

    Args:
        rows: Gives all fingerprints, in order; called several times.
        count: How many there are.
        keys: The bytes of a fingerprint that are compared for each ``Repeat``.
        split: How many of the examples, at the beginning, are of the first of two sources; None if all are of one.
    """
    return _few(rows, count, keys, split) if count <= FEW else _many(rows, count, keys, split)


def _few(
    rows: Callable[[], Iterable[bytes]], count: int, keys: Sequence[slice], split: int | None
) -> Repeats:
    kinds, firsts = bytearray(count), array("I", bytes(4 * count))
    held = b"".join(rows())
    across, end = split is not None, count if split is None else split
    for kind, key in zip(Repeat, keys, strict=True):
        digests = [held[at + key.start : at + key.stop] for at in range(0, len(held), FINGERPRINT_BYTES)]
        nothing = bytes(key.stop - key.start)
        # Where each digest stands first, by source.
        seen: tuple[dict[bytes, int], dict[bytes, int]] = ({}, {})
        for index, digest in enumerate(digests):
            seen[index >= end].setdefault(digest, index)
        for index, digest in enumerate(digests):
            first = seen[(index >= end) != across].get(digest, index)
            if first != index and not kinds[index] and digest != nothing:
                kinds[index], firsts[index] = kind, first
    return Repeats(kinds, firsts)


def _many(
    rows: Callable[[], Iterable[bytes]], count: int, keys: Sequence[slice], split: int | None
) -> Repeats:
    import numpy as np  # a tenth of a second that small files should not pay

    kinds, firsts = np.zeros(count, np.uint8), np.zeros(count, np.uint32)
    parts = -(-count // MANY)
    for kind, key in zip(Repeat, keys, strict=True):
        for part in range(parts):
            indices, others = _equal(*_column(rows(), key, part, parts), split)
            new = kinds[indices] == 0
            kinds[indices[new]], firsts[indices[new]] = kind, others[new]
    return Repeats(kinds.tobytes(), array("I", firsts.tobytes()))


def _column(
    rows: Iterable[bytes], key: slice, part: int, parts: int
) -> "tuple[npt.NDArray[np.uint64], npt.NDArray[np.uint32]]":
    """Return the digests of one key that belong to a part, two words each, and their indices."""
    import numpy as np

    word, size = key.start // 8, key.stop - key.start
    mask = np.frombuffer(bytes([255] * size).ljust(DIGEST_BYTES, b"\0"), "<u8")
    digests, indices, first = [], [], 0
    for chunk in rows:
        words = np.frombuffer(chunk, "<u8").reshape(-1, FINGERPRINT_BYTES // 8)[:, word : word + 2] & mask
        chosen = np.flatnonzero(words.any(axis=1) & (words[:, 0] % parts == part))
        digests.append(words[chosen])
        indices.append((chosen + first).astype(np.uint32))
        first += len(words)
    return np.concatenate(digests), np.concatenate(indices)


def _equal(
    digests: "npt.NDArray[np.uint64]", indices: "npt.NDArray[np.uint32]", split: int | None
) -> "tuple[npt.NDArray[np.uint32], npt.NDArray[np.uint32]]":
    """Return the indices of digests that repeat another, and of the first that each repeats."""
    import numpy as np

    # Sorting half of each digest finds the few that can be equal; only those are looked at in full.
    halves = np.sort(digests[:, 0])
    twice = np.unique(halves[1:][halves[1:] == halves[:-1]])
    del halves
    candidates = np.isin(digests[:, 0], twice)
    digests, indices = digests[candidates], indices[candidates]
    # lexsort is stable, so equal digests stay in order.
    order = np.lexsort((digests[:, 1], digests[:, 0]))
    ranked, places = digests[order], indices[order]
    new = np.concatenate(([True], (ranked[1:] != ranked[:-1]).any(axis=1)))[: len(places)]
    firsts = _firsts(places, new) if split is None else _firsts_across(places, new, split)
    repeated = firsts != places
    return places[repeated], firsts[repeated]


def _firsts(places: "npt.NDArray[np.uint32]", new: "npt.NDArray[np.bool_]") -> "npt.NDArray[np.uint32]":
    """Return for every place the first of its run; ``new`` tells where runs begin."""
    run: npt.NDArray[np.intp] = new.cumsum() - 1
    return places[new][run]


def _firsts_across(
    places: "npt.NDArray[np.uint32]", new: "npt.NDArray[np.bool_]", split: int
) -> "npt.NDArray[np.uint32]":
    """Return for every place the first of its run that is of the other source; itself where there is none."""
    import numpy as np

    run, starts = new.cumsum() - 1, np.flatnonzero(new)
    is_first = places < split
    # Places ascend within a run: those of the first source are the first ones.
    of_first = np.bincount(run, is_first).astype(np.intp)
    shared = (of_first > 0) & (of_first < np.bincount(run))
    seconds = places[np.where(shared, starts + of_first, starts)]
    return np.where(shared[run], np.where(is_first, seconds[run], places[starts][run]), places)
