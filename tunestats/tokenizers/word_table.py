"""Remember the counts of words, in a table of fixed size.

In: words as four 64-bit columns: their bytes, filled up with 0xFF, which no UTF-8 holds.
Out: their counts, or which of them are new.
Not here: how a word becomes columns (``batch``), how a new word is counted (``words``).

A word of up to ``LONGEST_WORD`` bytes *is* its own key and is compared in full: a hash only chooses the slot,
so a collision can cost time but never a wrong count. A new word takes the slot of an older one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import numpy.typing as npt

    Columns = tuple[npt.NDArray[np.uint64], ...]

__all__ = ["WordTable"]

# Odd constants with well mixed bits (from splitmix64 and the golden ratio); any others would do.
_FACTORS = (0x9E3779B97F4A7C15, 0xBF58476D1CE4E5B9, 0x94D049BB133111EB, 0xD6E8FEB86659FD93)
_ROUNDS = 4


class WordTable:
    """A direct-mapped cache from words to counts."""

    def __init__(self, columns: int, bits: int) -> None:
        size = 1 << bits
        self.width = columns
        self._shift = np.uint64(64 - bits)
        # Eight bytes 0xFF are the key of no word, since a word has at least one byte.
        self._keys = [np.full(size, 0xFFFF_FFFF_FFFF_FFFF, dtype=np.uint64) for _ in range(columns)]
        self._counts = np.zeros(size, dtype=np.int64)
        self._owner = np.zeros(size, dtype=np.int32)

    def slots(self, columns: Columns) -> npt.NDArray[np.int64]:
        """Return the slot of each word."""
        mixed = columns[0] * np.uint64(_FACTORS[0])
        for column, factor in zip(columns[1:], _FACTORS[1:], strict=False):
            mixed += column * np.uint64(factor)
        mixed ^= mixed >> np.uint64(32)
        mixed *= np.uint64(_FACTORS[1])
        mixed >>= self._shift
        return mixed.view(np.int64)

    def look_up(self, columns: Columns, slots: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
        """Return the count of each word, -1 for a new one."""
        known = self._keys[0][slots] == columns[0]
        for key, column in zip(self._keys[1:], columns[1:], strict=True):
            known &= key[slots] == column
        return np.where(known, self._counts[slots], -1)

    def representatives(self, columns: Columns, slots: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
        """Return for each word the index of an equal word; most equal words share one.

        In each round the last word of a slot stands for all that equal it. Words that still share a slot
        after a few rounds stand for themselves, so nobody can make this slow with words of one slot.
        """
        chosen = np.arange(len(slots))
        left = chosen
        for _ in range(_ROUNDS):
            if not len(left):
                break
            self._owner[slots[left]] = left
            owner = self._owner[slots[left]]
            same = columns[0][owner] == columns[0][left]
            for column in columns[1:]:
                same &= column[owner] == column[left]
            chosen[left[same]] = owner[same]
            left = left[~same]
        return chosen

    def remember(self, columns: Columns, slots: npt.NDArray[np.int64], counts: npt.NDArray[np.int64]) -> None:
        """Put counts into the table; of several words with one slot only one stays."""
        order = np.arange(len(slots), dtype=np.int32)
        self._owner[slots] = order
        # Without this, columns of different words could end up in one slot.
        staying = np.flatnonzero(self._owner[slots] == order)
        slots = slots[staying]
        for key, column in zip(self._keys, columns, strict=True):
            key[slots] = column[staying]
        self._counts[slots] = counts[staying]
