"""The benchmarks compare the same examples, and tell a number wherever a peer prints it."""

import json
import sys
from itertools import islice
from pathlib import Path

import pytest

from benchmarks.generate import iter_lines, write_file
from benchmarks.peers import chosen, numbers_in
from benchmarks.rows import COUNTERS
from benchmarks.running import CommandError, run_and_watch
from tunestats import check


def test_chat_is_the_twin_of_sft() -> None:
    for sft_line, chat_line in islice(zip(iter_lines("sft"), iter_lines("chat"), strict=True), 200):
        sft, chat = json.loads(sft_line), json.loads(chat_line)
        turns = [sft["systemInstruction"]] if "systemInstruction" in sft else []
        turns += sft["contents"]
        assert [turn["parts"] for turn in turns] == [[{"text": m["content"]}] for m in chat["messages"]]
        roles = [turn["role"].replace("model", "assistant") for turn in turns]
        assert roles == [message["role"] for message in chat["messages"]]


@pytest.mark.parametrize("kind", ["tools", "media"])
def test_what_is_made_has_no_flaw(tmp_path: Path, kind: str) -> None:
    path = tmp_path / "made.jsonl"
    lines = write_file(path, 100_000, kind)
    report = check(path, ignore=["W6"])
    assert report.examples == lines
    assert not report.findings


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ('{"lines_read": 2630, "blank": 0}', [2630, 0]),
        ("sft, 131,578 examples, 100.0 MB", [131578, 100, 0]),
        ("checked 1,234,567 record(s)", [1234567]),
        ("[1,2]", [1, 2]),
        ("none", []),
    ],
)
def test_numbers_in(text: str, numbers: list[int]) -> None:
    assert numbers_in(text) == numbers


@pytest.mark.parametrize(
    ("words", "names"),
    [
        ([""], [peer.name for peer in COUNTERS]),
        (["o200k", "nobody"], ["tunestats stats", "json + tiktoken o200k"]),
    ],
    ids=["all", "one"],
)
def test_peers_are_chosen_by_name(words: list[str], names: list[str]) -> None:
    assert [peer.name for peer in chosen(COUNTERS, words)] == names


def test_what_a_grandchild_takes_counts() -> None:
    burn = "import time; kept = b'x' * 50_000_000; time.sleep(0.3); print(time.process_time())"
    parent = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {burn!r}], check=True)"
    usage = run_and_watch([sys.executable, "-c", parent])
    assert usage.peak > 50
    assert usage.cpu > float(usage.out)


def test_a_command_that_fails_says_why() -> None:
    with pytest.raises(CommandError, match=r"^no such thing$"):
        run_and_watch([sys.executable, "-c", "import sys; sys.exit('no such thing')"])
