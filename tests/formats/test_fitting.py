"""What fits a message has no flaw of shape."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.oracle import EXAMPLES, mutated, seeded
from tunestats.findings import Flaws
from tunestats.formats import FORMATS
from tunestats.formats.fitting import MISFIT, fitter
from tunestats.protojson.checking import MAX_DEPTH, check_message
from tunestats.protojson.schema import Enumeration, Field, Kind, Limit, MessageType, Need, OneOf
from tunestats.quotes import quotes_in, quotes_of
from tunestats.rules import RULES

BY_FORMAT = pytest.mark.parametrize("format_name", FORMATS)
MUTATED = 10_000
INNER = MessageType("Inner", (Field("aB", Kind.STRING), Field("n", Kind.INT64)))
# One field of every sort, so that whatever may stand in a message stands in this one.
MESSAGE = MessageType("Message")
MESSAGE.define(
    (
        Field("name", Kind.STRING, Need.REQUIRED),
        Field("items", Kind.STRING, Need.REQUIRED, repeated=True),
        Field("advisedName", Kind.STRING, Need.ADVISED),
        Field("color", Enumeration(("RED", "BLUE"), any_case=True)),
        Field("innerOne", INNER),
        Field("innerMany", INNER, repeated=True),
        Field("innerNamed", INNER, mapped=True),
        Field("self", MESSAGE),
        Field("labels", Kind.STRING, mapped=True),
        *(Field(kind.name.lower(), kind) for kind in Kind),
    )
)
UNION = MessageType(
    "Union", (Field("aB", Kind.STRING), Field("c", INNER)), unions=(OneOf(frozenset(("aB", "c")), "nothing"),)
)
FITTERS = [(message, fitter(message)) for message in (MESSAGE, UNION)]
FULL = {"name": "a", "items": ["b"], "advisedName": "c"}


def assert_sound(value: Any, format_name: str) -> bool:
    """Hold the laws for one object; return whether it fits."""
    steps = FORMATS[format_name]
    quotes = steps.fit(value)
    if quotes >= 0:
        flaws = Flaws()
        assert steps.check_shape(value, flaws)
        assert flaws == []
        assert quotes == quotes_of(value) == quotes_in(json.dumps(value).encode())
    return quotes >= 0


@BY_FORMAT
def test_documented_examples_fit(format_name: str) -> None:
    for value in EXAMPLES[format_name]:
        assert assert_sound(value, format_name), value


@BY_FORMAT
def test_mutated_examples(format_name: str) -> None:
    random = seeded(7)
    fits = 0
    for _ in range(MUTATED):
        value = mutated(random.choice(EXAMPLES[format_name]), random, random.choice((1, 1, 2, 3)))
        fits += assert_sound(value, format_name)
    assert MUTATED * 0.1 < fits < MUTATED * 0.9


VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.sampled_from([0, 1, -1, 1.5, 2.0, 2**31, 2.0**70])
    | st.sampled_from(["", "a", "1", "NaN", "1s", "bm90", "RED", "red", "true"]),
    lambda inner: (
        st.lists(inner, max_size=2)
        | st.dictionaries(st.sampled_from(["aB", "a_b", "n", "x"]), inner, max_size=2)
    ),
    max_leaves=4,
)
KEYS = [key for message, _ in FITTERS for key in message.by_key] + ["odd"]


@given(st.dictionaries(st.sampled_from(KEYS), VALUES, max_size=4).map(lambda value: FULL | value))
def test_any_message(value: dict[str, Any]) -> None:
    for message, fit in FITTERS:
        for candidate in (value, {key: item for key, item in value.items() if key not in FULL}):
            if fit(candidate) != MISFIT:
                flaws = Flaws()
                check_message(candidate, message, flaws)
                assert flaws == []
                assert fit(candidate) == quotes_of(candidate)


@pytest.mark.parametrize("keyword", ["limits", "key_limits"])
def test_a_field_with_limits_is_for_the_full_checker(keyword: str) -> None:
    limits = (Limit(RULES["E201"], lambda _: True, "never said"),)
    mapped = keyword == "key_limits"
    field = Field(
        "a", Kind.STRING, mapped=mapped, limits=() if mapped else limits, key_limits=limits if mapped else ()
    )
    assert fitter(MessageType("Limited", (field,)))({"a": {"k": "v"} if mapped else "v"}) == MISFIT


@pytest.mark.parametrize(
    ("rest", "fits"),
    [
        ({}, True),
        ({"innerOne": {"aB": "", "n": 1}, "innerMany": [{}, {"a_b": "x"}], "innerNamed": {"a": {}}}, True),
        ({"self": FULL | {"self": FULL}}, True),
        (
            {
                "labels": {"a": "b"},
                "color": "RED",
                "duration": "1s",
                "bytes": "bm90",
                "float": 1,
                "int32": "5",
            },
            True,
        ),
        ({"object": {"a": ["b"]}, "value": [None]}, True),
        ({"odd": 1}, False),
        ({"name": ""}, False),
        ({"name": None}, False),
        ({"items": []}, False),
        ({"advisedName": ""}, False),
        ({"advised_name": "c"}, False),
        ({"string": None}, False),
        ({"string": 5}, False),
        ({"color": "green"}, False),
        ({"color": 1}, False),
        ({"innerOne": {"aB": "", "a_b": ""}}, False),
        ({"innerMany": [None]}, False),
        ({"innerNamed": {"a": 5}}, False),
        ({"labels": {"a": 5}}, False),
        ({"self": {}}, False),
        ({"object": []}, False),
        ({"bool": 1}, False),
        ({"int32": 2**31}, False),
    ],
)
def test_what_fits(rest: dict[str, Any], fits: bool) -> None:  # noqa: FBT001
    value = FULL | rest
    assert FITTERS[0][1](value) == (quotes_of(value) if fits else MISFIT)


@pytest.mark.parametrize("key", FULL)
def test_needed_fields(key: str) -> None:
    assert FITTERS[0][1]({name: item for name, item in FULL.items() if name != key}) == MISFIT


@pytest.mark.parametrize(
    ("value", "quotes"),
    [
        ({"aB": "x"}, 4),
        ({"a_b": ""}, 4),
        ({"c": {"aB": "x"}}, 6),
        ({}, MISFIT),
        ({"aB": "x", "c": {}}, MISFIT),
        ({"aB": "x", "a_b": "y"}, MISFIT),
        ({"aB": None}, MISFIT),
        ([], MISFIT),
        ("aB", MISFIT),
    ],
)
def test_unions(value: Any, quotes: int) -> None:
    assert FITTERS[1][1](value) == quotes


def test_depth() -> None:
    fit = FITTERS[0][1]
    value: dict[str, Any] = FULL
    for _ in range(MAX_DEPTH - 1):
        value = FULL | {"self": value}
    assert fit(value) == quotes_of(value)
    assert fit(FULL | {"self": value}) == MISFIT


def test_messages_that_do_not_live_long() -> None:
    for number in range(50):
        key = f"field{number}"
        assert fitter(MessageType("Brief", (Field(key, Kind.STRING),)))({key: "a"}) == 4


@pytest.mark.parametrize("other", [1, 1.0, "true", None, [True]], ids=repr)
def test_what_is_remembered_is_not_mixed_up(other: Any) -> None:
    """``True``, ``1`` and ``1.0`` are equal to Python, and only one of them is a boolean."""

    def line(*, nullable: Any) -> dict[str, Any]:
        schema = {"type": "STRING", "nullable": nullable}
        tools = [{"functionDeclarations": [{"name": "f", "parameters": schema}]}]
        return {"contents": [{"parts": [{"text": "Hi"}]}], "tools": tools}

    fit = FORMATS["sft"].fit
    for _ in range(2):
        assert fit(line(nullable=True)) > 0
        assert fit(line(nullable=other)) < 0
