"""Count the tokens of many texts at once.

In: some texts as UTF-8, a few hundred kilobytes together.
Out: the tokens of each.
Not here: which texts make a batch (``gemma``), where words start (``edges``), how a new word is counted
(``words``).

A word of one byte is one token. The others are looked up in tables, by their bytes; these hold the pieces of
the vocabulary from the start, since a piece that stands alone is one token.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from tunestats.tokenizers.by_hand import BY_HAND
from tunestats.tokenizers.edges import EdgeFinder
from tunestats.tokenizers.memo import Memo
from tunestats.tokenizers.vocabulary import LONGEST_WORD, SEPARATOR, SPACE, Vocabulary
from tunestats.tokenizers.word_table import NewWords, WordTable
from tunestats.tokenizers.words import WordCounter

if TYPE_CHECKING:
    import numpy.typing as npt

    Ints = npt.NDArray[np.int64]
    Bytes = npt.NDArray[np.uint8]

__all__ = ["DEFAULT_LIMITS", "BatchCounter", "Limits"]

_NEWLINE = 0x0A
_COLUMN = 8  # bytes
_TABLES = (1, 2, 4)  # columns of each table
_SHORT = 4096  # bytes; a longer word may need windows
_PADDING = b"\xff" * LONGEST_WORD


@dataclass(frozen=True, slots=True)
class Limits:
    """What bounds the memory of a tokenizer; it changes the speed, never a count.

    Attributes:
        batch: Characters that are counted at once.
        table_bits: Words of up to eight bytes that are remembered, as a power of two; of longer ones fewer.
        memo: Bytes for whole texts, and again for long words, that are remembered.
        window: Characters of a very long word that are encoded at once.
        by_hand: How many new words are merged before tiktoken is prepared; see ``by_hand``.
    """

    batch: int = 1 << 18
    table_bits: int = 18
    memo: int = 8 << 20
    window: int = 4096
    by_hand: int = BY_HAND


DEFAULT_LIMITS = Limits()


@dataclass(frozen=True, slots=True)
class _Words:
    """The words of a batch: where they are in the data, whose bytes are also there as codes."""

    data: bytes
    codes: Bytes
    starts: Ints
    sizes: Ints

    def cut_out(self, chosen: Ints) -> Iterator[bytes]:
        """Yield some of the words."""
        starts = self.starts[chosen]
        for start, end in zip(starts.tolist(), (starts + self.sizes[chosen]).tolist(), strict=True):
            yield self.data[start:end]


class BatchCounter:
    """Counts batches, remembering the words of earlier ones."""

    def __init__(self, vocabulary: Vocabulary, words: WordCounter, limits: Limits) -> None:
        self._words = words
        self._edges = EdgeFinder(vocabulary)
        self._needs_care = np.zeros(256, dtype=np.bool_)
        self._needs_care[list(words.careful_bytes)] = True
        self._tables = [
            WordTable(columns, max(limits.table_bits - bits, 1)) for bits, columns in enumerate(_TABLES)
        ]
        self._long: Memo[bytes] = Memo(limits.memo)
        self._remember_pieces(vocabulary)

    def count(self, texts: Sequence[bytes]) -> Ints:
        """Return the tokens of each text."""
        data = b"\xff".join([b"", *texts, _PADDING])
        codes = np.frombuffer(data, dtype=np.uint8)
        separators = np.cumsum([0, *map(len, texts)]) + np.arange(len(texts) + 1)
        starts = self._edges.starts(data, codes)
        borders = np.searchsorted(starts, separators)
        ends = starts[1 : borders[-1] + 1]
        words = _Words(data, codes, starts[: borders[-1]], ends - starts[: borders[-1]])
        # A separator counts one, like every word of one byte.
        return np.add.reduceat(self._count_words(words), borders[:-1]) - 1

    def _count_words(self, words: _Words) -> Ints:
        tokens = np.ones(len(words.starts), dtype=np.int64)
        unknown: list[tuple[WordTable, Ints, NewWords]] = []
        for table, chosen in self._by_table(words.sizes):
            columns = _columns(words.data, words.starts[chosen], words.sizes[chosen], table.width)
            tokens[chosen], new = table.look_up(columns)
            unknown.append((table, chosen, new))
        # All together, since each call costs something.
        counts = self._count_new(words, np.concatenate([chosen[new.unique] for _, chosen, new in unknown]))
        for table, chosen, new in unknown:
            tokens[chosen[new.indexes]] = table.learn(new, counts[: len(new.unique)])
            counts = counts[len(new.unique) :]
        long = np.flatnonzero(words.sizes > LONGEST_WORD)
        tokens[long] = self._count_long(words, long)
        return tokens

    def _by_table(self, sizes: Ints) -> Iterator[tuple[WordTable, Ints]]:
        """Yield each table and which words are in it; words of one byte are in none."""
        first, *others = self._tables
        yield first, np.flatnonzero((sizes > 1) & (sizes <= _COLUMN))
        left = np.flatnonzero(sizes > _COLUMN)
        for table in others:
            fits = sizes[left] <= _COLUMN * table.width
            yield table, left[fits]
            left = left[~fits]

    def _remember_pieces(self, vocabulary: Vocabulary) -> None:
        data, characters = vocabulary.joined, len(vocabulary.characters)
        pieces = characters + len(vocabulary.merges)
        ends = np.flatnonzero(np.frombuffer(data, dtype=np.uint8) == SEPARATOR)[:pieces]
        starts = np.concatenate(([0], ends[:-1] + 1))
        # The least important first.
        order = np.concatenate((np.arange(characters), np.arange(pieces)[: characters - 1 : -1]))
        starts, sizes = starts[order], (ends - starts)[order]
        for table, chosen in self._by_table(sizes):
            table.fill(_columns(data, starts[chosen], sizes[chosen], table.width), 1)

    def _count_long(self, words: _Words, chosen: Ints) -> Ints:
        """Return the tokens of words that fit no table."""
        texts = list(words.cut_out(chosen))
        tokens = np.array(
            [-1 if (count := self._long.get(text)) is None else count for text in texts], dtype=np.int64
        )
        new = np.flatnonzero(tokens < 0)
        tokens[new] = self._count_new(words, chosen[new])
        for index in new.tolist():
            self._long.put(texts[index], int(tokens[index]))
        return tokens

    def _count_new(self, words: _Words, chosen: Ints) -> Ints:
        """Return the tokens of words, without looking at what is known."""
        tokens = np.zeros(len(chosen), dtype=np.int64)
        if not len(chosen):
            return tokens
        starts, sizes = words.starts[chosen], words.sizes[chosen]
        # One byte more than the word, to be overwritten by a newline.
        places, first = _spread(starts, starts + sizes + 1)
        lines = words.codes[places]
        lines[first + sizes] = SEPARATOR
        odd = self._needs_care[lines]
        odd[1:] |= (lines[1:] == SPACE) & (lines[:-1] == SPACE)
        care = np.logical_or.reduceat(odd, first) | (sizes > _SHORT)
        if care.any():
            tokens[care] = self._words.count(text.decode() for text in words.cut_out(chosen[care]))
        if not care.all():
            lines[first + sizes] = _NEWLINE
            tokens[~care] = self._words.count_plain(lines[np.repeat(~care, sizes + 1)].tobytes())
        return tokens


def _spread(starts: Ints, ends: Ints) -> tuple[Ints, Ints]:
    """Return all places from each start to its end in a row, and where in that row each begins.

    >>> [column.tolist() for column in _spread(np.array([3, 9]), np.array([5, 12]))]
    [[3, 4, 9, 10, 11], [0, 2]]
    """
    sizes = ends - starts
    after = np.cumsum(sizes)
    first = after - sizes
    return np.arange(after[-1] if len(after) else 0) + np.repeat(starts - first, sizes), first


def _fill() -> npt.NDArray[np.uint64]:
    """Return for each word size and column the bits that lie behind the word's end."""
    used = np.clip(
        np.arange(LONGEST_WORD + 1)[None, :] - _COLUMN * np.arange(LONGEST_WORD // _COLUMN)[:, None],
        0,
        _COLUMN,
    )
    ones = np.uint64(0xFFFF_FFFF_FFFF_FFFF)
    return np.where(used == _COLUMN, np.uint64(0), ones << (8 * (used % _COLUMN)).astype(np.uint64))


_FILL = _fill()


def _columns(data: bytes, starts: Ints, sizes: Ints, width: int) -> tuple[npt.NDArray[np.uint64], ...]:
    """Return the bytes of each word as 64-bit columns, filled up with 0xFF."""
    # Little-endian on every machine, so that the byte behind the end is always in the upper bits. Strides of
    # one byte let a word be read wherever it starts.
    eights = np.ndarray((len(data) - _COLUMN + 1,), dtype="<u8", buffer=data, strides=(1,))
    return tuple(eights[starts + _COLUMN * index] | _FILL[index][sizes] for index in range(width))
