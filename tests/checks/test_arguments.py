"""Arguments are held against the declared parameters; jsonschema is the judge of the words that both know."""

import itertools
import time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tunestats.checks.arguments import MAX_STEPS, ArgumentCheck
from tunestats.checks.declarations import check_schema
from tunestats.checks.fits import fitting, is_usual
from tunestats.findings import Flaws

CALL = "contents[1].parts[0].functionCall"
ARGS = f"{CALL}.args"
STRING, INTEGER, NUMBER = {"type": "STRING"}, {"type": "INTEGER"}, {"type": "NUMBER"}


def said(arguments: Any, schema: Any, key: str = "parameters") -> list[tuple[str, str]]:
    """Return codes and paths, the latter from the arguments on."""
    flaws = Flaws()
    ArgumentCheck(flaws).check({"name": "f", "args": arguments}, {"name": "f", key: schema}, CALL)
    assert all(flaw.path.startswith(ARGS) for flaw in flaws)
    return [(flaw.code, flaw.path.removeprefix(ARGS)) for flaw in flaws]


def of(schema: Any, *required: str, **rest: Any) -> dict[str, Any]:
    return {"type": "OBJECT", "properties": {"x": schema}, "required": list(required), **rest}


@pytest.mark.parametrize(
    ("value", "schema", "code"),
    [
        ("a", STRING, ""),
        (5, STRING, "W410"),
        (["a"], STRING, "W410"),
        (5, INTEGER, ""),
        # A Struct has no integers of its own.
        (5.0, INTEGER, ""),
        (5.5, INTEGER, "W410"),
        ("5", INTEGER, "W410"),
        (True, INTEGER, "W410"),
        (5, NUMBER, ""),
        (1e300, NUMBER, ""),
        (False, NUMBER, "W410"),
        (True, {"type": "BOOLEAN"}, ""),
        ("true", {"type": "BOOLEAN"}, "W410"),
        ([], {"type": "ARRAY"}, ""),
        ({}, {"type": "ARRAY"}, "W410"),
        ({}, {"type": "OBJECT"}, ""),
        # Any case, and the numbers of the enum, as ProtoJSON takes them.
        (5, {"type": "string"}, "W410"),
        (5, {"type": "String"}, "W410"),
        (5, {"type": 1}, "W410"),
        (5, {"type": "TYPE_UNSPECIFIED"}, ""),
        (5, {"type": "FLOAT"}, ""),
        (5, {"type": ["string", "integer"]}, ""),
        (5, {"type": ["string", "null"]}, "W410"),
        (5, {}, ""),
        (5, True, ""),
        (5, "string", ""),
        # An argument that is not required and null was not given.
        (None, STRING, ""),
        ("a", {"type": "STRING", "enum": ["a", "b"]}, ""),
        ("c", {"type": "STRING", "enum": ["a", "b"]}, "W411"),
        ("c", {"type": "STRING", "format": "enum", "enum": []}, ""),
        # The API's enums are strings, whatever the type.
        (1, {"type": "INTEGER", "enum": ["1", "2"]}, ""),
        (1.0, {"type": "INTEGER", "enum": ["1", "2"]}, ""),
        (3, {"type": "INTEGER", "enum": ["1", "2"]}, "W411"),
        (True, {"enum": [1]}, "W411"),
        (["a"], {"type": "ARRAY", "enum": ["a"]}, ""),
        ("b", {"const": "a"}, "W411"),
        (5, {"type": "INTEGER", "minimum": 5, "maximum": 5}, ""),
        (4, {"type": "INTEGER", "minimum": 5}, "W411"),
        (6, {"type": "INTEGER", "maximum": "5"}, "W411"),
        (6, {"type": "INTEGER", "maximum": "NaN"}, ""),
        (6, {"type": "INTEGER", "maximum": [5]}, ""),
        ("abc", {"type": "STRING", "maxLength": "2"}, "W411"),
        ("abc", {"type": "STRING", "max_length": 2}, "W411"),
        ("", {"type": "STRING", "minLength": 1}, "W411"),
        ([1, 2], {"type": "ARRAY", "maxItems": 1}, "W411"),
        ({"a": 1}, {"type": "OBJECT", "minProperties": 2}, "W411"),
        (2**31, {"type": "INTEGER", "format": "int32"}, "W411"),
        (2**31, {"type": "INTEGER", "format": "int64"}, ""),
        (2**63, {"type": "INTEGER", "format": "int64"}, "W411"),
        ("2026-09-25", {"type": "STRING", "format": "date"}, ""),
        ("25.9.2026", {"type": "STRING", "format": "date"}, "W411"),
        ("2026-09-25T10:00:00Z", {"type": "STRING", "format": "date-time"}, ""),
        ("2026-09-25T10:00:00.123456789+02:00", {"type": "STRING", "format": "date-time"}, ""),
        ("tomorrow", {"type": "STRING", "format": "date-time"}, "W411"),
        ("10:30", {"type": "STRING", "format": "time"}, ""),
        ("noon", {"type": "STRING", "format": "time"}, "W411"),
        ("anything", {"type": "STRING", "format": "city"}, ""),
        # What is not understood is believed.
        (5, {"type": "STRING", "allOf": [{}]}, ""),
        (5, {"type": "STRING", "not": {}}, ""),
        (5, {"$ref": "#/$defs/none"}, ""),
        (5, {"$ref": "https://example.com/schema"}, ""),
        (5, {"anyOf": [STRING, INTEGER]}, ""),
        (5.5, {"anyOf": [STRING, INTEGER]}, "W410"),
        (5.5, {"anyOf": [STRING]}, "W410"),
        ("c", {"any_of": [{"type": "STRING", "enum": ["a"]}, INTEGER]}, "W410"),
        (5, {"oneOf": [STRING, NUMBER]}, ""),
        (5, {"anyOf": []}, ""),
        (5, {"anyOf": "no"}, ""),
    ],
    ids=str,
)
@pytest.mark.parametrize("key", ["parameters", "parametersJsonSchema", "parameters_json_schema"])
def test_a_value(key: str, value: Any, schema: Any, code: str) -> None:
    assert said({"x": value}, of(schema), key) == ([(code, ".x")] if code else [])


