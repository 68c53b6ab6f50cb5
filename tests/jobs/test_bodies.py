"""Whatever a job comes in, the JSON is that which would be sent."""

import enum
import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from tunestats import SettingsError, SourceError
from tunestats.findings import Flaws
from tunestats.jobs.bodies import plain, read_body

Write = Callable[..., Path]
BODY = {
    "baseModel": "gemini-2.5-flash",
    "supervisedTuningSpec": {
        "trainingDatasetUri": "gs://bucket/train.jsonl",
        "hyperParameters": {"epochCount": "3", "adapterSize": "ADAPTER_SIZE_FOUR"},
    },
    "labels": {"team_name": "a"},
}


def test_dict_text_bytes_and_file(write: Write) -> None:
    text = json.dumps(BODY, indent=1)
    path = write(text, "request.json")
    for source in (BODY, text, f"  {text}", text.encode(), path, str(path)):
        read = read_body(source)
        assert read.value == BODY
        assert read.flaws == []
    assert read_body(path).lines["labels.team_name"] == 11
    assert (read_body(path).name, read_body(BODY).name) == (str(path), "request")


@pytest.mark.parametrize(
    ("text", "code", "said", "line"),
    [
        ('{\n"a": 1,}', "E701", "at line 2", 2),
        ("", "E701", "at line 1, column 1", 1),
        ('{"a": NaN}', "E701", "line 1", 1),
        (b'{"a": "\xff"}', "E701", "UTF-8", 1),
        ('{"a": 1, "b": {"c": 1, "c": 2}}', "E707", "`c` stands more than once", 1),
        ("[" * 2000, "E701", "", 1),
        ('{"a": "\\ud800"}', "E701", "surrogate", 1),
    ],
    ids=["comma", "empty", "not a number", "not UTF-8", "twice", "deep", "surrogate"],
)
def test_what_is_wrong_with_a_text(text: str | bytes, code: str, said: str, line: int, write: Write) -> None:
    read = read_body(write(text, "request.json"))
    (flaw,) = read.flaws
    assert flaw.code == code
    assert said in flaw.message
    assert read.lines[""] == line


def test_what_cannot_be_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(SourceError, match="no such file"):
        read_body(tmp_path / "nowhere.json")
    with pytest.raises(SourceError, match="directory"):
        read_body(tmp_path)
    with pytest.raises(SettingsError, match="object is not a tuning job"):
        read_body(object())
    monkeypatch.setattr("tunestats.jobs.bodies.MAX_BODY_BYTES", 5)
    (tmp_path / "large.json").write_text("{     }")
    with pytest.raises(SourceError, match="is larger than 5 bytes"):
        read_body(tmp_path / "large.json")


class Size(enum.StrEnum):
    FOUR = "ADAPTER_SIZE_FOUR"


class Number(enum.IntEnum):
    FOUR = 2


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (Size.FOUR, "ADAPTER_SIZE_FOUR"),
        (Number.FOUR, 2),
        ((1, [2]), [1, [2]]),
        ({1: "a"}, {"1": "a"}),
        (datetime(2026, 1, 2, tzinfo=UTC), "2026-01-02T00:00:00+00:00"),
        (True, True),
        (None, None),
    ],
    ids=repr,
)
def test_plain(value: Any, expected: Any) -> None:
    flaws = Flaws()
    made = plain(value, flaws)
    assert made == expected
    assert type(made) is type(expected)
    assert flaws == []


@pytest.mark.parametrize(
    "value", [print, {1, 2}, b"x", object(), 1j], ids=["function", "set", "bytes", "object", "complex"]
)
def test_what_json_does_not_have_is_named(value: Any) -> None:
    read = read_body({"labels": {"a": [value]}})
    assert [(flaw.code, flaw.path) for flaw in read.flaws] == [("E702", "labels.a[0]")]
    assert read.value == {"labels": {"a": [None]}}


def test_nesting_without_end() -> None:
    loop: dict[str, Any] = {}
    loop["loop"] = loop
    assert [flaw.code for flaw in read_body(loop).flaws] == ["E701"]


def test_proto_messages() -> None:
    types = pytest.importorskip("google.cloud.aiplatform_v1.types.tuning_job", exc_type=ImportError)
    hyper = types.SupervisedHyperParameters(
        epoch_count=3, adapter_size=types.SupervisedHyperParameters.AdapterSize.ADAPTER_SIZE_FOUR
    )
    spec = types.SupervisedTuningSpec(training_dataset_uri="gs://bucket/train.jsonl", hyper_parameters=hyper)
    job = types.TuningJob(
        base_model="gemini-2.5-flash", supervised_tuning_spec=spec, labels={"team_name": "a"}
    )
    assert read_body(job).value == BODY
    assert read_body(types.TuningJob.pb(job)).value == BODY


def test_jobs_of_the_gen_ai_sdk() -> None:
    types = pytest.importorskip("google.genai.types")
    hyper = types.SupervisedHyperParameters(epoch_count=3, adapter_size="ADAPTER_SIZE_FOUR")
    spec = types.SupervisedTuningSpec(training_dataset_uri="gs://bucket/train.jsonl", hyper_parameters=hyper)
    job = types.TuningJob(
        base_model="gemini-2.5-flash",
        supervised_tuning_spec=spec,
        labels={"team_name": "a"},
        create_time=datetime(2026, 1, 2, tzinfo=UTC),
    )
    value = read_body(job).value
    assert value.pop("createTime") == "2026-01-02T00:00:00+00:00"
    value["supervisedTuningSpec"]["hyperParameters"]["epochCount"] = "3"
    assert value == BODY
