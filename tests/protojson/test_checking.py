"""Values are checked as a ProtoJSON parser would read them; the parser of protobuf itself is the judge."""

import json
import re
import time
import warnings
from collections.abc import Callable
from typing import Any

import pytest

from tests.oracle import EXAMPLES, mutated, seeded
from tunestats import Severity
from tunestats.findings import FLAWS_KEPT_PER_LINE, Flaws
from tunestats.formats.fitting import fitter
from tunestats.formats.vertex import SFT_EXAMPLE
from tunestats.protojson.checking import MAX_DEPTH, ShapeRules, check_message, holds
from tunestats.protojson.schema import Enumeration, Field, Kind, Limit, MessageType, Need, OneOf
from tunestats.rules import RULES

SHORT = MessageType("Short", (Field("aB", Kind.STRING), Field("c", Kind.INT32)))
COLOR = Enumeration(("RED", "DARK_BLUE"))
ANY_CASE = Enumeration(("RED", "DARK_BLUE"), any_case=True)
NEEDY = MessageType(
    "Needy",
    (
        Field("name", Kind.STRING, Need.REQUIRED),
        Field("fileUri", Kind.STRING, Need.ADVISED),
        Field("items", SHORT, Need.REQUIRED, repeated=True),
    ),
)
UNION = MessageType(
    "Union",
    (Field("text", Kind.STRING), Field("fileData", SHORT), Field("note", Kind.STRING)),
    unions=(OneOf(frozenset(("text", "fileData")), "nothing is set"),),
)
TREE = MessageType("Tree")
TREE.define((Field("child", TREE), Field("children", TREE, repeated=True), Field("named", TREE, mapped=True)))
FLAW = tuple[str, str]


def said(value: Any, message: MessageType, path: str = "") -> list[FLAW]:
    flaws = Flaws()
    check_message(value, message, flaws, path)
    return [(flaw.code, flaw.path) for flaw in flaws]


def said_of_field(value: Any, kind: Any, **options: Any) -> list[FLAW]:
    return said({"x": value}, MessageType("Test", (Field("x", kind, **options),)))


# What each kind takes, and what it refuses.
TAKEN: dict[Kind, list[Any]] = {
    Kind.STRING: ["", "text", "\0", "null"],
    Kind.BOOL: [True, False],
    Kind.INT32: [0, -1, 2**31 - 1, -(2**31), "7", "-7", 1.0, -2e3, "1.0", "1e2"],
    Kind.INT64: [0, 2**63 - 1, -(2**63), "9223372036854775807", "-9223372036854775808", 1.0, 2.0**53, "1e3"],
    Kind.FLOAT: [0, 1, -1.5, 3.4e38, "1.5", "-1e3", "NaN", "Infinity", "-Infinity", 2**60],
    Kind.DOUBLE: [0, 1.7e308, "1.7e308", "0.1", "NaN", "Infinity", "-Infinity"],
    Kind.BYTES: ["", "bm90", "bm8=", "bm8", "bg==", "bg", "a+/b", "a-_b"],
    Kind.DURATION: ["0s", "1s", "-1s", "1.5s", "1.000000001s", "315576000000s"],
    Kind.OBJECT: [{}, {"a": None}, {"a": [1, {"b": "c"}]}],
    Kind.VALUE: [None, True, 1, "a", [None], {}],
}
REFUSED: dict[Kind, list[Any]] = {
    Kind.STRING: [0, 1.5, True, [], ["a"], {}],
    Kind.BOOL: ["true", "True", 0, 1, [], {}],
    Kind.INT32: [
        2**31,
        -(2**31) - 1,
        1.5,
        "1.5",
        "",
        "a",
        "0x1",
        " 1",
        "1 ",
        "1_0",
        "\u0661",
        "+1",
        True,
        [1],
        {},
        1e20,
        "1e99",
        "NaN",
    ],
    Kind.INT64: [
        2**63,
        "9223372036854775808",
        1.5,
        "",
        "1.5",
        False,
        "Infinity",
        1e300,
        [1],
        "9" * 5000,
        "1e" + "9" * 5000,
    ],
    Kind.FLOAT: [
        3.5e38,
        "3.5e38",
        -1e39,
        "",
        "a",
        "1,5",
        "nan",
        "inf",
        "infinity",
        "+1",
        " 1",
        "1_0",
        "\u0661",
        ".5",
        "1.",
        "0x1",
        True,
        [1],
        {},
    ],
    Kind.DOUBLE: ["1e999", "9" * 400, "nan", "", "one", False, [1.5], {}],
    Kind.BYTES: [
        "no base64!",
        "a",
        "abcde",
        "bm 90",
        "bm90\n",
        "data:image/png;base64,bm90",
        "b=",
        "====",
        "bm=8",
        "=",
        "==",
        "bg=",
        "bm90=",
        "bm8==",
        5,
        [],
        {},
        True,
    ],
    Kind.DURATION: [
        "1",
        "s",
        "",
        "1:30",
        "1 s",
        "1m",
        "1.s",
        ".5s",
        "1e3s",
        "\u0661s",
        "315576000001s",
        "-315576000001s",
        "999999999999s",
        "1.0000000001s",
        "+1s",
        "1s ",
        1,
        1.5,
        [],
        {},
    ],
    Kind.OBJECT: ["", "{}", 1, [], [{}], True],
}


