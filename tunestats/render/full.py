"""Show a report to people: by file, each finding with the place in the line and how to mend it.

In: a ``View``.
Out: text for a terminal.
Not here: statistics, or where excerpts come from (``excerpts``).
"""

from collections.abc import Iterable, Iterator
from itertools import chain

from tunestats.excerpts import Spot
from tunestats.findings import Finding
from tunestats.quoting import printable
from tunestats.render.paint import STYLES, Piece, beginning, cells, ending, labelled, paint, wrap
from tunestats.render.summary import file_line, rolled_up, summary_lines
from tunestats.render.view import Item, View, number
from tunestats.rules import RULES

__all__ = ["render_full"]

# Where there are more files, those without findings are only counted.
CLEAN_FILES_SHOWN = 20


def render_full(view: View) -> Iterator[str]:
    """Yield every file with its findings, then a summary."""
    for line in _lines(view):
        yield paint(line, color=view.color)


def _lines(view: View) -> Iterator[list[Piece]]:
    clean = 0
    for file, items in view.by_file(view.spots()):
        first = next(items, None)
        # Of a folder of files only those are looked for that need something done.
        if (
            first is None
            and len(view.report.files) > CLEAN_FILES_SHOWN
            and not (file.not_read or file.dropped)
        ):
            clean += 1
            continue
        yield [(file_line(file), "bold")]
        if first is not None:
            yield from _findings(chain([first], items), view.width)
    if clean:
        yield [(f"{number(clean, 'more file')} without findings", "")]
    more = list(rolled_up(view))
    yield from [*more, []] if more else []
    yield from summary_lines(view)


def _findings(items: Iterable[Item], width: int) -> Iterator[list[Piece]]:
    """Yield the findings of a file, each rule with what to do where it speaks first."""
    explained: set[str] = set()
    for finding, spot in items:
        yield []
        yield from _finding(finding, spot, width)
        if finding.code not in explained:
            explained.add(finding.code)
            yield from _help(finding.code, width)
    yield []


def _finding(finding: Finding, spot: Spot, width: int) -> Iterator[list[Piece]]:
    path = f"{finding.path}: " if finding.path else ""
    label = labelled(finding)
    first, *rest = wrap(f"{label} {path}{finding.message}", width, "  ")
    yield [(label, STYLES[finding.severity]), (first.removeprefix(label), "")]
    yield from ([(line, "")] for line in rest)
    column = f":{spot.column}" if spot.column else ""
    place = f":{finding.line}{column}" if finding.line else ""
    margin = " " * len(str(finding.line))
    yield [(f"{margin}--> ", "blue"), (f"{printable(finding.file)}{place}", "")]
    if spot.marked or spot.before:
        yield from _excerpt(spot, str(finding.line), margin, width, STYLES[finding.severity])


def _excerpt(spot: Spot, line: str, margin: str, width: int, style: str) -> Iterator[list[Piece]]:
    room = width - len(margin) - 3
    # Escapes may be longer than what they stand for; one column each is for the sign that the line goes on.
    marked = beginning(spot.marked, room - 2) if spot.marked else ""
    after = beginning(spot.after, room - 2 - cells(marked)) if marked == spot.marked else ""
    cut_right = spot.cut_right or marked + after != spot.marked + spot.after
    before = ending(spot.before, room - 1 - cells(marked + after) - cut_right)
    cut_left = spot.cut_left or before != spot.before
    yield [(f"{margin} |", "blue")]
    yield [(f"{line} | ", "blue"), (f"{'…' * cut_left}{before}{marked}{after}{'…' * cut_right}", "")]
    yield [(f"{margin} | ", "blue"), (" " * (cut_left + cells(before)) + "^" * max(1, cells(marked)), style)]


def _help(code: str, width: int) -> Iterator[list[Piece]]:
    first, *rest = wrap(f"help: {RULES[code].fix}", width, "      ")
    yield [("help", "bold"), (first.removeprefix("help"), "")]
    yield from ([(line, "")] for line in rest)
