"""Declared functions: names, and what schemas leave open."""

from typing import Any

import pytest

from tunestats.checks.declarations import MAX_SCHEMAS, check_declarations
from tunestats.findings import Flaws
from tunestats.formats import FORMATS

FIRST = "tools[0].functionDeclarations[0]"


def said(*declarations: Any) -> list[tuple[str, str]]:
    flaws = Flaws()
    check_declarations(FORMATS["sft"].read({"tools": [{"functionDeclarations": list(declarations)}]}), flaws)
    return [(flaw.code, flaw.path) for flaw in flaws]


@pytest.mark.parametrize(
    ("name", "good"),
    [
        ("now", True),
        ("_now", True),
        ("user.mandates", True),
        ("server:tool-1", True),
        ("N" * 64, True),
        ("N" * 65, False),
        ("1st", False),
        ("-now", False),
        ("what time", False),
        ("Zeit_für", False),
        ("now\n", False),
        ("search/web", False),
        # These are flaws of the shape.
        ("", True),
        (5, True),
        (None, True),
    ],
)
def test_names(name: Any, good: bool) -> None:  # noqa: FBT001
    assert said({"name": name}) == ([] if good else [("W413", f"{FIRST}.name")])


def test_a_name_is_declared_once() -> None:
    assert said({"name": "now"}, {"name": "go"}, {"name": "now"}, {"name": "now"}, {}, {}) == [
        ("W412", "tools[0].functionDeclarations[2].name"),
        ("W412", "tools[0].functionDeclarations[3].name"),
    ]


def test_paths_are_spelt_as_the_line_spells_them() -> None:
    flaws = Flaws()
    value = {
        "tools": [
            {},
            {"function_declarations": [5, {"name": "go"}]},
            {"functionDeclarations": [{"name": "go"}]},
        ]
    }
    check_declarations(FORMATS["sft"].read(value), flaws)
    assert [(flaw.path, flaw.message) for flaw in flaws] == [
        (
            "tools[2].functionDeclarations[0].name",
            "`go` is also declared as tools[1].function_declarations[1]",
        )
    ]


@pytest.mark.parametrize(
    ("schema", "path"),
    [
        ({"type": "OBJECT", "properties": {}}, None),
        ({"type": "OBJECT"}, None),
        ({"type": "OBJECT", "properties": {"a": {}}, "required": ["a"]}, None),
        ({"type": "OBJECT", "properties": {"a": {}}, "required": ["b"]}, ".required[0]"),
        ({"type": "object", "required": ["b"]}, ".required[0]"),
        ({"required": [5, None, "b"]}, ".required[2]"),
        ({"type": "OBJECT", "required": ["b"], "anyOf": [{"properties": {"b": {}}}]}, None),
        (
            {"type": "OBJECT", "properties": {"a": {"type": "STRING", "required": ["b"]}}},
            ".properties.a.required",
        ),
        (
            {"type": "OBJECT", "properties": {"a": {"type": "string", "properties": {"b": {}}}}},
            ".properties.a.properties",
        ),
        ({"type": "OBJECT", "properties": {"a": {"type": "STRING", "properties": {}, "required": []}}}, None),
        ({"type": "OBJECT", "properties": {"a": {}}, "items": {"type": "STRING"}}, ".items"),
        ({"type": "OBJECT", "properties": {"a": {"type": ["array", "null"], "items": {}}}}, None),
        # An alternative requires what is described around it.
        (
            {
                "type": "OBJECT",
                "properties": {"a": {}, "b": {}},
                "anyOf": [{"required": ["a"]}, {"required": ["b"]}],
            },
            None,
        ),
        (
            {"type": "OBJECT", "properties": {"a": {}}, "any_of": [{"required": ["b"]}]},
            ".any_of[0].required[0]",
        ),
        (
            {"type": "OBJECT", "properties": {"a": {}}, "anyOf": [{"anyOf": [{"required": ["a"]}]}]},
            None,
        ),
        (
            {"type": "OBJECT", "properties": {"a": {"anyOf": [{"required": ["a"]}]}}},
            ".properties.a.anyOf[0].required[0]",
        ),
        ({"type": "OBJECT", "properties": {"a": {"type": "ARRAY"}}}, ".properties.a"),
        ({"type": "OBJECT", "properties": {"a": {"type": "array", "items": {}}}}, None),
        ({"type": "OBJECT", "properties": {"a b": {"type": "ARRAY"}}}, '.properties["a b"]'),
        (
            {"type": "OBJECT", "properties": {"a": {"type": "ARRAY", "items": {"type": "ARRAY"}}}},
            ".properties.a.items",
        ),
        ({"anyOf": [{}, {"type": "ARRAY"}]}, ".anyOf[1]"),
        ("no schema", None),
        ({"type": "OBJECT", "properties": "no", "items": 5, "anyOf": {}, "required": "a"}, None),
    ],
    ids=str,
)
@pytest.mark.parametrize("key", ["parameters", "response"])
def test_schemas(key: str, schema: Any, path: str | None) -> None:
    expected = [] if path is None else [("W414", f"{FIRST}.{key}{path}")]
    assert said({"name": "f", key: schema}) == expected


@pytest.mark.parametrize(
    ("schema", "place"),
    [
        ({}, None),
        ({"type": "OBJECT"}, None),
        ({"type": "object", "properties": {"a": {}}}, None),
        ({"type": "Object", "properties": {"a": {}}}, None),
        ({"type": 6, "properties": {"a": {}}}, None),
        ({"type": ["object", "null"], "properties": {"a": {}}}, None),
        ({"anyOf": [{"type": "OBJECT"}]}, None),
        ({"$ref": "#/defs/a"}, None),
        ({"type": "STRING"}, ".type"),
        ({"type": "array", "items": {}}, ".type"),
        ({"properties": {"a": {"type": "STRING"}}}, ""),
        # A flaw of the shape.
        ({"type": "dict", "properties": {"a": {}}}, None),
    ],
    ids=str,
)
def test_parameters_are_an_object(schema: Any, place: str | None) -> None:
    path = f"{FIRST}.parameters"
    assert said({"name": "f", "parameters": schema}) == ([] if place is None else [("W414", path + place)])
    assert said({"name": "f", "response": schema}) == []


def test_work_is_bounded() -> None:
    wide = {"type": "OBJECT", "properties": {str(number): {"type": "ARRAY"} for number in range(100_000)}}
    assert len(said({"name": "f", "parameters": wide})) == 1_000
    deep: Any = {"type": "ARRAY"}
    for _ in range(MAX_SCHEMAS):
        deep = {"type": "ARRAY", "items": deep}
    deep = {"type": "OBJECT", "properties": {"a": deep}}
    assert said({"name": "f", "parameters": deep}) == []