def cases(table: dict[Kind, list[Any]]) -> list[Any]:
    return [
        pytest.param(kind, value, id=f"{kind.name}-{json.dumps(value)[:30]}")
        for kind, values in table.items()
        for value in values
    ]


@pytest.mark.parametrize(("kind", "value"), cases(TAKEN))
def test_taken(kind: Kind, value: Any) -> None:
    assert holds(value, kind)
    assert said_of_field(value, kind) == []
    assert said_of_field([value, value], kind, repeated=True) == []
    assert said_of_field({"a": value, "b": value}, kind, mapped=True) == []


@pytest.mark.parametrize(("kind", "value"), cases(REFUSED))
def test_refused(kind: Kind, value: Any) -> None:
    own = {Kind.BYTES: "E206", Kind.DURATION: "E207"}.get(kind, "E201")
    code = own if type(value) is str else "E201"
    assert not holds(value, kind)
    assert said_of_field(value, kind) == [(code, "x")]
    assert said_of_field([value, value], kind, repeated=True) == [(code, "x[0]"), (code, "x[1]")]
    assert said_of_field({"a": value}, kind, mapped=True) == [(code, "x.a")]


@pytest.mark.parametrize("kind", [kind for kind in Kind if kind is not Kind.VALUE])
def test_null_is_unset_but_not_in_a_list(kind: Kind) -> None:
    assert said_of_field(None, kind) == []
    assert said_of_field(None, kind, repeated=True) == []
    assert said_of_field(None, kind, mapped=True) == []
    assert said_of_field([None], kind, repeated=True) == [("E201", "x[0]")]
    assert said_of_field({"a": None}, kind, mapped=True) == [("E201", "x.a")]


@pytest.mark.parametrize("value", ["a", 1, True, {}, {"0": "a"}])
def test_a_repeated_field_takes_lists(value: Any) -> None:
    assert said_of_field(value, Kind.VALUE, repeated=True) == [("E201", "x")]
    assert said_of_field(value, SHORT, repeated=True) == [("E201", "x")]


@pytest.mark.parametrize("value", ["a", 1, True, [], [{}]])
def test_a_mapped_field_takes_objects(value: Any) -> None:
    assert said_of_field(value, Kind.VALUE, mapped=True) == [("E201", "x")]


