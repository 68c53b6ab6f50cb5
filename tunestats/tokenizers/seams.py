"""Find between which bytes no token can reach across.

In: a ``Vocabulary``; text as UTF-8.
Out: for each byte whether it may be cut from the one before it.
Not here: what cuts words apart besides, or holds them together (``edges``).

Two bytes that no piece of the vocabulary has side by side are never merged, so a cut between them changes no
count. In gemma3 no piece holds letters and punctuation, or a digit and anything else. What follows a byte is
learned from the pieces and kept as eight groups, so that two translations and one ``&`` find all cuts. A group
is a little too large, so words are now and then longer than they could be: that costs time and never a count.

Punctuation of three bytes (Chinese, Japanese, curly quotes) ends in a byte that letters end in too, so what
follows these *marks* is learned and looked up by code point. Without that, a Chinese paragraph is one word.
"""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING

import numpy as np

from tunestats.tokenizers.vocabulary import SEPARATOR, SPACE, WHITESPACE, Vocabulary

if TYPE_CHECKING:
    import numpy.typing as npt

    Ints = npt.NDArray[np.int64]
    Bytes = npt.NDArray[np.uint8]

__all__ = ["Seams"]

_LETTERS = frozenset(b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ")
_DIGITS = frozenset(b"0123456789")
_OTHERS = frozenset(range(0x80)) - _LETTERS - _DIGITS - frozenset(b" \n\t")
_CONTINUATIONS, _LEADS = range(0x80, 0xC0), range(0xC0, SEPARATOR)
# The eighth group is that of marks. Digits and tabs share one, as hardly anything is together with either.
_GROUPS = (b" ", b"\n", b"\t0123456789", _LETTERS, _OTHERS, _CONTINUATIONS, _LEADS)
_MARK = 1 << len(_GROUPS)
_MARK_LEADS = (0xE2, 0xE3, 0xEF)


class Seams:
    """What one vocabulary holds together."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        groups = np.zeros(256, dtype=np.uint8)
        for bit, group in enumerate(_GROUPS):
            groups[list(group)] = 1 << bit
        self._groups = groups.tobytes()
        self._is_mark = _marks(vocabulary)
        self._followers, self._mark_followers = self._learn(vocabulary)

    def find(self, data: bytes, codes: Bytes) -> npt.NDArray[np.bool_]:
        """Return for each byte whether a word may start there.

        Args:
            data: Texts, with separators around each, which are words too, and several at the end.
            codes: The same bytes.
        """
        places, marks = self._find_marks(codes)
        followers = np.frombuffer(bytearray(data).translate(self._followers), dtype=np.uint8)
        followers[places + 2] = self._mark_followers[marks]
        is_start = np.ones(len(codes), dtype=np.bool_)
        np.equal(followers[:-1] & self._groups_of(data, places)[1:], 0, out=is_start[1:])
        return is_start

    def _learn(self, vocabulary: Vocabulary) -> tuple[bytes, Bytes]:
        """Return the groups of what may follow each byte, and each mark."""
        data = vocabulary.joined
        codes = np.frombuffer(data, dtype=np.uint8)
        places, marks = self._find_marks(codes)
        groups = self._groups_of(data, places)
        # A space behind something is in bridges only, see ``edges``.
        groups[codes == SPACE] = 0
        mark_followers = np.zeros(1 << 16, dtype=np.uint8)
        np.bitwise_or.at(mark_followers, marks, groups[places + 3])
        pairs = codes[:-1].astype(np.uint16) << 8 | groups[1:]
        pairs[places + 2] = 0
        are_together = np.zeros(1 << 16, dtype=np.bool_)
        are_together[pairs] = True
        held = are_together.reshape(256, 256) * np.arange(256, dtype=np.uint8)
        followers = np.bitwise_or.reduce(held, axis=1)
        followers[SEPARATOR] = 0
        followers[_CONTINUATIONS.start : SEPARATOR] |= self._groups[_CONTINUATIONS.start]
        for blank, longest in zip(WHITESPACE, vocabulary.longest_runs, strict=True):
            if longest > 1:
                followers[ord(blank)] |= self._groups[ord(blank)]
        return followers.tobytes(), mark_followers

    def _find_marks(self, codes: Bytes) -> tuple[Ints, Ints]:
        """Return where marks of three bytes are, and their code points."""
        found = np.zeros(len(codes), dtype=np.bool_)
        for lead in _MARK_LEADS:
            found |= codes == lead
        places = np.flatnonzero(found)
        points = codes[places].astype(np.int64) << 12 & 0xF000
        points |= codes[places + 1].astype(np.int64) << 6 & 0xFC0
        points |= codes[places + 2] & 0x3F
        are_marks = self._is_mark[points]
        return places[are_marks], points[are_marks]

    def _groups_of(self, data: bytes, places: Ints) -> Bytes:
        """Return the group of each byte; at these places are marks."""
        groups = np.frombuffer(bytearray(data).translate(self._groups), dtype=np.uint8)
        groups[places] = _MARK
        return groups


def _marks(vocabulary: Vocabulary) -> npt.NDArray[np.bool_]:
    """Return for each code point whether it is a mark."""
    is_mark = np.zeros(1 << 16, dtype=np.bool_)
    for encoded in vocabulary.characters:
        if len(encoded) == 3 and encoded[0] in _MARK_LEADS:
            character = encoded.decode()
            # Joiners (Cf) stand between letters.
            is_mark[ord(character)] = not character.isalnum() and unicodedata.category(character) != "Cf"
    return is_mark
