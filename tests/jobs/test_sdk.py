"""The request made of a call's arguments is the one that the Gen AI SDK sends; the SDK is the judge."""

import enum
import json
import typing
import warnings
from datetime import datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tunestats import check_job
from tunestats.jobs.bodies import read_body
from tunestats.jobs.sdk import is_config, request_of

types = pytest.importorskip("google.genai.types")
tunings = pytest.importorskip("google.genai.tunings")
common = pytest.importorskip("google.genai._common")

URI = "gs://bucket/train.jsonl"
METRIC = types.Metric(
    name="my_metric", prompt_template="Rate {response}", judge_model_system_instruction="Be kind"
)
OUTPUT = types.OutputConfig(gcs_destination=types.GcsDestination(output_uri_prefix="gs://bucket/eval"))
CONFIGS: dict[str, dict[str, Any]] = {
    "nothing": {},
    "common": {"epoch_count": 3, "adapter_size": "ADAPTER_SIZE_FOUR", "learning_rate_multiplier": 0.5},
    "names": {"tuned_model_display_name": "m", "description": "d", "labels": {"a_b": "c"}},
    "preference": {"method": "PREFERENCE_TUNING", "beta": 0.1, "epoch_count": 2, "export_last_checkpoint_only": True},
    "beta of another method": {"beta": 0.1},
    "validation": {"validation_dataset": types.TuningValidationDataset(gcs_uri="gs://bucket/v.jsonl"), "epoch_count": 1},
    "key": {"encryption_spec": types.EncryptionSpec(kms_key_name="k")},
    "evaluation": {"evaluation_config": types.EvaluationConfig(metrics=[METRIC, types.Metric(name="bleu"), types.Metric(name="rouge_l"), types.Metric(name="exact_match"), types.UnifiedMetric(bleu_spec=types.BleuSpec())], output_config=OUTPUT)},
    "open models": {"learning_rate": 0.1, "batch_size": 4, "tuning_mode": "TUNING_MODE_FULL", "output_uri": "gs://b/o", "custom_base_model": "gs://b/m"},
    "distillation": {"method": "DISTILLATION", "base_teacher_model": "t", "sft_loss_weight_multiplier": 0.5},
    "reinforcement": {"method": "REINFORCEMENT_TUNING", "samples_per_prompt": 4, "max_output_tokens": 5, "evaluate_interval": 1, "checkpoint_interval": 2, "validation_dataset_uri": "gs://bucket/v.jsonl"},
}  # fmt: skip


def sent(base_model: str, dataset: Any, config: Any) -> dict[str, Any]:
    """Return what the SDK sends, without what it leaves unset."""
    name = {"base_model": base_model}
    if base_model.startswith("projects/"):
        name = {"pre_tuned_model": types.PreTunedModel(tuned_model_name=base_model)}
    parameters = types._CreateTuningJobParametersPrivate(**name, training_dataset=dataset, config=config)
    made = tunings._CreateTuningJobParametersPrivate_to_vertex(parameters, None, parameters)
    body: dict[str, Any] = camel_case(common.convert_to_dict(made))
    return body


def camel_case(value: Any, key: str = "") -> Any:
    if isinstance(value, list):
        return [camel_case(item) for item in value]
    if isinstance(value, dict):
        names = {name: name if key == "labels" else to_camel(name) for name in value}
        return {
            names[name]: camel_case(item, names[name]) for name, item in value.items() if item is not None
        }
    return getattr(value, "value", value)


def to_camel(name: str) -> str:
    head, *rest = name.split("_")
    return head + "".join(word.title() for word in rest)


