"""Supervised lines: what is one at all, and what is read from it."""

from typing import Any

import pytest

from tunestats.example import MODEL, USER, Example, Message, Part
from tunestats.findings import Flaws
from tunestats.formats.sft import check_sft_shape, read_sft

HI = {"role": "user", "parts": [{"text": "Hi"}]}
HELLO = {"role": "model", "parts": [{"text": "Hello"}]}
CALL = {"name": "now", "args": {"zone": "CET"}}


@pytest.mark.parametrize(
    ("value", "meant", "expected"),
    [
        ({"contents": [HI, HELLO]}, True, []),
        ({"contents": [HI, HELLO], "completions": None}, True, [("W201", "completions")]),
        ({"contents": [HI], "completions": []}, False, [("E210", "completions")]),
        ({"completions": 5}, False, [("E210", "completions")]),
        ({"messages": []}, False, [("E209", "")]),
        ({"contents": None, "messages": []}, False, [("E209", "")]),
        ({"contents": [], "messages": []}, True, [("E202", "contents"), ("W201", "messages")]),
        ({}, True, [("E202", "")]),
        ({"content": [HI, HELLO]}, True, [("E202", "content")]),
        ({"Contents": [HI, HELLO]}, True, [("E202", "Contents")]),
        ({"contents": "Hi"}, True, [("E201", "contents")]),
        ({"contents": [HI, None]}, True, [("E201", "contents[1]")]),
        (
            {"contents": [HI, {"role": "model", "content": "Hello"}]},
            True,
            [("E202", "contents[1]"), ("W201", "contents[1].content")],
        ),
        ({"contents": [HI, HELLO], "systemInstruction": "Be kind."}, True, [("E201", "systemInstruction")]),
        ({"contents": [HI, HELLO], "system_instruction": {}}, True, [("W202", "system_instruction")]),
        ({"contents": [HI, HELLO], "systemInstruction": None}, True, []),
        (
            {
                "contents": [HI, HELLO],
                "labels": {"a": "b"},
                "model": "m",
                "toolConfig": {},
                "safetySettings": [{}],
            },
            True,
            [],
        ),
        ({"contents": [HI, HELLO], "labels": {"a": 5}}, True, [("E201", "labels.a")]),
        (
            {"contents": [HI, {"role": "model", "parts": [{"text": {"label": "a"}}]}]},
            True,
            [("E201", "contents[1].parts[0].text")],
        ),
        # Nothing is found only because something else was found first.
        (
            {"odd": 1, "contents": [{"odd": 1, "role": 5, "parts": [{"odd": 1}, {"text": 5}]}], "tools": {}},
            True,
            [
                ("E201", "contents[0].role"),
                ("E203", "contents[0].parts[0]"),
                ("W201", "contents[0].parts[0].odd"),
                ("E201", "contents[0].parts[1].text"),
                ("W201", "contents[0].odd"),
                ("E201", "tools"),
                ("W201", "odd"),
            ],
        ),
    ],
    ids=lambda value: str(value)[:60],
)
def test_shape(value: dict[str, Any], meant: bool, expected: list[tuple[str, str]]) -> None:  # noqa: FBT001
    flaws = Flaws()
    assert check_sft_shape(value, flaws) is meant
    assert [(flaw.code, flaw.path) for flaw in flaws] == expected


@pytest.mark.parametrize(
    ("part", "expected"),
    [
        ({"fileData": {"mimeType": "image/png", "fileUri": "gs://bucket/a.png"}}, []),
        ({"file_data": {"mimeType": "image/png"}}, [("E202", ".file_data")]),
        ({"inlineData": {"mimeType": "image/png", "data": "no base64!"}}, [("E206", ".inlineData.data")]),
        ({"text": "x"}, [("E203", ""), ("W201", ".text")]),
        ({"fileData": "gs://bucket/a.png"}, [("E201", ".fileData")]),
        ("gs://bucket/a.png", [("E201", "")]),
    ],
    ids=str,
)
def test_shape_of_files_in_responses(part: Any, expected: list[tuple[str, str]]) -> None:
    answer = {"functionResponse": {"name": "now", "response": {}, "parts": [part]}}
    flaws = Flaws()
    check_sft_shape({"contents": [HI, {"role": "user", "parts": [answer]}, HELLO]}, flaws)
    path = "contents[1].parts[0].functionResponse.parts[0]"
    assert [(flaw.code, flaw.path) for flaw in flaws] == [(code, path + place) for code, place in expected]


def test_read() -> None:
    value = {
        "contents": [
            HI,
            {"parts": [{"function_call": CALL}]},
            {"parts": [{"functionResponse": {}}]},
            {"parts": HELLO["parts"]},
        ],
        "system_instruction": {"role": "anything", "parts": [{"text": "Be kind."}]},
    }
    assert read_sft(value) == Example(
        (
            Message(USER, "user", (Part("text", "Hi"),)),
            Message(MODEL, "", (Part("function_call", value=CALL, key="function_call"),)),
            Message(USER, "", (Part("function_response", value={}, key="functionResponse"),)),
            Message(MODEL, "", (Part("text", "Hello"),)),
        ),
        system=(Part("text", "Be kind."),),
    )
