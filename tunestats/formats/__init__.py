"""Know the formats of tuning lines.

In: parsed objects.
Out: ``FORMATS``: for each format how to recognise a plain example, read one, and read any object.
``detect_format`` tells which one a file is in.
Not here: the formats themselves (``sft``, ``preference``).
"""

from collections.abc import Callable, Iterable
from typing import Any, NamedTuple

from tunestats.example import Example
from tunestats.findings import Flaws
from tunestats.formats.looking import look_at_pairs, look_at_sft
from tunestats.formats.plain import PlainDecoder
from tunestats.formats.preference import (
    check_preference_shape,
    fit_preference,
    read_preference,
)
from tunestats.formats.sft import check_sft_shape, fit_sft, read_sft
from tunestats.formats.shapes import PlainPair, PlainSft
from tunestats.formats.usual import read_usual_pair, read_usual_sft

__all__ = ["FORMATS", "Format", "detect_format"]


class Format(NamedTuple):
    """What differs between the formats; each step does more, and takes longer, than the one before.

    ``plain`` decodes lines that cannot have a flaw, ``read_usual`` reads lines whose shape cannot have one and
    returns None for all others. ``fit`` returns the quotes of an object that cannot have a
    flaw of shape, and 0 or less for any other. ``check_shape`` appends the flaws, and tells whether the object is of this format at all.
    """

    name: str
    plain: PlainDecoder[Any]
    read_usual: Callable[[bytes], Example | None]
    fit: Callable[[Any], int]
    check_shape: Callable[[dict[str, Any], Flaws], bool]
    read: Callable[[dict[str, Any]], Example]


FORMATS = {
    "sft": Format(
        "sft", PlainDecoder(PlainSft, look_at_sft), read_usual_sft, fit_sft, check_sft_shape, read_sft
    ),
    "preference": Format(
        "preference",
        PlainDecoder(PlainPair, look_at_pairs),
        read_usual_pair,
        fit_preference,
        check_preference_shape,
        read_preference,
    ),
}


def detect_format(objects: Iterable[dict[str, Any]]) -> str:
    """Return the format that most of the objects are in; ``sft`` if none of them tells.

    >>> detect_format([{"contents": []}, {"contents": [], "completions": []}, {"completions": []}])
    'preference'
    """
    votes = 0
    for value in objects:
        if value.get("completions") is not None:
            votes += 1
        elif value.get("contents") is not None:
            votes -= 1
    return "preference" if votes > 0 else "sft"
