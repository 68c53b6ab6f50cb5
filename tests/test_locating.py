"""Tests of ``locating``: what is found is what the path names, however the line is written."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tunestats.locating import Line, Place
from tunestats.quoting import member

KEYS = st.text(st.characters(exclude_categories=["Cs"]), max_size=8) | st.sampled_from(
    ["a", "a.b", "a[0]", '"]', '["a"]', "", "key with space", "ab", "ключ"]
)
LONG, NUMBER, DEEP = "k" * 50, "9" * 9000, "[" * 100_000 + "]" * 100_000
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8),
    lambda inside: st.lists(inside, max_size=4) | st.dictionaries(KEYS, inside, max_size=4),
    max_leaves=20,
)


def paths(value: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    yield path, value
    if isinstance(value, dict):
        for key, item in value.items():
            yield from paths(item, member(path, key))
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from paths(item, f"{path}[{index}]")


@given(st.dictionaries(KEYS, VALUES, max_size=5), st.sampled_from([None, 1]), st.sampled_from([0, 1]))
def test_what_is_found_is_what_the_path_names(
    value: dict[str, Any], indent: int | None, ascii_only: int
) -> None:
    text = f" {json.dumps(value, indent=indent, ensure_ascii=bool(ascii_only))}\r"
    line = Line(text)
    named = list(paths(value))
    spelt = [path for path, _ in named]
    for path, item in named[1:]:
        place = line.find(path)
        if place is None:
            # Only where the path is one of several things: keys are shortened, and may look like steps.
            assert '["' in path
        elif spelt.count(path) == 1:
            assert json.loads(text[place.start : place.end]) == item
            if place.key_start != place.start:
                assert path.endswith(member("", json.loads(text[place.key_start : place.key_end])))


@pytest.mark.parametrize(
    ("text", "path", "found"),
    [
        ('{"a": 1, "a": 22}', "a", "22"),
        ('{"a": {"b": 1}}', "a.c", '{"b": 1}'),
        ('{"a": [1, 2]}', "a[7]", "[1, 2]"),
        ('{"a": 1}', "b", None),
        ('{"a": 1}', "a.b", None),
        ('{"a b": 1}', '["a b"]', "1"),
        ('{"a\\u0020b": 1}', '["a b"]', "1"),
        ('{"a b": {"c d": 1}, "a b\\"][\\"c d": 2}', '["a b"]["c d"]', None),
        (f'{{"{LONG}x": 1, "{LONG}y": 2}}', "k" * 39 + "…", None),
        (f'{{"{LONG}x": 1}}', "k" * 39 + "…", "1"),
        (f'{{"a": {NUMBER}}}', "a", NUMBER),
        ('{"a": "\t"}', "a", '"\t"'),
        ('{"a": 1', "a", None),
        ('{"a": 1', "b", None),
        ("", "a", None),
        ("[", "[0]", None),
        (f'{{"a": {DEEP}, "b": 2}}', "b", None),
    ],
    ids=range(17),
)
def test_find(text: str, path: str, found: str | None) -> None:
    place = Line(text).find(path)
    assert (place and text[place.start : place.end]) == found


def test_the_line_itself_is_found() -> None:
    assert Line(" {} ").find("") == Place(1, 1, 1, 4)
