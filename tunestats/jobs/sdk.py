"""Know what the Gen AI SDK sends for a call of ``client.tunings.tune``.

In: the call's arguments: ``base_model``, ``training_dataset``, ``config``, as objects or dicts.
Out: the body of the request that the SDK makes of them.
Not here: reading the objects (``bodies``), checking the request (``checking``).

After google-genai 3.4; a test compares with what that version sends.
"""

from collections.abc import Iterable, Mapping
from typing import Any

__all__ = ["camel", "is_config", "is_request", "request_of"]

METHODS = {
    "SUPERVISED_FINE_TUNING": "supervisedTuningSpec",
    "PREFERENCE_TUNING": "preferenceOptimizationSpec",
    "DISTILLATION": "distillationSpec",
    "REINFORCEMENT_TUNING": "reinforcementTuningSpec",
}
# Where each field of the flat config goes. `*` is the spec of the method.
PLACES = {
    "tunedModelDisplayName": "tunedModelDisplayName",
    "description": "description",
    "customBaseModel": "customBaseModel",
    "labels": "labels",
    "outputUri": "outputUri",
    "encryptionSpec": "encryptionSpec",
    "exportLastCheckpointOnly": "*.exportLastCheckpointOnly",
    "tuningMode": "*.tuningMode",
    "evaluationConfig": "*.evaluationConfig",
    "epochCount": "*.hyperParameters.epochCount",
    "learningRateMultiplier": "*.hyperParameters.learningRateMultiplier",
    "adapterSize": "*.hyperParameters.adapterSize",
    "batchSize": "*.hyperParameters.batchSize",
    "learningRate": "*.hyperParameters.learningRate",
    "beta": "preferenceOptimizationSpec.hyperParameters.beta",
    "baseTeacherModel": "distillationSpec.baseTeacherModel",
    "tunedTeacherModelSource": "distillationSpec.tunedTeacherModelSource",
    "sftLossWeightMultiplier": "distillationSpec.hyperParameters.sftLossWeightMultiplier",
    "rewardConfig": "reinforcementTuningSpec.singleRewardConfig",
    "compositeRewardConfig": "reinforcementTuningSpec.compositeRewardConfig",
    "samplesPerPrompt": "reinforcementTuningSpec.hyperParameters.samplesPerPrompt",
    "evaluateInterval": "reinforcementTuningSpec.hyperParameters.evaluateInterval",
    "checkpointInterval": "reinforcementTuningSpec.hyperParameters.checkpointInterval",
    "maxOutputTokens": "reinforcementTuningSpec.hyperParameters.maxOutputTokens",
    "thinkingLevel": "reinforcementTuningSpec.hyperParameters.thinkingLevel",
    "validationDatasetUri": "reinforcementTuningSpec.validationDatasetUri",
}
# What the SDK takes from the config and sends to nobody, or elsewhere.
NOT_SENT = frozenset(("httpOptions", "method", "preTunedModelCheckpointId", "validationDataset"))
AGGREGATIONS = ["AVERAGE", "STANDARD_DEVIATION"]


def is_config(value: Mapping[str, Any]) -> bool:
    """Tell the flat config of a call by fields that no request has.

    >>> is_config({"epoch_count": 3}), is_config({"supervisedTuningSpec": {}})
    (True, False)
    """
    own = {*NOT_SENT, *(name for name, place in PLACES.items() if "." in place)} - {"evaluationConfig"}
    return any(camel(key) in own for key in value)


def is_request(value: Mapping[str, Any]) -> bool:
    """Tell the body of a request by fields that no config has: the model and the specs."""
    return any(camel(key) in ("baseModel", "preTunedModel", *METHODS.values()) for key in value)


def request_of(
    base_model: str, training_dataset: Mapping[str, Any], config: Mapping[str, Any]
) -> dict[str, Any]:
    """Return the body of the request that the SDK makes of a call's arguments."""
    given = {camel(key): value for key, value in config.items() if value is not None}
    spec = METHODS.get(str(given.get("method", "SUPERVISED_FINE_TUNING")), "supervisedTuningSpec")
    body: dict[str, Any] = _model(base_model, given.get("preTunedModelCheckpointId"))
    training = _dataset_uri(training_dataset)
    if training is not None:
        _put(
            body,
            f"{spec}.{'promptDatasetUri' if spec == 'distillationSpec' else 'trainingDatasetUri'}",
            training,
        )
    validation = given.get("validationDataset")
    if isinstance(validation, Mapping):
        _put(body, f"{spec}.validationDatasetUri", _dataset_uri(validation))
    for name in sorted(given.keys() - NOT_SENT):
        value = _evaluation(given[name]) if name == "evaluationConfig" else given[name]
        # A field that the SDK does not know is left for the checker to name.
        _put(body, PLACES.get(name, name).replace("*", spec), value)
    return body


def camel(key: str) -> str:
    """Return the API's spelling of a Python name.

    >>> camel("epoch_count"), camel("epochCount")
    ('epochCount', 'epochCount')
    """
    head, *rest = key.split("_")
    return head + "".join(word[:1].upper() + word[1:] for word in rest)


def _model(name: str, checkpoint: Any) -> dict[str, Any]:
    if not name:
        return {}
    if not name.startswith("projects/"):
        return {"baseModel": name}
    tuned = {"tunedModelName": name}
    return {"preTunedModel": tuned if checkpoint is None else {**tuned, "checkpointId": checkpoint}}


def _dataset_uri(dataset: Mapping[str, Any]) -> Any:
    given = {camel(key): value for key, value in dataset.items() if value is not None}
    return given.get("vertexDatasetResource", given.get("gcsUri"))


def _put(body: dict[str, Any], path: str, value: Any) -> None:
    *parents, last = path.split(".")
    for parent in parents:
        body = body.setdefault(parent, {})
    body[last] = value


def _evaluation(config: Any) -> Any:
    if not isinstance(config, Mapping):
        return config
    given = {camel(key): value for key, value in config.items() if value is not None}
    if isinstance(given.get("metrics"), list):
        given["metrics"] = list(_metrics(given["metrics"]))
    return given


def _metrics(metrics: Iterable[Any]) -> Iterable[Any]:
    """Yield what the SDK makes of its metrics, which are known by name or have a prompt."""
    for metric in metrics:
        if not isinstance(metric, Mapping):
            yield metric
            continue
        given = {camel(key): value for key, value in metric.items() if value is not None}
        name = str(given.get("name", "")).lower()
        if name in ("exact_match", "bleu"):
            yield {"aggregationMetrics": AGGREGATIONS, f"{camel(name)}Spec": {}}
        elif name.startswith("rouge"):
            yield {"aggregationMetrics": AGGREGATIONS, "rougeSpec": {"rougeType": name.replace("_", "")}}
        elif name and given.get("promptTemplate"):
            yield {"aggregationMetrics": AGGREGATIONS, "pointwiseMetricSpec": _pointwise(given)}
        else:
            yield given if name else {**given, "aggregationMetrics": AGGREGATIONS}


def _pointwise(given: Mapping[str, Any]) -> dict[str, Any]:
    spec: dict[str, Any] = {"metricPromptTemplate": given["promptTemplate"]}
    if given.get("judgeModelSystemInstruction"):
        spec["systemInstruction"] = given["judgeModelSystemInstruction"]
    if given.get("returnRawOutput"):
        spec["customOutputFormatConfig"] = {"returnRawOutput": True}
    return spec
