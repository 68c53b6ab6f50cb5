"""Run what the README shows: its examples are golden files."""

import json
import re
import shlex
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import pytest
import yaml
from click.testing import Result

import tunestats as tunestats_package
from tests.conftest import ROOT
from tunestats.cli.check import check_command
from tunestats.config import KEYS, read_configuration
from tunestats.render import RENDERERS

README = ROOT / "README.md"
EXAMPLE = re.compile(r"<!-- example -->\n```console\n\$ (?P<command>.*)\n(?P<output>(?:.*\n)*?)```\n")


def commands() -> list[str]:
    return [match["command"] for match in EXAMPLE.finditer(README.read_text(encoding="utf-8"))]


def run(command: str, tunestats: Callable[..., Result], folder: Path) -> str:
    """Return what a command prints; files that it writes are put into a folder."""
    command = re.sub(r"(--per-example|--output-file) (?=\w)", rf"\1 {folder}/", command)
    words, _, lines = command.partition(" | head -n ")
    words, _, saved = words.partition(" > ")
    words, _, hidden = words.partition(" 2> ")
    result = tunestats(*shlex.split(words)[1:])
    output = result.stderr if saved else result.stdout if hidden else result.output
    output = output.replace(f"{folder}/", "")
    return "".join(output.splitlines(keepends=True)[: int(lines) if lines else None])


def test_there_are_examples() -> None:
    assert len(commands()) >= 4


@pytest.mark.parametrize("command", commands())
def test_example_is_true(
    command: str, tunestats: Callable[..., Result], request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    output = run(command, tunestats, tmp_path)
    text = README.read_text(encoding="utf-8")
    if request.config.getoption("--update-golden"):
        text = EXAMPLE.sub(
            lambda match: match[0] if match["command"] != command else shown(command, output), text
        )
        README.write_text(text, encoding="utf-8", newline="\n")
    assert shown(command, output) in text


def shown(command: str, output: str) -> str:
    return f"<!-- example -->\n```console\n$ {command}\n{output}```\n"


def test_library_example_runs(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.chdir(ROOT)
    (code,) = re.findall(
        r"(?<!<!-- sdk -->\n)```python\n(.*?)```", README.read_text(encoding="utf-8"), re.DOTALL
    )
    namespace: dict[str, object] = {}
    exec(code, namespace)  # noqa: S102  our own README
    assert "2 E301 contents[1].role" in capsys.readouterr().out
    assert getattr(namespace["frame"], "height", 0) == 5


def test_sdk_example_raises_before_the_call(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    types = pytest.importorskip("google.genai.types")
    monkeypatch.chdir(tmp_path)
    sample = (ROOT / "sample_data/sft.jsonl").read_text(encoding="utf-8")
    (code,) = re.findall(r"<!-- sdk -->\n```python\n(.*?)```", README.read_text(encoding="utf-8"), re.DOTALL)
    calls: list[dict[str, object]] = []
    tunings = SimpleNamespace(tune=lambda **arguments: calls.append(arguments))
    names = {"client": SimpleNamespace(tunings=tunings), "types": types, "tunestats": tunestats_package}
    (tmp_path / "train.jsonl").write_text(sample, encoding="utf-8")
    exec(code, {**names, "uri": "gs://bucket/train.jsonl"})  # noqa: S102  our own README
    assert len(calls) == 1
    with pytest.raises(tunestats_package.JobRefusedError, match="GCS object of type JSONL"):
        exec(code, {**names, "uri": "gs://bucket/train.csv"})  # noqa: S102
    (tmp_path / "train.jsonl").write_text(sample.replace('"model"', '"assistant"'), encoding="utf-8")
    with pytest.raises(tunestats_package.JobRefusedError, match="E301"):
        exec(code, {**names, "uri": "gs://bucket/train.jsonl"})  # noqa: S102
    assert len(calls) == 1


def test_every_format_has_a_command() -> None:
    shown = {
        match
        for command in commands()
        if "check" in command
        for match in re.findall(r"--output-format (\S+)", command)
    }
    assert shown == set(RENDERERS) - {"full"}
    assert any("--output-format" not in command for command in commands())


def test_the_configuration_is_one(tmp_path: Path) -> None:
    (text,) = re.findall(r"```toml\n(.*?)```", README.read_text(encoding="utf-8"), re.DOTALL)
    path = tmp_path / "tunestats.toml"
    path.write_text(text, encoding="utf-8")
    assert set(read_configuration(path).options) <= {key.replace("-", "_") for key in KEYS}
    named = README.read_text(encoding="utf-8")
    assert [
        key for key in KEYS if f"`{key}`" not in named and f"{key} = " not in text and f"[{key}]" not in text
    ] == []


def test_yaml_names_what_is_there() -> None:
    for text in re.findall(r"```yaml\n(.*?)```", README.read_text(encoding="utf-8"), re.DOTALL):
        said = json.dumps(yaml.safe_load(text))
        assert "tunestats" in said
        for line in re.findall(r"tunestats check (.*?)(?: >>|[\"\\])", said):
            options = {word for word in line.split() if word.startswith("--")}
            assert options <= {option for parameter in check_command.params for option in parameter.opts}
