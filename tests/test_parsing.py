"""Every line is parsed as strict JSON, and what is wrong with the others is said in a user's words."""

import json
import re
from math import isinf
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tests.oracle import EXAMPLES, broken_bytes, seeded
from tunestats.findings import Flaws
from tunestats.parsing import name_repeated_keys, parse_line

DEEPEST = 1024


def flaw_of(raw: bytes) -> tuple[str, str]:
    flaws = Flaws()
    assert parse_line(raw, flaws) is None
    (flaw,) = flaws
    assert flaw.path == ""
    assert flaw.message.isprintable()
    return flaw.code, flaw.message


def nested(levels: int) -> bytes:
    return b'{"a":' * (levels - 1) + b"{}" + b"}" * (levels - 1)


@pytest.mark.parametrize(
    ("raw", "code", "word"),
    [
        pytest.param(b'{"a":1,}', "E101", "trailing comma is not allowed, at column 7", id="trailing comma"),
        pytest.param(b'{"a":[1,]}', "E101", "trailing comma", id="trailing comma in a list"),
        pytest.param(b'{"a":1} {"a":2}', "E101", "two values on one line", id="two values"),
        pytest.param(b'{"a":1}{"a":2}', "E101", "two values on one line", id="two values without a space"),
        pytest.param(b'{"a":1},{"a":2}', "E101", "two values on one line", id="two values with a comma"),
        pytest.param(b'{"a":1},', "E101", "a comma behind the object", id="comma behind"),
        pytest.param(
            b'{"a":1}}', "E101", "unexpected content after document, at column 8", id="brace too many"
        ),
        pytest.param(b'{"a":NaN}', "E101", "no NaN", id="NaN"),
        pytest.param(b'{"a":-Infinity}', "E101", "no Infinity", id="Infinity"),
        pytest.param(b"{'a':1}", "E101", "double quotes", id="single quotes"),
        pytest.param(b"{\"a\":'b'}", "E101", "double quotes", id="single-quoted value"),
        pytest.param(b'{"a":None}', "E101", "`null`", id="Python None"),
        pytest.param(b'{"a":True}', "E101", "`true`", id="Python True"),
        pytest.param(b'{"a":1} // b', "E101", "comment", id="comment behind"),
        pytest.param(b'{/* b */"a":1}', "E101", "comment", id="comment inside"),
        pytest.param(b'# {"a":1}', "E101", "comment", id="comment line"),
        pytest.param(b"{a:1}", "E101", "column 2", id="unquoted key"),
        pytest.param(b'{"a":"b', "E101", "near `", id="truncated string"),
        pytest.param(b'{"a":', "E101", "unexpected end of data", id="truncated object"),
        pytest.param(b'{"a":"\t"}', "E101", "control character in a string: a tab", id="raw tab"),
        pytest.param(b'{"a":"\x00"}', "E101", "control character", id="raw NUL"),
        pytest.param(b'{"a":"\\x41"}', "E101", "escape", id="bad escape"),
        pytest.param(b'{"a":"\\u12"}', "E101", "escape", id="short escape"),
        pytest.param(b'{"a":01}', "E101", "leading zero", id="leading zero"),
        pytest.param(b'{"a":+1}', "E101", "column 6", id="plus"),
        pytest.param(b'{"a":.5}', "E101", "column 6", id="no digit before the point"),
        pytest.param(b'{"a":1e999}', "E101", "infinity", id="float beyond all"),
        pytest.param(b'{"a":' + b"9" * 400 + b"}", "E101", "infinity", id="integer beyond all"),
        pytest.param("{'é中👍':1}".encode(), "E101", "at column 2", id="habit behind characters"),
        pytest.param('{"é中👍":nul}'.encode(), "E101", "at column 8", id="columns are characters"),
        pytest.param("{\u201ca\u201d:1}".encode(), "E101", "a typographic quote", id="typographic quotes"),
        pytest.param('{"a":\u2018b\u2019}'.encode(), "E101", "a typographic quote", id="typographic value"),
        pytest.param('{"a"\uff1a1}'.encode(), "E101", "punctuation of full width", id="full width"),
        pytest.param("\u00a0{}".encode(), "E101", "white space that JSON does not", id="no-break space"),
        pytest.param("\u200b{}".encode(), "E101", "white space that JSON does not", id="zero-width space"),
        pytest.param(b'{"a":"b\rc"}', "E101", "a line break, in JSON `\\n`", id="raw CR"),
        pytest.param(b'{"a":"C:\\dir"}', "E101", "an escape that JSON has not", id="path of Windows"),
        pytest.param(b'"{""a"": 1}"', "E101", "a field of CSV", id="CSV"),
        pytest.param(b'{"a":1}\\n{"a":2}', "E101", "a line break that was written", id="escaped line feed"),
        pytest.param(b'{"a":undefined}', "E101", "JavaScript's `undefined`", id="undefined"),
        pytest.param(b"", "E101", "an empty line", id="nothing"),
        pytest.param(b"plain text", "E101", "near `plain text`", id="text"),
        pytest.param(b"\x0b{}", "E101", "near `\\x0b{}`", id="not JSON's white space"),
        pytest.param(b'\xef\xbb\xbf{"a":1}', "E101", "BOM", id="BOM in front"),
        pytest.param(b'{"a":\xef\xbb\xbf1}', "E101", "near `", id="BOM inside"),
        pytest.param(b'{"a":"caf\xe9"}', "E102", "byte 9 of the line is 0xe9", id="latin-1"),
        pytest.param(b'{"a":"\xc0\xaf"}', "E102", "byte 6 of the line is 0xc0", id="overlong"),
        pytest.param(b'{"a":"\xed\xa0\x80"}', "E102", "byte 6 of the line is 0xed", id="surrogate in bytes"),
        pytest.param(b'{"a":"\xf4\x90\x80\x80"}', "E102", "byte 6 of the line is 0xf4", id="beyond Unicode"),
        pytest.param(b'{"a":"\xe4\xb8', "E102", "byte 6 of the line is 0xe4", id="cut in a character"),
        pytest.param(b'{"a":1}\xff', "E102", "byte 7 of the line is 0xff", id="outside of strings"),
        pytest.param('{"a":1}'.encode("utf-16"), "E102", "byte 0 of the line is 0xff", id="UTF-16"),
        pytest.param(b'{"a":\xff,}', "E102", "byte 5", id="the encoding is the first thing wrong"),
        pytest.param(b'{"a":"\\ud83d"}', "E106", "half of a surrogate pair", id="lone high surrogate"),
        pytest.param(b'{"a":"\\ude00"}', "E106", "half of a surrogate pair", id="lone low surrogate"),
        pytest.param(b'{"\\ud83dx":1}', "E106", "half of a surrogate pair", id="lone surrogate in a key"),
        pytest.param(b'{"a":"\\ude00\\ud83d"}', "E106", "half of a surrogate pair", id="swapped surrogates"),
        pytest.param(
            b'{"a":"\\ud83d\\u0041"}', "E106", "half of a surrogate pair", id="surrogate and letter"
        ),
        pytest.param(nested(DEEPEST + 1), "E104", "1,024 levels", id="too deep"),
        pytest.param(b"[" * 100_000, "E104", "1,024 levels", id="too deep and not closed"),
        pytest.param(b'{"a":' + b"[" * 1000, "E101", "not closed", id="many brackets, not closed"),
        pytest.param(b"[{}]", "E103", "a list", id="array"),
        pytest.param(b'"{}"', "E103", "`{}`", id="string"),
        pytest.param(b"42", "E103", "`42`", id="number"),
        pytest.param(b"-1.5e3", "E103", "`-1500.0`", id="float"),
        pytest.param(b"null", "E103", "`null`", id="null"),
        pytest.param(b"true", "E103", "`true`", id="true"),
        pytest.param(b'"\\u001b[31m"', "E103", "`\\x1b[31m`", id="string that steers a terminal"),
    ],
)
def test_what_is_wrong(raw: bytes, code: str, word: str) -> None:
    found, message = flaw_of(raw)
    assert found == code
    assert word in message


