"""Compare with sentencepiece for as long as wanted: ``TUNESTATS_COMPARE_SECONDS=300 pytest tests/tokenizers``."""

from __future__ import annotations

import os
import random
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest

from tunestats.tokenizers import Tokenizer

SECONDS = float(os.environ.get("TUNESTATS_COMPARE_SECONDS", "0"))
SIMPLE = [
    " ",
    "  ",
    "\n",
    "\t",
    "<",
    ">",
    "</",
    "> </",
    "\u2581",
    "a",
    " a",
    "[",
    "]",
    "\r\n",
    "\x00",
    "\u0301",
    "\u200d",
]
RANGES = [(0, 0x20), (0x20, 0x7F), (0x80, 0x3000), (0x3000, 0xD800), (0xE000, 0x110000), (0x1F300, 0x1F700)]


def any_characters(chance: random.Random) -> str:
    """Return some characters of all kinds."""
    return "".join(chr(chance.randrange(*chance.choice(RANGES))) for _ in range(chance.randrange(1, 60)))


def mutate(chance: random.Random, text: str, pieces: Sequence[str]) -> str:
    """Return a text with a few things put in and taken out."""
    for _ in range(chance.randrange(1, 8)):
        place = chance.randrange(len(text) + 1)
        put_in = chance.choice(
            [
                chance.choice(SIMPLE),
                chance.choice(pieces),
                any_characters(chance),
                " " * chance.randrange(70),
                "",
            ]
        )
        text = text[:place] + put_in + text[place + chance.choice([0, 0, 1, 4]) :]
    return text


def make_text(chance: random.Random, sources: Sequence[str], pieces: Sequence[str]) -> str:
    """Return a real text changed, words in another order, pieces in a row or a repetition."""
    kind = chance.randrange(5)
    if kind == 0:
        words = chance.choice(sources).split(" ")
        chance.shuffle(words)
        return chance.choice([" ", "", "  ", "\n"]).join(words)
    if kind == 1:
        return "".join(chance.choices(pieces, k=chance.randrange(1, 40)))
    if kind == 2:
        return "".join(chance.choices(SIMPLE, k=chance.randrange(1, 12))) * chance.randrange(1, 100)
    return mutate(chance, chance.choice(sources), pieces)


@pytest.mark.skipif(not SECONDS, reason="TUNESTATS_COMPARE_SECONDS is not set")
def test_long_comparison(
    pair: tuple[Tokenizer, Any],
    differences: Callable[[tuple[Tokenizer, Any], Sequence[str]], list[tuple[str, int, int]]],
) -> None:
    oracle = pair[1]
    chance = random.Random(time.time_ns())  # noqa: S311
    pieces = [oracle.id_to_piece(index) for index in range(oracle.get_piece_size())]
    files = sorted(Path(os.__file__).parent.rglob("*.py"))
    end = time.monotonic() + SECONDS
    compared = 0
    while time.monotonic() < end:
        content = chance.choice(files).read_bytes().decode("utf-8", "replace")
        sources = [content[start : start + 800] for start in range(0, len(content), 800)] or [""]
        texts = [make_text(chance, sources, pieces) for _ in range(2000)] + sources
        assert differences(pair, texts) == []
        compared += len(texts)
    print(f"{compared} texts compared")  # noqa: T201
