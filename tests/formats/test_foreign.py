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
        ({"messages": "Hi"}, "chat `messages`"),
        ({"messages": [None, 5, {"role": ["user"]}]}, "chat `messages`"),
        ({"messages": [TURN, {"role": "assistant", "content": "Hello"}]}, "OpenAI chat `messages`; "),
        ({"messages": [TURN, {"role": "model", "content": "Hello"}]}, "Gemini 1.0 `messages`; "),
        ({"systemInstruction": {}, "messages": [TURN]}, "Gemini 1.0"),
        ({"messages": [TURN], "tools": []}, "OpenAI chat `messages` with tools"),
        ({"messages": [TURN], "functions": []}, "OpenAI chat `messages` with tools"),
        ({"messages": [TURN, {"role": "assistant", "tool_calls": []}]}, "with tools"),
        ({"messages": [TURN, {"role": "assistant", "function_call": {}}]}, "with tools"),
        ({"messages": [TURN, {"role": "tool", "content": "9"}]}, "with tools"),
        ({"system": "Be kind.", "messages": [TURN]}, "Anthropic"),
        ({"context": "", "messages": [{"author": "user", "content": "Hi"}]}, "PaLM chat"),
        ({"messages": [{"role": "user", "parts": [{"text": "Hi"}]}]}, "expected the name `contents`"),
        ({"schemaVersion": "bedrock-conversation-2024", "messages": []}, "Bedrock"),
        ({"custom_id": "1", "method": "POST", "body": {}}, "batch API"),
        ({"messages": [TURN], "chosen": {}, "rejected": {}}, "DPO"),
        ({"conversations": [], "chosen": {}, "rejected": {}}, "DPO"),
        ({"input_text": "", "candidate_0": "", "candidate_1": "", "choice": 1}, "PaLM preference"),
        ({"prompt": "", "completion": "", "label": True}, "KTO"),
        ({"prompt": "", "responses": []}, "ranking"),
        ({"textInput": "Hi", "output": "Hello"}, "AI Studio"),
        ({"instruction": "Hi", "response": "Hello", "context": ""}, "Dolly"),
        ({"inputs": "Hi", "targets": "Hello"}, "FLAN"),
        ({"input": "Hi", "output": "Hello"}, "`input` as a user turn, `output` as a model turn"),
        ({"request": {}, "response": {}, "status": ""}, "batch prediction result"),
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
        ({"data": {"contents": []}, "id": 5}, "an example inside `data`"),
        ({"output": {"contents": []}}, "an example inside `output`"),
    ],
)
def test_foreign_formats(value: dict[str, Any], word: str) -> None:
    name = name_foreign_format(value)
    assert name is not None
    assert word in name
    # What it is, then what to do with it.
    assert len(name.split("; ")) == 2


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


@pytest.mark.parametrize(("keys", "name", "remedy"), FOREIGN)
def test_no_row_hides_another(keys: frozenset[str], name: str, remedy: str) -> None:
    assert name_foreign_format(dict.fromkeys(sorted(keys))) == f"{name}; {remedy}"
