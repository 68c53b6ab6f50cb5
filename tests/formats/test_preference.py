"""Preference lines: what is one at all, and what is read from it."""

from typing import Any

import pytest

from tunestats.example import MODEL, USER, Completion, Example, Message, Part
from tunestats.findings import Flaws
from tunestats.formats.preference import check_preference_shape, read_preference

HI = {"role": "user", "parts": [{"text": "Hi"}]}
HELLO = {"role": "model", "parts": [{"text": "Hello"}]}
WHAT = {"role": "model", "parts": [{"text": "What?"}]}
PAIR = [{"score": 1, "completion": HELLO}, {"score": 0, "completion": WHAT}]


@pytest.mark.parametrize(
    ("value", "meant", "expected"),
    [
        ({"contents": [HI], "completions": PAIR}, True, []),
        ({"contents": [HI, HELLO]}, False, [("E210", "contents")]),
        ({"contents": [HI]}, True, [("E202", "")]),
        ({"contents": [HI, HELLO], "completions": None}, True, [("E202", "")]),
        ({"contents": [HI], "completion": PAIR}, True, [("E202", "completion")]),
        ({"contents": [HI], "completions": []}, True, [("E202", "completions")]),
        ({"contents": [HI], "completions": {}}, True, [("E201", "completions")]),
        ({"completions": PAIR}, True, [("E202", "")]),
        ({"prompt": "", "chosen": "", "rejected": ""}, False, [("E209", "")]),
        ({}, True, [("E202", ""), ("E202", "")]),
        ({"contents": [HI], "completions": [PAIR[0], None]}, True, [("E201", "completions[1]")]),
        ({"contents": [HI], "completions": [PAIR[0], {"score": 0}]}, True, [("E202", "completions[1]")]),
        (
            {"contents": [HI], "completions": [PAIR[0], {"score": 0, "completion": "What?"}]},
            True,
            [("E201", "completions[1].completion")],
        ),
        (
            {"contents": [HI], "completions": [PAIR[0], {"score": 0, "completion": {"contents": [WHAT]}}]},
            True,
            [("E202", "completions[1].completion"), ("W201", "completions[1].completion.contents")],
        ),
        (
            {
                "contents": [HI],
                "completions": [{"score": True, "completion": HELLO}, {"score": "x", "completion": WHAT}],
            },
            True,
            [("E201", "completions[0].score"), ("E201", "completions[1].score")],
        ),
        ({"contents": [HI], "completions": PAIR, "system_instruction": {"parts": HI["parts"]}}, True, []),
    ],
    ids=lambda value: str(value)[:60],
)
def test_shape(value: dict[str, Any], meant: bool, expected: list[tuple[str, str]]) -> None:  # noqa: FBT001
    flaws = Flaws()
    assert check_preference_shape(value, flaws) is meant
    assert [(flaw.code, flaw.path) for flaw in flaws] == expected


def answer(declared: str | None, *texts: str) -> Message:
    return Message(MODEL, declared, tuple(Part("text", text) for text in texts))


def test_read() -> None:
    value = {
        "contents": [{"parts": HI["parts"]}],
        "completions": PAIR,
        "systemInstruction": {"parts": [{"text": "Be kind."}]},
    }
    assert read_preference(value) == Example(
        (Message(USER, "", (Part("text", "Hi"),)),),
        (Completion(1, 1, answer("model", "Hello")), Completion(0, 0, answer("model", "What?"))),
        (Part("text", "Be kind."),),
    )


@pytest.mark.parametrize(
    ("declared", "score"),
    [
        (1, 1),
        (0.5, 0.5),
        (-3, -3),
        ("1.0", 1),
        ("1e-3", 0.001),
        ("Infinity", float("inf")),
        (None, 0),
        (True, None),
        ("high", None),
        ("", None),
        ([1], None),
        ({}, None),
    ],
    ids=repr,
)
def test_scores(declared: Any, score: float | None) -> None:
    (completion,) = read_preference({"completions": [{"score": declared}]}).completions
    assert completion == Completion(score, declared, None)


def test_a_score_left_out_is_zero() -> None:
    assert read_preference({"completions": [{"completion": HELLO}]}).completions == (
        Completion(0, None, answer("model", "Hello")),
    )


@pytest.mark.parametrize("role", ["user", "assistant", "", None])
def test_a_completion_is_the_models_whatever_it_says(role: str | None) -> None:
    (completion,) = read_preference(
        {"completions": [{"score": 1, "completion": {"role": role, "parts": []}}]}
    ).completions
    assert completion == Completion(1, 1, answer(role or ""))


def test_places_of_unreadable_completions_are_kept() -> None:
    example = read_preference({"completions": [None, 5, {}, {"completion": []}]})
    assert example.completions == (None, None, Completion(0, None, None), Completion(0, None, None))


@pytest.mark.parametrize("completions", [None, {}, "Hello", 5])
def test_completions_that_are_no_list(completions: Any) -> None:
    assert read_preference({"completions": completions}).completions == ()
