"""Examples that may repeat others are read again, and nothing else is."""

import gzip
import io
import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tunestats import check
from tunestats.engines import second_look, shard
from tunestats.fingerprints import TAIL_CHARACTERS, fingerprint, transcript
from tunestats.formats import FORMATS

Write = Callable[..., Path]
CALL = {"functionCall": {"name": "now", "args": {}}}
BOM = "\ufeff"


def line(asked: str, answer: Any, **rest: Any) -> str:
    part = answer if isinstance(answer, dict) else {"text": answer}
    turns = [{"role": "user", "parts": [{"text": asked}]}, {"role": "model", "parts": [part]}]
    return json.dumps({"contents": turns, **rest}, ensure_ascii=False)


def codes(path: Path, **options: Any) -> list[tuple[int, str]]:
    report = check(path, select=["W601", "W602", "W603"], max_findings=0, **options)
    return [(finding.line, finding.code) for finding in report.findings]


def oracle(lines: Sequence[str]) -> list[tuple[int, str]]:
    """Return what repeats an earlier line, by comparing every line with all before it."""
    prints = [fingerprint(raw.encode(), transcript(FORMATS["sft"].read(json.loads(raw)))) for raw in lines]
    found = []
    for index, own in enumerate(prints):
        for code, start in (("W601", 0), ("W602", 16), ("W603", 32)):
            if any(own[start : start + 16] == other[start : start + 16] for other in prints[:index]):
                found.append((index + 1, code))
                break
    return found


@pytest.fixture
def looked(monkeypatch: pytest.MonkeyPatch) -> list[bytes]:
    """Return the lines that are read a second time."""
    seen: list[bytes] = []
    original = second_look._fingerprints

    def fingerprints(lines: Sequence[bytes], format_name: str) -> bytes:
        seen.extend(lines)
        return original(lines, format_name)

    monkeypatch.setattr(second_look, "_fingerprints", fingerprints)
    return seen


def test_only_what_may_repeat_is_read_again(write: Write, looked: list[bytes]) -> None:
    lines = [line(f"question {number}", "yes") for number in range(100)]
    lines[70:70] = [line("Question 5", "no"), line("question  5", CALL)]
    assert codes(write("\n".join(lines))) == [(71, "W603"), (72, "W603")]
    assert looked == [raw.encode() for raw in (lines[5], lines[70], lines[71])]


def test_prompts_that_only_look_the_same_are_told_apart(write: Write, looked: list[bytes]) -> None:
    frame = "x" * TAIL_CHARACTERS
    lines = [line(f"{frame} {number} {frame}", "yes") for number in (1, 2, 1)]
    # Another prompt first, so that they are not seen to repeat at once.
    lines = [line(f"another {number}", "yes") for number in range(9)] + lines
    assert codes(write("\n".join(lines))) == [(12, "W601")]
    assert len(looked) == 3


def test_what_repeats_often_is_not_read_again(write: Write, looked: list[bytes]) -> None:
    lines = [line("the same", f"answer {number}") for number in range(50)]
    lines[20] = line("the same", CALL)
    assert codes(write("\n".join(lines))) == [(number, "W603") for number in range(2, 51)]
    assert looked == []


@pytest.mark.parametrize("suffix", [".gz", "-"], ids=["gzip", "standard input"])
def test_what_cannot_be_read_again_is_fingerprinted_at_once(
    write: Write, looked: list[bytes], suffix: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    lines = [line(f"question {number % 30}", "yes") for number in range(40)]
    data = "\n".join(lines).encode()
    path = write(data if suffix == "-" else gzip.compress(data), "train.jsonl" + suffix)
    if suffix == "-":
        monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(data)))
        path = Path("-")
    assert codes(path) == [(number, "W601") for number in range(31, 41)]
    assert looked == []


def test_lines_are_found_behind_a_mark_and_carriage_returns(write: Write) -> None:
    lines = [line("a", "b"), line("c", "d"), "", line("A", "B"), line("C", "e")]
    assert codes(write((BOM + "\r\n".join(lines)).encode())) == [(4, "W602"), (5, "W603")]


TEXTS = st.sampled_from(["a", "A ", "b\u2003", "x" * 60 + "a", "X" * 60 + " a", "a\n" + "x" * 60, "ä", ""])
LINES = st.lists(
    st.builds(line, TEXTS, TEXTS | st.just(CALL)) | st.builds(line, TEXTS, TEXTS, tools=st.just([])),
    max_size=12,
)


@settings(deadline=None)
@given(LINES, st.booleans())
def test_found_is_what_a_slow_comparison_finds(
    tmp_path_factory: pytest.TempPathFactory,
    lines: list[str],
    at_once: bool,  # noqa: FBT001
) -> None:
    path = tmp_path_factory.mktemp("repeats") / "train.jsonl"
    path.write_text("\n".join([line("first", "x"), *lines]), encoding="utf-8")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(shard, "_repeat_often", lambda _: at_once)
        found = codes(path)
    dropped = {finding.line for finding in check(path, max_findings=0).findings if finding.code[0] == "E"}
    if not dropped:
        assert found == oracle([line("first", "x"), *lines])
