"""Write the statistics as the service does: ``TuningDataStats`` in JSON.

In: a ``Report`` with counted tokens.
Out: the document, in the API's spelling, key order and types. The only room that knows them.
Not here: how the numbers come about (``distribution``, ``counting``).

ProtoJSON writes int64 as strings and doubles as numbers, keeps the order of the fields' numbers, and leaves out
fields that are zero or empty; whole doubles have no ``.0``. What nothing public decides is listed, with our
choice, in README.md under "Where we may differ from the service".
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

import orjson

from tunestats.distribution import Bucket, Distribution
from tunestats.errors import SettingsError
from tunestats.example import MODEL, USER, Example, Message, Part
from tunestats.report import Report

__all__ = ["SHOWN_CHARACTERS", "billable_tokens", "document_json", "stats_document"]

SHOWN_CHARACTERS = 400
ELLIPSIS = "..."


def stats_document(report: Report) -> dict[str, Any]:
    """Return ``{"supervisedTuningDataStats": {...}}`` or ``{"preferenceOptimizationDataStats": {...}}``.

    Raises:
        SettingsError: The report is of several files or its tokens were not counted.
    """
    if len(report.files) != 1:
        raise SettingsError(f"statistics are those of one data set; there are {len(report.files)} files")
    if report.tokenizer is None:
        raise SettingsError("tokens were not counted; make the report with `stats`")
    if report.files[0].format == "sft":
        return {"supervisedTuningDataStats": _supervised(report)}
    return {"preferenceOptimizationDataStats": _preference(report)}


def document_json(document: Mapping[str, Any]) -> str:
    """Return a document as indented JSON."""
    return orjson.dumps(document, option=orjson.OPT_INDENT_2).decode()


def _supervised(report: Report) -> dict[str, Any]:
    return _without_zeros(
        {
            "tuningDatasetExampleCount": _int64(report.examples),
            "tuningStepCount": _int64(report.step_count or 0),
            "userInputTokenDistribution": _supervised_distribution(report, "input_tokens"),
            "userOutputTokenDistribution": _supervised_distribution(report, "output_tokens"),
            "userMessagePerExampleDistribution": _supervised_distribution(report, "messages"),
            "userDatasetExamples": [
                _content(message) for example in report.samples for message in example.messages
            ],
            "totalBillableTokenCount": _int64(billable_tokens(report)),
            "totalTruncatedExampleCount": _int64(report.dropped_examples),
            "truncatedExampleIndices": [_int64(dropped.example) for dropped in report.dropped],
            "droppedExampleReasons": [dropped.reason for dropped in report.dropped],
        }
    )


def _preference(report: Report) -> dict[str, Any]:
    return _without_zeros(
        {
            "tuningDatasetExampleCount": _int64(report.examples),
            "totalBillableTokenCount": _int64(billable_tokens(report)),
            "tuningStepCount": _int64(report.step_count or 0),
            "userInputTokenDistribution": _preference_distribution(report, "input_tokens"),
            "userOutputTokenDistribution": _preference_distribution(report, "output_tokens"),
            "scoreVariancePerExampleDistribution": _preference_distribution(report, "score_variance"),
            "scoresDistribution": _preference_distribution(report, "scores"),
            "userDatasetExamples": [_preference_example(example) for example in report.samples],
            "droppedExampleIndices": [_int64(dropped.example) for dropped in report.dropped],
            "droppedExampleReasons": [dropped.reason for dropped in report.dropped],
        }
    )


def billable_tokens(report: Report) -> int:
    """Return what the service reports as billable: input and output of one pass, not times epochs."""
    columns = (report.distributions.get(name) for name in ("input_tokens", "output_tokens"))
    return sum(int(column.sum) for column in columns if column is not None)


def _supervised_distribution(report: Report, name: str) -> dict[str, Any]:
    # SupervisedTuningDatasetDistribution: the sum is an int64, a bucket's count a double.
    return _distribution(report.distributions.get(name), total=_int64, bucket_count=_number)


def _preference_distribution(report: Report, name: str) -> dict[str, Any]:
    # DatasetDistribution: the sum is a double, a bucket's count an int64.
    return _distribution(report.distributions.get(name), total=_number, bucket_count=_int64)


def _distribution(
    values: Distribution | None, total: Callable[[Any], Any], bucket_count: Callable[[Any], Any]
) -> dict[str, Any]:
    if values is None or not values.count:
        return {}
    return _without_zeros(
        {
            "sum": total(values.sum),
            "min": _number(values.min),
            "max": _number(values.max),
            "mean": _number(values.mean),
            "median": _number(values.median),
            "p5": _number(values.percentile(5)),
            "p95": _number(values.percentile(95)),
            "buckets": [_bucket(bucket, bucket_count) for bucket in values.buckets()],
        }
    )


def _bucket(bucket: Bucket, count: Callable[[Any], Any]) -> dict[str, Any]:
    return _without_zeros(
        {"count": count(bucket.count), "left": _number(bucket.left), "right": _number(bucket.right)}
    )


def _int64(value: float) -> str:
    return str(int(value))


def _number(value: float) -> float:
    return int(value) if value == int(value) else value


def _without_zeros(fields: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in fields.items() if value not in ("0", 0, "", [], {})}


def _preference_example(example: Example) -> dict[str, Any]:
    return _without_zeros(
        {
            "contents": [_content(message) for message in example.messages],
            "completions": [
                _without_zeros({"completion": _content(item.message), "score": _number(item.score or 0)})
                for item in example.completions
                if item is not None
            ],
        }
    )


def _content(message: Message | None) -> dict[str, Any]:
    if message is None:
        return {"role": USER}
    shown = shorten("".join(_shown_parts(message.parts)))
    parts = [{"text": shown}] if shown else [{}]
    return {"role": MODEL if message.role == MODEL else USER, "parts": parts}


def shorten(text: str) -> str:
    """Return a text as the service shows it: beyond 400 code points, 397 of them and three dots.

    >>> len(shorten("x" * 401)), shorten("Hi")
    (400, 'Hi')
    """
    return text if len(text) <= SHOWN_CHARACTERS else text[: SHOWN_CHARACTERS - len(ELLIPSIS)] + ELLIPSIS


def _dumped(part: Part) -> str:
    try:
        return orjson.dumps({part.key: part.value}).decode()
    except orjson.JSONEncodeError:
        # orjson reads 1,024 levels and writes 254; it is cut off long before in any case.
        return f'{{"{part.key}":{{...}}}}'


def _shown_parts(parts: Iterable[Part]) -> Iterable[str]:
    """Yield what is shown of a turn's parts: media in front, by number, then the texts."""
    parts = list(parts)
    media = [part for part in parts if part.kind in ("file_data", "inline_data")]
    yield from (f"<media{index}>" for index in range(len(media)))
    for part in parts:
        if part.kind == "text":
            yield part.text
        elif part.kind and part not in media:
            yield _dumped(part)