@pytest.mark.parametrize(
    ("arguments", "schema", "expected"),
    [
        ({}, of(STRING, "x"), [("W408", "")]),
        (None, of(STRING, "x"), [("W408", "")]),
        (None, of(STRING), []),
        ({"x": None}, of(STRING, "x"), [("W410", ".x")]),
        ({"x": None}, of({"type": "STRING", "nullable": True}, "x"), []),
        ({"x": None}, of({"type": ["string", "null"]}, "x"), []),
        ({"x": None}, of({"anyOf": [STRING, {"type": "NULL"}]}, "x"), []),
        ({"x": "a", "y": 1}, of(STRING), [("W409", ".y")]),
        ({"x": "a", "y": 1}, of(STRING, additionalProperties=True), []),
        ({"x": "a", "y": 1}, of(STRING, additionalProperties={"type": "STRING"}), []),
        ({"x": "a", "y": 1}, of(STRING, additionalProperties=False), [("W409", ".y")]),
        ({"x": "a", "y": 1}, of(STRING, patternProperties={"y": {}}), []),
        ({"x": "a", "y": 1}, of(STRING, anyOf=[{"properties": {"y": INTEGER}}]), []),
        ({"x": "a", "y": 1}, of(STRING, anyOf=[{"required": ["z"]}, {"required": ["y"]}]), []),
        ({"x": "a", "y": 1}, of(STRING, anyOf=[{"required": ["z"]}]), [("W408", "")]),
        # Without properties nothing is said to be all that there is.
        ({"y": 1}, {"type": "OBJECT"}, []),
        ({"y": 1}, {"type": "OBJECT", "properties": {}}, [("W409", ".y")]),
        # Inside, it is how an object of any names is declared.
        ({"x": {"y": 1}}, of({"type": "OBJECT", "properties": {}}), []),
        ({"x": {"y": 1}}, of({"properties": {}, "additionalProperties": False}), [("W409", ".x.y")]),
        ({"y": 1}, None, []),
        ({"y": 1}, "no schema", []),
        ("no arguments", of(STRING, "x"), []),
        (
            {"x": [{"x": 1}]},
            of({"type": "ARRAY", "items": of(STRING, "z")}),
            [("W408", ".x[0]"), ("W410", ".x[0].x")],
        ),
        ({"a b": 1}, of(STRING), [("W409", '["a b"]')]),
        ({"x": 1}, {"properties": "no", "required": "x"}, []),
        ({"x": 1}, {"properties": {"x": STRING}, "required": [5, None, "x"]}, [("W410", ".x")]),
        ({}, {"properties": {"x": STRING}, "required": ["x", "x"]}, [("W408", "")]),
        (
            {"x": {"x": {"y": 1}}},
            {"properties": {"x": {"$ref": "#/$defs/node"}}, "$defs": {"node": of({"$ref": "#/$defs/node"})}},
            [("W409", ".x.x.y")],
        ),
        ({"x": {"x": 5}}, {"properties": {"x": {"$ref": "#"}}}, []),
        ({"x": {"x": 5}}, {"type": "object", "properties": {"x": {"$ref": "#"}}}, [("W410", ".x.x")]),
    ],
    ids=str,
)
def test_members(arguments: Any, schema: Any, expected: list[tuple[str, str]]) -> None:
    assert said(arguments, schema) == expected


