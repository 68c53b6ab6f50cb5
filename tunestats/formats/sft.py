"""Read supervised examples.

In: the JSON object of a line.
Out: whether it fits, E2xx flaws where it does not, and its ``Example`` in any case.
Not here: whether the conversation makes sense (``checks``).
"""

from typing import Any

from tunestats.example import MODEL, Example
from tunestats.findings import Flaws
from tunestats.formats.content import read_messages, read_request, set_roles
from tunestats.formats.fitting import fitter
from tunestats.formats.foreign import name_foreign_format
from tunestats.formats.vertex import SFT_EXAMPLE
from tunestats.protojson.checking import check_message
from tunestats.rules import FOREIGN_FORMAT, OTHER_FORMAT

__all__ = ["check_sft_shape", "fit_sft", "read_sft"]

fit_sft = fitter(SFT_EXAMPLE)


def check_sft_shape(value: dict[str, Any], flaws: Flaws) -> bool:
    """Append what is wrong with an object's shape.

    Returns:
        Whether it is meant to be a supervised example at all.
    """
    if value.get("completions") is not None:
        flaws.append(
            OTHER_FORMAT.at("completions", "this is a preference example in a file of supervised ones")
        )
        return False
    if value.get("contents") is None and (foreign := name_foreign_format(value)):
        flaws.append(FOREIGN_FORMAT.at("", f"this looks like {foreign}"))
        return False
    check_message(value, SFT_EXAMPLE, flaws)
    return True


def read_sft(value: dict[str, Any]) -> Example:
    """Return the example of any object; what cannot be read is None."""
    return read_request(value, set_roles(read_messages(value.get("contents")), MODEL))
