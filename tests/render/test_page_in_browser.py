"""Tests of the report page in a real browser: nothing is fetched, all is reachable, and it reads well in the dark.

They need Chromium (Debian: ``chromium``) and the dependency group ``browser``, and are skipped elsewhere.
"""

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import ROOT
from tunestats import check
from tunestats.render import View
from tunestats.render.report_html import render_report_html

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
sync_api: Any = pytest.importorskip(
    "playwright.sync_api", reason="the dependency group `browser` is not installed"
)
pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not installed")
SAMPLES = sorted((ROOT / "sample_data").glob("*.jsonl"))
TITLE = f"{len(SAMPLES) + 1} files"
WIDTHS = (390, 1280)
SCHEMES = ("light", "dark")
Open = Callable[..., Any]


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with sync_api.sync_playwright() as playwright:
        # Chromium refuses to sandbox what root runs, as containers do.
        arguments = ["--no-sandbox"] if os.geteuid() == 0 else []
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=arguments)
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def page_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a page of files with findings of every severity, and one whose name and content are hostile."""
    folder = tmp_path_factory.mktemp("page")
    hostile = folder / "<img src=x onerror=document.title='run'>.jsonl"
    hostile.write_text("{\"<script>document.title='run'</script>\":1}\n" * 3, encoding="utf-8")
    report = check([*SAMPLES, hostile], count_tokens=True)
    path = folder / "report.html"
    path.write_text("".join(render_report_html(View(report=report, version="1.2"))), encoding="utf-8")
    return path


@pytest.fixture
def opened(browser: Any, page_file: Path) -> Iterator[Open]:
    """Return a function that opens the page; whatever it asks for or complains about fails the test."""
    requests: list[str] = []
    complaints: list[str] = []
    contexts: list[Any] = []

    def open_page(width: int = 1280, scheme: str = "light", **options: Any) -> Any:
        context = browser.new_context(
            viewport={"width": width, "height": 900}, color_scheme=scheme, offline=True, **options
        )
        contexts.append(context)
        page = context.new_page()
        page.on("request", lambda request: requests.append(request.url))
        page.on("console", lambda message: complaints.append(message.text))
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.goto(page_file.as_uri())
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert {url for url in requests if not url.startswith("data:")} == {page_file.as_uri()}
    assert complaints == []


def column(page: Any, number: int) -> list[str]:
    texts = page.locator(f"#all-findings tbody tr:visible > :nth-child({number})").all_inner_texts()
    return [text.strip().split("\n")[0] for text in texts]


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("width", WIDTHS)
def test_the_page_fits_and_loads_nothing(opened: Open, width: int, scheme: str) -> None:
    page = opened(width, scheme)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert page.title() == f"{TITLE} - tunestats"
    assert page.get_by_role("heading", level=1).inner_text() == TITLE
    light = page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(245, 246, 248)"
    assert light is (scheme == "light")


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("width", WIDTHS)
def test_axe_finds_no_barrier(opened: Open, width: int, scheme: str) -> None:
    axe: Any = pytest.importorskip("axe_playwright_python.sync_playwright", reason="axe is not installed")
    results = axe.Axe().run(opened(width, scheme))
    assert [(found["id"], found["nodes"][0]["html"]) for found in results.response["violations"]] == []


def test_a_click_sorts_and_another_one_turns_round(opened: Open) -> None:
    page = opened()
    before = column(page, 2)
    head = page.get_by_role("columnheader", name="severity")
    head.get_by_role("button").click()
    assert head.get_attribute("aria-sort") == "ascending"
    order = {"error": 0, "warning": 1, "info": 2}
    ranks = [order[word] for word in column(page, 3)]
    assert ranks == sorted(ranks)
    assert len(set(ranks)) == 3
    head.get_by_role("button").click()
    assert head.get_attribute("aria-sort") == "descending"
    ranks = [order[word] for word in column(page, 3)]
    assert ranks == sorted(ranks, reverse=True)
    line = page.get_by_role("columnheader", name="line").last
    line.get_by_role("button").click()
    assert head.get_attribute("aria-sort") is None
    numbers = [0 if word == "file" else int(word.replace(",", "")) for word in column(page, 2)]
    assert numbers == sorted(numbers)
    assert sorted(column(page, 2)) == sorted(before)


def test_keys_alone_sort(opened: Open) -> None:
    page = opened()
    button = page.get_by_role("columnheader", name="rule").last.get_by_role("button")
    page.locator("#filter-rule").focus()
    for _ in range(20):
        page.keyboard.press("Tab")
        if button.evaluate("node => node === document.activeElement"):
            break
    assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid"
    page.keyboard.press("Enter")
    codes = [text.split()[0] for text in column(page, 4)]
    assert codes == sorted(codes)
    page.keyboard.press("Space")
    codes = [text.split()[0] for text in column(page, 4)]
    assert codes == sorted(codes, reverse=True)


def test_the_first_tab_offers_to_skip(opened: Open) -> None:
    page = opened()
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Skip to the summary"
    assert page.locator(".skip").first.bounding_box()["x"] >= 0


def test_filters_narrow_down_together(opened: Open) -> None:
    page = opened()
    everything = page.locator("#all-findings tbody tr").count()
    shown = page.locator("#shown")
    assert shown.inner_text() == f"{everything} of {everything} shown"
    page.get_by_role("combobox", name="Severity").select_option("error")
    errors = column(page, 3)
    assert set(errors) == {"error"}
    page.get_by_role("searchbox", name="Find").fill("ASSISTANT role")
    assert 0 < len(column(page, 3)) < len(errors)
    assert shown.inner_text() == f"{len(column(page, 3))} of {everything} shown"
    page.get_by_role("searchbox", name="Find").fill("nothing says this")
    assert shown.inner_text() == f"0 of {everything} shown"


def test_a_rule_leads_to_its_findings(opened: Open) -> None:
    page = opened()
    page.get_by_role("link", name="unknown-role").click()
    assert page.url.endswith("#findings")
    assert {text.split()[0] for text in column(page, 4)} == {"E301"}


def test_all_is_there_without_the_script(opened: Open) -> None:
    with_script, without = opened(), opened(java_script_enabled=False)
    assert column(without, 5) == column(with_script, 5) != []
    assert not without.locator("#filters").is_visible()
    assert without.locator("th button").count() == 0


def test_what_data_say_does_not_run(opened: Open) -> None:
    page = opened()
    page.wait_for_timeout(50)
    assert page.title() == f"{TITLE} - tunestats"
    assert page.locator("img").count() == 0
    assert "<script>" in page.locator("#all-findings").inner_text()


def test_other_scripts_may_not_run(browser: Any, page_file: Path) -> None:
    """Add a script to the page, as somebody who gets markup into it would: the policy stops it."""
    complaints: list[str] = []
    page = browser.new_page()
    page.on("console", lambda message: complaints.append(message.text))
    broken = page_file.read_text(encoding="utf-8").replace(
        "<main ", "<script>document.title='run'</script><main "
    )
    page_file.with_name("broken.html").write_text(broken, encoding="utf-8")
    page.goto(page_file.with_name("broken.html").as_uri())
    assert page.title() != "run"
    assert "Content Security Policy" in "".join(complaints)
    page.close()
