"""Examples of other tools are recognised by their keys, and each row of the table can be reached."""

from typing import Any

import pytest

from tests.oracle import EXAMPLES
from tunestats.formats.foreign import FOREIGN, name_foreign_format

TURN = {"role": "user", "content": "Hi"}


@pytest.mark.parametrize(
    ("value", "word"),
    [
        ({"messages": [TURN]}, "chat `messages`"),
        ({"systemInstruction": {}, "messages": [TURN]}, "Gemini 1.0"),
        ({"conversations": [{"from": "human", "value": "Hi"}]}, "ShareGPT"),
        ({"input_text": "Hi", "output_text": "Hello"}, "PaLM"),
        ({"text_input": "Hi", "output": "Hello"}, "AI Studio"),
        ({"instruction": "Hi", "input": "", "output": "Hello"}, "alpaca"),
        ({"prompt": "Hi", "completion": "Hello"}, "prompt and completion"),
        ({"prompt": "Hi", "response": "Hello"}, "prompt and response"),
        ({"question": "Hi", "answer": "Hello"}, "question and answer"),
        ({"prompt": "Hi", "chosen": "Hello", "rejected": "What?"}, "DPO"),
        (
            {"input": {"messages": []}, "preferred_output": [], "non_preferred_output": []},
            "OpenAI's preference",
        ),
        ({"request": {"contents": []}}, "batch prediction"),
        ({"instances": []}, "prediction request"),
        ({"examples": [{"contents": []}]}, "one example a line"),
    ],
)
def test_foreign_formats(value: dict[str, Any], word: str) -> None:
    name = name_foreign_format(value)
    assert name is not None
    assert word in name


@pytest.mark.parametrize(
    "value",
    [
        {},
        {"prompt": "Hi"},
        {"text": "Hi"},
        {"Messages": []},
        {"output": "Hello"},
        *EXAMPLES["sft"],
        *EXAMPLES["preference"],
    ],
    ids=",".join,
)
def test_nothing_foreign(value: dict[str, Any]) -> None:
    assert name_foreign_format(value) is None


@pytest.mark.parametrize(("keys", "name"), FOREIGN)
def test_no_row_hides_another(keys: tuple[str, ...], name: str) -> None:
    assert name_foreign_format(dict.fromkeys(keys)) == name
