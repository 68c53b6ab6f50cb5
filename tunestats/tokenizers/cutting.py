"""Cut a long text where no token crosses.

In: a text of any length.
Out: parts whose tokens add up to those of the text; only a part that is one word may be longer than asked
for.
Not here: how a part is counted (``batch``, ``words``).
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from tunestats.tokenizers.vocabulary import WHITESPACE, Vocabulary

__all__ = ["Cutter"]

# The first character of a run of one kind of whitespace. Before it a cut is safe: no token holds a character
# and then whitespace, or two kinds of whitespace. Only a space inside a bridge is no such place.
_RUN_START = re.compile(r"(?<!\n)\n|(?<! ) |(?<!\t)\t")
_RUN = re.compile(r" +|\n+|\t+")
_NEAR = 4_096


class Cutter:
    """Cuts texts for one vocabulary."""

    def __init__(self, vocabulary: Vocabulary, limit: int) -> None:
        """Take the vocabulary and the length of a part, in characters."""
        self._limit = limit
        self._longest = dict(zip(WHITESPACE, vocabulary.longest_runs, strict=True))
        self._bridges = [
            (bridge.decode(), place)
            for bridge in vocabulary.bridges
            for place, character in enumerate(bridge.decode())
            if place and character == " "
        ]

    def parts(self, text: str) -> Iterator[str]:
        """Yield the parts of a text in order."""
        start = 0
        while start < len(text):
            stop = self._stop(text, start)
            yield text[start:stop]
            start = stop

    def _stop(self, text: str, start: int) -> int:
        limit = start + self._limit
        if limit >= len(text):
            return len(text)
        for near in (max(start + 1, limit - _NEAR), start + 1):
            if stop := self._last_run_start(text, near, limit):
                return stop
        return self._stop_in_run(text, start) or self._next_run_start(text, limit)

    def _last_run_start(self, text: str, near: int, limit: int) -> int | None:
        stops = [found.start() for found in _RUN_START.finditer(text, near, limit)]
        return next((stop for stop in reversed(stops) if not self._is_bridge(text, stop)), None)

    def _stop_in_run(self, text: str, start: int) -> int | None:
        """Return a stop in or behind the run of whitespace at the start, or ``None`` at a word."""
        run = _RUN.match(text, start, start + self._limit + 1)
        if not run:
            return None
        length, longest = run.end() - start, self._longest[text[start]]
        if length > self._limit:
            # A run is counted from its start, so it may be cut at a multiple of the longest token.
            length = max(self._limit // longest, 1) * longest
        elif text[start] == " " and (length - 1) % longest == 0:
            length -= 1  # the last space belongs to the word behind it
        return start + length if length else None

    def _next_run_start(self, text: str, limit: int) -> int:
        for found in _RUN_START.finditer(text, limit):
            if not self._is_bridge(text, found.start()):
                return found.start()
        return len(text)

    def _is_bridge(self, text: str, stop: int) -> bool:
        return any(text.startswith(bridge, max(stop - place, 0)) for bridge, place in self._bridges)
