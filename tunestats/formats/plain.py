"""Recognise at a glance the examples about which nothing can be said.

In: a parsed line.
Out: the number of quotes that the plain shape takes in JSON, or 0 for everything else, valid or not.
Not here: what is wrong with the others; whatever is not plain goes to the full checker (``sft``, ``preference``).

This runs for every line: it is written for speed, and it may only ever accept too little. Plain is:
alternating turns that begin with the user's, texts that are not blank, no other field, and perhaps a
``systemInstruction`` of such texts. The count of quotes lets
``engines`` notice keys that stand twice.
"""

from typing import Any

from tunestats.example import Message, Part

__all__ = ["plain_message", "plain_pair", "plain_parts", "plain_sft"]


def plain_sft(value: Any) -> int:
    """Return the quotes of a plain supervised example, 0 for anything else.

    >>> plain_sft({"contents": [{"role": "user", "parts": [{"text": "Hi"}]},
    ...                         {"role": "model", "parts": [{"text": "Hello"}]}]})
    22
    """
    if type(value) is not dict:
        return 0
    quotes = _turns(value.get("contents"))
    if quotes <= 0:
        return 0
    if len(value) == 1:
        return quotes
    system = _system(value)
    return quotes + system if system and len(value) == 2 else 0


def plain_pair(value: Any) -> int:
    """Return the quotes of a plain preference example, 0 for anything else."""
    if type(value) is not dict:
        return 0
    quotes = _turns(value.get("contents"))
    completions = value.get("completions")
    if quotes >= 0 or type(completions) is not list or len(completions) != 2:
        return 0
    first, second = _completion(completions[0]), _completion(completions[1])
    if not first or not second or completions[0]["score"] == completions[1]["score"]:
        return 0
    if completions[0]["completion"]["parts"] == completions[1]["completion"]["parts"]:
        return 0
    quotes = 2 - quotes + first + second
    if len(value) == 2:
        return quotes
    system = _system(value)
    return quotes + system if system and len(value) == 3 else 0


def plain_message(content: dict[str, Any]) -> Message:
    """Return the message of a plain turn."""
    role = content["role"]
    return Message(role, role, plain_parts(content))


def plain_parts(content: dict[str, Any]) -> tuple[Part, ...]:
    """Return the parts of a plain turn or system instruction."""
    return tuple([Part("text", part["text"]) for part in content["parts"]])


def _turns(contents: Any) -> int:
    """Return the quotes of plain turns and of the key before them.

    Positive if the last turn is the model's, negative if it is the user's, 0 if anything is not plain.
    """
    if type(contents) is not list or not contents:
        return 0
    quotes = 2
    role = "user"
    for content in contents:
        if type(content) is not dict or content.get("role") != role or len(content) != 2:
            return 0
        parts = content.get("parts")
        if type(parts) is not list or not parts:
            return 0
        for part in parts:
            if type(part) is not dict or len(part) != 1:
                return 0
            text = part.get("text")
            if type(text) is not str or not text or text.isspace():
                return 0
        quotes += 6 + 4 * len(parts)
        role = "model" if role == "user" else "user"
    return quotes if role == "user" else -quotes


def _system(value: dict[str, Any]) -> int:
    """Return the quotes of a plain system instruction and of its key, 0 for anything else."""
    content = value.get("systemInstruction", value.get("system_instruction"))
    if type(content) is not dict:
        return 0
    texts = _texts(content.get("parts"))
    if not texts:
        return 0
    if len(content) == 1:
        return 4 + texts
    return 8 + texts if len(content) == 2 and type(content.get("role")) is str else 0


def _completion(completion: Any) -> int:
    """Return the quotes of a plain completion with a score of 0 or 1, 0 for anything else."""
    if type(completion) is not dict or len(completion) != 2:
        return 0
    score = completion.get("score")
    content = completion.get("completion")
    if (type(score) is not float and type(score) is not int) or score not in (0, 1):
        return 0
    if type(content) is not dict or len(content) != 2 or content.get("role") != "model":
        return 0
    texts = _texts(content.get("parts"))
    return 10 + texts if texts else 0


def _texts(parts: Any) -> int:
    if type(parts) is not list:
        return 0
    for part in parts:
        if type(part) is not dict or len(part) != 1:
            return 0
        text = part.get("text")
        if type(text) is not str or not text or text.isspace():
            return 0
    return 4 * len(parts)
