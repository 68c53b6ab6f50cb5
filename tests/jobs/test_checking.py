"""Every field of the resource takes what it should and refuses what it should not."""

from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.conftest import SHARED
from tunestats.findings import Flaws
from tunestats.jobs.checking import check_request, check_validation_size, model_of, read_request
from tunestats.jobs.resource import SPECS, TUNING_JOB
from tunestats.limits import known_models, model_facts
from tunestats.protojson import Field, Kind, MessageType

URI = "gs://bucket/train.jsonl"
KEY = "projects/p/locations/us-central1/keyRings/r/cryptoKeys/k"
METRIC: dict[str, Any] = {"bleuSpec": {}}
OUTPUT = {"gcsDestination": {"outputUriPrefix": "gs://bucket/eval"}}
SFT, PREFERENCE = "supervisedTuningSpec", "preferenceOptimizationSpec"
NUMBERS = (
    [0, 1, 0.5, "1.5", 3.0],
    [
        (-1, "E712"),
        ("-0.1", "E712"),
        ("NaN", "E712"),
        ("Infinity", "E712"),
        ("x", "E702"),
        (True, "E702"),
        ([], "E702"),
    ],
)
INTEGERS = (
    [1, "3", 3.0, 0, "9223372036854775807"],
    [
        (-1, "E712"),
        ("-1", "E712"),
        (1.5, "E702"),
        ("three", "E702"),
        (2**63, "E702"),
        (True, "E702"),
        ({}, "E702"),
    ],
)
TEXTS = (["", "a", "ü" * 500], [(5, "E702"), (["a"], "E702"), ({}, "E702"), (True, "E702")])
BOOLS = ([True, False], [("true", "E702"), (1, "E702"), (0, "E702")])
OBJECTS = ([{}, {"anything": 1}], [("x", "E702"), ([], "E702")])
ADAPTERS = (
    ["ADAPTER_SIZE_ONE", "ADAPTER_SIZE_SIXTEEN", "ADAPTER_SIZE_UNSPECIFIED", 0, 1, 6],
    [
        ("ADAPTER_SIZE_THIRTY_TWO", "E715"),
        (5, "E715"),
        (77, "E706"),
        (4, "W705"),
        (2, "W705"),
        ("4", "E706"),
        ("FOUR", "E706"),
        ("adapter_size_four", "E706"),
        (None, None),
        ([], "E702"),
        (4.0, "E702"),
    ],
)
URIS = (
    ["gs://bucket/train.jsonl", "gs://my-bucket.example/a/b c/ü.jsonl", "gs://bucket/a=b/*.jsonl"],
    [("train.jsonl", "E708"), ("gs://bucket/train.csv", "E708"), ("gs://bucket/train.jsonl.gz", "E708"), ("gs://bucket/", "E708"), ("gs://bucket.jsonl", "E708"), ("https://storage.googleapis.com/bucket/train.jsonl", "E708"), ("GS://bucket/train.jsonl", "E708"), ("gs://Bucket/train.jsonl", "E708"), ("/gcs/bucket/train.jsonl", "E708"), ("gs://b/train.jsonl", "E708"), ("gs://my..bucket/train.jsonl", "E708"), ("gs://bucket/a\nb.jsonl", "E708"), ("gs:///train.jsonl", "E708"), (f"gs://bucket/{'x' * 1024}.jsonl", "E708"), ("gs:// bucket/a.jsonl", "E708"), (5, "E702"), ([URI], "E702")],
)  # fmt: skip
DATASETS = ["projects/p/locations/us-central1/datasets/123"]
NOT_DATASETS = [("projects/p/datasets/123", "E708"), ("projects/p/locations/l/datasets/", "E708")]
SET_BY_SERVICE = (["", None], [("x", "W701"), ({}, "W701"), (5, "W701")])
OTHERS = ([None], [("x", "W702"), ({}, "W702"), (5, "W702"), (0.5, "W702")])


def with_more(table: tuple[list[Any], list[Any]], accepted: list[Any], refused: list[Any]) -> Any:
    return table[0] + accepted, [row for row in table[1] if row not in refused] + refused


