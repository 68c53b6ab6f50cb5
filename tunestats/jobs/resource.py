"""Describe what may stand in a request to create a tuning job.

In: nothing.
Out: ``TUNING_JOB``, ``ADAPTER_SIZES``, and ``REQUEST_RULES``, by which flaws of requests are called.
Not here: the code that checks a request against it (``protojson``), or what depends on the model (``checking``).

Source: the REST resource projects.locations.tuningJobs, v1. Metrics and output folders, which that page only
names, are described after the v1 protocol buffers (google-cloud-aiplatform 2.7). Fields of v1beta1 and of the
Gen AI SDK's types (google-genai 3.4) that are for other models are known by name. As of 2026-11.
"""

import re
import unicodedata
from collections.abc import Callable
from math import isfinite
from typing import Any

from tunestats.checks.uris import storage_fault
from tunestats.protojson import Enumeration, Field, Kind, Limit, MessageType, Need, OneOf, ShapeRules
from tunestats.rules import (
    DATASET_URI,
    INVALID_LABEL,
    NUMBER_RANGE,
    OTHER_MODELS,
    OUTPUT_ONLY,
    REQUEST_ALTERNATIVES,
    REQUEST_FIELD_TWICE,
    REQUEST_MISSING,
    REQUEST_NOT_JSON,
    REQUEST_TYPE,
    REQUEST_UNKNOWN_ENUM,
    REQUEST_UNKNOWN_FIELD,
    RESOURCE_NAME,
    UNUSUAL_BETA,
    VALUE_TOO_LONG,
    Rule,
)

__all__ = ["ADAPTER_SIZES", "REQUEST_RULES", "SPECS", "TUNING_JOB", "uri_fault"]

REQUEST_RULES = ShapeRules(
    wrong_type=REQUEST_TYPE,
    missing=REQUEST_MISSING,
    advised=REQUEST_MISSING,
    no_alternative=REQUEST_ALTERNATIVES,
    several_alternatives=REQUEST_ALTERNATIVES,
    unknown_enum=REQUEST_UNKNOWN_ENUM,
    unknown_number=REQUEST_UNKNOWN_ENUM,
    invalid_base64=REQUEST_TYPE,
    invalid_duration=REQUEST_TYPE,
    field_twice=REQUEST_FIELD_TWICE,
    unknown_field=REQUEST_UNKNOWN_FIELD,
    too_deep=REQUEST_NOT_JSON,
    deep_value=REQUEST_NOT_JSON,
)
# The spec of each tuning method, and the format of its data.
SPECS = {"supervisedTuningSpec": "sft", "preferenceOptimizationSpec": "preference"}
# By name: the size, and the number that protocol buffer JSON takes as well.
ADAPTER_SIZES = {
    "ADAPTER_SIZE_ONE": (1, 1),
    "ADAPTER_SIZE_TWO": (2, 6),
    "ADAPTER_SIZE_FOUR": (4, 2),
    "ADAPTER_SIZE_EIGHT": (8, 3),
    "ADAPTER_SIZE_SIXTEEN": (16, 4),
    "ADAPTER_SIZE_THIRTY_TWO": (32, 5),
}

STRING, BOOL, OBJECT, DOUBLE, INT64 = Kind.STRING, Kind.BOOL, Kind.OBJECT, Kind.DOUBLE, Kind.INT64
REQUIRED = Need.REQUIRED
DISPLAY_NAME_CHARACTERS = 128
LABEL_CHARACTERS = 64
# Lowercase letters, letters of scripts without case and the marks that they need, digits.
LABEL_CATEGORIES = frozenset(("Ll", "Lo", "Lm", "Mn", "Mc", "Nd", "Nl", "No"))
# A folder's bucket, and that of a data set, is no placeholder.
SHORTEST_BUCKET = 3
DATASET = "projects/{project}/locations/{location}/datasets/{dataset}"


