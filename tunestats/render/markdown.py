"""Show a report in a comment or the summary of a job.

In: a ``View``.
Out: Markdown with tables (GitHub's and GitLab's).
Not here: excerpts of the data: comments are read by many.

Everything that comes from data or file names stands in code spans, where nothing is a link, a mention or HTML.
"""

import re
from collections.abc import Iterator

from tunestats.findings import Finding
from tunestats.quoting import printable
from tunestats.render.summary import found, nothing_found
from tunestats.render.view import View, number
from tunestats.report import FileSummary
from tunestats.rules import RULES

__all__ = ["render_markdown"]

FILES = ("file", "format", "examples", "left out")
FINDINGS = ("file", "line", "rule", "severity", "what")


def render_markdown(view: View) -> Iterator[str]:
    """Yield a heading, a table of files, a table of findings."""
    report = view.report
    verdict = f"Found {found(report)}." if report.counts else nothing_found(report)
    accepted = f" {number(report.accepted, 'finding')} accepted by the baseline." if report.accepted else ""
    yield f"## tunestats\n\n{verdict}{accepted}\n\n"
    yield _head(FILES)
    for file in report.files:
        numbers = ("not read", "", "") if file.not_read else _numbers(file)
        yield _row(_code(file.name), *numbers)
    if report.findings:
        yield f"\n{_head(FINDINGS)}"
    for finding in report.findings:
        yield _finding(finding)
    more = view.not_shown()
    if more:
        yield "\n"
    for code, count in more.items():
        yield f"- and {count:,} more {code} {RULES[code].name}\n"


def _numbers(file: FileSummary) -> tuple[str, str, str]:
    return file.format, f"{file.examples:,}", f"{file.dropped:,}"


def _finding(finding: Finding) -> str:
    path = f"{finding.path}: " if finding.path else ""
    rule = f"{finding.code} {RULES[finding.code].name}"
    line = str(finding.line) if finding.line else ""
    return _row(_code(finding.file), line, rule, finding.severity.value, _code(f"{path}{finding.message}"))


def _head(names: tuple[str, ...]) -> str:
    return _row(*names) + _row(*("---" for _ in names))


def _row(*values: str) -> str:
    return f"| {' | '.join(values)} |\n"


def _code(text: str) -> str:
    r"""Return a code span that a row of a table can hold.

    >>> print(_code("`a|b` is not"))
    `` `a\|b` is not ``
    """
    # Inside a table a pipe ends the cell even in code, unless a backslash stands before it.
    text = printable(text).replace("|", "\\|")
    longest = max(map(len, re.findall("`+", text)), default=0)
    fence = "`" * (longest + 1)
    return f"{fence} {text} {fence}" if longest else f"`{text}`"
