"""Find user-defined symbols.

In: text or UTF-8, and the symbols of a vocabulary in the same form.
Out: the symbols' places, found from the left and the longest first, as SentencePiece does.
Not here: what is between them (``edges``, ``words``).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import AnyStr, Generic

__all__ = ["SymbolFinder", "SymbolSplitter"]

_HEAD = 2  # almost all symbols start with one of few pairs such as `<u` or `</`


class SymbolFinder(Generic[AnyStr]):
    """Finds symbols; one pattern with thousands of alternatives would take longer to compile than to use."""

    def __init__(self, symbols: Iterable[AnyStr]) -> None:
        self._symbols: frozenset[AnyStr] = frozenset(symbols)
        self._lengths: dict[AnyStr, list[int]] = {}
        for symbol in sorted(self._symbols, key=len, reverse=True):
            lengths = self._lengths.setdefault(symbol[:_HEAD], [])
            if not lengths or lengths[-1] != len(symbol):
                lengths.append(len(symbol))

    @property
    def heads(self) -> Iterable[AnyStr]:
        """Return the first one or two characters, or bytes, of all symbols."""
        return self._lengths

    def spans(self, text: AnyStr, candidates: Iterable[int]) -> Iterator[tuple[int, int]]:
        """Yield start and end of each symbol; candidates are, in order, at least the places of all heads."""
        done = 0
        for start in candidates:
            if start >= done and (length := self._length(text, start)):
                done = start + length
                yield start, done

    def _length(self, text: AnyStr, start: int) -> int:
        for size in (_HEAD, 1):
            for length in self._lengths.get(text[start : start + size], ()):
                if text[start : start + length] in self._symbols:
                    return length
        return 0


class SymbolSplitter:
    """Splits text at symbols."""

    def __init__(self, symbols: Iterable[str]) -> None:
        self._finder = SymbolFinder(symbols)
        # Looking ahead finds heads that overlap, too.
        self._heads = re.compile(f"(?={'|'.join(map(re.escape, self._finder.heads)) or '(?!)'})")

    def split(self, text: str) -> Iterator[str | None]:
        """Yield the pieces of text between symbols, and ``None`` for each symbol.

        >>> list(SymbolSplitter(("<b>", "</b>")).split("a<b>b</b>"))
        ['a', None, 'b', None]
        """
        done = 0
        candidates = (found.start() for found in self._heads.finditer(text))
        for start, end in self._finder.spans(text, candidates):
            if start > done:
                yield text[done:start]
            yield None
            done = end
        if done < len(text):
            yield text[done:]
