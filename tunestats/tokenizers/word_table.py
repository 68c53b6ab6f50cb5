"""Remember the counts of words, in a table of fixed size.

In: words as 64-bit columns: their bytes, filled up with 0xFF, which no UTF-8 holds.
Out: their counts, or which of them are new.
Not here: how a word becomes columns (``batch``), how a new word is counted (``words``).

A word *is* its own key and is compared in full: a hash only chooses the slot, so a collision can cost time but
never a wrong count. A word stands in its slot or in the neighbour: a new one takes the slot and moves what was
there to the neighbour, whose word is forgotten.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import numpy.typing as npt

    Ints = npt.NDArray[np.int64]
    Columns = tuple[npt.NDArray[np.uint64], ...]

__all__ = ["NewWords", "WordTable"]

# Odd constants with well mixed bits (from splitmix64 and the golden ratio); any others would do.
_FACTORS = (0x9E3779B97F4A7C15, 0xBF58476D1CE4E5B9, 0x94D049BB133111EB, 0xD6E8FEB86659FD93)
_ROUNDS = 4


@dataclass(frozen=True, slots=True)
class NewWords:
    """Words that a table does not know.

    Attributes:
        indexes: Of all of them, among the words that were looked up.
        unique: Of one of each, among the words that were looked up; most equal words share one.
        numbers: For each of ``indexes``, which of ``unique`` it equals.
        columns: Of ``unique``.
        slots: Of ``unique``.
    """

    indexes: Ints
    unique: Ints
    numbers: Ints
    columns: Columns
    slots: Ints


class WordTable:
    """A cache from words to counts of at most 255."""

    def __init__(self, columns: int, bits: int) -> None:
        size = 1 << bits
        self.width = columns
        self._shift = np.uint64(64 - bits)
        # Eight bytes 0xFF are the key of no word, since a word has at least one byte.
        self._keys = [np.full(size, 0xFFFF_FFFF_FFFF_FFFF, dtype=np.uint64) for _ in range(columns)]
        self._counts = np.zeros(size, dtype=np.uint8)
        self._owner = np.zeros(size, dtype=np.int32)

    def look_up(self, columns: Columns) -> tuple[npt.NDArray[np.uint8], NewWords]:
        """Return the count of each word, and which are new; the counts of these mean nothing."""
        slots = self._slots(columns)
        counts = self._counts[slots]
        new = np.flatnonzero(~self._holds(slots, columns))
        if len(new):
            neighbours = slots[new] ^ 1
            counts[new] = self._counts[neighbours]
            new = new[~self._holds(neighbours, tuple(column[new] for column in columns))]
        return counts, self._new_words(columns, slots, new)

    def learn(self, new: NewWords, counts: Ints) -> Ints:
        """Remember the counts of ``new.unique``; return those of ``new.indexes``."""
        self._remember(new.columns, new.slots, counts)
        return counts[new.numbers]

    def fill(self, columns: Columns, count: int) -> None:
        """Remember words that have the same count, the least important first."""
        slots = self._slots(columns)
        # Of words that are remembered together only one can have a slot.
        for part in np.array_split(np.arange(len(slots)), _ROUNDS):
            self._remember(
                tuple(column[part] for column in columns),
                slots[part],
                np.full(len(part), count, dtype=np.int64),
            )

    def _slots(self, columns: Columns) -> Ints:
        mixed = columns[0] * np.uint64(_FACTORS[0])
        for column, factor in zip(columns[1:], _FACTORS[1:], strict=False):
            mixed += column * np.uint64(factor)
        mixed ^= mixed >> np.uint64(32)
        mixed *= np.uint64(_FACTORS[1])
        mixed >>= self._shift
        return mixed.view(np.int64)

    def _holds(self, slots: Ints, columns: Columns) -> npt.NDArray[np.bool_]:
        held = np.equal(self._keys[0][slots], columns[0])
        for key, column in zip(self._keys[1:], columns[1:], strict=True):
            held &= key[slots] == column
        return held

    def _new_words(self, columns: Columns, slots: Ints, new: Ints) -> NewWords:
        columns, slots = tuple(column[new] for column in columns), slots[new]
        chosen = self._representatives(columns, slots)
        unique = np.flatnonzero(chosen == np.arange(len(chosen)))
        numbers = np.empty(len(chosen), dtype=np.int64)
        numbers[unique] = np.arange(len(unique))
        return NewWords(
            new, new[unique], numbers[chosen], tuple(column[unique] for column in columns), slots[unique]
        )

    def _representatives(self, columns: Columns, slots: Ints) -> Ints:
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

    def _remember(self, columns: Columns, slots: Ints, counts: Ints) -> None:
        """Put counts into the table; of several words with one slot only one stays."""
        order = np.arange(len(slots), dtype=np.int32)
        self._owner[slots] = order
        # Without this, columns of different words could end up in one slot.
        staying = np.flatnonzero(self._owner[slots] == order)
        slots = slots[staying]
        neighbours = slots ^ 1
        for key, column in zip(self._keys, columns, strict=True):
            key[neighbours] = key[slots]
            key[slots] = column[staying]
        self._counts[neighbours] = self._counts[slots]
        self._counts[slots] = counts[staying]
