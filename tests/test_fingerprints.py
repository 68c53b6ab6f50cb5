"""Fingerprints tell examples apart, and do not where they should not."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tunestats.example import Example
from tunestats.fingerprints import (
    EXAMPLE,
    FINGERPRINT_BYTES,
    LINE,
    NO_FINGERPRINT,
    NO_KEY,
    PAIR,
    PROMPT,
    fingerprint,
    keys_of,
    prompt_key,
    prompt_keys,
    transcript,
)
from tunestats.formats.preference import read_preference
from tunestats.formats.sft import read_sft


def turn(role: str, *parts: Any) -> dict[str, Any]:
    return {"role": role, "parts": [{"text": part} if isinstance(part, str) else part for part in parts]}


def sft(*turns: dict[str, Any], **rest: Any) -> Example:
    return read_sft({"contents": list(turns), **rest})


def pair(good: str, bad: str, prompt: str = "Which?", *, swapped: bool = False) -> Example:
    completions = [
        {"score": 1, "completion": turn("model", good)},
        {"score": 0, "completion": turn("model", bad)},
    ]
    return read_preference(
        {"contents": [turn("user", prompt)], "completions": completions[:: -1 if swapped else 1]}
    )


def columns(example: Example, line: bytes = b"{}") -> tuple[bytes, bytes, bytes]:
    """Return the digests of line, example and prompt."""
    found = fingerprint(line, transcript(example))
    return found[LINE], found[EXAMPLE], found[PROMPT]


def pair_key(example: Example) -> bytes:
    return fingerprint(b"", transcript(example))[PAIR]


HI, HELLO = turn("user", "Hi there"), turn("model", "Hello")
PLAIN = sft(HI, HELLO)
CALL = {"functionCall": {"name": "now", "args": {"zone": "CET", "at": 1}}}
SAME = [
    pytest.param(PLAIN, sft(turn("user", " hi\n\tTHERE "), HELLO), id="white space and case"),
    pytest.param(PLAIN, sft({"parts": [{"text": "Hi there"}]}, HELLO), id="no role"),
    pytest.param(
        sft(HI, HELLO, systemInstruction=turn("system", "Be kind")),
        sft(HI, HELLO, system_instruction={"parts": [{"text": "be kind"}]}),
        id="spelling of keys",
    ),
    pytest.param(
        sft(HI, turn("model", CALL)),
        sft(HI, turn("model", {"function_call": {"args": {"at": 1, "zone": "cet"}, "name": "now"}})),
        id="order of keys",
    ),
    pytest.param(pair("Good", "Bad"), pair("good ", "bad", swapped=True), id="order of completions"),
    pytest.param(pair("Good", "bad"), pair("good", "Bad"), id="case that changes the order of answers"),
]
ANOTHER_ANSWER = [
    pytest.param(PLAIN, sft(HI, turn("model", "Go away")), id="text"),
    pytest.param(PLAIN, sft(HI, turn("model", "Hello", "!")), id="parts"),
    pytest.param(sft(HI, turn("model", CALL)), PLAIN, id="call"),
    pytest.param(pair("Good", "Bad"), pair("Bad", "Good"), id="opposite choice"),
    pytest.param(pair("Good", "Bad"), pair("Good", "Worse"), id="alternative"),
    pytest.param(pair("Good", "Bad"), sft(turn("user", "which?"), HELLO), id="supervised"),
]
ANOTHER_PROMPT = [
    pytest.param(PLAIN, sft(turn("user", "Hi, there"), HELLO), id="text"),
    pytest.param(PLAIN, sft(turn("user", "Hi", "there"), HELLO), id="parts"),
    pytest.param(PLAIN, sft(turn("model", "Hi there"), HELLO), id="role"),
    pytest.param(PLAIN, sft(HI, HELLO, HI, HELLO), id="turns"),
    pytest.param(PLAIN, sft(HI, HELLO, systemInstruction=turn("system", "Be kind")), id="system"),
    pytest.param(PLAIN, sft(HI, HELLO, tools=[{"functionDeclarations": [{"name": "now"}]}]), id="tools"),
    pytest.param(
        PLAIN, sft(HI, HELLO, generationConfig={"mediaResolution": "MEDIA_RESOLUTION_LOW"}), id="resolution"
    ),
    pytest.param(pair("Good", "Bad"), pair("Good", "Bad", "Where?"), id="prompt of a pair"),
    pytest.param(pair("Good", "Bad", "a"), pair("aGood", "Bad", ""), id="end of a pair's prompt"),
]


@pytest.mark.parametrize(("one", "other"), SAME)
def test_same(one: Example, other: Example) -> None:
    assert columns(one)[1:] == columns(other)[1:]
    assert prompt_key(one) == prompt_key(other)


@pytest.mark.parametrize(("one", "other"), ANOTHER_ANSWER)
def test_another_answer(one: Example, other: Example) -> None:
    assert columns(one)[1] != columns(other)[1]
    assert columns(one)[2] == columns(other)[2]
    assert prompt_key(one) == prompt_key(other)


@pytest.mark.parametrize(("one", "other"), ANOTHER_PROMPT)
def test_another_prompt(one: Example, other: Example) -> None:
    assert columns(one)[1] != columns(other)[1]
    assert columns(one)[2] != columns(other)[2]


@pytest.mark.parametrize(
    ("other", "same"),
    [
        (pair("GOOD", "bad"), True),
        (pair("bad", "good", swapped=True), True),
        (pair("Bad", "Good"), True),
        (pair("Good", "Worse"), False),
        (pair("GoodBad", ""), False),
        (pair("Good", "Bad", "Where?"), False),
    ],
    ids=["same", "swapped", "opposite", "alternative", "end of an answer", "prompt"],
)
def test_a_choice_between_the_same_answers(other: Example, same: bool) -> None:  # noqa: FBT001
    assert (pair_key(pair("Good", "Bad")) == pair_key(other)) is same


def spread(text: str, gap: str) -> str:
    """Write a text differently, so that it still is the same but for case and white space."""
    return gap.join(text.swapcase())


# About as long as what a key looks at, so that white space moves words out of sight and into it.
LONG = st.text(alphabet="aB é\u2003\x1c\0", max_size=250)


@given(st.lists(st.tuples(LONG, LONG), min_size=1, max_size=4), st.sampled_from(["", " ", "\n\t "]))
def test_prompts_that_are_the_same_have_the_same_key(texts: list[tuple[str, str]], gap: str) -> None:
    conversations = [sft(turn("user", first), HELLO, turn("user", last), HELLO) for first, last in texts]
    others = [
        sft(turn("user", spread(first, gap)), HELLO, turn("user", spread(last, gap)), HELLO)
        for first, last in texts
    ]
    keys = [prompt_key(example) for example in conversations]
    for key, one, other in zip(keys, conversations, others, strict=True):
        # Not all letters are folded, so some of them are not the same.
        if columns(one)[2] == columns(other)[2]:
            assert prompt_key(other) == key
    firsts, lasts = ([text.strip() for text in said] for said in zip(*texts, strict=True))
    assert prompt_keys(firsts, lasts) == keys_of(conversations) == keys


@pytest.mark.parametrize(
    ("first", "last"),
    [("b" + "x" * 200, "x" * 200 + "a"), ("a" + "x" * 200, "x" * 200 + "b"), ("a", "b")],
    ids=["beginning", "end", "short"],
)
def test_either_end_of_a_prompt_is_in_its_key(first: str, last: str) -> None:
    one = sft(turn("user", "a" + "x" * 200), HELLO, turn("user", "x" * 200 + "a"), HELLO)
    assert prompt_key(one) != prompt_key(sft(turn("user", first), HELLO, turn("user", last), HELLO))


def test_a_line_is_compared_as_it_stands() -> None:
    lines = [b"{}", b"{} ", b"{}\r", b"{}"]
    first, spaced, returned, again = (columns(PLAIN, line)[0] for line in lines)
    assert first == again
    assert len({first, spaced, returned}) == 3


@given(
    st.lists(st.text(max_size=3), min_size=1, max_size=3),
    st.lists(st.text(max_size=3), min_size=1, max_size=3),
)
def test_any_text_has_a_fingerprint(asked: list[str], answered: list[str]) -> None:
    example = sft(turn("user", *asked), turn("model", *answered))
    found = fingerprint(json.dumps(asked).encode(), transcript(example))
    assert len(found) == FINGERPRINT_BYTES
    assert found != NO_FINGERPRINT
    assert prompt_key(example) != NO_KEY


def test_unreadable_pieces_do_no_harm() -> None:
    values: list[Any] = [{}, {"contents": [None]}, {"contents": [{"parts": [None]}]}]
    for value in values:
        assert len(fingerprint(b"", transcript(read_sft(value)))) == FINGERPRINT_BYTES
        value |= {"completions": [None, {"completion": None}, {"score": "x"}]}
        assert len(fingerprint(b"", transcript(read_preference(value)))) == FINGERPRINT_BYTES


def test_deep_values_are_compared_too() -> None:
    deep = [json.loads('{"a_b": ' * 600 + value + "}" * 600) for value in ("[1, 2]", "[1, 2]", "[2, 1]")]
    same, again, other = (
        columns(sft(HI, turn("model", {"functionCall": {"name": "now", "args": value}}))) for value in deep
    )
    assert same == again
    assert same[1] != other[1]