# By path: values that are accepted, and values with the code that they get.
FIELDS: dict[str, tuple[list[Any], list[Any]]] = {
    "baseModel": (
        [
            *(model for model in known_models() if not model_facts(model).standing),
            "publishers/google/models/gemini-2.5-flash",
            "projects/p/locations/us-central1/publishers/google/models/gemini-2.5-pro",
        ],
        [(model, "E716" if facts.status == "retired" else "W706") for model in (*known_models(), "gemini-2.0-flash-001") for facts in [model_facts(model)] if facts.standing]
        + [("", "E713"), ("gemini", "E713"), ("models/gemini-2.5-flash", "E713"), ("gpt-4", "E713"), ("publishers/meta/models/llama", "E713"), ("gemini-2.5-flash@1", "E713"), (5, "E702"), (["gemini-2.5-flash"], "E702")],
    ),
    "preTunedModel": ([{"tunedModelName": "projects/p/locations/l/models/5"}], [({}, "E703"), ("x", "E702"), ([], "E702")]),
    "preTunedModel.tunedModelName": (
        ["projects/p/locations/l/models/5", "projects/p/locations/l/models/5@1", "projects/p/locations/l/models/5@default"],
        [("", "E703"), ("5", "E709"), ("projects/p/locations/l/models/5@", "E709"), ("projects/p/locations/l/endpoints/5", "E709"), ("projects/p/locations/l/models/a/b", "E709"), (5, "E702")],
    ),
    "preTunedModel.checkpointId": TEXTS,
    "tunedModelDisplayName": (["", "x" * 128, "模" * 128, "a\nb"], [("x" * 129, "E710"), (5, "E702")]),
    "description": TEXTS,
    "labels": (
        [{}, {"team": "a"}, {"a_b-1": ""}, {"équipe": "modèle"}, {"k" * 64: "v" * 64}, {"команда": "हिन्दी"}, {"组": "模型"}],
        [({"Team": "a"}, "E711"), ({"team": "A"}, "E711"), ({"a b": "c"}, "E711"), ({"": "a"}, "E711"), ({"k" * 65: "v"}, "E711"), ({"k": "v" * 65}, "E711"), ({"k": "a.b"}, "E711"), ({"k": "a/b"}, "E711"), ({"k": 5}, "E702"), ({"k": None}, "E702"), ([], "E702"), ("k", "E702")],
    ),
    "encryptionSpec": ([{"kmsKeyName": KEY}], [({}, "E703"), (KEY, "E702")]),
    "encryptionSpec.kmsKeyName": ([KEY], [("", "E703"), ("k", "E709"), (KEY + "/cryptoKeyVersions/1", "E709"), ("/" + KEY, "E709"), (KEY + "\n", "E709"), (5, "E702")]),
    "serviceAccount": (["", "tuner@project.iam.gserviceaccount.com"], [(5, "E702")]),
    SFT: ([{"trainingDatasetUri": URI}], [({}, "E703"), ("x", "E702"), ([], "E702")]),
    f"{SFT}.trainingDatasetUri": with_more(URIS, DATASETS, [("", "E703"), *NOT_DATASETS]),
    f"{SFT}.validationDatasetUri": (["", "gs://bucket/v.jsonl", *DATASETS], [row for row in URIS[1] if row[0] != [URI]] + NOT_DATASETS + [(URI, "W704")]),
    f"{SFT}.hyperParameters": ([{}], [([], "E702"), ("x", "E702")]),
    f"{SFT}.hyperParameters.epochCount": INTEGERS,
    f"{SFT}.hyperParameters.learningRateMultiplier": NUMBERS,
    f"{SFT}.hyperParameters.adapterSize": ADAPTERS,
    f"{SFT}.exportLastCheckpointOnly": BOOLS,
    f"{SFT}.evaluationConfig": ([{"metrics": [METRIC], "outputConfig": OUTPUT}], [({"metrics": [METRIC]}, "E703"), ({"outputConfig": OUTPUT}, "E703"), ("x", "E702")]),
    f"{SFT}.evaluationConfig.metrics": ([[METRIC], [METRIC, METRIC]], [([], "E703"), ([{}], "E704"), ([{"bleuSpec": {}, "rougeSpec": {}}], "E704"), (METRIC, "E702"), (["bleu"], "E702")]),
    f"{SFT}.evaluationConfig.outputConfig": ([OUTPUT], [({}, "E704"), ("gs://bucket", "E702")]),
    f"{SFT}.evaluationConfig.outputConfig.gcsDestination": ([{"outputUriPrefix": "gs://bucket"}], [({}, "E703"), ("gs://bucket", "E702")]),
    f"{SFT}.evaluationConfig.outputConfig.gcsDestination.outputUriPrefix": (["gs://bucket", "gs://bucket/", "gs://bucket/a/b"], [("", "E703"), ("bucket", "E709"), ("gs://", "E709"), ("/a/b", "E709"), (5, "E702")]),
    f"{SFT}.evaluationConfig.autoraterConfig": ([{}], [("x", "E702"), ({"anything": 1}, "E705")]),
    f"{SFT}.evaluationConfig.autoraterConfig.samplingCount": ([1, 32, "4"], [(0, "E712"), (33, "E712"), (1.5, "E702"), (2**31, "E702")]),
    f"{SFT}.evaluationConfig.autoraterConfig.flipEnabled": BOOLS,
    f"{SFT}.evaluationConfig.autoraterConfig.autoraterModel": (["", "projects/p/locations/l/publishers/google/models/m", "projects/p/locations/l/endpoints/5"], [("gemini-2.5-flash", "E709"), (5, "E702")]),
    f"{SFT}.evaluationConfig.autoraterConfig.generationConfig": OBJECTS,
    f"{SFT}.evaluationConfig.inferenceGenerationConfig": OBJECTS,
    PREFERENCE: ([{"trainingDatasetUri": URI}], [({}, "E703"), ("x", "E702")]),
    f"{PREFERENCE}.trainingDatasetUri": with_more(URIS, [], [("", "E703"), (DATASETS[0], "E708"), *NOT_DATASETS]),
    f"{PREFERENCE}.validationDatasetUri": (["", "gs://bucket/v.jsonl"], [row for row in URIS[1] if row[0] != [URI]] + [(DATASETS[0], "E708")]),
    f"{PREFERENCE}.hyperParameters": ([{}], [([], "E702")]),
    f"{PREFERENCE}.hyperParameters.epochCount": INTEGERS,
    f"{PREFERENCE}.hyperParameters.learningRateMultiplier": NUMBERS,
    f"{PREFERENCE}.hyperParameters.adapterSize": ADAPTERS,
    f"{PREFERENCE}.hyperParameters.beta": ([0, 0.01, 0.5, "0.1"], [(-0.1, "E712"), ("NaN", "E712"), (0.009, "W703"), (1, "W703"), ("x", "E702")]),
    f"{PREFERENCE}.exportLastCheckpointOnly": BOOLS,
}  # fmt: skip
SERVICE_FIELDS = [
    *"name state createTime startTime endTime updateTime error experiment tunedModel tuningDataStats".split(),
    *"evaluateDatasetRuns pipelineJob tuningJobState tuningJobMetadata gcsMetricsUri".split(),
    "preTunedModel.baseModel",
]
OTHER_FIELDS = [
    *"customBaseModel outputUri evaluationConfig".split(),
    *(
        f"{SFT}.{name}"
        for name in "tuningMode hyperParameters.learningRate hyperParameters.batchSize".split()
    ),
    f"{PREFERENCE}.evaluationConfig",
]
OTHER_SPECS = "distillationSpec distillationSamplingSpec fullFineTuningSpec partnerModelTuningSpec reinforcementTuningSpec veoLoraTuningSpec veoTuningSpec".split()


