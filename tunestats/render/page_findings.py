"""Show all findings on a page.

In: a ``View``.
Out: a table of rules; a section with every finding that is kept, which our script sorts and filters.
Not here: the figures (``report_html``).
"""

from collections.abc import Iterable, Iterator
from xml.etree.ElementTree import Element

from tunestats.excerpts import Spot
from tunestats.findings import Finding, Severity
from tunestats.render.markup import element, markup
from tunestats.render.page_parts import Column, chip, prose, row, scrolling, section, table
from tunestats.render.summary import nothing_found
from tunestats.render.view import View
from tunestats.rules import RULES

__all__ = ["findings_section", "rules_table"]


def rules_table(view: View) -> Element:
    """Return every rule that has findings, the most frequent first; its name leads to them."""
    counts, severities = view.report.counts, view.report.settings.severities
    if not counts:
        return element("p", nothing_found(view.report))
    columns = [
        ("rule", "whole"),
        ("findings", "number"),
        ("what is wrong", "prose"),
        ("what to do", "prose"),
    ]
    rows = (
        row(columns, [
            element("span", chip(code, severities[code]), " ", _link(code)), f"{count:,}", prose(RULES[code].summary, f" ({RULES[code].consequence})"), prose(RULES[code].fix),
        ])
        for code, count in sorted(counts.items(), key=lambda item: -item[1])
    )  # fmt: skip
    return scrolling(table("All that was found, by rule, the most frequent first", columns, rows))


def findings_section(view: View) -> Iterator[str]:
    """Yield the section of all findings, row by row: there may be many."""
    if not view.report.counts:
        yield markup(section("findings", "All findings", element("p", "None.")))
        return
    several = len(view.report.files) > 1
    columns: list[Column] = [
        *([("file", "wide")] if several else []),
        ("line", "number"),
        ("severity", "wide"),
        ("rule", ""),
        ("finding", "prose"),
    ]
    more = [f"and {count:,} more {code} {RULES[code].name}" for code, count in view.not_shown().items()]
    made = section(
        "findings",
        "All findings",
        _filters(view),
        scrolling(table("Findings, in the order of the files", columns, (), "all-findings")),
        element("ul", *(element("li", text) for text in more), class_="notes") if more else None,
    )
    head, tail = markup(made).split("</tbody>")
    yield head
    for finding, spot in view.spots():
        yield markup(_finding(finding, spot, several=several)) + "\n"
    yield f"</tbody>{tail}\n"


def _link(code: str) -> Element:
    return element("a", RULES[code].name, href="#findings", data_rule=code)


def _filters(view: View) -> Element:
    severities = view.report.settings.severities
    kept = dict.fromkeys(finding.code for finding in view.report.findings)
    words = [("", "all"), *((severity.value, f"{severity}s") for severity in Severity)]
    rules = [("", "all"), *((code, f"{code} {RULES[code].name}") for code in sorted(kept))]
    present = {severities[code].value for code in kept} | {""}
    words = [(value, text) for value, text in words if value in present]
    return element(
        "div",
        element("label", "Find", element("input", id="filter-text", type="search"), class_="grow"),
        element("label", "Severity", _choice("filter-severity", words)),
        element("label", "Rule", _choice("filter-rule", rules)),
        element("output", id="shown", class_="soft"),
        id="filters", class_="filters", hidden="hidden", role="search",
    )  # fmt: skip


def _choice(name: str, options: Iterable[tuple[str, str]]) -> Element:
    return element("select", *(element("option", text, value=value) for value, text in options), id=name)


def _finding(finding: Finding, spot: Spot, *, several: bool) -> Element:
    file = element("code", finding.file, dir="ltr") if several else None
    # Where there is no room for a column, it stands above what is said.
    above = element("p", element("code", finding.file, dir="ltr"), class_="narrow soft") if several else None
    rank = list(Severity).index(finding.severity)
    name = element("span", f" {RULES[finding.code].name}", class_="wide")
    return element(
        "tr",
        element("td", file, class_="wide", data_sort=finding.file) if several else None,
        element(
            "th",
            f"{finding.line:,}" if finding.line else "file",
            scope="row",
            class_="number",
            data_sort=finding.line,
        ),
        element("td", finding.severity.value, class_="wide", data_sort=rank),
        element("td", chip(finding.code, finding.severity), name, data_sort=finding.code),
        element("td", above, *_said(finding, spot), data_sort=finding.message),
        data_severity=finding.severity.value,
        data_rule=finding.code,
    )


def _said(finding: Finding, spot: Spot) -> Iterator[Element]:
    path = element("code", finding.path, dir="ltr") if finding.path else None
    yield element("p", path, ": " if path is not None else None, prose(finding.message))
    if spot.marked or spot.before:
        yield element(
            "code",
            f"{'…' * spot.cut_left}{spot.before}",
            element("mark", spot.marked),
            f"{spot.after}{'…' * spot.cut_right}",
            class_="excerpt",
            dir="ltr",
        )
