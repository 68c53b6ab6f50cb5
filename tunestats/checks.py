"""Check what an example says: conversation, media, preference pair.

In: an ``Example`` of which some pieces may have been unreadable, and its ``Counts`` where they are known.
Out: E3xx to E6xx flaws and advice.
Not here: the shape of the JSON (``formats``); where it has spoken, pieces are None and these checks are silent.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from tunestats.example import MODEL, USER, Completion, Counts, Example, Message, Part
from tunestats.findings import Flaws, quoted
from tunestats.limits import ModelFacts
from tunestats.rules import (
    COMPLETION_ROLE,
    CONSECUTIVE_TURNS,
    EMPTY_TEXT,
    EQUAL_SCORES,
    FUNCTION_ROLE,
    IDENTICAL_COMPLETIONS,
    LOCAL_FILE_URI,
    MEDIA_IN_OUTPUT,
    MISSING_ROLE,
    MISSING_SCORE,
    NO_FIRST_USER_TURN,
    NOT_A_PAIR,
    NOT_TEXT_ONLY,
    NUMBER_AS_STRING,
    SCORE_NOT_BINARY,
    TOO_MANY_TOKENS,
    UNDOCUMENTED_PART,
    UNKNOWN_ROLE,
    WRONG_LAST_TURN,
)

__all__ = ["check_preference", "check_sft", "check_tokens"]

DOCUMENTED = frozenset(("text", "file_data", "function_call", "function_response"))
MEDIA = frozenset(("file_data", "inline_data"))


def check_sft(example: Example, flaws: Flaws) -> None:
    """Append what is wrong with a supervised example."""
    _check_conversation(example, flaws, last=MODEL)
    for number, message in enumerate(example.messages):
        for index, part in enumerate(message.parts if message is not None else ()):
            if part.kind != "text" or not part.text or part.text.isspace():
                _check_part(part, message.role, f"contents[{number}].parts[{index}]", flaws)


def check_preference(example: Example, flaws: Flaws) -> None:
    """Append what is wrong with a preference example."""
    _check_conversation(example, flaws, last=USER)
    _check_completions(example, flaws)
    for path, message in _named_messages(example):
        for index, part in enumerate(message.parts):
            where = f"{path}.parts[{index}]"
            if part.kind == "text":
                _check_part(part, message.role, where, flaws)
            elif part.kind:
                flaws.append(NOT_TEXT_ONLY.at(where, f"`{part.kind}` stands here; expected text"))


def check_tokens(counts: Counts, facts: ModelFacts, flaws: Flaws) -> None:
    """Append a flaw if an example is too long for the model."""
    tokens = counts.input_tokens + counts.longest_completion_tokens
    if tokens > facts.tokens_per_example:
        limit = facts.tokens_per_example
        flaws.append(TOO_MANY_TOKENS.at("", f"the example has {tokens:,} tokens; the limit is {limit:,}"))


def _named_messages(example: Example) -> Iterator[tuple[str, Message]]:
    """Yield every readable message with its path."""
    for index, message in enumerate(example.messages):
        if message is not None:
            yield f"contents[{index}]", message
    for index, completion in enumerate(example.completions):
        if completion is not None and completion.message is not None:
            yield f"completions[{index}].completion", completion.message


def _check_conversation(example: Example, flaws: Flaws, last: str) -> None:
    messages = example.messages
    _check_roles(messages, flaws)
    sides = [_side(message) for message in messages]
    for index in range(1, len(sides)):
        if sides[index] and sides[index] == sides[index - 1]:
            said = f"this turn and the one before it are both the {sides[index]}'s"
            flaws.append(CONSECUTIVE_TURNS.at(f"contents[{index}]", said))
    if sides and sides[0] == MODEL:
        flaws.append(NO_FIRST_USER_TURN.at("contents[0]", "the first turn is the model's"))
    if sides and sides[-1] not in ("", last):
        said = f"the last turn is the {sides[-1]}'s; expected the {last}'s"
        flaws.append(WRONG_LAST_TURN.at(f"contents[{len(sides) - 1}]", said))


def _side(message: Message | None) -> str:
    """Return whose turn it is; empty where the data say something that cannot be understood."""
    if message is None or message.declared_role not in ("", USER, MODEL, "function"):
        return ""
    return message.role


def _check_roles(messages: tuple[Message | None, ...], flaws: Flaws) -> None:
    silent = [index for index, message in enumerate(messages) if message is not None and _lacks_role(message)]
    if len(silent) > 1 and len(silent) == len(messages):
        flaws.append(MISSING_ROLE.at("contents", f"none of the {len(messages)} turns has a role"))
    else:
        for index in silent:
            flaws.append(MISSING_ROLE.at(f"contents[{index}]", "the turn has no role"))
    for index, message in enumerate(messages):
        if message is None or message.declared_role in (None, "", USER, MODEL):
            continue
        path = f"contents[{index}].role"
        if message.declared_role == "function":
            flaws.append(FUNCTION_ROLE.at(path, "`function` is an old role; expected none or `user`"))
        else:
            flaws.append(UNKNOWN_ROLE.at(path, _unknown_role(str(message.declared_role))))


def _lacks_role(message: Message) -> bool:
    # Google's own samples leave the role out where a turn carries function responses.
    return message.declared_role == "" and not any(part.kind == "function_response" for part in message.parts)


def _unknown_role(role: str) -> str:
    if role.strip().lower() == "system":
        return f"{quoted(role)} is not a role; expected the text in `systemInstruction`"
    return f"{quoted(role)} is not a role; expected `user` or `model`"


def _check_part(part: Part, role: str, path: str, flaws: Flaws) -> None:
    if part.kind == "text":
        if not part.text or part.text.isspace():
            said = "is only white space" if part.text else "is empty"
            flaws.append(EMPTY_TEXT.at(f"{path}.text", f"the text {said}"))
        return
    if part.kind and part.kind not in DOCUMENTED:
        flaws.append(UNDOCUMENTED_PART.at(path, f"`{part.key}` is not documented for tuning data"))
    if part.kind in MEDIA and role == MODEL:
        flaws.append(MEDIA_IN_OUTPUT.at(path, "a model turn holds media; expected text"))
    if part.kind == "file_data" and part.value is not None:
        _check_uri(part.value, f"{path}.{part.key}", flaws)


def _check_uri(file_data: Mapping[str, Any], path: str, flaws: Flaws) -> None:
    for key in ("fileUri", "file_uri"):
        uri = file_data.get(key)
        if type(uri) is str and uri and not uri.startswith(("gs://", "https://", "http://")):
            said = f"{quoted(uri)} is not a URI that the service can read; expected `gs://…`"
            flaws.append(LOCAL_FILE_URI.at(f"{path}.{key}", said))


def _check_completions(example: Example, flaws: Flaws) -> None:
    completions = example.completions
    for index, completion in enumerate(completions):
        if completion is not None:
            _check_completion(completion, f"completions[{index}]", flaws)
    if not completions:
        return
    if len(completions) != 2:  # noqa: PLR2004  a pair
        flaws.append(NOT_A_PAIR.at("completions", f"there are {len(completions)} completions; expected 2"))
        return
    first, second = completions
    if first is None or second is None:
        return
    if first.score is not None and first.score == second.score:
        flaws.append(EQUAL_SCORES.at("completions", f"both scores are {quoted(first.score)}; expected 1 and 0"))
    if first.message is not None and second.message is not None and first.message.parts == second.message.parts:
        flaws.append(IDENTICAL_COMPLETIONS.at("completions", "both completions are the same"))


def _check_completion(completion: Completion, path: str, flaws: Flaws) -> None:
    _check_score(completion, f"{path}.score", flaws)
    message = completion.message
    if message is None or message.declared_role in (None, MODEL):
        return
    if message.declared_role == "":
        flaws.append(MISSING_ROLE.at(f"{path}.completion", "the completion has no role"))
    else:
        said = f"{quoted(message.declared_role)} is not the role of a completion; expected `model`"
        flaws.append(COMPLETION_ROLE.at(f"{path}.completion.role", said))


def _check_score(completion: Completion, path: str, flaws: Flaws) -> None:
    score, declared = completion.score, completion.declared_score
    if declared is None:
        flaws.append(MISSING_SCORE.at(path, "the completion has no score; expected 0 or 1"))
    elif score is not None and score not in (0, 1):
        flaws.append(SCORE_NOT_BINARY.at(path, f"the score is {quoted(declared)}; expected 0 or 1"))
    elif score is not None and type(declared) is str:
        flaws.append(NUMBER_AS_STRING.at(path, f"the score {quoted(declared)} is a string; expected a number"))
