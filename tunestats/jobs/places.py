"""Find the line on which a member of a JSON text stands.

In: the text of one JSON value, valid or not.
Out: the line, from 1, of every path in it.
Not here: reading the value (``bodies``).
"""

import json
import re

from tunestats.quoting import member

__all__ = ["line_of", "lines_of_paths"]

# Strings, brackets and marks, line ends, and everything else that is a value.
TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"|[\[\]{}:,]|\n|[^\s\[\]{}:,"]+', re.DOTALL)


def lines_of_paths(text: str) -> dict[str, int]:
    r"""Return the line of each path; of a path that stands twice, the first.

    >>> lines_of_paths('{"a": 1,\n "b": [2,\n 3]}')
    {'': 1, 'a': 1, 'b': 2, 'b[0]': 2, 'b[1]': 3}
    """
    walk = _Walk()
    for found in TOKEN.finditer(text):
        walk.step(found[0])
    return walk.lines


class _Walk:
    """Where in a text we are: inside which values, on which line."""

    def __init__(self) -> None:
        self.lines = {"": 1}
        self.line = 1
        self.path = ""
        # Of each open bracket the path of its value, and in a list the index of the next item.
        self.open: list[tuple[str, int | None]] = []
        self.awaits_key = False

    def step(self, mark: str) -> None:
        """Take the next token."""
        if mark == "\n":
            self.line += 1
        elif mark in ("}", "]"):
            self.path = self.open.pop()[0] if self.open else ""
        elif mark == ",":
            self._next_item()
        elif mark != ":":
            self._begin(mark)

    def _next_item(self) -> None:
        path, index = self.open[-1] if self.open else ("", None)
        self.awaits_key = index is None
        if index is not None:
            self.open[-1] = (path, index + 1)

    def _begin(self, mark: str) -> None:
        parent, index = self.open[-1] if self.open else ("", None)
        if self.awaits_key and index is None:
            self._at(member(parent, _text(mark)))
            self.awaits_key = False
            return
        if index is not None:
            self._at(f"{parent}[{index}]")
        if mark in ("{", "["):
            self.open.append((self.path, 0 if mark == "[" else None))
            self.awaits_key = mark == "{"

    def _at(self, path: str) -> None:
        self.path = path
        self.lines.setdefault(path, self.line)


def line_of(path: str, lines: dict[str, int]) -> int:
    """Return the line of a path, or of the nearest thing around it that is there.

    >>> line_of("labels.team", {"": 1, "labels": 4})
    4
    """
    while path and path not in lines:
        path = path[: max(path.rfind("."), path.rfind("["), 0)]
    return lines.get(path, 1)


def _text(mark: str) -> str:
    """Return the text of a string, of anything else what stands there."""
    try:
        found = json.loads(mark)
    except (ValueError, RecursionError):
        return mark
    return found if isinstance(found, str) else mark
