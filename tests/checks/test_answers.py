"""Answers that repeat their prompt, break off, or are out of all proportion; in both formats."""

import json
import unicodedata
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tunestats.checks import check_preference, check_sft
from tunestats.checks.answers import TIMES
from tunestats.findings import Flaws
from tunestats.formats import FORMATS
from tunestats.odd_answers import INVISIBLE, LONG_CHARACTERS, LOST


def turn(role: str, *parts: Any) -> dict[str, Any]:
    return {"role": role, "parts": [{"text": part} if isinstance(part, str) else part for part in parts]}


def said(value: dict[str, Any], format_name: str = "sft") -> list[tuple[str, str]]:
    flaws = Flaws()
    example = FORMATS[format_name].read(value)
    (check_sft if format_name == "sft" else check_preference)(example, flaws)
    return [(flaw.code, flaw.path) for flaw in flaws]


def of_answer(prompt: list[Any], answer: list[Any], **rest: Any) -> list[tuple[str, str]]:
    """Return what is said about an answer, which is the same for a supervised one and a preferred completion."""
    user, model = turn("user", *prompt), turn("model", *answer)
    supervised = said({"contents": [user, model], **rest})
    completions = [
        {"score": 0, "completion": turn("model", "Something else")},
        {"score": 1, "completion": model},
    ]
    preferred = said({"contents": [user], "completions": completions, **rest}, "preference")
    assert [code for code, _ in supervised] == [code for code, _ in preferred]
    assert all(path in ("", "contents[1]") for _, path in supervised)
    return supervised


@pytest.mark.parametrize(
    ("prompt", "answer", "expected"),
    [
        (["Hi"], ["Hi"], True),
        (["Hi"], [" Hi\n"], True),
        (["Hi"], ["hi"], False),
        (["Hi", "you"], ["Hi", "you"], True),
        (["Hi", "you"], ["you"], False),
        (["Hi you"], ["Hi", "you"], False),
    ],
    ids=str,
)
def test_answers_that_are_their_prompt(prompt: list[Any], answer: list[Any], expected: bool) -> None:  # noqa: FBT001
    assert of_answer(prompt, answer) == ([("W306", "contents[1]")] if expected else [])


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        (["\u200b"], True),
        (["\u00ad\u200d \n\u2060"], True),
        ([" \ufeff "], True),
        (["\u3164", "\u2800"], True),
        (["\u200bHello"], False),
        (["\u200f\u05e9\u05dc\u05d5\u05dd"], False),
        (["\u200d", "Hello"], False),
        (["\u2764\ufe0f"], False),
        (["."], False),
    ],
    ids=ascii,
)
def test_answers_of_which_nothing_can_be_seen(answer: list[Any], expected: bool) -> None:  # noqa: FBT001
    assert of_answer(["Hi"], answer) == ([("W309", "contents[1]")] if expected else [])


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        (["nan"], True),
        ([" NaN\n"], True),
        (["[object Object]"], True),
        (["#N/A"], True),
        (["None"], False),
        (["null"], False),
        (["Nan"], False),
        (["nan nan"], False),
        (["na", "n"], True),
    ],
    ids=ascii,
)
def test_answers_that_stand_for_a_missing_value(answer: list[Any], expected: bool) -> None:  # noqa: FBT001
    assert of_answer(["Hi"], answer) == ([("W310", "contents[1]")] if expected else [])


@pytest.mark.parametrize(
    "answer", [*sorted(LOST), *INVISIBLE, "x" * LONG_CHARACTERS], ids=lambda text: ascii(text)[:20]
)
def test_an_odd_answer_is_not_plain(answer: str) -> None:
    lines = [
        json.dumps({"contents": [turn("user", "Hi"), turn("model", text)]}).encode()
        for text in ("Hello", answer)
    ]
    plain, odd = FORMATS["sft"].plain.decode_lines(lines).examples
    assert plain is not None
    assert odd is None


