"""Hold the whole pipeline against data sets, 280 ways to break a line, and JSON test suites.

The truth files say of each line whether it must be rejected, must be accepted, or is left open.
"""

import json
from pathlib import Path
from typing import Any

import pytest

from tunestats import Report, Severity, check

FORMATS = {"sft": "sft", "pref": "preference"}
MIXED = [("sft", "mutations/sft/mixed"), ("preference", "mutations/pref/mixed")]
ADVERSARIAL = [
    ("sft", "adversarial/blns_sft"),
    ("preference", "adversarial/blns_pref"),
    *(
        ("sft", f"adversarial/{name}_{kind}")
        for name in ("jsonchecker", "jsontestsuite")
        for kind in ("bare", "embedded")
    ),
]


def read_jsonl(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def lines_of(report: Report, *severities: Severity) -> set[int]:
    return {finding.line for finding in report.findings if finding.severity in severities}


def complaints(report: Report) -> str:
    return "\n".join(
        f"{finding.line}: {finding.code} {finding.path} {finding.message}" for finding in report.findings[:20]
    )


def test_no_error_on_any_valid_file(shared: Path) -> None:
    files = sorted(shared.glob("data/*.sft.jsonl")) + sorted(shared.glob("data/*.pref.jsonl"))
    assert len(files) >= 10
    for file in files:
        report = check(file)
        assert report.exit_code == 0, complaints(report)
        assert report.examples == report.files[0].lines
        expected = "preference" if ".pref." in file.name else "sft"
        assert report.files[0].format == expected


@pytest.mark.parametrize(
    ("format_name", "name"), MIXED + ADVERSARIAL, ids=lambda value: str(value).split("/")[-1]
)
def test_every_line_is_judged_as_the_truth_says(shared: Path, format_name: str, name: str) -> None:
    report = check(shared / f"data/{name}.jsonl", format=format_name, max_findings=0)
    truth = read_jsonl(shared / f"data/{name}.truth.jsonl")
    rejected = lines_of(report, Severity.ERROR)
    flagged = rejected | lines_of(report, Severity.WARNING)
    missed = [row for row in truth if row["must_be_rejected"] is True and row["line"] not in rejected]
    wronged = [row for row in truth if row["must_be_rejected"] is False and row["line"] in rejected]
    silent = [row for row in truth if row["should_flag"] and row["line"] not in flagged]
    false_alarms = [row for row in truth if row["must_be_rejected"] is False and row["line"] in flagged]
    assert (missed, wronged) == ([], [])
    assert (silent, false_alarms) == ([], [])


@pytest.mark.parametrize("folder", FORMATS)
def test_every_kind_of_broken_file(shared: Path, folder: str) -> None:
    wrong = []
    for row in read_jsonl(shared / f"data/mutations/{folder}/truth.jsonl"):
        report = check(
            shared / f"data/mutations/{folder}" / row["file"], format=FORMATS[folder], max_findings=0
        )
        rejected = lines_of(report, Severity.ERROR)
        lines = set(range(row["line"], row["line"] + row["n_lines"])) if row["level"] == "line" else rejected
        if row["must_be_rejected"] is True and not rejected & lines:
            wrong.append(("missed", row["kind"]))
        if row["must_be_rejected"] is False and rejected:
            wrong.append(("wronged", row["kind"]))
        if rejected & set(row["good_lines"]):
            wrong.append(("good line wronged", row["kind"]))
        if row["should_flag"] and not lines_of(report, Severity.ERROR, Severity.WARNING):
            wrong.append(("silent", row["kind"]))
    assert wrong == []