@pytest.mark.parametrize(
    ("value", "kind", "codes"),
    [
        ("RED", COLOR, []),
        (0, COLOR, []),
        (1, COLOR, []),
        (2, COLOR, ["W204"]),
        (99, COLOR, ["W204"]),
        (-1, COLOR, ["W204"]),
        ("red", COLOR, ["E205"]),
        ("dark_blue", ANY_CASE, []),
        ("Dark_Blue", ANY_CASE, []),
        ("RED", ANY_CASE, []),
        ("darkblue", ANY_CASE, ["E205"]),
        ("", COLOR, ["E205"]),
        ("RED ", COLOR, ["E205"]),
        ("GREEN", COLOR, ["E205"]),
        ("1", COLOR, ["E205"]),
        (True, COLOR, ["E201"]),
        (1.5, COLOR, ["E201"]),
        ([], COLOR, ["E201"]),
        (["RED"], COLOR, ["E201"]),
    ],
)
def test_enumerations(value: Any, kind: Enumeration, codes: list[str]) -> None:
    assert [code for code, _ in said_of_field(value, kind)] == codes


@pytest.mark.parametrize(
    ("value", "said_of_it"),
    [({}, "`name` is missing"), ({"name": None}, "`name` is null, which is as if it were missing")],
)
def test_what_is_null_is_said_to_be(value: Any, said_of_it: str) -> None:
    flaws = Flaws()
    check_message(value, NEEDY, flaws)
    assert [flaw.message for flaw in flaws if flaw.path == "" and "name" in flaw.message] == [said_of_it]


@pytest.mark.parametrize("value", [2**31, -(2**31) - 1, 2**63])
def test_enumerations_have_32_bits(value: int) -> None:
    assert said_of_field(value, COLOR) == [("E201", "x")]


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ({"aB": "", "c": 1}, []),
        ({"a_b": "", "c": 1}, []),
        ({"aB": "x", "a_b": "y"}, [("E208", "m.a_b")]),
        ({"a_b": "x", "aB": 5}, [("E208", "m.aB")]),
        ({"aB": None, "a_b": "y"}, []),
        ({"aB": "y", "a_b": None}, []),
        ({"a_b": 5}, [("E201", "m.a_b")]),
        ({"ab": 1, "": 2, "a b": 3}, [("W201", "m.ab"), ("W201", 'm[""]'), ("W201", 'm["a b"]')]),
        (
            {"zzz": {"deep": [None]}, "aB": 5, "c": "x"},
            [("E201", "m.aB"), ("E201", "m.c"), ("W201", "m.zzz")],
        ),
        ([], [("E201", "m")]),
        ("", [("E201", "m")]),
        (None, [("E201", "m")]),
    ],
    ids=str,
)
def test_messages(value: Any, expected: list[FLAW]) -> None:
    assert said(value, SHORT, "m") == expected