@pytest.mark.parametrize("letter", INVISIBLE, ids=ascii)
def test_an_invisible_letter_is_no_white_space(letter: str) -> None:
    assert not letter.isspace()
    assert not letter.isprintable() or unicodedata.category(letter) in ("Lo", "Mn", "So")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('{"functionCall": {"name": "now", "args": {}}}', True),
        ('[{"function_call": {"name": "now"}}]', True),
        ('\n{ "tool_calls": []}', True),
        ('{"name": "now"}', False),
        ('{"answer": {"functionCall": 1}}', False),
        ('Write {"functionCall": …}', False),
    ],
    ids=str,
)
def test_calls_that_are_texts(text: str, expected: bool) -> None:  # noqa: FBT001
    value = {"contents": [turn("user", "Hi"), turn("model", text)]}
    declared = {**value, "tools": [{"functionDeclarations": [{"name": "now"}]}]}
    assert said(declared) == ([("W419", "contents[1].parts[0].text")] if expected else [])
    assert said(value) == []


def test_any_turn_may_repeat_the_one_before_it() -> None:
    contents = [turn("user", "Hi"), turn("model", "Hello"), turn("user", "Bye"), turn("model", "Bye")]
    assert said({"contents": contents}) == [("W306", "contents[3]")]
    assert said({"contents": [turn("user", "Hi"), turn("model", "a"), turn("model", "a")]}) == [
        ("W302", "contents[2]")
    ]


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        (["```python\nprint(1)\n```"], False),
        (["```python\nprint(1)"], True),
        (["a ``` b ``` c ``` d"], False),
        (["```", "code", "```"], False),
        (["``", "`"], True),
        (["`one` ``two``"], False),
        (['{"a": [1, 2]}'], False),
        (['{"a": [1, 2'], True),
        (['{"a": "wor'], True),
        (['{"a": '], True),
        (['{"a'], True),
        ([' [{"a": 1},\n'], True),
        (['{"a": [1, 2', "]}"], False),
        (['{"a": [1', ", 2"], True),
        (["[link](https://example.com) and more"], False),
        (["[Verse 1]\nRoses are red"], False),
        (["{name} is a placeholder"], False),
        (["[1] A footnote"], False),
        # It ends as it should, whatever is in between.
        (['{"a": }'], False),
        (["[" * 100_000 + "x"], False),
        (["Wait for it..."], False),
        (["def f(x):"], False),
    ],
    ids=lambda value: str(value)[:40],
)
def test_answers_that_break_off(answer: list[Any], expected: bool) -> None:  # noqa: FBT001
    codes = [code for code, _ in of_answer(["Please do " * 20], answer)]
    assert codes == (["W307"] if expected else [])


def test_only_the_preferred_completion_is_looked_at() -> None:
    completions = [
        {"score": 1, "completion": turn("model", "Hello")},
        {"score": 0, "completion": turn("model", "```")},
    ]
    value = {"contents": [turn("user", "Hi")], "completions": completions}
    assert said(value, "preference") == []
    completions[0]["score"], completions[1]["score"] = 0, 1
    assert said(value, "preference") == [("W307", "completions[1].completion")]


WORDS = st.text(alphabet='{}[]",:1 a', max_size=12)


@given(text=WORDS)
def test_only_the_beginning_of_json_is_cut_json(text: str) -> None:
    if not text.strip() or text.strip() == "x":
        return
    cut = [code for code, _ in of_answer(["x"], [text]) if code == "W307"]
    if cut:
        with pytest.raises(json.JSONDecodeError):
            json.loads(text)


@given(
    value=st.recursive(
        st.integers() | st.text(max_size=3),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
        max_leaves=5,
    ),
    data=st.data(),
)
def test_cut_json_is_found(value: Any, data: st.DataObject) -> None:
    whole = json.dumps({"a": value})
    cut = whole[: data.draw(st.integers(1, len(whole) - 1))]
    ends_well = cut.rstrip()[-1] in "}]"
    number_or_escape = cut.rstrip()[-1] in "-\\u0123456789abcdef"
    if not ends_well and not number_or_escape:
        assert ("W307", "contents[1]") in of_answer(["Please"], [cut])


