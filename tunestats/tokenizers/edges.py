"""Cut a batch of texts into words that are counted each on its own.

In: a ``Vocabulary``; texts as UTF-8.
Out: where words start.
Not here: between which bytes a cut is safe (``seams``), what a word costs (``batch``, ``words``).

Two things take more than looking at neighbours. A *bridge*, a piece with a space inside, is held together
where it really stands (gemma3 has one, ``> </``). A user-defined symbol is a word, whatever is around it.
Runs of whitespace are symbols too, but these are not cut from the word behind them, since the last space may
belong to either.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

import numpy as np

from tunestats.tokenizers.seams import Seams
from tunestats.tokenizers.symbols import SymbolFinder
from tunestats.tokenizers.vocabulary import SPACE, Vocabulary

if TYPE_CHECKING:
    import numpy.typing as npt

    Ints = npt.NDArray[np.int64]
    Bytes = npt.NDArray[np.uint8]

__all__ = ["EdgeFinder"]


class EdgeFinder:
    """Finds the words of one vocabulary."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self._seams = Seams(vocabulary)
        self._bridges = [
            (bridge, place)
            for bridge in vocabulary.bridges
            for place in range(1, len(bridge))
            if bridge[place] == SPACE
        ]
        self._symbols = SymbolFinder([symbol.encode() for symbol in vocabulary.symbols])
        self._first_bytes = {head[0] for head in self._symbols.heads}
        self._heads = np.zeros((256, 256), dtype=np.bool_)
        for head in self._symbols.heads:
            self._heads[head[0], head[1] if len(head) > 1 else slice(None)] = True

    def starts(self, data: bytes, codes: Bytes) -> Ints:
        """Return where words start.

        Args:
            data: Texts, with separators around each, which are words too, and several at the end.
            codes: The same bytes.
        """
        is_start = self._seams.find(data, codes)
        self._hold_bridges(data, codes, is_start)
        for start, end in self._symbols.spans(data, self._candidates(codes)):
            is_start[start + 1 : end] = False
            is_start[start] = is_start[end] = True
        return np.flatnonzero(is_start)

    def _hold_bridges(self, data: bytes, codes: Bytes, is_start: npt.NDArray[np.bool_]) -> None:
        for bridge, place in self._bridges:
            # bytes.find takes three times as long.
            spaces = np.flatnonzero((codes[1:] == SPACE) & (codes[:-1] == bridge[place - 1])) + 1
            for space in spaces.tolist():
                if data.startswith(bridge, space - place):
                    is_start[space] = False

    def _candidates(self, codes: Bytes) -> Iterable[int]:
        """Return where a symbol may start."""
        found = np.zeros(len(codes), dtype=np.bool_)
        for byte in self._first_bytes:
            found |= codes == byte
        places = np.flatnonzero(found)
        return map(int, places[self._heads[codes[places], codes[places + 1]]])
