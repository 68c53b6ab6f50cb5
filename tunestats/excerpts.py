"""Look again at the lines that findings are about.

In: a ``Report``, and its files, where they can be read a second time.
Out: for each finding a ``Spot``: columns, a short excerpt, a digest of the line.
Not here: how they are shown (``render``).

A line holds personal data: what leaves this room is at most ``EXCERPT_CHARACTERS`` characters to either side of
where the mark begins, and nothing but numbers with ``no_content``.
"""

from collections.abc import Iterator, Sequence
from itertools import groupby
from operator import attrgetter
from typing import NamedTuple

from tunestats.errors import SourceError
from tunestats.findings import Finding
from tunestats.lines import iter_blocks
from tunestats.locating import Line
from tunestats.parsing import JSONDecodeError, loads
from tunestats.quoting import EXCERPT_CHARACTERS, printable
from tunestats.report import Report
from tunestats.rules import DUPLICATE_KEY, FIELD_TWICE, UNKNOWN_FIELD
from tunestats.settings import STDIN, Settings
from tunestats.source import Shard, open_source

__all__ = ["NOWHERE", "Spot", "iter_spots"]

# Longer lines are not searched: it would take as long as reading many files.
MAX_SEARCHED_BYTES = 1 << 20
# What is wrong here is the key, not the value.
ABOUT_KEYS = frozenset(rule.code for rule in (DUPLICATE_KEY, FIELD_TWICE, UNKNOWN_FIELD))
MARK = "\ufeff"
JSON_SPACE = " \t\r"


class Spot(NamedTuple):
    """What a finding points to in its line.

    ``column`` and ``end_column`` count code points from 1, the end is behind the last one; both are 0 where
    they are not known. ``before``, ``marked`` and ``after`` can be printed; ``cut_left`` and ``cut_right`` say
    that the line goes on. ``digest`` stands for the line, and is empty where it could not be read again.
    """

    column: int = 0
    end_column: int = 0
    before: str = ""
    marked: str = ""
    after: str = ""
    cut_left: bool = False
    cut_right: bool = False
    digest: str = ""


NOWHERE = Spot()


def iter_spots(report: Report) -> Iterator[tuple[Finding, Spot]]:
    """Yield every finding with its spot, reading each file once, as far as findings go.

    Standard input and files that cannot be read any more have no spots.
    """
    for name, group in groupby(report.findings, key=attrgetter("file")):
        findings = list(group)
        if name in (STDIN, report.settings.stdin_filename):
            yield from ((finding, NOWHERE) for finding in findings)
        else:
            yield from _in_file(name, findings, report.settings)


def _in_file(name: str, findings: Sequence[Finding], settings: Settings) -> Iterator[tuple[Finding, Spot]]:
    lines = _numbered_lines(name)
    number, raw = 0, b""
    for wanted, group in groupby(findings, key=attrgetter("line")):
        while number < wanted and (following := next(lines, None)) is not None:
            number, raw = following
        line = _searchable(raw)
        for finding in group:
            # A file that was named twice goes back to its beginning: that is not followed.
            spot = _spot(raw, line, finding) if wanted == number > 0 else NOWHERE
            yield finding, _only_numbers(spot) if settings.no_content else spot


def _numbered_lines(name: str) -> Iterator[tuple[int, bytes]]:
    number = 0
    try:
        source = open_source(name)
        with source.open() as stream:
            for block in iter_blocks(Shard(source), stream):
                yield from enumerate(block.lines, number + 1)
                number += len(block.lines)
    except SourceError:
        return


def _only_numbers(spot: Spot) -> Spot:
    return Spot(column=spot.column, end_column=spot.end_column)


def _searchable(raw: bytes) -> Line:
    if len(raw) > MAX_SEARCHED_BYTES:
        return Line("")
    return Line(raw.decode(errors="surrogateescape").removeprefix(MARK).rstrip(JSON_SPACE))


def _spot(raw: bytes, line: Line, finding: Finding) -> Spot:
    from hashlib import blake2b  # takes 5 ms, which data without findings should not pay

    held = blake2b(raw.rstrip(JSON_SPACE.encode()), digest_size=16).hexdigest()
    if not line.text:
        return Spot(digest=held)
    marked = _named(line, finding) if finding.path else _broken(line.text)
    return _cut(line.text, *marked)._replace(digest=held) if marked else Spot(digest=held)


def _named(line: Line, finding: Finding) -> tuple[int, int] | None:
    place = line.find(finding.path)
    if place is None:
        return None
    has_key, is_long = place.key_start < place.start, line.text[place.start] in "{["
    if has_key and (is_long or finding.code in ABOUT_KEYS):
        return place.key_start, place.key_end
    return place.start, place.end


def _broken(text: str) -> tuple[int, int] | None:
    """Return where a line stops being JSON in UTF-8; None where it does not."""
    try:
        loads(text.encode(errors="surrogateescape").decode())
    except UnicodeDecodeError as error:
        start = len(error.object[: error.start].decode())
    except JSONDecodeError as error:
        start = error.pos
    else:
        return None
    return start, start + 1


def _cut(text: str, start: int, end: int) -> Spot:
    stop = min(start + EXCERPT_CHARACTERS, len(text))
    first = max(0, start - EXCERPT_CHARACTERS)
    return Spot(
        column=start + 1,
        end_column=end + 1,
        before=_printable(text[first:start]),
        marked=_printable(text[start : min(end, stop)]),
        after=_printable(text[min(end, stop) : stop]),
        cut_left=first > 0,
        cut_right=stop < len(text),
    )


def _printable(text: str) -> str:
    return printable(text.encode(errors="surrogateescape").decode(errors="backslashreplace"))
