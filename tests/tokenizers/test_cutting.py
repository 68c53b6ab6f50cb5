"""The parts of a text add up to it, and only a single word is longer than asked for."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tunestats.tokenizers import Tokenizer
from tunestats.tokenizers.cutting import Cutter
from tunestats.tokenizers.vocabulary import Vocabulary

VOCABULARY = Vocabulary(characters=(), merges=(b"> </",), symbols=(), longest_runs=(31, 31, 31))
made = st.lists(
    st.sampled_from(["a", "bc", " ", "  ", "\n", "\t", "> </", " " * 31, " " * 32, "\n" * 70, "x" * 50])
).map("".join)


@given(text=made, limit=st.integers(32, 100))
def test_parts_are_the_text(text: str, limit: int) -> None:
    parts = list(Cutter(VOCABULARY, limit).parts(text))
    assert "".join(parts) == text
    assert all(parts)
    for part in parts:
        word = part.replace("> </", "")[1:]
        assert len(part) <= limit or not set(word) & set(" \n\t")


@settings(deadline=None)
@given(text=made, limit=st.integers(32, 100))
def test_parts_have_the_tokens_of_the_text(gemma3: Tokenizer, text: str, limit: int) -> None:
    parts = list(Cutter(VOCABULARY, limit).parts(text))
    assert int(gemma3.count(parts).sum()) == int(gemma3.count([text])[0])


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("aaa bbb ccc ddd", ["aaa bbb", " ccc ddd"]),
        ("aaa\n\nbbb\n\nccc", ["aaa\n\nbbb", "\n\nccc"]),
        ("aaa> </bbb ccc", ["aaa> </bbb", " ccc"]),
        ("a" * 20 + " b", ["a" * 20, " b"]),
    ],
    ids=["spaces", "newlines", "bridge", "word"],
)
def test_cut(text: str, parts: list[str]) -> None:
    assert list(Cutter(VOCABULARY, 10).parts(text)) == parts
