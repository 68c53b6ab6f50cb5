"""A model file is read as sentencepiece reads it, and refused with one clear error if that cannot be."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tunestats.errors import VocabularyError
from tunestats.tokenizers.ranks import drop_unreachable
from tunestats.tokenizers.sentencepiece_model import read_model
from tunestats.tokenizers.vocabulary import Vocabulary, vocabulary_from_model
from tunestats.tokenizers.wire import WireError, iter_fields

MakeModel = Callable[..., bytes]
UNREACHABLE = {
    "gemma3": {" YYYY", " yyyy", " diffformul", " ::::::::"},
    "gemma2": {" \u0441\u0441\u0441\u0440"},
}

REFUSED = {
    "unigram": ({"model_type": 1}, "its type is 1, not BPE"),
    "no byte fallback": ({"byte_fallback": False}, "no byte fallback"),
    "dummy prefix": ({"dummy_prefix": True}, "dummy prefix"),
    "extra whitespace": ({"extra_whitespaces": True}, "removes extra whitespace"),
    "not escaped": ({"escape": False}, "does not escape"),
    "suffix": ({"suffix": True}, "as a suffix"),
    "normalizer": ({"character_map": b"x"}, "normalizer `identity` changes"),
    "bytes missing": ({"bytes_there": 255}, "256 byte pieces"),
    "same piece twice": ({"merges": ["ab", "ab"]}, "are the same"),
    "unknown character": ({"merges": ["az"]}, "lacks a character"),
    "no space": ({"characters": "ab"}, "lacks a character"),
    "two spaces": ({"merges": ["▁▁a"]}, "more than one whitespace"),
    "newline in a piece": ({"merges": ["a\n"], "characters": "▁ab\n"}, "more than one whitespace"),
    "gap in runs": ({"symbols": ["\n\n\n"]}, "have gaps"),
    "mixed symbol": ({"symbols": ["a▁b"]}, "mixes text and whitespace"),
    "empty piece": ({"symbols": [""]}, "is empty"),
    "unused piece": ({"extra": b"\x0a\x05\x0a\x01q\x18\x05"}, "of type 5"),
    "equal scores": (
        {"merges": ["ab"], "extra": b"\x0a\x09\x0a\x02ba\x15\x00\x00\x00\x00"},
        "the same score",
    ),
    "score not a number": ({"extra": b"\x0a\x09\x0a\x02ba\x15\x00\x00\xc0\x7f"}, "the same score"),
}


def vocabulary_of(data: bytes) -> Vocabulary:
    return drop_unreachable(vocabulary_from_model(read_model(data)))


def test_reads_what_was_written(make_model: MakeModel) -> None:
    vocabulary = vocabulary_of(make_model(["▁a", "ab", "a▁b"], ["<x>", "\n\n", "▁▁", "▁▁▁"]))
    assert vocabulary.merges == (b" a", b"ab")  # `a b` cannot be reached: ` a` and `ab` merge first
    assert vocabulary.characters == (b" ", b"a", b"b")
    assert vocabulary.symbols == ("<x>",)
    assert vocabulary.longest_runs == (3, 2, 1)


def test_pieces_are_those_of_sentencepiece(model_file: tuple[str, Path], sentencepiece: Any) -> None:
    _, path = model_file
    oracle = sentencepiece.SentencePieceProcessor(model_file=str(path))
    pieces = read_model(path.read_bytes()).pieces
    assert len(pieces) == oracle.get_piece_size()
    for index in range(0, len(pieces), 7):
        assert pieces[index].text == oracle.id_to_piece(index).replace("▁", " ")
        assert pieces[index].score == oracle.get_score(index)


def test_unreachable_pieces(model_file: tuple[str, Path]) -> None:
    name, path = model_file
    vocabulary = vocabulary_from_model(read_model(path.read_bytes()))
    dropped = set(vocabulary.merges) - set(drop_unreachable(vocabulary).merges)
    assert {piece.decode() for piece in dropped} == UNREACHABLE[name]


@pytest.mark.parametrize(("arguments", "reason"), REFUSED.values(), ids=REFUSED)
def test_refused(make_model: MakeModel, arguments: dict[str, Any], reason: str) -> None:
    with pytest.raises(VocabularyError, match=reason):
        vocabulary_of(make_model(**arguments))


def test_every_truncation_is_refused(make_model: MakeModel) -> None:
    data = make_model(["ab", "▁a"], ["<x>"])
    for size in range(0, len(data), 3):
        with pytest.raises(VocabularyError):
            vocabulary_of(data[:size])


@settings(deadline=None, max_examples=300)
@given(data=st.data())
def test_damage_is_an_error_or_a_vocabulary(make_model: MakeModel, data: st.DataObject) -> None:
    model = bytearray(make_model(["ab", "▁a"], ["<x>"]))
    for _ in range(data.draw(st.integers(1, 4))):
        model[data.draw(st.integers(0, len(model) - 1))] = data.draw(st.integers(0, 255))
    try:
        vocabulary_of(bytes(model))
    except VocabularyError:
        return


@given(st.binary(max_size=60))
def test_garbage(garbage: bytes) -> None:
    with pytest.raises(VocabularyError):
        vocabulary_of(garbage)


@pytest.mark.parametrize(
    "data",
    [
        b"\x08",
        b"\x08" + b"\xff" * 11,
        b"\x0a\x05ab",
        b"\x0b",
        b"\x0d\x00",
        b"\x09\x00",
        b"\x0a" + b"\xff" * 9 + b"\x01",
    ],
    ids=["no value", "long number", "cut bytes", "group", "cut 32", "cut 64", "huge size"],
)
def test_wire_error(data: bytes) -> None:
    with pytest.raises(WireError):
        list(iter_fields(data))
