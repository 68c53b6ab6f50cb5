"""What is called plain has no flaw at all, and is read as the full reader reads it."""

import copy
import json
import re
from collections.abc import Callable
from itertools import zip_longest
from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.oracle import EXAMPLES, mutated, seeded
from tunestats.checks import check_preference, check_sft
from tunestats.counting import speak
from tunestats.example import Spoken
from tunestats.findings import Flaw, Flaws
from tunestats.fingerprints import NO_KEY, prompt_key, transcript
from tunestats.formats import FORMATS
from tunestats.quotes import quotes_in, quotes_of

CHECKS = {"sft": check_sft, "preference": check_preference}
BY_FORMAT = pytest.mark.parametrize("format_name", FORMATS)
MUTATED = 10_000


def flaws_of(value: Any, format_name: str) -> list[Flaw]:
    """Return everything that the full checker says."""
    flaws = Flaws()
    if FORMATS[format_name].check_shape(value, flaws):
        CHECKS[format_name](FORMATS[format_name].read(value), flaws)
    return flaws


def is_plain(value: Any, format_name: str) -> bool:
    raw = json.dumps(value).encode()
    return FORMATS[format_name].plain.decode_lines([raw]).examples != [None]


def assert_sound(value: Any, format_name: str) -> bool:
    """Hold the laws for one object; return whether it is plain."""
    steps = FORMATS[format_name]
    raw = json.dumps(value).encode()
    [plain], [key], quotes = steps.plain.decode_lines([raw])
    if plain is not None:
        assert flaws_of(value, format_name) == []
        assert quotes == quotes_of(value) == quotes_in(raw)
        assert steps.fit(value) == quotes
        assert plain.read() == steps.read(value)
        assert plain.transcript() == transcript(steps.read(value))
        assert key == prompt_key(steps.read(value))
        spoken, expected = Spoken(), Spoken()
        plain.speak([plain], spoken)
        speak([steps.read(value)], expected)
        assert spoken == expected
    return plain is not None


@BY_FORMAT
def test_mutated_examples(format_name: str) -> None:
    random = seeded(6)
    # Mostly what comes close to being plain.
    examples = [value for value in EXAMPLES[format_name] if is_plain(value, format_name)]
    plain = 0
    for _ in range(MUTATED):
        value = mutated(random.choice(examples), random, random.choice((1, 1, 2)))
        plain += assert_sound(value, format_name)
    assert 100 < plain < MUTATED * 0.9


# Texts about which there may be something to say as the answer to, or the rival of, another one.
SHORT = st.text(alphabet=' \na{[`"\u200b\u00ad', max_size=3)
ANSWERS = st.sampled_from(
    ["nan", "[object Object]", "a b", "a  b", "ab", "```", "```a```", "{", '{"a', "[1]", "[x", "x" * 20_000]
)
TEXTS = SHORT | ANSWERS | st.text(max_size=2) | st.none() | st.integers()
PARTS = st.lists(st.fixed_dictionaries({"text": TEXTS}), max_size=2)
TURNS = st.fixed_dictionaries(
    {"parts": PARTS}, optional={"role": st.sampled_from(["user", "model", "", "x", None])}
)
SCORES = st.sampled_from([0, 1, 0.0, 1.0, -0.0, 2, True, False, "1", None])
LINES = st.fixed_dictionaries(
    {},
    optional={
        "contents": st.lists(TURNS, max_size=3),
        "completions": st.lists(st.fixed_dictionaries({"score": SCORES, "completion": TURNS}), max_size=3),
        "systemInstruction": TURNS,
        "system_instruction": TURNS,
    },
)


@BY_FORMAT
@given(value=LINES | st.dictionaries(st.sampled_from(["contents", "completions"]), st.lists(st.integers())))
def test_any_object(format_name: str, value: Any) -> None:
    assert_sound(value, format_name)


@BY_FORMAT
@given(data=st.data())
def test_any_texts(format_name: str, data: st.DataObject) -> None:
    texts = st.lists(SHORT | ANSWERS, min_size=1, max_size=2).map(
        lambda parts: [{"text": part} for part in parts]
    )
    value = copy.deepcopy(EXAMPLES[format_name][0])
    turns = [*value["contents"], *[item["completion"] for item in value.get("completions", [])]]
    for turn in turns:
        turn["parts"] = data.draw(texts)
    assert_sound(value, format_name)


