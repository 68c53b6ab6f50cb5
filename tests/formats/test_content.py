"""Turns are read whatever is wrong with them; one without a role gets the side that its place makes plain."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tunestats.example import MODEL, USER, Declaration, Example, Message, Part
from tunestats.formats.content import pick, read_message, read_messages, read_request, set_roles

RESPONSE = Part("function_response", value={"name": "now"}, key="functionResponse")
# A turn in one letter: u and m say whose they are, - is silent, r is silent and carries function responses,
# a says something that is no role, n something that is no string, x cannot be read.
TURNS = {
    "u": Message(USER, USER, ()),
    "m": Message(MODEL, MODEL, ()),
    "a": Message(USER, "assistant", ()),
    "n": Message(USER, None, ()),
    "-": Message(USER, "", ()),
    "r": Message(USER, "", (RESPONSE,)),
    "x": None,
}


def sides(turns: str, last: str) -> str:
    messages = set_roles([TURNS[letter] for letter in turns], last)
    return "".join("x" if message is None else message.role[0] for message in messages)


@pytest.mark.parametrize(
    ("turns", "last", "expected"),
    [
        ("", MODEL, ""),
        ("umum", MODEL, "umum"),
        # A single turn is the user's, in either format.
        ("-", MODEL, "u"),
        ("-", USER, "u"),
        ("--", MODEL, "um"),
        ("---", MODEL, "mum"),
        ("----", MODEL, "umum"),
        ("---", USER, "umu"),
        ("--", USER, "mu"),
        ("u-", MODEL, "um"),
        ("u-", USER, "uu"),
        ("-m", MODEL, "um"),
        ("-u", MODEL, "mu"),
        ("u--m", MODEL, "umum"),
        ("um-m", MODEL, "umum"),
        # A turn of responses is the user's wherever it stands, and the turn before it the model's.
        ("u-r-", MODEL, "umum"),
        ("-r", MODEL, "mu"),
        ("r", MODEL, "u"),
        ("rr-", MODEL, "uum"),
        ("u-rr-", MODEL, "umuum"),
        # What says something that is not a role counts as a user's turn, what cannot be read as a model's.
        ("-a", MODEL, "mu"),
        ("-n", MODEL, "mu"),
        ("-x", MODEL, "ux"),
        ("x-", MODEL, "xm"),
    ],
)
def test_sides_of_silent_turns(turns: str, last: str, expected: str) -> None:
    assert sides(turns, last) == expected


@given(st.text("umanrx-", max_size=8), st.sampled_from([USER, MODEL]))
def test_declared_roles_stay(turns: str, last: str) -> None:
    declared = [TURNS[letter] for letter in turns]
    found = set_roles(list(declared), last)
    for before, after in zip(declared, found, strict=True):
        if before is None or before.declared_role != "":
            assert after == before
        else:
            assert after is not None
            assert after.parts == before.parts
            assert after.declared_role == ""


@given(st.integers(2, 9), st.sampled_from([USER, MODEL]))
def test_silent_turns_alternate_and_end_as_they_should(count: int, last: str) -> None:
    found = sides("-" * count, last)
    assert found[-1] == last[0]
    assert "uu" not in found
    assert "mm" not in found


@pytest.mark.parametrize(
    ("role", "expected"),
    [
        ({"role": "user"}, (USER, "user")),
        ({"role": "model"}, (MODEL, "model")),
        ({"role": "assistant"}, (USER, "assistant")),
        ({"role": ""}, (USER, "")),
        ({"role": None}, (USER, "")),
        ({}, (USER, "")),
        ({"role": 5}, (USER, None)),
        ({"role": ["model"]}, (USER, None)),
    ],
    ids=str,
)
def test_roles(role: dict[str, Any], expected: tuple[str, str | None]) -> None:
    assert read_message({**role, "parts": []}) == Message(*expected, ())


CALL = {"name": "now"}


@pytest.mark.parametrize(
    ("part", "expected"),
    [
        ({"text": "Hi"}, Part("text", "Hi")),
        ({"text": ""}, Part("text", "")),
        ({"functionCall": CALL}, Part("function_call", value=CALL, key="functionCall")),
        ({"function_call": CALL}, Part("function_call", value=CALL, key="function_call")),
        ({"thought": True, "inlineData": {}}, Part("inline_data", value={}, key="inlineData", thought=True)),
        ({"text": None, "fileData": {}}, Part("file_data", value={}, key="fileData")),
        ({"text": "Hi", "fileData": {}}, Part("text", "Hi")),
        ({"text": 5}, Part("")),
        ({"functionCall": "now"}, Part("")),
        ({"foo": {}}, Part("")),
        ({}, Part("")),
        ("Hi", Part("")),
        (None, Part("")),
        ([{"text": "Hi"}], Part("")),
    ],
    ids=str,
)
def test_parts(part: Any, expected: Part) -> None:
    message = read_message({"role": "user", "parts": [{"text": "before"}, part]})
    assert message is not None
    assert message.parts == (Part("text", "before"), expected)


@pytest.mark.parametrize("parts", [None, "Hi", {"text": "Hi"}, 5])
def test_parts_that_are_no_list(parts: Any) -> None:
    assert read_message({"role": "user", "parts": parts}) == Message(USER, USER, ())


@pytest.mark.parametrize("contents", [None, {}, "Hi", 5, []])
def test_contents_that_are_no_list(contents: Any) -> None:
    assert read_messages(contents) == []


def test_places_of_unreadable_turns_are_kept() -> None:
    messages = read_messages([None, {"role": "user"}, "Hi", []])
    assert messages == [None, Message(USER, USER, ()), None, None]


def test_pick() -> None:
    assert pick({"aB": 1, "a_b": 2}, "aB", "a_b") == 1
    assert pick({"a_b": 2}, "aB", "a_b") == 2
    assert pick({"aB": None, "a_b": 2}, "aB", "a_b") == 2
    assert pick({"aB": 0, "a_b": 2}, "aB", "a_b") == 0
    assert pick({}, "aB", "a_b") is None


@pytest.mark.parametrize("spelling", ["camel", "snake"])
def test_what_stands_around_the_turns(spelling: str) -> None:
    now, go = {"name": "now"}, {"name": "go"}
    keys = {
        "camel": ("systemInstruction", "generationConfig", "mediaResolution", "functionDeclarations"),
        "snake": ("system_instruction", "generation_config", "media_resolution", "function_declarations"),
    }
    system, config, resolution, declarations = keys[spelling]
    value = {
        system: {"parts": [{"text": "Be kind."}]},
        config: {resolution: "MEDIA_RESOLUTION_LOW"},
        "tools": [{declarations: [now, 5]}, "no", {"googleSearch": {}}, {declarations: [go]}],
    }
    assert read_request(value, []) == Example(
        (),
        (),
        (Part("text", "Be kind."),),
        (Declaration(now), Declaration(go)),
        "MEDIA_RESOLUTION_LOW",
        (f"tools[0].{declarations}[0]", f"tools[3].{declarations}[0]"),
    )


@pytest.mark.parametrize(
    "value",
    [
        {},
        {"systemInstruction": "Be kind.", "generationConfig": [], "tools": {}},
        {
            "systemInstruction": None,
            "generationConfig": {"mediaResolution": 5},
            "tools": [{"functionDeclarations": {}}],
        },
    ],
)
def test_nothing_readable_around_the_turns(value: dict[str, Any]) -> None:
    assert read_request(value, []) == Example(())


@pytest.mark.parametrize(
    ("level", "expected"),
    [
        ({"level": "MEDIA_RESOLUTION_LOW"}, "MEDIA_RESOLUTION_LOW"),
        ({"level": 2}, "MEDIA_RESOLUTION_MEDIUM"),
        ({"level": "MEDIA_RESOLUTION_UNSPECIFIED"}, ""),
        ({"level": 99}, ""),
        ({}, ""),
        (None, ""),
    ],
    ids=str,
)
def test_resolution_of_a_part(level: Any, expected: str) -> None:
    part = {"fileData": {"mimeType": "image/png", "fileUri": "gs://b/a"}, "mediaResolution": level}
    message = read_message({"parts": [part]})
    assert message is not None
    assert message.parts[0].resolution == expected
    assert (
        read_request(
            {"generationConfig": {"mediaResolution": (level or {}).get("level")}}, ()
        ).media_resolution
        == expected
    )


@pytest.mark.parametrize("key", ["videoMetadata", "video_metadata"])
@pytest.mark.parametrize(
    "data", [{"text": "Hi"}, {"fileData": {"mimeType": "video/mp4"}}], ids=["text", "file"]
)
def test_metadata_of_a_part(key: str, data: dict[str, Any]) -> None:
    metadata = {"startOffset": "1s"}
    for value, expected in ((metadata, metadata), (None, None), ("all", None)):
        message = read_message({"parts": [{**data, key: value}]})
        assert message is not None
        assert message.parts[0].video == expected


def test_declarations_in_two_spellings_are_read_once() -> None:
    value = {
        "tools": [{"functionDeclarations": [{"name": "now"}], "function_declarations": [{"name": "go"}]}]
    }
    assert read_request(value, []).tools == ({"name": "now"},)


def test_a_text_that_is_an_object_is_no_text() -> None:
    message = read_message({"role": "model", "parts": [{"text": {"label": "a"}}]})
    assert message is not None
    assert message.parts == (Part(""),)