def uri_fault(uri: str) -> str:
    """Return why a text does not name a JSONL object in Cloud Storage; empty where it does.

    >>> uri_fault("gs://bucket/train.jsonl"), uri_fault("gs://bucket/train.csv")
    ('', 'does not end in `.jsonl`')
    """
    fault = _storage_fault(uri)
    if fault:
        return fault
    return "" if uri.endswith(".jsonl") else "does not end in `.jsonl`"


def _storage_fault(uri: str) -> str:
    if not uri.startswith("gs://"):
        return "does not begin with `gs://`"
    if len(uri.removeprefix("gs://").partition("/")[0]) in range(1, SHORTEST_BUCKET):
        return "names no bucket that can exist: 3 characters at least"
    return storage_fault(uri)


def _folder_fault(uri: str) -> str:
    # Any object may stand for the folder; the bucket alone is one too.
    bucket, _, folder = uri.removeprefix("gs://").partition("/")
    return _storage_fault(f"gs://{bucket}/{folder}object" if uri.startswith("gs://") else uri)


def _template(*templates: str) -> re.Pattern[str]:
    """Return a pattern for names such as ``projects/{project}``."""
    wanted = (re.sub(r"\\{\w+\\}", r"[^/@\\s]+", re.escape(template)) for template in templates)
    return re.compile("|".join(wanted))


def _or_unset(holds: Callable[[str], object]) -> Callable[[Any], bool]:
    """An empty string is an unset one in protocol buffers."""
    return lambda value: not value or bool(holds(value))


def _braces(template: str) -> str:
    """Return a template as it stands in ``Limit.said``, where braces mean something."""
    return f"`{template}`".replace("{", "{{").replace("}", "}}")


def _named(*templates: str) -> Limit:
    expected = " or ".join(map(_braces, templates))
    return Limit(
        RESOURCE_NAME,
        _or_unset(_template(*templates).fullmatch),
        f"{{value}} does not have the form {expected}",
    )


def _never(rule: Rule, said: str) -> Limit:
    """Whatever stands there, the rule speaks."""
    return Limit(rule, lambda _: False, said)


def _number(value: Any) -> float:
    return float(value)


def _range(rule: Rule, least: float, most: float, said: str) -> Limit:
    def holds(value: Any) -> bool:
        number = _number(value)
        return isfinite(number) and least <= number <= most

    return Limit(rule, holds, said)


def _is_label(text: str, least: int) -> bool:
    return least <= len(text) <= LABEL_CHARACTERS and all(
        letter in "_-" or unicodedata.category(letter) in LABEL_CATEGORIES for letter in text
    )


NOT_NEGATIVE = _range(
    NUMBER_RANGE, 0, float("inf"), "{value} stands here; expected a finite number that is not negative"
)
LABEL_SAID = "{{value}} is not a label's {}; expected at most 64 lowercase letters, digits, `_` and `-`"
LABEL_KEY = Limit(INVALID_LABEL, lambda text: _is_label(text, 1), LABEL_SAID.format("key"))
LABEL_VALUE = Limit(INVALID_LABEL, lambda text: _is_label(text, 0), LABEL_SAID.format("value"))
JSONL_URI = Limit(
    DATASET_URI,
    _or_unset(lambda text: not uri_fault(text)),
    "{value} {why}; {snake} should be a GCS object of type JSONL",
    uri_fault,
)
JSONL_URI_OR_DATASET = Limit(
    DATASET_URI,
    _or_unset(lambda text: not uri_fault(text) or _template(DATASET).fullmatch(text)),
    f"{JSONL_URI.said}, or {_braces(DATASET)}",
    uri_fault,
)


def _set_by_service(*names: str) -> tuple[Field, ...]:
    limit = _never(OUTPUT_ONLY, "`{name}` is set by the service, not by its callers")
    return tuple(Field(name, Kind.VALUE, limits=(limit,)) for name in names)


def _for_other_models(*names: str) -> tuple[Field, ...]:
    limit = _never(OTHER_MODELS, "`{name}` is for other models or methods; it was not checked")
    return tuple(Field(name, Kind.VALUE, limits=(limit,)) for name in names)


