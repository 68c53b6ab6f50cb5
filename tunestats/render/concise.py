"""Show findings as editors and ``grep`` know them.

In: a ``View``.
Out: one line a finding: file, line, code, severity, path, message; then how many there are.
Not here: excerpts of the data (``full``).
"""

from collections.abc import Iterator

from tunestats.findings import Finding
from tunestats.quoting import printable
from tunestats.render.paint import STYLES, Piece, labelled, paint
from tunestats.render.summary import rolled_up, verdict
from tunestats.render.view import View

__all__ = ["render_concise"]


def render_concise(view: View) -> Iterator[str]:
    """Yield one line a finding, then how many more there are, then a summary, also where there is none."""
    for finding in view.report.findings:
        yield paint(_line(finding), color=view.color)
    for line in rolled_up(view):
        yield paint(line, color=view.color)
    for line in verdict(view.report):
        yield paint(line, color=view.color)


def _line(finding: Finding) -> list[Piece]:
    place = f":{finding.line}" if finding.line else ""
    path = f"{finding.path}: " if finding.path else ""
    return [
        (f"{printable(finding.file)}{place}: ", "bold"),
        (f"{labelled(finding)} ", STYLES[finding.severity]),
        (f"{path}{finding.message}", ""),
    ]
