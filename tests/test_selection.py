"""Tests of ``selection``: what is shown, how grave it is, and that neither changes a statistic."""

import pickle
from collections.abc import Callable
from pathlib import Path
from types import MappingProxyType
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tunestats import SettingsError, check, stats
from tunestats.rules import RULES
from tunestats.selection import choose, codes_of, severities
from tunestats.settings import Settings

GOOD = '{"contents":[{"role":"user","parts":[{"text":"Hi"}]},{"role":"model","parts":[{"text":"Hello"}]}]}'
BAD = GOOD.replace('"model"', '"assistant"')
ODD = GOOD[:-1] + ',"difficulty":1}'
NONE: frozenset[str] = frozenset()
EVERY = frozenset(RULES)
Write = Callable[..., Path]


@pytest.mark.parametrize(
    ("select", "ignore", "extend", "start", "chosen"),
    [
        (("W1",), (), (), NONE, {"W101", "W102"}),
        (("w1",), (), (), NONE, {"W101", "W102"}),
        (("byte-order-mark",), (), (), NONE, {"W101"}),
        (("W1",), ("W101",), (), NONE, {"W102"}),
        (("W101",), ("W1",), (), NONE, {"W101"}),
        (("W1",), ("W1",), (), NONE, set()),
        (("W1",), ("W101",), ("W101",), NONE, {"W102"}),
        (("W1",), ("ALL",), (), NONE, {"W101", "W102"}),
        ((), (), ("W101",), NONE, {"W101"}),
        (None, ("W",), (), frozenset({"E101", "W101"}), {"E101"}),
        (None, (), ("W101",), frozenset({"E101"}), {"E101", "W101"}),
        (("W101",), (), (), EVERY, {"W101"}),
    ],
    ids=str,
)
def test_choose(
    select: tuple[str, ...] | None,
    ignore: tuple[str, ...],
    extend: tuple[str, ...],
    start: frozenset[str],
    chosen: set[str],
) -> None:
    assert choose(start, select, ignore, extend) == chosen


selectors = st.sampled_from([*RULES, *(rule.name for rule in RULES.values()), "E", "W", "E3", "W40", "ALL"])


@given(st.lists(selectors), st.lists(selectors))
def test_the_order_of_words_does_not_matter(select: list[str], ignore: list[str]) -> None:
    forth = choose(NONE, tuple(select), ignore, ())
    assert forth == choose(NONE, tuple(reversed(select)), list(reversed(ignore)), ())
    assert forth == choose(EVERY, tuple(select), ignore, ())
    assert forth <= {code for word in select for code in codes_of(word)}


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"select": "E9"}, "`E9` is not a rule"),
        ({"select": ["E31O"]}, "did you mean `E301`"),
        ({"ignore": "unkown-role"}, "did you mean `unknown-role`"),
        ({"select": ""}, ""),
        ({"select": [3]}, "expected a list of codes"),
        ({"severity": {"E301": "fatal"}}, "`fatal` is not a severity"),
        ({"severity": {"E999": "info"}}, "`E999` is not a rule"),
        ({"severity": "info"}, "expected a mapping"),
        ({"per_file_ignores": {"*.jsonl": ["E999"]}}, "`E999` is not a rule"),
        ({"per_file_ignores": {"": ["E301"]}}, "'' is not a pattern of files"),
        ({"per_file_ignores": {" ": ["E301"]}}, "' ' is not a pattern of files"),
        ({"per_file_ignores": {5: ["E301"]}}, "5 is not a pattern of files"),
        ({"per_file_ignores": {"C:/data/*.jsonl": ["E301"]}}, "a path of another system"),
        ({"per_file_ignores": {r"\\server\*.jsonl": ["E301"]}}, "a path of another system"),
        ({"per_file_ignores": {r"data\*.jsonl": ["E301"]}}, "write `/` between folders"),
        ({"per_file_ignores": {"~/*.jsonl": ["E301"]}}, "the folder that `~` stands for"),
        ({"per_file_ignores": {"data/": ["E301"]}}, "for the files in a folder"),
        ({"fail_on": "fatal"}, "expected one of error, warning, info"),
    ],
    ids=str,
)
def test_what_makes_no_sense_is_refused(options: dict[str, Any], said: str, write: Write) -> None:
    if said:
        with pytest.raises(SettingsError, match=said):
            check(write(BAD), **options)
    else:
        assert check(write(BAD), **options).counts == {}


