"""Tests of ``stats_document``: the API's shape, checked against a real job and Google's own types."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tunestats import SettingsError, check, stats
from tunestats.library import Stats
from tunestats.stats_document import shorten

GOOD = '{"contents":[{"role":"user","parts":[{"text":"Hi"}]},{"role":"model","parts":[{"text":"Hello"}]}]}'
Write = Callable[..., Path]

# The order of the fields' numbers in the proto.
SUPERVISED_KEYS = (
    "tuningDatasetExampleCount totalTuningCharacterCount totalBillableCharacterCount tuningStepCount "
    "userInputTokenDistribution userOutputTokenDistribution userMessagePerExampleDistribution userDatasetExamples "
    "totalBillableTokenCount totalTruncatedExampleCount truncatedExampleIndices droppedExampleReasons"
).split()
PREFERENCE_KEYS = (
    "tuningDatasetExampleCount totalBillableTokenCount tuningStepCount userInputTokenDistribution "
    "userOutputTokenDistribution scoreVariancePerExampleDistribution scoresDistribution userDatasetExamples "
    "droppedExampleIndices droppedExampleReasons"
).split()


def turn(role: str, *texts: str) -> dict[str, Any]:
    return {"role": role, "parts": [{"text": text} for text in texts]}


def sft(question: str = "Hi there", answer: str = "Hello") -> dict[str, Any]:
    return {"contents": [turn("user", question), turn("model", answer)]}


def pair(first: float = 1, second: float = 0) -> dict[str, Any]:
    texts = zip((first, second), ("Hello", "What do you want"), strict=True)
    completions = [{"score": score, "completion": turn("model", text)} for score, text in texts]
    return {"contents": [turn("user", "Hi")], "completions": completions}


def supervised(path: Path, **options: Any) -> dict[str, Any]:
    document: dict[str, Any] = stats(path, **options).to_api()["supervisedTuningDataStats"]
    return document


def preference(path: Path, **options: Any) -> dict[str, Any]:
    document: dict[str, Any] = stats(path, **options).to_api()["preferenceOptimizationDataStats"]
    return document


def lines(*examples: Any) -> str:
    return "".join(
        f"{example if isinstance(example, str) else json.dumps(example)}\n" for example in examples
    )


def test_job_002_is_reproduced_in_every_field_and_in_order(shared: Path) -> None:
    outputs = shared / "reference/service-outputs"
    real = json.loads((outputs / "002_wikilingua_500.job.json").read_text(encoding="utf-8"))[
        "tuningDataStats"
    ]
    ours = stats(
        outputs / "002_wikilingua_500.sft.jsonl", tokenizer=str(shared / "models/gemma2_tokenizer.model")
    )
    assert json.dumps(ours.to_api()) == json.dumps(real)
    assert ours.report.tokenizer is not None
    assert ours.report.tokenizer.exact


def test_image_job_003_counts_258_tokens_an_image(shared: Path) -> None:
    model = "gemini-2.0-flash-001"
    with_images = stats(shared / "data/llava_qa90_images.sft.jsonl", model=model)
    assert with_images.report.estimated_media_tokens == 90 * 258
    assert with_images.report.distributions["input_tokens"].min > 258


@pytest.mark.parametrize("branch", ["supervised", "preference"])
def test_google_genai_reads_the_same_numbers_back(branch: str, write: Write) -> None:
    types = pytest.importorskip("google.genai.types", reason="google-genai is not installed")
    examples = [sft("Hi " * n, "Hello " * (n % 7 + 1)) for n in range(1, 30)]
    text = lines(*examples, "{") if branch == "supervised" else lines(pair(), pair(0, 1), "{")
    ours = stats(write(text), epochs=3, batch_size=4)
    key = next(iter(ours.to_api()))
    read = types.TuningDataStats.model_validate_json(ours.to_json())
    back = json.loads(read.model_dump_json(by_alias=True, exclude_none=True))
    assert numbers(back[key]) == numbers(ours.to_api()[key])


def numbers(value: Any) -> Any:
    """Return a document with int64 strings and whole floats as numbers."""
    if isinstance(value, dict):
        return {key: numbers(item) for key, item in value.items()}
    if isinstance(value, list):
        return [numbers(item) for item in value]
    return float(value) if isinstance(value, str) and value.isdigit() else value


def test_types_and_order_of_the_supervised_branch(write: Write) -> None:
    document = supervised(write(lines(sft(), "{", sft("Hi"))), epochs=10, batch_size=3)
    assert list(document) == [key for key in SUPERVISED_KEYS if key in document]
    assert document["tuningDatasetExampleCount"] == "3"
    assert document["tuningStepCount"] == "7"
    assert document["userMessagePerExampleDistribution"] == {
        "sum": "4",
        "min": 2,
        "max": 2,
        "mean": 2,
        "median": 2,
        "p5": 2,
        "p95": 2,
        "buckets": [{"count": 2, "left": 2, "right": 2}],
    }
    assert document["totalBillableTokenCount"] == "5"
    assert document["totalTruncatedExampleCount"] == "1"
    assert document["truncatedExampleIndices"] == ["2"]
    assert len(document["droppedExampleReasons"]) == 1


def test_types_and_order_of_the_preference_branch(write: Write) -> None:
    document = preference(write(lines(pair(), "{", pair(0, 1))))
    assert list(document) == [key for key in PREFERENCE_KEYS if key in document]
    assert document["scoresDistribution"] == {
        "sum": 2,
        "max": 1,
        "mean": 0.5,
        "p95": 1,
        "buckets": [{"count": "2"}, {"count": "2", "left": 1, "right": 1}],
    }
    assert document["scoreVariancePerExampleDistribution"]["buckets"] == [
        {"count": "2", "left": 0.25, "right": 0.25}
    ]
    assert document["userInputTokenDistribution"]["sum"] == 2
    assert document["userOutputTokenDistribution"]["sum"] == 2 * (1 + 4)
    assert document["totalBillableTokenCount"] == str(2 + 2 * 5)
    assert document["droppedExampleIndices"] == ["2"]
    assert "totalTruncatedExampleCount" not in document
    assert document["userDatasetExamples"][0]["completions"] == [
        {"completion": turn("model", "Hello"), "score": 1},
        {"completion": turn("model", "What do you want")},
    ]


def test_fields_that_are_zero_are_absent(write: Write) -> None:
    document = supervised(write("{\n"))
    assert document == {
        "tuningDatasetExampleCount": "1",
        "totalTruncatedExampleCount": "1",
        "truncatedExampleIndices": ["1"],
        "droppedExampleReasons": document["droppedExampleReasons"],
    }
    assert supervised(write("")) == {}


@pytest.mark.parametrize(
    ("parts", "shown"),
    [
        ([{"text": "Look "}, {"text": "here"}], "Look here"),
        (
            [{"text": "What is it?"}, {"fileData": {"mimeType": "image/png", "fileUri": "gs://b/a"}}],
            "<media0>What is it?",
        ),
        ([{"text": "x" * 400}], "x" * 400),
        ([{"text": "é" * 401}], "é" * 397 + "..."),
        ([{"functionCall": {"name": "f", "args": {}}}], '{"functionCall":{"name":"f","args":{}}}'),
        (
            [{"functionCall": {"name": "f", "args": {"a": json.loads("[" * 400 + "]" * 400)}}}],
            '{"functionCall":{...}}',
        ),
    ],
    ids=[
        "parts are merged",
        "media stands in front",
        "400 characters",
        "401 characters",
        "call",
        "deep call",
    ],
)
def test_user_dataset_examples(parts: list[Any], shown: str, write: Write) -> None:
    example = {"contents": [{"role": "user", "parts": parts}, turn("model", "Hello")]}
    document = supervised(write(lines(example)))
    assert document["userDatasetExamples"] == [turn("user", shown), turn("model", "Hello")]


def test_the_first_three_kept_examples_are_shown_without_system_instruction(write: Write) -> None:
    system = {"systemInstruction": {"parts": [{"text": "Be brief"}]}}
    texts = [sft(f"Question {number}") | system for number in range(5)]
    document = supervised(write(lines("{", *texts)))
    shown = [content["parts"][0]["text"] for content in document["userDatasetExamples"]]
    assert shown == ["Question 0", "Hello", "Question 1", "Hello", "Question 2", "Hello"]


def test_a_hundred_dropped_examples_are_listed_and_all_are_counted(write: Write) -> None:
    document = supervised(write("{\n" * 250))
    assert document["totalTruncatedExampleCount"] == "250"
    assert document["truncatedExampleIndices"] == [str(index) for index in range(1, 101)]
    assert len(document["droppedExampleReasons"]) == 100


def test_an_overlong_example_is_dropped_and_not_billed(write: Write) -> None:
    document = supervised(write(lines(sft(), sft("word " * 140_000))))
    assert document["truncatedExampleIndices"] == ["2"]
    assert "tokens; the limit is 131,072 (E601 too-many-tokens)" in document["droppedExampleReasons"][0]
    assert int(document["totalBillableTokenCount"]) < 10


def test_json_is_the_document(write: Write) -> None:
    made = stats(write(GOOD))
    assert json.loads(made.to_json()) == made.to_api()
    assert ".0" not in made.to_json()


def test_statistics_need_counted_tokens_of_one_file(write: Write) -> None:
    path = write(GOOD)
    with pytest.raises(SettingsError, match="tokens were not counted"):
        Stats(check(path)).to_api()
    with pytest.raises(SettingsError, match="2 files"):
        Stats(check([path, path])).to_api()


def test_shorten_is_idempotent() -> None:
    assert shorten(shorten("a" * 5000)) == "a" * 397 + "..."
