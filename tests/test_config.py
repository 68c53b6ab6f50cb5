"""Tests of ``config``: where the file is found, what it may say, and that the command line counts more."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tunestats import SettingsError
from tunestats.config import KEYS, find_configuration, merge_options, read_configuration
from tunestats.rules import RULES
from tunestats.settings import Settings

Write = Callable[..., Path]


def toml(folder: Path, text: str, name: str = "tunestats.toml") -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / name
    path.write_bytes(text.encode("utf-8", "surrogateescape"))
    return path


def test_the_nearest_file_counts(tmp_path: Path) -> None:
    toml(tmp_path, 'select = ["E"]')
    toml(tmp_path / "a" / "b", "[tool.other]\nx = 1", "pyproject.toml")
    (tmp_path / "a" / "b" / "c").mkdir()
    assert find_configuration(tmp_path / "a" / "b" / "c").path == tmp_path / "tunestats.toml"
    toml(tmp_path / "a", '[tool.tunestats]\nselect = ["W"]', "pyproject.toml")
    found = find_configuration(tmp_path / "a" / "b" / "c")
    assert found.path == tmp_path / "a" / "pyproject.toml"
    assert found.options == {"select": ["W"]}
    toml(tmp_path / "a", "")
    assert find_configuration(tmp_path / "a").path == tmp_path / "a" / "tunestats.toml"


@pytest.mark.parametrize("name", ["tunestats.toml", "pyproject.toml"])
@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("selct = ['E']", "`selct` is not a setting; did you mean `select`?"),
        ("max_findings = 3", "`max_findings` is not a setting; did you mean `max-findings`?"),
        ("colour = true", "there are format, model"),
        ("max-findings = '3'", "`max-findings` is '3'; expected a whole number"),
        ("max-findings = true", "`max-findings` is True; expected a whole number"),
        ("max-findings = -3", "`max-findings`: max_findings is -3"),
        ("select = 'E'", "expected a list"),
        ("select = ['E31O']", "`select`: `E31O` is not a rule; did you mean `E301`?"),
        ("severity = {E301 = 'eror'}", "`severity`: `eror` is not a severity"),
        ("per-file-ignores = {'*.jsonl' = ['E9']}", "`per-file-ignores`: `E9` is not a rule"),
        ("per-file-ignores = {'*.jsonl' = 5}", "expected a list of codes"),
        ("output-format = 'sarf'", "`sarf` is not a format; did you mean `sarif`?"),
        ("format = 'csv'", "`csv` is not a format"),
        ("model = 'gemini-2.5-flsh'", "Did you mean `gemini-2.5-flash`?"),
        ("fail-on = 'never'", "expected one of error, warning, info"),
        ("x = ", "is not TOML"),
        ("\udcff = 1", "is not TOML"),
    ],
    ids=range(17),
)
def test_what_makes_no_sense_is_named_with_its_file(name: str, text: str, said: str, tmp_path: Path) -> None:
    path = toml(tmp_path, text if name == "tunestats.toml" else f"[tool.tunestats]\n{text}", name)
    with pytest.raises(SettingsError) as error:
        find_configuration(tmp_path)
    assert str(error.value).startswith(str(path))
    assert said in str(error.value)


@pytest.mark.parametrize("text", ["tool = 3", "[tool]\ntunestats = 3"])
def test_tables_have_to_be_tables(text: str, tmp_path: Path) -> None:
    if "[tool]" in text:
        with pytest.raises(SettingsError, match=r"\[tool.tunestats\]: is not a table"):
            read_configuration(toml(tmp_path, text, "pyproject.toml"))
    else:
        with pytest.raises(SettingsError, match="`tool` is not a table"):
            find_configuration(toml(tmp_path, text, "pyproject.toml").parent)


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r"nowhere\.toml: no such file"):
        read_configuration(tmp_path / "nowhere.toml")
    with pytest.raises(SettingsError, match="cannot be read"):
        read_configuration(tmp_path)


def test_paths_begin_at_the_folder_of_the_file(tmp_path: Path) -> None:
    folder = tmp_path / "a [b]"
    text = "baseline = 'x.json'\ntokenizer = 'own.model'\n[per-file-ignores]\n'old/*' = ['E301']\n'*.jsonl' = ['W']\n"
    path = toml(folder, text)
    assert read_configuration(path).options["tokenizer"] == "own.model"
    (folder / "own.model").touch()
    options = read_configuration(path).options
    assert options["baseline"] == str(folder / "x.json")
    assert options["tokenizer"] == str(folder / "own.model")
    settings = Settings(per_file_ignores=options["per_file_ignores"])
    assert "E301" in settings.hidden_codes(str(folder / "old" / "a.json"))
    assert "E301" not in settings.hidden_codes(str(tmp_path / "old" / "a.json"))
    assert "W101" in settings.hidden_codes("/elsewhere/a.jsonl")


def test_every_setting_is_an_option_of_the_library_or_the_command() -> None:
    names = {key.replace("-", "_") for key in KEYS}
    assert names - set(Settings.__dataclass_fields__) == {"output_format", "baseline"}


def chosen(file: dict[str, Any], given: dict[str, Any]) -> frozenset[str]:
    options = merge_options(file, given)
    assert not {"ignore", "extend_select"} & options.keys()
    return Settings(**options).shown_codes


@pytest.mark.parametrize(
    ("file", "given", "expected"),
    [
        ({}, {}, "E101 W101 W102"),
        ({"select": ["W1"]}, {}, "W101 W102"),
        ({"select": ["W1"]}, {"select": "E1"}, "E101"),
        ({"select": ["W1"]}, {"extend_select": "E101"}, "E101 W101 W102"),
        ({"ignore": ["W1"]}, {"extend_select": "W1"}, "E101 W101 W102"),
        ({"ignore": ["W101"]}, {"extend_select": "W"}, "E101 W101 W102"),
        ({"ignore": ["W101"]}, {"select": "W"}, "W101 W102"),
        ({"extend_select": ["W101"]}, {"ignore": "W"}, "E101"),
        ({"select": []}, {}, ""),
    ],
    ids=str,
)
def test_the_command_line_counts_more(file: dict[str, Any], given: dict[str, Any], expected: str) -> None:
    assert " ".join(code for code in ("E101", "W101", "W102") if code in chosen(file, given)) == expected


def test_severities_are_put_together() -> None:
    merged = merge_options(
        {"severity": {"W301": "info", "E": "warning"}, "max_findings": 3},
        {"severity": {"W": "error"}, "model": "m"},
    )
    assert (merged["max_findings"], merged["model"]) == (3, "m")
    severities = Settings(severity=merged["severity"]).severities
    assert {severities[code] for code in RULES if code.startswith("W")} == {"error"}
    assert {severities[code] for code in RULES if code.startswith("E")} == {"warning"}
