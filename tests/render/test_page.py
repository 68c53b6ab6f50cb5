"""Tests of ``report_html`` and ``markup``: the page is valid, complete and harmless.

What a browser makes of it is looked at in ``test_page_in_browser``.
"""

import json
import re
from base64 import b64encode
from collections.abc import Callable, Iterator
from hashlib import sha256
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import Element

import html5lib
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.conftest import ROOT
from tunestats import check
from tunestats.quoting import printable
from tunestats.render import View
from tunestats.render.markup import element, markup
from tunestats.render.report_html import render_report_html
from tunestats.report import Report

SAMPLES = ROOT / "sample_data"
GOOD = '{"contents":[{"role":"user","parts":[{"text":"Hi"}]},{"role":"model","parts":[{"text":"Hello"}]}]}'
BAD = GOOD.replace('"model"', '"assistant"')
SVG = "{http://www.w3.org/2000/svg}"
Write = Callable[..., Path]


def report_of(*paths: str | Path, **options: Any) -> Report:
    return check(paths, count_tokens=True, **options)


def page_of(*paths: str | Path, **options: Any) -> str:
    return "".join(render_report_html(View(report=report_of(*paths, **options), version="1.2")))


def parsed(text: str) -> Element:
    """Return the page as browsers read it; whatever is wrong with its syntax is an error."""
    tree: Element = html5lib.HTMLParser(strict=True, namespaceHTMLElements=False).parse(text)
    return tree


def said(node: Element) -> str:
    return "".join(node.itertext())


def cells(table: Element) -> list[list[str]]:
    return [[said(cell) for cell in row] for row in table.iterfind("tbody/tr")]


def table_in(tree: Element, section: str) -> Element:
    table = tree.find(f".//section[@id='{section}']//table")
    assert table is not None
    return table