def request_with(path: str, value: Any) -> dict[str, Any]:
    """Return a good request in which this stands at the path."""
    spec = PREFERENCE if path.startswith(PREFERENCE) else SFT
    body: dict[str, Any] = {"baseModel": "gemini-2.5-flash", spec: {"trainingDatasetUri": URI}}
    if path.startswith("preTunedModel"):
        del body["baseModel"]
        body["preTunedModel"] = {"tunedModelName": "projects/p/locations/l/models/5"}
    if "evaluationConfig" in path and path.startswith(SFT):
        body[spec]["evaluationConfig"] = {
            "metrics": [METRIC],
            "outputConfig": {"gcsDestination": dict(OUTPUT["gcsDestination"])},
        }
    inner, (*parents, last) = body, path.split(".")
    for parent in parents:
        inner = inner.setdefault(parent, {})
    inner[last] = value
    return body


def found(body: Any, model: str = "") -> list[tuple[str, str]]:
    flaws = Flaws()
    check_request(body, flaws, model)
    return [(flaw.code, flaw.path) for flaw in flaws]


def rows(which: int) -> Iterator[Any]:
    for path, table in FIELDS.items():
        for value in table[which]:
            yield pytest.param(path, value, id=f"{path}={value!r:.40}")


@pytest.mark.parametrize(("path", "value"), [*rows(0)])
def test_accepted(path: str, value: Any) -> None:
    body = request_with(path, value)
    if path == "baseModel" and "lite" in value:
        body[SFT]["hyperParameters"] = {}
    assert found(body) == []
    assert found(snake_case(body)) == []