@pytest.mark.parametrize(
    ("raw", "value"),
    [
        (b"{}", {}),
        (b' \t{"a" : [1 , 2.5]}\r', {"a": [1, 2.5]}),
        ('{"a":"\u2028\u0085\ufeff\x7f"}'.encode(), {"a": "\u2028\u0085\ufeff\x7f"}),
        (b'{"a":"\\ud83d\\ude00"}', {"a": "\U0001f600"}),
        (b'{"cont\\u0065nts":[]}', {"contents": []}),
        (b'{"a":"\\u0000"}', {"a": "\0"}),
        (b'{"a":18446744073709551616}', {"a": 2.0**64}),
        (b'{"a":-0}', {"a": 0}),
        (b'{"a":1e-999}', {"a": 0.0}),
        (b'{"a":1,"a":2}', {"a": 2}),
    ],
)
def test_what_is_an_object(raw: bytes, value: dict[str, Any]) -> None:
    flaws = Flaws()
    assert parse_line(raw, flaws) == value
    assert not flaws


def test_deepest_object() -> None:
    assert parse_line(nested(DEEPEST), Flaws()) is not None


def is_object(raw: bytes) -> bool:
    """Tell, with the standard library's parser, whether a line is an object of strict JSON."""

    def refuse(name: str) -> Any:
        raise ValueError(name)

    def finite(number: str) -> float:
        if isinf(float(number)):
            refuse(number)
        return float(number)

    try:
        value = json.loads(raw.decode(), parse_constant=refuse, parse_float=finite, parse_int=finite)
    except ValueError:
        return False
    # Only escapes can have made a surrogate, and only one without its other half is left.
    return type(value) is dict and not re.search("[\ud800-\udfff]", json.dumps(value, ensure_ascii=False))


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters()),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(st.characters(), max_size=3), inner, max_size=3)
    ),
    max_leaves=8,
)
# NaN and surrogates too: the standard library writes them.
DUMPED = st.builds(json.dumps, JSON, ensure_ascii=st.booleans()).map(
    lambda text: text.encode("utf-8", "surrogatepass")
)
BROKEN = st.builds(
    lambda value, seed: broken_bytes(json.dumps(value).encode(), seeded(seed)), JSON, st.integers(0, 10**6)
)


