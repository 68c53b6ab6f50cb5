"""Tests of ``render``: a golden file per format, and what must not reach a terminal."""

import json
import re
from collections.abc import Callable
from pathlib import Path, PurePosixPath, PureWindowsPath
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tunestats import check
from tunestats.limits import known_models, model_facts
from tunestats.render import RENDERERS, STATISTICS, View
from tunestats.render.models import render_models
from tunestats.render.paint import cells, wrap
from tunestats.render.rules import render_rule, render_rule_list
from tunestats.render.view import portable
from tunestats.rules import RULES

HERE = Path(__file__).parent
SAMPLE = HERE.parent.parent / "sample_data" / "broken.jsonl"
Golden = Callable[[Path, str], None]
Write = Callable[..., Path]
GOOD = {
    "contents": [
        {"role": "user", "parts": [{"text": "Hi"}]},
        {"role": "model", "parts": [{"text": "Hello"}]},
    ]
}
MIXED = "{}\n\n" + f"{json.dumps(GOOD)}\n" * 2
ENDINGS = {
    "json": "json",
    "json-lines": "jsonl",
    "gitlab": "json",
    "sarif": "json",
    "junit": "xml",
    "markdown": "md",
}


def shown(name: str, path: Path | list[Path], width: int = 80, **options: Any) -> str:
    return RENDERERS[name](View(report=check(path, **options), width=width))


@pytest.mark.parametrize("name", RENDERERS)
def test_golden(name: str, monkeypatch: pytest.MonkeyPatch, golden: Golden) -> None:
    monkeypatch.chdir(SAMPLE.parent)
    # SARIF lists every rule that is looked for: two are enough to see.
    options = {"select": "E301,W304"} if name == "sarif" else {"max_findings": 2}
    golden(HERE / "golden" / f"{name}.{ENDINGS.get(name, 'txt')}", shown(name, Path(SAMPLE.name), **options))


def test_golden_without_content(monkeypatch: pytest.MonkeyPatch, golden: Golden) -> None:
    monkeypatch.chdir(SAMPLE.parent)
    golden(HERE / "golden" / "full.no-content.txt", shown("full", Path(SAMPLE.name), no_content=True))


@pytest.mark.parametrize("name", ["full", "concise"])
def test_golden_with_colours(name: str, monkeypatch: pytest.MonkeyPatch, golden: Golden) -> None:
    monkeypatch.chdir(SAMPLE.parent)
    view = View(report=check(SAMPLE.name), color=True)
    golden(HERE / "golden" / f"{name}.color.txt", RENDERERS[name](view))


@pytest.mark.parametrize("name", STATISTICS)
def test_statistics_count_every_rule(name: str, write: Write) -> None:
    path = write('{"contents": 1}\n' * 5 + "\n[]\n{\n")
    text = "".join(STATISTICS[name](View(report=check(path, max_findings=1))))
    if name == "json":
        rows = [(row["count"], row["code"], row["severity"], row["name"]) for row in json.loads(text)]
    else:
        rows = [(int(row[0]), row[1], row[2], row[3]) for row in map(str.split, text.splitlines())]
    assert rows == [
        (5, "E201", "error", "wrong-type"),
        (1, "E101", "error", "invalid-json"),
        (1, "W102", "warning", "blank-line"),
        (1, "E103", "error", "not-an-object"),
    ]


@pytest.mark.parametrize("name", ["full", "concise"])
@pytest.mark.parametrize("color", [False, True], ids=["plain", "colour"])
def test_severities_are_words(name: str, color: bool, write: Write) -> None:  # noqa: FBT001
    report = check(write(MIXED), severity={"W102": "info", "W601": "warning"})
    text = RENDERERS[name](View(report=report, color=color))
    assert [text.count(label) for label in ("E202 [error]", "W102 [info]", "W601 [warning]")] == [1, 1, 1]
    assert "Found 1 error, 1 warning and 1 info." in text


