"""Tests of ``report_text`` and the verb ``report``: golden files, widths, and what must not reach a terminal."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result

from tests.conftest import ROOT
from tunestats import report
from tunestats.render import REPORTS, View
from tunestats.render.paint import cells

HERE = Path(__file__).parent
SAMPLES = ROOT / "sample_data"
GOOD = '{"contents":[{"role":"user","parts":[{"text":"Hi"}]},{"role":"model","parts":[{"text":"Hello"}]}]}'
Golden = Callable[[Path, str], None]
Run = Callable[..., Result]
Write = Callable[..., Path]


def words(value: Any) -> str:
    return " ".join(value) if isinstance(value, tuple) else ""


def shown(*names: str, color: bool = False, **options: Any) -> str:
    view = {name: options.pop(name) for name in ("width", "ascii_only") if name in options}
    return REPORTS["text"](View(report=report(names, **options).report, color=color, **view))


@pytest.mark.parametrize(
    ("name", "options"),
    [
        ("broken", {}),
        ("broken.color", {"color": True}),
        ("broken.no-content", {"no_content": True}),
        ("broken.200", {"width": 200}),
        ("preference", {}),
        ("sft.ascii", {"ascii_only": True}),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_golden(name: str, options: dict[str, Any], monkeypatch: pytest.MonkeyPatch, golden: Golden) -> None:
    monkeypatch.chdir(SAMPLES)
    text = shown(f"{name.partition('.')[0]}.jsonl", **options)
    golden(HERE / "golden" / f"report.{name}.txt", text)


@pytest.mark.parametrize("width", [40, 80, 120, 200])
def test_no_line_is_wider_than_the_terminal(width: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(SAMPLES)
    names = [path.name for path in sorted(SAMPLES.glob("*.jsonl"))]
    lines = shown(*names, width=width).splitlines()
    assert max(map(cells, lines)) <= max(width, 52)  # the line of a file cannot be broken
    assert lines == [line.rstrip() for line in lines]


def test_a_narrow_terminal_shows_fewer_figures_with_their_names() -> None:
    lines = shown(str(SAMPLES / "sft.jsonl"), width=40).splitlines()
    start = lines.index("Distributions")
    assert [line.split() for line in lines[start + 1 : start + 4]] == [
        ["min", "mean", "max"],
        ["input", "tokens", "20", "22.8", "27"],
        ["output", "tokens", "14", "20", "28"],
    ]


@pytest.mark.parametrize("width", [40, 59, 60, 80])
def test_no_figure_is_cut_off(width: int, write: Write) -> None:
    long = write(GOOD.replace("Hi", "word " * 140_000) + f"\n{GOOD}\n{{\n")
    text = shown(str(long), str(SAMPLES / "broken.jsonl"), width=width)
    assert "140,002" in text
    assert "too-many-tokens" in text


def test_ascii_is_enough() -> None:
    text = shown(str(SAMPLES / "sft.jsonl"), ascii_only=True)
    assert text.isascii()
    assert "####" in text


def test_names_cannot_steer_a_terminal(write: Write) -> None:
    text = shown(str(write(GOOD, "a\x1b[31m\u202eb[red]c.jsonl")))
    assert not any(letter in text for letter in "\x1b\u202e")
    assert r"a\x1b[31m\u202eb[red]c.jsonl" in text


def test_many_files_are_rolled_up(write: Write) -> None:
    names = [str(write(GOOD, f"{number}.jsonl")) for number in range(25)]
    text = shown(*names, width=200)
    assert "… and 5 more files" in text
    assert "examples   25: all kept" in text


def test_what_is_over_the_limit_is_said(write: Write) -> None:
    text = shown(str(write(f"{GOOD}\n{GOOD.replace('Hi', 'word ' * 132_000)}\n")))
    assert "1 example (50%) over the limit of 131,072; a job takes up to 10%" in " ".join(text.split())
    assert "left out" in text.partition("Longest examples")[2]


def test_nothing_to_show_is_said(write: Write) -> None:
    text = shown(str(write("")))
    assert "longest    none: no example could be held against the limit" in text
    assert "Distributions" not in text


def test_what_is_not_exact_is_said(tunestats: Run) -> None:
    text = tunestats("report", "sample_data/images.jsonl", "--tokenizer", "o200k_base").stdout
    if not text:
        pytest.skip("o200k_base is not here")
    assert "not exact  Tokens: all counts are estimates" in text


def test_images_are_estimates(tunestats: Run) -> None:
    assert "(estimated)" in tunestats("report", "sample_data/images.jsonl").stdout


@pytest.mark.parametrize(
    ("options", "code"),
    [((), 1), (("--exit-zero",), 0), (("--ignore", "E"), 0), (("--ignore", "E", "--fail-on", "info"), 1)],
    ids=words,
)
def test_exit_code_is_that_of_check(options: tuple[str, ...], code: int, tunestats: Run) -> None:
    assert tunestats("report", "sample_data/broken.jsonl", *options).exit_code == code
    assert tunestats("check", "sample_data/broken.jsonl", *options).exit_code == code


@pytest.mark.parametrize(
    ("arguments", "is_page"),
    [
        (("--output-file", "{}.html"), True),
        (("--output-file", "{}.txt"), False),
        (("--output-file", "{}.txt", "--output-format", "html"), True),
        (("--output-file", "{}.HTM"), True),
        (("--output-file", "{}.html", "--output-format", "text"), False),
    ],
    ids=words,
)
def test_the_name_of_the_file_says_the_format(
    arguments: tuple[str, ...],
    is_page: bool,  # noqa: FBT001
    tunestats: Run,
    tmp_path: Path,
) -> None:
    target = tmp_path / "made"
    result = tunestats("report", "sample_data/sft.jsonl", *(word.format(target) for word in arguments))
    (made,) = tmp_path.iterdir()
    assert result.stderr == f"tunestats: nothing found; see {made}\n"
    assert made.read_text(encoding="utf-8").startswith("<!DOCTYPE html>") is is_page


def test_a_configured_format_is_one_of_check(tunestats: Run, write: Write) -> None:
    path = write(GOOD.replace('"model"', '"assistant"'))
    write('output-format = "sarif"\nno-content = true\nbaseline = "accepted.json"\n', "tunestats.toml")
    accepted = path.with_name("accepted.json")
    assert tunestats("check", str(path), "--baseline", str(accepted), "--write-baseline").exit_code == 0
    result = tunestats("report", str(path))
    assert (result.exit_code, result.stderr) == (0, "")
    assert "findings   none" in result.stdout
    assert "1: 0 kept, 1 left out (100%)" in result.stdout


def test_standard_input_is_read(tunestats: Run) -> None:
    result = tunestats("report", "-", "--stdin-filename", "piped.jsonl", stdin=GOOD)
    assert result.stdout.startswith("piped.jsonl: sft, 1 example")


def test_the_figures_are_those_of_stats(shared: Path, tunestats: Run) -> None:
    path = str(shared / "data/gsm8k_solutions.pref.jsonl")
    document = json.loads(tunestats("stats", path).stdout)["preferenceOptimizationDataStats"]
    text = tunestats("report", path).stdout
    assert f"tokens     {int(document['totalBillableTokenCount']):,}: " in text
    row = next(line for line in text.splitlines() if line.startswith("output tokens "))
    values = document["userOutputTokenDistribution"]
    names = ("sum", "min", "p5", "median", "mean", "p95", "max")
    assert row.split()[2:] == [f"{round(values[name], 1):,}" for name in names]
