"""Counts equal those of sentencepiece, whatever the text, its neighbours and the limits."""

from __future__ import annotations

import json
import random
import re
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tunestats.tokenizers import Tokenizer, TokenizerIdentity
from tunestats.tokenizers.batch import Limits
from tunestats.tokenizers.gemma import GemmaTokenizer
from tunestats.tokenizers.ranks import drop_unreachable
from tunestats.tokenizers.sentencepiece_model import read_model
from tunestats.tokenizers.vocabulary import vocabulary_from_model

Pair = tuple[Tokenizer, Any]
Differences = Callable[[Pair, Sequence[str]], list[tuple[str, int, int]]]

# Written down once from sentencepiece 0.2.1 with the file of SHA-256 1299c11d….
KNOWN_COUNTS = {
    "": 0,
    " ": 1,
    "\n": 1,
    "a": 1,
    "Hello, world!": 4,
    "The quick brown fox jumps over the lazy dog.": 10,
    "Don't count on it: 12345 tokens?": 15,
    "def f(x):\n    return x + 1\n": 13,
    '{"name": "get_weather", "arguments": {"city": "Zürich"}}': 18,
    "東京は日本の首都です。": 6,
    "한국어를 배우고 있어요": 5,
    "Привет, как дела?": 5,
    "مرحبا بالعالم": 4,
    "👨‍👩‍👧‍👦🇨🇭": 9,
    "e\u0301e\u0301": 4,
    " " * 31: 1,
    " " * 32: 2,
    " " * 32 + "a": 2,
    " " * 33 + "a": 3,
    "\n" * 63: 3,
    "\t" * 32: 2,
    "a \n \t b": 6,
    "<start_of_turn>user\nHi<end_of_turn>": 5,
    "<bos>": 3,
    "<unused0><unused6241><unused6242>": 9,
    "<h1>x</h1>": 3,
    "> </": 1,
    "x> </y> </z": 5,
    "> </h1>": 3,
    " YYYY": 3,
    "a\u2581b": 2,
    "\u2581\u2581": 1,
    "\x00\x01\r\n": 4,
    "\U0010ffff": 4,
    "<|endoftext|>": 6,
}
OVERLAPS = [
    "<h1",
    "<h1><",
    "<<h1>>",
    "</h1</h1>",
    "<unused<unused1>",
    "<unused12",
    "[multimodal",
    "[[multimodal]]",
]
USER_SYMBOLS = [
    "<h1>",
    "</h1>",
    "<start_of_turn>",
    "<end_of_turn>",
    "[multimodal]",
    "<unused0>",
    "<unused99>",
    "<mask>",
]
FRAGMENTS = [
    *USER_SYMBOLS, *OVERLAPS, " ", "  ", " " * 30, " " * 31, " " * 32, " " * 62, " " * 63, "\n", "\n\n", "\n" * 31,
    "\n" * 32, "\t", "\t\t", "\t" * 33, "<", ">", "</", "> </", ">  </", " > </ ", "/", "[", "]", "\u2581",
    "\u2581\u2581", "> \u2581</", "a", " a", "the", " the", "YYYY", " YYYY", " yyyy", " diffformul", " ::::::::",
    "\r\n", "\r", "\x00", "\x0b", "\x85", "\u2028", "\xa0", "é", "e\u0301", "\u0301", "ß", "中", "中文字", "한국", "日本語。",
    "👍🏽", "👨‍👩‍👧", "\u200d", "\ufe0f", "\ufeff", "\ufffd", "\uffff", "\U0010ffff", "\U000e0041", "0", "1234", "-" * 40,
    "<bos>", "<eos>", "<0x0A>", "<|endoftext|>", ".", ",", '"', "'s", "x" * 40,
]  # fmt: skip
texts = st.lists(st.sampled_from(FRAGMENTS) | st.text(max_size=5), max_size=30).map("".join)
thorough = settings(deadline=None, max_examples=150, suppress_health_check=[HealthCheck.too_slow])


