"""Check function calls against declarations and responses.

In: an example.
Out: W404 and W405 advice.
Not here: the shape of calls (``formats``) or of their arguments.
"""

from tunestats.example import Example, Message, Part
from tunestats.findings import Flaws
from tunestats.quoting import quoted
from tunestats.rules import UNDECLARED_FUNCTION, UNMATCHED_RESPONSES

__all__ = ["check_functions"]

LISTED = 5


def check_functions(example: Example, flaws: Flaws) -> None:
    """Append advice about calls of functions that are not declared, and responses that answer no call."""
    called: list[str] = []
    for number, message in enumerate(example.messages):
        if message is None:
            called = []
            continue
        answered = [_name(part) for part in message.parts if part.kind == "function_response"]
        if answered and sorted(answered) != sorted(called):
            said = f"{_told(answered)} answered, but {_told(called)} called before"
            flaws.append(UNMATCHED_RESPONSES.at(f"contents[{number}]", said))
        called = [_name(part) for part in message.parts if part.kind == "function_call"]
        if called:
            _check_declared(message, f"contents[{number}]", example, flaws)


def _check_declared(message: Message, path: str, example: Example, flaws: Flaws) -> None:
    declared = [tool.get("name") for tool in example.tools]
    for index, part in enumerate(message.parts):
        name = _name(part)
        if part.kind == "function_call" and name and name not in declared:
            known = ", ".join(quoted(item) for item in declared[:LISTED]) or "no function"
            said = f"{quoted(name)} is not declared in `tools`; declared: {known}"
            flaws.append(UNDECLARED_FUNCTION.at(f"{path}.parts[{index}].{part.key}.name", said))


def _name(part: Part) -> str:
    name = part.value.get("name") if part.value is not None else None
    return name if type(name) is str else ""


def _told(names: list[str]) -> str:
    if not names:
        return "nothing is"
    listed = ", ".join(quoted(name) for name in names[:LISTED])
    return f"{len(names)} ({listed}) {'is' if len(names) == 1 else 'are'}"