@pytest.mark.parametrize("given", CONFIGS.values(), ids=CONFIGS)
@pytest.mark.parametrize("model", ["gemini-2.5-flash", "projects/p/locations/l/models/5"])
def test_request_is_the_one_that_is_sent(model: str, given: dict[str, Any]) -> None:
    dataset = types.TuningDataset(gcs_uri=URI)
    config = types.CreateTuningJobConfig(**given)
    expected = sent(model, dataset, config)
    assert camel_case(request_of(model, read_body(dataset).value, read_body(config).value)) == expected
    # The same as dicts, which the SDK takes as well.
    plain = {key: getattr(value, "model_dump", lambda value=value: value)() for key, value in given.items()}
    made = request_of(model, {"gcs_uri": URI}, read_body(plain).value)
    assert camel_case(made) == expected
    assert check_job(base_model=model, training_dataset=dataset, config=config).body == camel_case(made)


def test_a_multimodal_dataset() -> None:
    name = "projects/p/locations/l/datasets/5"
    dataset = types.TuningDataset(vertex_dataset_resource=name)
    assert camel_case(request_of("m", {"vertexDatasetResource": name}, {})) == sent("m", dataset, None)


def test_a_config_is_told_from_a_job() -> None:
    assert is_config(read_body(types.CreateTuningJobConfig(epoch_count=1)).value)
    assert not is_config(read_body(types.TuningJob(description="d", tuned_model_display_name="n")).value)
    assert not is_config({"baseModel": "m", "labels": {}, "supervisedTuningSpec": {}})


def test_a_config_alone_lacks_the_rest() -> None:
    outcome = check_job(types.CreateTuningJobConfig(epoch_count=1))
    assert [(finding.code, finding.path) for finding in outcome.findings] == [
        ("E703", "supervisedTuningSpec"),
        ("E704", ""),
    ]


def test_a_function_in_a_metric_is_named() -> None:
    metric = types.Metric(name="mine", custom_function=lambda _: 1.0)
    config = types.CreateTuningJobConfig(
        evaluation_config=types.EvaluationConfig(metrics=[metric], output_config=OUTPUT)
    )
    codes = {finding.code for finding in check_job(config, base_model="gemini-2.5-flash").findings}
    assert "E702" in codes


def models_of(kind: Any, depth: int = 0) -> st.SearchStrategy[Any]:
    """Build any object of an SDK type, from what its fields say they take."""
    fields = {
        name: st.none() | values_of(field.annotation, depth) for name, field in kind.model_fields.items()
    }
    return st.builds(kind.model_construct, **fields)


def values_of(annotation: Any, depth: int) -> st.SearchStrategy[Any]:  # noqa: PLR0911  one for each kind of type
    kind = typing.get_origin(annotation)
    inner = [item for item in typing.get_args(annotation) if item is not type(None)]
    if kind is typing.Union:
        return st.one_of([values_of(item, depth) for item in inner])
    if kind is list:
        return st.lists(values_of(inner[0], depth), max_size=2)
    if kind is dict:
        return st.dictionaries(st.text(max_size=3), st.text(max_size=3), max_size=2)
    if not isinstance(annotation, type):
        return st.just(len)  # a function
    if hasattr(annotation, "model_fields"):
        return models_of(annotation, depth + 1) if depth < 3 else st.none()
    if issubclass(annotation, enum.Enum):
        return st.sampled_from(list(annotation))
    return st.from_type(annotation) if annotation in (str, int, float, bool, bytes, datetime) else st.none()


JOBS = models_of(types.TuningJob)
CALLS = st.tuples(st.text(), models_of(types.TuningDataset), models_of(types.CreateTuningJobConfig))


@given(JOBS)
def test_no_job_of_the_sdk_is_a_crash(job: Any) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # pydantic's, about values that it would not have made itself
        outcome = check_job(job)
    assert outcome.exit_code in (0, 1)
    json.dumps(outcome.body)


@given(CALLS)
def test_no_call_of_the_sdk_is_a_crash(call: tuple[str, Any, Any]) -> None:
    model, dataset, config = call
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        outcome = check_job(base_model=model, training_dataset=dataset, config=config)
    assert outcome.exit_code in (0, 1)
    json.dumps(outcome.body)