@given(st.binary() | DUMPED | BROKEN | st.text(alphabet='{}[]",:\\u0d8e-+.N').map(str.encode))
@example(b'{"a":"\\ud83d\\ud83d\\ude00"}')
@example(b'{"":1e308,"a":1.7976931348623159e308}')
@example(b"\xef\xbb\xbf{}")
def test_objects_are_those_of_the_standard_library(raw: bytes) -> None:
    flaws = Flaws()
    value = parse_line(raw, flaws)
    assert (value is not None) == is_object(raw)
    assert (value is None) == (len(flaws) == 1)


def repeated(raw: bytes) -> list[str]:
    flaws = Flaws()
    name_repeated_keys(raw, flaws)
    assert flaws.codes <= {"E105"}
    return [flaw.path for flaw in flaws]


@pytest.mark.parametrize(
    ("raw", "paths"),
    [
        (b'{"a":1,"b":2}', []),
        (b'{"a":1,"a":1}', ["a"]),
        (b'{"a":1,"\\u0061":2}', ["a"]),
        (b'{"a":1,"a":2,"a":3}', ["a"]),
        ('{"\u00e9":1,"\\u00E9":2}'.encode(), ["é"]),
        (b'{"a":{"b":[0,{"c":1,"c":2}]}}', ["a.b[1].c"]),
        (b'{"a b":{"x":1,"x":[]}}', ['["a b"].x']),
        (b'{"b":1,"a":1,"b":{"a":1,"a":2}}', ["b", "b.a"]),
        (b'[{"a":1,"a":2},{"a":1},{"a":1,"a":2}]', ["[0].a", "[2].a"]),
        (b'{"a":{"a":1},"b":"\\"a\\":1,\\"a\\":2"}', []),
        (b'{"a":' + b"9" * 5000 + b',"a":1e9999}', ["a"]),
    ],
)
def test_repeated_keys_are_named(raw: bytes, paths: list[str]) -> None:
    assert repeated(raw) == paths


def test_repeated_keys_in_what_a_repetition_hides() -> None:
    # The first value of `a` is gone after parsing; its own repetition goes with it.
    assert repeated(b'{"a":{"b":1,"b":2},"a":1}') == ["a"]


@given(st.lists(st.sampled_from("abc"), min_size=1, max_size=6), st.integers(0, 5))
def test_keys_are_named_at_any_depth(keys: list[str], depth: int) -> None:
    raw = "{" + ",".join(f'"{key}":0' for key in keys) + "}"
    for _ in range(depth):
        raw = f'{{"d":[{raw}]}}'
    prefix = "d[0]." * depth
    assert set(repeated(raw.encode())) == {prefix + key for key in keys if keys.count(key) > 1}


def test_a_deep_line_with_a_repeated_key_is_refused() -> None:
    flaws = Flaws()
    name_repeated_keys(b'{"a":1,"a":' * 1000 + b"1" + b"}" * 1000, flaws)
    assert flaws
    assert flaws.codes <= {"E104", "E105"}


@pytest.mark.parametrize("format_name", EXAMPLES)
def test_examples_parse(format_name: str) -> None:
    for value in EXAMPLES[format_name]:
        raw = json.dumps(value).encode()
        assert parse_line(raw, Flaws()) == value
        assert repeated(raw) == []
