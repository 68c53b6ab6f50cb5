"""What training and validation data share is found, however it is written; nothing else is."""

import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from click.testing import Result
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import tunestats
from tunestats.duplicates import Repeat
from tunestats.jobs import Comparison, compare_data_sets

Write = Callable[..., Path]
Run = Callable[..., Result]
SAMPLE = Path(__file__).parent.parent.parent / "sample_data"
IMAGE = {"fileData": {"mimeType": "image/png", "fileUri": "gs://b/a.png"}}


def line(asked: str, answered: str = "Certainly", *parts: Any, **rest: Any) -> str:
    turns = [
        {"role": "user", "parts": [*parts, {"text": asked}]},
        {"role": "model", "parts": [{"text": answered}]},
    ]
    return json.dumps({"contents": turns, **rest}) + "\n"


def pair(asked: str, better: str, worse: str) -> str:
    answers = [
        {"score": score, "completion": {"role": "model", "parts": [{"text": text}]}}
        for score, text in ((1, better), (0, worse))
    ]
    return (
        json.dumps({"contents": [{"role": "user", "parts": [{"text": asked}]}], "completions": answers})
        + "\n"
    )


def found(comparison: Comparison) -> dict[str, list[tuple[int, int]]]:
    """Return the shared lines by kind: of the validation data, then of the training data."""
    return {
        overlap.kind.name: [(item.line, item.training_line) for item in overlap.lines]
        for overlap in comparison.overlaps
        if overlap.lines
    }


MANY = [line(f"Is {number} a prime number?", f"Let us see: {number * 7}") for number in range(100_000)]
OTHERS = [line(f"Is {number} even?", f"Let us see: {number * 7}") for number in range(300)]


PLANTED = [
    line("Is 77777 a prime number?", "No"),
    MANY[33_333],
    line("IS 555 55 a prime\tnumber?", f"let us see:{55_555 * 7} "),
]


@pytest.mark.parametrize(
    ("planted", "expected"),
    [
        ([], {}),
        (PLANTED, {"LINE": [(201, 33_334)], "EXAMPLE": [(202, 55_556)], "PROMPT": [(200, 77_778)]}),
    ],
    ids=["nothing", "prompt, line, white space and case"],
)
def test_one_of_a_hundred_thousand(
    write: Write, planted: list[str], expected: dict[str, list[tuple[int, int]]]
) -> None:
    train = write("".join(MANY))
    validation = write("".join(OTHERS[:199] + planted + OTHERS[199:]), "validation.jsonl")
    comparison = tunestats.compare(train, validation)
    assert found(comparison) == expected
    assert comparison.exit_code == bool(planted)
    assert (comparison.shared_training, comparison.shared_validation) == (len(planted), len(planted))


class Said(NamedTuple):
    """One example, and how it is written."""

    asked: str
    answered: str
    style: int


def written(said: Said) -> str:
    styles: list[Callable[[str], str]] = [str, str.upper, lambda text: f" {text}\t"]
    style = styles[said.style]
    return line(style(said.asked), style(said.answered))


examples = st.builds(Said, st.sampled_from("abcde"), st.sampled_from("xy"), st.integers(0, 2))


def expected_of(training: Sequence[Said], validation: Sequence[Said]) -> dict[str, list[tuple[int, int]]]:
    """Return what is shared, by comparing each with each."""
    result: dict[str, list[tuple[int, int]]] = {}
    for number, said in enumerate(validation, 1):
        for kind, length in ((Repeat.LINE, 3), (Repeat.EXAMPLE, 2), (Repeat.PROMPT, 1)):
            same = [first for first, other in enumerate(training, 1) if other[:length] == said[:length]]
            if same:
                result.setdefault(kind.name, []).append((number, same[0]))
                break
    return result


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(examples, min_size=1, max_size=6), st.lists(examples, min_size=1, max_size=6))
def test_shared_is_what_comparing_each_with_each_finds(
    write: Write, training: list[Said], validation: list[Said]
) -> None:
    paths = write("".join(map(written, training))), write("".join(map(written, validation)), "v.jsonl")
    comparison = tunestats.compare(*paths)
    assert found(comparison) == expected_of(training, validation)
    turned = tunestats.compare(*paths[::-1])
    assert found(turned) == expected_of(validation, training)
    assert (turned.shared_training, turned.shared_validation) == (
        comparison.shared_validation,
        comparison.shared_training,
    )


def test_pairs_are_compared_by_their_prompts_alone(write: Write) -> None:
    train = write(pair("Which?", "Good", "Bad") + pair("Where?", "Here", "There"))
    validation = write(
        pair("Which?", "good", " bad")
        + pair("which?", "Bad", "Good")
        + pair("Where?", "a", "b")
        + pair("Why?", "a", "b"),
        "v.jsonl",
    )
    assert found(tunestats.compare(train, validation)) == {"EXAMPLE": [(1, 1)], "PROMPT": [(2, 1), (3, 2)]}
    # Supervised and preference data of one project have prompts in common, too.
    supervised = write(line("Where?") + line("Who?"), "sft.jsonl")
    assert found(tunestats.compare(supervised, validation)) == {"PROMPT": [(3, 1)]}


