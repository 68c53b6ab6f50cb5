"""Tests of ``quoting``: words that can be copied into a shell."""

import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tunestats.quoting import shell_word

PRINTABLE = st.text(st.characters(min_codepoint=32, max_codepoint=126), min_size=1, max_size=20)


@given(PRINTABLE)
def test_a_shell_takes_the_word_as_the_name(name: str) -> None:
    # One word, whatever it holds: /bin/sh says what it understood.
    done = subprocess.run(
        ["/bin/sh", "-c", f"printf %s {shell_word(name)}"], capture_output=True, text=True, check=True
    )
    assert done.stdout == name


@pytest.mark.parametrize(
    ("name", "word"),
    [
        ("train.jsonl", "train.jsonl"),
        (r"C:\data\train.jsonl", r"C:\data\train.jsonl"),
        (r"C:\my data\a.jsonl", r'"C:\my data\a.jsonl"'),
        ("a&b.jsonl", '"a&b.jsonl"'),
    ],
)
def test_windows_has_other_quotes(name: str, word: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "win32")
    assert shell_word(name) == word
