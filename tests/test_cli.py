"""Tests of ``cli``: exit codes, streams, messages."""

import gzip
import io
import json
import os
import re
import subprocess
import sys
from collections.abc import Callable
from contextlib import nullcontext
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result

from tunestats import __version__, tokenizers
from tunestats.cli import cli, terminal
from tunestats.limits import known_models, model_facts
from tunestats.render import RENDERERS

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
        (["check", "benchmarks"], "benchmarks: no .jsonl, .jsonl.gz, .jsonl.zst file is in this directory"),
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
        (["chek", "x"], "Did you mean 'check'?"),
        (["vocab", "lst"], "Did you mean 'list'?"),
        (["check", "x", "--output-format", "sarf"], "Did you mean 'sarif'?"),
        (["check", "x", "--format", "preferences"], "Did you mean 'preference'?"),
        (["check", "sample_data/sft.jsonl", "--select", "E31O"], "did you mean `E301`?"),
        (["explain", "unkown-role"], "did you mean `unknown-role`?"),
        (["check", "x", "--severity", "E301"], "RULE=SEVERITY"),
        (["check", "sample_data/sft.jsonl", "--severity", "E301=eror"], "`eror` is not a severity"),
        (["check", "sample_data/nothing*.jsonl"], "sample_data/nothing*.jsonl: no file matches"),
        (
            ["stats", "sample_data/*.jsonl"],
            "sample_data/*.jsonl: stands for 6 files (sample_data/broken.jsonl, ",
        ),
        (
            ["plan", "sample_data", "--model", "gemini-2.5-pro", "--epochs", "1"],
            "sample_data: stands for 12 files",
        ),
        (["compare", "sample_data", "sample_data/sft.jsonl"], "sample_data: stands for 12 files"),
        (
            ["check", "sample_data/sft.jsonl", "--validation", "sample_data"],
            "sample_data: stands for 12 files",
        ),
        (["job", "sample_data"], "sample_data: is a directory; name a file"),
        (["check", "sample_data/sft.jsonl", "--write-baseline"], "--write-baseline needs --baseline FILE"),
        (["check", "sample_data/sft.jsonl", "--baseline", "nowhere.json"], "no such baseline"),
        (["check", "-", "--baseline", "x.json", "--write-baseline"], "read twice"),
        (["check", "sample_data/sft.jsonl", "--config", "nowhere.toml"], "nowhere.toml: no such file"),
        (["check", "x.jsonl", "--config", "a.toml", "--isolated"], "leave out --config"),
        (["check", "sample_data/sft.jsonl", "--output-file", "nowhere/x"], "nowhere/x: cannot be written"),
        (
            ["check", "sample_data/sft.jsonl", "--output-format", "junit", "--statistics"],
            "has no format junit",
        ),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_a_run_that_cannot_be_is_2_and_says_why(arguments: list[str], said: str, tunestats: Run) -> None:
    result = tunestats(*arguments, stdin=BAD)
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
    assert "E301 [error] contents[1].role" in result.stderr
    assert "train.jsonl:2:" in result.stderr
    assert "gemma3" in result.stderr
    assert "exact" in result.stderr


@pytest.mark.parametrize("verb", ["check", "stats"])
def test_stdin_and_gzip_give_what_the_file_gives(verb: str, tunestats: Run, write: Write) -> None:
    text = f"{GOOD}\n{BAD}\n"
    concise = ["--output-format", "concise"] if verb == "check" else []
    plain = tunestats(verb, str(write(text)), *concise)
    piped = tunestats(verb, "-", *concise, stdin=text)
    packed = tunestats(verb, str(write(gzip.compress(text.encode()), "train.jsonl.gz")), *concise)
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


@pytest.mark.parametrize("verb", ["", *cli.commands, "vocab list", "vocab build"])
def test_help_has_an_example(verb: str, tunestats: Run) -> None:
    result = tunestats(*verb.split(), "--help")
    assert result.exit_code == 0
    assert f"  tunestats {verb or 'check'}" in result.stdout
    assert max(map(len, result.stdout.splitlines())) <= 80


def test_help_says_what_each_command_is_for(tunestats: Run) -> None:
    said = tunestats("--help").stdout
    listed = {line.split()[0]: line for line in said.splitlines() if re.match("  [a-z]+ +[A-Z]", line)}
    assert listed.keys() == cli.commands.keys()
    assert not any(line.endswith("...") for line in listed.values())
    assert "Exit code: 0 no errors, 1 errors, 2 could not run." in said