GOOD_ITEM = [{"c": 1}]


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ({"name": "a", "fileUri": "b", "items": GOOD_ITEM}, []),
        ({"name": "a", "file_uri": "b", "items": GOOD_ITEM}, []),
        ({}, [("E202", ""), ("W202", ""), ("E202", "")]),
        (
            {"name": "", "fileUri": "", "items": []},
            [("E202", "name"), ("W202", "fileUri"), ("E202", "items")],
        ),
        ({"name": None, "file_uri": None, "items": None}, [("E202", ""), ("W202", ""), ("E202", "")]),
        # One cause, one finding: a wrong type is not a missing field as well.
        ({"name": 5, "fileUri": [], "items": {}}, [("E201", "name"), ("E201", "fileUri"), ("E201", "items")]),
        # A misspelt required field is one finding too, at the place of the mistake.
        ({"nmae": "a", "fileUri": "b", "items": GOOD_ITEM}, [("E202", "nmae")]),
        ({"name": "a", "file-uri": "b", "item": GOOD_ITEM}, [("W202", '["file-uri"]'), ("E202", "item")]),
        ({"name": "a", "fileURI": "b", "Items": GOOD_ITEM}, [("W202", "fileURI"), ("E202", "Items")]),
        # Only one key can stand for the missing field, and none for one that is there.
        (
            {"Name": "a", "NAME": "b", "fileUri": "b", "items": GOOD_ITEM},
            [("E202", "Name"), ("W201", "NAME")],
        ),
        ({"name": "a", "Name": "b", "fileUri": "b", "items": GOOD_ITEM}, [("W201", "Name")]),
    ],
    ids=str,
)
def test_needed_fields(value: Any, expected: list[FLAW]) -> None:
    assert said(value, NEEDY) == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ({"text": "a"}, []),
        ({"text": "", "note": "a"}, []),
        ({"file_data": {}}, []),
        ({}, [("E203", "")]),
        ({"note": "a"}, [("E203", "")]),
        ({"text": None}, [("E203", "")]),
        ({"text": None, "fileData": {}}, []),
        ({"text": "a", "fileData": {}}, [("E204", "")]),
        ({"text": 5, "file_data": "b"}, [("E201", "text"), ("E201", "file_data"), ("E204", "")]),
        ({"Text": "a"}, [("E203", "Text")]),
        ({"filedata": {}, "zzz": 1}, [("E203", "filedata"), ("W201", "zzz")]),
        ({"text": "a", "Text": "b"}, [("W201", "Text")]),
        ({"zzz": 1}, [("E203", ""), ("W201", "zzz")]),
    ],
    ids=str,
)
def test_unions(value: Any, expected: list[FLAW]) -> None:
    assert said(value, UNION) == expected


def test_suggestions() -> None:
    flaws = Flaws()
    check_message({"filedata": {}, "text": "a", "difficulty": 1}, UNION, flaws)
    assert [flaw.message for flaw in flaws] == [
        "`filedata` is not a field of Union; did you mean `fileData`?",
        "`difficulty` is not a field of Union",
    ]


def nested(levels: int, wrap: Callable[[Any], Any]) -> Any:
    value: Any = {}
    for _ in range(levels - 1):
        value = wrap(value)
    return value


@pytest.mark.parametrize(
    "wrap",
    [
        lambda inner: {"child": inner},
        lambda inner: {"children": [inner]},
        lambda inner: {"named": {"a": inner}},
    ],
    ids=["child", "children", "named"],
)
def test_depth(wrap: Callable[[Any], Any]) -> None:
    assert said(nested(MAX_DEPTH, wrap), TREE) == []
    assert [code for code, _ in said(nested(MAX_DEPTH + 1, wrap), TREE)] == ["E104"]
    (flaw,) = said(nested(450, wrap), TREE)
    assert len(flaw[1]) <= 200


def test_a_great_many_odd_keys_are_quick_to_report() -> None:
    start = time.perf_counter()
    flaws = Flaws()
    check_message({f"txt{number}": number for number in range(300_000)}, UNION, flaws)
    assert time.perf_counter() - start < 20  # seconds; without a bound on suggestions it takes many minutes
    assert len(flaws) == FLAWS_KEPT_PER_LINE
    assert len(flaws) + sum(flaws.more.values()) == 300_000


def test_a_very_long_key_is_quick_to_report() -> None:
    start = time.perf_counter()
    assert len(said({"text" * 1_000_000: 1, "text": ""}, UNION)) == 1
    assert time.perf_counter() - start < 5


# The judge: protobuf's own parser with Google's own descriptions of the messages.

LINES = 10_000
TYPE_CODES = {"E201", "E205", "E206", "E207", "E208"}
# The messages that we look into; others are described as plain objects.
DESCRIBED = {
    "GenerateContentRequest",
    "Content",
    "Part",
    "Blob",
    "FileData",
    "FunctionCall",
    "FunctionResponse",
    "FunctionResponsePart",
    "FunctionResponseBlob",
    "FunctionResponseFileData",
    "VideoMetadata",
    "Tool",
    "FunctionDeclaration",
    "Schema",
    "GenerationConfig",
    "ExecutableCode",
    "CodeExecutionResult",
    "MediaResolution",
}
# Strings in the SDK and in our description, an enum in the proto.
OTHERWISE = {"responseModalities", "response_modalities"}


