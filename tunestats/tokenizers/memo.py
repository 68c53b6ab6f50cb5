"""Remember the counts of texts and of long words, in bounded memory.

In: texts and their counts.
Out: the counts of texts that were seen lately; tuning data repeats system prompts and tool declarations.
Not here: short words (``word_table``).
"""

from __future__ import annotations

from typing import Generic, TypeVar

__all__ = ["Memo"]

_ENTRY = 200  # bytes that an entry takes besides its text, about

Text = TypeVar("Text", str, bytes)


class Memo(Generic[Text]):
    """Two generations of counts: when the young one is full, the old one is forgotten."""

    def __init__(self, budget: int) -> None:
        """Take the bytes to stay under; texts outside ASCII take up to four times as much."""
        self._half = budget // 2
        self._used = 0
        self._young: dict[Text, int] = {}
        self._old: dict[Text, int] = {}

    def get(self, text: Text) -> int | None:
        """Return the count of a text, if it is remembered."""
        count = self._young.get(text)
        if count is None and self._old:
            count = self._old.get(text)
            if count is not None:
                self.put(text, count)
        return count

    def put(self, text: Text, count: int) -> None:
        """Remember a count; a very long text is not, since it would push out too many others."""
        size = len(text) + _ENTRY
        if size > self._half // 8:
            return
        if self._used + size > self._half:
            self._old, self._young, self._used = self._young, {}, 0
        self._young[text] = count
        self._used += size