def test_hiding_an_error_changes_no_statistic(write: Write) -> None:
    path = write(f"{GOOD}\n{BAD}\n{ODD}\n")
    seen, hidden = stats(path), stats(path, ignore="E,W6", severity={"W201": "error"})
    assert hidden.to_api() == seen.to_api()
    assert hidden.report.counts == {"W201": 1}
    assert hidden.report.dropped_examples == seen.report.dropped_examples == 1


@pytest.mark.parametrize(
    ("options", "code"),
    [
        ({}, 1),
        ({"ignore": "E301"}, 0),
        ({"severity": {"E301": "warning"}}, 0),
        ({"severity": {"E301": "warning"}, "fail_on": "warning"}, 1),
        ({"select": "W"}, 0),
        ({"select": "W", "fail_on": "warning"}, 1),
        ({"select": "W", "severity": {"W": "info"}, "fail_on": "warning"}, 0),
        ({"select": "W", "severity": {"W": "info"}, "fail_on": "info"}, 1),
        ({"select": "W", "severity": {"unknown-field": "error"}}, 1),
    ],
    ids=str,
)
def test_exit_code(options: dict[str, Any], code: int, write: Write) -> None:
    report = check(write(f"{BAD}\n{ODD}\n"), **options)
    assert report.exit_code == code
    assert all(finding.severity is report.settings.severities[finding.code] for finding in report.findings)


def test_the_most_exact_severity_counts() -> None:
    assert severities({"W301": "info", "W": "error", "ALL": "warning"})["W301"] == "info"
    assert severities({"W301": "info", "W": "error", "ALL": "warning"})["W302"] == "error"
    assert severities({"W301": "info", "W": "error", "ALL": "warning"})["E301"] == "warning"


@pytest.mark.parametrize(
    "pattern",
    [
        "old.jsonl",
        "old.*",
        "{folder}/old.jsonl",
        "{folder}/*",
        "{folder}/o?d.jsonl",
        "{folder}/**/*.jsonl",
        "{folder}/../*/old.jsonl",
        "{folder}/./old.jsonl",
    ],
)
def test_files_may_be_spared(pattern: str, write: Write, tmp_path: Path) -> None:
    old, new = write(f"{BAD}\n\n{GOOD}\n" * 2, "old.jsonl"), write(f"{BAD}\n", "new.json")
    patterns = {pattern.format(folder=tmp_path): ["E3", "W102", "W601"]}
    if pattern != "{folder}/*":
        assert check([old, new], per_file_ignores=patterns, max_findings=1).counts == {"E301": 1}
    assert check([old], per_file_ignores=patterns).counts == {}


def test_a_file_that_is_spared_leaves_room_for_others(write: Write) -> None:
    old, new = write(f"{BAD}\n" * 9, "old.jsonl"), write(f"{BAD}\n", "new.jsonl")
    report = check([old, new], per_file_ignores={"old.jsonl": "E301"}, max_findings=1)
    assert [finding.file for finding in report.findings if finding.code == "E301"] == [str(new)]


def test_settings_can_be_sent_and_compared() -> None:
    severity = {"E301": "info"}
    settings = Settings(
        select="E, W1", ignore=["E1"], severity=MappingProxyType(severity), per_file_ignores={"a": "E2"}
    )
    assert pickle.loads(pickle.dumps(settings)) == settings  # noqa: S301  our own
    assert hash(settings) == hash(pickle.loads(pickle.dumps(settings)))  # noqa: S301
    severity["E301"] = "error"
    assert settings.severities["E301"] == "info"