# What the examples of documented lines do not show.
SCHEMA = {
    "type": "object",
    "anyOf": [
        {"type": "STRING", "enum": ["a"], "format": "f", "pattern": "p"},
        {"minLength": "1", "maxItems": 2},
    ],
    "properties": {
        "a": {"minimum": 0.5, "maximum": "NaN", "nullable": True, "title": "t", "propertyOrdering": ["b"]}
    },
    "default": None,
    "example": [1],
    "additionalProperties": False,
    "defs": {"b": {"ref": "#"}},
}
RARE = [
    {
        "model": "m",
        "cachedContent": "c",
        "labels": {"a": "b"},
        "toolConfig": {},
        "safetySettings": [{}],
        "contents": [
            {
                "role": "user",
                "parts": [
                    {
                        "inlineData": {"mimeType": "image/png", "data": "bm90"},
                        "thought": False,
                        "thoughtSignature": "bg",
                    },
                    {"executableCode": {"language": "PYTHON", "code": "1"}},
                    {"codeExecutionResult": {"outcome": "OUTCOME_OK", "output": "1"}},
                    {
                        "functionCall": {
                            "id": "1",
                            "name": "now",
                            "args": {},
                            "partialArgs": [],
                            "willContinue": True,
                        }
                    },
                    {"functionResponse": {"id": "1", "name": "now", "response": {}, "parts": []}},
                    {
                        "functionResponse": {
                            "name": "now",
                            "response": {},
                            "parts": [
                                {"inlineData": {"mimeType": "image/png", "data": "bm90"}},
                                {"fileData": {"mimeType": "image/png", "fileUri": "gs://bucket/a.png"}},
                            ],
                        }
                    },
                ],
            }
        ],
    },
    {
        "tools": [
            {
                "functionDeclarations": [
                    {"name": "f", "parameters": SCHEMA, "response": SCHEMA},
                    {"name": "g", "parametersJsonSchema": {"type": 5}, "responseJsonSchema": None},
                ]
            },
            {"googleSearch": {}, "codeExecution": {}},
        ],
        "generationConfig": {
            "temperature": "0.5",
            "topP": 1,
            "topK": 40.0,
            "candidateCount": "1",
            "maxOutputTokens": 7.0,
            "stopSequences": ["a"],
            "responseLogprobs": True,
            "logprobs": 1,
            "seed": -1,
            "presencePenalty": 0.5,
            "frequencyPenalty": "-Infinity",
            "responseMimeType": "a",
            "responseSchema": SCHEMA,
            "responseJsonSchema": [],
            "audioTimestamp": False,
            "mediaResolution": 1,
            "thinkingConfig": {},
        },
    },
]


class _RefusedError(Exception):
    """The peer would let it pass, but only by accident of Python."""


