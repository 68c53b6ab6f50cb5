"""Show findings in a merge request on GitLab.

In: a ``View``.
Out: a Code Quality report: a JSON list.
Not here: test reports, which GitLab reads as JUnit (``junit``).
"""

from collections.abc import Iterator
from typing import Any

from tunestats.excerpts import Spot
from tunestats.findings import Finding, Severity
from tunestats.render.fingerprints import Fingerprints
from tunestats.render.streaming import stream_list
from tunestats.render.view import View
from tunestats.rules import RULES

__all__ = ["render_gitlab"]

SEVERITIES = {Severity.ERROR: "major", Severity.WARNING: "minor", Severity.INFO: "info"}


def render_gitlab(view: View) -> Iterator[str]:
    """Yield a list with an object for every finding."""
    fingerprints = Fingerprints()
    yield from stream_list(_issue(view, finding, spot, fingerprints) for finding, spot in view.spots())
    yield "\n"


def _issue(view: View, finding: Finding, spot: Spot, fingerprints: Fingerprints) -> dict[str, Any]:
    path = view.path_of(finding)
    begin = {"line": finding.line or 1, "column": spot.column or 1}
    end = {"line": finding.line or 1, "column": spot.end_column or 1}
    named = f"{finding.path}: " if finding.path else ""
    return {
        "description": f"{finding.code} {named}{finding.message}",
        "check_name": RULES[finding.code].name,
        "fingerprint": fingerprints.of(path, finding, spot),
        "severity": SEVERITIES[finding.severity],
        "location": {"path": path, "positions": {"begin": begin, "end": end}}
        if spot.column
        else {"path": path, "lines": {"begin": finding.line or 1}},
    }
