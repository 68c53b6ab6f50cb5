"""Tests of ``library`` and the front door."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import tunestats
from tunestats import engines

GOOD = (
    '{"contents":[{"role":"user","parts":[{"text":"Hi"}]},{"role":"model","parts":[{"text":"Hello there"}]}]}'
)
PAIR = (
    '{"contents":[{"role":"user","parts":[{"text":"Hi"}]}],"completions":['
    '{"score":1,"completion":{"role":"model","parts":[{"text":"Hello"}]}},'
    '{"score":0,"completion":{"role":"model","parts":[{"text":"What?"}]}}]}'
)
Write = Callable[..., Path]


def test_per_example_has_a_row_for_every_example(write: Write) -> None:
    path = write(f"{GOOD}\n\n{{\n{GOOD.replace('Hi', 'Hi Hi')}\n")
    frame = tunestats.stats(path, per_example=True).per_example()
    columns = ("line", "example", "input_tokens", "output_tokens", "messages", "characters", "score_variance")
    assert frame.select(columns).rows() == [
        (1, 1, 1, 2, 2, 13, None),
        (3, 2, None, None, None, None, None),
        (4, 3, 2, 2, 2, 16, None),
    ]
    assert frame["dropped"].to_list() == [False, True, False]
    assert frame["scores"].to_list() == [[], None, []]
    assert frame["codes"].to_list() == [[], ["E101"], []]
    assert frame["file"].unique().to_list() == [str(path)]


def test_per_example_of_pairs(write: Write) -> None:
    frame = tunestats.stats(write(PAIR), per_example=True).per_example()
    assert frame["scores"].to_list() == [[1.0, 0.0]]
    assert frame["score_variance"].to_list() == [0.25]


def test_per_example_sums_are_the_document(shared: Path) -> None:
    made = tunestats.stats(shared / "data/codealpaca_2k.sft.jsonl", per_example=True)
    frame = made.per_example()
    document = made.to_api()["supervisedTuningDataStats"]
    assert str(frame["input_tokens"].sum()) == document["userInputTokenDistribution"]["sum"]
    assert frame["input_tokens"].max() == document["userInputTokenDistribution"]["max"]


def test_rows_have_to_be_asked_for(write: Write) -> None:
    with pytest.raises(tunestats.SettingsError, match="per_example=True"):
        tunestats.stats(write(GOOD)).per_example()


def test_check_takes_one_path_or_several(write: Write) -> None:
    first, second = write(GOOD, "first.jsonl"), write(PAIR, "second.jsonl")
    assert tunestats.check(str(first)).examples == tunestats.check(first).examples == 1
    report = tunestats.check([first, str(second)])
    assert [(file.name, file.format) for file in report.files] == [
        (str(first), "sft"),
        (str(second), "preference"),
    ]


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"formt": "sft"}, "formt"),
        ({"format": "csv"}, "`csv` is not a format"),
        ({"model": "gpt-4"}, "`gpt-4` is not a model"),
        ({"max_findings": -1}, "max_findings is -1"),
        ({"epochs": 0, "batch_size": 1}, "epochs is 0"),
        ({"epochs": 3}, "give both or neither"),
        ({"epochs": "3", "batch_size": 1}, "epochs is '3'; expected int"),
        ({"model": 5}, "model is 5; expected str"),
    ],
    ids=str,
)
def test_options_that_make_no_sense_are_refused(options: dict[str, Any], said: str, write: Write) -> None:
    with pytest.raises(tunestats.SettingsError, match=said):
        tunestats.check(write(GOOD), **options)


def test_the_model_decides_the_limit(write: Write) -> None:
    path = write(GOOD.replace("Hi", "word " * 40_000))
    assert tunestats.check(path).counts == {}
    too_long = tunestats.check(path, model="gemini-1.5-pro-002", tokenizer="gemma3")
    assert too_long.counts == {"E601": 1, "W608": 1}
    assert too_long.dropped_examples == 1


def test_a_long_first_line_does_not_hide_the_format(write: Write) -> None:
    report = tunestats.check(write(f"{PAIR.replace('Hi', 'word ' * 60_000)}\n{PAIR}\n"))
    assert report.files[0].format == "preference"
    assert report.counts == {}


def test_a_null_column_does_not_decide_the_format(write: Write) -> None:
    report = tunestats.check(write(f'{GOOD[:-1]},"completions":null}}\n' * 2))
    assert report.files[0].format == "sft"
    assert report.exit_code == 0


@pytest.mark.parametrize(
    "change",
    [lambda data: data[:300], lambda data: data + b"\n{", lambda data: data.replace(b"Hi", b"Ho")],
    ids=["shorter", "longer", "other bytes"],
)
@pytest.mark.parametrize("shard_bytes", [1 << 16, 1 << 30], ids=["shards", "one shard"])
def test_a_file_that_changes_while_it_is_read_is_no_report(
    write: Write,
    monkeypatch: pytest.MonkeyPatch,
    change: Callable[[bytes], bytes],
    shard_bytes: int,
) -> None:
    monkeypatch.setattr(engines, "SHARD_BYTES", shard_bytes)
    data = f"{GOOD}\n".encode() * 5000
    path = write(data)
    seen: list[tunestats.Progress] = []

    def spoil(progress: tunestats.Progress) -> None:
        seen.append(progress)
        if len(seen) == 1:
            path.write_bytes(change(data))

    with pytest.raises(tunestats.SourceError, match="was changed while it was read"):
        tunestats.check(path, progress=spoil)
    assert seen


def test_no_file_is_an_error() -> None:
    with pytest.raises(tunestats.SettingsError, match="no file"):
        tunestats.check([])


def test_a_report_is_shown_as_text_and_as_a_page(write: Write) -> None:
    made = tunestats.report([write(GOOD, "a.jsonl"), write(GOOD, "b.jsonl")], no_content=True)
    assert made.overview().examples == 2
    assert "examples   2: all kept" in made.to_text()
    assert max(map(len, made.to_text(width=200).splitlines())) > 80
    assert made.to_html().startswith("<!DOCTYPE html>")
    assert f"Made by tunestats {tunestats.__version__}." in made.to_html()
    assert made.report.samples == ()


@pytest.mark.parametrize(
    ("model", "tokenizer", "exact"),
    [
        ("", "gemma3", True),
        ("gemini-2.5-flash", "", True),
        ("gemini-2.5-flash", "gemma3", True),
        ("gemini-1.5-pro-002", "gemma3", False),
    ],
)
def test_counts_with_another_vocabulary_than_the_model_s_are_not_exact(
    model: str,
    tokenizer: str,
    exact: bool,  # noqa: FBT001
    write: Write,
) -> None:
    made = tunestats.report(write(GOOD), model=model, tokenizer=tokenizer)
    assert made.report.tokenizer is not None
    assert made.report.tokenizer.exact is exact
    assert ("gemini-1.5-pro-002 counts with gemma2" in " ".join(made.to_text().split())) is not exact


def test_a_file_is_known_by_its_hash(write: Write, shared: Path) -> None:
    path = str(shared / "models/gemma2_tokenizer.model")
    for model, exact in (("gemini-1.5-pro-002", True), ("gemini-2.5-flash", False)):
        tokenizer = tunestats.stats(write(GOOD), model=model, tokenizer=path).report.tokenizer
        assert tokenizer is not None
        assert tokenizer.exact is exact