class Peer:
    """One version of the API's proto."""

    def __init__(self, request: Any) -> None:
        self.request = request
        self.unknown: set[str] = set()

    def refuses(self, value: Any) -> bool:
        """Tell whether a request cannot be parsed; ``unknown`` has the paths that this version lacks."""
        from google.protobuf import json_format

        self.unknown = set()
        message = self.request.pb(self.request())
        try:
            # Unknown fields are taken out here: ParseDict ignores unknown enum names together with them.
            json_format.ParseDict(self._known(value, message.DESCRIPTOR, ""), message)
        except (json_format.ParseError, _RefusedError):
            return True
        return False

    def _known(self, value: Any, descriptor: Any, path: str) -> Any:
        if type(value) is not dict:
            # ParseDict iterates over whatever stands there, so a string or a list would pass.
            raise _RefusedError
        if descriptor.name not in DESCRIBED:
            return {}
        fields = {key: field for field in descriptor.fields for key in (field.json_name, field.name)}
        known = {}
        seen = set()
        for key, item in value.items():
            field = fields.get(key)
            where = f"{path}.{key}" if path else key
            if field is None or key in OTHERWISE:
                self.unknown.add(where)
                continue
            if field.name in seen:
                if item is not None:
                    raise _RefusedError  # ParseDict only compares spellings
                self.unknown.add(where)  # a null beside a value: nobody says
            seen |= {field.name} if item is not None else set()
            known[key] = self._item(item, field, where)
        return known

    def _item(self, item: Any, field: Any, path: str) -> Any:
        if field.enum_type is not None and not field.is_repeated:
            return self._enum(item, field)
        message = field.message_type
        if type(item) is bool and field.cpp_type in (field.CPPTYPE_FLOAT, field.CPPTYPE_DOUBLE):
            raise _RefusedError  # ParseDict would take it as 1.0
        if field.type == field.TYPE_BYTES and type(item) is str and re.search("[^A-Za-z0-9+/_=-]", item):
            raise _RefusedError  # ParseDict would skip such characters
        if message is None or message.file.package == "google.protobuf" or item is None:
            return item
        if message.GetOptions().map_entry:
            inner = message.fields_by_name["value"]
            if inner.message_type is None or type(item) is not dict:
                return item
            return {key: self._known(one, inner.message_type, f"{path}.{key}") for key, one in item.items()}
        if field.is_repeated:
            if type(item) is not list:
                raise _RefusedError
            return [self._known(one, message, f"{path}[{index}]") for index, one in enumerate(item)]
        return self._known(item, message, path)

    def _enum(self, item: Any, field: Any) -> Any:
        if type(item) is str:
            # Lower case is known to pass in schemas; NULL is newer than the installed proto.
            name = item.upper() if field.enum_type.name == "Type" else item
            if name == "NULL" and field.enum_type.name == "Type":
                return 0
            if name not in field.enum_type.values_by_name:
                raise _RefusedError  # ParseDict would take "1"
            return name
        if item is not None and type(item) is not int:
            raise _RefusedError  # ParseDict would take 1.5 and true
        return item


@pytest.fixture(scope="module")
def peers() -> list[Peer]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of the peers
        pytest.importorskip("google.protobuf.json_format", reason="protobuf is the judge")
        reason = "google-cloud-aiplatform describes the API"
        versions = [
            pytest.importorskip(f"google.cloud.aiplatform_{name}", reason=reason)
            for name in ("v1", "v1beta1")
        ]
    return [Peer(version.GenerateContentRequest) for version in versions]


# Where a request has a field of each kind.
PLACES: dict[Kind, Callable[[Any], Any]] = {
    Kind.STRING: lambda value: {"model": value},
    Kind.BOOL: lambda value: {"generationConfig": {"responseLogprobs": value}},
    Kind.INT32: lambda value: {"generationConfig": {"seed": value}},
    Kind.INT64: lambda value: {"generationConfig": {"responseSchema": {"minItems": value}}},
    Kind.FLOAT: lambda value: {"generationConfig": {"temperature": value}},
    Kind.DOUBLE: lambda value: {"generationConfig": {"responseSchema": {"minimum": value}}},
    Kind.BYTES: lambda value: {"contents": [{"parts": [{"text": "", "thoughtSignature": value}]}]},
    Kind.DURATION: lambda value: {
        "contents": [{"parts": [{"text": "", "videoMetadata": {"startOffset": value}}]}]
    },
    Kind.OBJECT: lambda value: {"contents": [{"parts": [{"functionCall": {"args": value}}]}]},
    Kind.VALUE: lambda value: {"tools": [{"functionDeclarations": [{"parametersJsonSchema": value}]}]},
}
# What the peer takes although the specification does not; it takes nothing less.
LAX: dict[Kind, tuple[str, ...]] = {
    # Python's int() takes underscores, a plus, and the digits of every script.
    Kind.INT32: ("1_0", "+1", "\u0661"),
    # float() takes spaces and short forms too, and makes infinity of a quoted number that is too large.
    Kind.FLOAT: ("1_0", "+1", "\u0661", " 1", ".5", "1.", "inf", "infinity", "3.5e38"),
    Kind.DOUBLE: ("1e999", "9" * 400),
    # Python's base64 skips whatever stands behind the padding, and takes too little or too much of it.
    Kind.BYTES: ("====", "bm=8", "=", "==", "bg=", "bm90=", "bm8=="),
    # Python's Duration reads its halves with int() and float(), and rounds.
    Kind.DURATION: ("1 s", "1.s", "+1s", "\u0661s", "1.0000000001s"),
}