ADAPTER_SIZE = Enumeration(("ADAPTER_SIZE_UNSPECIFIED", *ADAPTER_SIZES))
SUPERVISED_HYPER_PARAMETERS = MessageType(
    "SupervisedHyperParameters",
    (
        Field("epochCount", INT64, limits=(NOT_NEGATIVE,)),
        Field("learningRateMultiplier", DOUBLE, limits=(NOT_NEGATIVE,)),
        Field("adapterSize", ADAPTER_SIZE),
        *_for_other_models("learningRate", "batchSize"),
    ),
)
PREFERENCE_HYPER_PARAMETERS = MessageType(
    "PreferenceOptimizationHyperParameters",
    (
        Field("adapterSize", ADAPTER_SIZE),
        Field("epochCount", INT64, limits=(NOT_NEGATIVE,)),
        Field("learningRateMultiplier", DOUBLE, limits=(NOT_NEGATIVE,)),
        Field(
            "beta",
            DOUBLE,
            limits=(
                NOT_NEGATIVE,
                Limit(
                    UNUSUAL_BETA,
                    # Where the number makes no sense at all, the limit before has spoken.
                    lambda value: (
                        not NOT_NEGATIVE.holds(value) or _number(value) == 0 or 0.01 <= _number(value) <= 0.5
                    ),
                    "{value} stands here; recommended is from 0.01 to 0.5",
                ),
            ),
        ),
    ),
)

AGGREGATION_METRIC = Enumeration(
    (
        "AGGREGATION_METRIC_UNSPECIFIED",
        "AVERAGE",
        "MODE",
        "STANDARD_DEVIATION",
        "VARIANCE",
        "MINIMUM",
        "MAXIMUM",
        "MEDIAN",
        "PERCENTILE_P90",
        "PERCENTILE_P95",
        "PERCENTILE_P99",
    )
)
METRIC_SPECS = (
    "predefinedMetricSpec",
    "computationBasedMetricSpec",
    "llmBasedMetricSpec",
    "customCodeExecutionSpec",
    "pointwiseMetricSpec",
    "pairwiseMetricSpec",
    "exactMatchSpec",
    "bleuSpec",
    "rougeSpec",
)
METRIC = MessageType(
    "Metric",
    (
        Field("aggregationMetrics", AGGREGATION_METRIC, repeated=True),
        *(Field(name, OBJECT) for name in METRIC_SPECS),
        Field("metadata", OBJECT),
    ),
    unions=(
        OneOf(frozenset(METRIC_SPECS), "the metric does not say what it is; expected `bleuSpec` or the like"),
    ),
)
GCS_DESTINATION = MessageType(
    "GcsDestination",
    (
        Field(
            "outputUriPrefix",
            STRING,
            REQUIRED,
            limits=(
                Limit(
                    RESOURCE_NAME,
                    _or_unset(lambda text: not _folder_fault(text)),
                    "{value} {why}; expected `gs://bucket/folder`",
                    _folder_fault,
                ),
            ),
        ),
    ),
)
OUTPUT_CONFIG = MessageType(
    "OutputConfig",
    (Field("gcsDestination", GCS_DESTINATION),),
    unions=(
        OneOf(frozenset(("gcsDestination",)), "the output has no destination; expected `gcsDestination`"),
    ),
)
AUTORATER_CONFIG = MessageType(
    "AutoraterConfig",
    (
        Field(
            "samplingCount",
            Kind.INT32,
            limits=(_range(NUMBER_RANGE, 1, 32, "{value} stands here; expected from 1 to 32"),),
        ),
        Field("flipEnabled", BOOL),
        Field(
            "autoraterModel",
            STRING,
            limits=(
                _named(
                    "projects/{project}/locations/{location}/publishers/{publisher}/models/{model}",
                    "projects/{project}/locations/{location}/endpoints/{endpoint}",
                ),
            ),
        ),
        Field("generationConfig", OBJECT),
    ),
)
EVALUATION_CONFIG = MessageType(
    "EvaluationConfig",
    (
        Field("metrics", METRIC, REQUIRED, repeated=True),
        Field("outputConfig", OUTPUT_CONFIG, REQUIRED),
        Field("autoraterConfig", AUTORATER_CONFIG),
        Field("inferenceGenerationConfig", OBJECT),
    ),
)

