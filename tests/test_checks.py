"""What an example says: codes and paths for conversations, media, function calls and pairs.

Objects come in as lines have them; only what ``checks`` says about them is looked at.
"""

from typing import Any

import pytest

from tunestats.checks import check_media_limits, check_preference, check_sft, check_tokens
from tunestats.example import Counts
from tunestats.findings import Flaws
from tunestats.formats import FORMATS
from tunestats.limits import ModelFacts

Value = dict[str, Any]
USER, MODEL, FUNCTION, NOBODY = "user", "model", "function", None
CALL = {"functionCall": {"name": "now", "args": {}}}
RESPONSE = {"functionResponse": {"name": "now", "response": {}}}
TOOLS = [{"functionDeclarations": [{"name": "now"}, {"name": "go"}]}]


def turn(role: Any, *parts: Any) -> Value:
    whole = [{"text": part} if type(part) is str else part for part in parts or ("words",)]
    return {"role": role, "parts": whole} if role is not None else {"parts": whole}


def media(uri: str = "gs://bucket/a.png", mime: str = "image/png", **rest: Any) -> Value:
    return {"fileData": {"mimeType": mime, "fileUri": uri}, **rest}


def said(value: Value, format_name: str) -> list[tuple[str, str]]:
    flaws = Flaws()
    example = FORMATS[format_name].read(value)
    (check_sft if format_name == "sft" else check_preference)(example, flaws)
    return [(flaw.code, flaw.path) for flaw in flaws]


def said_of_roles(format_name: str, *roles: Any) -> list[tuple[str, str]]:
    value: Value = {"contents": [turn(role, f"words {number}") for number, role in enumerate(roles)]}
    if format_name == "preference":
        value["completions"] = PAIR
    return said(value, format_name)


def completion(score: Any = 1, text: str = "Hello", role: Any = MODEL) -> Value:
    return {"score": score, "completion": turn(role, text)}


PAIR = [completion(1, "Hello"), completion(0, "What?")]


@pytest.mark.parametrize(
    ("roles", "expected"),
    [
        ([USER, MODEL], []),
        ([USER, MODEL, USER, MODEL], []),
        ([USER], [("E302", "contents[0]")]),
        ([USER, MODEL, USER], [("E302", "contents[2]")]),
        ([MODEL], [("W303", "contents[0]")]),
        ([MODEL, USER, MODEL], [("W303", "contents[0]")]),
        ([USER, USER, MODEL], [("W302", "contents[1]")]),
        ([USER, MODEL, MODEL, MODEL], [("W302", "contents[2]"), ("W302", "contents[3]")]),
        ([USER, "assistant"], [("E301", "contents[1].role")]),
        (["User", MODEL], [("E301", "contents[0].role")]),
        (["user ", MODEL], [("E301", "contents[0].role")]),
        (["system", USER, MODEL], [("E301", "contents[0].role")]),
        ([USER, MODEL, "tool", MODEL], [("E301", "contents[2].role")]),
        ([USER, MODEL, FUNCTION, MODEL], [("W305", "contents[2].role")]),
        ([USER, MODEL, FUNCTION], [("W305", "contents[2].role"), ("E302", "contents[2]")]),
        ([USER, NOBODY], [("W301", "contents[1]")]),
        ([USER, ""], [("W301", "contents[1]")]),
        ([NOBODY, MODEL], [("W301", "contents[0]")]),
        ([NOBODY, NOBODY], [("W301", "contents")]),
        ([NOBODY] * 5, [("W301", "contents"), ("W303", "contents[0]")]),
        ([NOBODY], [("W301", "contents[0]"), ("E302", "contents[0]")]),
        # The shape is wrong where a role is no string; that has been said.
        ([USER, 5], []),
        ([USER, ["model"]], []),
        ([], []),
    ],
    ids=str,
)
def test_roles_of_supervised_examples(roles: list[Any], expected: list[tuple[str, str]]) -> None:
    assert said_of_roles("sft", *roles) == expected


@pytest.mark.parametrize(
    ("roles", "expected"),
    [
        ([USER], []),
        ([USER, MODEL, USER], []),
        ([NOBODY], [("W301", "contents[0]")]),
        ([USER, MODEL], [("E302", "contents[1]")]),
        ([MODEL, USER], [("W303", "contents[0]")]),
        ([USER, USER], [("W302", "contents[1]")]),
        (["system", USER], [("E301", "contents[0].role")]),
        ([NOBODY, NOBODY, NOBODY], [("W301", "contents")]),
    ],
    ids=str,
)
def test_roles_of_preference_examples(roles: list[Any], expected: list[tuple[str, str]]) -> None:
    assert said_of_roles("preference", *roles) == expected


