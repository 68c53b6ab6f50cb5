"""Offer what is done before and after a tuning job as calls.

In: requests, finished jobs, data sets, options.
Out: ``check_job`` → ``JobCheck``; ``plan`` → ``Plan``; ``compare`` → ``Comparison``; ``verify`` → ``Verification``.
Not here: a terminal (``cli``), how requests are checked (``jobs``). What a check of data does not need is
imported when it is needed.
"""

from collections.abc import Callable, Mapping
from dataclasses import fields
from decimal import Decimal
from itertools import product
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tunestats.engines import Progress
from tunestats.errors import SettingsError
from tunestats.findings import Flaws
from tunestats.inputs import input_name
from tunestats.library import check, make_settings, stats
from tunestats.rules import DOUBTFUL_MODEL
from tunestats.selection import words
from tunestats.settings import MULTI_TURN, STDIN, VARIANCE, Settings

if TYPE_CHECKING:
    from tunestats.jobs import Comparison, FinishedJob, JobCheck, Plan, Request, Verification

__all__ = ["check_job", "compare", "plan", "verify"]


def check_job(  # noqa: PLR0913  the arguments of the SDK's own call
    body: Any = None,
    *,
    base_model: str = "",
    training_dataset: Any = None,
    config: Any = None,
    data: Mapping[str, str | Path] | None = None,
    statistics: bool = False,
    **options: Any,
) -> "JobCheck":
    """Check a request to create a tuning job, and its data, before it is sent.

    Args:
        body: The request: a dict, JSON, a path, or a ``TuningJob`` of google-genai or google-cloud-aiplatform.
        base_model: With ``training_dataset`` and ``config``, the arguments of ``client.tunings.tune``.
        training_dataset: A ``TuningDataset`` of google-genai, or a dict.
        config: A ``CreateTuningJobConfig`` of google-genai, or a dict.
        data: Local files, each as for ``stats``, by the URI that stands for them in the request; they are
            checked, too.
        statistics: Compute what ``JobCheck.to_api`` needs.
        **options: Fields of ``Settings`` for the data. ``model`` names what a ``preTunedModel`` comes from.

    Raises:
        SourceError: A file cannot be read.
        SettingsError: An argument does not make sense, or a URI of ``data`` is not in the request.
        VocabularyError: Tokens have to be counted and the vocabulary is missing or damaged.
    """
    from tunestats.jobs import (
        Request,
        check_request,
        check_validation_size,
        make_job_check,
        model_of,
        read_call,
    )

    make_settings(options)
    read = read_call(body, base_model, training_dataset, config)
    flaws = Flaws()
    for flaw in read.flaws:
        flaws.append(flaw)
    model = options.pop("model", "")
    unreadable = read.value is None and bool(flaws)
    request = (
        Request(model) if unreadable else check_request(read.value, flaws, model_of(model) if model else "")
    )
    files = _mapped(request, data or {})
    options.setdefault("format", request.format or "auto")
    options["model"] = request.model or model
    if request.model:
        # The request has said what is to be said about the model.
        options["ignore"] = (*words(options.get("ignore", ()), "ignore"), DOUBTFUL_MODEL.code)
    train = files.get(request.training)
    # A data set that is named twice is checked once.
    validation = files.get(request.validation) if request.validation != request.training else None
    report = training = None
    if train is not None:
        # Together: what the two share is worth a word, too.
        report = training = check(train, validation=validation, **options)
        if statistics:
            training = stats(train, **options).report
    elif validation is not None:
        report = check(validation, **options)
        check_validation_size(request, None, report.examples, flaws)
    reports = [report] if report is not None else []
    named = dict.fromkeys(filter(None, (request.training, request.validation)))
    return make_job_check(read, flaws, reports, training, [uri for uri in named if uri not in files])