def test_messages_say_what_is_there_and_what_was_expected() -> None:
    flaws = Flaws()
    schema = {
        "type": "OBJECT",
        "properties": {"city": STRING, "days": {"type": "INTEGER", "maximum": 7}},
        "required": ["city"],
    }
    ArgumentCheck(flaws).check({"args": {"ciyt": "Bonn", "days": 9}}, {"parameters": schema}, CALL)
    assert [flaw.message for flaw in flaws] == [
        "`city` is missing; the schema requires it",
        "`ciyt` is not declared; did you mean `city`?",
        "`9` is more than the `maximum` 7",
    ]


@pytest.mark.parametrize("key", ["partialArgs", "partial_args"])
def test_a_call_in_pieces_is_passed_over(key: str) -> None:
    flaws = Flaws()
    ArgumentCheck(flaws).check({"args": {}, key: [{}]}, {"parameters": of(STRING, "x")}, CALL)
    assert flaws == []


def nested(depth: int) -> tuple[Any, Any]:
    value: Any = 5
    schema: Any = STRING
    for _ in range(depth):
        value, schema = {"x": value}, of(schema)
    return value, schema


@pytest.mark.parametrize(("depth", "codes"), [(50, ["W410"]), (900, [])])
def test_depth_is_bounded(depth: int, codes: list[str]) -> None:
    assert [code for code, _ in said(*nested(depth))] == codes


@pytest.mark.parametrize(
    ("arguments", "schema"),
    [
        # Each alternative doubles the work: without a bound, 2 ** 50 steps.
        (
            {"x": 5.5},
            {
                "properties": {"x": {"$ref": "#/$defs/a"}},
                "$defs": {"a": {"anyOf": [{"$ref": "#/$defs/a"}] * 2}},
            },
        ),
        ({"x": 5}, {"properties": {"x": {"$ref": "#/$defs/a"}}, "$defs": {"a": {"$ref": "#/$defs/a"}}}),
        ({"x": list(range(30_000))}, of({"type": "ARRAY", "items": {"anyOf": [STRING] * 1_000}})),
        ({str(number): 1 for number in range(30_000)}, of(STRING)),
        ({}, {"required": [str(number) for number in range(200_000)]}),
        ({"x": "a"}, of({"enum": [str(number) for number in range(200_000)]})),
    ],
    ids=["alternatives", "reference", "items", "unknown", "required", "enum"],
)
def test_work_is_bounded(arguments: Any, schema: Any) -> None:
    start = time.perf_counter()
    flaws = Flaws()
    check = ArgumentCheck(flaws)
    for _ in range(20):
        check.check({"args": arguments}, {"parameters": schema}, CALL)
    assert time.perf_counter() - start < 20  # seconds; hours or minutes without a bound
    assert len(flaws) + sum(flaws.more.values()) <= MAX_STEPS


# The judge: jsonschema, for the words that mean the same there.