def test_a_system_role_is_told_where_it_belongs() -> None:
    flaws = Flaws()
    check_sft(FORMATS["sft"].read({"contents": [turn(" System"), turn(MODEL)]}), flaws)
    assert flaws[0].message == "` System` is not a role; expected the text in `systemInstruction`"


def test_system_instructions() -> None:
    turns = [turn(USER), turn(MODEL, "Hello")]
    system = {"parts": [{"text": "Be kind."}, {"text": ""}, media(), {}]}
    assert said({"contents": turns, "systemInstruction": system}, "sft") == [
        ("W304", "systemInstruction.parts[1].text"),
        ("W418", "systemInstruction.parts[2]"),
    ]
    lost = {"parts": [media("a.png")]}
    assert said({"contents": turns, "systemInstruction": lost}, "sft") == [
        ("W418", "systemInstruction.parts[0]"),
        ("W401", "systemInstruction.parts[0].fileData.fileUri"),
    ]


def test_tools_in_preference_examples() -> None:
    value = {"contents": [turn(USER)], "completions": PAIR, "tools": TOOLS}
    assert said(value, "preference") == [("W505", "tools")]
    assert said({**value, "tools": [{"functionDeclarations": []}]}, "preference") == []


def test_what_could_not_be_read_is_passed_over() -> None:
    value = {
        "contents": [None, turn(MODEL), 5, {"role": USER, "parts": "no"}, {"role": MODEL, "parts": [1, {}]}]
    }
    assert said(value, "sft") == []
    assert said({"contents": [turn(USER)], "completions": [None, 5]}, "preference") == []
    assert said({"contents": "no", "completions": {}}, "preference") == []


@pytest.mark.parametrize(
    ("role", "part", "expected"),
    [
        (USER, {"text": ""}, [("W304", ".text")]),
        (MODEL, {"text": " \n\u3000"}, [("W304", ".text")]),
        (USER, {"text": "\u200b"}, []),
        (USER, media(), []),
        (USER, media("https://example.com/a.png"), []),
        (USER, media("http://example.com/a.png"), []),
        (USER, media("/home/me/a.png"), [("W401", ".fileData.fileUri")]),
        (USER, media("GS://bucket/a.png"), [("W401", ".fileData.fileUri")]),
        (USER, media("gs://bucket"), [("W401", ".fileData.fileUri")]),
        (USER, media("gs://bucket/"), [("W401", ".fileData.fileUri")]),
        (
            USER,
            {"file_data": {"mime_type": "image/png", "file_uri": "a.png"}},
            [("W401", ".file_data.file_uri")],
        ),
        (USER, media(mime="application/zip"), [("W406", ".fileData.mimeType")]),
        (USER, media("gs://bucket/a.pdf", "application/pdf"), []),
        (MODEL, media(), [("W403", "")]),
        (USER, {"inlineData": {"mimeType": "image/png", "data": "iVBORw0KGgo="}}, [("W402", "")]),
        (
            USER,
            {"inlineData": {"mimeType": "image/png", "data": "bm90"}},
            [("W402", ""), ("W415", ".inlineData.data")],
        ),
        (USER, {"executable_code": {"code": "1"}}, [("W402", "")]),
        (MODEL, {"codeExecutionResult": {}}, [("W402", "")]),
        # An empty URI and one that is no string are flaws of the shape.
        (USER, media(""), []),
        (USER, {"fileData": {"mimeType": "image/png", "fileUri": 5}}, []),
    ],
    ids=str,
)
def test_parts(role: str, part: Value, expected: list[tuple[str, str]]) -> None:
    contents = (
        [turn(USER, part, "Hi"), turn(MODEL)] if role == USER else [turn(USER), turn(MODEL, part, "Hi")]
    )
    where = f"contents[{0 if role == USER else 1}].parts[0]"
    assert said({"contents": contents}, "sft") == [(code, where + path) for code, path in expected]


