"""Quotes are counted, and blocks surveyed, the same by bytes methods, by numpy, and slowly."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tunestats.quotes import quotes_in, quotes_of
from tunestats.survey import survey_few, survey_many

law = settings(deadline=None, max_examples=200)
noise = st.lists(
    st.sampled_from([b'"', b"\\", b"\\\\", b'\\"', b"a", b"\n", b"u0022", b"\x00", b"\xff"])
).map(b"".join)
texts = st.text(
    st.sampled_from('"\\/\b\f\n\r\tabc é\u2028\U0001f600') | st.characters(codec="utf-8"), max_size=12
)
values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | texts,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(texts, inner, max_size=4),
    max_leaves=20,
)


@st.composite
def styles(draw: st.DrawFn) -> dict[str, Any]:
    """Draw a way to write JSON."""
    spaces = st.sampled_from(["", " ", "\t", " \n "])
    separators = (draw(spaces) + "," + draw(spaces), draw(spaces) + ":" + draw(spaces))
    return {
        "separators": separators,
        "ensure_ascii": draw(st.booleans()),
        "indent": draw(st.sampled_from([None, 0, 2])),
    }


def slow(raw: bytes) -> int:
    """Count quotes that have an even number of backslashes directly before them."""
    found = backslashes = 0
    for byte in raw:
        if byte == ord('"'):
            found += backslashes % 2 == 0
        backslashes = backslashes + 1 if byte == ord("\\") else 0
    return found


def escaped(text: str) -> str:
    """Return a JSON string with an escape for every UTF-16 code unit."""
    units = text.encode("utf-16-be").hex()
    return '"' + "".join(f"\\u{units[at : at + 4]}" for at in range(0, len(units), 4)) + '"'


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        (b"", 0),
        (b"{}", 0),
        (b'""', 2),
        (rb'"\""', 2),
        (rb'"\\"', 2),
        (rb'"\\\""', 2),
        (rb'"\\\\"', 2),
        (rb'{"a":"say \"\\"}', 4),
        (rb'{"\u0022":"\\u0022"}', 4),
        (b'"a"\n"b\\""', 4),
        (b'"a\\\\"\n"\\""', 4),
    ],
    ids=ascii,
)
def test_quotes_in(raw: bytes, expected: int) -> None:
    assert quotes_in(raw) == survey_many(raw).quotes == expected


@law
@given(noise)
def test_all_ways_of_counting_agree_on_any_bytes(raw: bytes) -> None:
    assert quotes_in(raw) == survey_many(raw).quotes == slow(raw)


@law
@given(st.lists(st.sampled_from([b"{", b"}", b"{}", b"\n", b" ", b"a"]), max_size=12).map(b"".join))
def test_both_surveys_are_what_the_lines_show(raw: bytes) -> None:
    lines = raw.split(b"\n")
    few, many = survey_few(raw), survey_many(raw)
    assert few == many
    assert list(few.starts) == [len(b"\n".join([*lines[:index], b""])) for index in range(len(lines))]
    assert few.longest(raw) == max(map(len, lines))
    assert few.are_braced is all(line.startswith(b"{") and line.endswith(b"}") for line in lines)


@law
@given(noise, noise)
def test_lines_can_be_counted_together(first: bytes, second: bytes) -> None:
    assert quotes_in(first + b"\n" + second) == quotes_in(first) + quotes_in(second)


@law
@given(values, styles())
def test_bytes_and_value_have_the_same_quotes(value: Any, style: dict[str, Any]) -> None:
    raw = json.dumps(value, **style).encode()
    assert quotes_in(raw) == survey_many(raw).quotes == quotes_of(json.loads(raw))


@law
@given(texts, st.sampled_from([json.dumps, escaped]), st.tuples(values, values), styles())
def test_a_key_that_stands_twice_is_noticed(
    key: str, spell: Callable[[str], str], pair: tuple[Any, Any], style: dict[str, Any]
) -> None:
    first, second = (json.dumps(value, **style) for value in pair)
    raw = f"[{{{json.dumps(key)}:{first},{spell(key)}:{second}}},{first}]".encode()
    parsed = json.loads(raw)
    assert parsed == [{key: pair[1]}, pair[0]]
    assert quotes_in(raw) == survey_many(raw).quotes > quotes_of(parsed)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (None, 0),
        (1, 0),
        ("", 2),
        ({}, 0),
        ({"a": 1}, 2),
        ({"a": "b"}, 4),
        (["a", ["b"]], 4),
        ({"a": [{"b": "c"}, True]}, 6),
    ],
    ids=str,
)
def test_quotes_of(value: Any, expected: int) -> None:
    assert quotes_of(value) == expected


def test_quotes_of_a_value_deeper_than_the_stack() -> None:
    value: Any = "a"
    for _ in range(100_000):
        value = [value]
    assert quotes_of(value) == 2
