"""Turn the pieces of a SentencePiece BPE model into what the counting engine needs.

In: a ``SentencePieceModel``.
Out: a ``Vocabulary``: characters, merges in order, user-defined symbols, whitespace runs; or a
``VocabularyError`` for a model that cuts text in a way the engine does not know.
Not here: ranks and weights (``ranks``), the packed file (``packed``).

All texts in a ``Vocabulary`` are UTF-8 with a plain space where the model writes U+2581.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from tunestats.errors import VocabularyError
from tunestats.tokenizers.sentencepiece_model import ModelType, Piece, PieceType, SentencePieceModel

__all__ = ["LONGEST_WORD", "SEPARATOR", "SPACE", "WHITESPACE", "Vocabulary", "vocabulary_from_model"]

_USED_TYPES = frozenset(PieceType) - {PieceType.UNUSED}
WHITESPACE = (" ", "\n", "\t")
SPACE = 0x20
SEPARATOR = 0xFF  # no UTF-8 holds it
LONGEST_WORD = 32  # bytes of a word that the tables hold


@dataclass(frozen=True)
class Vocabulary:
    """A SentencePiece BPE vocabulary of Gemma's kind.

    Attributes:
        characters: Every character that is a piece of its own; any other becomes its UTF-8 bytes.
        merges: Pieces of two characters and more, the one that merges first in front.
        symbols: User-defined symbols that are not whitespace; each counts one wherever it stands.
        longest_runs: For space, newline and tab the longest run that is one token.
    """

    characters: tuple[bytes, ...]
    merges: tuple[bytes, ...]
    symbols: tuple[str, ...]
    longest_runs: tuple[int, int, int]

    @property
    def runs(self) -> tuple[str, ...]:
        """Return the whitespace that is a token of its own; a single space may belong to a word."""
        return tuple(
            blank * length
            for blank, longest in zip(WHITESPACE, self.longest_runs, strict=True)
            for length in range(2 if blank == " " else 1, longest + 1)
        )

    @cached_property
    def joined(self) -> bytes:
        """Return all characters, then all merges, each with a separator behind it, and more of these at the end."""
        return b"\xff".join([*self.characters, *self.merges, b"\xff" * LONGEST_WORD])

    @cached_property
    def bridges(self) -> tuple[bytes, ...]:
        """Return the merges that reach across a space; without them words are independent."""
        import numpy as np

        codes = np.frombuffer(self.joined, dtype=np.uint8)
        spaces = np.flatnonzero((codes[1:] == SPACE) & (codes[:-1] != SEPARATOR)) + 1
        pieces = (self._piece_around(place) for place in spaces.tolist())
        return tuple(dict.fromkeys(pieces))

    def _piece_around(self, place: int) -> bytes:
        separator = bytes([SEPARATOR])
        return self.joined[self.joined.rfind(separator, 0, place) + 1 : self.joined.index(separator, place)]


def vocabulary_from_model(model: SentencePieceModel) -> Vocabulary:
    """Return the vocabulary of a model.

    Raises:
        VocabularyError: The model is not of the supported kind; the message says why.
    """
    _check_settings(model)
    _check_pieces(model.pieces)
    normal = [piece for piece in model.pieces if piece.type == PieceType.NORMAL]
    symbols = [piece.text for piece in model.pieces if piece.type == PieceType.USER_DEFINED]
    merges = sorted((piece for piece in normal if len(piece.text) > 1), key=lambda piece: -piece.score)
    characters = {piece.text for piece in normal if len(piece.text) == 1}
    _check_merges(merges, characters)
    return Vocabulary(
        characters=tuple(sorted(character.encode() for character in characters)),
        merges=tuple(piece.text.encode() for piece in merges),
        symbols=tuple(sorted(symbol for symbol in symbols if not _is_whitespace(symbol))),
        longest_runs=_longest_runs([symbol for symbol in symbols if _is_whitespace(symbol)]),
    )


def _is_whitespace(text: str) -> bool:
    return not text.strip("".join(WHITESPACE))


def _refuse(reason: str) -> VocabularyError:
    return VocabularyError(f"this SentencePiece model is not supported: {reason}; use a Gemma `.model` file")


def _check_settings(model: SentencePieceModel) -> None:
    wrong = {
        f"its type is {model.model_type}, not BPE": model.model_type != ModelType.BPE,
        "it has no byte fallback": not model.byte_fallback,
        "it writes whitespace as a suffix": model.whitespace_as_suffix,
        f"its normalizer `{model.normalizer}` changes the text": model.has_character_map,
        "it adds a dummy prefix": model.dummy_prefix,
        "it removes extra whitespace": model.remove_extra_whitespaces,
        "it does not escape whitespace": not model.escape_whitespaces,
    }
    for reason, is_wrong in wrong.items():
        if is_wrong:
            raise _refuse(reason)


def _check_pieces(pieces: list[Piece]) -> None:
    byte_pieces = {piece.text for piece in pieces if piece.type == PieceType.BYTE}
    if byte_pieces != {f"<0x{byte:02X}>" for byte in range(256)}:
        raise _refuse("it does not have the 256 byte pieces")
    texts = [piece.text for piece in pieces]
    if len(set(texts)) != len(texts):
        raise _refuse("two of its pieces are the same")
    for piece in pieces:
        if (
            not piece.text
            or piece.type not in PieceType.__members__.values()
            or piece.type == PieceType.UNUSED
        ):
            raise _refuse(f"its piece `{piece.text}` is empty or of type {piece.type}")
        if piece.type == PieceType.USER_DEFINED and not _is_plain_symbol(piece.text):
            raise _refuse(f"its symbol {piece.text!r} mixes text and whitespace")


def _is_plain_symbol(symbol: str) -> bool:
    return len(set(symbol)) == 1 or not any(blank in symbol for blank in WHITESPACE)


def _check_merges(merges: list[Piece], characters: set[str]) -> None:
    if " " not in characters or not characters.issuperset("".join(piece.text for piece in merges)):
        raise _refuse("it lacks a character that its longer pieces are made of")
    scores = [piece.score for piece in merges]
    # Equal scores would be settled by place in the text, which ranks cannot say.
    if len(set(scores)) != len(scores) or not all(map(math.isfinite, scores)):
        raise _refuse("two of its pieces have the same score")
    for piece in merges:
        if any(blanks in piece.text for blanks in ("\n", "\t", "  ")):
            raise _refuse(f"its piece {piece.text!r} holds more than one whitespace character")


def _longest_runs(symbols: Iterable[str]) -> tuple[int, int, int]:
    """Return the longest run of space, newline and tab; all shorter runs must be symbols too."""
    longest = []
    for blank in WHITESPACE:
        lengths = {len(symbol) for symbol in symbols if symbol[0] == blank} | {1}
        if lengths != set(range(1, max(lengths) + 1)):
            raise _refuse(f"its runs of {blank!r} have gaps")
        longest.append(max(lengths))
    space, newline, tab = longest
    return space, newline, tab
