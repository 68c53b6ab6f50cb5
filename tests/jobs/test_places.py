"""Paths are found on the lines where they stand."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tunestats.jobs.places import line_of, lines_of_paths
from tunestats.quoting import member

values: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=4), inner, max_size=4),
)


def paths(value: Any, path: str = "") -> list[str]:
    inner = [path]
    if isinstance(value, dict):
        inner += [found for key, item in value.items() for found in paths(item, member(path, key))]
    elif isinstance(value, list):
        inner += [found for index, item in enumerate(value) for found in paths(item, f"{path}[{index}]")]
    return inner


@given(values)
def test_every_path_is_found_in_order(value: Any) -> None:
    lines = lines_of_paths(json.dumps(value, indent=1))
    assert list(lines) == list(dict.fromkeys(paths(value)))
    assert list(lines.values()) == sorted(lines.values())
    assert lines == {**lines_of_paths(json.dumps(value, indent=1, ensure_ascii=False)), "": 1}
    assert set(lines_of_paths(json.dumps(value)).values()) == {1}


def test_lines() -> None:
    text = '{\n "a": {"b": [1,\n\n {"c": "\\n"}]},\n "d.e": {}, "a": 2\n}'
    assert lines_of_paths(text) == {
        "": 1,
        "a": 2,
        "a.b": 2,
        "a.b[0]": 2,
        "a.b[1]": 4,
        "a.b[1].c": 4,
        '["d.e"]': 5,
    }


@given(st.text(alphabet='{}[]:,"\\\n a1'))
def test_no_text_is_a_crash(text: str) -> None:
    assert lines_of_paths(text)[""] == 1


@pytest.mark.parametrize(
    ("path", "line"), [("a.b", 3), ("a.c", 2), ("a.b[7].x", 3), ("z", 1), ("", 1), ('["x.y"]', 1)]
)
def test_what_is_missing_is_where_it_should_be(path: str, line: int) -> None:
    assert line_of(path, {"": 1, "a": 2, "a.b": 3}) == line