@pytest.mark.parametrize(("path", "row"), [*rows(1)])
def test_refused(path: str, row: tuple[Any, str | None]) -> None:
    value, code = row
    flaws = found(request_with(path, value))
    assert {flaw for flaw, _ in flaws} == ({code} if code else set())
    assert all(where == path or where.startswith((f"{path}.", f"{path}[")) for _, where in flaws)


def snake_case(value: Any) -> Any:
    if isinstance(value, list):
        return [snake_case(item) for item in value]
    if isinstance(value, dict) and not all(key.islower() for key in value):
        return {Field(key, Kind.VALUE).snake: snake_case(item) for key, item in value.items()}
    return value


@pytest.mark.parametrize("path", [*SERVICE_FIELDS, *OTHER_FIELDS])
@pytest.mark.parametrize("value", ["x", {}, 5, [], 0.5])
def test_fields_that_are_not_for_callers_or_not_for_gemini(path: str, value: Any) -> None:
    assert found(request_with(path, value)) == [("W701" if path in SERVICE_FIELDS else "W702", path)]
    assert found(request_with(path, None)) == []


@pytest.mark.parametrize("name", OTHER_SPECS)
def test_specs_of_other_methods(name: str) -> None:
    assert found({"baseModel": "gemini-2.5-flash", name: {}}) == [("W702", name)]
    assert found({**request_with("description", ""), name: {}}) == [("W702", name), ("E704", "")]


def described(message: MessageType, path: str = "") -> Iterator[str]:
    for field in message.fields:
        yield f"{path}{field.name}"
        if isinstance(field.type, MessageType) and field.type.name != "Metric":
            yield from described(field.type, f"{path}{field.name}.")


def test_every_field_has_a_row() -> None:
    assert set(described(TUNING_JOB)) == {*FIELDS, *SERVICE_FIELDS, *OTHER_FIELDS, *OTHER_SPECS}


def message_of(text: str, name: str) -> set[str]:
    """Return the keys of a message's JSON representation in the specification of record."""
    page = text[text.index(f"\n{name}\n\n") :]
    shown = page[page.index("JSON representation") :]
    lines = shown[: shown.index("\n}\n")].splitlines()
    return {line.split('"')[1] for line in lines if line.startswith('  "')}


@pytest.mark.skipif(not SHARED.is_dir(), reason="../shared is not here")
@pytest.mark.parametrize(
    "path",
    ["", "preTunedModel", SFT, f"{SFT}.hyperParameters", f"{SFT}.evaluationConfig", f"{SFT}.evaluationConfig.outputConfig", PREFERENCE, f"{PREFERENCE}.hyperParameters"],
)  # fmt: skip
def test_fields_are_those_of_the_specification(path: str) -> None:
    text = (SHARED / "reference/tuning-jobs-rest-resource.txt").read_text(encoding="utf-8")
    message = TUNING_JOB
    for name in filter(None, path.split(".")):
        inner = message.by_key[name].type
        assert isinstance(inner, MessageType)
        message = inner
    known = {field.name for field in message.fields}
    newer = {
        "pipelineJob",
        "tuningJobState",
        "tuningJobMetadata",
        "gcsMetricsUri",
        "inferenceGenerationConfig",
    }
    others = {name.rpartition(".")[2] for name in (*OTHER_FIELDS, *OTHER_SPECS)}
    extra = known - message_of(text, message.name if path else "Resource: TuningJob")
    assert message_of(text, message.name if path else "Resource: TuningJob") <= known
    assert extra <= newer | others


