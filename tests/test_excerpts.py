"""Tests of ``excerpts``: the right lines, the right columns, and never more of a line than is allowed."""

import gzip
import io
import json
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tunestats import check
from tunestats import excerpts as room
from tunestats.excerpts import NOWHERE, Spot, iter_spots
from tunestats.quoting import EXCERPT_CHARACTERS, printable

GOOD = '{"contents":[{"role":"user","parts":[{"text":"Hi"}]},{"role":"model","parts":[{"text":"Hello"}]}]}'
BAD = GOOD.replace('"model"', '"assistant"')
Write = Callable[..., Path]


def spots_of(path: Path, code: str) -> list[Spot]:
    return [spot for finding, spot in iter_spots(check(path)) if finding.code == code]


@pytest.mark.parametrize(
    ("line", "code", "marked"),
    [
        (BAD, "E301", '"assistant"'),
        (GOOD.replace('"Hi"', "[5]"), "E201", '"text"'),
        (GOOD.replace('"Hi"', "45"), "E201", "45"),
        (GOOD[:-1] + ',"colour":{"red":1}}', "W201", '"colour"'),
        (GOOD[:-1] + ',"colour":5}', "W201", '"colour"'),
        (GOOD[:-1] + ",}", "E101", ","),
        (GOOD.replace("Hi", "caf\udce9 au lait"), "E102", "\\xe9"),
        (GOOD.replace("Hi", "\\ud800"), "E106", "\\"),
        (GOOD[:-1] + ',"contents":[]}', "E105", '"contents"'),
        (GOOD.replace('{"text":"Hello"}', ""), "E202", '"parts"'),
        (GOOD.replace("Hi", "\\u4e2d中é\U0001f600 "), "", ""),
        ("{", "E101", ""),
    ],
    ids=range(12),
)
@pytest.mark.parametrize("end", ["\n", "\r\n", ""], ids=["LF", "CRLF", "end"])
def test_marked(line: str, code: str, marked: str, end: str, write: Write) -> None:
    if code:
        (spot,) = spots_of(write(f"{GOOD.replace('Hi', 'Ho')}\n{line}{end}"), code)
        assert spot.marked == marked
        raw = line.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")
        assert raw[: spot.column - 1].endswith(spot.before)
        assert spot.digest


def test_columns_count_characters_and_no_byte_order_mark(write: Write) -> None:
    line = BAD.replace("Hi", "中é\U0001f600")
    (spot,) = spots_of(write(f"\ufeff{line}\n"), "E301")
    assert line[spot.column - 1 : spot.end_column - 1] == '"assistant"'


@given(text=st.text(st.characters(exclude_categories=["Cs"]), max_size=200), spaces=st.integers(0, 100))
def test_no_more_than_is_allowed_leaves_the_line(
    text: str, spaces: int, tmp_path_factory: pytest.TempPathFactory
) -> None:
    path = tmp_path_factory.mktemp("excerpt") / "a.jsonl"
    turns = [{"role": f"{text}!", "parts": [{"text": text}]}] * 2
    line = json.dumps({"contents": turns}, ensure_ascii=False, separators=("," + " " * spaces, ":"))
    path.write_text(line, encoding="utf-8", newline="")
    for finding, spot in iter_spots(check(path)):
        if spot.column:
            at = spot.column - 1
            window = line[max(0, at - EXCERPT_CHARACTERS) : at + EXCERPT_CHARACTERS]
            assert f"{spot.before}{spot.marked}{spot.after}" == printable(window)
            assert spot.cut_right is (len(line) > at + EXCERPT_CHARACTERS)
            assert spot.cut_left is (at > EXCERPT_CHARACTERS)
            assert line[at : spot.end_column - 1] == json.dumps(
                finding_value(finding.path, text), ensure_ascii=False
            )


def finding_value(path: str, text: str) -> str:
    return f"{text}!" if path.endswith("role") else text


def test_packed_files_are_read_again(write: Write) -> None:
    path = write(gzip.compress(f"{GOOD}\n{BAD}\n".encode()), "train.jsonl.gz")
    assert [spot.marked for spot in spots_of(path, "E301")] == ['"assistant"']


def test_standard_input_has_no_spots(monkeypatch: pytest.MonkeyPatch, write: Write) -> None:
    # A file that has the name by which standard input goes is not read in its place.
    path = write(f"{BAD}\n")
    stdin = SimpleNamespace(buffer=io.BytesIO(BAD.encode()))
    monkeypatch.setattr("sys.stdin", stdin)
    report = check("-", stdin_filename=str(path))
    assert [(finding.file, spot) for finding, spot in iter_spots(report)] == [(str(path), NOWHERE)]


def test_a_file_that_is_gone_or_shorter_has_no_spots(write: Write) -> None:
    path = write(f"{GOOD}\n{BAD}\n")
    report = check(path)
    path.write_text(f"{GOOD}\n")
    assert [spot for _, spot in iter_spots(report)] == [NOWHERE]
    path.unlink()
    assert [spot for _, spot in iter_spots(report)] == [NOWHERE]


def test_long_lines_are_not_searched(monkeypatch: pytest.MonkeyPatch, write: Write) -> None:
    monkeypatch.setattr(room, "MAX_SEARCHED_BYTES", len(BAD) - 1)
    (spot,) = spots_of(write(BAD), "E301")
    assert spot == Spot(digest=spot.digest)
    assert spot.digest


def test_a_file_named_twice_loses_no_finding(write: Write) -> None:
    path = write(f"{BAD}\n{GOOD}\n")
    report = check([path, path], select="E")
    assert [finding for finding, _ in iter_spots(report)] == list(report.findings)


def test_files_are_read_once_and_only_as_far_as_needed(monkeypatch: pytest.MonkeyPatch, write: Write) -> None:
    path = write(f"{BAD}\n" * 3 + f"{GOOD}\n" * 20_000)
    report = check(path, select="E")
    read: list[int] = []
    monkeypatch.setattr(room, "iter_blocks", lambda shard, stream: _watched(shard, stream, read))
    assert len(list(iter_spots(report))) == 3
    assert len(read) == 1


def _watched(shard: object, stream: object, read: list[int]) -> object:
    from tunestats.lines import iter_blocks

    for block in iter_blocks(shard, stream):  # type: ignore[arg-type]
        read.append(block.end)
        yield block
