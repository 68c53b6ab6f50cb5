"""Sum a report up for people.

In: a ``Report``.
Out: lines about files, tokens, and how many findings there are.
Not here: findings (``full``, ``concise``).
"""

from collections.abc import Iterator

from tunestats.findings import Severity
from tunestats.quoting import printable
from tunestats.render.paint import STYLES, Piece, wrap
from tunestats.render.view import View, number
from tunestats.report import FileSummary, Report
from tunestats.rules import RULES

__all__ = [
    "file_line",
    "found",
    "nothing_found",
    "open_questions",
    "rolled_up",
    "size",
    "summary_lines",
    "verdict",
]


def file_line(file: FileSummary) -> str:
    """Return what a file holds."""
    if file.format == "job":
        return f"{printable(file.name)}: request to create a tuning job"
    if file.not_read:
        return f"{printable(file.name)}: not read: {file.not_read}"
    dropped = f", {file.dropped:,} left out" if file.dropped else ""
    return f"{printable(file.name)}: {file.format}, {number(file.examples, 'example')}{dropped}, {size(file.bytes)}"


def rolled_up(view: View) -> Iterator[list[Piece]]:
    """Yield a line for every rule of which not all findings are shown."""
    for code, count in view.not_shown().items():
        yield [(f"… and {count:,} more {code} {RULES[code].name}", "dim")]


def summary_lines(view: View) -> Iterator[list[Piece]]:
    """Yield what counted the tokens, then how many findings there are."""
    for line in _token_lines(view.report):
        yield from ([(part, "")] for part in wrap(line, view.width, "  "))
    yield from verdict(view.report, view.width)


def found(report: Report) -> str:
    """Return how many findings of each severity there are; empty if there is none.

    ``2 errors and 1 info``, for one.
    """
    counts = [
        number(report.count(severity), severity.value) for severity in Severity if report.count(severity)
    ]
    return " and ".join(filter(None, (", ".join(counts[:-1]), *counts[-1:])))


def nothing_found(report: Report) -> str:
    """Return what to say of a report without findings."""
    if report.not_read:
        return f"Nothing to show; {number(report.not_read, 'file')} not read, by rules that are not shown."
    if report.dropped_examples:
        return f"Nothing to show; rules that are not shown leave out {number(report.dropped_examples, 'example')}."
    return "Nothing wrong found."


def _token_lines(report: Report) -> Iterator[str]:
    tokenizer = report.tokenizer
    if tokenizer is not None:
        kind = "exact" if tokenizer.exact else "an estimate"
        note = f" ({tokenizer.note})" if tokenizer.note else ""
        yield f"Tokens: {printable(tokenizer.name)}, sha256 {tokenizer.sha256[:12]}…, {kind}{note}"
        yield from open_questions(report)


def open_questions(report: Report) -> Iterator[str]:
    """Yield what was not read, what is assumed, what is an estimate, and what could not be counted."""
    if report.not_read:
        yield f"Files: {report.not_read:,} of {len(report.files):,} not read; nothing of them is in any number"
    if report.settings.assumptions:
        yield f"Assumed: {' '.join(report.settings.assumptions)}"
    if report.estimated_media_tokens:
        yield f"Media: about {report.estimated_media_tokens:,} tokens of images are in the input (estimated)"
    if report.step_count is not None:
        yield f"Steps: about {report.step_count:,} (an estimate: no formula is public)"
    if report.unknown_media:
        yield f"Media: the tokens of {number(report.unknown_media, 'file')} cannot be known offline and are in no number"


def verdict(report: Report, width: int | None = None) -> Iterator[list[Piece]]:
    """Yield how many findings there are, or that there is none; with a hint where a ``width`` is given."""
    accepted = f" {number(report.accepted, 'finding')} accepted by the baseline." if report.accepted else ""
    if not report.counts:
        yield [("Nothing new found." if accepted else nothing_found(report), "green"), (accepted, "")]
        return
    severities = report.settings.severities
    code = min(report.counts, key=lambda code: list(Severity).index(severities[code]))
    said = f"Found {found(report)}."
    if width is None:
        yield [(said, STYLES[severities[code]]), (accepted, "")]
        return
    hint = f"`tunestats explain {code}` says more."
    for line in wrap(f"{said}{accepted} {hint}", width):
        head = line if said.startswith(line) else said if line.startswith(said) else ""
        yield [(head, STYLES[severities[code]]), (line.removeprefix(head), "")]


def size(count: int) -> str:
    """Return a number of bytes, to be read.

    >>> size(999), size(4_700_000)
    ('999 bytes', '4.7 MB')
    """
    for unit, size in (("GB", 10**9), ("MB", 10**6), ("kB", 10**3)):
        if count >= size:
            return f"{count / size:.1f} {unit}"
    return number(count, "byte")
