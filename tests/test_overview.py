"""Tests of ``overview``: what a report comes to."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tunestats import report
from tunestats.distribution import Distribution
from tunestats.overview import make_overview
from tunestats.report import Report
from tunestats.settings import Settings

Write = Callable[..., Path]


def example(prompt: str, answer: str = "Hello") -> str:
    turns = [
        {"role": role, "parts": [{"text": text}]} for role, text in (("user", prompt), ("model", answer))
    ]
    return json.dumps({"contents": turns})


GOOD, TOO_LONG = example("Hi"), example("word " * 132_000)


def test_reasons_are_ranked_and_sum_to_what_is_left_out(write: Write) -> None:
    bad = GOOD.replace('"model"', '"assistant"')
    found = report(write(f"{GOOD}\n{{\n{bad}\n{bad}\n{TOO_LONG}\n{GOOD}")).overview()
    assert found.reasons == {"E301": 2, "E101": 1, "E601": 1}
    assert list(found.reasons) == ["E301", "E101", "E601"]
    assert (found.examples, found.kept, found.dropped, found.over_limit) == (6, 2, 4, 1)
    assert found.share(found.dropped) == 4 / 6
    assert found.repeats == {"W601": 1, "W602": 0, "W603": 0}


def test_the_longest_are_first_and_those_over_the_limit_among_them(write: Write) -> None:
    longest = report(write("\n".join([GOOD, example("Hi you"), TOO_LONG, GOOD]))).overview().longest
    assert [(item.line, item.too_long) for item in longest] == [(3, True), (2, False), (1, False), (4, False)]
    assert longest[0].limited_tokens > 131_072
    assert longest[1].limited_tokens == longest[1].input_tokens + longest[1].output_tokens == 3


def test_only_so_many_of_the_longest_are_kept(write: Write) -> None:
    longest = report(write("\n".join(example("Hi " * count) for count in range(1, 40)))).overview().longest
    assert [item.line for item in longest] == list(range(39, 29, -1))


@pytest.mark.parametrize(
    "options",
    [{"ignore": "W601"}, {"select": "E"}, {"per_file_ignores": {"*.jsonl": ["duplicate-example"]}}],
    ids=str,
)
def test_repeats_that_are_hidden_are_not_none_at_all(options: dict[str, Any], write: Write) -> None:
    assert report(write(f"{GOOD}\n{GOOD}"), **options).overview().repeats["W601"] is None


def test_an_empty_file_comes_to_nothing(write: Write) -> None:
    found = report(write("")).overview()
    assert (found.examples, found.kept, found.quantities, found.longest) == (0, 0, (), ())
    assert found.share(0) == 0


@given(st.lists(st.integers(0, 10**6) | st.integers(0, 9), min_size=1))
def test_figures_are_those_of_numpy(values: list[int]) -> None:
    held = Report(Settings(), (), (), {}, distributions={"input_tokens": Distribution(values)})
    (quantity,) = make_overview(held).quantities
    assert (quantity.sum, quantity.min, quantity.max) == (sum(values), min(values), max(values))
    assert quantity.mean == pytest.approx(np.mean(values))
    assert quantity.median == np.floor(np.median(values))
    edges = [(bucket.left, bucket.right) for bucket in quantity.buckets]
    assert edges == sorted(edges)
    assert [bucket.count for bucket in quantity.buckets] == [
        sum(left <= value <= right for value in values) for left, right in edges
    ]
    assert sum(bucket.count for bucket in quantity.buckets) == len(values)
