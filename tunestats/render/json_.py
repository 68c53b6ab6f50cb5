"""Show a report to programs.

In: a ``View``.
Out: one JSON object, or one a finding.
Not here: the statistics in the API's shape (``stats_document``).
"""

from collections.abc import Iterator
from typing import Any

from tunestats.findings import Finding, Severity
from tunestats.render.streaming import dump, stream_document
from tunestats.render.view import View
from tunestats.report import FileSummary

__all__ = ["render_json", "render_json_lines"]


def render_json_lines(view: View) -> Iterator[str]:
    """Yield one JSON object a line and finding; ``line`` and ``example`` are null where there is none."""
    return (f"{dump(_finding(finding))}\n" for finding in view.report.findings)


def render_json(view: View) -> Iterator[str]:
    """Yield one object with files, findings, counts and what counted the tokens."""
    report = view.report
    tokenizer = report.tokenizer
    document = {
        "files": [_file(file) for file in report.files],
        "summary": {
            "examples": report.examples,
            "dropped": report.dropped_examples,
            **{f"{severity}s": report.count(severity) for severity in Severity},
            "accepted": report.accepted,
            "counts": dict(report.counts),
            "estimated_media_tokens": report.estimated_media_tokens if tokenizer else None,
            "unknown_media": report.unknown_media if tokenizer else None,
        },
        "tokenizer": tokenizer
        and {
            "name": tokenizer.name,
            "sha256": tokenizer.sha256,
            "exact": tokenizer.exact,
            "note": tokenizer.note,
        },
        "findings": [],
    }
    return stream_document(document, map(_finding, report.findings), "findings")


def _file(file: FileSummary) -> dict[str, Any]:
    return {
        "file": file.name,
        "format": None if file.not_read else file.format,
        "bytes": file.bytes,
        "lines": file.lines,
        "examples": file.examples,
        "dropped": file.dropped,
        "not_read": file.not_read or None,
    }


def _finding(finding: Finding) -> dict[str, Any]:
    return {
        "file": finding.file,
        "line": finding.line or None,
        "example": finding.example or None,
        "code": finding.code,
        "severity": finding.severity.value,
        "path": finding.path,
        "message": finding.message,
    }
