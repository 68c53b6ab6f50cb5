"""Read a SentencePiece ``.model`` file, without the sentencepiece package.

In: the bytes of the file; they are not trusted.
Out: its pieces with score and type, and the few settings that decide how text is cut.
Not here: whether such a model is supported, and what its pieces do (``vocabulary``).

Field numbers are from ``sentencepiece_model.proto`` of google/sentencepiece.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import IntEnum
from typing import NamedTuple

from tunestats.errors import VocabularyError
from tunestats.tokenizers.wire import WireError, as_bytes, as_float, as_int, iter_fields

__all__ = ["ESCAPED_SPACE", "ModelType", "Piece", "PieceType", "SentencePieceModel", "read_model"]

ESCAPED_SPACE = "\u2581"
_PIECES, _TRAINER, _NORMALIZER = 1, 2, 3


class PieceType(IntEnum):
    """What a piece is for."""

    NORMAL = 1
    UNKNOWN = 2
    CONTROL = 3
    USER_DEFINED = 4
    UNUSED = 5
    BYTE = 6


class Piece(NamedTuple):
    """One entry of the vocabulary, with a plain space where the file writes U+2581."""

    text: str
    score: float
    type: int


class ModelType(IntEnum):
    """How a model cuts text; the file's default is unigram."""

    UNIGRAM = 1
    BPE = 2
    WORD = 3
    CHAR = 4


@dataclass(slots=True)
class SentencePieceModel:
    """What the file says; defaults are those of the format."""

    pieces: list[Piece] = field(default_factory=list)
    model_type: int = ModelType.UNIGRAM
    byte_fallback: bool = False
    whitespace_as_suffix: bool = False
    normalizer: str = ""
    has_character_map: bool = False
    dummy_prefix: bool = True
    remove_extra_whitespaces: bool = True
    escape_whitespaces: bool = True


def read_model(data: bytes) -> SentencePieceModel:
    """Return what a ``.model`` file holds.

    Raises:
        VocabularyError: It is not such a file, or a part of one.
    """
    try:
        model = SentencePieceModel(pieces=list(_iter_pieces(data)))
        for number, value in iter_fields(data):
            if number == _TRAINER:
                _read_trainer(as_bytes(value), model)
            elif number == _NORMALIZER:
                _read_normalizer(as_bytes(value), model)
    except (WireError, UnicodeDecodeError) as error:
        raise VocabularyError(
            f"not a SentencePiece model, or not all of one: {error}; fetch the file again"
        ) from error
    if not model.pieces:
        raise VocabularyError("not a SentencePiece model: it holds no pieces; fetch the file again")
    return model


def _iter_pieces(data: bytes) -> Iterator[Piece]:
    for number, value in iter_fields(data):
        if number == _PIECES:
            yield _read_piece(as_bytes(value))


def _read_piece(data: bytes) -> Piece:
    text, score, kind = b"", 0.0, int(PieceType.NORMAL)
    for number, value in iter_fields(data):
        if number == 1:
            text = as_bytes(value)
        elif number == 2:
            score = as_float(value)
        elif number == 3:
            kind = as_int(value)
    return Piece(text.decode().replace(ESCAPED_SPACE, " "), score, kind)


def _read_trainer(data: bytes, model: SentencePieceModel) -> None:
    for number, value in iter_fields(data):
        if number == 3:
            model.model_type = as_int(value)
        elif number == 24:
            model.whitespace_as_suffix = bool(as_int(value))
        elif number == 35:
            model.byte_fallback = bool(as_int(value))


def _read_normalizer(data: bytes, model: SentencePieceModel) -> None:
    for number, value in iter_fields(data):
        if number == 1:
            model.normalizer = as_bytes(value).decode("utf-8", "replace")
        elif number == 2:
            model.has_character_map = bool(as_bytes(value))
        elif number == 3:
            model.dummy_prefix = bool(as_int(value))
        elif number == 4:
            model.remove_extra_whitespaces = bool(as_int(value))
        elif number == 5:
            model.escape_whitespaces = bool(as_int(value))