@pytest.fixture(scope="module", params=["broken", "everything", "nothing"])
def tree(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Element:
    if request.param == "broken":
        return parsed(page_of(SAMPLES / "broken.jsonl"))
    if request.param == "everything":
        return parsed(page_of(*sorted(SAMPLES.glob("*.jsonl"))))
    path = tmp_path_factory.mktemp("page") / "empty.jsonl"
    path.write_bytes(b"")
    return parsed(page_of(path))


def test_headings_are_in_order(tree: Element) -> None:
    levels = [int(node.tag[1]) for node in tree.iter() if re.fullmatch("h[1-6]", str(node.tag))]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert set(levels[1:]) == {2}


def test_every_table_says_what_it_is_and_what_its_heads_are_for(tree: Element) -> None:
    for table in tree.iter("table"):
        assert table[0].tag == "caption"
        assert said(table[0])
        assert {cell.get("scope") for cell in table.iterfind("thead/tr/th")} == {"col"}
        for row in table.iterfind("tbody/tr"):
            assert [cell.get("scope") for cell in row.iter("th")] == ["row"]
            assert len(row) == len(table.findall("thead/tr/th"))


def test_names_and_references_fit(tree: Element) -> None:
    names = [node.get("id") for node in tree.iter() if node.get("id")]
    assert len(names) == len(set(names))
    wanted = [node.get("aria-labelledby") for node in tree.iter() if node.get("aria-labelledby")]
    wanted += [(node.get("href") or "").removeprefix("#") for node in tree.iter("a")]
    assert set(wanted) <= set(names)


def test_drawings_are_not_read_out_and_fields_have_labels(tree: Element) -> None:
    assert {node.get("aria-hidden") for node in tree.iter(f"{SVG}svg")} <= {"true"}
    labelled = [
        field for label in tree.iter("label") for field in label.iter() if field.tag in ("input", "select")
    ]
    fields = [field for field in tree.iter() if field.tag in ("input", "select")]
    assert fields == labelled


def test_nothing_is_loaded_and_only_own_scripts_run(tree: Element) -> None:
    for node in tree.iter():
        for name, value in node.items():
            assert not str(name).startswith("on"), "an event handler in an attribute"
            assert name != "style", "the policy would not let it count"
            if name in ("src", "href", "srcset", "action", "data", "poster", "background"):
                assert value.startswith(("#", "data:image/svg+xml,")), value
    (policy,) = [
        node.get("content") or ""
        for node in tree.iter("meta")
        if node.get("http-equiv") == "Content-Security-Policy"
    ]
    rules = dict(rule.strip().split(" ", 1) for rule in policy.split(";"))
    assert rules == {
        "default-src": "'none'",
        "style-src": f"'{digest(tree, 'style')}'",
        "script-src": f"'{digest(tree, 'script')}'",
        "img-src": "data:",
        "base-uri": "'none'",
        "form-action": "'none'",
    }


def digest(tree: Element, tag: str) -> str:
    (node,) = tree.iter(tag)
    return f"sha256-{b64encode(sha256(said(node).encode()).digest()).decode()}"


def test_the_page_says_what_the_report_says() -> None:
    tree, report = parsed(page_of(SAMPLES / "broken.jsonl")), report_of(SAMPLES / "broken.jsonl")
    assert [row[1:] for row in cells(table_in(tree, "files"))] == [["sft", "1.7 kB", "10", "9", "6"]]
    assert {row[0][:4]: int(row[1]) for row in cells(table_in(tree, "left-out"))} == report.drop_counts
    assert {row[0][:4]: int(row[1]) for row in cells(table_in(tree, "rules"))} == report.counts
    found = cells(table_in(tree, "findings"))
    assert [(row[0], row[2][:4]) for row in found] == [
        (str(item.line), item.code) for item in report.findings
    ]
    assert [row[0] for row in cells(table_in(tree, "longest"))] == [str(item.line) for item in report.longest]
    names = [row[0] for row in cells(table_in(tree, "distributions"))]
    assert names == ["input tokens", "output tokens", "messages", "characters"]
    (chart, *_) = tree.iterfind(".//div[@class='charts']/table")
    assert [(row[0], row[2]) for row in cells(chart)] == [
        ("4-6", "1"), ("7-9", "0"), ("10-12", "0"), ("13-15", "0"), ("16-18", "0"), ("19-21", "2")
    ]  # fmt: skip
    assert [node.get("width") for node in chart.iter(f"{SVG}rect")] == [
        "50.00",
        "0.00",
        "0.00",
        "0.00",
        "0.00",
        "100.00",
    ]


def test_findings_that_are_not_shown_are_counted(write: Write) -> None:
    tree = parsed(page_of(write(f"{BAD}\n" * 5), max_findings=2, select="E301"))
    assert len(cells(table_in(tree, "findings"))) == 2
    assert "and 3 more E301 unknown-role" in said(tree)
    assert cells(table_in(tree, "rules"))[0][1] == "5"


text = st.text(st.characters(exclude_categories=["Cs"]), max_size=30) | st.sampled_from(
    [
        "</script><script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        '"><svg onload=alert(1)>',
        "&lt;b&gt;",
        "]]>",
    ]
)


@given(text, text)
def test_what_data_say_is_text(tmp_path_factory: pytest.TempPathFactory, role: str, key: str) -> None:
    path = tmp_path_factory.mktemp("page") / "a.jsonl"
    value = {"contents": [{"role": f"x{role}", "parts": [{"text": "Hi"}]}], f"y{key}": 1}
    path.write_text(json.dumps(value), encoding="utf-8")
    page = page_of(path)
    tree = parsed(page)
    assert [node.tag for node in tree.iter() if node.tag in ("script", "style", "img", "b", "iframe")] == [
        "style", "script"
    ]  # fmt: skip
    report = report_of(path)
    rows = [row[-1] for row in cells(table_in(tree, "findings"))]
    for finding, row in zip(report.findings, rows, strict=True):
        # Backticks around what is quoted become code.
        assert printable(f"{finding.path}{finding.message}").replace("`", "") in row.replace(
            ": ", "", 1
        ).replace("`", "") or printable(finding.message).replace("`", "") in row.replace("`", "")
    assert not [letter for letter in page if not letter.isprintable() and letter != "\n"]


def test_names_of_files_are_text_too(write: Write) -> None:
    name = "<img src=x onerror=alert(1)>\u202e\x07\udcff.jsonl"
    tree = parsed(
        page_of(write(GOOD, name.encode("utf-8", "surrogateescape").decode("utf-8", "surrogateescape")))
    )
    assert list(tree.iter("img")) == []
    assert r"<img src=x onerror=alert(1)>\u202e\x07\udcff.jsonl" in said(tree)


def test_without_content_nothing_is_quoted(write: Write) -> None:
    path = write(BAD.replace("Hi", "SECRET").replace("assistant", "HIDDEN")[:-1] + ',"PRIVATE":1}')
    assert all(word in page_of(path) for word in ("SECRET", "HIDDEN", "PRIVATE"))
    assert not any(word in page_of(path, no_content=True) for word in ("SECRET", "HIDDEN", "PRIVATE"))


def test_a_finding_of_the_whole_file_has_no_line(write: Write) -> None:
    (row,) = cells(table_in(parsed(page_of(write(""))), "findings"))
    assert row[0] == "file"


def test_rows_are_written_one_by_one(write: Write) -> None:
    view = View(report=report_of(write(f"{BAD}\n" * 300), select="E301", max_findings=0))
    pieces: Iterator[str] = render_report_html(view)
    assert (
        max(len(piece) for piece in pieces if 'id="filter-' not in piece and "<style>" not in piece) < 8_000
    )


def test_an_element_takes_whatever_is_put_in() -> None:
    assert markup(element("p", "a", element("b", "<"), None, "\x07&", title='"\n')) == (
        '<p title="&quot;\\n">a<b>&lt;</b>\\x07&amp;</p>'
    )
