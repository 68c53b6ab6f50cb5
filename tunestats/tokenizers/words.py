"""Count the tokens of words that nobody has counted yet.

In: words as ``edges`` finds them.
Out: the tokens of each.
Not here: how text is cut into words (``edges``), which words are known already (``word_table``).

Longer than a *window*, a word is encoded window by window, so that memory stays bounded. The result is
still exact: where two windows meet, the two tokens on either side are encoded together and must come out as
they are. If no adjacent pair of a sequence of tokens merges differently when it is alone, the sequence is
what BPE makes of the whole text: the first merge across a border would also be made in the pair, since the
inside of both tokens goes through the same merges there.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from tunestats.tokenizers.ranks import RankedEncoding
from tunestats.tokenizers.symbols import SymbolSplitter
from tunestats.tokenizers.vocabulary import SPACE

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

__all__ = ["WordCounter"]

_CONTINUES, _CONTINUATION = 0xC0, 0x80  # mask and value of a byte inside a UTF-8 character
_MARGIN = 16  # tokens at the end of a window that the next one may see differently
_TRIES = 16
_FLUSH = 1 << 18  # characters


class WordCounter:
    """Counts words with tiktoken; a window is a number of characters.

    Attributes:
        careful_bytes: What a word must not hold to be plain.
    """

    def __init__(self, encoding: RankedEncoding, symbols: tuple[str, ...], window: int) -> None:
        """Take all symbols, whitespace included."""
        self._encoding = encoding
        self._symbols = SymbolSplitter(symbols)
        self._window = window
        self.careful_bytes = {symbol.encode()[0] for symbol in symbols} - {SPACE}

    def count_plain(self, lines: bytes) -> npt.NDArray[np.int64]:
        """Return the tokens of plain words, each ended by a newline; two spaces in a row are not plain."""
        return self._encoding.count_lines(lines.decode())

    def count(self, words: Iterable[str]) -> npt.NDArray[np.int64]:
        """Return the tokens of any words, in bounded memory however long they are."""
        import numpy as np

        tokens: list[int] = []
        parts: list[str] = []
        owners: list[int] = []
        size = 0
        for index, word in enumerate(words):
            tokens.append(0)
            for part in self._symbols.split(word):
                if part is None:
                    tokens[index] += 1
                elif len(part) > self._window:
                    tokens[index] += self._count_long(part)
                else:
                    parts.append(part)
                    owners.append(index)
                    size += len(part) + 1
                    if size > _FLUSH:
                        self._add_parts(parts, owners, tokens)
                        size = 0
        self._add_parts(parts, owners, tokens)
        return np.array(tokens, dtype=np.int64)

    def _add_parts(self, parts: list[str], owners: list[int], tokens: list[int]) -> None:
        """Add the tokens of parts to the words they come from, and forget the parts."""
        counts = self._encoding.count_lines("\n".join([*parts, ""])).tolist() if parts else []
        for owner, count in zip(owners, counts, strict=True):
            tokens[owner] += count
        parts.clear()
        owners.clear()

    def _count_long(self, text: str) -> int:
        window = self._window
        while window < len(text):
            tokens = self._count_windows(text, window)
            if tokens is not None:
                return tokens
            window *= 8
        return int(self._encoding.weights[self._encoding.ranks(text)].sum())

    def _count_windows(self, text: str, window: int) -> int | None:
        """Return the tokens of a text, or ``None`` if two windows could not be proved to meet."""
        tokens = position = 0
        ranks = self._encoding.ranks(text[:window])
        while position + window < len(text):
            for kept, start in self._cuts(ranks, position + window):
                following = self._encoding.ranks(text[start : start + window])
                if self._meet(int(ranks[kept - 1]), int(following[0])):
                    break
            else:
                return None
            tokens += int(self._encoding.weights[ranks[:kept]].sum())
            ranks, position = following, start
        return tokens + int(self._encoding.weights[ranks].sum())

    def _cuts(self, ranks: npt.NDArray[np.uint32], end: int) -> Iterator[tuple[int, int]]:
        """Yield a few places between tokens that are between characters too: tokens kept, next position."""
        position = end
        for kept in range(len(ranks) - 1, max(len(ranks) - _MARGIN - _TRIES, 0), -1):
            token = self._encoding.encoding.decode_single_token_bytes(int(ranks[kept]))
            position -= sum(byte & _CONTINUES != _CONTINUATION for byte in token)
            starts_character = token[0] & _CONTINUES != _CONTINUATION
            if starts_character and (kept <= len(ranks) - _MARGIN or len(ranks) <= _MARGIN):
                yield kept, position

    def _meet(self, left: int, right: int) -> bool:
        """Tell whether two tokens stay what they are when they are encoded together."""
        decode = self._encoding.encoding.decode_single_token_bytes
        try:
            pair = decode(left).decode() + decode(right).decode()
        except UnicodeDecodeError:
            return True  # a part of a character outside the vocabulary: it merges with no neighbour
        return bool(self._encoding.ranks(pair).tolist() == [left, right])
