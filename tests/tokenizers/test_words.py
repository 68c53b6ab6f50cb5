"""Long words, symbols and remembered words give the counts they give without windows, splits and tables."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tunestats.tokenizers.by_hand import HandCounter
from tunestats.tokenizers.memo import Memo
from tunestats.tokenizers.packed import packed_path, unpack
from tunestats.tokenizers.ranks import RankedEncoding, rank_vocabulary
from tunestats.tokenizers.symbols import SymbolSplitter
from tunestats.tokenizers.word_table import WordTable
from tunestats.tokenizers.words import WordCounter

words = st.lists(
    st.sampled_from(["a", "ab", "the", "ing", "-", "--", "中", "文", "é", "\U0010ffff", "👍", "12"])
).map("".join)


@pytest.fixture(scope="module")
def encoding() -> RankedEncoding:
    return rank_vocabulary(unpack(packed_path("gemma3").read_bytes()).vocabulary, by_hand=0)


@settings(deadline=None)
@given(word=words.filter(bool), times=st.integers(1, 20), window=st.integers(4, 40))
def test_windows_change_no_count(encoding: RankedEncoding, word: str, times: int, window: int) -> None:
    whole = WordCounter(encoding, (), 1_000_000)
    assert WordCounter(encoding, (), window).count([word * times]) == whole.count([word * times])


@pytest.fixture(scope="module")
def by_hand() -> RankedEncoding:
    return rank_vocabulary(unpack(packed_path("gemma3").read_bytes()).vocabulary, by_hand=10**12)


@settings(deadline=None)
@given(
    made=st.lists(words.filter(bool) | st.text(min_size=1).filter(lambda text: "\n" not in text), min_size=1)
)
def test_by_hand_is_the_same_as_tiktoken(
    encoding: RankedEncoding, by_hand: RankedEncoding, made: list[str]
) -> None:
    lines = "\n".join([*made, ""])
    assert by_hand.count_lines(lines).tolist() == encoding.count_lines(lines).tolist()
    assert "encoding" not in vars(by_hand)


def test_words_are_merged_by_hand_until_the_budget_is_spent() -> None:
    ranks = {piece: rank for rank, piece in enumerate((b"a", b"b", b"aa", b"ab", b"aab"))}
    counter = HandCounter(ranks, budget=10)
    assert counter.count("aab\nbab\n") == [1, 2]
    # What is known costs nothing, what is new is too much, and nothing changes by asking.
    assert counter.count("bab\n" * 9) == [2] * 9
    assert counter.count("bab\nabc\n") is None
    assert counter.count("aab\nab\n") is None
    assert counter.count("a\naab\n") == [1, 1]


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("", []),
        ("plain", ["plain"]),
        ("<b>", [None]),
        ("<b><bb>", [None, None]),
        ("<<b>>", ["<", None, ">"]),
        ("<b<bb>", ["<b", None]),
        ("<bb", ["<bb"]),
        ("x#y", ["x", None, "y"]),
        ("#<b>#", [None, None, None]),
        ("<<bb>b>", ["<", None, "b>"]),
    ],
    ids=ascii,
)
def test_split(text: str, parts: list[str | None]) -> None:
    assert list(SymbolSplitter(("<b>", "<bb>", "#")).split(text)) == parts


def test_no_symbols() -> None:
    assert list(SymbolSplitter(()).split("<b>")) == ["<b>"]


def as_columns(values: Sequence[tuple[int, ...]]) -> tuple[np.ndarray, ...]:
    return tuple(np.array(column, dtype=np.uint64) for column in zip(*values, strict=True))


pairs = st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9)), min_size=1)


@given(filled=pairs, batches=st.lists(pairs, max_size=6), bits=st.integers(1, 4))
def test_table_never_returns_the_count_of_another_word(
    filled: list[tuple[int, int]], batches: list[list[tuple[int, int]]], bits: int
) -> None:
    table = WordTable(2, bits)
    table.fill(as_columns([(10, second) for _, second in filled]), 255)
    for batch in batches:
        columns = as_columns(batch)
        truth = np.array([10 * first + second for first, second in batch])
        found, new = table.look_up(columns)
        known = np.delete(np.arange(len(batch)), new.indexes)
        assert (found[known] == truth[known]).all()
        assert (truth[new.unique[new.numbers]] == truth[new.indexes]).all()
        assert (table.learn(new, truth[new.unique]) == truth[new.indexes]).all()


def test_table_keeps_two_words_of_one_slot() -> None:
    table = WordTable(1, bits=1)
    words = np.arange(1, 20, dtype=np.uint64)
    both = words[table._slots((words,)) == 0][:2]
    for word in both:
        table.learn(table.look_up((word[None],))[1], word[None].astype(np.int64))
    counts, new = table.look_up((both,))
    assert counts.tolist() == both.tolist()
    assert not len(new.indexes)


@given(texts=st.lists(st.text("ab", max_size=3), max_size=200))
def test_memo_is_bounded_and_true(texts: list[str]) -> None:
    memo: Memo[str] = Memo(4_000)
    for text in texts:
        assert memo.get(text) in (None, len(text))
        memo.put(text, len(text))
    assert len(memo._young) + len(memo._old) <= 20
