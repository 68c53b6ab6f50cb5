"""Tests of ``render``: a golden file per format, and what must not reach a terminal."""

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from tunestats import check
from tunestats.limits import known_models, model_facts
from tunestats.render import RENDERERS
from tunestats.render.rules import render_rule, render_rule_list
from tunestats.render.text import render_text
from tunestats.rules import RULES

HERE = Path(__file__).parent
SAMPLE = HERE.parent.parent / "sample_data" / "broken.jsonl"


@pytest.mark.parametrize("name", RENDERERS)
def test_golden(name: str, monkeypatch: pytest.MonkeyPatch, golden: Callable[[Path, str], None]) -> None:
    monkeypatch.chdir(SAMPLE.parent)
    report = check([SAMPLE.name], max_findings=2)
    golden(HERE / "golden" / f"{name}.txt", RENDERERS[name](report, color=False))


def test_golden_with_colours(monkeypatch: pytest.MonkeyPatch, golden: Callable[[Path, str], None]) -> None:
    monkeypatch.chdir(SAMPLE.parent)
    monkeypatch.delenv("NO_COLOR", raising=False)
    golden(HERE / "golden" / "text.color.txt", render_text(check([SAMPLE.name]), color=True))


def test_more_findings_than_are_kept_are_rolled_up(write: Callable[..., Path]) -> None:
    path = write('{"contents": 1}\n' * 5)
    text = render_text(check(path, max_findings=2))
    assert text.count("E201 contents") == 2
    assert "… and 3 more E201 wrong-type" in text
    assert "Found 5 errors." in text


@pytest.mark.parametrize("name", RENDERERS)
def test_data_cannot_steer_a_terminal(name: str, write: Callable[..., Path]) -> None:
    role = "\\u001b[31m\\u202e\\u0007"
    path = write('{"contents":[{"role":"' + role + '","parts":[{"text":"Hi"}]}],"\\u001bkey":1}')
    text = RENDERERS[name](check(path), color=False)
    assert not any(letter in text for letter in "\x1b\u202e\x07")
    assert r"\x1b[31m\u202e\x07" in text.replace("\\\\", "\\")


def test_a_finding_of_the_whole_file_has_no_line(write: Callable[..., Path]) -> None:
    report = check(write(""))
    (row,) = RENDERERS["json-lines"](report, color=False).splitlines()
    assert json.loads(row)["line"] is None
    assert "train.jsonl: E602 the file holds no examples" in RENDERERS["concise"](report, color=False)


def test_rule_list_has_a_line_for_every_rule() -> None:
    assert [line.split()[0] for line in render_rule_list().splitlines()] == list(RULES)


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