def test_vocab_list_tells_exact_from_estimate(tunestats: Run) -> None:
    listed = tunestats("vocab", "list").stdout
    blocks = listed.split("\n\n")
    kinds = dict(block.split("\n")[0].split(" ") for block in blocks)
    assert kinds["gemma3"] == "(exact)"
    assert kinds["o200k_base"] == "(estimate)"
    assert all(re.search(r"\n  sha256   [0-9a-f]{64}\n  (place|missing) ", block) for block in blocks)
    assert max(len(line) for line in listed.splitlines() if "/" not in line) < 80


def test_vocab_build_writes_what_the_package_holds(shared: Path, tmp_path: Path, tunestats: Run) -> None:
    target = tmp_path / "built.xz"
    model = shared / "models/gemma3_cleaned_262144_v2.spiece.model"
    assert tunestats("vocab", "build", str(model), "--target", str(target)).exit_code == 0
    packed = Path(tokenizers.__file__).parent / "data" / "gemma3.vocabulary.xz"
    assert target.read_bytes() == packed.read_bytes()
    assert tunestats("vocab", "build", "README.md", "--target", str(target)).exit_code == 2
    before = packed.stat()
    nowhere = tunestats("vocab", "build", str(model))
    assert (nowhere.exit_code, "Missing option '--target'" in nowhere.stderr) == (2, True)
    assert packed.stat() == before
    locked = tunestats("vocab", "build", str(model), "--target", "/proc/nothing/x.xz")
    assert (locked.exit_code, "x.xz: cannot be written" in locked.stderr) == (2, True)


@pytest.mark.parametrize(
    ("verb", "usual"),
    [
        ("check", "50 in full, github, markdown, else 10,000"),
        ("job", "50 in full, github, markdown, else 10,000"),
        ("report", "50 in text, else 200"),
        ("compare", "10 in text, else 10,000"),
    ],
)
def test_how_many_findings_are_usual(verb: str, usual: str, tunestats: Run) -> None:
    assert f"0 for all. [default: {usual}]" in " ".join(tunestats(verb, "--help").stdout.split())


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


@pytest.mark.parametrize(
    "arguments",
    [
        ["stats"],
        ["report", "--output-format", "html"],
        *(["check", "--output-format", name] for name in RENDERERS if RENDERERS[name].utf8),
    ],
    ids=lambda words: words[-1],
)
def test_what_programs_read_is_utf8_everywhere(arguments: list[str], write: Write) -> None:
    path = str(write(f"{GOOD.replace('Hello', 'ü😀')}\n{BAD.replace('assistant', 'ü😀')}\n"))
    done = command(*arguments, path, environment={"PYTHONIOENCODING": "latin-1"})
    text = done.stdout.decode("utf-8", "strict")
    assert any(sign in text for sign in ("ü😀", json.dumps("ü😀")[1:-1]))
    assert r"\U0001f600" not in text


def on_windows(*arguments: str, environment: dict[str, str]) -> subprocess.CompletedProcess[bytes]:
    """Run the command where our own code, and nothing else, takes the platform for Windows."""
    program = (
        "import sys, click, tunestats.cli\n"
        "sys.argv[0] = 'tunestats'\n"
        "sys.platform = 'win32'\n"
        "tunestats.cli.main()\n"
    )
    usual = {name: value for name, value in os.environ.items() if name != "PYTHONIOENCODING"}
    return subprocess.run(
        [sys.executable, "-c", program, *arguments],
        env={**usual, "LC_ALL": "C", "PYTHONCOERCECLOCALE": "0", "PYTHONUTF8": "0", **environment},
        check=False,
        capture_output=True,
    )


def test_what_is_written_is_utf8_on_windows(write: Write) -> None:
    path = str(write(BAD.replace("assistant", "\u52a9\u624b")))
    assert "`\u52a9\u624b` is not a role".encode() in on_windows("check", path, environment={}).stdout
    asked = on_windows("check", path, environment={"PYTHONIOENCODING": "latin-1"}).stdout
    assert rb"`\u52a9\u624b` is not a role" in asked
    document = on_windows("stats", path, environment={}).stdout
    assert "\u52a9\u624b" in json.dumps(json.loads(document), ensure_ascii=False)


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


def test_patterns_are_expanded_and_names_may_be_any(tunestats: Run, write: Write, tmp_path: Path) -> None:
    (tmp_path / "a b").mkdir()
    for name in ("a b/ü 1.jsonl", "a b/[x].jsonl", "top.jsonl", "other.txt"):
        write(f"{GOOD}\r\n{BAD}\r\n", name)
    named = str(tmp_path / "a b" / "[x].jsonl")
    result = tunestats("check", named, str(tmp_path / "**" / "*.jsonl"), "--output-format", "json-lines")
    assert [json.loads(line)["file"].removeprefix(str(tmp_path)) for line in result.stdout.splitlines()] == [
        "/a b/[x].jsonl",
        "/a b/ü 1.jsonl",
        "/top.jsonl",
    ]