@pytest.mark.parametrize(("kind", "value"), [*cases(TAKEN), *cases(REFUSED)])
def test_kinds_are_those_of_the_peers(kind: Kind, value: Any, peers: list[Peer]) -> None:
    lax = type(value) is str and value in LAX.get(kind, ())
    for peer in peers:
        assert peer.refuses(PLACES[kind](value)) is not (holds(value, kind) or lax)


def test_types_are_those_of_the_peers(peers: list[Peer]) -> None:
    random = seeded(5)
    examples = [*EXAMPLES["sft"], *RARE, *RARE]
    refused = 0
    unsaid, overdone = [], []
    for _ in range(LINES):
        value = mutated(random.choice(examples), random, random.choice((1, 1, 2, 3)))
        flaws = Flaws()
        check_message(value, SFT_EXAMPLE, flaws)
        verdicts = [peer.refuses(value) for peer in peers]
        refused += any(verdicts)
        # A field that one version does not know is only judged by the other.
        unknown = set.intersection(*(peer.unknown for peer in peers))
        if any(verdicts) and not any(RULES[flaw.code].severity is Severity.ERROR for flaw in flaws):
            unsaid.append((value, verdicts))
        ours = [
            flaw for flaw in flaws if flaw.code in TYPE_CODES and not flaw.path.startswith(tuple(unknown))
        ]
        if ours and not any(verdicts):
            overdone.append((value, ours))
    assert (unsaid[:3], overdone[:3]) == ([], [])
    assert refused > LINES / 4


SHORT_TEXT = Limit(RULES["E205"], lambda value: len(value) < 3, "{value} is too long for `{name}` ({snake})")
LIMITED = MessageType(
    "Limited",
    (
        Field("shortName", Kind.STRING, limits=(SHORT_TEXT,)),
        Field("labelMap", Kind.STRING, mapped=True, limits=(SHORT_TEXT,), key_limits=(SHORT_TEXT,)),
        Field("names", Kind.STRING, repeated=True, limits=(SHORT_TEXT,)),
    ),
)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ({"shortName": "ab", "labelMap": {"k": "v"}, "names": ["a", "b"]}, []),
        ({"shortName": "abc"}, [("E205", "shortName")]),
        ({"short_name": "abc"}, [("E205", "short_name")]),
        ({"shortName": 5}, [("E201", "shortName")]),
        ({"shortName": None}, []),
        ({"labelMap": {"key": "v", "k": "value"}}, [("E205", "labelMap.key"), ("E205", "labelMap.k")]),
        ({"names": ["a", "abc", 1]}, [("E205", "names[1]"), ("E201", "names[2]")]),
    ],
    ids=["kept", "broken", "other spelling", "wrong type", "unset", "keys and values", "items"],
)
def test_limits(value: Any, expected: list[FLAW]) -> None:
    assert said(value, LIMITED) == expected


def test_a_limit_names_both_spellings() -> None:
    flaws = Flaws()
    check_message({"shortName": "abc"}, LIMITED, flaws)
    assert [flaw.message for flaw in flaws] == ["`abc` is too long for `shortName` (short_name)"]


