"""Make tiktoken do what SentencePiece does.

In: a ``Vocabulary``.
Out: a ``RankedEncoding``: a tiktoken encoding and how many SentencePiece tokens each of its tokens is.
Not here: where text is cut before it gets here (``batch``), symbols (``symbols``).

Both merge the adjacent pair with the best rank, the leftmost first. SentencePiece starts from characters and
tiktoken from bytes, so the lowest ranks build characters: the 256 bytes, the 2- and 3-byte beginnings of
longer characters, the characters. A beginning that is left over belongs to a character outside the vocabulary
and *weighs* as many tokens as it has bytes, since SentencePiece falls back to bytes there.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING

from tunestats.tokenizers.by_hand import BY_HAND, HandCounter
from tunestats.tokenizers.vocabulary import Vocabulary

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt
    import tiktoken

__all__ = [
    "CHUNK_PATTERN",
    "NEWLINE_RANK",
    "RankedEncoding",
    "drop_unreachable",
    "rank_vocabulary",
]

# Chunks arrive one on a line; tiktoken cuts nowhere else.
CHUNK_PATTERN = r"[^\n]+|\n"
NEWLINE_RANK = 10


class RankedEncoding:
    """Ranks with their weights; a newline weighs nothing, since it only separates.

    The first new words are merged by hand (``by_hand``); both ways give the same counts.
    """

    def __init__(
        self, ranks: dict[bytes, int], weights: npt.NDArray[np.int32], by_hand: int = BY_HAND
    ) -> None:
        """Take ranks, which are used up, their weights, and how much to merge by hand."""
        self.weights = weights
        self._ranks = ranks
        self._by_hand: HandCounter | None = HandCounter(ranks, by_hand)

    @cached_property
    def encoding(self) -> tiktoken.Encoding:
        """Return the ranks as a tiktoken encoding."""
        import tiktoken

        encoding = tiktoken.Encoding(
            "sentencepiece-bpe", pat_str=CHUNK_PATTERN, mergeable_ranks=self._ranks, special_tokens={}
        )
        # tiktoken has copies of its own. It keeps this dictionary too, for pickling, which takes 30 MiB.
        self._by_hand = None
        self._ranks.clear()
        return encoding

    def ranks(self, text: str) -> npt.NDArray[np.uint32]:
        """Return the ranks of the tokens of a text."""
        return self.encoding.encode_to_numpy(text, disallowed_special=())

    def count_lines(self, text: str) -> npt.NDArray[np.int64]:
        """Return the tokens of each line; every line ends with a newline and is one chunk."""
        import numpy as np

        counts = self._by_hand.count(text) if self._by_hand else None
        if counts is not None:
            return np.array(counts, dtype=np.int64)
        ranks = self.ranks(text)
        totals = np.cumsum(self.weights[ranks], dtype=np.int64)
        return np.diff(totals[np.flatnonzero(ranks == NEWLINE_RANK)], prepend=0)


def rank_vocabulary(vocabulary: Vocabulary, by_hand: int = BY_HAND) -> RankedEncoding:
    """Return the encoding of a vocabulary, all of whose merges can be reached."""
    import numpy as np

    ranked = [bytes([byte]) for byte in range(256)]
    beginnings = [_beginnings(vocabulary.characters, size) for size in (2, 3)]
    weights = [1] * 256 + [2] * len(beginnings[0]) + [3] * len(beginnings[1])
    for tokens in beginnings:
        ranked += tokens
    ranked += [character for character in vocabulary.characters if len(character) > 1]
    ranked += vocabulary.merges
    all_weights = np.ones(len(ranked), dtype=np.int32)
    all_weights[: len(weights)] = weights
    all_weights[NEWLINE_RANK] = 0
    return RankedEncoding(dict(zip(ranked, range(len(ranked)), strict=True)), all_weights, by_hand)


def _beginnings(characters: Iterable[bytes], size: int) -> list[bytes]:
    return sorted({character[:size] for character in characters if len(character) > size})


def _stranger(vocabulary: Vocabulary) -> str:
    """Return a character that merges with nothing, since the vocabulary does not have it."""
    characters = set(vocabulary.characters)
    return next(chr(code) for code in range(0x10FFFF, 0xFFFF, -1) if chr(code).encode() not in characters)


def drop_unreachable(vocabulary: Vocabulary) -> Vocabulary:
    """Return the vocabulary without the merges that no sequence of merges arrives at (gemma3 has four).

    tiktoken takes a chunk that is in the ranks whole, even if merging could not build it. Such a piece cannot
    appear inside a longer text either: nothing merges across its border, so its inside is as if alone.
    """
    stopper = _stranger(vocabulary)
    trial = rank_vocabulary(vocabulary, by_hand=0)
    # With a stopper behind it a piece is no longer a whole chunk, so it has to be merged.
    alone = [merge.decode() + stopper for merge in vocabulary.merges]
    counts = trial.count_lines("\n".join([*alone, ""]))
    reachable = counts == 1 + len(stopper.encode())
    if reachable.all():
        return vocabulary
    merges = tuple(merge for merge, kept in zip(vocabulary.merges, reachable.tolist(), strict=True) if kept)
    return replace(vocabulary, merges=merges)
