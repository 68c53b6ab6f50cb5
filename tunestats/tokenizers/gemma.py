"""Count tokens exactly as SentencePiece does with a Gemma vocabulary.

In: a ``Vocabulary`` and texts.
Out: their tokens.
Not here: how a batch is counted (``batch``), where vocabularies come from (``catalogue``).

Measured with ``python -m benchmarks.tokenizers`` and with ``--mixture 60`` (one thread, two busy Xeon cores,
CPython 3.11, tiktoken 0.14, 2026-11-23), in MB of UTF-8 per second of processor time, loading not included. *data*
is 7.9 MB of real tuning texts; in *mixture* every fiftieth word is new. Trust the ratios within a line only::

    data     cold  30.3  again  78.4  sentencepiece  2.4  tiktoken's own o200k 14.8  (in other runs 1.5 to 1.8 times)
    mixture  cold  38.5  again  52.0  sentencepiece  2.1  tiktoken's own o200k 13.3

Of 0.24 s for *data*, cold, tiktoken takes 0.09 for the new words; short ones cost 1 µs each.

Tried and dropped, as shares of this speed: words cut at whitespace only 0.5 to 0.7, Chinese and Japanese not cut at
their punctuation 0.85, tables without the neighbour's slot 0.9; tables of 2**16 words 0.85, of 2**17 0.9, of 2**19
and 2**20 the same; batches of 2**17 characters 0.9, of 2**19 and 2**20 the same. A text of 50 MB, whatever it
holds, takes the process to 200 MiB, 48 of them the text.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from tunestats.tokenizers.batch import DEFAULT_LIMITS, BatchCounter, Limits
from tunestats.tokenizers.cutting import Cutter
from tunestats.tokenizers.memo import Memo
from tunestats.tokenizers.protocol import TokenizerIdentity
from tunestats.tokenizers.ranks import rank_vocabulary
from tunestats.tokenizers.sentencepiece_model import ESCAPED_SPACE
from tunestats.tokenizers.vocabulary import Vocabulary
from tunestats.tokenizers.words import WordCounter

if TYPE_CHECKING:
    import numpy.typing as npt

__all__ = ["GemmaTokenizer"]

_SURROGATE = re.compile("[\ud800-\udfff]")
_LONG = 512  # characters; a shorter text is counted about as fast as it is remembered


class GemmaTokenizer:
    """A ``Tokenizer`` with bounded memory; the limits change its speed, never a count."""

    def __init__(
        self, vocabulary: Vocabulary, identity: TokenizerIdentity, limits: Limits = DEFAULT_LIMITS
    ) -> None:
        self._identity = identity
        symbols = (*vocabulary.symbols, *vocabulary.runs)
        self._words = WordCounter(rank_vocabulary(vocabulary, limits.by_hand), symbols, limits.window)
        self._batches = BatchCounter(vocabulary, self._words, limits)
        self._cutter = Cutter(vocabulary, limits.batch)
        self._memo: Memo[str] = Memo(limits.memo)
        self._limit = limits.batch
        self._long = min(_LONG, limits.batch)

    @property
    def identity(self) -> TokenizerIdentity:
        """Return which vocabulary this is."""
        return self._identity

    def count(self, texts: Sequence[str]) -> npt.NDArray[np.int64]:
        """Return the tokens of each text on its own; see ``Tokenizer.count``."""
        tokens = np.zeros(len(texts), dtype=np.int64)
        sizes = np.fromiter(map(len, texts), dtype=np.int64, count=len(texts))
        same = np.arange(len(texts))
        new: dict[str, int] = {}
        for index in np.flatnonzero(sizes >= self._long).tolist():
            known = self._known(texts[index])
            if known is None:
                same[index] = new.setdefault(texts[index], index)
            else:
                tokens[index], sizes[index] = known, 0
        sizes[same != np.arange(len(texts))] = 0
        for batch in self._batches_of(sizes):
            tokens[batch] = self._batches.count(_encode_all([texts[index] for index in batch.tolist()]))
        for text, index in new.items():
            self._memo.put(text, int(tokens[index]))
        return tokens[same]

    def _known(self, text: str) -> int | None:
        """Return the tokens of a text that is remembered, or is too long for a batch."""
        known = self._memo.get(text)
        if known is None and len(text) > self._limit:
            known = self._count_parts(text)
            self._memo.put(text, known)
        return known

    def _batches_of(self, sizes: npt.NDArray[np.int64]) -> list[npt.NDArray[np.int64]]:
        """Return the indexes of texts that have a size, cut into batches."""
        indexes = np.flatnonzero(sizes)
        numbers = np.cumsum(sizes[indexes]) // self._limit
        return np.split(indexes, np.flatnonzero(np.diff(numbers)) + 1) if len(indexes) else []

    def _count_parts(self, text: str) -> int:
        tokens = 0
        for part in self._cutter.parts(text.replace(ESCAPED_SPACE, " ")):
            if len(part) > self._limit:  # a single word
                tokens += int(self._words.count([_without_surrogates(part)])[0])
            else:
                tokens += int(self._batches.count(_encode_all([part]))[0])
        return tokens


def _encode_all(texts: list[str]) -> list[bytes]:
    """Return texts as UTF-8, with a space for U+2581, as SentencePiece takes one for the other."""
    try:
        return [text.replace(ESCAPED_SPACE, " ").encode() for text in texts]
    except UnicodeEncodeError:
        return [_without_surrogates(text).replace(ESCAPED_SPACE, " ").encode() for text in texts]


def _without_surrogates(text: str) -> str:
    """Return a text with U+FFFD for each lone surrogate, without a copy if there is none."""
    if not _SURROGATE.search(text):
        return text
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
