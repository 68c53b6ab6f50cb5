"""Recognise examples of other tools and of older models.

In: an object without ``contents``.
Out: the name of the format that it looks like, and where its pieces belong; None for anything else.
Not here: converting it.

Most formats are known by their keys; chats, whose keys they share, by what their messages look like.
"""

from collections.abc import Callable, Mapping
from typing import Any

from tunestats.quoting import excerpt

__all__ = ["name_foreign_format"]

TURNS = "expected `contents` with `role` and `parts`"
ASSISTANT = "`model` in place of `assistant`"
SCORED = "expected `contents` and two scored `completions`"


def _pair(prompt: str, answer: str) -> str:
    return f"expected `contents`: `{prompt}` as a user turn, `{answer}` as a model turn"


# The first row whose keys are all there wins: the more special rows come first.
FOREIGN: tuple[tuple[frozenset[str], str, str], ...] = tuple(
    (frozenset(keys.split()), name, remedy)
    for keys, name, remedy in (
        ("custom_id body", "a request of OpenAI's batch API", "the messages stand in `body`"),
        ("request response", "a batch prediction result", "expected one example of both"),
        ("request", "a batch prediction request", "the example stands in `request`"),
        ("instances", "a prediction request", "write one example a line"),
        ("candidates usageMetadata", "a response of the model", "expected an example of it and its prompt"),
        ("examples", "a whole data set in one object", "write one example a line"),
        ("schemaVersion messages", "a conversation of Amazon Bedrock", f"{TURNS}, {ASSISTANT}"),
        ("input preferred_output non_preferred_output", "OpenAI's preference format", SCORED),
        ("input_text candidate_0 candidate_1", "the PaLM preference format", SCORED),
        ("conversations chosen rejected", "ShareGPT `conversations` with a DPO pair", SCORED),
        ("chosen rejected", "a DPO pair (`chosen`, `rejected`)", SCORED),
        ("prompt completion label", "the KTO format (`prompt`, `completion`, `label`)", SCORED),
        ("prompt responses", "a ranking of several responses", SCORED),
        (
            "conversations",
            "ShareGPT `conversations`",
            f"{TURNS}, `user` in place of `human`, `model` of `gpt`",
        ),
        ("conversation", "a `conversation` in another shape", TURNS),
        ("dialogue", "a `dialogue` in another shape", TURNS),
        ("dialog", "a `dialog` in another shape", TURNS),
        (
            "input_text output_text",
            "the PaLM format (`input_text`, `output_text`)",
            _pair("input_text", "output_text"),
        ),
        ("text_input output", "the AI Studio format (`text_input`, `output`)", _pair("text_input", "output")),
        ("textInput output", "the AI Studio format (`textInput`, `output`)", _pair("textInput", "output")),
        ("instruction output", "the alpaca format (`instruction`, `output`)", _pair("instruction", "output")),
        (
            "instruction response",
            "the Dolly format (`instruction`, `response`)",
            _pair("instruction", "response"),
        ),
        ("prompt completion", "the prompt and completion format", _pair("prompt", "completion")),
        ("prompt response", "a prompt and response format", _pair("prompt", "response")),
        ("prompt answer", "a prompt and answer format", _pair("prompt", "answer")),
        ("query response", "a query and response format", _pair("query", "response")),
        ("question answers", "a question and answers format", _pair("question", "answers")),
        ("question answer", "a question and answer format", _pair("question", "answer")),
        ("question response", "a question and response format", _pair("question", "response")),
        ("inputs targets", "the FLAN format (`inputs`, `targets`)", _pair("inputs", "targets")),
        ("input output", "an input and output format", _pair("input", "output")),
        ("source target", "a source and target format", _pair("source", "target")),
    )
)
CHAT = "messages"
FOREIGN_KEYS = frozenset([CHAT, *(key for keys, _, _ in FOREIGN for key in keys)])


def name_foreign_format(value: Mapping[str, Any]) -> str | None:
    """Return what an object without ``contents`` is and what to do with it, for a message.

    >>> name_foreign_format({"examples": []})
    'a whole data set in one object; write one example a line'
    """
    if FOREIGN_KEYS.isdisjoint(value):
        return _name_wrapped(value)
    for keys, name, remedy in FOREIGN:
        if value.keys() >= keys:
            return f"{name}; {remedy}"
    return _name_chat(value) if CHAT in value else _name_wrapped(value)


def _name_wrapped(value: Mapping[str, Any]) -> str | None:
    """Find an example one level too deep."""
    for key, item in value.items():
        if type(item) is dict and type(item.get("contents")) is list:
            return f"an example inside `{excerpt(key)}`; write what stands in it as the line"
    return None


def _name_chat(value: Mapping[str, Any]) -> str:
    """Tell apart the chats that call their turns `messages`, by how these look."""
    messages = value[CHAT]
    each = [item for item in messages if type(item) is dict] if type(messages) is list else []
    for matches, name, remedy in CHATS:
        if matches(value, each):
            return f"{name}; {remedy}"
    return f"chat `messages` (OpenAI or Gemini 1.0); {TURNS}, {ASSISTANT}"


def _any_has(*keys: str) -> Callable[[Mapping[str, Any], list[dict[str, Any]]], bool]:
    return lambda _, messages: any(key in item for item in messages for key in keys)


def _has_role(*roles: str) -> Callable[[Mapping[str, Any], list[dict[str, Any]]], bool]:
    return lambda _, messages: any(item.get("role") in roles for item in messages)


def _uses_tools(value: Mapping[str, Any], messages: list[dict[str, Any]]) -> bool:
    keys = {"tool_calls", "tool_call_id", "function_call"}
    return (
        "tools" in value
        or "functions" in value
        or any(not keys.isdisjoint(item) or item.get("role") in ("tool", "function") for item in messages)
    )


TOOLS = "calls and results as `functionCall` and `functionResponse` parts"
CHATS: tuple[tuple[Callable[[Mapping[str, Any], list[dict[str, Any]]], bool], str, str], ...] = (
    (_any_has("parts"), "`contents` under the name `messages`", "expected the name `contents`"),
    (_any_has("author"), "PaLM chat `messages`", f"{TURNS}, `systemInstruction` in place of `context`"),
    (
        lambda value, _: "systemInstruction" in value,
        "Gemini 1.0 `messages`",
        f"{TURNS}, in `systemInstruction` too",
    ),
    (_uses_tools, "OpenAI chat `messages` with tools", f"{TURNS}, {TOOLS}"),
    (
        lambda value, _: "system" in value,
        "Anthropic `messages`",
        f"{TURNS}, {ASSISTANT}, `systemInstruction` of `system`",
    ),
    (_has_role("model"), "Gemini 1.0 `messages`", TURNS),
    (_has_role("assistant"), "OpenAI chat `messages`", f"{TURNS}, {ASSISTANT}"),
)
