"""Tests of ``baseline``: what was accepted stays accepted wherever it moves, and everything else is new."""

import json
import random
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tunestats import SettingsError, check
from tunestats.baseline import write_baseline
from tunestats.errors import OutputError

GOOD = '{"contents":[{"role":"user","parts":[{"text":"Hi"}]},{"role":"model","parts":[{"text":"Hello"}]}]}'
BAD = GOOD.replace('"model"', '"assistant"')
ODD = GOOD[:-1] + ',"difficulty":1}'
POOL = [GOOD, BAD, ODD, "", "{", BAD.replace("Hi", "Ho"), GOOD.replace("Hi", "Ho")]
Write = Callable[..., Path]


def accept(path: Path, target: Path) -> int:
    return write_baseline(check(path, max_findings=0), target)


def test_what_is_accepted_is_not_reported(write: Write, tmp_path: Path) -> None:
    path, baseline = write(f"{BAD}\n{ODD}\n\n{BAD}\n"), tmp_path / "accepted.json"
    assert accept(path, baseline) == 4
    report = check(path, baseline=baseline)
    assert (report.counts, report.findings, report.accepted, report.exit_code) == ({}, (), 4, 0)
    assert report.dropped_examples == 2


@pytest.mark.parametrize(
    ("change", "new"),
    [
        (lambda lines: [GOOD.replace("Hi", "Hey"), "", *lines], ["W102"]),
        (lambda lines: list(reversed(lines)), []),
        (lambda lines: [line + "\r" for line in lines], []),
        (lambda lines: [*lines, lines[0]], ["E301"]),
        (lambda lines: [*lines, lines[0].replace("Hi", "Ho")], ["E301"]),
        (lambda lines: [lines[0].replace("Hi", "Ho"), *lines[1:]], ["E301"]),
        (lambda lines: [lines[0].replace('"user"', '"human"'), *lines[1:]], ["E301", "E301"]),
        (lambda lines: lines[1:], []),
    ],
    ids=[
        "two more lines",
        "another order",
        "CRLF",
        "a copy",
        "another bad line",
        "edited",
        "worse",
        "mended",
    ],
)
def test_only_what_is_new_is_reported(
    change: Callable[[list[str]], list[str]], new: list[str], write: Write, tmp_path: Path
) -> None:
    lines, baseline = [BAD, ODD, GOOD.replace("Hi", "Good day")], tmp_path / "accepted.json"
    accept(write("\n".join(lines)), baseline)
    report = check(write("\n".join(change(lines))), baseline=baseline)
    assert [finding.code for finding in report.findings] == new
    assert report.exit_code == (1 if "E301" in new else 0)


@given(
    before=st.lists(st.sampled_from(POOL), max_size=12), after=st.lists(st.sampled_from(POOL), max_size=12)
)
def test_new_is_what_there_is_more_of(
    before: list[str], after: list[str], tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("baseline")
    path, baseline = folder / "a.jsonl", folder / "accepted.json"

    def found(lines: list[str]) -> Counter[tuple[str, str, str]]:
        path.write_text("\n".join([GOOD, *lines, "x"]))
        return Counter(
            (item.code, item.path, "" if item.line == 0 else [GOOD, *lines, "x"][item.line - 1])
            for item in check(path, max_findings=0).findings
        )

    accepted = found(before)
    count = accept(path, baseline)
    now = found(after)
    report = check(path, baseline=baseline, max_findings=0)
    assert count == accepted.total()
    assert sum(report.counts.values()) == len(report.findings) == (now - accepted).total()
    assert report.accepted == now.total() - len(report.findings)


def test_a_baseline_holds_nothing_of_the_data_and_moves_with_them(tmp_path: Path) -> None:
    data = tmp_path / "data"
    data.mkdir()
    (data / "train.jsonl").write_text(BAD.replace("assistant", "Zqx")[:-1] + ',"Zqx":1}')
    accept(data / "train.jsonl", tmp_path / "accepted.json")
    text = (tmp_path / "accepted.json").read_text()
    assert "Zqx" not in text
    assert {row["file"] for row in json.loads(text)["accepted"]} == {"data/train.jsonl"}
    moved = tmp_path.with_name(f"{tmp_path.name}-moved")
    tmp_path.rename(moved)
    report = check(moved / "data" / "train.jsonl", baseline=moved / "accepted.json")
    assert report.counts == {}
    moved.rename(tmp_path)


def test_new_findings_are_capped_and_counted(write: Write, tmp_path: Path) -> None:
    baseline = tmp_path / "accepted.json"
    accept(write(f"{BAD}\n"), baseline)
    lines = [BAD.replace("Hi", f"Hi {number}") for number in range(9)]
    random.Random(1).shuffle(lines)  # noqa: S311  an order that is always the same
    report = check(write("\n".join([*lines, BAD])), baseline=baseline, max_findings=4)
    assert [finding.line for finding in report.findings] == [1, 2, 3, 4]
    assert report.counts == {"E301": 9}
    assert report.settings.max_findings == 4


def test_flaws_that_are_only_counted_are_accepted_by_number(write: Write, tmp_path: Path) -> None:
    baseline = tmp_path / "accepted.json"
    many = ",".join(f'"key{number}":1' for number in range(1500))
    assert accept(write(GOOD[:-1] + f",{many}}}"), baseline) == 1500
    assert check(write(GOOD[:-1] + f",{many}}}"), baseline=baseline).counts == {}
    more = f'{many},"other":1'
    assert check(write(GOOD[:-1] + f",{more}}}"), baseline=baseline).counts["W201"] > 0


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (None, "no such baseline; write it with --write-baseline"),
        ("{", "is not a baseline"),
        ("[]", "is not a baseline"),
        ("{}", "is not a baseline"),
        ('{"version":2,"accepted":[]}', "version 2"),
        ('{"version":1,"accepted":[{"file":"a"}]}', "is not a baseline"),
        (
            '{"version":1,"accepted":[{"file":"a","code":"E301","fingerprint":"","count":"1"}]}',
            "is not a baseline",
        ),
        ("[" * 100_000, "is not a baseline"),
        ("\udcff", "is not a baseline"),
    ],
    ids=range(9),
)
def test_what_is_no_baseline_stops_the_run(text: str | None, said: str, write: Write, tmp_path: Path) -> None:
    baseline = tmp_path / "accepted.json" if text is None else write(text, "accepted.json")
    with pytest.raises(SettingsError, match=said):
        check(write(BAD), baseline=baseline)


def test_a_baseline_that_cannot_be_written(write: Write, tmp_path: Path) -> None:
    with pytest.raises(OutputError, match="cannot be written"):
        accept(write(BAD), tmp_path / "nowhere" / "accepted.json")


def test_a_baseline_is_for_reports_without_content_too(write: Write, tmp_path: Path) -> None:
    path, baseline = write(f"{BAD}\n{GOOD}\n"), tmp_path / "accepted.json"
    accept(path, baseline)
    report = check(path, baseline=baseline, no_content=True)
    assert (report.counts, report.accepted > 0, report.settings.no_content) == ({}, True, True)
    path.write_text(BAD.replace("Hi", "Bye"), encoding="utf-8")
    (finding, *_) = check(path, baseline=baseline, no_content=True).findings
    assert "assistant" not in finding.message
