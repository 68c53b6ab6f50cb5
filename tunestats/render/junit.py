"""Show a report as the results of tests.

In: a ``View``.
Out: JUnit XML: a suite for every file, a test case for every finding.
Not here: excerpts of the data, for which test reports have no place.

A finding that makes the exit code 1 is a failure; what is only advice is a test that passes and says so. A file
without findings is one test that passes, so that a suite is never empty.
"""

from collections.abc import Iterator

from tunestats.excerpts import NOWHERE
from tunestats.findings import Finding, Severity
from tunestats.quoting import printable
from tunestats.render.view import View
from tunestats.report import FileSummary
from tunestats.rules import RULES

__all__ = ["render_junit"]


def render_junit(view: View) -> Iterator[str]:
    """Yield an XML document."""
    yield '<?xml version="1.0" encoding="UTF-8"?>\n<testsuites name="tunestats">\n'
    for file, items in view.by_file((finding, NOWHERE) for finding in view.report.findings):
        yield from _suite(view, file, [finding for finding, _ in items])
    yield from _not_shown(view)
    yield "</testsuites>\n"


def _suite(view: View, file: FileSummary, findings: list[Finding]) -> Iterator[str]:
    failing = view.report.settings.failing
    failures = sum(finding.severity in failing for finding in findings)
    name = printable(file.name)
    yield _suite_start(name, max(1, len(findings)), failures)
    if not findings:
        yield f"    <testcase name={_attribute(name)} classname={_attribute(name)} />\n"
    for finding in findings:
        yield _case(finding, name, failing)
    yield "  </testsuite>\n"


def _suite_start(name: str, tests: int, failures: int) -> str:
    return f'  <testsuite name={_attribute(name)} tests="{tests}" failures="{failures}" errors="0" skipped="0">\n'


def _case(finding: Finding, name: str, failing: frozenset[Severity]) -> str:
    place = f", line {finding.line}" if finding.line else ""
    title = f"{finding.code} {RULES[finding.code].name}{place}"
    path = f"{finding.path}: " if finding.path else ""
    said = f"{path}{finding.message}"
    where = f"{name}:{finding.line}" if finding.line else name
    if finding.severity in failing:
        kind = _attribute(finding.severity.value)
        inside = f"<failure type={kind} message={_attribute(said)}>{_escape(f'{where}: {said}')}</failure>"
    else:
        inside = f"<system-out>{_escape(f'{finding.severity}: {where}: {said}')}</system-out>"
    return (
        f"    <testcase name={_attribute(title)} classname={_attribute(name)}>\n"
        f"      {inside}\n    </testcase>\n"
    )


def _not_shown(view: View) -> Iterator[str]:
    more = view.not_shown()
    if not more:
        return
    settings = view.report.settings
    failures = sum(settings.severities[code] in settings.failing for code in more)
    yield _suite_start("findings that are not shown", len(more), failures)
    for code, count in more.items():
        kind = settings.severities[code]
        said = f"and {count:,} more {code} {RULES[code].name}"
        tag, attributes = ("failure", f' type="{kind}"') if kind in settings.failing else ("system-out", "")
        yield (
            f'    <testcase name="{code}" classname="not shown">\n'
            f"      <{tag}{attributes}>{said}</{tag}>\n    </testcase>\n"
        )
    yield "  </testsuite>\n"


def _attribute(text: str) -> str:
    return f'"{_escape(text)}"'


def _escape(text: str) -> str:
    # xml.sax.saxutils does the same, and imports what opens connections.
    for character, entity in (("&", "&amp;"), ("<", "&lt;"), (">", "&gt;"), ('"', "&quot;")):
        text = text.replace(character, entity)
    return text