def test_standard_input_may_have_a_name(tunestats: Run, tmp_path: Path) -> None:
    (tmp_path / "tunestats.toml").write_text(
        "[severity]\nE301 = 'warning'\n[per-file-ignores]\n'ü.*' = ['W102']\n"
    )
    name = str(tmp_path / "ü.jsonl")
    result = tunestats(
        "check", "-", "--stdin-filename", name, "--output-format", "concise", stdin=f"{BAD}\n\n{BAD}"
    )
    assert result.exit_code == 0
    assert [line.partition(" ")[0] for line in result.stdout.splitlines()[:-1]] == [
        f"{name}:1:",
        f"{name}:3:",
    ]


def test_the_file_is_read_and_the_command_line_counts_more(tunestats: Run, write: Write) -> None:
    write(
        'ignore = ["E301"]\nfail-on = "warning"\noutput-format = "concise"\nmax-findings = 1\n',
        "tunestats.toml",
    )
    path = str(write(f"{BAD}\n{ADVISED}\n{ADVISED.replace('1', '2')}\n"))
    from_file = tunestats("check", path)
    assert (from_file.exit_code, from_file.stdout.count("W201 [warning] difficulty")) == (1, 1)
    assert "E301" not in from_file.stdout
    assert "E301" in tunestats("check", path, "--extend-select", "E3").stdout
    assert tunestats("check", path, "--fail-on", "error", "--max-findings", "0").exit_code == 0
    assert tunestats("check", path, "--isolated", "--output-format", "concise").stdout.count("E301") == 1
    assert tunestats("stats", path).exit_code == 1
    assert tunestats("stats", path, "--fail-on", "error").exit_code == 0


def test_show_settings_says_where_each_is_from(tunestats: Run, write: Write) -> None:
    import tomllib

    own = write(
        'ignore = ["W"]\n[severity]\nE301 = "info"\n[per-file-ignores]\n"*.txt" = ["E"]', "tunestats.toml"
    )
    result = tunestats(
        "check", str(write(BAD)), "--show-settings", "--extend-select", "W102", "--model", "gemini-2.5-pro"
    )
    assert result.exit_code == 0
    assert result.stdout.startswith(f"# configuration file: {own}\n")
    assert 'model = "gemini-2.5-pro"  # command line\n' in result.stdout
    assert "select = [  # file and command line\n" in result.stdout
    assert "[severity]  # file\n" in result.stdout
    said = tomllib.loads(result.stdout)
    assert [code for code in said["select"] if code.startswith("W")] == ["W102"]
    assert (said["severity"], said["per-file-ignores"]) == ({"E301": "info"}, {"*.txt": ["E"]})
    again = write(result.stdout, "again.toml")
    assert (
        tomllib.loads(tunestats("check", str(again), "--config", str(again), "--show-settings").stdout)
        == said
    )


@pytest.mark.parametrize(("flag", "code"), [((), 1), (("--exit-zero",), 0)], ids=["default", "exit zero"])
def test_an_output_file_is_written_whole(
    flag: tuple[str, ...], code: int, tunestats: Run, write: Write, tmp_path: Path
) -> None:
    target = tmp_path / "out" / "findings.json"
    target.parent.mkdir()
    result = tunestats(
        "check", str(write(BAD)), "--output-format", "json", "--output-file", str(target), *flag
    )
    assert (result.exit_code, result.stdout) == (code, "")
    assert result.stderr == f"tunestats: found 1 error; see {target}\n"
    assert json.loads(target.read_text())["summary"]["errors"] == 1
    assert [path.name for path in target.parent.iterdir()] == ["findings.json"]


@pytest.mark.parametrize(
    "arguments",
    [
        ["check", "{path}", "--output-file", "{path}"],
        ["check", "{path}", "--output-file", "{link}"],
        ["check", "{folder}", "--output-file", "{link}"],
        ["check", "sample_data/sft.jsonl", "--validation", "{path}", "--output-file", "{path}"],
        ["check", "sample_data/sft.jsonl", "--baseline", "{path}", "--output-file", "{path}"],
        ["check", "{path}", "--baseline", "{link}", "--write-baseline"],
        ["report", "{path}", "--output-file", "{path}"],
        ["stats", "{path}", "--per-example", "{path}"],
        ["vocab", "build", "{path}", "--target", "{link}"],
    ],
    ids=" ".join,
)
def test_what_is_read_is_not_overwritten(
    arguments: list[str], tunestats: Run, write: Write, tmp_path: Path
) -> None:
    path, link = write(GOOD), tmp_path / "link"
    link.symlink_to(path)
    names = {"path": str(path), "link": str(link), "folder": str(tmp_path)}
    result = tunestats(*(argument.format(**names) for argument in arguments))
    assert result.exit_code == 2
    assert "is read, and would be overwritten; name another file" in result.stderr
    assert path.read_text() == GOOD


