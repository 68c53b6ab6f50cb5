"""Tests of ``render.comparison``: golden files, width, and what must not reach a terminal."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from tunestats import compare
from tunestats.render.comparison import render_comparison

HERE = Path(__file__).parent
SAMPLES = HERE.parent.parent / "sample_data"
PAIR = (SAMPLES / "preference.jsonl").read_text(encoding="utf-8").splitlines(keepends=True)[0]
WORD = '{"contents":[{"role":"user","parts":[{"text":"%s"}]},{"role":"model","parts":[{"text":"%s"}]}]}\n'


@pytest.mark.parametrize(
    ("training", "validation"),
    [
        ("sft.jsonl", "validation.jsonl"),
        ("preference.jsonl", "tools.jsonl"),
        ("broken.jsonl", "images.jsonl"),
    ],
    ids=["overlap", "nothing shared", "left out"],
)
def test_golden(
    training: str, validation: str, monkeypatch: pytest.MonkeyPatch, golden: Callable[[Path, str], None]
) -> None:
    monkeypatch.chdir(SAMPLES)
    made = compare(training, validation, multi_turn="turn")
    text = render_comparison(made)
    golden(HERE / "golden" / f"comparison.{Path(training).stem}.txt", text)
    assert max(map(len, text.splitlines())) <= 79
    plain = render_comparison(made, ascii_only=True)
    assert plain.replace("…", "").isascii()
    numbers, same_numbers = (re.sub("[█▉▊▋▌▍▎▏#]+", "", drawn).split() for drawn in (text, plain))
    assert numbers == same_numbers


def test_golden_of_preferences_with_an_outlier(
    write: Callable[..., Path], golden: Callable[[Path, str], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = [f"{'word ' * (number % 7)}{number}" for number in range(39)] + ["word " * 90_000]
    path = write("".join(PAIR.replace('"text": "', f'"text": "{text} ', 1) for text in asked))
    write(
        "".join(PAIR.replace('"text": "', f'"text": "no {text} ', 1) for text in asked[:5]),
        "validation.jsonl",
    )
    monkeypatch.chdir(path.parent)
    text = render_comparison(compare("train.jsonl", "validation.jsonl"))
    golden(HERE / "golden" / "comparison.scores.txt", text)
    assert max(map(len, text.splitlines())) <= 79


def test_names_cannot_steer_a_terminal(write: Callable[..., Path]) -> None:
    train = write(WORD % ("a", "b"))
    text = render_comparison(compare(train, write(WORD % ("a", "c"), "\x1b[31m.jsonl")))
    assert "\x1b" not in text
    assert r"\x1b[31m.jsonl" in text
