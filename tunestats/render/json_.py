"""Show a report to programs.

In: a ``Report``.
Out: one JSON object, or one a finding.
Not here: the statistics in the API's shape (``stats_document``).
"""

import json
from typing import Any

from tunestats.findings import Finding, Severity
from tunestats.report import Report

__all__ = ["render_json", "render_json_lines"]


def render_json_lines(report: Report) -> str:
    """Return one JSON object a line and finding; ``line`` and ``example`` are null where there is none."""
    return "".join(f"{_dump(_finding(finding))}\n" for finding in report.findings)


def render_json(report: Report) -> str:
    """Return one object with files, findings, counts and what counted the tokens."""
    tokenizer = report.tokenizer
    return (
        _dump(
            {
                "files": [
                    {
                        "file": file.name,
                        "format": file.format,
                        "bytes": file.bytes,
                        "lines": file.lines,
                        "examples": file.examples,
                        "dropped": file.dropped,
                    }
                    for file in report.files
                ],
                "summary": {
                    "examples": report.examples,
                    "dropped": report.dropped_examples,
                    **{f"{severity}s": report.count(severity) for severity in Severity},
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
                "findings": [_finding(finding) for finding in report.findings],
            },
            indent=2,
        )
        + "\n"
    )


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


def _dump(value: Any, indent: int | None = None) -> str:
    # ASCII: file names may hold bytes that are not UTF-8, and streams may take less than Unicode.
    return json.dumps(value, ensure_ascii=True, indent=indent)
