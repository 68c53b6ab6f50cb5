"""Run what the README and the pages of docs show: their examples are golden files."""

import json
import re
import shlex
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import yaml
from click.testing import Result

import tunestats as tunestats_package
from tests.conftest import ROOT
from tunestats.cli import cli
from tunestats.cli.check import check_command
from tunestats.config import KEYS, read_configuration
from tunestats.render import RENDERERS

PAGES = (ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md")))
LINK = re.compile(r"\]\((?!https?:)([^)#]*)#?([^)]*)\)")
EXAMPLE = re.compile(r"<!-- example -->\n```console\n\$ (?P<command>.*)\n(?P<output>(?:.*\n)*?)```\n")


def text_of(*pages: Path) -> str:
    return "\n".join(page.read_text(encoding="utf-8") for page in pages or PAGES)


def commands(*pages: Path) -> list[str]:
    return [match["command"] for match in EXAMPLE.finditer(text_of(*pages))]


def blocks(language: str) -> list[str]:
    """Return the blocks of a language that no marker stands before."""
    return re.findall(rf"(?<!-->\n)```{language}\n(.*?)```", text_of(), re.DOTALL)


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
    assert len(commands(PAGES[0])) >= 4
    assert len(PAGES) >= 6


@pytest.mark.parametrize(
    ("page", "command"),
    [(page, command) for page in PAGES for command in commands(page)],
    ids=lambda value: value.name if isinstance(value, Path) else value,
)
def test_example_is_true(
    page: Path,
    command: str,
    tunestats: Callable[..., Result],
    request: pytest.FixtureRequest,
    tmp_path: Path,
) -> None:
    output = run(command, tunestats, tmp_path)
    text = text_of(page)
    if request.config.getoption("--update-golden"):
        text = EXAMPLE.sub(
            lambda match: match[0] if match["command"] != command else shown(command, output), text
        )
        page.write_text(text, encoding="utf-8", newline="\n")
    assert shown(command, output) in text


def shown(command: str, output: str) -> str:
    return f"<!-- example -->\n```console\n$ {command}\n{output}```\n"


def test_library_example_runs(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.chdir(ROOT)
    first, more = blocks("python")
    namespace: dict[str, Any] = {}
    exec(first, namespace)  # noqa: S102  our own README
    assert "2 E301 contents[1].role" in capsys.readouterr().out
    assert namespace["frame"].height == 5
    exec(more, namespace)  # noqa: S102
    assert capsys.readouterr().out == "642 0.00321\n"
    assert any(name.endswith("broken.jsonl") for name in namespace["broken"])
    assert not any(name.endswith("sft.jsonl") for name in namespace["broken"])


def test_sdk_example_raises_before_the_call(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    types = pytest.importorskip("google.genai.types")
    monkeypatch.chdir(tmp_path)
    sample = (ROOT / "sample_data/sft.jsonl").read_text(encoding="utf-8")
    (code,) = re.findall(r"<!-- sdk -->\n```python\n(.*?)```", text_of(), re.DOTALL)
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
    (text,) = blocks("toml")
    path = tmp_path / "tunestats.toml"
    path.write_text(text, encoding="utf-8")
    assert set(read_configuration(path).options) <= {key.replace("-", "_") for key in KEYS}
    named = text_of(ROOT / "docs" / "configuration.md")
    assert [
        key for key in KEYS if f"`{key}`" not in named and f"{key} = " not in text and f"[{key}]" not in text
    ] == []


def test_yaml_names_what_is_there() -> None:
    for text in blocks("yaml"):
        said = json.dumps(yaml.safe_load(text))
        assert "tunestats" in said
        for line in re.findall(r"tunestats check (.*?)(?: >>|[\"\\])", said):
            options = {word for word in line.split() if word.startswith("--")}
            assert options <= {option for parameter in check_command.params for option in parameter.opts}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_lead_somewhere(page: Path) -> None:
    for name, anchor in LINK.findall(text_of(page)):
        target = page.parent / name if name else page
        assert target.is_file(), name
        titles = re.findall(r"^#+ (.*)$", text_of(target), re.MULTILINE)
        anchors = [re.sub(r"[^\w -]", "", title.lower()).replace(" ", "-") for title in titles]
        assert not anchor or anchor in anchors


def test_exit_codes_of_every_verb_are_on_the_page() -> None:
    said = text_of(ROOT / "docs" / "ci.md")
    verbs = [name for name, verb in cli.commands.items() if "Exit code" in (verb.help or "")]
    assert len(verbs) == 7
    assert [verb for verb in verbs if f"`{verb}`" not in said] == []


def test_every_function_is_on_the_page() -> None:
    said = text_of(ROOT / "docs" / "library.md")
    functions = [name for name in tunestats_package.__all__ if name.islower()]
    assert [name for name in functions if f"`{name}(" not in said] == []
