"""Split text at user-defined symbols.

In: a text and the symbols of a vocabulary.
Out: the symbols' places, found from the left and the longest first, as SentencePiece does.
Not here: runs of whitespace, which are symbols too but are counted by their length (``batch``).
"""

from __future__ import annotations

import re
from collections.abc import Iterator

__all__ = ["SymbolSplitter"]

_HEAD = 2  # characters; almost all symbols start with one of few pairs such as `<u` or `</`


class SymbolSplitter:
    """Finds symbols; one pattern with thousands of alternatives would take longer to compile than to use."""

    def __init__(self, symbols: tuple[str, ...]) -> None:
        self._symbols = frozenset(symbols)
        self._lengths: dict[str, list[int]] = {}
        for symbol in symbols:
            lengths = self._lengths.setdefault(symbol[:_HEAD], [])
            if len(symbol) not in lengths:
                lengths.append(len(symbol))
        for lengths in self._lengths.values():
            lengths.sort(reverse=True)
        heads = sorted(self._lengths, key=len, reverse=True)
        self._heads = re.compile("|".join(map(re.escape, heads)) or "(?!)")

    @property
    def first_bytes(self) -> bytes:
        """Return the bytes that a symbol can start with; text without them needs no splitting."""
        return bytes(sorted({symbol.encode()[0] for symbol in self._symbols}))

    def split(self, text: str) -> Iterator[str | None]:
        """Yield the pieces of text between symbols, and ``None`` for each symbol.

        >>> list(SymbolSplitter(("<b>", "</b>")).split("a<b>b</b>"))
        ['a', None, 'b', None]
        """
        done = position = 0
        while head := self._heads.search(text, position):
            start = head.start()
            length = self._symbol_length(text, start)
            if length == 0:
                position = start + 1
                continue
            if start > done:
                yield text[done:start]
            yield None
            done = position = start + length
        if done < len(text):
            yield text[done:]

    def _symbol_length(self, text: str, start: int) -> int:
        for size in (_HEAD, 1):
            for length in self._lengths.get(text[start : start + size], ()):
                if text[start : start + length] in self._symbols:
                    return length
        return 0
