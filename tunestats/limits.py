"""Know what depends on the model: limits, vocabulary, tokens of an image.

In: ``data/models.json``, dated facts with their sources.
Out: ``model_facts(name)``, and which names there are.
Not here: what follows from a limit (``checks``) or how tokens are counted (``tokenizers``, ``counting``).
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from functools import cache
from importlib import resources
from math import inf
from typing import Any

from tunestats.errors import SettingsError

__all__ = ["ModelFacts", "known_models", "listed_name", "model_facts"]

LISTED = "listed"


@dataclass(frozen=True, slots=True)
class ModelFacts:
    """What the service says about a model; infinite where no limit is known.

    Attributes:
        tokens_per_example: An example with more tokens is dropped.
        vocabulary: Name of the tokenizer that counts the model's tokens.
        image_tokens: Tokens of one image by ``mediaResolution``; the empty key is the default. A value
            that is missing is not known.
        media_rates: Tokens of media by a unit of their length.
        media_per_example: How many media an example may have, by `image`, `audio`, `video` or a whole type.
        media_bytes: How large a file may be, by the same names.
        adapter_sizes: Adapter sizes that a tuning job may ask for.
        modalities: What examples may hold.
        methods: ``supervised``, ``preference``.
        bytes_per_file: A larger training file is refused.
        text_examples: How many examples a file may have if all are text.
        multimodal_examples: How many it may have if any has media.
        dropped_share: If a larger share of the examples is dropped, the job fails.
        validation_examples: How many examples validation data may have: at most ``most``; and if there are
            more than ``free``, at most ``share`` of the training examples.
        status: Whether the page that lists what can be tuned has the model: ``listed``, ``not listed``, ``retired``.
        source: Where these numbers come from.
        date: The day the source is of, ISO 8601.
        vocabulary_note: What to know about the vocabulary, empty where there is nothing.
        sources: Source and date of each of these fields, where it is not the above.
    """

    tokens_per_example: int
    vocabulary: str
    image_tokens: Mapping[str, int] = field(default_factory=dict)
    media_rates: Mapping[str, int] = field(default_factory=dict)
    media_per_example: Mapping[str, int] = field(default_factory=dict)
    media_bytes: Mapping[str, int] = field(default_factory=dict)
    adapter_sizes: Sequence[int] = ()
    modalities: Sequence[str] = ()
    methods: Sequence[str] = ()
    bytes_per_file: float = inf
    text_examples: float = inf
    multimodal_examples: float = inf
    dropped_share: float = 1
    validation_examples: Mapping[str, float] = field(default_factory=dict)
    status: str = LISTED
    source: str = ""
    date: str = ""
    vocabulary_note: str = ""
    sources: Mapping[str, tuple[str, str]] = field(default_factory=dict)

    def source_of(self, name: str) -> tuple[str, str]:
        """Return where one of the facts comes from, and the day that is of."""
        return self.sources.get(name, (self.source, self.date))

    @property
    def standing(self) -> str:
        """The status with source and date, if it is any but ``listed``; else empty.

        >>> model_facts("gemini-1.5-pro-002").standing
        'retired (no longer on the Vertex AI supervised tuning page; 2026-09-25)'
        """
        source, date = self.source_of("status")
        return f"{self.status} ({source}; {date})" if self.status != LISTED else ""


@cache
def _table() -> dict[str, Any]:
    text = resources.files("tunestats").joinpath("data/models.json").read_text(encoding="utf-8")
    table: dict[str, Any] = json.loads(text)
    return table


def known_models() -> tuple[str, ...]:
    """Return the names of the models that ``model_facts`` knows, newest first."""
    return tuple(_table()["models"])


def listed_name(name: str) -> str:
    """Return the name under which a model is listed; empty if it is not.

    A version suffix is ignored where the model is known without it.

    >>> listed_name("gemini-2.0-flash-001"), listed_name("gemini")
    ('gemini-2.0-flash', '')
    """
    for known in (name, name.rpartition("-")[0] if name[-3:].isdigit() else name):
        if known in _table()["models"]:
            return known
    return ""


@cache
def model_facts(name: str = "") -> ModelFacts:
    """Return the facts of a model; without a name, those that all current models share.

    A version suffix is ignored where the model is known without it (``gemini-2.0-flash-001``).

    Raises:
        SettingsError: The model is not known.
    """
    table = _table()
    if not name:
        return ModelFacts(**table["default"])
    models, listed = table["models"], listed_name(name)
    if not listed:
        near = get_close_matches(name, models, n=1)
        hint = f" Did you mean `{near[0]}`?" if near else ""
        raise SettingsError(
            f"`{name}` is not a model that can be tuned; known are {', '.join(models)}.{hint}"
        )
    row = models[listed]
    return ModelFacts(**{**table["default"], **row, "sources": _sources(table["default"], row)})


def _sources(default: Mapping[str, Any], row: Mapping[str, Any]) -> dict[str, tuple[str, str]]:
    """Return the sources of what is not from the source of the row itself."""
    inherited = [name for name in default if name not in row]
    sources = dict.fromkeys(inherited, (default["source"], default["date"]))
    for item in row.get("sources", ()):
        sources.update(dict.fromkeys(item["of"], (item["source"], item["date"])))
    return sources