def test_what_is_wrong_with_both(write: Write) -> None:
    low = {"generationConfig": {"mediaResolution": "MEDIA_RESOLUTION_LOW"}}
    train = write(line("a", "b", IMAGE, **low) + line("c") * 2)
    validation = write(
        "".join(line(f"{number}") for number in range(1001)) + line("a", "x", IMAGE), "v.jsonl"
    )
    comparison = tunestats.compare(train, validation)
    assert [(Path(item.file).name, item.line, item.code) for item in comparison.findings] == [
        ("v.jsonl", 0, "E608"),
        ("v.jsonl", 1002, "W604"),
    ]
    # They are not what the exit code is about.
    assert comparison.exit_code == 0
    assert comparison.estimated_media_tokens > 0


def test_drift_is_of_every_distribution(write: Write) -> None:
    train, validation = write(line("one two three") * 3), write(line("one"), "v.jsonl")
    comparison = tunestats.compare(train, validation)
    stats = tunestats.stats(train).to_api()["supervisedTuningDataStats"]
    drifts = {drift.name: drift for drift in comparison.drifts}
    assert list(drifts) == ["input_tokens", "output_tokens", "messages", "characters"]
    assert drifts["input_tokens"].training.mean == stats["userInputTokenDistribution"]["mean"] == 3
    assert (drifts["input_tokens"].statistic, drifts["messages"].statistic) == (1, 0)
    pairs = write(pair("a", "b", "c"), "pairs.jsonl")
    assert [drift.name for drift in tunestats.compare(pairs, pairs).drifts] == [
        *drifts,
        "scores",
        "score_variance",
    ]


def test_the_options_of_stats(write: Write) -> None:
    paths = write(line("a", systemInstruction={"parts": [{"text": "b c d"}]})), write(line("e"), "v.jsonl")
    comparison = tunestats.compare(*paths, count_system=False)
    assert comparison.assumptions == ("--no-count-system",)
    assert [drift.statistic for drift in comparison.drifts if drift.name == "input_tokens"] == [0]
    with pytest.raises(tunestats.SettingsError, match="`modle` is not an option"):
        tunestats.compare(*paths, modle="x")


@pytest.mark.parametrize(
    "text", ["", '[{"contents": 1},\n{}]', '{"contents": 1}\n'], ids=["empty", "array", "bad"]
)
def test_nothing_is_not_without_overlap(write: Write, tunestats: Run, text: str) -> None:
    good, other = str(write(line("a"))), str(write(text, "other.jsonl"))
    for paths in ((good, other), (other, good)):
        result = tunestats("compare", *paths)
        assert (result.exit_code, result.stdout) == (2, "")
        why = "was not read: the file is one JSON array" if "[" in text[:1] else "has no example that could"
        assert f"other.jsonl: {why}" in result.stderr


def test_only_a_run_over_both_can_be_compared(write: Write) -> None:
    path = write(line("a"))
    for report in (tunestats.check(path, validation=path), tunestats.stats(path).report):
        with pytest.raises(tunestats.SettingsError, match="one training file with one validation file"):
            compare_data_sets(report)


@pytest.mark.parametrize(("other", "code"), [(line("b"), 0), (line("a"), 1), (line("a", "x"), 1)])
def test_command(write: Write, tunestats: Run, other: str, code: int) -> None:
    paths = str(write(line("a"))), str(write(other, "v.jsonl"))
    result = tunestats("compare", *paths)
    assert result.exit_code == code
    assert ("none: no line, example or prompt is in both" in result.stdout) is not bool(code)
    shown = json.loads(tunestats("compare", *paths, "--output-format", "json").stdout)
    assert shown["overlap"]["validation"] == code
    assert shown["drift"][0]["statistic"] == 0
    assert tunestats("compare", paths[0]).exit_code == 2
    assert tunestats("compare", paths[0], "nowhere.jsonl").exit_code == 2


def test_as_many_lines_as_are_asked_for(write: Write, tunestats: Run) -> None:
    paths = str(write(line("a") * 3)), str(write(line("a") * 30, "v.jsonl"))
    for options, shown in ((["--max-findings", "2"], 2), ([], 10), (["--max-findings", "0"], 30)):
        text = tunestats("compare", *paths, *options).stdout
        assert text.count(": training line 1\n") == shown
        assert (f"… and {30 - shown} more; --max-findings 0 shows all" in text) is (shown < 30)
    kinds = json.loads(tunestats("compare", *paths, "--output-format", "json").stdout)["overlap"]["kinds"]
    assert [(kind["kind"], kind["training"], kind["validation"], len(kind["lines"])) for kind in kinds] == [
        ("line", 3, 30, 30),
        ("example", 0, 0, 0),
        ("prompt", 0, 0, 0),
    ]
