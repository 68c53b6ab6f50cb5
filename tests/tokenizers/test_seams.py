"""Words can be cut where no piece reaches across, and are cut as short as their tables need."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tunestats.tokenizers.edges import EdgeFinder
from tunestats.tokenizers.packed import packed_path, unpack
from tunestats.tokenizers.vocabulary import Vocabulary


@pytest.fixture(scope="module")
def gemma3_edges() -> EdgeFinder:
    return EdgeFinder(unpack(packed_path("gemma3").read_bytes()).vocabulary)


def words_of(finder: EdgeFinder, text: str) -> list[str]:
    """Return the words that a text is cut into."""
    data = b"\xff" + text.encode() + b"\xff" * 4
    starts = finder.starts(data, np.frombuffer(data, dtype=np.uint8)).tolist()
    assert starts[:2] == [0, 1]
    assert starts[-4:] == list(range(len(data) - 4, len(data)))
    return [data[start:end].decode() for start, end in zip(starts[1:-4], starts[2:-3], strict=True)]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("The cat's paw.", ["The", " cat", "'", "s", " paw", "."]),
        ("x12 = 3.5;", ["x", "1", "2", " =", " ", "3", ".", "5", ";"]),
        ("don\u2019t \u201cquote\u201d", ["don", "\u2019", "t", " \u201c", "quote", "\u201d"]),
        ("你好\uff0c世界。", ["你好", "\uff0c", "世界", "。"]),
        ("if x:\n    y()\n\n\tz", ["if", " x", ":", "\n", "    y", "()", "\n\n", "\t", "z"]),
        ("> </b", ["> </", "b"]),
        ("> </h1>", ["> ", "</h1>"]),
        ("> <", [">", " <"]),
        ("<h1>a<h1", ["<h1>", "a", "<", "h", "1"]),
        ("a [multimodal]b", ["a", " ", "[multimodal]", "b"]),
        ("naïve Größe", ["naïve", " Größe"]),
    ],
    ids=ascii,
)
def test_cut(gemma3_edges: EdgeFinder, text: str, words: list[str]) -> None:
    assert words_of(gemma3_edges, text) == words


@given(
    merges=st.lists(st.text("ab-1、中", min_size=2, max_size=4), unique=True, max_size=8),
    text=st.text("ab-1、中", max_size=20),
)
def test_no_merge_is_cut(merges: Sequence[str], text: str) -> None:
    vocabulary = Vocabulary(
        characters=tuple(sorted(character.encode() for character in "ab-1、中")),
        merges=tuple(merge.encode() for merge in merges),
        symbols=(),
        longest_runs=(31, 31, 31),
    )
    words = words_of(EdgeFinder(vocabulary), text)
    assert "".join(words) == text
    assert all(
        sum(word.count(merge) for word in words) == text.count(merge)
        for merge in merges
        if len(set(merge)) == len(merge)
    )
