"""Find in the text of a line what a JSON path names.

In: a line, and paths as findings spell them.
Out: where key and value stand, in characters.
Not here: which lines and paths (``excerpts``), or what is wrong with them.

Findings shorten and escape the keys that they quote. Where two keys of an object look the same for that reason,
nothing is found, rather than the wrong one.
"""

import json
import re
from collections.abc import Iterator
from json.decoder import scanstring  # type: ignore[attr-defined]
from typing import NamedTuple

from tunestats.quoting import member

__all__ = ["Line", "Place"]

SPACE = re.compile(r"[ \t\r\n]*")
NAME = re.compile(r"\.?([^.\[]+)")
INDEX = re.compile(r"\[[0-9]+\]")
# Numbers stay texts: int() refuses long ones, and no value matters here, only where it ends.
DECODER = json.JSONDecoder(parse_int=str, parse_float=str, strict=False)


class Place(NamedTuple):
    """Where a value stands: ``start`` to before ``end``, and where its member begins and its key ends.

    An element of a list, and the line as a whole, have no key; ``key_start`` is ``start`` there.
    """

    key_start: int
    key_end: int
    start: int
    end: int


class Line:
    """A line whose values can be found; every object and list is gone through once at most."""

    def __init__(self, text: str) -> None:
        self.text = text
        self._children: dict[int, dict[str, Place | None]] = {}

    def find(self, path: str) -> Place | None:
        """Return the place of a path's value, or of the nearest value around it; None if it cannot be told.

        >>> line = Line('{"a": [1, {"my key": 22}]}')
        >>> line.find('a[1]["my key"]')
        Place(key_start=11, key_end=19, start=21, end=23)
        """
        try:
            return self._find(path)
        except (ValueError, IndexError, RecursionError):
            return None

    def _find(self, path: str) -> Place | None:
        start = _skip(self.text, 0)
        found: Place | None = Place(start, start, start, len(self.text))
        while path and found is not None:
            if self.text[found.start] not in "{[":
                return None
            children = self._children.get(found.start)
            if children is None:
                children = self._children[found.start] = _children(self.text, found.start)
            heads = [head for head in _heads(path) if head.removeprefix(".") in children]
            if len(heads) > 1:
                return None
            if not heads:
                # A field that is missing, for one: what should hold it is the place, unless it is the line.
                return found if found.start > start else None
            found = children[heads[0].removeprefix(".")]
            path = path[len(heads[0]) :]
        return found


def _heads(path: str) -> Iterator[str]:
    """Yield what the first step of a path may be: keys in quotes may themselves look like steps."""
    step = INDEX.match(path) or NAME.match(path)
    if step is not None:
        yield step[0]
        return
    end = path.find('"]')
    while end >= 0:
        yield path[: end + 2]
        end = path.find('"]', end + 1)


def _children(text: str, start: int) -> dict[str, Place | None]:
    """Return the places of what an object or a list holds, by step; None where two keys look the same."""
    found: dict[str, Place | None] = {}
    keys: dict[str, str] = {}
    for step, key, place in _members(text, start) if text[start] == "{" else _elements(text, start):
        # Of a key that stands twice, the last one counts; see E105.
        found[step] = place if keys.setdefault(step, key) == key else None
    return found


def _members(text: str, start: int) -> Iterator[tuple[str, str, Place]]:
    at = _skip(text, start + 1)
    while text[at] == '"':
        key, key_end = scanstring(text, at + 1, False)  # noqa: FBT003  a C function
        value = _skip(text, _skip(text, key_end) + 1)
        end = _end(text, value)
        yield member("", key), key, Place(at, key_end, value, end)
        at = _skip(text, end)
        if text[at] != ",":
            return
        at = _skip(text, at + 1)


def _elements(text: str, start: int) -> Iterator[tuple[str, str, Place]]:
    at, index = _skip(text, start + 1), 0
    while text[at] != "]":
        end = _end(text, at)
        yield f"[{index}]", "", Place(at, at, at, end)
        at = _skip(text, end)
        if text[at] == ",":
            at = _skip(text, at + 1)
        index += 1


def _end(text: str, start: int) -> int:
    return DECODER.raw_decode(text, start)[1]


def _skip(text: str, at: int) -> int:
    match = SPACE.match(text, at)
    return match.end() if match else at
