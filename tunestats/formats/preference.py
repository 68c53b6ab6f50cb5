"""Read preference examples.

In: the JSON object of a line.
Out: whether it fits, E2xx flaws where it does not, and its ``Example`` in any case.
Not here: whether the pair makes sense (``checks``).
"""

from typing import Any

from tunestats.example import MODEL, USER, Completion, Example
from tunestats.findings import Flaws
from tunestats.formats.content import read_message, read_messages, read_request, set_roles
from tunestats.formats.fitting import fitter
from tunestats.formats.foreign import name_foreign_format
from tunestats.formats.vertex import PREFERENCE_EXAMPLE
from tunestats.protojson.checking import check_message, holds
from tunestats.protojson.schema import Kind
from tunestats.rules import FOREIGN_FORMAT, OTHER_FORMAT

__all__ = ["check_preference_shape", "fit_preference", "read_preference"]

fit_preference = fitter(PREFERENCE_EXAMPLE)


def check_preference_shape(value: dict[str, Any], flaws: Flaws) -> bool:
    """Append what is wrong with an object's shape.

    Returns:
        Whether it is meant to be a preference example at all.
    """
    if value.get("contents") is None and (foreign := name_foreign_format(value)):
        flaws.append(FOREIGN_FORMAT.at("", f"this looks like {foreign}"))
        return False
    contents = value.get("contents")
    if "completions" not in value and type(contents) is list and contents:
        last = contents[-1]
        if type(last) is dict and last.get("role") == MODEL:
            flaws.append(
                OTHER_FORMAT.at("contents", "this is a supervised example in a file of preference ones")
            )
            return False
    check_message(value, PREFERENCE_EXAMPLE, flaws)
    return True


def read_preference(value: dict[str, Any]) -> Example:
    """Return the example of any object; what cannot be read is None."""
    example = read_request(value, set_roles(read_messages(value.get("contents")), USER))
    return example._replace(completions=tuple(_read_completions(value.get("completions"))))


def _read_completions(completions: Any) -> list[Completion | None]:
    if type(completions) is not list:
        return []
    return [_read_completion(item) if type(item) is dict else None for item in completions]


def _read_completion(value: dict[str, Any]) -> Completion:
    message = read_message(value.get("completion"))
    if message is not None:
        # Whatever it says, a completion is what the model answers.
        message = message._replace(role=MODEL)
    score = value.get("score")
    return Completion(_read_score(score), score, message)


def _read_score(score: Any) -> float | None:
    """Return a score as a number; an unset one is zero, as in protocol buffers; None if it is not a number."""
    if score is None:
        return 0
    if not holds(score, Kind.FLOAT):
        return None
    return float(score) if type(score) is str else score