HI = {"role": "user", "parts": [{"text": "Hi"}]}
HELLO = {"role": "model", "parts": [{"text": "Hello"}]}
SYSTEM = {"parts": [{"text": "Be kind."}]}
NAMED_SYSTEM = {"role": "system", "parts": [{"text": "Be kind."}]}
PAIR = [{"score": 1, "completion": HELLO}, {"score": 0, "completion": HI | {"role": "model"}}]


@pytest.mark.parametrize(
    ("format_name", "value"),
    [
        ("sft", {"contents": [HI, HELLO]}),
        ("sft", {"contents": [HI, HELLO] * 20}),
        ("sft", {"contents": [HI | {"parts": [{"text": "a"}, {"text": "b"}]}, HELLO]}),
        ("sft", {"systemInstruction": SYSTEM, "contents": [HI, HELLO]}),
        ("sft", {"contents": [HI, HELLO], "systemInstruction": NAMED_SYSTEM}),
        ("preference", {"contents": [HI], "completions": PAIR}),
        ("preference", {"contents": [HI, HELLO, HI], "completions": PAIR[::-1]}),
        ("preference", {"contents": [HI], "completions": PAIR, "systemInstruction": SYSTEM}),
        ("preference", {"system_instruction": NAMED_SYSTEM, "contents": [HI], "completions": PAIR}),
    ],
)
def test_what_is_plain(format_name: str, value: Any) -> None:
    assert assert_sound(value, format_name)


def change(**changes: Any) -> Callable[[Any], None]:
    return lambda value: value.update(changes)


def change_turn(**changes: Any) -> Callable[[Any], None]:
    return lambda value: value["contents"][0].update(changes)


@pytest.mark.parametrize("format_name", FORMATS)
@pytest.mark.parametrize(
    "alter",
    [
        change(contents=[]),
        change(contents=None),
        change(contents={}),
        change(contents=[HELLO]),
        change(contents=[HI, HI]),
        change(contents=[HI, None]),
        change(odd=1),
        change(tools=[]),
        change(systemInstruction=None),
        change(systemInstruction={}),
        change(systemInstruction={"parts": []}),
        change(systemInstruction={"parts": [{"text": " "}]}),
        change(systemInstruction={"parts": [{"text": "a"}], "role": None}),
        change(systemInstruction=SYSTEM, system_instruction=SYSTEM),
        change_turn(role="USER"),
        change_turn(role=None),
        change_turn(odd=1),
        change_turn(parts=[]),
        change_turn(parts=[None]),
        change_turn(parts={"text": "Hi"}),
        change_turn(parts=[{"text": ""}]),
        change_turn(parts=[{"text": "\u2003\n"}]),
        change_turn(parts=[{"text": 5}]),
        change_turn(parts=[{"Text": "Hi"}]),
        change_turn(parts=[{"text": "Hi", "thought": True}]),
    ],
)
def test_what_is_not_plain(format_name: str, alter: Callable[[Any], None]) -> None:
    value = copy.deepcopy(EXAMPLES[format_name][0])
    assert is_plain(value, format_name)
    alter(value)
    assert not is_plain(value, format_name)


@pytest.mark.parametrize(
    "parts",
    [
        [{"text": "Hi"}],
        [{"text": " Hi\n"}],
        [{"text": "```"}],
        [{"text": '{"a'}],
        [{"text": " [1\n"}],
        [{"text": "a ``"}, {"text": "` b"}],
        [{"text": "{}"}, {"text": "b"}],
        [{"text": "x" * 20_000}],
        [{"text": "a"}, {"text": "x" * 20_000}],
    ],
    ids=lambda parts: str(parts)[:60],
)
@pytest.mark.parametrize("format_name", FORMATS)
def test_answers_that_are_not_plain(format_name: str, parts: list[Any]) -> None:
    answer = {"role": "model", "parts": parts}
    value = {
        "sft": {"contents": [HI, answer]},
        "preference": {
            "contents": [HI],
            "completions": [PAIR[1] | {"score": 0}, PAIR[0] | {"completion": answer}],
        },
    }
    assert not is_plain(value[format_name], format_name)