@pytest.mark.parametrize(
    ("contents", "tools", "expected"),
    [
        ([turn(USER), turn(MODEL, CALL)], TOOLS, []),
        ([turn(USER), turn(MODEL, CALL)], [], [("W404", "contents[1].parts[0].functionCall.name")]),
        (
            [turn(USER), turn(MODEL, "I go", {"function_call": {"name": "goo"}})],
            TOOLS,
            [("W404", "contents[1].parts[1].function_call.name")],
        ),
        ([turn(USER), turn(MODEL, {"functionCall": {}})], [], []),
        ([turn(USER), turn(MODEL, CALL, CALL), turn(NOBODY, RESPONSE, RESPONSE), turn(MODEL)], TOOLS, []),
        ([turn(USER), turn(MODEL, CALL), turn(USER, RESPONSE), turn(MODEL)], TOOLS, []),
        (
            [turn(USER), turn(MODEL, CALL, CALL), turn(USER, RESPONSE), turn(MODEL)],
            TOOLS,
            [("W405", "contents[2]")],
        ),
        ([turn(USER, RESPONSE), turn(MODEL)], TOOLS, [("W405", "contents[0]")]),
        # A call that nobody answered.
        ([turn(USER), turn(MODEL, CALL), turn(USER, "And?"), turn(MODEL)], TOOLS, [("W405", "contents[2]")]),
        (
            [
                turn(USER),
                turn(MODEL, CALL),
                turn(USER, RESPONSE),
                turn(MODEL),
                turn(USER, RESPONSE),
                turn(MODEL, "b"),
            ],
            TOOLS,
            [("W405", "contents[4]")],
        ),
        # That the calls, or the responses, stand in several turns is another matter.
        (
            [turn(USER), turn(MODEL, CALL, CALL), turn(USER, RESPONSE), turn(USER, RESPONSE), turn(MODEL)],
            TOOLS,
            [("W302", "contents[3]")],
        ),
        (
            [turn(USER), turn(MODEL, CALL), turn(MODEL, CALL), turn(USER, RESPONSE, RESPONSE), turn(MODEL)],
            TOOLS,
            [("W302", "contents[2]")],
        ),
        # In any order, and a name that is missing may be any.
        (
            [
                turn(USER),
                turn(MODEL, CALL, {"functionCall": {"name": "go"}}),
                turn(USER, {"functionResponse": {"name": "go"}}, {"functionResponse": {}}),
                turn(MODEL),
            ],
            TOOLS,
            [],
        ),
        ([turn(USER), turn(MODEL, CALL), None, turn(USER, RESPONSE), turn(MODEL)], TOOLS, []),
        # In the wrong turn: then nothing is said of what answers what.
        ([turn(USER, "Hi", CALL), turn(MODEL)], TOOLS, [("W407", "contents[0].parts[1].functionCall")]),
        (
            [turn(FUNCTION, CALL), turn(MODEL)],
            TOOLS,
            [("W305", "contents[0].role"), ("W407", "contents[0].parts[0].functionCall")],
        ),
        (
            [turn(USER), turn(MODEL, CALL), turn(MODEL, RESPONSE), turn(MODEL, "b")],
            TOOLS,
            [
                ("W302", "contents[2]"),
                ("W302", "contents[3]"),
                ("W407", "contents[2].parts[0].functionResponse"),
            ],
        ),
        ([turn(NOBODY, "Hi", CALL), turn(MODEL)], TOOLS, [("W301", "contents[0]"), ("W405", "contents[1]")]),
        # Several of a name: nobody knows whose parameters count.
        (
            [turn(USER), turn(MODEL, CALL)],
            [
                {
                    "functionDeclarations": [
                        {
                            "name": "now",
                            "parameters": {"type": "OBJECT", "required": ["a"], "properties": {"a": {}}},
                        },
                        {"name": "now"},
                    ]
                }
            ],
            [("W412", "tools[0].functionDeclarations[1].name")],
        ),
        (
            [turn(USER), turn(MODEL, "a", CALL)],
            [
                {
                    "functionDeclarations": [
                        {
                            "name": "now",
                            "parameters": {"type": "OBJECT", "required": ["a"], "properties": {"a": {}}},
                        }
                    ]
                }
            ],
            [("W408", "contents[1].parts[1].functionCall.args")],
        ),
        (
            [turn(USER), turn(MODEL, {"functionCall": {"name": "go"}}), turn(USER, RESPONSE), turn(MODEL)],
            TOOLS,
            [("W405", "contents[2]")],
        ),
    ],
)
def test_function_calls(contents: list[Value], tools: list[Value], expected: list[tuple[str, str]]) -> None:
    assert said({"contents": contents, "tools": tools}, "sft") == expected


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        (1, 0, []),
        (0.0, 1.0, []),
        (1, -0.0, []),
        (1, 1.0, [("E503", "completions")]),
        (0, 0.0, [("E503", "completions")]),
        (0.9, 0, [("E502", "completions[0].score")]),
        (1, -1, [("E502", "completions[1].score")]),
        (2, 2, [("E502", "completions[0].score"), ("E502", "completions[1].score"), ("E503", "completions")]),
        (1, 1e-9, [("E502", "completions[1].score")]),
        (1e38, 0, [("E502", "completions[0].score")]),
        ("NaN", 0, [("E502", "completions[0].score")]),
        ("Infinity", "-Infinity", [("E502", "completions[0].score"), ("E502", "completions[1].score")]),
        ("1", "0.0", [("W503", "completions[0].score"), ("W503", "completions[1].score")]),
        ("0", 0, [("W503", "completions[0].score"), ("E503", "completions")]),
        ("0.5", 0, [("E502", "completions[0].score")]),
        (1, None, [("W501", "completions[1].score")]),
        (None, 0, [("W501", "completions[0].score"), ("E503", "completions")]),
        (
            None,
            None,
            [("W501", "completions[0].score"), ("W501", "completions[1].score"), ("E503", "completions")],
        ),
        # The shape is wrong; that has been said.
        (True, 0, []),
        ("high", 0, []),
        (1e300, 0, []),
        ([1], {}, []),
    ],
    ids=str,
)
def test_scores(first: Any, second: Any, expected: list[tuple[str, str]]) -> None:
    completions = [completion(first, "Hello"), completion(second, "What?")]
    assert said({"contents": [turn(USER)], "completions": completions}, "preference") == expected