def plan(
    path: str | Path, *, epochs: int, price: str | float | Decimal | None = None, **options: Any
) -> "Plan":
    """Work out what a tuning job on a data set would be billed for.

    Args:
        path: The training data, as for ``stats``.
        epochs: Passes over the data.
        price: What a million training tokens cost, instead of what the dated table says of ``model``.
        **options: Fields of ``Settings``: ``model``, ``batch_size``, ``format``, ``tokenizer``, …

    Raises:
        SourceError: The file cannot be read.
        SettingsError: An option does not make sense.
        VocabularyError: The tokenizer's vocabulary is missing or damaged.
    """
    from tunestats.jobs import make_plan, own_price

    own = None if price is None else own_price(price)
    if options.get("batch_size") is not None:
        options["epochs"] = epochs
    return make_plan(stats(path, **options).report, epochs, own)


def compare(
    train: str | Path,
    validation: str | Path,
    *,
    progress: Callable[[Progress], object] | None = None,
    **options: Any,
) -> "Comparison":
    """Compare the training data of a job with its validation data: what they share, how they differ.

    Args:
        train: The training data, as for ``stats``.
        validation: The validation data.
        progress: Called now and then with what has been read so far.
        **options: Fields of ``Settings``: ``model``, ``format``, ``tokenizer``, ``max_findings`` (how many shared
            lines of each kind are kept, all are counted), …

    Raises:
        SourceError: A file cannot be read, or has no example that could be compared.
        SettingsError: An option does not make sense.
        VocabularyError: The tokenizer's vocabulary is missing or damaged.
    """
    from tunestats.jobs import compare_data_sets

    options["count_tokens"] = True
    train = input_name(train)
    return compare_data_sets(check([train], validation=validation, progress=progress, **options))


def verify(job: Any, path: str | Path | None = None, **options: Any) -> "Verification":
    """Compare what a finished job reports with its data, or, without data, with itself.

    Where fields differ, the data are counted once more under each other assumption that might explain it.

    Args:
        job: What ``tuningJobs.get`` returned: a path, JSON, a dict or an SDK's object; also its ``tuningDataStats``.
        path: The training data of the job, as for ``stats``.
        **options: Fields of ``Settings``; ``model`` is the job's own unless it is named.

    Raises:
        SourceError: A file cannot be read.
        SettingsError: There are no statistics in the job, or an option does not make sense.
        VocabularyError: The tokenizer's vocabulary is missing or damaged.
    """
    from tunestats.jobs import finished_job, inspect, read_body

    hides = make_settings(options).no_content
    finished = finished_job(read_body(job))
    made = inspect(finished) if path is None else _compare(finished, path, options)
    return made.masked() if hides else made


def _compare(finished: "FinishedJob", path: str | Path, options: Mapping[str, Any]) -> "Verification":
    from tunestats.jobs import compare_job

    # Without the texts that it shows, a document could not be compared.
    options = {"model": finished.model, "format": finished.format, **options, "no_content": False}
    made = stats(path, **options)
    verification = compare_job(finished, made.report, made.to_api(), {})
    if not verification.exit_code or str(path) == STDIN:
        return verification
    others = {
        settings.assumptions: stats(path, **other).to_api()
        for other in _other_assumptions(made.report.settings)
        for settings in [make_settings(other)]
    }
    return compare_job(finished, made.report, made.to_api(), others)


def _other_assumptions(settings: Settings) -> list[dict[str, Any]]:
    """Return the options of all other ways to count, those that change least first."""
    changes: list[tuple[str, tuple[Any, ...]]] = [("count_system", (True, False))]
    if settings.format == "preference":
        changes.append(("variance", VARIANCE))
    else:
        changes.append(("multi_turn", MULTI_TURN))
    usual = {field.name: getattr(settings, field.name) for field in fields(settings)}
    made = [
        {**usual, **dict(zip((name for name, _ in changes), values, strict=True))}
        for values in product(*(choices for _, choices in changes))
    ]
    changed = [(sum(options[name] != usual[name] for name, _ in changes), options) for options in made]
    return [options for count, options in sorted(changed, key=lambda item: item[0]) if count]


def _mapped(request: "Request", data: Mapping[str, str | Path]) -> dict[str, str]:
    named = [uri for uri in (request.training, request.validation) if uri]
    for uri in data:
        # Where the request names none at all, a finding says so.
        if named and uri not in named:
            raise SettingsError(f"`{uri}` is not a data set of the request; it names {' and '.join(named)}")
    return {uri: input_name(path) for uri, path in data.items()}