@pytest.mark.parametrize(
    "completions",
    [
        None,
        {},
        PAIR[:1],
        [*PAIR, PAIR[0]],
        [PAIR[0], PAIR[0]],
        [PAIR[0], None],
        [PAIR[0], PAIR[1] | {"score": 1.0}],
        [PAIR[0], PAIR[1] | {"score": False}],
        [PAIR[0], PAIR[1] | {"score": "0"}],
        [PAIR[0], PAIR[1] | {"score": 0.5}],
        [PAIR[0], PAIR[1] | {"odd": 1}],
        [PAIR[0], PAIR[1] | {"completion": HI}],
        [PAIR[0], PAIR[1] | {"completion": HELLO}],
        [PAIR[0], PAIR[1] | {"completion": HELLO | {"parts": [{"text": "\nHello "}]}}],
        [PAIR[0], PAIR[1] | {"completion": None}],
    ],
)
def test_what_is_no_plain_pair(completions: Any) -> None:
    assert is_plain({"contents": [HI], "completions": PAIR}, "preference")
    assert not is_plain({"contents": [HI], "completions": completions}, "preference")


PLAIN = {
    "sft": json.dumps({"contents": [HI, HELLO]}).encode(),
    "preference": json.dumps({"contents": [HI], "completions": PAIR}).encode(),
}
# What may stand between two values for a parser, but not in JSON Lines, and what may stand inside one.
SPACES = st.sampled_from([b"\n", b"\n", b"", b" ", b"\r", b"\r\n", b"\n\n", b",\n", b"\n,"])


def cut(raw: bytes, gaps: list[bytes]) -> bytes:
    """Put white space behind the first commas and braces of a line."""
    pieces = re.split(rb"(?<=[,{}])", raw)
    return b"".join(piece + gap for piece, gap in zip_longest(pieces, gaps[: len(pieces)], fillvalue=b""))


@BY_FORMAT
@given(data=st.data())
def test_lines_together_are_what_each_is_alone(format_name: str, data: st.DataObject) -> None:
    plain = FORMATS[format_name].plain
    some = st.builds(cut, st.just(PLAIN[format_name]), st.lists(SPACES | st.just(b""), max_size=9))
    pieces = data.draw(
        st.lists(some | st.sampled_from([PLAIN[format_name], b"{}", b"", b"{", b"}"]), max_size=4)
    )
    joined = data.draw(SPACES).join(pieces)
    lines = joined.split(b"\n")
    alone = [plain.decode_lines([raw]) for raw in lines]
    together, keys, quotes = plain.decode_lines(lines)
    assert together == [item.examples[0] for item in alone]
    assert keys == [item.keys[0] for item in alone]
    assert quotes == sum(item.quotes for item in alone)
    assert all(example is None or orjson.loads(raw) for raw, example in zip(lines, together, strict=True))


@BY_FORMAT
@given(data=st.data())
def test_lines_that_are_not_plain_do_not_change_others(format_name: str, data: st.DataObject) -> None:
    values = [copy.deepcopy(EXAMPLES[format_name][0]) for _ in range(data.draw(st.integers(1, 5)))]
    for value in values:
        turns = [*value["contents"], *[item["completion"] for item in value.get("completions", [])]]
        turn = data.draw(st.sampled_from(turns))
        turn["parts"] = data.draw(st.just(turn["parts"]) | PARTS)
        turn["role"] = data.draw(st.sampled_from([turn["role"], turn["role"], "user", "model"]))
        value.update(data.draw(st.sampled_from([{}, {}, {"systemInstruction": {"parts": [{"text": " "}]}}])))
        value["contents"] *= data.draw(st.sampled_from([1, 1, 2]))
    lines = [json.dumps(value).encode() for value in values]
    plain = FORMATS[format_name].plain
    alone = [plain.decode_lines([raw]) for raw in lines]
    together, keys, quotes = plain.decode_lines(lines)
    assert together == [item.examples[0] for item in alone]
    assert keys == [item.keys[0] for item in alone]
    assert quotes == sum(item.quotes for item in alone)


@BY_FORMAT
@pytest.mark.parametrize("old", [b'"Hi"', b'"Hello"', b'"user"', b'"text"', b"{", b"]"])
@pytest.mark.parametrize(
    "new",
    [
        b'"\\ud800"',
        b'"\xff"',
        b'"\xed\xa0\x80"',
        b'"\x01"',
        b'"\\x"',
        b'"\\u00zz"',
        b'"a',
        b"\xef\xbb\xbf{",
        b"\x0c{",
        b",]",
    ],
)
def test_what_is_no_json_is_not_plain(format_name: str, old: bytes, new: bytes) -> None:
    raw = PLAIN[format_name].replace(old, new, 1)
    with pytest.raises(orjson.JSONDecodeError):
        orjson.loads(raw)
    assert FORMATS[format_name].plain.decode_lines([raw]) == ([None], [NO_KEY], 0)
