"""The page of every rule is true, and the table is in order."""

import re
from collections.abc import Callable
from dataclasses import fields, replace
from pathlib import Path

import pytest

from tunestats import Severity, check, check_job
from tunestats.limits import ModelFacts, model_facts
from tunestats.rules import RULES, Consequence, Rule

Write = Callable[..., Path]
# A file that shows one would be large, or two files.
NOT_SHOWN = {"E107", "E604", "E605", "E606", "E608", "E609", "W416", "W606", "W607"}
# There is no file that would do for the model.
WITHOUT_GOOD = {"E607", "W608"}
BY_CODE = pytest.mark.parametrize("rule", RULES.values(), ids=lambda rule: rule.code)


def codes_in(write: Write, text: str, format_name: str, model: str = "", ignore: str = "") -> set[str]:
    if format_name == "job":
        return {finding.code for finding in check_job(write(text)).findings}
    report = check(write(text), format=format_name, model=model, ignore=ignore)
    return {finding.code for finding in report.findings}


@BY_CODE
def test_rule_page_is_true(rule: Rule, write: Write) -> None:
    # The page of a rule may be for a model of the past; that it is one has a rule of its own.
    ignore = "W608" if rule.code != "W608" else ""
    if rule.code not in NOT_SHOWN:
        assert codes_in(write, rule.bad, rule.formats[0], rule.model, ignore) == {rule.code}
    if rule.code not in WITHOUT_GOOD:
        assert codes_in(write, rule.good, rule.formats[0], rule.model, ignore) == set()


def test_large_inline_data(write: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    small = replace(model_facts(), media_bytes={"image": 8})
    monkeypatch.setattr("tunestats.settings.model_facts", lambda _: small)
    line = RULES["W402"].bad
    assert codes_in(write, line, "sft") == {"W402"}
    assert codes_in(write, line.replace("Ggo=", "GgoA"), "sft") == {"W402", "W416"}


def test_line_too_long(write: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    rule = RULES["E107"]
    limit = len(rule.good)
    for room in ("lines", "parsing", "engines.shard", "engines.closer_look"):
        monkeypatch.setattr(f"tunestats.{room}.MAX_LINE_BYTES", limit)
    assert codes_in(write, rule.good, "sft") == set()
    assert codes_in(write, rule.good.replace("Hi", "Hi there"), "sft") == {"E107"}
    # It is not said to be something else as well.
    assert codes_in(write, "x" * (limit + 1), "sft") == {"E107"}


@BY_CODE
def test_row_is_complete(rule: Rule) -> None:
    assert re.fullmatch("[EW][1-7][0-9]{2}", rule.code)
    assert re.fullmatch("[a-z0-9]+(-[a-z0-9]+)*", rule.name)
    assert (rule.severity is Severity.ERROR) == rule.code.startswith("E")
    accepted = (Consequence.ACCEPTED, Consequence.REQUEST_ACCEPTED)
    assert rule.severity is Severity.ERROR or rule.consequence in accepted
    for text in (rule.summary, rule.rationale, rule.fix, *filter(None, [rule.undecided])):
        assert text.endswith(".")
        assert text == text.strip()
        assert "  " not in text
    assert len(rule.summary) <= 90
    assert bool(rule.good) is (rule.code not in WITHOUT_GOOD)
    # What is not written out is told in words; whatever rests on facts says on which.
    assert bool(rule.bad_in_words) is (rule.code in NOT_SHOWN)
    assert set(rule.facts) <= {field.name for field in fields(ModelFacts)}
    assert not rule.model or rule.facts
    assert rule.formats
    assert set(rule.formats) <= {"sft", "preference", "job"}
    # Advice is given where nothing public decides; then the row says what is open.
    assert rule.undecided or rule.severity is not Severity.WARNING


def test_keys_of_the_table_are_unique() -> None:
    assert all(code == rule.code for code, rule in RULES.items())
    names = [rule.name for rule in RULES.values()]
    assert len(set(names)) == len(names)
    # By stage, errors before advice.
    assert list(RULES) == sorted(RULES, key=lambda code: (code[1:], code))


def test_a_flaw_carries_the_code_of_its_row() -> None:
    assert RULES["E301"].at("contents[1].role", "`x` is not a role") == (
        "E301",
        "contents[1].role",
        "`x` is not a role",
    )
