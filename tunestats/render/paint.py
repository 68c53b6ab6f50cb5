"""Put colours and lines together.

In: pieces of text with styles.
Out: text, with escapes for a terminal if colours are wanted; lines that fit a width.
Not here: what is said.
"""

import re
import unicodedata
from collections.abc import Iterable
from functools import cache

from tunestats.findings import Finding, Severity

__all__ = ["STYLES", "Piece", "beginning", "cells", "ending", "labelled", "paint", "wrap"]

Piece = tuple[str, str]
# A word and the spaces behind it.
PIECE = re.compile(r"\S+\s*|\s+")
STYLES = {Severity.ERROR: "bold red", Severity.WARNING: "yellow", Severity.INFO: "cyan"}


def labelled(finding: Finding) -> str:
    """Return a finding's code with its severity, which colours alone would hide from many.

    >>> labelled(Finding("a.jsonl", 1, 1, "W601", Severity.INFO, "", ""))
    'W601 [info]'
    """
    return f"{finding.code} [{finding.severity}]"


def paint(pieces: Iterable[Piece], *, color: bool) -> str:
    """Return a line of pieces, each a text and the name of its style, which may be empty."""
    if not color:
        return "".join(text for text, _ in pieces) + "\n"
    return "".join(_painted(text, style) if style and text else text for text, style in pieces) + "\n"


def _painted(text: str, style: str) -> str:
    begin, end = _escapes(style)
    return f"{begin}{text}{end}"


@cache
def _escapes(style: str) -> tuple[str, str]:
    from rich.color import ColorSystem  # only where a terminal shows colours
    from rich.style import Style

    begin, _, end = Style.parse(style).render("|", color_system=ColorSystem.STANDARD).partition("|")
    return begin, end


def wrap(text: str, width: int, indent: str = "", first: str = "") -> list[str]:
    """Return the lines of a text, none wider than ``width`` unless a word is.

    What is written without a space, such as a path, can be copied only if it is whole.

    Args:
        text: What to break at spaces.
        width: In columns.
        indent: Begins all lines but the first.
        first: Begins the first line.
    """
    lines, begins = [first], True
    for piece in PIECE.findall(text):
        if not begins and cells(lines[-1]) + cells(piece.rstrip()) > width:
            lines.append(indent)
        lines[-1] += piece
        begins = False
    return [line.rstrip() for line in lines]


def cells(text: str) -> int:
    r"""Return how many columns of a terminal a printable text takes.

    >>> cells("né"), cells("中文"), cells("e\u0301")
    (2, 4, 1)
    """
    if text.isascii():
        return len(text)
    return sum(_cells_of(character) for character in text)


def _cells_of(character: str) -> int:
    if unicodedata.category(character) in ("Mn", "Me"):
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1


def beginning(text: str, room: int) -> str:
    """Return as much of a text's beginning as fits into so many columns.

    >>> beginning("中文", 3), ending("中文a", 3)
    ('中', '文a')
    """
    if text.isascii():
        return text[: max(0, room)]
    while text and cells(text) > room:
        text = text[:-1]
    return text


def ending(text: str, room: int) -> str:
    """Return as much of a text's end as fits into so many columns."""
    if text.isascii():
        return text[max(0, len(text) - max(0, room)) :]
    while text and cells(text) > room:
        text = text[1:]
    return text
