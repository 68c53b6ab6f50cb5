"""Count what an example costs.

In: examples and a tokenizer.
Out: which texts are counted, as what; ``Counts`` of each.
Not here: how a text becomes tokens (``tokenizers``), how those of texts are added up (``counted``), or what follows from the number (``checks``).

What is counted is, field by field, what Google's own local tokenizer counts (google-genai 3.4,
``local_tokenizer``): part texts; names, keys and string values of function calls and responses; names,
descriptions and schemas of function declarations; the system instruction. (It would also count the
``responseSchema`` of a ``generationConfig``, which is no training text and is not counted here.) Every string is
counted on its own; roles, turns and numbers cost nothing. Input is everything that is not a model turn, and all media; output is the
texts and calls of the model's turns or, in preference data, the completions.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from tunestats.counted import count_spoken
from tunestats.example import MODEL, Completion, Counts, Example, Part, Spoken
from tunestats.limits import ModelFacts

if TYPE_CHECKING:
    from tunestats.tokenizers import Tokenizer

__all__ = ["count_examples", "count_media", "speak"]


def count_examples(examples: Sequence[Example], tokenizer: "Tokenizer", facts: ModelFacts) -> list[Counts]:
    """Return the counts of each example, tokenizing all their texts in one batch."""
    said = Spoken()
    speak(examples, said)
    media = {index: count_media(example, facts) for index, example in enumerate(examples)}
    counted = count_spoken(said, media, tokenizer)
    return [counted[index] for index in range(len(examples))]


def speak(examples: Iterable[Example], said: Spoken) -> None:
    """Add what is counted of some examples."""
    for example in examples:
        groups = _groups(example)
        for texts in groups:
            said.texts.extend(texts)
            said.ends.append(len(said.texts))
        said.groups.append(len(groups))
        said.messages.append(len(example.messages))
        completions = [item for item in example.completions if item is not None]
        said.scores.append(tuple([item.score for item in completions if item.score is not None]))


def _groups(example: Example) -> list[list[str]]:
    """Return the texts of the input, then of the model's turns or of each completion."""
    source: list[str] = []
    output: list[str] = []
    for part in example.system:
        _add_part(part, source)
    for declaration in example.tools:
        _add_declaration(declaration, source)
    for message in example.messages:
        if message is not None:
            target = output if message.role == MODEL and not example.completions else source
            for part in message.parts:
                _add_part(part, target)
    return [source, *map(_texts, example.completions)] if example.completions else [source, output]


def _texts(completion: Completion | None) -> list[str]:
    texts: list[str] = []
    if completion is not None and completion.message is not None:
        for part in completion.message.parts:
            _add_part(part, texts)
    return texts


def count_media(example: Example, facts: ModelFacts) -> tuple[int, int]:
    """Return the estimated tokens of an example's media, and how many media nothing is known about."""
    tokens = unknown = 0
    for _, part in example.files():
        known = facts.image_tokens.get(part.resolution or example.media_resolution)
        if part.media_type.startswith("image/") and known is not None:
            tokens += known
        else:
            unknown += 1
    return tokens, unknown


def _add_part(part: Part, texts: list[str]) -> None:
    if part.kind == "text":
        texts.append(part.text)
    elif part.value is not None and part.kind in ("function_call", "function_response"):
        _add_string(part.value.get("name"), texts)
        _add_leaves(part.value.get("args" if part.kind == "function_call" else "response"), texts)


def _add_leaves(value: Any, texts: list[str]) -> None:
    """Add every key and every string of a JSON value."""
    pending = [value]
    while pending:
        item = pending.pop()
        if type(item) is str:
            texts.append(item)
        elif type(item) is dict:
            texts.extend(item)
            pending.extend(item.values())
        elif type(item) is list:
            pending.extend(item)


def _add_declaration(declaration: Mapping[str, Any], texts: list[str]) -> None:
    _add_string(declaration.get("name"), texts)
    _add_string(declaration.get("description"), texts)
    pending = [declaration.get("parameters"), declaration.get("response")]
    while pending:
        schema = pending.pop()
        if type(schema) is dict:
            pending.extend(_add_schema(schema, texts))


def _add_schema(schema: Mapping[str, Any], texts: list[str]) -> list[Any]:
    """Add the strings of one schema; return the schemas inside it."""
    _add_string(schema.get("format"), texts)
    _add_string(schema.get("description"), texts)
    for key in ("enum", "required"):
        for item in _list(schema.get(key)):
            _add_string(item, texts)
    _add_leaves(schema.get("example"), texts)
    properties = schema.get("properties")
    inner = [schema.get("items")]
    if type(properties) is dict:
        texts.extend(properties)
        inner.extend(properties.values())
    return inner


def _list(value: Any) -> list[Any]:
    return value if type(value) is list else []


def _add_string(value: Any, texts: list[str]) -> None:
    if type(value) is str:
        texts.append(value)
