"""Tests of ``cli``: exit codes, streams, messages."""

import gzip
import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result

from tunestats import __version__, tokenizers
from tunestats.limits import known_models, model_facts

GOOD = '{"contents":[{"role":"user","parts":[{"text":"Hi"}]},{"role":"model","parts":[{"text":"Hello"}]}]}'
BAD = GOOD.replace('"model"', '"assistant"')
ADVISED = GOOD[:-1] + ',"difficulty":1}'
Run = Callable[..., Result]
Write = Callable[..., Path]


@pytest.mark.parametrize(
    ("text", "code"),
    [(GOOD, 0), (ADVISED, 0), (f"{GOOD}\n{GOOD}\n", 0), (BAD, 1), (f"{GOOD}\n{BAD}", 1), ("", 1)],
    ids=["good", "warning", "information", "error", "one error", "empty"],
)
@pytest.mark.parametrize("verb", ["check", "stats"])
def test_exit_code(verb: str, text: str, code: int, tunestats: Run, write: Write) -> None:
    assert tunestats(verb, str(write(text))).exit_code == code


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["check", "nowhere.jsonl"], "nowhere.jsonl: no such file"),
        (["check", "tests"], "tests: is a directory"),
        (["check"], "Usage: tunestats check"),
        (["check", "--max-findigs", "3", "x"], "Did you mean"),
        (
            ["check", "sample_data/sft.jsonl", "--model", "gemini-2.5-flsh"],
            "Did you mean `gemini-2.5-flash`?",
        ),
        (["stats", "sample_data/sft.jsonl", "--tokenizer", "nowhere.model"], "nowhere.model"),
        (["stats", "sample_data/sft.jsonl", "--epochs", "0"], "--epochs"),
        (["explain", "E999"], "`E999` is not a rule"),
        (["check", "-", "-"], "standard input (`-`) is named twice"),
        (["nonsense"], "No such command 'nonsense'"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_a_run_that_cannot_be_is_2_and_says_why(arguments: list[str], said: str, tunestats: Run) -> None:
    result = tunestats(*arguments)
    assert result.exit_code == 2
    assert said in result.stderr
    assert "Traceback" not in result.output


def test_findings_go_to_stdout_and_carry_line_path_and_rule(tunestats: Run, write: Write) -> None:
    path = write(f"{GOOD}\n\n{BAD}\n")
    result = tunestats("check", str(path), "--output-format", "json-lines")
    assert [json.loads(line) for line in result.stdout.splitlines()] == [
        {
            "file": str(path),
            "line": 2,
            "example": None,
            "code": "W102",
            "severity": "warning",
            "path": "",
            "message": "the line is blank",
        },
        {
            "file": str(path),
            "line": 3,
            "example": 2,
            "code": "E301",
            "severity": "error",
            "path": "contents[1].role",
            "message": "`assistant` is not a role; expected `user` or `model`",
        },
    ]
    assert result.stderr == ""


def test_stats_prints_only_the_document_on_stdout(tunestats: Run, write: Write) -> None:
    result = tunestats("stats", str(write(f"{GOOD}\n{BAD}\n")))
    document = json.loads(result.stdout)["supervisedTuningDataStats"]
    assert document["tuningDatasetExampleCount"] == "2"
    assert document["totalTruncatedExampleCount"] == "1"
    assert document["truncatedExampleIndices"] == ["2"]
    assert "E301 unknown-role" in document["droppedExampleReasons"][0]
    assert "train.jsonl:2: E301 contents[1].role" in result.stderr
    assert "gemma3" in result.stderr
    assert "exact" in result.stderr


@pytest.mark.parametrize("verb", ["check", "stats"])
def test_stdin_and_gzip_give_what_the_file_gives(verb: str, tunestats: Run, write: Write) -> None:
    text = f"{GOOD}\n{BAD}\n"
    plain = tunestats(verb, str(write(text)))
    piped = tunestats(verb, "-", stdin=text)
    packed = tunestats(verb, str(write(gzip.compress(text.encode()), "train.jsonl.gz")))
    assert plain.exit_code == piped.exit_code == packed.exit_code == 1
    path = plain.output.split(":")[0] if verb == "check" else ""
    if verb == "stats":
        assert plain.stdout == piped.stdout == packed.stdout
    else:
        assert plain.stdout == piped.stdout.replace("-:", f"{path}:") == packed.stdout.replace(".gz", "")


def test_options_are_those_of_the_library(tunestats: Run, write: Write) -> None:
    result = tunestats("check", str(write(GOOD)), "--format", "preference", "--output-format", "json")
    answer = json.loads(result.stdout)
    assert answer["files"][0]["format"] == "preference"
    assert answer["summary"]["counts"] == {"E210": 1}


def test_max_findings_is_said_on_stderr(tunestats: Run, write: Write) -> None:
    result = tunestats(
        "check", str(write(f"{BAD}\n" * 5)), "--output-format", "json-lines", "--max-findings", "2"
    )
    assert len(result.stdout.splitlines()) == 2
    assert "3 more findings are not shown" in result.stderr


def test_explain_takes_code_or_name(tunestats: Run) -> None:
    assert tunestats("explain", "e301").stdout == tunestats("explain", "unknown-role").stdout
    assert "Bad:" in tunestats("explain", "E301").stdout


def test_models_are_listed_with_source_and_date(tunestats: Run) -> None:
    listed = tunestats("models").stdout
    for name in known_models():
        assert f"{name}\n  tuned by" in listed
        assert model_facts(name).date in listed
    assert max(map(len, listed.splitlines())) < 80
    flash = " ".join(
        listed.partition("gemini-2.5-flash\n")[2].partition("gemini-2.5-flash-lite\n")[0].split()
    )
    assert "supervised, preference" in flash
    assert "131,072 an example, counted with gemma3" in flash


@pytest.mark.parametrize("verb", ["check", "stats", "explain", "rules", "models"])
def test_help_has_an_example(verb: str, tunestats: Run) -> None:
    result = tunestats(verb, "--help")
    assert result.exit_code == 0
    assert f"  tunestats {verb}" in result.stdout


def test_vocab_list_tells_exact_from_estimate(tunestats: Run) -> None:
    rows = [line.split(maxsplit=3) for line in tunestats("vocab", "list").stdout.splitlines()]
    kinds = {name: kind for name, kind, *_ in rows}
    assert kinds["gemma3"] == "exact"
    assert kinds["o200k_base"] == "estimate"
    assert all(len(sha256) == 64 for _, _, sha256, _ in rows)


def test_vocab_build_writes_what_the_package_holds(shared: Path, tmp_path: Path, tunestats: Run) -> None:
    target = tmp_path / "built.xz"
    model = shared / "models/gemma3_cleaned_262144_v2.spiece.model"
    assert tunestats("vocab", "build", str(model), "--target", str(target)).exit_code == 0
    packed = Path(tokenizers.__file__).parent / "data" / "gemma3.vocabulary.xz"
    assert target.read_bytes() == packed.read_bytes()
    assert tunestats("vocab", "build", "README.md", "--target", str(target)).exit_code == 2


def test_version(tunestats: Run) -> None:
    assert tunestats("--version").stdout == f"tunestats, version {__version__}\n"


def test_colours_only_where_they_are_wanted(tunestats: Run, write: Write) -> None:
    path = str(write(BAD))
    assert "\x1b[" not in tunestats("check", path).stdout
    assert "\x1b[" in tunestats("check", path, "--color", "always").stdout


def command(
    *arguments: str, environment: dict[str, str] | None = None, **streams: Any
) -> subprocess.CompletedProcess[bytes]:
    """Run the command in a process of its own, where streams are real."""
    return subprocess.run(
        [sys.executable, "-m", "tunestats", *arguments],
        env={**os.environ, **(environment or {})},
        check=False,
        **{"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "stdin": subprocess.DEVNULL, **streams},
    )


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no /dev/full here")
@pytest.mark.parametrize(
    "arguments", [["rules"], ["check", "{path}"], ["stats", "{path}"], ["--help"]], ids=str
)
def test_a_full_disk_is_2(arguments: list[str], write: Write) -> None:
    path = str(write(BAD))
    with Path("/dev/full").open("wb") as full:
        done = command(*(argument.format(path=path) for argument in arguments), stdout=full)
    assert done.returncode == 2
    assert b"the output cannot be written (No space left on device)" in done.stderr
    assert b"Traceback" not in done.stderr


def test_streams_of_few_characters_get_escapes(write: Write) -> None:
    path = str(write(BAD.replace("assistant", "\u52a9\u624b")))
    done = command("check", path, environment={"PYTHONIOENCODING": "latin-1:strict"})
    assert done.returncode == 1
    assert rb"`\u52a9\u624b` is not a role" in done.stdout


def test_a_file_name_that_is_not_utf8_is_json_all_the_same(write: Write) -> None:
    path = write(BAD, os.fsdecode(b"bad\xff.jsonl"))
    for output_format in ("json", "json-lines"):
        done = command("check", str(path), "--output-format", output_format)
        assert done.returncode == 1
        answer = json.loads(done.stdout.decode("utf-8", "strict"))
        named = answer["files"][0] if output_format == "json" else answer
        assert os.fsencode(named["file"]).endswith(b"bad\xff.jsonl")


def test_the_hint_names_the_gravest_rule(tunestats: Run, write: Write) -> None:
    result = tunestats("check", str(write(f"{ADVISED}\n{BAD}\n")))
    assert "Found 1 error and 1 warning. `tunestats explain E301`" in result.stdout


def test_steps_are_labelled_an_estimate(tunestats: Run, write: Write) -> None:
    result = tunestats("stats", str(write(GOOD)), "--epochs", "10", "--batch-size", "4")
    assert "Steps: about 3 (an estimate" in result.stderr
