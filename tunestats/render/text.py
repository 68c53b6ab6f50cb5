"""Show a report to people.

In: a ``Report``.
Out: a line a finding, and a summary.
Not here: statistics.
"""

from collections import Counter
from collections.abc import Iterator

from tunestats.findings import Finding, Severity
from tunestats.quoting import printable
from tunestats.report import FileSummary, Report
from tunestats.rules import RULES

__all__ = ["render_concise", "render_text"]

Piece = tuple[str, str]
STYLES = {Severity.ERROR: "bold red", Severity.WARNING: "yellow", Severity.INFO: "cyan"}


def render_concise(report: Report, *, color: bool = False) -> str:
    """Return one line a finding, as editors and ``grep`` know them: file, line, code, path, message."""
    return _joined([*map(_finding_line, report.findings), *_rolled_up(report)], color=color)


def render_text(report: Report, *, color: bool = False) -> str:
    """Return one line a finding, then what the files hold and how many findings there are."""
    lines = [*map(_finding_line, report.findings), *_rolled_up(report)]
    if lines:
        lines.append([])
    lines.extend([(_file_line(file), "")] for file in report.files)
    lines.extend([(line, "")] for line in _token_lines(report))
    lines.extend(_verdict(report))
    return _joined(lines, color=color)


def _finding_line(finding: Finding) -> list[Piece]:
    place = f":{finding.line}" if finding.line else ""
    path = f"{finding.path}: " if finding.path else ""
    return [
        (f"{printable(finding.file)}{place}: ", "bold"),
        (f"{finding.code} ", STYLES[finding.severity]),
        (f"{path}{finding.message}", ""),
    ]


def _rolled_up(report: Report) -> Iterator[list[Piece]]:
    shown = Counter(finding.code for finding in report.findings)
    for code, count in report.counts.items():
        if count > shown[code]:
            yield [(f"… and {count - shown[code]:,} more {code} {RULES[code].name}", "dim")]


def _file_line(file: FileSummary) -> str:
    if file.format == "job":
        return f"{printable(file.name)}: request to create a tuning job"
    dropped = f", {file.dropped:,} left out" if file.dropped else ""
    return f"{printable(file.name)}: {file.format}, {_number(file.examples, 'example')}{dropped}, {_size(file.bytes)}"


def _token_lines(report: Report) -> Iterator[str]:
    tokenizer = report.tokenizer
    if tokenizer is None:
        return
    kind = "exact" if tokenizer.exact else "an estimate"
    note = f" ({tokenizer.note})" if tokenizer.note else ""
    yield f"Tokens: {printable(tokenizer.name)}, sha256 {tokenizer.sha256[:12]}…, {kind}{note}"
    if report.settings.assumptions:
        yield f"Assumed: {' '.join(report.settings.assumptions)}"
    if report.estimated_media_tokens:
        yield f"Media: about {report.estimated_media_tokens:,} tokens of images are in the input (estimated)"
    if report.step_count is not None:
        yield f"Steps: about {report.step_count:,} (an estimate: no formula is public)"
    if report.unknown_media:
        yield f"Media: the tokens of {_number(report.unknown_media, 'file')} cannot be known offline and are in no number"


def _verdict(report: Report) -> Iterator[list[Piece]]:
    counts = [(severity, report.count(severity)) for severity in Severity]
    found = [
        _number(count, "note" if severity is Severity.INFO else severity.value)
        for severity, count in counts
        if count
    ]
    if not found:
        yield [("Nothing wrong found.", "green")]
        return
    gravest = next(severity for severity, count in counts if count)
    code = next(code for code in report.counts if report.settings.severities[code] is gravest)
    yield [
        (f"Found {_listed(found)}.", STYLES[gravest]),
        (f" `tunestats explain {code}` says more about {code}.", ""),
    ]


def _number(count: int, noun: str) -> str:
    return f"{count:,} {noun}" if count == 1 else f"{count:,} {noun}s"


def _listed(items: list[str]) -> str:
    return items[0] if len(items) == 1 else f"{', '.join(items[:-1])} and {items[-1]}"


def _size(count: int) -> str:
    for unit, size in (("GB", 10**9), ("MB", 10**6), ("kB", 10**3)):
        if count >= size:
            return f"{count / size:.1f} {unit}"
    return _number(count, "byte")


def _joined(lines: list[list[Piece]], *, color: bool) -> str:
    if not color:
        return "".join("".join(text for text, _ in line) + "\n" for line in lines)
    from rich.console import Console  # only where a terminal shows colours
    from rich.text import Text

    console = Console(
        force_terminal=True, color_system="standard", no_color=False, highlight=False, legacy_windows=False
    )
    with console.capture() as capture:
        for line in lines:
            console.print(Text.assemble(*line), soft_wrap=True)
    return capture.get()
