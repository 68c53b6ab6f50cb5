"""What is wrong with whole files is said once, and at the right place."""

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tunestats import check
from tunestats.limits import model_facts
from tunestats.report import Report

Write = Callable[..., Path]
Facts = Callable[..., None]
IMAGE = {"fileData": {"mimeType": "image/png", "fileUri": "gs://b/a.png"}}
SNAKE_IMAGE = {"file_data": {"mimeType": "image/png", "fileUri": "gs://b/a.png"}}


def line(asked: str, *parts: Any, resolution: str = "", **rest: Any) -> str:
    config = {"generationConfig": {"mediaResolution": f"MEDIA_RESOLUTION_{resolution}"}} if resolution else {}
    turns = [
        {"role": "user", "parts": [*parts, {"text": asked}]},
        {"role": "model", "parts": [{"text": f"Answer to {asked}"}]},
    ]
    return json.dumps({"contents": turns, **config, **rest}) + "\n"


def lines(count: int, start: int = 0) -> str:
    return "".join(line(f"question {number}") for number in range(start, start + count))


def found(report: Report) -> list[tuple[str, int, str]]:
    return [(Path(item.file).name, item.line, item.code) for item in report.findings]


@pytest.fixture
def facts(monkeypatch: pytest.MonkeyPatch) -> Facts:
    """Change what is known about every model."""

    def change(**known: Any) -> None:
        changed = replace(model_facts("gemini-2.5-flash"), **known)
        monkeypatch.setattr("tunestats.settings.model_facts", lambda _: changed)

    return change


def test_a_file_may_be_as_large_as_the_limit(write: Write, facts: Facts) -> None:
    path = write(lines(3))
    size = path.stat().st_size
    facts(bytes_per_file=size)
    assert found(check(path)) == []
    facts(bytes_per_file=size - 1)
    [finding] = check(path).findings
    assert (finding.line, finding.code) == (0, "E604")
    assert f"{size:,} bytes; the limit is {size - 1:,}" in finding.message


@pytest.mark.parametrize(("media", "limit"), [(False, 4), (True, 3)], ids=["text", "media"])
def test_number_of_examples(write: Write, facts: Facts, media: bool, limit: int) -> None:  # noqa: FBT001
    facts(text_examples=4, multimodal_examples=3)
    data = [line("What?", IMAGE)] * media + [line(f"{number}") for number in range(9)]
    assert found(check(write("".join(data[:limit])))) == []
    assert found(check(write("".join(data[: limit + 1])))) == [("train.jsonl", 0, "E605")]


LONG = [line(f"{number} " + "word " * 300) for number in range(9)]


@pytest.mark.parametrize(
    ("good", "long", "failing", "told"),
    [
        (18, 2, 0, False),
        (17, 2, 0, True),
        (16, 2, 1, True),
        # Lines that make the job fail are not dropped.
        (19, 1, 9, False),
        (0, 9, 0, False),
        (1, 9, 0, True),
    ],
    ids=["a tenth", "more", "with other errors", "other errors only", "few examples", "all but one"],
)
def test_share_of_dropped_examples(  # noqa: PLR0913, PLR0917  a table
    write: Write,
    facts: Facts,
    good: int,
    long: int,
    failing: int,
    told: bool,  # noqa: FBT001
) -> None:
    facts(tokens_per_example=100)
    report = check(write(lines(good) + "".join(LONG[:long]) + '{"contents": 5}\n' * failing))
    said = [finding for finding in report.findings if finding.code == "E606"]
    assert bool(said) is told
    if said:
        assert said[0].line == 0
        assert said[0].message.startswith(f"{long} of {good + long + failing} examples")


