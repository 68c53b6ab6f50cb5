"""Hold formats for other programs against their real schemas and grammars."""

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest
import xmlschema
from jsonschema import Draft4Validator, Draft202012Validator
from markdown_it import MarkdownIt

from tests.conftest import ROOT
from tunestats import check
from tunestats.render import RENDERERS, View
from tunestats.rules import RULES

SCHEMAS = Path(__file__).parent / "schemas"
COMMAND = re.compile(r"::(error|warning|notice) ((?:[A-Za-z]+=[^,:\r\n]*,?)+)::([^\r\n]*)")
GOOD = RULES["E301"].good
# What breaks formats: quotes, markup, separators, controls, text of other scripts, and much of it.
NASTY = [
    GOOD.replace("model", role)
    for role in (
        "a|b`c``d",
        "</failure>]]>&amp;",
        "::error::x%0A,:",
        "@team #1 https://example.com",
        "*a* [b](c) <img src=x>",
        "\\u0000\\u001b[31m",
        "\\ud83d\\ude00\\u4e2d",
        "'\\\"",
        "%25",
        "x" * 300,
        "\\\\",
        "```",
        "`",
        "",
    )
]
CASES = {
    "clean": [GOOD],
    "nasty": NASTY,
    "every rule": [
        line for rule in RULES.values() for line in (rule.bad or "").split("\n") if len(line) < 5000
    ],
    "empty": [],
}
Write = Callable[..., Path]
EVERY = pytest.mark.parametrize("case", CASES)


def shown(name: str, case: str, write: Write, **options: Any) -> str:
    path = write("\n".join(CASES[case]), "a b&<,:%ä.jsonl")
    other = ROOT / "sample_data" / "sft.jsonl"
    return RENDERERS[name](View(report=check([path, other], **options), root=path.parent, version="1.2.3"))


def load(name: str) -> Any:
    return json.loads((SCHEMAS / name).read_text(encoding="utf-8"))


@EVERY
@pytest.mark.parametrize("max_findings", [0, 1])
def test_sarif(case: str, max_findings: int, write: Write) -> None:
    log = json.loads(shown("sarif", case, write, max_findings=max_findings))
    Draft4Validator(load("sarif-2.1.0-rtm.5.json"), format_checker=Draft4Validator.FORMAT_CHECKER).validate(
        log
    )
    (run,) = log["runs"]
    rules = run["tool"]["driver"]["rules"]
    assert [rule["id"] for rule in rules] == list(RULES)
    for result in run["results"]:
        assert rules[result["ruleIndex"]]["id"] == result["ruleId"]
        (location,) = result["locations"]
        uri = location["physicalLocation"]["artifactLocation"]["uri"]
        assert unquote(uri) in ("a b&<,:%ä.jsonl", f"file://{ROOT}/sample_data/sft.jsonl")
        assert re.fullmatch(r"[A-Za-z0-9_.~%/:-]+", uri)
    fingerprints = [result["partialFingerprints"]["tunestats/v1"] for result in run["results"]]
    assert len(set(fingerprints)) == len(fingerprints)
    if case == "nasty":
        regions = [result["locations"][0]["physicalLocation"]["region"] for result in run["results"]]
        assert all(
            region["endColumn"] > region["startColumn"] for region in regions if "startColumn" in region
        )


def test_sarif_levels_follow_the_user(write: Write) -> None:
    log = json.loads(shown("sarif", "nasty", write, severity={"E301": "info"}, select="E301"))
    assert {result["level"] for result in log["runs"][0]["results"]} == {"note"}
    assert [rule["id"] for rule in log["runs"][0]["tool"]["driver"]["rules"]] == ["E301"]
    assert log["runs"][0]["invocations"][0]["exitCode"] == 0


@EVERY
@pytest.mark.parametrize("max_findings", [0, 1])
def test_junit(case: str, max_findings: int, write: Write) -> None:
    text = shown("junit", case, write, max_findings=max_findings)
    schema = xmlschema.XMLSchema(str(SCHEMAS / "junit-10.xsd"))
    schema.validate(text)
    suites: Any = schema.decode(text)
    for suite in suites["testsuite"]:
        cases = suite["testcase"]
        assert int(suite["@tests"]) == len(cases) >= 1
        assert int(suite["@failures"]) == sum("failure" in item for item in cases)


@EVERY
def test_gitlab(case: str, write: Write) -> None:
    issues = json.loads(shown("gitlab", case, write, max_findings=0, ignore="W601"))
    mine = [issue for issue in issues if issue["location"]["path"] == "a b&<,:%ä.jsonl"]
    assert mine == issues
    Draft202012Validator(load("gitlab-code-quality.json")).validate(issues)
    assert len({issue["fingerprint"] for issue in issues}) == len(issues)


def test_gitlab_fingerprints_stay_when_lines_move(write: Write) -> None:
    def fingerprints(lines: list[str]) -> list[str]:
        report = check(write("\n".join(lines)), max_findings=0, ignore="W6")
        return [issue["fingerprint"] for issue in json.loads(RENDERERS["gitlab"](View(report=report)))]

    before = fingerprints(NASTY)
    assert fingerprints([GOOD, *NASTY]) == before
    assert fingerprints([GOOD, *NASTY, NASTY[0]])[:-1] == before


def unescaped(text: str) -> str:
    for escape, character in (("%2C", ","), ("%3A", ":"), ("%0A", "\n"), ("%0D", "\r"), ("%25", "%")):
        text = text.replace(escape, character)
    return text


@EVERY
def test_github(case: str, write: Write) -> None:
    findings = check(write("\n".join(CASES[case]))).findings
    lines = shown("github", case, write).splitlines()
    assert len(lines) == len(findings)
    for line, finding in zip(lines, findings, strict=True):
        match = COMMAND.fullmatch(line)
        assert match is not None
        properties = dict(item.split("=", 1) for item in match[2].split(","))
        assert properties.keys() <= {"title", "file", "line", "endLine", "col", "endColumn"}
        assert unescaped(properties["file"]) == "a b&<,:%ä.jsonl"
        assert int(properties.get("line", 0)) == finding.line
        assert unescaped(match[3]).endswith(finding.message)


@EVERY
def test_markdown(case: str, write: Write) -> None:
    report = check(write("\n".join(CASES[case])))
    tokens = MarkdownIt("gfm-like", {"linkify": False, "html": True}).parse(shown("markdown", case, write))
    inline = [child for token in tokens for child in token.children or []]
    assert {child.type for child in inline} <= {"text", "code_inline"}
    assert {token.type for token in tokens if "html" in token.type} == set()
    codes = [child.content for child in inline if child.type == "code_inline"]
    # Two rows of files, then file and message of every finding.
    assert len(codes) == 2 + 2 * len(report.findings)
    for finding, code in zip(report.findings, codes[3::2], strict=True):
        assert code.endswith(finding.message.strip())
    rows = [token for token in tokens if token.type == "tr_open"]
    assert len(rows) == 3 + (1 + len(report.findings) if report.findings else 0)