LONG = "words" * (LONG_CHARACTERS // 5)


@pytest.mark.parametrize(
    ("prompt", "answer", "expected"),
    [
        (["Hi"], [LONG], True),
        (["Hi"], [LONG[:-2]], False),
        (["Hi"], ["Well", LONG], True),
        # The other way round is usual.
        ([LONG], ["Yes"], False),
        (["x" * (LONG_CHARACTERS // TIMES)], [LONG], True),
        (["x" * (LONG_CHARACTERS // TIMES + 1)], [LONG], False),
        (["x" * 20, "y"], [LONG], False),
        # No text alone is long.
        (["Hi"], [LONG[:-2]] * 3, False),
    ],
    ids=["one", "short", "one of two", "prompt", "just", "not quite", "two prompts", "many"],
)
def test_answers_out_of_proportion(prompt: list[Any], answer: list[Any], expected: bool) -> None:  # noqa: FBT001
    assert of_answer(prompt, answer) == ([("W308", "")] if expected else [])


@pytest.mark.parametrize(
    "rest",
    [
        {"systemInstruction": {"parts": [{"text": "Be kind. " * 10}]}},
        {"tools": [{"functionDeclarations": [{"name": "now"}]}]},
        {
            "contents": [
                turn("user", {"fileData": {"mimeType": "image/png", "fileUri": "gs://b/c"}}),
                turn("model", LONG),
            ]
        },
        {"contents": [turn("user", ""), turn("model", LONG)]},
        {"contents": [turn("model", LONG)]},
    ],
    ids=["system", "tools", "media", "empty", "nothing"],
)
def test_what_else_belongs_to_a_prompt(rest: dict[str, Any]) -> None:
    value = {"contents": [turn("user", "Hi"), turn("model", LONG)], **rest}
    assert "W308" not in [code for code, _ in said(value)]


def test_both_completions_are_one_side() -> None:
    completions = [
        {"score": score, "completion": turn("model", text)} for score, text in ((1, "Yes"), (0, LONG))
    ]
    value = {"contents": [turn("user", "Hi")], "completions": completions}
    assert said(value, "preference") == [("W308", "")]
    raw = json.dumps(value).encode()
    assert FORMATS["preference"].plain.decode_lines([raw]).examples == [None]


@pytest.mark.parametrize(
    ("first", "second", "code"),
    [
        (["Hello there"], ["Hello there"], "W502"),
        (["Hello there"], ["Hello\nthere "], "W504"),
        (["Hello ", "there"], ["Hello there"], "W504"),
        (["Hellothere"], ["Hello there"], ""),
        (["Hello"], ["hello"], ""),
    ],
    ids=str,
)
def test_completions_that_differ_in_white_space(first: list[str], second: list[str], code: str) -> None:
    completions = [
        {"score": 1, "completion": turn("model", *first)},
        {"score": 0, "completion": turn("model", *second)},
    ]
    value = {"contents": [turn("user", "Hi")], "completions": completions}
    assert said(value, "preference") == ([(code, "completions")] if code else [])


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("Use ``` to open a code block", False),
        ("~~~md\n```\n~~~", False),
        ("~~~md\n```py\n```\n```\n~~~~", False),
        ("```md\n~~~\n```\n~~~", False),
        ("~~~\n~~~\n```py\nx", True),
        ("````md\n```py\nx\n````", False),
        ("```py\nx = 1\n```\nand then\n```py\ny = ", True),
        ("```py\nx = 1", True),
        ("  ```\nx\n  ```\n  ```\n", True),
    ],
)
def test_fences_stand_at_the_beginning_of_a_line(text: str, told: bool) -> None:  # noqa: FBT001
    value = {"contents": [turn("user", "Hi"), turn("model", text)]}
    assert [code for code, _ in said(value)] == ["W307"] * told
