"""Check function calls against declarations and responses.

In: an example.
Out: W404, W405 and W407 advice.
Not here: the shape of calls (``formats``), their arguments (``arguments``) or the declarations themselves.
"""

from collections.abc import Mapping, Sequence
from functools import cached_property
from itertools import pairwise
from typing import NamedTuple

from tunestats.checks.arguments import ArgumentCheck
from tunestats.checks.fits import Fit, fitting
from tunestats.example import MODEL, USER, Declaration, Example, Message, Part
from tunestats.findings import Flaws
from tunestats.quoting import quoted
from tunestats.rules import MISPLACED_PART, UNDECLARED_FUNCTION, UNMATCHED_RESPONSES

__all__ = ["check_functions"]

LISTED = 5
CALL, RESPONSE = "function_call", "function_response"


def check_functions(example: Example, flaws: Flaws) -> None:
    """Append advice about calls and responses: in the wrong turn, of unknown functions, without their match."""
    calls: _Calls | None = None
    for number, message in enumerate(example.messages):
        if message is None:
            continue
        for index, part in enumerate(message.parts):
            if part.kind == CALL or part.kind == RESPONSE:  # noqa: PLR1714  this runs for every part
                calls = calls or _Calls(example, flaws)
                calls.check(part, message, number, index)
    # Turns that have been mixed up have no match.
    if calls is not None and not calls.misplaced and not calls.match_at_a_glance():
        _check_responses(example.messages, calls, flaws)


class _Calls:
    """The calls and responses of one example, and what was seen of them: their names, by the number of the turn."""

    def __init__(self, example: Example, flaws: Flaws) -> None:
        self.flaws = flaws
        self.declared = _declared(example)
        self.last = len(example.messages) - 1
        self.called: dict[int, list[str]] = {}
        self.answered: dict[int, list[str]] = {}
        self.misplaced = False

    def check(self, part: Part, message: Message, number: int, index: int) -> None:
        """Append advice about one call or response."""
        name = _name(part)
        (self.called if part.kind == CALL else self.answered).setdefault(number, []).append(name)
        fault = _place_fault(part, message)
        if not fault and (part.kind == RESPONSE or self._is_usual(part, name)):
            return
        path = f"contents[{number}].parts[{index}].{part.key}"
        if part.kind == CALL:
            _check_call(part, path, self.declared, self.arguments, self.flaws)
        if fault:
            self.flaws.append(MISPLACED_PART.at(path, fault))
            self.misplaced = True

    def match_at_a_glance(self) -> bool:
        """Tell whether each turn that calls is followed by one that answers; the last turn needs no answer."""
        for number, names in self.called.items():
            if number != self.last and self.answered.get(number + 1) != names:
                return False
        for number in self.answered:  # noqa: SIM110  all() takes twice as long
            if number - 1 not in self.called:
                return False
        return True

    @cached_property
    def arguments(self) -> ArgumentCheck:
        """What checks the arguments of calls that are not usual."""
        return ArgumentCheck(self.flaws)

    def _is_usual(self, part: Part, name: str) -> bool:
        """Tell at a glance that nothing can be said about a call."""
        if part.value is None:
            return True
        declaration = self.declared.get(name)
        return declaration is not None and declaration.remember(_fitting_arguments)(part.value.get("args"))


def _fitting_arguments(declaration: Declaration) -> Fit:
    return fitting(declaration.get("parameters"))


def _declared(example: Example) -> dict[str, Declaration | None]:
    """Return declarations by name; None where a name is declared twice and nobody knows which counts."""
    declared: dict[str, Declaration | None] = {}
    for declaration in example.tools:
        name = declaration.get("name")
        if type(name) is str:
            declared[name] = None if name in declared else declaration
    return declared


def _place_fault(part: Part, message: Message) -> str:
    if part.kind == CALL and message.declared_role in (USER, "function"):
        return f"the turn of `{message.declared_role}` calls a function; expected the model's"
    if part.kind == RESPONSE and message.declared_role == MODEL:
        return "a model turn answers a function call; expected a turn without role, or the user's"
    return ""


def _check_call(
    part: Part,
    path: str,
    declared: Mapping[str, Declaration | None],
    arguments: ArgumentCheck,
    flaws: Flaws,
) -> None:
    name = _name(part)
    declaration = declared.get(name)
    if declaration is not None and part.value is not None:
        arguments.check(part.value, declaration, path)
    elif name and name not in declared:
        known = ", ".join(quoted(item) for item in list(declared)[:LISTED]) or "no function"
        said = f"{quoted(name)} is not declared in `tools`; declared: {known}"
        flaws.append(UNDECLARED_FUNCTION.at(f"{path}.name", said))


class _Exchange(NamedTuple):
    """Turns in a row that only call or only answer, taken together: that they are several is another matter."""

    number: int
    called: list[str]
    answered: list[str]

    @property
    def kind(self) -> tuple[bool, bool]:
        return bool(self.called), bool(self.answered)


def _check_responses(messages: Sequence[Message | None], calls: _Calls, flaws: Flaws) -> None:
    # An empty exchange stands in front: a response in the first turn answers nothing.
    exchanges: list[_Exchange | None] = [_Exchange(-1, [], [])]
    for number, message in enumerate(messages):
        turn = message and _Exchange(
            number, [*calls.called.get(number, ())], [*calls.answered.get(number, ())]
        )
        last = exchanges[-1]
        if turn and last and turn.kind == last.kind and turn.kind in ((True, False), (False, True)):
            last.called.extend(turn.called)
            last.answered.extend(turn.answered)
        else:
            exchanges.append(turn)
    for before, turn in pairwise(exchanges):
        if before and turn and not _match(before.called, turn.answered):
            said = f"{_told(turn.answered)} answered, but {_told(before.called)} called before"
            flaws.append(UNMATCHED_RESPONSES.at(f"contents[{turn.number}]", said))


def _match(called: list[str], answered: list[str]) -> bool:
    """Tell whether each call has one response; a name that is missing may be any."""
    if "" in called or "" in answered:
        return len(called) == len(answered)
    return sorted(called) == sorted(answered)


def _name(part: Part) -> str:
    name = part.value.get("name") if part.value is not None else None
    return name if type(name) is str else ""


def _told(names: list[str]) -> str:
    if not names:
        return "nothing is"
    listed = ", ".join(quoted(name) for name in names[:LISTED])
    return f"{len(names)} ({listed}) {'is' if len(names) == 1 else 'are'}"