@pytest.mark.parametrize("model", known_models())
@pytest.mark.parametrize("spec", SPECS)
@pytest.mark.parametrize("size", [1, 2, 4, 8, 16, 32])
def test_adapter_sizes_and_methods_by_model(model: str, spec: str, size: int) -> None:
    names = {1: "ONE", 2: "TWO", 4: "FOUR", 8: "EIGHT", 16: "SIXTEEN", 32: "THIRTY_TWO"}
    hyper = {"adapterSize": f"ADAPTER_SIZE_{names[size]}"}
    body = {"baseModel": model, spec: {"trainingDatasetUri": URI, "hyperParameters": hyper}}
    facts = model_facts(model)
    standing = {"retired": "E716", "not listed": "W706"}.get(facts.status)
    expected = [("E714", spec)] * (spec == PREFERENCE and "preference" not in facts.methods)
    expected += [("E715", f"{spec}.hyperParameters.adapterSize")] * (size not in facts.adapter_sizes)
    assert found(body) == [(standing, "baseModel")] * bool(standing) + expected
    # Of a tuned model the base is not said, unless the caller does.
    name = "projects/p/locations/l/models/5"
    tuned = {"preTunedModel": {"tunedModelName": name}, spec: body[spec]}
    assert found(tuned) == []
    assert found(tuned, model) == [(standing, "preTunedModel")] * bool(standing) + expected


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ([], [("E701", "")]),
        ("x", [("E701", "")]),
        (None, [("E701", "")]),
        ({}, [("E704", ""), ("E704", "")]),
        ({"base_model": "gemini-2.5-flash", "baseModel": "gemini-2.5-flash", SFT: {"trainingDatasetUri": URI}}, [("E707", "baseModel")]),
        ({"baseModel": "gemini-2.5-flash", "superviseTuningSpec": {}}, [("E704", "superviseTuningSpec")]),
        ({"baseModel": "gemini-2.5-flash", "preTunedModel": {"tunedModelName": "projects/p/locations/l/models/5"}, SFT: {"trainingDatasetUri": URI}}, [("E704", "")]),
        ({"baseModel": "gemini-2.5-flash", SFT: {"trainingDatasetUri": URI}, PREFERENCE: {"trainingDatasetUri": URI}}, [("E704", "")]),
        ({"baseModel": "gemini-2.5-flash", SFT: {"trainingDataUri": URI, "epochCount": 3}}, [("E703", f"{SFT}.trainingDataUri"), ("E705", f"{SFT}.epochCount")]),
        ({"tuningJob": {}}, [("E704", ""), ("E704", ""), ("E705", "tuningJob")]),
    ],
    ids=["list", "text", "nothing", "empty", "both spellings", "misspelt spec", "two models", "two specs", "misplaced", "wrapped"],
)  # fmt: skip
def test_the_request_as_a_whole(body: Any, expected: list[tuple[str, str]]) -> None:
    assert found(body) == expected


def test_all_is_said_at_once_and_known_messages_of_the_server_are_found() -> None:
    flaws = Flaws()
    hyper = {"adapterSize": "ADAPTER_SIZE_THIRTY_TWO"}
    spec = {"trainingDatasetUri": "a.csv", "validationDatasetUri": "b.csv", "hyperParameters": hyper}
    check_request({"baseModel": "gemini-2.5-pro", SFT: spec}, flaws)
    text = "\n".join(flaw.message for flaw in flaws)
    for known in (
        "training_dataset_uri should be a GCS object of type JSONL",
        "validation_dataset_uri should be a GCS object of type JSONL",
        "The adapter size is not supported for this base model",
    ):
        assert known in text