def strings_in(value: object) -> Iterator[str]:
    """Yield every string of a JSON value."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, list):
        for item in value:
            yield from strings_in(item)
    elif isinstance(value, dict):
        for key, item in value.items():
            yield key
            yield from strings_in(item)


def texts_of(data: Path) -> list[str]:
    """Return every string in the lines of all JSONL files, and every line that is not JSON, each once."""
    found: dict[str, None] = {}
    for path in sorted(data.rglob("*.jsonl")):
        for line in path.read_bytes().splitlines():
            try:
                value = json.loads(line)
            except (ValueError, RecursionError):
                value = line.decode("utf-8", "replace")
            found.update(dict.fromkeys(strings_in(value)))
    return [text.encode("utf-8", "replace").decode() for text in found]


@pytest.mark.parametrize(("text", "count"), KNOWN_COUNTS.items(), ids=map(ascii, KNOWN_COUNTS))
def test_known_count(gemma3: Tokenizer, text: str, count: int) -> None:
    assert gemma3.count([text]).tolist() == [count]


def test_known_counts_are_those_of_sentencepiece(pair: Pair) -> None:
    tokenizer, oracle = pair
    if tokenizer.identity.name != "gemma3":
        pytest.skip("the table is for gemma3")
    assert [len(ids) for ids in oracle.encode(list(KNOWN_COUNTS))] == list(KNOWN_COUNTS.values())


def test_shared_data(pair: Pair, differences: Differences, shared_data: Path) -> None:
    texts = texts_of(shared_data)
    assert len(texts) > 10_000
    assert differences(pair, texts) == []


def test_every_piece_alone_and_in_context(pair: Pair, differences: Differences) -> None:
    _, oracle = pair
    pieces = [oracle.id_to_piece(index) for index in range(0, oracle.get_piece_size(), 3)]
    for shape in ("{}", "x{}", "{} y", " {}"):
        assert differences(pair, [shape.format(piece) for piece in pieces]) == []


def test_every_user_symbol(pair: Pair, differences: Differences) -> None:
    _, oracle = pair
    shapes = ("{0}", "{0}{0}", "a{0}b", " {0} ", "{0}<h1>", "<{0}>", "{0}\n{0}", "> {0}")
    candidates = [oracle.id_to_piece(index) for index in range(oracle.get_piece_size())]
    symbols = [piece for piece in candidates if re.fullmatch(r"<\S+>|\[\S+\]|\n+|\t+|\u2581\u2581+", piece)]
    assert len(symbols) > 200
    assert differences(pair, [shape.format(symbol) for symbol in symbols for shape in shapes]) == []


@pytest.mark.parametrize("blank", [" ", "\n", "\t", "\u2581", "\r\n", "\xa0"], ids=ascii)
def test_whitespace_runs(pair: Pair, differences: Differences, blank: str) -> None:
    shapes = ("{}", "a{}", "{}a", "a{}b", "\n{}\n", " {}a", "{} a", "<h1>{}</h1>", ">{}</")
    runs = [blank * size for size in (*range(1, 70), 92, 93, 94, 95, 310, 311, 1000)]
    assert differences(pair, [shape.format(run) for run in runs for shape in shapes]) == []


def test_characters_of_every_plane(pair: Pair, differences: Differences) -> None:
    codes = [*range(0x3000), *range(0x3000, 0x110000, 61)]
    characters = [chr(code) for code in codes if not 0xD800 <= code < 0xE000]
    assert differences(pair, characters) == []
    assert differences(pair, [f"a{a}{b} {a}" for a, b in zip(characters, characters[1:], strict=False)]) == []


@pytest.mark.parametrize(
    "unit",
    ["a", "ab", "<", "-", "=", "中", "é", "👍", "0", "> </", "<h1", "<h1>", "\U0010ffff", "e\u0301"],
    ids=ascii,
)
def test_100_kilobytes_without_a_space(pair: Pair, differences: Differences, unit: str) -> None:
    text = unit * (100_000 // len(unit.encode()))
    assert differences(pair, [text, " " + text, text + " x"]) == []


def test_long_random_word(pair: Pair, differences: Differences) -> None:
    chance = random.Random(5)  # noqa: S311
    words = ["".join(chance.choices("abcdeABC012<>/-_中文é", k=size)) for size in (5_000, 20_000, 100_000)]
    assert differences(pair, words) == []


def test_several_megabytes_in_one_text(pair: Pair, differences: Differences) -> None:
    chance = random.Random(6)  # noqa: S311
    text = "".join(chance.choices(FRAGMENTS, k=400_000))
    assert len(text) > 2_000_000
    assert differences(pair, [text]) == []


def test_very_many_tiny_texts(pair: Pair, differences: Differences) -> None:
    chance = random.Random(7)  # noqa: S311
    assert differences(pair, chance.choices([*FRAGMENTS, "", "Yes", "No"], k=100_000)) == []


def test_random_mixtures(pair: Pair, differences: Differences) -> None:
    chance = random.Random(8)  # noqa: S311
    made = ["".join(chance.choices(FRAGMENTS, k=chance.randrange(1, 40))) for _ in range(20_000)]
    assert differences(pair, made) == []


@thorough
@given(made=st.lists(texts, max_size=8))
def test_any_texts(pair: Pair, differences: Differences, made: list[str]) -> None:
    assert differences(pair, made) == []


@thorough
@given(made=st.lists(texts, max_size=8), seed=st.randoms(use_true_random=False))
def test_batch_is_the_same_as_one_by_one(gemma3: Tokenizer, made: list[str], seed: random.Random) -> None:
    counts = gemma3.count(made)
    assert counts.dtype == np.int64
    assert counts.tolist() == [int(gemma3.count([text])[0]) for text in made]
    order = list(range(len(made)))
    seed.shuffle(order)
    assert gemma3.count([made[index] for index in order]).tolist() == counts[order].tolist()


@thorough
@given(made=st.lists(texts, max_size=8))
def test_limits_change_no_count(gemma3: Tokenizer, small_gemma3: GemmaTokenizer, made: list[str]) -> None:
    assert small_gemma3.count(made).tolist() == gemma3.count(made).tolist()
    joined = "".join(made) * 3
    assert small_gemma3.count([joined]).tolist() == gemma3.count([joined]).tolist()


@thorough
@given(
    merges=st.lists(st.text("ab▁>1\u3001中é", min_size=2, max_size=5), unique=True, max_size=12),
    symbols=st.sets(st.sampled_from(["ab", "aba", "bb>", ">>", "\n\n", "▁▁", "\t\t"]), max_size=4),
    made=st.lists(st.text("aab b>1\n\tcé中\u3001\u3002▁"), max_size=6),
)
def test_any_vocabulary(  # noqa: PLR0913, PLR0917  (fixtures)
    sentencepiece: Any,
    make_model: Callable[..., bytes],
    differences: Differences,
    merges: list[str],
    symbols: set[str],
    made: list[str],
) -> None:
    wanted = [merge for merge in merges if merge not in symbols and "▁▁" not in merge]
    data = make_model(wanted, sorted(symbols), "▁ab>1\u3001中é")
    oracle = sentencepiece.SentencePieceProcessor(model_proto=data)
    vocabulary = drop_unreachable(vocabulary_from_model(read_model(data)))
    for limits in (Limits(by_hand=0), Limits(), Limits(batch=8, table_bits=1, memo=0, window=4, by_hand=9)):
        tokenizer = GemmaTokenizer(vocabulary, TokenizerIdentity("made", "", exact=False), limits)
        assert differences((tokenizer, oracle), [*made, "".join(made) * 2]) == []


def test_lone_surrogates_do_not_stop_the_run(gemma3: Tokenizer) -> None:
    assert (
        gemma3.count(["a\ud800b", "\udfff" * 3]).tolist() == gemma3.count(["a\ufffdb", "\ufffd" * 3]).tolist()
    )


def test_no_texts(gemma3: Tokenizer) -> None:
    assert gemma3.count([]).shape == (0,)
    assert gemma3.count(["", ""]).tolist() == [0, 0]
