"""What a job would be billed for."""

import json
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result

import tunestats
from tunestats.jobs.plan import known_price
from tunestats.limits import known_models, model_facts

Run = Callable[..., Result]
SAMPLE = Path(__file__).parent.parent.parent / "sample_data"
SFT, PREFERENCE = SAMPLE / "sft.jsonl", SAMPLE / "preference.jsonl"


@pytest.mark.parametrize("path", [SFT, PREFERENCE], ids=["sft", "preference"])
def test_billed_is_the_reported_total_times_the_epochs(path: Path) -> None:
    made = tunestats.plan(path, model="gemini-2.5-flash", epochs=4)
    (document,) = tunestats.stats(path, model="gemini-2.5-flash").to_api().values()
    assert made.tokens == int(document["totalBillableTokenCount"])
    assert made.billable_tokens == 4 * made.tokens
    assert made.cost == Decimal(5) * made.billable_tokens / 1_000_000
    assert made.steps is None


@pytest.mark.parametrize(
    ("price", "cost"), [("2", "0.000428"), (0.5, "0.000107"), (Decimal(0), "0"), (3, "0.000642")], ids=str
)
def test_own_price(price: Any, cost: str) -> None:
    made = tunestats.plan(SFT, model="gemini-3.5-flash", epochs=1, price=price)
    assert made.cost == Decimal(cost)
    assert made.price is not None
    assert made.price.source == "given by the user"


@pytest.mark.parametrize("price", ["", "x", "-1", "NaN", "Infinity"])
def test_what_is_no_price(price: str) -> None:
    with pytest.raises(tunestats.SettingsError, match="is not a price"):
        tunestats.plan(SFT, epochs=1, price=price)


def test_every_price_is_of_a_model_that_is_tuned_by_that_method() -> None:
    for name in known_models():
        for format_name, method in (("sft", "supervised"), ("preference", "preference")):
            price = known_price(name, format_name)
            assert price is None or method in model_facts(name).methods
            assert price is None or (price.source and price.date and price.amount > 0)
    assert known_price("gemini-2.0-flash-001", "sft") == known_price("gemini-2.0-flash", "sft") is not None
    assert known_price("gemini-2.5-flash-lite", "sft") != known_price("gemini-2.5-flash", "sft")
    assert known_price("gemini-2.0-flash-lite", "sft") is None
    assert known_price("", "sft") is None


def test_steps_are_those_of_the_statistics() -> None:
    assert tunestats.plan(SFT, model="gemini-2.5-flash", epochs=3, batch_size=4).steps == 4


def test_a_plan_says_everything_as_json() -> None:
    made = tunestats.plan(SAMPLE / "broken.jsonl", model="gemini-2.5-pro", epochs=2, multi_turn="turn")
    shown = json.loads(made.to_json())
    assert shown["billable_tokens"] == made.billable_tokens == 2 * shown["tokens"]
    assert Decimal(shown["cost"]) == made.cost
    assert shown["dropped"] == 6
    assert shown["assumptions"] == ["--multi-turn turn"]
    assert shown["errors"] == 6
    assert made.exit_code == 1


def test_epochs_have_to_be(tmp_path: Path) -> None:
    with pytest.raises(tunestats.SettingsError, match="epochs is 0"):
        tunestats.plan(SFT, epochs=0)
    with pytest.raises(tunestats.SourceError):
        tunestats.plan(tmp_path / "nowhere.jsonl", epochs=1)


VIDEO = {"fileData": {"mimeType": "video/mp4", "fileUri": "gs://b/a.mp4"}}
LINE = {"contents": [{"role": "user", "parts": [VIDEO]}, {"role": "model", "parts": [{"text": "Hi"}]}]}


def test_unknown_media_are_said(tunestats: Run, write: Callable[..., Path]) -> None:
    result = tunestats("plan", str(write(json.dumps(LINE))), "--model", "gemini-2.5-flash", "--epochs", "1")
    assert "the tokens of 1 media file, which nobody knows offline" in " ".join(result.stdout.split())
    assert "less than 0.01 USD and what the media cost" in result.stdout
    assert result.exit_code == 0


def test_command(tunestats: Run) -> None:
    words = [
        "plan",
        "sample_data/sft.jsonl",
        "--model",
        "gemini-2.5-flash",
        "--epochs",
        "10000",
        "--price",
        "7.5",
    ]
    result = tunestats(*words)
    assert (
        "billed   2,140,000 tokens: 214 x 10,000 epochs\ncost     16.05 USD, at 7.5 a million"
        in result.stdout
    )
    assert max(map(len, result.stdout.splitlines())) < 80
    assert json.loads(tunestats(*words, "--output-format", "json").stdout)["cost"] == "16.05"
    assert tunestats("plan", "sample_data/broken.jsonl", *words[2:]).exit_code == 1
    assert tunestats(*words[:2]).exit_code == 2


def test_a_plan_says_that_its_model_is_retired() -> None:
    old = tunestats.plan(SFT, model="gemini-1.5-pro-002", tokenizer="gemma3", epochs=1)
    assert json.loads(old.to_json())["model_status"] == model_facts("gemini-1.5-pro-002").standing
    new = tunestats.plan(SFT, model="gemini-2.5-flash", epochs=1)
    assert json.loads(new.to_json())["model_status"] is None