@pytest.mark.parametrize(
    ("training", "validation", "model", "large"),
    [
        (100_000, 5_000, "gemini-2.5-flash", False),
        (100_000, 5_001, "gemini-2.5-flash", True),
        (10, 1_000, "gemini-2.5-flash", False),
        (10, 1_001, "gemini-2.5-flash", True),
        (3_336, 1_001, "gemini-2.5-flash", True),
        (3_337, 1_001, "gemini-2.5-flash", False),
        (None, 1_001, "gemini-2.5-flash", False),
        (None, 5_001, "", True),
        (10_000, 256, "gemini-1.5-pro-002", False),
        (10_000, 257, "gemini-1.5-pro-002", True),
    ],
)
def test_validation_size(training: int | None, validation: int, model: str, *, large: bool) -> None:
    flaws = Flaws()
    spec = {"trainingDatasetUri": URI, "validationDatasetUri": "gs://bucket/v.jsonl"}
    check_validation_size(read_request({SFT: spec}, model), training, validation, flaws)
    assert [(flaw.code, flaw.path) for flaw in flaws] == [("E608", f"{SFT}.validationDatasetUri")] * large


@pytest.mark.parametrize(
    ("name", "short"),
    [
        ("gemini-2.5-flash", "gemini-2.5-flash"),
        ("a/gemini-2.5-flash", ""),
        ("", ""),
        ("gemini-2.5-flash/", ""),
    ],
)
def test_model_of(name: str, short: str) -> None:
    assert model_of(name) == short


def test_what_is_known_of_a_request() -> None:
    spec = {"training_dataset_uri": URI, "hyper_parameters": {"epoch_count": "4"}}
    request = read_request({"preference_optimization_spec": spec})
    assert (request.format, request.training, request.validation, request.epochs) == (
        "preference",
        URI,
        "",
        4,
    )
    assert read_request({SFT: {}, PREFERENCE: {}}).format == ""
    assert read_request({SFT: "x"}).format == ""


names = st.sampled_from([part for path in (*FIELDS, *SERVICE_FIELDS) for part in path.split(".")])
values: st.SearchStrategy[Any] = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text()
    | st.just(URI)
    | st.just("gemini-2.5-flash"),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(names | st.text(max_size=5), inner, max_size=4)
    ),
)


@given(values)
def test_no_request_is_a_crash(body: Any) -> None:
    flaws = Flaws()
    request = check_request(body, flaws)
    assert request.format in ("", "sft", "preference")
    # Whatever it is, without a model and a spec it is refused.
    assert flaws or {"baseModel", "base_model", "preTunedModel", "pre_tuned_model"} & set(body)


@pytest.mark.parametrize(
    ("uri", "why"),
    [
        ("train.jsonl", "does not begin with `gs://`"),
        ("gs://bucket/train.csv", "does not end in `.jsonl`"),
        ("gs://bucket/train.jsonl/", "does not end in `.jsonl`"),
        ("gs://bucket", "names no object"),
        ("gs:///train.jsonl", "names no bucket;"),
        ("gs://b/train.jsonl", "3 characters at least"),
        ("gs://My_Bucket/train.jsonl", "lower-case letters"),
        ("gs://bucket/a\nb.jsonl", "holds a line break"),
    ],
)
def test_why_a_data_set_cannot_be_read(uri: str, why: str) -> None:
    for spec in SPECS:
        flaws = Flaws()
        check_request({"baseModel": "gemini-2.5-flash", spec: {"trainingDatasetUri": uri}}, flaws)
        assert [flaw.code for flaw in flaws] == ["E708"]
        assert why in flaws[0].message
        assert "training_dataset_uri should be a GCS object of type JSONL" in flaws[0].message


@pytest.mark.parametrize(
    ("uri", "why"),
    [
        ("gs://bucket", ""),
        ("gs://bucket/", ""),
        ("gs://bucket/a/b", ""),
        ("gs://bucket/a/", ""),
        ("gs://", "names no bucket;"),
        ("gs:///a", "names no bucket;"),
        ("gs://b", "3 characters at least"),
        ("out", "does not begin with `gs://`"),
    ],
)
def test_folders_for_results(uri: str, why: str) -> None:
    destination = {"gcsDestination": {"outputUriPrefix": uri}}
    config = {"metrics": [{"exactMatchSpec": {}}], "outputConfig": destination}
    flaws = Flaws()
    check_request(
        {"baseModel": "gemini-2.5-flash", SFT: {"trainingDatasetUri": URI, "evaluationConfig": config}}, flaws
    )
    assert [flaw.code for flaw in flaws] == ["E709"] * bool(why)
    assert not why or why in flaws[0].message
