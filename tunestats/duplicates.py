"""Find examples that say the same.

In: the fingerprints of examples, and which examples these are.
Out: ``find_repeats``: which example repeats which, and how, in one source or across two.
Not here: what was digested (``fingerprints``), which examples are worth it (``candidates``), or what to say about
those that repeat another one (``dataset``).

Fingerprints are compared a part of all possible digests at a time; what is left is 5 bytes an example.
"""

from array import array
from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Sequence
from enum import IntEnum
from itertools import islice
from typing import TYPE_CHECKING

from tunestats.fingerprints import DIGEST_BYTES, EXAMPLE, FINGERPRINT_BYTES, LINE, PROMPT

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

__all__ = ["Repeat", "Repeats", "find_repeats"]

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


class Repeats:
    """Which examples repeat another one; indices are from 0.

    Args:
        examples: The indices of the examples that were compared, ascending.
        kinds: For each of them a ``Repeat``, or 0.
        firsts: For each that repeats one, which of them is the first that it repeats.
    """

    def __init__(self, examples: Sequence[int], kinds: bytes | bytearray, firsts: "array[int]") -> None:
        self._examples = examples
        self._kinds = kinds
        self._firsts = firsts

    def count(self, kind: Repeat, start: int = 0, stop: int | None = None) -> int:
        """Return how many of the examples from ``start`` on and before ``stop`` repeat something in this way."""
        end = None if stop is None else bisect_left(self._examples, stop)
        return self._kinds.count(kind, bisect_left(self._examples, start), end)

    def first(self, kind: Repeat, limit: int | None, start: int = 0) -> Iterator[tuple[int, int]]:
        """Yield the indices of the first such examples from ``start`` on, each with the one that it repeats."""
        return islice(self._all(kind, bisect_left(self._examples, start)), limit)

    def _all(self, kind: Repeat, start: int) -> Iterator[tuple[int, int]]:
        row = self._kinds.find(kind, start)
        while row >= 0:
            yield self._examples[row], self._examples[self._firsts[row]]
            row = self._kinds.find(kind, row + 1)


def find_repeats(
    rows: Callable[[], Iterable[bytes]],
    examples: Sequence[int],
    keys: Sequence[slice] = KEYS,
    *,
    split: int | None = None,
) -> Repeats:
    """Return which examples repeat an earlier one or, of two sources, one of the other.

    Args:
        rows: Gives the fingerprints of the examples, many at a time; called several times.
        examples: The indices of the examples, ascending.
        keys: The bytes of a fingerprint that are compared for each ``Repeat``.
        split: The index with which the second of two sources begins; None if all are of one.
    """
    count = len(examples)
    find = _few if count <= FEW else _many
    end = None if split is None else bisect_left(examples, split)
    return Repeats(examples, *find(rows, count, keys, end))


def _few(
    rows: Callable[[], Iterable[bytes]], count: int, keys: Sequence[slice], split: int | None
) -> "tuple[bytearray, array[int]]":
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
    return kinds, firsts


def _many(
    rows: Callable[[], Iterable[bytes]], count: int, keys: Sequence[slice], split: int | None
) -> "tuple[bytes, array[int]]":
    import numpy as np  # a tenth of a second that small files should not pay

    kinds, firsts = np.zeros(count, np.uint8), np.zeros(count, np.uint32)
    parts = -(-count // MANY)
    for kind, key in zip(Repeat, keys, strict=True):
        for part in range(parts):
            indices, others = _equal(*_column(rows(), key, part, parts), split)
            new = kinds[indices] == 0
            kinds[indices[new]], firsts[indices[new]] = kind, others[new]
    return kinds.tobytes(), array("I", firsts.tobytes())


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
