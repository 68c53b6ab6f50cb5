"""What is called plain has no flaw at all, and is read as the full reader reads it."""

import copy
import json
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.oracle import EXAMPLES, mutated, seeded
from tunestats.checks import check_preference, check_sft
from tunestats.findings import Flaw, Flaws
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


def assert_sound(value: Any, format_name: str) -> bool:
    """Hold the laws for one object; return whether it is plain."""
    steps = FORMATS[format_name]
    quotes = steps.plain(value)
    if quotes > 0:
        assert flaws_of(value, format_name) == []
        assert quotes == quotes_of(value) == quotes_in(json.dumps(value).encode())
        assert steps.fit(value) == quotes
        assert steps.read_plain(value) == steps.read(value)
    return quotes > 0


@BY_FORMAT
def test_mutated_examples(format_name: str) -> None:
    random = seeded(6)
    # Mostly what comes close to being plain.
    examples = [value for value in EXAMPLES[format_name] if FORMATS[format_name].plain(value) > 0]
    plain = 0
    for _ in range(MUTATED):
        value = mutated(random.choice(examples), random, random.choice((1, 1, 2)))
        plain += assert_sound(value, format_name)
    assert 100 < plain < MUTATED * 0.9


TEXTS = st.text(max_size=2) | st.none() | st.integers()
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
    assert FORMATS[format_name].plain(value) > 0
    alter(value)
    assert FORMATS[format_name].plain(value) == 0


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
        [PAIR[0], PAIR[1] | {"completion": None}],
    ],
)
def test_what_is_no_plain_pair(completions: Any) -> None:
    assert FORMATS["preference"].plain({"contents": [HI], "completions": PAIR}) > 0
    assert FORMATS["preference"].plain({"contents": [HI], "completions": completions}) == 0
