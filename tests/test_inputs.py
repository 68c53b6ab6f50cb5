"""Tests of ``inputs``: what names, patterns and directories mean."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import tunestats
from tunestats.errors import SettingsError, SourceError
from tunestats.inputs import input_name, input_names

GOOD = '{"contents":[{"role":"user","parts":[{"text":"Hi"}]},{"role":"model","parts":[{"text":"Hello"}]}]}\n'
FILES = ("a.jsonl", "b/c.jsonl.gz", "b/d.JSONL", "b/e/f.jsonl.zst", "[g].jsonl", "h.txt")
HIDDEN = (".i.jsonl", ".git/j.jsonl")


@pytest.fixture
def tree(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Make a folder of files and go there."""
    for name in (*FILES, *HIDDEN):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(GOOD, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize(
    ("named", "meant"),
    [
        (["a.jsonl"], "a.jsonl"),
        ("a.jsonl", "a.jsonl"),
        (Path("a.jsonl"), "a.jsonl"),
        (["-", "nowhere.jsonl"], "- nowhere.jsonl"),
        (["gs://bucket/*.jsonl"], "gs://bucket/*.jsonl"),
        (["*.jsonl"], "[g].jsonl a.jsonl"),
        (["**/*.jsonl"], "[g].jsonl a.jsonl"),
        (["[g].jsonl"], "[g].jsonl"),
        (["[ah].*"], "a.jsonl h.txt"),
        (["b"], "b/c.jsonl.gz b/d.JSONL b/e/f.jsonl.zst"),
        (["b/"], "b/c.jsonl.gz b/d.JSONL b/e/f.jsonl.zst"),
        ([Path()], "[g].jsonl a.jsonl b/c.jsonl.gz b/d.JSONL b/e/f.jsonl.zst"),
        (["./b/e"], "b/e/f.jsonl.zst"),
        (["a.jsonl", "*.jsonl", "./a.jsonl"], "a.jsonl [g].jsonl ./a.jsonl"),
        (["b/e", "b"], "b/e/f.jsonl.zst b/c.jsonl.gz b/d.JSONL"),
    ],
    ids=str,
)
@pytest.mark.usefixtures("tree")
def test_what_names_mean(named: Any, meant: str) -> None:
    assert [name.replace("\\", "/") for name in input_names(named)] == meant.split()
    assert input_names(input_names(named)) == input_names(named)


@pytest.mark.parametrize(
    ("named", "said"),
    [
        (["x*.jsonl"], r"x\*\.jsonl: no file matches this pattern"),
        (["?"], r"\?: no file matches this pattern"),
        ([".git/x[a"], "no file matches"),
        (["empty"], r"empty: no \.jsonl, \.jsonl\.gz, \.jsonl\.zst file is in this directory; name files"),
        (["*" + "x" * 5000], "no file matches"),
        (["a\0*"], "no file matches"),
    ],
    ids=["pattern", "a directory matches", "half a bracket", "empty directory", "long", "zero"],
)
def test_what_means_nothing(named: list[str], said: str, tree: Path) -> None:
    (tree / "empty").mkdir()
    with pytest.raises(SourceError, match=said):
        input_names(named)


def test_links_that_go_in_circles_add_nothing(tree: Path) -> None:
    (tree / "b" / "loop").symlink_to(tree)
    (tree / "again.jsonl").symlink_to(tree / "a.jsonl")
    assert input_names("**/a*.jsonl") == ["a.jsonl"]
    assert input_names("**/c.*") == ["b/c.jsonl.gz"]
    assert input_names("b") == ["b/c.jsonl.gz", "b/d.JSONL", "b/e/f.jsonl.zst"]


def test_one_file_may_be_meant_by_a_pattern(tree: Path) -> None:
    assert input_name("a.*") == "a.jsonl"
    assert input_name(tree / "b/e") == str(tree / "b/e/f.jsonl.zst")
    with pytest.raises(
        SettingsError, match=r"b: stands for 3 files \(b/c.* b/d.* b/e/f.*\); name the one to take"
    ):
        input_name("b")


def test_validation_data_are_no_training_data(tree: Path) -> None:
    assert input_names([".", "*.jsonl"], apart="./a.jsonl")[0] == "[g].jsonl"
    (tree / "b" / "c.jsonl.gz").unlink()
    (tree / "b" / "e" / "f.jsonl.zst").unlink()
    for path in (".", "**/*.[jJ]*"):
        report = tunestats.check(path, validation="a.*")
        assert [(file.name, file.is_validation) for file in report.files] == [
            ("[g].jsonl", False),
            (str(Path("b/d.JSONL")), False),
            ("a.jsonl", True),
        ]


REQUEST = {
    "baseModel": "gemini-2.5-flash",
    "supervisedTuningSpec": {"trainingDatasetUri": "gs://bucket/train.jsonl"},
}


@pytest.mark.parametrize(
    "call",
    [
        lambda path: tunestats.check(path).files[0].name,
        lambda path: tunestats.report(path).report.files[0].name,
        lambda path: tunestats.stats(path).report.files[0].name,
        lambda path: tunestats.plan(path, epochs=1).file,
        lambda path: tunestats.compare(path, path).training.name,
        lambda path: tunestats.verify(tunestats.stats(path).to_api(), path).file,
        lambda path: (
            tunestats.check_job(REQUEST, data={"gs://bucket/train.jsonl": path}).report.files[1].name
        ),
    ],
    ids=["check", "report", "stats", "plan", "compare", "verify", "check_job"],
)
@pytest.mark.parametrize("path", ["a.*", "only"], ids=["pattern", "directory"])
def test_every_function_means_the_same(call: Callable[[str], str], path: str, tree: Path) -> None:
    (tree / "only").mkdir()
    (tree / "only" / "a.jsonl").write_text(GOOD, encoding="utf-8")
    assert Path(call(path)).name == "a.jsonl"


@pytest.mark.parametrize(
    "verb",
    [
        ["check"],
        ["report"],
        ["stats"],
        ["plan", "--model", "gemini-2.5-flash", "--epochs", "1"],
        ["compare", "{path}"],
        ["verify", "{job}"],
        ["job", "{request}", "--data"],
    ],
    ids=lambda words: words[0],
)
@pytest.mark.parametrize("path", ["a.*", "only"], ids=["pattern", "directory"])
def test_every_verb_means_the_same(
    verb: list[str], path: str, tunestats: Callable[..., Any], tree: Path
) -> None:
    (tree / "only").mkdir()
    (tree / "only" / "a.jsonl").write_text(GOOD, encoding="utf-8")
    (tree / "job.json").write_text('{"tuningDatasetExampleCount": 1}', encoding="utf-8")
    (tree / "request.json").write_text(json.dumps(REQUEST), encoding="utf-8")
    named = str(tree / path)
    words = [word.format(path=named, job=tree / "job.json", request=tree / "request.json") for word in verb]
    words.append(f"gs://bucket/train.jsonl={named}" if verb[0] == "job" else named)
    result = tunestats(*words)
    assert result.exit_code == (1 if verb[0] == "compare" else 0), result.output
