"""Count tokens exactly as SentencePiece does with a Gemma vocabulary.

In: a ``Vocabulary`` and texts.
Out: their tokens.
Not here: how a batch is counted (``batch``), where vocabularies come from (``catalogue``).

Measured with ``python -m benchmarks.tokenizers`` and with ``--mixture 30`` (one thread, two shared Xeon cores,
CPython 3.11, tiktoken 0.14, 2026-11-23), in MB of UTF-8 per second of processor time. *data* is 7.9 MB of real
tuning texts, where preparing tiktoken is a third of *cold*; in *mixture* every fiftieth word is new::

    data     cold  13.9  again  37.5  sentencepiece  3.1 MB/s
    mixture  cold  21.7  again  37.2  sentencepiece  3.0 MB/s

Plain tiktoken with these ranks and a call a text, without the table of words: up to 1.6 times as fast on small
real data, 15 to 25 % slower on the mixture and on large files, where speed matters.

Other tables on the mixture, cold: 2**15 words 17, 2**16 18, 2**17 19, 2**18 21 MB/s; batches of 256 kB and
more differ by less than 10 %. A text of 50 MB adds at most 70 MiB to the process (78 MiB before).
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
from tunestats.tokenizers.symbols import SymbolSplitter
from tunestats.tokenizers.vocabulary import Vocabulary
from tunestats.tokenizers.words import WordCounter

if TYPE_CHECKING:
    import numpy.typing as npt

__all__ = ["GemmaTokenizer"]

_SURROGATE = re.compile("[\ud800-\udfff]")


class _Waiting:
    """Different texts that make the next batch, and which of them stands where."""

    __slots__ = ("chosen", "indexes", "numbers", "size")

    def __init__(self) -> None:
        self.numbers: dict[str, int] = {}
        self.indexes: list[int] = []
        self.chosen: list[int] = []
        self.size = 0

    def add(self, index: int, text: str) -> None:
        """Let a text wait for its batch."""
        number = self.numbers.get(text)
        if number is None:
            number = self.numbers[text] = len(self.numbers)
            self.size += len(text) + 1
        self.indexes.append(index)
        self.chosen.append(number)


class GemmaTokenizer:
    """A ``Tokenizer`` with bounded memory; the limits change its speed, never a count."""

    def __init__(
        self, vocabulary: Vocabulary, identity: TokenizerIdentity, limits: Limits = DEFAULT_LIMITS
    ) -> None:
        self._identity = identity
        splitter = SymbolSplitter(vocabulary.symbols)
        self._words = WordCounter(rank_vocabulary(vocabulary, limits.by_hand), splitter, limits.window)
        self._batches = BatchCounter(vocabulary, self._words, splitter.first_bytes, limits)
        self._cutter = Cutter(vocabulary, limits.batch)
        self._memo: Memo[str] = Memo(limits.memo)
        self._batch = limits.batch

    @property
    def identity(self) -> TokenizerIdentity:
        """Return which vocabulary this is."""
        return self._identity

    def count(self, texts: Sequence[str]) -> npt.NDArray[np.int64]:
        """Return the tokens of each text on its own; see ``Tokenizer.count``."""
        tokens = np.zeros(len(texts), dtype=np.int64)
        waiting = _Waiting()
        for index, text in enumerate(texts):
            if text in waiting.numbers:
                waiting.add(index, text)
            elif (known := self._memo.get(text)) is not None:
                tokens[index] = known
            elif len(text) > self._batch:
                tokens[index] = self._count_long(text)
            else:
                waiting.add(index, text)
                if waiting.size > self._batch:
                    self._count_waiting(waiting, tokens)
                    waiting = _Waiting()
        self._count_waiting(waiting, tokens)
        return tokens

    def _count_waiting(self, waiting: _Waiting, tokens: npt.NDArray[np.int64]) -> None:
        if not waiting.numbers:
            return
        counts = self._batches.count([_encode(text) for text in waiting.numbers])
        tokens[waiting.indexes] = counts[waiting.chosen]
        for text, count in zip(waiting.numbers, counts.tolist(), strict=True):
            self._memo.put(text, count)

    def _count_long(self, text: str) -> int:
        tokens = 0
        for part in self._cutter.parts(_with_spaces(text)):
            if len(part) > self._batch:  # a single word
                tokens += int(self._words.count([_without_surrogates(part)])[0])
            else:
                tokens += int(self._batches.count([_encode(part)])[0])
        return tokens


def _encode(text: str) -> bytes:
    """Return a text as UTF-8 with the spaces the vocabulary has."""
    text = _with_spaces(text)
    try:
        return text.encode()
    except UnicodeEncodeError:
        return _without_surrogates(text).encode()


def _with_spaces(text: str) -> str:
    """Return a text with a space for U+2581, as SentencePiece takes one for the other."""
    return text.replace(ESCAPED_SPACE, " ") if ESCAPED_SPACE in text else text


def _without_surrogates(text: str) -> str:
    """Return a text with U+FFFD for each lone surrogate, without a copy if there is none."""
    if not _SURROGATE.search(text):
        return text
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