def test_a_score_left_out_is_one_that_is_null() -> None:
    completions = [completion(1), {"completion": turn(MODEL, "What?")}]
    assert said({"contents": [turn(USER)], "completions": completions}, "preference") == [
        ("W501", "completions[1].score")
    ]


@pytest.mark.parametrize("score", ["1_0", " 1", "+1", "nan", "inf", "\u0661", 1e39], ids=repr)
def test_a_score_of_the_wrong_shape_is_one_finding(score: Any) -> None:
    flaws = Flaws()
    value = {"contents": [turn(USER)], "completions": [completion(score), completion(0, "What?")]}
    FORMATS["preference"].check_shape(value, flaws)
    assert [flaw.code for flaw in flaws] == ["E201"]
    assert said(value, "preference") == []


@pytest.mark.parametrize(
    ("completions", "expected"),
    [
        ([completion()], [("E501", "completions")]),
        ([*PAIR, completion(0)], [("E501", "completions")]),
        ([completion(1), completion(0)], [("W502", "completions")]),
        ([completion(1, role=USER), PAIR[1]], [("E504", "completions[0].completion.role")]),
        ([PAIR[0], completion(0, "What?", "assistant")], [("E504", "completions[1].completion.role")]),
        ([completion(1, role=FUNCTION), PAIR[1]], [("E504", "completions[0].completion.role")]),
        ([completion(1, role=NOBODY), PAIR[1]], [("W301", "completions[0].completion")]),
        ([completion(1, ""), PAIR[1]], [("W304", "completions[0].completion.parts[0].text")]),
        (
            [{"score": 1, "completion": turn(MODEL, "Hi", media())}, PAIR[1]],
            [("E505", "completions[0].completion.parts[1]")],
        ),
        (
            [{"score": 1, "completion": turn(MODEL, CALL)}, PAIR[1]],
            [("E505", "completions[0].completion.parts[0]")],
        ),
        ([{"score": 1, "completion": "Hello"}, PAIR[1]], []),
        ([{"score": 1}, {"score": 1}], [("E503", "completions")]),
        ([{"score": 1, "completion": {"role": MODEL}}, {"score": 0, "completion": {"role": MODEL}}], []),
        ([None, PAIR[1]], []),
        ([], []),
    ],
    ids=str,
)
def test_completions(completions: list[Any], expected: list[tuple[str, str]]) -> None:
    assert said({"contents": [turn(USER)], "completions": completions}, "preference") == expected


def test_prompts_of_preference_examples_are_text() -> None:
    contents = [turn(USER, "Look", media("/a.png")), turn(MODEL, CALL), turn(USER, " ")]
    assert said({"contents": contents, "completions": PAIR}, "preference") == [
        ("E505", "contents[0].parts[1]"),
        ("E505", "contents[1].parts[0]"),
        ("W304", "contents[2].parts[0].text"),
    ]


