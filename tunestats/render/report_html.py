"""Show what data hold, on one page for a browser.

In: a ``View`` of a ``Report`` whose tokens were counted.
Out: HTML: what it comes to, tables, charts, and every finding that is kept.
Not here: the figures (``overview``), escaping and what the page may load, which is nothing (``markup``).

Charts are tables with drawn bars, so that what is seen can be read and heard as well. All is there without the
script, which sorts and filters the findings.
"""

from collections.abc import Iterable, Iterator, Sequence
from xml.etree.ElementTree import Element

from tunestats.overview import Overview, Quantity, make_overview
from tunestats.render.headline import EXACT, Line, headline, not_exact, percent
from tunestats.render.histograms import figure, span
from tunestats.render.markup import element, markup, page
from tunestats.render.page_findings import findings_section, rules_table
from tunestats.render.page_parts import chip, drawing, numbers, row, scrolling, section, table
from tunestats.render.summary import size
from tunestats.render.view import View, number
from tunestats.report import FileSummary, LongExample
from tunestats.rules import RULES

__all__ = ["render_report_html"]

TITLES = ("sum", "min", "p5", "median", "mean", "p95", "max")


def render_report_html(view: View) -> Iterator[str]:
    """Yield a page that needs nothing but itself."""
    files = view.report.files
    title = files[0].name if len(files) == 1 else number(len(files), "file")
    yield from page(f"{title} - tunestats", _body(view, title), style="report.css", script="report.js")


def _body(view: View, title: str) -> Iterator[str]:
    overview = make_overview(view.report)
    sections = [
        section("files", "Files", _files(view.report.files)),
        section("left-out", "Left out", _reasons(overview, view)),
        section("distributions", "Distributions", *_distributions(overview)),
        section("longest", "Longest examples", _longest(overview)),
        section("not-exact", "What is not exact", _not_exact(view)),
        section("rules", "Findings by rule", rules_table(view)),
    ]
    yield markup(element("a", "Skip to the summary", class_="skip", href="#summary"))
    yield markup(_header(view, title))
    yield markup(_navigation([*sections, section("findings", "All findings")]))
    yield '\n<main id="summary">\n'
    yield markup(_figures(overview, view))
    yield from (f"{markup(made)}\n" for made in sections)
    yield from findings_section(view)
    yield "</main>\n"
    yield markup(_footer(view)) + "\n"


def _header(view: View, title: str) -> Element:
    model = view.report.settings.model
    said = f"for {model}" if model else "no model is named: limits are those that all current models share"
    return element("header", element("h1", title), element("p", f"Tuning data, {said}", class_="soft"))


def _navigation(sections: Iterable[Element]) -> Element:
    links = (element("li", element("a", made[0].text or "", href=f"#{made.get('id')}")) for made in sections)
    return element("nav", element("ul", *links), aria_label="Sections")


def _figures(overview: Overview, view: View) -> Element:
    cards = [_card(line, overview) for line in headline(overview, view.report)]
    heading = element("h2", "Summary", class_="skip")
    return element("section", heading, element("dl", *cards, class_="figures"), class_="plain")


def _card(line: Line, overview: Overview) -> Element:
    drawn = _kept(overview) if line.label == "examples" and overview.examples else None
    return element(
        "div",
        element("dt", line.label),
        element("dd", line.figure, class_="big"),
        element("dd", drawn, line.text),
    )


def _kept(overview: Overview) -> Element:
    kept = 100 * overview.kept / overview.examples
    rest = element("rect", width=100, height=10, class_="rest")
    return drawing("", rest, element("rect", width=f"{kept:.2f}", height=10, class_="fill"))


def _files(files: Sequence[FileSummary]) -> Element:
    columns = [
        ("file", "prose"),
        ("format", ""),
        ("size", "number"),
        *numbers("lines", "examples", "left out"),
    ]
    rows = (row(columns, [element("code", file.name, dir="ltr"), *_held(file)]) for file in files)
    return scrolling(table("What was read", columns, rows))


def _held(file: FileSummary) -> Sequence[str]:
    if file.not_read:
        return (f"not read: {file.not_read}", "", "", "", "")
    return file.format, size(file.bytes), f"{file.lines:,}", f"{file.examples:,}", f"{file.dropped:,}"


