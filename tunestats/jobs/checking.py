"""Check a request to create a tuning job.

In: the parsed body of the request.
Out: E7xx and W7xx flaws, all at once, and ``Request``: what the rest of the package has to know of it.
Not here: which fields there are (``resource``), where bodies come from (``bodies``), the data (``outcome``).
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any

from tunestats.dataset import validation_flaws
from tunestats.findings import Flaws
from tunestats.jobs.resource import ADAPTER_SIZES, REQUEST_RULES, SPECS, TUNING_JOB
from tunestats.limits import known_models, listed_name, model_facts
from tunestats.protojson import Field, Kind, check_message, holds
from tunestats.quoting import member, quoted
from tunestats.rules import (
    REQUEST_NOT_JSON,
    RETIRED_MODEL,
    SAME_DATA,
    SIZE_BY_NUMBER,
    UNKNOWN_BASE_MODEL,
    UNLISTED_MODEL,
    UNSUPPORTED_ADAPTER,
    UNSUPPORTED_METHOD,
)

__all__ = ["Request", "check_request", "check_validation_size", "model_of", "read_request"]

METHODS = {"sft": "supervised", "preference": "preference"}
# Alone, or as the name of Google's published model, perhaps in a project.
BASE_MODEL = re.compile(r"((projects/[^/]+/locations/[^/]+/)?publishers/google/models/)?(?P<model>[^/]+)")


@dataclass(frozen=True, slots=True)
class Request:
    """What is known of a request; what could not be read is empty.

    Attributes:
        model: Short name of the base model, where it is known to be tunable.
        format: ``sft`` or ``preference``, empty where the request has neither spec or both.
        training: URI of the training data.
        validation: URI of the validation data.
        validation_path: Where that URI stands.
        epochs: How often the training data are passed, where the request says it.
    """

    model: str = ""
    format: str = ""
    training: str = ""
    validation: str = ""
    validation_path: str = ""
    epochs: int | None = None


def check_request(body: Any, flaws: Flaws, model: str = "") -> Request:
    """Append everything that is wrong with a request.

    Args:
        body: The parsed JSON.
        flaws: Where to append.
        model: The model that a ``preTunedModel`` was tuned from, for the checks that depend on it.
    """
    if type(body) is not dict:
        flaws.append(REQUEST_NOT_JSON.at("", f"the request is {quoted(body)}; expected an object"))
        return Request()
    check_message(body, TUNING_JOB, flaws, rules=REQUEST_RULES)
    key, name = _member(body, "baseModel")
    if type(name) is str:
        model = _check_model(name, key, flaws)
    _check_standing(model, key if name is not None else _member(body, "preTunedModel")[0], flaws)
    request = read_request(body, model)
    for spec in SPECS:
        path, value = _member(body, spec)
        if type(value) is dict:
            _check_spec(value, path, SPECS[spec], model, flaws)
    return request


def read_request(body: Mapping[str, Any], model: str = "") -> Request:
    """Return what is known of a request, whatever is wrong with it."""
    found = [
        (path, value, spec) for spec in SPECS for path, value in [_member(body, spec)] if value is not None
    ]
    if len(found) != 1 or type(found[0][1]) is not dict:
        return Request(model=model)
    path, value, spec = found[0]
    key, validation = _member(value, "validationDatasetUri")
    _, hyper = _member(value, "hyperParameters")
    _, epochs = _member(hyper if type(hyper) is dict else {}, "epochCount")
    return Request(
        model=model,
        format=SPECS[spec],
        training=_text(_member(value, "trainingDatasetUri")[1]),
        validation=_text(validation),
        validation_path=member(path, key),
        epochs=int(float(epochs)) if epochs is not None and holds(epochs, Kind.INT64) else None,
    )


def model_of(name: str) -> str:
    """Return the short name of a model that is known, without what stands around it; else an empty text.

    >>> model_of("publishers/google/models/gemini-2.5-flash"), model_of("gemini-2.0-flash-001")
    ('gemini-2.5-flash', 'gemini-2.0-flash-001')
    """
    found = BASE_MODEL.fullmatch(name)
    return found["model"] if found and listed_name(found["model"]) else ""


def check_validation_size(request: Request, training: int | None, validation: int, flaws: Flaws) -> None:
    """Append a flaw if there are more validation examples than the model takes; ``training`` if known."""
    facts = model_facts(request.model)
    for flaw in validation_flaws(validation, training, facts, request.validation_path):
        flaws.append(flaw)


def _check_model(name: str, key: str, flaws: Flaws) -> str:
    model = model_of(name)
    if not model:
        near = get_close_matches(name.rpartition("/")[2][:60], known_models(), n=1)
        hint = f"; did you mean `{near[0]}`?" if near else "; `tunestats models` lists them"
        flaws.append(UNKNOWN_BASE_MODEL.at(key, f"{quoted(name)} is not known to be tunable{hint}"))
    return model


def _check_standing(model: str, path: str, flaws: Flaws) -> None:
    """Append a flaw if a model is retired, or not listed as one that can be tuned."""
    standing = model_facts(model).standing
    if standing:
        rule = RETIRED_MODEL if model_facts(model).status == "retired" else UNLISTED_MODEL
        flaws.append(rule.at(path, f"`{model}` is {standing}"))


def _check_spec(spec: Mapping[str, Any], path: str, format_name: str, model: str, flaws: Flaws) -> None:
    key, validation = _member(spec, "validationDatasetUri")
    if _text(validation) and validation == _member(spec, "trainingDatasetUri")[1]:
        flaws.append(SAME_DATA.at(member(path, key), f"{quoted(validation)} is the training data, too"))
    if not model:
        return
    facts, method = model_facts(model), METHODS[format_name]
    if method not in facts.methods:
        said = f"`{model}` cannot be tuned by this method; expected {' or '.join(facts.methods)}"
        flaws.append(UNSUPPORTED_METHOD.at(path, said))
    hyper_key, hyper = _member(spec, "hyperParameters")
    size_key, size = _member(hyper if type(hyper) is dict else {}, "adapterSize")
    _check_adapter(size, model, member(member(path, hyper_key), size_key), flaws)


def _check_adapter(size: Any, model: str, path: str, flaws: Flaws) -> None:
    allowed = model_facts(model).adapter_sizes
    known = {name: number for name, (rank, number) in ADAPTER_SIZES.items() if rank in allowed}
    # A name or a number outside of the enum has a flaw already.
    numbers = {number for _, number in ADAPTER_SIZES.values()}
    wrong_name = type(size) is str and size in ADAPTER_SIZES and size not in known
    wrong_number = type(size) is int and size in numbers and size not in known.values()
    if wrong_name or wrong_number:
        said = f"{quoted(size)}: The adapter size is not supported for this base model (`{model}`)"
        flaws.append(UNSUPPORTED_ADAPTER.at(path, f"{said}; expected {', '.join(known)}"))
    elif type(size) is int:
        _check_number(size, path, flaws)


def _check_number(size: int, path: str, flaws: Flaws) -> None:
    """Warn of a number that is one size and stands for another."""
    meant = next((name for name, (rank, _) in ADAPTER_SIZES.items() if rank == size), "")
    read = next((name for name, (_, number) in ADAPTER_SIZES.items() if number == size), "")
    if meant and read and meant != read:
        flaws.append(
            SIZE_BY_NUMBER.at(path, f"the number {size} stands for `{read}`; did you mean `{meant}`?")
        )


def _member(value: Mapping[str, Any], name: str) -> tuple[str, Any]:
    """Return a field's value and the key under which it stands, in either spelling."""
    snake = Field(name, Kind.VALUE).snake
    for key in (name, snake):
        if value.get(key) is not None:
            return key, value[key]
    return name, None


def _text(value: Any) -> str:
    return value if type(value) is str else ""