@pytest.mark.parametrize(("count", "listed"), [(20, 20), (21, 2)])
def test_of_many_files_those_with_findings_are_listed(count: int, listed: int, write: Write) -> None:
    good = [
        write(json.dumps(GOOD).replace("Hi", f"Hi {index}"), f"{index}.jsonl") for index in range(count - 2)
    ]
    names = [write("{}", "a.jsonl"), *good, write("PK\x03\x04", "z.jsonl")]
    lines = shown("full", names).splitlines()
    assert sum(".jsonl: " in line for line in lines) == listed
    assert (f"{count - 2} more files without findings" in lines) is (listed == 2)
    assert lines[-1].startswith("Found 2 errors.")


@pytest.mark.parametrize("name", ["full", "concise"])
def test_success_is_said(name: str, write: Write) -> None:
    path = write(json.dumps(GOOD))
    assert shown(name, path).splitlines()[-1] == "Nothing wrong found."
    assert "".join(STATISTICS[name](View(report=check(path)))) == "Nothing wrong found.\n"


@pytest.mark.parametrize(
    ("name", "said"),
    [("json-lines", ""), ("github", ""), ("gitlab", "[]\n"), ("json", '"findings": []'), ("sarif", '"results": []'),
     ("junit", 'failures="0"'), ("markdown", "Nothing wrong found.")],
)  # fmt: skip
def test_programs_are_told_nothing_but_findings(name: str, said: str, write: Write) -> None:
    text = shown(name, write(json.dumps(GOOD)))
    assert text == said if name in ("json-lines", "github", "gitlab") else said in text


def test_editors_find_every_place(write: Write) -> None:
    *lines, last = shown("concise", write(MIXED)).splitlines()
    form = re.compile(r"(?P<file>[^:]+):(?P<line>\d+): (?P<code>[EW]\d{3}) (?P<message>.+)")
    assert [found and (found["line"], found["code"]) for found in map(form.fullmatch, lines)] == [
        ("1", "E202"),
        ("2", "W102"),
        ("4", "W601"),
    ]
    assert form.search(last) is None


@pytest.mark.parametrize("name", ["full", "concise", "github", "sarif", "junit", "markdown"])
def test_more_findings_than_are_kept_are_rolled_up(name: str, write: Write) -> None:
    text = shown(name, write('{"contents": 1}\n' * 5), max_findings=2)
    assert "3 more E201 wrong-type" in text or "3 more results of E201" in text


def test_full_counts_what_it_does_not_show(write: Write) -> None:
    text = shown("full", write('{"contents": 1}\n' * 5), max_findings=2)
    assert text.count("E201 [error] contents") == 2
    assert "Found 5 errors." in text


@pytest.mark.parametrize("name", RENDERERS)
def test_data_cannot_steer_a_terminal(name: str, write: Write) -> None:
    role = "\\u001b[31m\\u202e\\u0007\u200f\u0085\ue000\ufffe"
    path = write('{"contents":[{"role":"' + role + '","parts":[{"text":"Hi"}]}],"\\u001bk\u200ey":1}')
    text = shown(name, path)
    assert not any(letter in text for letter in "\x1b\u202e\x07\u200e\u200f\u0085\ue000\ufffe")
    assert r"\x1b[31m\u202e\x07" in text.replace("\\\\", "\\")


def test_a_finding_of_the_whole_file_has_no_line(write: Write) -> None:
    path = write("")
    (row,) = shown("json-lines", path).splitlines()
    assert json.loads(row)["line"] is None
    assert "train.jsonl: E602 [error] the file holds no examples" in shown("concise", path)
    assert "train.jsonl\nhelp: " in shown("full", path)
    assert ",line=" not in shown("github", path)


