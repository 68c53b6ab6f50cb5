"""Check function calls against declarations and responses.

In: an example.
Out: W404 and W405 advice.
Not here: the shape of calls (``formats``) or of their arguments.
"""

from collections import Counter
from collections.abc import Mapping
from typing import Any

from tunestats.example import Example, Message
from tunestats.findings import Flaws, quoted
from tunestats.rules import UNDECLARED_FUNCTION, UNMATCHED_RESPONSES

__all__ = ["check_functions"]


def check_functions(example: Example, flaws: Flaws) -> None:
    """Append advice about calls of functions that are not declared, and responses that answer no call."""
    declared = {tool.get("name") for tool in example.tools}
    calls: Counter[str] = Counter()
    for number, message in enumerate(example.messages):
        if message is None:
            calls = Counter()
            continue
        path = f"contents[{number}]"
        answered = _names(message, "function_response")
        if answered and answered != calls:
            flaws.append(UNMATCHED_RESPONSES.at(path, f"{_told(answered)} answered, but {_told(calls)} called before"))
        calls = _names(message, "function_call")
        if calls.keys() - declared:
            _report_undeclared(message, path, declared, flaws)


def _report_undeclared(message: Message, path: str, declared: set[Any], flaws: Flaws) -> None:
    for index, part in enumerate(message.parts):
        name = _name(part.value)
        if part.kind == "function_call" and name and name not in declared:
            expected = ", ".join(quoted(known) for known in list(declared)[:5] if known) or "no function"
            said = f"{quoted(name)} is not declared in `tools`; declared: {expected}"
            flaws.append(UNDECLARED_FUNCTION.at(f"{path}.parts[{index}].{part.key}.name", said))


def _names(message: Message, kind: str) -> Counter[str]:
    return Counter(_name(part.value) for part in message.parts if part.kind == kind)


def _name(value: Mapping[str, Any] | None) -> str:
    name = value.get("name") if value is not None else None
    return name if type(name) is str else ""


def _told(names: Counter[str]) -> str:
    if not names:
        return "nothing is"
    listed = ", ".join(quoted(name) for name in sorted(names.elements())[:5])
    return f"{names.total()} ({listed}) {'is' if names.total() == 1 else 'are'}"
