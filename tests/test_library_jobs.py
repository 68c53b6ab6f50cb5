"""Tests of ``library_jobs`` and ``cli``: a request and its data in one answer."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result

import tunestats

GOOD = '{"contents":[{"role":"user","parts":[{"text":"Hi %d"}]},{"role":"model","parts":[{"text":"Hello"}]}]}'
BAD = GOOD.replace('"model"', '"assistant"')
TRAIN, VALIDATION = "gs://bucket/train.jsonl", "gs://bucket/v.jsonl"
Write = Callable[..., Path]
Run = Callable[..., Result]


def request(**spec: Any) -> dict[str, Any]:
    return {"baseModel": "gemini-2.5-flash", "supervisedTuningSpec": {"trainingDatasetUri": TRAIN, **spec}}


def lines(count: int, text: str = GOOD) -> str:
    return "".join(text % number + "\n" for number in range(count))


def test_one_report_of_the_request_and_its_data(write: Write) -> None:
    body = write(json.dumps(request(validationDatasetUri=VALIDATION, epochs=3), indent=1), "request.json")
    train, validation = write(lines(3)), write(lines(2, BAD), "v.jsonl")
    outcome = tunestats.check_job(body, data={TRAIN: train, VALIDATION: validation})
    assert [(Path(finding.file).name, finding.line, finding.code) for finding in outcome.findings] == [
        ("request.json", 6, "E705"),
        ("v.jsonl", 1, "E301"),
        ("v.jsonl", 2, "E301"),
    ]
    assert [(Path(file.name).name, file.format) for file in outcome.report.files] == [
        ("request.json", "job"),
        ("train.jsonl", "sft"),
        ("v.jsonl", "sft"),
    ]
    assert outcome.report.counts == {"E301": 2, "E705": 1}
    assert outcome.exit_code == 1
    with pytest.raises(tunestats.JobRefusedError, match=r"E705 supervisedTuningSpec\.epochs"):
        outcome.raise_for_errors()
    tunestats.check_job(request(), data={TRAIN: train}).raise_for_errors()


def test_many_errors_are_not_all_in_the_exception(write: Write) -> None:
    outcome = tunestats.check_job(request(), data={TRAIN: write(lines(50, BAD))}, max_findings=20)
    with pytest.raises(tunestats.JobRefusedError, match="and 40 more"):
        outcome.raise_for_errors()


def test_data_are_checked_as_what_the_request_says(write: Write) -> None:
    body = {"baseModel": "gemini-2.5-flash", "preferenceOptimizationSpec": {"trainingDatasetUri": TRAIN}}
    outcome = tunestats.check_job(body, data={TRAIN: write(lines(1))})
    assert [finding.code for finding in outcome.findings] == ["E210"]


def test_the_model_of_the_request_decides_the_limits(write: Write) -> None:
    path = write(lines(1, GOOD.replace("Hi", "word " * 40_000)))
    assert tunestats.check_job(request(), data={TRAIN: path}).exit_code == 0
    with pytest.raises(tunestats.VocabularyError, match="gemma2"):
        tunestats.check_job({**request(), "baseModel": "gemini-1.5-pro-002"}, data={TRAIN: path})
    body = {**request(), "baseModel": "publishers/google/models/gemini-1.5-pro-002"}
    outcome = tunestats.check_job(body, data={TRAIN: path}, tokenizer="gemma3")
    # That the model is retired is said of the request, not of the data too.
    assert [finding.code for finding in outcome.findings] == ["E716", "E601"]


@pytest.mark.parametrize(("count", "codes"), [(1_000, []), (1_001, ["E608"])])
def test_validation_size(count: int, codes: list[str], write: Write) -> None:
    data = {TRAIN: write(lines(3)), VALIDATION: write(lines(count, GOOD.replace("Hi", "Ho")), "v.jsonl")}
    outcome = tunestats.check_job(request(validationDatasetUri=VALIDATION), data=data)
    assert [finding.code for finding in outcome.findings] == codes


def test_validation_data_that_are_trained_on(write: Write) -> None:
    data = {TRAIN: write(lines(3)), VALIDATION: write(lines(1), "v.jsonl")}
    outcome = tunestats.check_job(request(validationDatasetUri=VALIDATION), data=data)
    assert [(Path(item.file).name, item.line, item.code) for item in outcome.findings] == [
        ("v.jsonl", 1, "W606")
    ]


def test_one_file_for_both_is_checked_once(write: Write) -> None:
    outcome = tunestats.check_job(request(validationDatasetUri=TRAIN), data={TRAIN: write(lines(1, BAD))})
    assert [finding.code for finding in outcome.findings] == ["W704", "E301"]


def test_the_job_with_its_statistics(write: Write) -> None:
    path = write(lines(3))
    outcome = tunestats.check_job({**request(), "tuningDataStats": {}}, data={TRAIN: path}, statistics=True)
    stats = tunestats.stats(path).to_api()
    assert outcome.to_api() == {**request(), "tuningDataStats": stats}
    assert json.loads(outcome.to_json()) == outcome.to_api()
    with pytest.raises(tunestats.SettingsError, match="statistics=True"):
        tunestats.check_job(request(), data={TRAIN: path}).to_api()


def test_what_was_not_checked_is_said(write: Write) -> None:
    assert tunestats.check_job(request(validationDatasetUri=VALIDATION)).unchecked == (TRAIN, VALIDATION)
    data = {TRAIN: write(lines(1))}
    assert tunestats.check_job(request(validationDatasetUri=VALIDATION), data=data).unchecked == (VALIDATION,)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ({}, "there is no request"),
        ({"body": request(), "base_model": "m"}, "says everything itself"),
        ({"body": {"epoch_count": 1}, "config": {}}, "says everything itself"),
        ({"body": request(), "data": {"gs://bucket/a.jsonl": "x"}}, "is not a data set of the request"),
        ({"body": request(), "modle": "x"}, "`modle` is not an option"),
    ],
    ids=["nothing", "both", "two configs", "unknown data", "unknown option"],
)
def test_arguments_that_make_no_sense(arguments: dict[str, Any], said: str) -> None:
    with pytest.raises(tunestats.SettingsError, match=said):
        tunestats.check_job(**arguments)


def test_a_request_that_is_not_json_is_a_finding_even_with_data(write: Write) -> None:
    outcome = tunestats.check_job(write("{", "request.json"), data={TRAIN: write(lines(1))})
    assert [finding.code for finding in outcome.findings] == ["E701"]


@pytest.mark.parametrize(
    ("body", "code"), [(request(), 0), (request(hyperParameters={"epochCount": "x"}), 1)], ids=["good", "bad"]
)
def test_job_command(body: dict[str, Any], code: int, run: Run, write: Write) -> None:
    path = str(write(json.dumps(body), "request.json"))
    result = run("job", path)
    assert result.exit_code == code
    assert f"{path}: request to create a tuning job" in result.stdout
    assert f"{TRAIN} was not checked; --data {TRAIN}=PATH does" in result.stderr
    data = f"{TRAIN}={write(lines(1))}"
    shown = run("job", path, "--data", data, "--show-job")
    assert "tuningDataStats" in json.loads(shown.stdout)
    assert shown.exit_code == code
    assert run("job", "-", stdin=json.dumps(body)).exit_code == code
    assert json.loads(run("job", path, "--output-format", "json").stdout)["files"][0]["format"] == "job"


@pytest.mark.parametrize("data", ["gs://bucket/train.jsonl", "=x", "gs://a=", f"{TRAIN}=nowhere.jsonl"])
def test_job_command_that_cannot_run(data: str, run: Run, write: Write) -> None:
    result = run("job", str(write(json.dumps(request()), "request.json")), "--data", data)
    assert result.exit_code == 2
    assert "Traceback" not in result.output


def test_data_given_twice(run: Run, write: Write) -> None:
    body = str(write(json.dumps(request()), "request.json"))
    result = run("job", body, "--data", f"{TRAIN}=a", "--data", f"{TRAIN}=b")
    assert (result.exit_code, "is given twice" in result.stderr) == (2, True)


@pytest.fixture(name="run")
def run_fixture(request: pytest.FixtureRequest) -> Run:
    command: Run = request.getfixturevalue("tunestats")
    return command