@pytest.mark.parametrize(
    ("training", "validation", "told"),
    [(20, 4, False), (20, 5, False), (20, 7, True), (1000, 8, False), (1000, 9, True)],
    ids=["small", "at the share", "over the share", "at the limit", "over the limit"],
)
def test_validation_size(write: Write, facts: Facts, training: int, validation: int, told: bool) -> None:  # noqa: FBT001
    facts(validation_examples={"most": 8, "free": 4, "share": 0.3})
    files = [write(lines(training // 2), "a.jsonl"), write(lines(training // 2, 5000), "b.jsonl")]
    report = check(files, validation=write(lines(validation, 10_000), "validation.jsonl"))
    assert found(report) == [("validation.jsonl", 0, "E608")] * told
    assert [file.is_validation for file in report.files] == [False, False, True]


def test_method_of_a_named_model(write: Write) -> None:
    pairs = write(
        '{"contents":[{"role":"user","parts":[{"text":"Hi"}]}],"completions":['
        '{"score":1,"completion":{"role":"model","parts":[{"text":"a"}]}},'
        '{"score":0,"completion":{"role":"model","parts":[{"text":"b"}]}}]}\n'
    )
    assert found(check(pairs)) == []
    assert found(check(pairs, model="gemini-2.5-flash")) == []
    assert found(check(pairs, model="gemini-2.5-pro")) == [("train.jsonl", 0, "E607")]
    assert found(check(write(lines(100)), model="gemini-2.5-pro")) == []


def test_resolutions(write: Write) -> None:
    low, high = (line(size, IMAGE, resolution=size) for size in ("LOW", "HIGH"))
    first = write(
        line("text", resolution="HIGH") + lines(2) + low + line("LOW again", IMAGE, resolution="LOW"),
        "a.jsonl",
    )
    second = write(
        "\n" + low.replace("LOW?", "?") + high + line("none", IMAGE) + high.replace("HIGH", "HIGH"), "b.jsonl"
    )
    assert [item for item in found(check(first)) if item[2] == "W604"] == []
    report = check([first, second])
    assert [item for item in found(report) if item[2] == "W604"] == [
        ("b.jsonl", 3, "W604"),
        ("b.jsonl", 4, "W604"),
    ]
    one, other = (finding for finding in report.findings if finding.code == "W604")
    assert (one.example, other.example) == (2, 3)
    assert "`MEDIA_RESOLUTION_HIGH` here, `MEDIA_RESOLUTION_LOW` on line 4 of" in one.message
    assert "left to the default here" in other.message
    assert [item[1] for item in found(check(second)) if item[2] == "W604"] == [3, 4]


def test_spellings(write: Write) -> None:
    system = {"parts": [{"text": "Be kind"}]}
    data = (
        line("a", systemInstruction=system)
        + line("b", system_instruction=system)
        + line("c", SNAKE_IMAGE)
        + line("d", systemInstruction=system)
        + line("e", IMAGE)
    )
    report = check(write(data))
    assert [(item.line, item.code, item.message) for item in report.findings] == [
        (2, "W605", "`system_instruction` here, `systemInstruction` from line 1 on"),
        (5, "W605", "`fileData` here, `file_data` from line 3 on"),
    ]


def test_files_are_not_mixed_up(write: Write) -> None:
    """A repetition in another file is no repetition; a file that is refused unread has no other flaw."""
    paths = [write(lines(2), "a.jsonl"), write("[\n1,\n2]", "b.jsonl"), write(lines(2), "c.jsonl")]
    assert found(check(paths)) == [("b.jsonl", 0, "E110")]


def answered(answer: str, asked: str = "question 1", **rest: Any) -> str:
    return line(asked, **rest).replace(f"Answer to {asked}", answer)


OVERLAPS = [
    pytest.param(lines(1, 1), "W606", "the line is the same as line 3 of", id="line"),
    pytest.param(
        lines(1, 1).replace("question", " QUES tion"),
        "W606",
        "the example is nearly the same as",
        id="folded",
    ),
    pytest.param(
        lines(1, 1).replace("\n", "\r\n"), "W606", "the example is nearly the same as", id="end of line"
    ),
    pytest.param(answered("Another"), "W607", "the prompt is that of line 3 of", id="prompt"),
    pytest.param(lines(1, 9), "", "", id="nothing"),
    pytest.param(
        answered("Another", systemInstruction={"parts": [{"text": "Be kind"}]}), "", "", id="another system"
    ),
    pytest.param('{"contents": [] }\n', "", "", id="what is left out"),
]


@pytest.mark.parametrize(("shared", "code", "said"), OVERLAPS)
def test_validation_data_are_not_in_the_training_data(
    write: Write, shared: str, code: str, said: str
) -> None:
    first, second = (
        write(lines(3, 500), "a.jsonl"),
        write(lines(1) + "\n" + lines(2, 1) + lines(1, 1), "b.jsonl"),
    )
    validation = write(lines(2, 700) + shared + '{"contents": []}\n', "validation.jsonl")
    report = check([first, second], validation=validation)
    told = [finding for finding in report.findings if finding.code in ("W606", "W607")]
    assert [(finding.line, finding.example, finding.code) for finding in told] == [(3, 3, code)] * bool(code)
    assert [(finding.message.startswith(said), str(second) in finding.message) for finding in told] == [
        (True, True)
    ] * bool(code)
    # Without a word about which is which, files may share what they like.
    assert {"W606", "W607"}.isdisjoint(check([first, second, validation]).counts)


def test_all_of_an_overlap_is_counted(write: Write) -> None:
    train = write(lines(6))
    text = lines(5) + lines(3).replace("question", "Question") + answered("Another") * 2
    validation = write(text, "v.jsonl")
    report = check(train, validation=validation, max_findings=2)
    assert [finding.line for finding in report.findings if finding.code == "W606"] == [1, 2]
    assert (report.counts["W606"], report.counts["W607"]) == (8, 2)
    hidden = check(train, validation=validation, max_findings=2, ignore="W606")
    assert "W606" not in hidden.counts
    assert hidden.overlaps == report.overlaps
    assert [(overlap.kind.name, overlap.training, overlap.validation) for overlap in report.overlaps] == [
        ("LINE", 5, 5),
        ("EXAMPLE", 0, 3),
        ("PROMPT", 0, 2),
    ]
    line_overlap, _, prompts = report.overlaps
    assert [(item.line, item.training_line) for item in line_overlap.lines] == [(1, 1), (2, 2)]
    assert [(item.line, item.training_line) for item in prompts.lines] == [(9, 2), (10, 2)]


def test_validation_data_of_another_format(write: Write) -> None:
    pairs = write(
        '{"contents":[{"role":"user","parts":[{"text":"Hi"}]}],"completions":['
        '{"score":1,"completion":{"role":"model","parts":[{"text":"a"}]}},'
        '{"score":0,"completion":{"role":"model","parts":[{"text":"b"}]}}]}\n',
        "pairs.jsonl",
    )
    examples = write(lines(3))
    assert found(check(examples, validation=pairs)) == [("pairs.jsonl", 0, "E609")]
    assert found(check(pairs, validation=examples)) == [("train.jsonl", 0, "E609")]
    assert found(check([examples, pairs])) == []


def test_a_model_of_the_past_is_named_once(write: Write) -> None:
    files = [write(lines(1)), write(lines(1, 1), "b.jsonl")]
    (finding,) = check(files, model="gemini-2.0-flash-001", select="W608").findings
    assert (finding.file, finding.line, finding.example) == (str(files[0]), 0, 0)
    assert finding.message.startswith("`gemini-2.0-flash-001` is not listed (")
    assert check(files, model="gemini-2.5-pro", select="W608").findings == ()
