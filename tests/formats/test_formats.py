"""A file's format is told from its lines, and every format offers the same steps."""

from typing import Any

import pytest

from tests.oracle import EXAMPLES
from tunestats.findings import Flaws
from tunestats.formats import FORMATS, detect_format
from tunestats.settings import FORMATS as NAMES

Value = dict[str, Any]
SFT: Value = {"contents": []}
PAIR: Value = {"completions": []}
BOTH = SFT | PAIR
NEITHER: Value = {"messages": []}


@pytest.mark.parametrize(
    ("objects", "expected"),
    [
        ([], "sft"),
        ([NEITHER, {}], "sft"),
        ([SFT], "sft"),
        ([PAIR], "preference"),
        ([BOTH], "preference"),
        ([SFT, PAIR], "sft"),
        ([SFT, PAIR, PAIR], "preference"),
        ([SFT, SFT, BOTH], "sft"),
        ([NEITHER, NEITHER, BOTH], "preference"),
        # A null is unset; exports write one for every column that a row does not have.
        ([{"contents": [], "completions": None}], "sft"),
        ([{"contents": None, "completions": None}], "sft"),
    ],
)
def test_detect_format(objects: list[Value], expected: str) -> None:
    assert detect_format(iter(objects)) == expected


@pytest.mark.parametrize("name", FORMATS)
def test_format_of_the_examples(name: str) -> None:
    assert FORMATS[name].name == name
    assert detect_format(EXAMPLES[name]) == name


def test_formats_are_those_one_can_ask_for() -> None:
    assert set(NAMES) == {"auto", *FORMATS}


@pytest.mark.parametrize("name", FORMATS)
def test_every_step_takes_any_object(name: str) -> None:
    steps = FORMATS[name]
    values: list[Value] = [
        {},
        {"contents": 5},
        {"contents": [None]},
        {"completions": [None]},
        {"contents": [{"parts": [5]}]},
    ]
    for value in values:
        assert steps.fit(value) < 0
        flaws = Flaws()
        steps.check_shape(value, flaws)
        assert flaws
        steps.read(value)
    others: list[Any] = [None, [], "contents", 5, True]
    for other in others:
        assert steps.fit(other) < 0