@pytest.mark.parametrize("width", [40, 80, 200])
def test_full_keeps_within_the_terminal(width: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(SAMPLE.parent)
    lines = shown("full", Path(SAMPLE.name), width=width).splitlines()
    assert max(map(cells, lines)) <= max(width, 52)  # the line of the file cannot be broken


@given(st.text(st.sampled_from("ab `中文́-"), max_size=80), st.integers(20, 40))
def test_wrapped_lines_fit_and_hold_every_word(text: str, width: int) -> None:
    lines = wrap(text, width, "  ")
    assert " ".join(lines).split() == text.split()
    assert all(cells(line) <= width or " " not in line.strip() for line in lines)


@pytest.mark.parametrize("width", [40, 79])
def test_answers_fit_a_narrow_terminal(width: int) -> None:
    prose = [
        render_models(width),
        *(render_rule(rule, width).partition("\n\nBad")[0] for rule in RULES.values()),
    ]
    for line in "\n".join(prose).splitlines():
        assert cells(line) <= width or " " not in line.strip()


@given(
    before=st.text(st.characters(exclude_categories=["Cs"]), max_size=60),
    role=st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=60),
)
def test_the_caret_stands_under_the_value(
    before: str, role: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    path = tmp_path_factory.mktemp("caret") / "a.jsonl"
    turns = [{"role": "user", "parts": [{"text": before}]}, {"role": f"{role}!", "parts": [{"text": "x"}]}]
    path.write_text(json.dumps({"contents": turns}, ensure_ascii=False), encoding="utf-8")
    lines = shown("full", path, select="E301").splitlines()
    number = next(
        index for index, line in enumerate(lines) if line.startswith("E301 [error] contents[1].role")
    )
    excerpt, carets = next(
        (lines[index], lines[index + 1])
        for index in range(number, len(lines))
        if lines[index].startswith("1 | ")
    )
    start, end = carets.index("^"), len(carets)
    assert set(carets[start:]) == {"^"}
    assert excerpt[_character(excerpt, start)] == '"'
    assert cells(excerpt) <= 80
    assert end <= cells(excerpt)


def _character(text: str, cell: int) -> int:
    """Return the index of the character that stands in a column."""
    return next(index for index in range(len(text)) if cells(text[: index + 1]) > cell)


@pytest.mark.parametrize(
    ("path", "root", "expected"),
    [
        (PurePosixPath("/repo/data/a.jsonl"), PurePosixPath("/repo"), "data/a.jsonl"),
        (PurePosixPath("/other/a.jsonl"), PurePosixPath("/repo"), "/other/a.jsonl"),
        (PureWindowsPath("data\\ä b.jsonl"), PureWindowsPath("C:\\repo"), "data/ä b.jsonl"),
        (PureWindowsPath("C:\\repo\\data\\a.jsonl"), PureWindowsPath("C:\\repo"), "data/a.jsonl"),
        (PureWindowsPath("D:\\a.jsonl"), PureWindowsPath("C:\\repo"), "D:/a.jsonl"),
    ],
    ids=str,
)
def test_paths_for_programs(
    path: PurePosixPath | PureWindowsPath, root: PurePosixPath | PureWindowsPath, expected: str
) -> None:
    assert portable(path, root) == expected


def test_rule_list_has_a_line_for_every_rule() -> None:
    assert [line.split()[0] for line in render_rule_list().splitlines()] == list(RULES)


@pytest.mark.parametrize("width", [40, 60, 80, 200])
def test_rule_list_fits_a_terminal(width: int) -> None:
    listed = render_rule_list(width)
    assert max(map(len, listed.splitlines())) <= width
    assert listed.split() == render_rule_list().split()


@pytest.mark.parametrize("code", RULES)
def test_rule_page_says_everything(code: str) -> None:
    rule = RULES[code]
    page = " ".join(render_rule(rule).split())
    for text in (
        rule.summary,
        rule.rationale,
        rule.undecided[1:],
        rule.server_message,
        rule.fix[1:],
        rule.consequence,
    ):
        assert " ".join(text.split()) in page
    assert max(map(len, render_rule(rule).splitlines())) <= 79


def test_facts_are_shown_for_every_model_with_source_and_date() -> None:
    for rule in RULES.values():
        page = " ".join(render_rule(rule).split())
        for name in rule.facts:
            for model in known_models():
                source, date = model_facts(model).source_of(name)
                assert model in page
                assert f"{source} ({date})" in page
    assert any(rule.facts for rule in RULES.values())


def test_golden_page_of_a_rule(golden: Callable[[Path, str], None]) -> None:
    for code in ("E401", "E601", "W102"):
        golden(HERE / "golden" / f"rule.{code}.txt", render_rule(RULES[code]))


def test_a_line_of_data_is_shortened_in_the_middle() -> None:
    for rule in RULES.values():
        page = render_rule(rule)
        shown = re.sub(r"\s", "", page.partition("\nBad")[2])
        if "characters…]" not in shown and rule.bad.isprintable():
            assert re.sub(r"\s", "", rule.bad) in shown
        assert len(page) < 5_000