LEAVES = st.sampled_from(["a", "bb", "", 0, 1, 2, 2.0, 1.5, True, False])
VALUES = st.recursive(
    LEAVES,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from("xyz"), inner, max_size=3),
    max_leaves=6,
)
LIMITS = st.integers(0, 3)
SCHEMAS: st.SearchStrategy[Any] = st.recursive(
    st.fixed_dictionaries(
        {"type": st.sampled_from(["string", "integer", "number", "boolean"])},
        optional={
            "enum": st.lists(LEAVES, min_size=1, max_size=3),
            "minimum": LIMITS,
            "maximum": LIMITS,
            "minLength": LIMITS,
            "maxLength": LIMITS,
        },
    )
    | st.just({}),
    lambda inner: (
        st.fixed_dictionaries(
            {"type": st.just("array")}, optional={"items": inner, "minItems": LIMITS, "maxItems": LIMITS}
        )
        | st.fixed_dictionaries({"anyOf": st.lists(inner, min_size=1, max_size=3)})
        | st.fixed_dictionaries(
            {
                "type": st.just("object"),
                "properties": st.dictionaries(st.sampled_from("xy"), inner, max_size=2),
                "additionalProperties": st.booleans(),
            },
            optional={"required": st.lists(st.sampled_from("xyz"), max_size=2, unique=True)},
        )
    ),
    max_leaves=6,
)


def without_mixed_enums(schema: Any) -> bool:
    """Tell whether no enum compares numbers with strings or truths, which the API's enums do otherwise."""
    if isinstance(schema, list):
        return all(map(without_mixed_enums, schema))
    if not isinstance(schema, dict):
        return True
    kinds = {type(item) for item in schema.get("enum", [])} - {float}
    return len(kinds) < 2 and all(map(without_mixed_enums, schema.values()))


@given(value=st.dictionaries(st.sampled_from("xyz"), VALUES, max_size=3), schema=SCHEMAS)
def test_jsonschema_agrees(value: Any, schema: Any) -> None:
    jsonschema = pytest.importorskip("jsonschema", reason="jsonschema is the judge")
    if not without_mixed_enums(schema):
        return
    judge = jsonschema.Draft202012Validator(schema)
    assert bool(said(value, schema, "parametersJsonSchema")) is not judge.is_valid(value)


def test_jsonschema_agrees_on_each_leaf() -> None:
    jsonschema = pytest.importorskip("jsonschema", reason="jsonschema is the judge")
    types = ["string", "integer", "number", "boolean", "array", "object", "null", ["string", "null"]]
    values = ["", "a", 0, -1, 1.5, 2.0, 1e300, True, False, [], ["a"], {}, {"x": 1}]
    for name, value in itertools.product(types, values):
        judge = jsonschema.Draft202012Validator({"type": name})
        assert bool(said({"x": value}, of({"type": name}))) is not judge.is_valid(value), (name, value)


# At a glance.

QUICK = st.recursive(
    st.fixed_dictionaries(
        {"type": st.sampled_from(["STRING", "integer", "NUMBER", "boolean", "String"])},
        optional={"enum": st.lists(LEAVES, max_size=2), "description": st.just("d"), "required": st.just([])},
    )
    | st.sampled_from(
        [
            None,
            {},
            {"type": "ARRAY"},
            {"type": "OBJECT"},
            {"type": ["STRING"]},
            {"type": "ARRAY", "required": 5},
        ]
    ),
    lambda inner: (
        st.fixed_dictionaries({"type": st.sampled_from(["ARRAY", "Array"]), "items": inner})
        | st.fixed_dictionaries(
            {
                "type": st.sampled_from(["OBJECT", "object"]),
                "properties": st.dictionaries(st.sampled_from("xy"), inner),
            },
            optional={"required": st.lists(st.sampled_from(["x", "y", 5]), max_size=2), "items": inner},
        )
    ),
    max_leaves=6,
)


@given(value=VALUES, schema=QUICK)
def test_what_fits_at_a_glance_fits(value: Any, schema: Any) -> None:
    if fitting(schema)(value):
        assert said(value, schema) == []


@given(schema=QUICK)
def test_what_is_usual_at_a_glance_has_no_gap(schema: Any) -> None:
    if is_usual(schema):
        flaws = Flaws()
        check_schema(schema, "", flaws)
        assert flaws == []


@pytest.mark.parametrize("depth", [3, 900])
def test_a_glance_is_not_deep(depth: int) -> None:
    value, schema = nested(depth)
    assert is_usual(schema) is (depth == 3)
    assert fitting(schema)(value) is False
