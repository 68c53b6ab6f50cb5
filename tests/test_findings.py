"""What comes from the data can be printed safely, and a line of a million flaws is bounded."""

import string
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tunestats import Severity
from tunestats.findings import FLAWS_KEPT_PER_LINE, Finding, Flaw, Flaws
from tunestats.quoting import excerpt, member, printable, quoted

ANY_TEXT = st.text(st.characters())  # lone surrogates too


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("plain é 中 👍", "plain é 中 👍"),
        ("a\x1b[31mb", "a\\x1b[31mb"),
        ("\x00\t\r\n\x7f\x9b", "\\x00\\t\\r\\n\\x7f\\x9b"),
        ("\u202euser\u202c", "\\u202euser\\u202c"),
        ("a\u2028b\u200bc", "a\\u2028b\\u200bc"),
        ("\ufeffa\xa0b", "\\ufeffa\\xa0b"),
        ("\ud83d", "\\ud83d"),
        ("\U000e0041", "\\U000e0041"),
    ],
)
def test_printable(text: str, expected: str) -> None:
    assert printable(text) == expected


@given(ANY_TEXT)
def test_printable_text_steers_no_terminal(text: str) -> None:
    assert printable(text).isprintable()
    assert excerpt(text).isprintable()
    printable(text).encode()  # no surrogate is left


@pytest.mark.parametrize(
    ("length", "expected"),
    [(0, ""), (40, "x" * 40), (41, "x" * 39 + "…"), (10**6, "x" * 39 + "…")],
)
def test_excerpt(length: int, expected: str) -> None:
    assert excerpt("x" * length) == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("assistant", "`assistant`"),
        ("", "an empty string"),
        (" ", "` `"),
        ("a\x07", "`a\\x07`"),
        ("x" * 99, f"`{'x' * 39}…`"),
        (None, "`null`"),
        (True, "`true`"),
        (False, "`false`"),
        (0, "`0`"),
        (1, "`1`"),
        (1.5, "`1.5`"),
        (-1e300, "`-1e+300`"),
        ({}, "an object"),
        ({"a": 1}, "an object"),
        ([1], "a list"),
    ],
    ids=repr,
)
def test_quoted(value: Any, expected: str) -> None:
    assert quoted(value) == expected


@pytest.mark.parametrize(
    ("path", "key", "expected"),
    [
        ("", "role", "role"),
        ("contents[0]", "role", "contents[0].role"),
        ("", "my key", '["my key"]'),
        ("a", "", 'a[""]'),
        ("a", "0", 'a["0"]'),
        ("a", "$defs", 'a["$defs"]'),
        ("a", "\u202e", 'a["\\u202e"]'),
        ("a", "k" * 50, f"a.{'k' * 39}…"),
    ],
)
def test_member(path: str, key: str, expected: str) -> None:
    assert member(path, key) == expected


@given(ANY_TEXT)
def test_paths_are_printable(key: str) -> None:
    assert member("contents[0]", key).isprintable()


def test_flaws_beyond_the_first_are_counted() -> None:
    flaws = Flaws()
    for number in range(FLAWS_KEPT_PER_LINE + 7):
        flaws.append(Flaw("E201", f"contents[{number}]", ""))
    flaws.append(Flaw("W201", "", ""))
    assert [flaw.path for flaw in flaws] == [f"contents[{number}]" for number in range(FLAWS_KEPT_PER_LINE)]
    assert flaws.more == {"E201": 7, "W201": 1}
    assert flaws.codes == {"E201", "W201"}


def test_no_flaws() -> None:
    assert not Flaws()
    assert Flaws().codes == set()


def test_findings_are_values_in_file_order() -> None:
    first = Finding("a.jsonl", 2, 2, "E301", Severity.ERROR, "", "")
    second = Finding("a.jsonl", 10, 9, "E101", Severity.ERROR, "", "")
    assert sorted([second, first]) == [first, second]
    assert {first, Finding("a.jsonl", 2, 2, "E301", Severity.ERROR, "", "")} == {first}
    with pytest.raises(AttributeError):
        first.line = 3  # type: ignore[misc]


def test_severities_go_from_most_to_least() -> None:
    assert list(Severity) == ["error", "warning", "info"]
    assert all(set(severity) <= set(string.ascii_lowercase) for severity in Severity)
