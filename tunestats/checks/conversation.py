"""Check who speaks when.

In: the messages of an example.
Out: E3xx flaws and advice about roles and the order of turns.
Not here: what the turns hold (``parts``, ``functions``).
"""

from tunestats.example import MODEL, USER, Example, Message
from tunestats.findings import Flaws
from tunestats.quoting import quoted
from tunestats.rules import (
    CONSECUTIVE_TURNS,
    FUNCTION_ROLE,
    MISSING_ROLE,
    NO_FIRST_USER_TURN,
    UNKNOWN_ROLE,
    WRONG_LAST_TURN,
)

__all__ = ["check_conversation"]

# How nearly all examples go; about longer ones the checks below have the last word.
ALTERNATING = [USER, MODEL] * 20


def check_conversation(example: Example, last: str, flaws: Flaws) -> None:
    """Append what is wrong with the turns of an example that should end with ``last``'s."""
    messages = example.messages
    roles = [message.declared_role if message is not None else None for message in messages]
    if roles and roles[-1] == last and roles == ALTERNATING[: len(roles)]:
        return
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
