"""Facts about models: each has a source and a date, its own or the one it was inherited with."""

from dataclasses import fields

import pytest

from tunestats.limits import ModelFacts, known_models, model_facts

FACTS = [
    field.name
    for field in fields(ModelFacts)
    if field.name not in ("source", "date", "sources", "vocabulary_note")
]


@pytest.mark.parametrize("model", ["", *known_models()])
def test_every_fact_has_a_source_and_a_date(model: str) -> None:
    facts = model_facts(model)
    for name in FACTS:
        source, date = facts.source_of(name)
        assert source
        assert date[:4].isdigit()


def test_inherited_facts_keep_their_source() -> None:
    shared, own = model_facts(), model_facts("gemini-1.5-pro-002")
    assert own.source_of("tokens_per_example") == (own.source, own.date) != (shared.source, shared.date)
    assert own.source_of("media_bytes") == (shared.source, shared.date)
    # What is known from a job is not what the page says.
    flash = model_facts("gemini-2.0-flash")
    assert "job" in flash.source_of("image_tokens")[0]
    assert "page" in flash.source_of("adapter_sizes")[0]


def test_sources_name_facts() -> None:
    for model in known_models():
        assert set(model_facts(model).sources) <= {field.name for field in fields(ModelFacts)}


@pytest.mark.parametrize(
    ("model", "status"),
    [
        ("", ""),
        ("gemini-3.5-flash", ""),
        ("gemini-2.5-pro", ""),
        ("gemini-2.0-flash-001", "not listed"),
        ("gemini-3.5-flash-lite", "not listed"),
        ("gemini-1.5-flash-002", "retired"),
    ],
)
def test_what_is_not_listed_says_so_with_source_and_date(model: str, status: str) -> None:
    facts = model_facts(model)
    assert facts.standing.partition(" (")[0] == status
    assert not status or facts.standing.endswith("; 2026-09-25)")