def _reasons(overview: Overview, view: View) -> Element:
    if not overview.reasons:
        return element("p", "No example is left out." if overview.examples else "There are no examples.")
    severities = view.report.settings.severities
    columns = [("rule", "whole"), *numbers("examples", "of all"), ("what the service does", "prose")]
    rows = (
        row(columns, [
            element("span", chip(code, severities[code]), f" {RULES[code].name}"), f"{count:,}", percent(overview.share(count)),
            RULES[code].consequence.value,
        ])
        for code, count in overview.reasons.items()
    )  # fmt: skip
    caption = "Examples that are left out of all numbers, by the first thing that is wrong with them"
    return scrolling(table(caption, columns, rows))


def _distributions(overview: Overview) -> Iterator[Element]:
    if not overview.quantities:
        yield element("p", "No example is kept.")
        return
    columns = [("of each example", "whole"), ("range", ""), *numbers(*TITLES)]
    rows = (
        row(columns, [item.title, _spread(item), *(figure(getattr(item, name)) for name in TITLES)])
        for item in overview.quantities
    )
    caption = "Of all examples that are kept. Drawn: from the smallest to the largest, p5 to p95, the median"
    yield scrolling(table(caption, columns, rows))
    charts = (_chart(item) for item in overview.quantities if len(item.buckets) > 1)
    yield element("div", *charts, class_="charts")


def _spread(item: Quantity) -> Element:
    """Draw a line from minimum to maximum, a box from p5 to p95, and a tick at the median."""
    whole = (item.max - item.min) or 1
    left, middle, right = (96 * (value - item.min) / whole for value in (item.p5, item.median, item.p95))
    return drawing(
        "spread",
        element("rect", x=0, y=4, width=100, height=2, class_="track"),
        element("rect", x=f"{left:.2f}", y=2, width=f"{right - left + 4:.2f}", height=6, class_="fill"),
        element("rect", x=f"{middle + 1.25:.2f}", y=0, width="1.5", height=10, class_="tick"),
    )


def _chart(item: Quantity) -> Element:
    """Return a histogram: a table whose second column is drawn."""
    largest = max(bucket.count for bucket in item.buckets)
    columns = [(item.title, "number"), ("drawn", ""), ("examples", "number")]
    rows = (
        row(columns, [span(bucket.left, bucket.right), _bar(bucket.count / largest), f"{bucket.count:,}"])
        for bucket in item.buckets
    )
    made = table(item.title.capitalize(), columns, rows)
    # What each column is can be heard; whoever sees the drawing knows.
    made[1].set("class", "unseen")
    return made


def _bar(share: float) -> Element:
    # What is not nothing is seen.
    wide = max(100 * share, 0.5) if share else 0
    return drawing("bar", element("rect", width=f"{wide:.2f}", height=10, class_="fill"))


def _longest(overview: Overview) -> Element:
    if not overview.longest:
        return element("p", "No example could be counted.")
    columns = [*numbers("line", "example", "input", "output", "together", "of the limit"), ("file", "prose")]
    rows = (
        row(columns, [
            f"{item.line:,}", f"{item.example:,}", f"{item.input_tokens:,}", f"{item.output_tokens:,}",
            f"{item.limited_tokens:,}", element("span", _left_out(item), f" {percent(item.limited_tokens / overview.limit)}"),
            element("code", item.file, dir="ltr"),
        ])
        for item in overview.longest
    )  # fmt: skip
    caption = "In tokens. Of two completions only the longer one counts towards the limit"
    return scrolling(table(caption, columns, rows))


def _left_out(item: LongExample) -> Element | None:
    return element("span", "left out", class_="chip error") if item.too_long else None


def _not_exact(view: View) -> Element:
    notes = not_exact(view.report)
    if not notes:
        return element("p", f"{EXACT[0].upper()}{EXACT[1:]}.")
    return element("ul", *(element("li", note) for note in notes), class_="notes")


def _footer(view: View) -> Element:
    tokenizer = view.report.tokenizer
    counted = f" Tokens: {tokenizer.name}, sha256 {tokenizer.sha256}." if tokenizer else ""
    return element(
        "footer",
        element("p", f"Made by tunestats {view.version}. This page loads nothing from elsewhere.{counted}"),
    )
