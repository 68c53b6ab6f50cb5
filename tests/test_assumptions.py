"""Other assumptions about the service add the same pieces up in other ways."""

import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given
from hypothesis import strategies as st

import tunestats
from tests.oracle import EXAMPLES, mutated, seeded
from tunestats.assumptions import count_in_pieces
from tunestats.counting import count_examples
from tunestats.distribution import population_variance, sample_variance
from tunestats.formats import FORMATS
from tunestats.limits import model_facts
from tunestats.settings import Settings
from tunestats.tokenizers import TokenizerIdentity

Write = Callable[..., Path]
SYSTEM = {"parts": [{"text": "12345"}]}
CASES = [(name, value) for name in FORMATS for value in EXAMPLES[name]]


class Letters:
    identity = TokenizerIdentity("letters", "", exact=False)

    def count(self, texts: Sequence[str]) -> npt.NDArray[np.int64]:
        return np.array([len(text) for text in texts], dtype=np.int64)


def turn(role: str, text: str) -> dict[str, Any]:
    return {"role": role, "parts": [{"text": text}]}


@pytest.mark.parametrize(("name", "value"), CASES)
@given(seed=st.integers(0, 1 << 30), times=st.integers(0, 3))
def test_pieces_add_up_to_the_whole(name: str, value: Any, seed: int, times: int) -> None:
    value = mutated(value, seeded(seed), times)
    example = FORMATS[name].read(value if isinstance(value, dict) else {})
    (whole,) = count_examples([example], Letters(), model_facts())
    settings = Settings()
    assert count_in_pieces([example, example], Letters(), settings) == [whole, whole]
    # Whatever is assumed, the limit is for everything.
    (without,) = count_in_pieces([example], Letters(), Settings(count_system=False, multi_turn="turn"))
    assert without.input_tokens + without.uncounted_tokens == whole.input_tokens
    assert (without.output_tokens, without.longest_completion_tokens) == whole[1:3]


TALK = {
    "systemInstruction": SYSTEM,
    "contents": [turn("user", "1"), turn("model", "12"), turn("user", "123"), turn("model", "1234")],
}


@pytest.mark.parametrize(
    ("options", "pairs"),
    [
        ({}, ((9, 6),)),
        ({"count_system": False}, ((4, 6),)),
        ({"multi_turn": "turn"}, ((6, 2), (11, 4))),
        ({"multi_turn": "turn", "count_system": False}, ((1, 2), (6, 4))),
    ],
    ids=["usual", "without system", "turns", "both"],
)
def test_what_gets_a_value(options: dict[str, Any], pairs: tuple[tuple[int, int], ...]) -> None:
    (counts,) = count_in_pieces([FORMATS["sft"].read(TALK)], Letters(), Settings(**options))
    assert (counts.turns or ((counts.input_tokens, counts.output_tokens),)) == pairs


def test_the_document_follows(write: Write) -> None:
    path = write(f"{json.dumps(TALK)}\n")
    usual = tunestats.stats(path, tokenizer="gemma3").to_api()["supervisedTuningDataStats"]
    turns = tunestats.stats(path, tokenizer="gemma3", multi_turn="turn").to_api()["supervisedTuningDataStats"]
    assert usual["tuningDatasetExampleCount"] == turns["tuningDatasetExampleCount"] == "1"
    assert [bucket["count"] for bucket in usual["userOutputTokenDistribution"]["buckets"]] == [1]
    assert sum(bucket["count"] for bucket in turns["userOutputTokenDistribution"]["buckets"]) == 2
    assert usual["userOutputTokenDistribution"]["sum"] == turns["userOutputTokenDistribution"]["sum"]
    assert turns["userMessagePerExampleDistribution"] == usual["userMessagePerExampleDistribution"]


def test_the_system_instruction_counts_towards_the_limit_in_any_case(write: Write) -> None:
    long = {"parts": [{"text": "word " * 140_000}]}
    path = write(json.dumps({**TALK, "systemInstruction": long}))
    for counted in (True, False):
        report = tunestats.stats(path, count_system=counted).report
        assert [finding.code for finding in report.findings] == ["E601"]


@pytest.mark.parametrize(("variance", "value"), [("population", 0.25), ("sample", 0.5)])
def test_variance(variance: str, value: float, write: Write) -> None:
    frame = tunestats.stats(write(json.dumps(EXAMPLES["preference"][0])), variance=variance, per_example=True)
    assert frame.per_example()["score_variance"].to_list() == [value]


@given(st.lists(st.floats(-1e6, 1e6), min_size=2, max_size=9))
def test_sample_variance_is_numpys(scores: list[float]) -> None:
    assert sample_variance(scores) == pytest.approx(float(np.var(scores, ddof=1)), rel=1e-6, abs=1e-6)
    assert population_variance(scores) == pytest.approx(float(np.var(scores)), rel=1e-6, abs=1e-6)
    assert sample_variance(scores[:1]) is None


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"multi_turn": "turns"}, "`turns` is not a value of multi_turn; expected one of example, turn"),
        ({"variance": ""}, "expected one of population, sample"),
        ({"count_system": "no"}, "count_system is 'no'; expected bool"),
    ],
    ids=str,
)
def test_assumptions_that_make_no_sense(options: dict[str, Any], said: str) -> None:
    with pytest.raises(tunestats.SettingsError, match=said):
        Settings(**options)


def test_assumptions_by_name() -> None:
    assert Settings().assumptions == ()
    odd = Settings(multi_turn="turn", variance="sample", count_system=False)
    assert odd.assumptions == ("--multi-turn turn", "--variance sample", "--no-count-system")


def test_the_command_says_what_is_assumed(tunestats: Callable[..., Any]) -> None:
    usual = tunestats("stats", "sample_data/sft.jsonl")
    odd = tunestats("stats", "sample_data/sft.jsonl", "--multi-turn", "turn", "--no-count-system")
    assert "Assumed" not in usual.stderr
    assert "Assumed: --multi-turn turn --no-count-system\n" in odd.stderr
    assert usual.stdout != odd.stdout
