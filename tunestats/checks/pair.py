"""Check the completions of a preference example.

In: an example.
Out: E5xx flaws and advice.
Not here: the prompt (``conversation``).
"""

from tunestats.example import MODEL, Completion, Example, Part
from tunestats.findings import Flaws
from tunestats.quoting import quoted
from tunestats.rules import (
    ALIKE_COMPLETIONS,
    COMPLETION_ROLE,
    EQUAL_SCORES,
    IDENTICAL_COMPLETIONS,
    MISSING_ROLE,
    MISSING_SCORE,
    NOT_A_PAIR,
    NUMBER_AS_STRING,
    SCORE_NOT_BINARY,
)

__all__ = ["check_completions"]


def check_completions(example: Example, flaws: Flaws) -> None:
    """Append what is wrong with the completions of an example."""
    completions = example.completions
    for index, completion in enumerate(completions):
        if completion is not None:
            _check_completion(completion, f"completions[{index}]", flaws)
    if not completions:
        return
    if len(completions) != 2:
        there = "is 1 completion" if len(completions) == 1 else f"are {len(completions):,} completions"
        flaws.append(NOT_A_PAIR.at("completions", f"there {there}; expected 2"))
        return
    first, second = completions
    if first is None or second is None:
        return
    if first.score is not None and first.score == second.score:
        flaws.append(
            EQUAL_SCORES.at("completions", f"both scores count as {quoted(first.score)}; expected 1 and 0")
        )
    if _parts(first) and _parts(first) == _parts(second):
        flaws.append(IDENTICAL_COMPLETIONS.at("completions", "both completions are the same"))
    elif _words(first) and _words(first) == _words(second):
        flaws.append(ALIKE_COMPLETIONS.at("completions", "the completions differ only in white space"))


def _parts(completion: Completion) -> tuple[Part, ...]:
    """Return the parts of a completion; none unless all could be read."""
    parts = completion.message.parts if completion.message is not None else ()
    return parts if all(part.kind for part in parts) else ()


def _words(completion: Completion) -> list[str]:
    """Return the words of a completion; none if it holds anything but text."""
    parts = _parts(completion)
    return (
        "".join([part.text for part in parts]).split() if all(part.kind == "text" for part in parts) else []
    )


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
        flaws.append(
            NUMBER_AS_STRING.at(path, f"the score {quoted(declared)} is a string; expected a number")
        )
