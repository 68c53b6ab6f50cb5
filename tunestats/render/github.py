"""Show findings as annotations of a pull request on GitHub.

In: a ``View``.
Out: one workflow command a finding, for the log of a job.
Not here: SARIF for code scanning (``sarif``).

Grammar: ``::error key=value,key=value::message``. Data have `%`, carriage return and line feed written as escapes,
properties also colon and comma.
"""

from collections.abc import Iterator

from tunestats.excerpts import Spot
from tunestats.findings import Finding, Severity
from tunestats.render.view import View
from tunestats.rules import RULES

__all__ = ["render_github"]

LEVELS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "notice"}
DATA = (("%", "%25"), ("\r", "%0D"), ("\n", "%0A"))
PROPERTY = (*DATA, (":", "%3A"), (",", "%2C"))


def render_github(view: View) -> Iterator[str]:
    """Yield a workflow command for every finding, and one for findings that are not shown."""
    for finding, spot in view.spots():
        properties = {"title": f"tunestats ({finding.code} {RULES[finding.code].name})"}
        properties |= {"file": view.path_of(finding), **_place(finding, spot)}
        path = f"{finding.path}: " if finding.path else ""
        yield _command(LEVELS[finding.severity], properties, f"{path}{finding.message}")
    for code, count in view.not_shown().items():
        yield _command("notice", {"title": "tunestats"}, f"and {count:,} more {code} {RULES[code].name}")


def _place(finding: Finding, spot: Spot) -> dict[str, str]:
    if not finding.line:
        return {}
    place = {"line": str(finding.line), "endLine": str(finding.line)}
    return place | ({"col": str(spot.column), "endColumn": str(spot.end_column)} if spot.column else {})


def _command(level: str, properties: dict[str, str], message: str) -> str:
    listed = ",".join(f"{key}={_escaped(value, PROPERTY)}" for key, value in properties.items())
    return f"::{level} {listed}::{_escaped(message, DATA)}\n"


def _escaped(text: str, escapes: tuple[tuple[str, str], ...]) -> str:
    for character, escape in escapes:
        text = text.replace(character, escape)
    return text
