"""Count the tokens of many texts at once.

In: some texts as UTF-8, a few hundred kilobytes together.
Out: the tokens of each.
Not here: which texts make a batch (``gemma``), how a new word is counted (``words``).

Texts are joined, with a byte between them that no UTF-8 holds. What is not whitespace is a word, together
with the one space before it. Whitespace that is left is counted by its length: a run of one character takes
as many tokens as it has pieces of the longest run that is a token. No token crosses from a word to the next
or into whitespace, but for the vocabulary's *bridges* (gemma3 has one, ``> </``), and the space inside these
is made part of a word.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from tunestats.tokenizers.memo import Memo
from tunestats.tokenizers.ranks import BY_HAND
from tunestats.tokenizers.vocabulary import Vocabulary
from tunestats.tokenizers.word_table import WordTable
from tunestats.tokenizers.words import WordCounter

if TYPE_CHECKING:
    import numpy.typing as npt

    Ints = npt.NDArray[np.int64]
    Bytes = npt.NDArray[np.uint8]

__all__ = ["DEFAULT_LIMITS", "BatchCounter", "Limits"]

_SPACE, _NEWLINE, _TAB, _SEPARATOR = 0x20, 0x0A, 0x09, 0xFF
_NARROW, LONGEST_WORD = 16, 32  # bytes
_SHORT = 4096  # bytes; a longer word may need windows
_PADDING = b"\xff" * LONGEST_WORD


@dataclass(frozen=True, slots=True)
class Limits:
    """What bounds the memory of a tokenizer; it changes the speed, never a count.

    Attributes:
        batch: Characters that are counted at once.
        table_bits: Short words that are remembered, as a power of two.
        memo: Bytes for whole texts, and again for long words, that are remembered.
        window: Characters of a very long word that are encoded at once.
        by_hand: How many new words are merged before tiktoken is prepared; see ``ranks``.
    """

    batch: int = 1 << 18
    table_bits: int = 18
    memo: int = 8 << 20
    window: int = 4096
    by_hand: int = BY_HAND


DEFAULT_LIMITS = Limits()


@dataclass(slots=True)
class _Layout:
    """Where the words of a batch are, and what the whitespace between them costs."""

    starts: Ints
    ends: Ints
    run_starts: Ints
    run_tokens: Ints


class BatchCounter:
    """Counts batches, remembering the words of earlier ones."""

    def __init__(
        self, vocabulary: Vocabulary, words: WordCounter, first_bytes: bytes, limits: Limits
    ) -> None:
        self._words = words
        self._bridges = [
            (bridge, [place for place in range(1, len(bridge)) if bridge[place] == _SPACE])
            for bridge in vocabulary.bridges
        ]
        self._longest = np.ones(256, dtype=np.int64)
        self._longest[[_SPACE, _NEWLINE, _TAB]] = vocabulary.longest_runs
        self._needs_care = np.zeros(256, dtype=np.bool_)
        self._needs_care[list(first_bytes)] = True
        self._narrow = WordTable(2, limits.table_bits)
        self._long: Memo[bytes] = Memo(limits.memo)
        self._wide = WordTable(4, max(limits.table_bits - 2, 1))

    def count(self, texts: Sequence[bytes]) -> Ints:
        """Return the tokens of each text."""
        data = b"\xff".join([b"", *texts, _PADDING])
        codes = np.frombuffer(data, dtype=np.uint8)
        borders = np.cumsum([0, *(len(text) + 1 for text in texts)])
        layout = self._lay_out(data, codes[: borders[-1] + 1])
        word_tokens = self._count_words(data, codes, layout)
        return _sums_between(layout.starts, word_tokens, borders) + _sums_between(
            layout.run_starts, layout.run_tokens, borders
        )

    def _lay_out(self, data: bytes, codes: Bytes) -> _Layout:
        is_word = (codes != _SPACE) & (codes != _NEWLINE) & (codes != _TAB) & (codes != _SEPARATOR)
        for bridge, places in self._bridges:
            found = data.find(bridge)
            while found >= 0:
                for place in places:
                    is_word[found + place] = True
                found = data.find(bridge, found + 1)
        edges = np.flatnonzero(is_word[1:] != is_word[:-1]) + 1
        starts, ends = edges[0::2], edges[1::2]
        # A gap ends at every word and at the end of the batch.
        gap_starts = np.concatenate(([0], ends))
        gap_ends = np.concatenate((starts, [len(codes)]))
        single_space = (gap_ends - gap_starts == 1) & (codes[gap_ends - 1] == _SPACE)
        gaps = np.flatnonzero(~single_space)
        run_starts, run_tokens, lends_space = self._count_gaps(codes, gap_starts[gaps], gap_ends[gaps])
        has_space = single_space
        has_space[gaps] = lends_space
        return _Layout(starts - has_space[:-1], ends, run_starts, run_tokens)

    def _count_gaps(self, codes: Bytes, starts: Ints, ends: Ints) -> tuple[Ints, Ints, npt.NDArray[np.bool_]]:
        """Return the runs in the gaps, their tokens, and which gaps lend a space to the word behind them."""
        places, first = _spread(starts, ends)
        inside = codes[places]
        is_start = np.empty(len(inside), dtype=np.bool_)
        is_start[1:] = inside[1:] != inside[:-1]
        is_start[first] = True
        runs = np.flatnonzero(is_start)
        run_codes = inside[runs]
        lengths = np.diff(runs, append=len(inside))
        longest = self._longest[run_codes]
        tokens = (lengths + longest - 1) // longest
        tokens[run_codes == _SEPARATOR] = 0
        # The last run of every gap, in the order of the gaps; the batch itself ends with a separator.
        last = np.append(np.searchsorted(runs, first[1:]), len(runs)) - 1
        lends_space = (run_codes[last] == _SPACE) & ((lengths[last] - 1) % longest[last] == 0)
        tokens[last[lends_space]] -= 1
        return places[runs], tokens, lends_space

    def _count_words(self, data: bytes, codes: Bytes, layout: _Layout) -> Ints:
        starts, sizes = layout.starts, layout.ends - layout.starts
        tokens = np.empty(len(starts), dtype=np.int64)
        is_narrow = sizes <= _NARROW
        for table, chosen in (
            (self._narrow, np.flatnonzero(is_narrow)),
            (self._wide, np.flatnonzero(~is_narrow & (sizes <= LONGEST_WORD))),
        ):
            tokens[chosen] = self._count_known(data, codes, table, starts[chosen], sizes[chosen])
        long = np.flatnonzero(sizes > LONGEST_WORD)
        tokens[long] = self._count_long(data, codes, starts[long], sizes[long])
        return tokens

    def _count_long(self, data: bytes, codes: Bytes, starts: Ints, sizes: Ints) -> Ints:
        """Return the tokens of words that fit no table."""
        words = [
            data[start:end] for start, end in zip(starts.tolist(), (starts + sizes).tolist(), strict=True)
        ]
        tokens = np.array(
            [-1 if (count := self._long.get(word)) is None else count for word in words], np.int64
        )
        new = np.flatnonzero(tokens < 0)
        tokens[new] = self._count_new(data, codes, starts[new], sizes[new])
        for index in new.tolist():
            self._long.put(words[index], int(tokens[index]))
        return tokens

    def _count_known(self, data: bytes, codes: Bytes, table: WordTable, starts: Ints, sizes: Ints) -> Ints:
        if not len(starts):
            return np.zeros(0, dtype=np.int64)
        columns = _columns(data, starts, sizes, table.width)
        slots = table.slots(columns)
        tokens = table.look_up(columns, slots)
        new = np.flatnonzero(tokens < 0)
        if len(new):
            new_columns = tuple(column[new] for column in columns)
            new_slots = slots[new]
            chosen = table.representatives(new_columns, new_slots)
            unique = np.flatnonzero(chosen == np.arange(len(chosen)))
            counts = np.zeros(len(new), dtype=np.int64)
            counts[unique] = self._count_new(data, codes, starts[new[unique]], sizes[new[unique]])
            tokens[new] = counts[chosen]
            table.remember(tuple(column[unique] for column in new_columns), new_slots[unique], counts[unique])
        return tokens

    def _count_new(self, data: bytes, codes: Bytes, starts: Ints, sizes: Ints) -> Ints:
        """Return the tokens of words, without looking at what is known."""
        tokens = np.zeros(len(starts), dtype=np.int64)
        if not len(starts):
            return tokens
        places, first = _spread(starts, starts + sizes)
        care = np.logical_or.reduceat(self._needs_care[codes[places]], first) | (sizes > _SHORT)
        careful = np.flatnonzero(care)
        tokens[careful] = self._words.count(_cut_out(data, starts[careful], sizes[careful]))
        plain = np.flatnonzero(~care)
        if len(plain):
            # One byte more than the word, to be overwritten by the newline.
            places, first = _spread(starts[plain], starts[plain] + sizes[plain] + 1)
            lines = codes[places]
            lines[first[1:] - 1] = _NEWLINE
            lines[-1] = _NEWLINE
            tokens[plain] = self._words.count_plain(lines.tobytes())
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


def _cut_out(data: bytes, starts: Ints, sizes: Ints) -> Iterator[str]:
    for start, size in zip(starts.tolist(), sizes.tolist(), strict=True):
        yield data[start : start + size].decode()


def _sums_between(places: Ints, tokens: Ints, borders: Ints) -> Ints:
    """Return the sum of the tokens at places between each border and the next."""
    totals = np.concatenate(([0], np.cumsum(tokens)))
    return np.diff(totals[np.searchsorted(places, borders)])


def _fill() -> npt.NDArray[np.uint64]:
    """Return for each word size and column the bits that lie behind the word's end."""
    used = np.clip(np.arange(LONGEST_WORD + 1)[None, :] - 8 * np.arange(LONGEST_WORD // 8)[:, None], 0, 8)
    ones = np.uint64(0xFFFF_FFFF_FFFF_FFFF)
    return np.where(used == 8, np.uint64(0), ones << (8 * (used % 8)).astype(np.uint64))


_FILL = _fill()


def _columns(data: bytes, starts: Ints, sizes: Ints, width: int) -> tuple[npt.NDArray[np.uint64], ...]:
    """Return the bytes of each word as 64-bit columns, filled up with 0xFF."""
    # Little-endian on every machine, so that the byte behind the end is always in the upper bits. Strides of
    # one byte let a word be read wherever it starts.
    eights = np.ndarray((len(data) - 7,), dtype="<u8", buffer=data, strides=(1,))
    return tuple(eights[starts + 8 * index] | _FILL[index][sizes] for index in range(width))