@pytest.mark.parametrize(
    ("counts", "codes"),
    [
        (Counts(100, 0, 0, 0, 0), []),
        (Counts(101, 0, 0, 0, 0), ["E601"]),
        # The prompt with the longest completion, not with both.
        (Counts(40, 110, 60, 0, 0), []),
        (Counts(41, 61, 60, 0, 0), ["E601"]),
    ],
)
def test_token_limit_of_preference_examples(counts: Counts, codes: list[str]) -> None:
    flaws = Flaws()
    check_tokens(counts, ModelFacts(tokens_per_example=100, vocabulary=""), flaws)
    assert [flaw.code for flaw in flaws] == codes


def test_media_limits() -> None:
    facts = ModelFacts(
        tokens_per_example=1, vocabulary="", media_per_example={"image": 2, "application/pdf": 1}
    )
    jpeg, pdf, audio = media(mime="image/jpeg"), media(mime="application/pdf"), media(mime="audio/mp3")
    few = {"contents": [turn(USER, media(), jpeg, pdf, *[audio] * 9), turn(MODEL)]}
    many = {"contents": [turn(USER, media(), jpeg, pdf), turn(MODEL), turn(USER, media(), pdf), turn(MODEL)]}
    for value, expected in ((few, []), (many, ["application/pdf", "image"])):
        flaws = Flaws()
        check_media_limits(FORMATS["sft"].read(value), facts, flaws)
        assert [(flaw.code, flaw.path) for flaw in flaws] == [("E603", "contents")] * len(expected)
        assert all(name in flaw.message for name, flaw in zip(expected, flaws, strict=True))


def test_files_count_wherever_they_stand() -> None:
    facts = ModelFacts(tokens_per_example=1, vocabulary="", media_per_example={"image": 2, "audio": 0})
    answer = {"functionResponse": {"name": "now", "response": {}, "parts": [media(), {"inline_data": {}}]}}
    turns = [turn(USER), turn(MODEL, CALL), turn(USER, answer), turn(MODEL)]
    system = {"parts": [{"text": "Look."}, media(), media(mime="audio/mp3")]}
    for value, expected in (
        ({"contents": turns}, []),
        ({"contents": [turn(USER, media(), media()), *turns[1:]]}, [("E603", "contents")]),
        (
            {"contents": [turn(USER, media()), *turns[1:]], "systemInstruction": system},
            [("E603", "systemInstruction"), ("E603", "contents")],
        ),
    ):
        flaws = Flaws()
        check_media_limits(FORMATS["sft"].read(value), facts, flaws)
        assert [(flaw.code, flaw.path) for flaw in flaws] == expected


def test_files_of_function_responses() -> None:
    files = [
        media("/home/me/a.png"),
        {"inline_data": {"mime_type": "image/zip", "data": "bm90"}},
        media(mime="audio/mp3", uri="gs://bucket/a.mp3", videoMetadata={"fps": 1}),
        media(),
        {"functionResponse": {"parts": [media("C:")]}},
    ]
    answer = {"functionResponse": {"name": "now", "response": {}, "parts": files}}
    turns = [turn(USER), turn(MODEL, CALL), turn(USER, answer), turn(MODEL, "Fine")]
    parts = "contents[2].parts[0].functionResponse.parts"
    assert said({"contents": turns, "tools": TOOLS}, "sft") == [
        ("W402", parts),
        ("W401", f"{parts}[0].fileData.fileUri"),
        ("W406", f"{parts}[1].inline_data.mime_type"),
        ("W417", f"{parts}[2].videoMetadata"),
    ]


@pytest.mark.parametrize("mime", [" ", "\n\t", ";x"])
def test_a_media_type_of_nothing(mime: str) -> None:
    image = {"fileData": {"mimeType": mime, "fileUri": "gs://bucket/a.png"}}
    value = {"contents": [{"role": "user", "parts": [image]}, {"role": "model", "parts": [{"text": "x"}]}]}
    flaws = Flaws()
    check_sft(FORMATS["sft"].read(value), flaws)
    assert [flaw.code for flaw in flaws] == ["W406"]


def test_a_thought_is_not_documented_for_preferences_either() -> None:
    better, worse = completion(1), completion(0, "What?")
    better["completion"]["parts"].insert(0, {"text": "Let me see", "thought": True})
    assert said({"contents": [turn(USER)], "completions": [better, worse]}, "preference") == [
        ("W402", "completions[0].completion.parts[0].thought")
    ]


def test_a_thought_is_not_documented() -> None:
    answer = {"role": "model", "parts": [{"text": "x", "thought": True}]}
    flaws = Flaws()
    check_sft(FORMATS["sft"].read({"contents": [{"role": "user", "parts": [{"text": "a"}]}, answer]}), flaws)
    assert [(flaw.code, flaw.path) for flaw in flaws] == [("W402", "contents[1].parts[0].thought")]
