"""Merge the first new words of a run without tiktoken.

In: the ranks of a vocabulary; words.
Out: their tokens, as long as there are not too many words.
Not here: all other words (``ranks``).

tiktoken takes 0.18 s and 50 MiB to prepare so many ranks, and 1 µs for a word; this takes 5 µs. Most files hold few
words that are no piece of the vocabulary, so they need no tiktoken; where there are many, little time was lost.
"""

from __future__ import annotations

from collections.abc import Mapping
from itertools import accumulate, pairwise

__all__ = ["BY_HAND", "HandCounter"]

# A word takes about 0.7 µs for each unit of ``_effort``, so this is a bit more than half of tiktoken's preparation.
BY_HAND = 150_000
_QUADRATIC = 64
_NEVER = 1 << 32


class HandCounter:
    """Counts words until a budget is spent, and remembers them; all of them together are bounded by it."""

    def __init__(self, ranks: Mapping[bytes, int], budget: int) -> None:
        """Take ranks, and how much to merge."""
        self._ranks = ranks
        self._left = budget
        self._known: dict[str, int] = {}

    def count(self, text: str) -> list[int] | None:
        """Return the tokens of each line, or ``None`` if that is too much; every line ends with a newline."""
        known = self._known
        lines = text.split("\n")[:-1]
        new = {line for line in lines if line not in known}
        effort = sum(map(_effort, new))
        if effort > self._left:
            return None
        self._left -= effort
        known.update((line, self._merge(line)) for line in new)
        return [known[line] for line in lines]

    def _merge(self, line: str) -> int:
        """Return the tokens of one word."""
        get, word = self._ranks.get, line.encode()
        if word in self._ranks:
            return 1
        sizes = (1 for _ in line) if line.isascii() else (len(character.encode()) for character in line)
        edges = [0, *accumulate(sizes)]
        # The rank of each token together with the next.
        pairs = [get(word[start:end], _NEVER) for start, end in zip(edges, edges[2:], strict=False)]
        while pairs and (best := min(pairs)) != _NEVER:
            place = pairs.index(best)
            del pairs[place], edges[place + 1]
            if place:
                pairs[place - 1] = get(word[edges[place - 1] : edges[place + 1]], _NEVER)
            if place < len(pairs):
                pairs[place] = get(word[edges[place] : edges[place + 2]], _NEVER)
        # What is no piece is a character that falls back to bytes.
        return sum([1 if word[start:end] in self._ranks else end - start for start, end in pairwise(edges)])


def _effort(line: str) -> int:
    return 1 + len(line) + len(line) ** 2 // _QUADRATIC