def test_several_unions_are_checked_each_for_itself() -> None:
    message = MessageType(
        "Two",
        tuple(Field(name, Kind.STRING) for name in "abcd"),
        unions=(OneOf(frozenset("ab"), "neither a nor b"), OneOf(frozenset("cd"), "neither c nor d")),
    )
    flaws = Flaws()
    check_message({"a": "", "b": ""}, message, flaws)
    assert [(flaw.code, flaw.message) for flaw in flaws] == [
        ("E204", "`a` and `b` exclude each other"),
        ("E203", "neither c nor d"),
    ]
    assert said({"a": "", "d": ""}, message) == []


def test_flaws_are_called_by_the_rules_that_are_given() -> None:
    rules = ShapeRules(*[RULES["E101"]] * len(ShapeRules._fields))
    flaws = Flaws()
    check_message({"text": 1, "fileData": {"c": "x"}, "other": 1}, UNION, flaws, "at", rules)
    assert {flaw.code for flaw in flaws} == {"E101"}
    assert len(flaws) == 4


# Where free values stand: a Struct in a call, a Value in a declaration.
FREE_PLACES = {"args": PLACES[Kind.OBJECT], "schema": PLACES[Kind.VALUE]}


@pytest.mark.parametrize("place", FREE_PLACES)
@pytest.mark.parametrize(("brackets", "leaf"), [("[]", "[]"), ("{}", "{}"), ("{}", "1"), ("[]", '"a"')])
def test_depth_is_that_of_the_peers(place: str, brackets: str, leaf: str, peers: list[Peer]) -> None:
    opened = '{"a":' if brackets == "{}" else "["
    verdicts = set()
    for depth in range(40, 56):
        value = json.loads('{"a":' + opened * depth + leaf + brackets[1] * depth + "}")
        request = FREE_PLACES[place](value)
        flaws = Flaws()
        check_message(request, SFT_EXAMPLE, flaws)
        deep = any(flaw.code == "W203" for flaw in flaws)
        for peer in peers:
            assert peer.refuses(request) is deep, depth
        assert (fitter(SFT_EXAMPLE)({"contents": EXAMPLES["sft"][0]["contents"], **request}) < 0) or not deep
        verdicts.add(deep)
    assert verdicts == {True, False}


def test_the_deepest_line_that_can_be_parsed_is_checked() -> None:
    value: dict[str, Any] = {}
    for _ in range(1_000):
        value = {"a": value}
    assert said({"contents": [{"parts": [{"functionCall": {"name": "f", "args": value}}]}]}, SFT_EXAMPLE) == [
        ("W203", "contents[0].parts[0].functionCall.args")
    ]


@pytest.mark.parametrize(
    ("value", "hint"),
    [
        ({"contents": [{"role": "user", "text": "Hi"}]}, "it belongs in `parts`"),
        ({"tools": [{"name": "f"}]}, "it belongs in `functionDeclarations`"),
        ({"temperature": 0.5}, "it belongs in `generationConfig`"),
        ({"function_declarations": []}, "it belongs in `tools`"),
        ({"contents": [{"parts": [{"text": "Hi", "args": {}}]}]}, "it belongs in `functionCall`"),
        # In both kinds of files.
        ({"contents": [{"parts": [{"text": "Hi", "mimeType": "a"}]}]}, "is not a field of Part"),
        ({"odd": 1}, "is not a field of example"),
        ({"Tools": []}, "did you mean `tools`?"),
    ],
    ids=str,
)
def test_what_stands_one_level_too_high(value: Any, hint: str) -> None:
    flaws = Flaws()
    check_message(value, SFT_EXAMPLE, flaws)
    [flaw] = [flaw for flaw in flaws if flaw.code == "W201"]
    assert flaw.message.endswith(hint)