@pytest.mark.parametrize(
    "arguments",
    [
        ["check", "{path}", "--max-findings", "0"],
        ["check", "{path}", "--output-format", "json"],
        ["report", "{path}", "--output-format", "html"],
        ["rules", "--output-format", "markdown"],
    ],
    ids=" ".join,
)
def test_a_reader_may_leave(arguments: list[str], write: Write) -> None:
    path = str(write(f"{GOOD}\n" * 3000))
    words = [argument.format(path=path) for argument in arguments]
    with subprocess.Popen(
        [sys.executable, "-m", "tunestats", *words], stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as running:
        assert running.stdout is not None
        assert running.stderr is not None
        running.stdout.close()
        assert running.stderr.read() == b""
    assert running.returncode == 2


def test_an_output_file_that_cannot_be_finished_stays_what_it_was(
    tunestats: Run, write: Write, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = tmp_path / "out" / "findings.txt"
    target.parent.mkdir()
    target.write_text("before")

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    result = tunestats("check", str(write(BAD)), "--output-file", str(target))
    assert result.exit_code == 2
    assert "findings.txt: cannot be written (No space left on device)" in result.stderr
    assert target.read_text() == "before"
    assert [path.name for path in target.parent.iterdir()] == ["findings.txt"]


def test_a_link_stays_a_link_and_a_device_a_device(tunestats: Run, write: Write, tmp_path: Path) -> None:
    target, link = tmp_path / "real.txt", tmp_path / "link.txt"
    link.symlink_to(target)
    assert tunestats("check", str(write(BAD)), "--output-file", str(link)).exit_code == 1
    assert link.is_symlink()
    assert "E301" in target.read_text()
    assert tunestats("check", str(write(BAD)), "--output-file", os.devnull).exit_code == 1
    assert not Path(os.devnull).is_file()


def test_a_baseline_is_written_and_used(tunestats: Run, write: Write, tmp_path: Path) -> None:
    baseline = str(tmp_path / "accepted.json")
    path = str(write(f"{BAD}\n"))
    written = tunestats("check", path, "--baseline", baseline, "--write-baseline", "--no-content")
    assert (written.exit_code, written.stderr) == (0, f"tunestats: 1 finding accepted in {baseline}\n")
    same = tunestats("check", path, "--baseline", baseline)
    assert same.exit_code == 0
    assert "Nothing new found. 1 finding accepted by the baseline." in same.stdout
    write(f"{GOOD}\n{BAD}\n{BAD.replace('Hi', 'Ho')}\n")
    worse = tunestats("check", path, "--baseline", baseline)
    assert worse.exit_code == 1
    assert "train.jsonl:3:" in worse.stdout
    assert "train.jsonl:2:" not in worse.stdout


def test_a_pipe_that_nobody_reads_is_an_invalid_argument_on_windows(
    tunestats: Run, monkeypatch: pytest.MonkeyPatch, write: Write
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise OSError(22, "Invalid argument")

    path = str(write(GOOD))
    monkeypatch.setattr("tunestats.cli.check._show", refuse)
    monkeypatch.setattr("tunestats.cli._close_quietly", lambda: None)
    for platform, said in (("linux", "the output cannot be written (Invalid argument)"), ("win32", "")):
        monkeypatch.setattr(sys, "platform", platform)
        result = tunestats("check", path)
        assert (result.exit_code, said in result.stderr, bool(result.stderr)) == (2, True, bool(said))


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_shells_can_complete(shell: str) -> None:
    done = command(environment={"_TUNESTATS_COMPLETE": f"{shell}_source"})
    assert done.returncode == 0
    assert b"tunestats" in done.stdout


@pytest.mark.parametrize(
    ("words", "completed"),
    [
        ("tunestats explain E30", "E301"),
        ("tunestats check --output-format sar", "sarif"),
        ("tunestats check --select W60", "W601"),
        ("tunestats stats --model gemini-2.5-fl", "gemini-2.5-flash"),
        ("tunestats plan --model gemini-2.5-fl", "gemini-2.5-flash"),
        ("tunestats stats --tokenizer gem", "gemma3"),
        ("tunestats che", "check"),
    ],
    ids=str,
)
def test_what_is_completed(words: str, completed: str) -> None:
    count = str(len(words.split()) - 1)
    environment = {"_TUNESTATS_COMPLETE": "bash_complete", "COMP_WORDS": words, "COMP_CWORD": count}
    assert f"plain,{completed}" in command(environment=environment).stdout.decode().splitlines()


@pytest.mark.parametrize(
    "words",
    [
        *(
            f"tunestats {verb} sam"
            for verb in ("check", "report", "stats", "job", "plan", "compare", "verify")
        ),
        "tunestats check a.jsonl sam",
        "tunestats verify job.json sam",
        "tunestats compare a.jsonl sam",
        "tunestats check --validation sam",
        "tunestats check --tokenizer sam",
        "tunestats check --output-file sam",
    ],
)
def test_names_of_files_are_completed(words: str) -> None:
    count = str(len(words.split()) - 1)
    environment = {"_TUNESTATS_COMPLETE": "bash_complete", "COMP_WORDS": words, "COMP_CWORD": count}
    assert command(environment=environment).stdout.decode().splitlines() == ["file,sam"]


@pytest.mark.parametrize("variable", ["GITHUB_WORKSPACE", "CI_PROJECT_DIR"])
def test_paths_begin_where_the_job_does(
    variable: str, tunestats: Run, write: Write, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(variable, str(tmp_path.parent))
    (tmp_path / "data").mkdir()
    path = str(write(BAD, "data/train.jsonl"))
    assert (
        f",file={tmp_path.name}/data/train.jsonl,"
        in tunestats("check", path, "--output-format", "github").stdout
    )


def test_findings_beside_statistics_may_hide_the_data(tunestats: Run, write: Write) -> None:
    path = str(write(f"{GOOD}\n{BAD.replace('assistant', 'Zqx')}\n"))
    assert "Zqx" in tunestats("stats", path).stderr
    hidden = tunestats("stats", path, "--no-content")
    assert "E301" in hidden.stderr
    assert "Zqx" not in hidden.output
    assert "Hello" not in hidden.output
    document = json.loads(hidden.stdout)["supervisedTuningDataStats"]
    assert document["truncatedExampleIndices"] == ["2"]
    assert document["droppedExampleReasons"] == [
        "contents[1].role: `role` is not one the service accepts (E301 unknown-role)"
    ]
    seen = json.loads(tunestats("stats", path).stdout)["supervisedTuningDataStats"]
    assert document.keys() == seen.keys() - {"userDatasetExamples"}
    assert all(
        document[key] == seen[key] for key in document if "Distribution" in key or key.endswith("Count")
    )


class Terminal(io.StringIO):
    """What stands in for standard error."""

    def isatty(self) -> bool:
        """Say that this is a terminal."""
        return True


@pytest.mark.parametrize(
    ("stream", "quiet", "shown"),
    [(Terminal, False, True), (Terminal, True, False), (io.StringIO, False, False)],
    ids=["terminal", "quiet", "no terminal"],
)
def test_only_who_looks_is_shown_a_bar(
    monkeypatch: pytest.MonkeyPatch,
    stream: type[io.StringIO],
    quiet: bool,  # noqa: FBT001
    shown: bool,  # noqa: FBT001
) -> None:
    monkeypatch.setattr(sys, "stderr", stream())
    with terminal.show_progress(("-",), quiet=quiet) as show:
        assert (show is not None) is shown


@pytest.mark.parametrize(
    ("names", "total"),
    [(["a.jsonl", "b.jsonl"], 8), (["a.jsonl", "-"], None), (["c.jsonl.gz"], None), (["none.jsonl"], None)],
    ids=["files", "pipe", "gzip", "missing"],
)
def test_a_bar_ends_where_the_files_do(
    monkeypatch: pytest.MonkeyPatch, write: Write, names: list[str], total: int | None
) -> None:
    for name in ("a.jsonl", "b.jsonl", "c.jsonl.gz"):
        monkeypatch.chdir(write("abcd", name).parent)
    monkeypatch.setattr(sys, "stderr", Terminal())
    monkeypatch.setattr(terminal, "progress_bar", lambda _, total: nullcontext(total))
    with terminal.show_progress(tuple(names), quiet=False) as given:
        assert given == total  # type: ignore[comparison-overlap]


@pytest.mark.parametrize("verb", ["check", "stats"])
def test_quiet_is_an_option(verb: str, tunestats: Run, write: Write) -> None:
    path = str(write(ADVISED))
    assert tunestats(verb, path, "--quiet").output == tunestats(verb, path).output
