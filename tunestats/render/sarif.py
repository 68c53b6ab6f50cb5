"""Show a report to tools for static analysis.

In: a ``View``.
Out: SARIF 2.1.0.
Not here: what rules say (``rules``).
"""

import os
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any
from urllib.parse import quote

from tunestats.excerpts import Spot
from tunestats.findings import Finding, Severity
from tunestats.render.fingerprints import Fingerprints
from tunestats.render.streaming import stream_document
from tunestats.render.view import View, portable
from tunestats.rules import RULES, Rule

__all__ = ["render_sarif"]

SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
LEVELS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "note"}


def render_sarif(view: View) -> Iterator[str]:
    """Yield a log with one run: the rules that were looked for, and a result for every finding."""
    shown = [rule for code, rule in RULES.items() if code in view.report.settings.shown_codes]
    places = {rule.code: index for index, rule in enumerate(shown)}
    driver = {"name": "tunestats", "version": view.version, "rules": [_rule(rule) for rule in shown]}
    run = {
        "tool": {"driver": driver},
        "columnKind": "unicodeCodePoints",
        "invocations": [_invocation(view)],
        "results": [],
    }
    document = {"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}
    fingerprints = Fingerprints()
    results = (
        _result(view, finding, spot, places[finding.code], fingerprints) for finding, spot in view.spots()
    )
    return stream_document(document, results, "results")


def _rule(rule: Rule) -> dict[str, Any]:
    said = [
        rule.rationale,
        f"What happens: {rule.consequence}.",
        rule.undecided and f"Not known: {rule.undecided}",
        rule.server_message and f"The service says: {rule.server_message}",
    ]
    return {
        "id": rule.code,
        "name": rule.name,
        "shortDescription": {"text": rule.summary},
        "fullDescription": {"text": "\n\n".join(filter(None, said))},
        "help": {"text": rule.fix},
        "defaultConfiguration": {"level": LEVELS[rule.severity]},
        "properties": {"consequence": rule.consequence.value, "tags": list(rule.formats)},
    }


def _invocation(view: View) -> dict[str, Any]:
    more = [
        {"level": "note", "message": {"text": f"{count:,} more results of {code} are not shown."}}
        for code, count in view.not_shown().items()
    ]
    run = {"executionSuccessful": True, "exitCode": view.report.exit_code}
    return run | ({"toolExecutionNotifications": more} if more else {})


def _result(
    view: View, finding: Finding, spot: Spot, index: int, fingerprints: Fingerprints
) -> dict[str, Any]:
    place: dict[str, Any] = {
        "physicalLocation": {
            "artifactLocation": {"uri": _uri(finding.file, view.root)},
            **_region(finding, spot),
        }
    }
    if finding.path:
        place["logicalLocations"] = [{"fullyQualifiedName": finding.path, "kind": "member"}]
    return {
        "ruleId": finding.code,
        "ruleIndex": index,
        "level": LEVELS[finding.severity],
        "message": {"text": f"{finding.path}: {finding.message}" if finding.path else finding.message},
        "locations": [place],
        "partialFingerprints": {"tunestats/v1": fingerprints.of(view.path_of(finding), finding, spot)},
        **({"properties": {"example": finding.example}} if finding.example else {}),
    }


def _region(finding: Finding, spot: Spot) -> dict[str, Any]:
    if not finding.line:
        return {}
    columns = {"startColumn": spot.column, "endColumn": spot.end_column} if spot.column else {}
    return {"region": {"startLine": finding.line, **columns}}


@lru_cache
def _uri(name: str, root: Path) -> str:
    path = portable(Path(name), root)
    # A colon in the first step of a relative path would be taken for a scheme: quote() escapes it.
    uri = quote(os.fsencode(path))
    return f"file:///{uri.lstrip('/')}" if Path(path).is_absolute() else uri