SUPERVISED_TUNING_SPEC = MessageType(
    "SupervisedTuningSpec",
    (
        Field("trainingDatasetUri", STRING, REQUIRED, limits=(JSONL_URI_OR_DATASET,)),
        Field("validationDatasetUri", STRING, limits=(JSONL_URI_OR_DATASET,)),
        Field("hyperParameters", SUPERVISED_HYPER_PARAMETERS),
        Field("exportLastCheckpointOnly", BOOL),
        Field("evaluationConfig", EVALUATION_CONFIG),
        *_for_other_models("tuningMode"),
    ),
)
PREFERENCE_OPTIMIZATION_SPEC = MessageType(
    "PreferenceOptimizationSpec",
    (
        Field("trainingDatasetUri", STRING, REQUIRED, limits=(JSONL_URI,)),
        Field("hyperParameters", PREFERENCE_HYPER_PARAMETERS),
        Field("exportLastCheckpointOnly", BOOL),
        Field("validationDatasetUri", STRING, limits=(JSONL_URI,)),
        *_for_other_models("evaluationConfig"),
    ),
)
PRE_TUNED_MODEL = MessageType(
    "PreTunedModel",
    (
        Field(
            "tunedModelName",
            STRING,
            REQUIRED,
            limits=(
                _named(
                    "projects/{project}/locations/{location}/models/{model}",
                    "projects/{project}/locations/{location}/models/{model}@{version}",
                ),
            ),
        ),
        Field("checkpointId", STRING),
        *_set_by_service("baseModel"),
    ),
)
ENCRYPTION_SPEC = MessageType(
    "EncryptionSpec",
    (
        Field(
            "kmsKeyName",
            STRING,
            REQUIRED,
            limits=(
                _named("projects/{project}/locations/{location}/keyRings/{keyRing}/cryptoKeys/{cryptoKey}"),
            ),
        ),
    ),
)
OTHER_SPECS = (
    "distillationSpec",
    "distillationSamplingSpec",
    "fullFineTuningSpec",
    "partnerModelTuningSpec",
    "reinforcementTuningSpec",
    "veoLoraTuningSpec",
    "veoTuningSpec",
)

TUNING_JOB = MessageType(
    "TuningJob",
    (
        Field("baseModel", STRING),
        Field("preTunedModel", PRE_TUNED_MODEL),
        Field("supervisedTuningSpec", SUPERVISED_TUNING_SPEC),
        Field("preferenceOptimizationSpec", PREFERENCE_OPTIMIZATION_SPEC),
        Field(
            "tunedModelDisplayName",
            STRING,
            limits=(
                Limit(
                    VALUE_TOO_LONG,
                    lambda text: len(text) <= DISPLAY_NAME_CHARACTERS,
                    f"{{value}} is too long; `{{name}}` has at most {DISPLAY_NAME_CHARACTERS} characters",
                ),
            ),
        ),
        Field("description", STRING),
        Field("labels", STRING, mapped=True, limits=(LABEL_VALUE,), key_limits=(LABEL_KEY,)),
        Field("encryptionSpec", ENCRYPTION_SPEC),
        Field("serviceAccount", STRING),
        *_set_by_service(
            "name",
            "state",
            "createTime",
            "startTime",
            "endTime",
            "updateTime",
            "error",
            "experiment",
            "tunedModel",
            "tuningDataStats",
            "evaluateDatasetRuns",
            "pipelineJob",
            "tuningJobState",
            "tuningJobMetadata",
            "gcsMetricsUri",
        ),
        *_for_other_models(*OTHER_SPECS, "customBaseModel", "outputUri", "evaluationConfig"),
    ),
    unions=(
        OneOf(
            frozenset(("baseModel", "preTunedModel")),
            "there is no model to tune; expected `baseModel` or `preTunedModel`",
        ),
        OneOf(
            frozenset((*SPECS, *OTHER_SPECS)),
            "there is no tuning spec; expected `supervisedTuningSpec` or `preferenceOptimizationSpec`",
        ),
    ),
)
