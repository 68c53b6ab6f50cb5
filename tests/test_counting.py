"""Which strings of an example are counted, and as what."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tunestats.counted import characters
from tunestats.counting import count_examples, speak
from tunestats.distribution import population_variance
from tunestats.example import Counts, Example, Part, Spoken
from tunestats.formats.preference import read_preference
from tunestats.formats.sft import read_sft
from tunestats.limits import ModelFacts
from tunestats.tokenizers import TokenizerIdentity

FACTS = ModelFacts(
    tokens_per_example=1000,
    vocabulary="",
    image_tokens={"": 256, "MEDIA_RESOLUTION_LOW": 64, "MEDIA_RESOLUTION_HIGH": 300},
)


class Recorder:
    """A tokenizer for which every text has a token more than letters, and which remembers the texts."""

    identity = TokenizerIdentity("recorder", "", exact=False)

    def __init__(self) -> None:
        self.texts: list[str] = []
        self.calls = 0

    def count(self, texts: Sequence[str]) -> npt.NDArray[np.int64]:
        """Return a number for each text that tells texts apart from their concatenation."""
        self.texts.extend(texts)
        self.calls += 1
        return np.array([len(text) + 1 for text in texts], dtype=np.int64)


def count(example: Example, facts: ModelFacts = FACTS) -> Counts:
    return count_examples([example], Recorder(), facts)[0]


def texts_of(example: Example) -> list[str]:
    recorder = Recorder()
    count_examples([example], recorder, FACTS)
    return sorted(recorder.texts)


def characters_of(example: Example) -> int:
    said = Spoken()
    speak([example], said)
    return int(characters(said)[0])


def tokens(*texts: str) -> int:
    return sum(len(text) + 1 for text in texts)


def user(*parts: dict[str, Any]) -> dict[str, Any]:
    return {"role": "user", "parts": list(parts)}


def model(*parts: dict[str, Any]) -> dict[str, Any]:
    return {"role": "model", "parts": list(parts)}


def declared(**declaration: Any) -> dict[str, Any]:
    return {"contents": [], "tools": [{"functionDeclarations": [declaration]}]}


def media(mime: str, spelling: str = "fileData", key: str = "mimeType") -> dict[str, Any]:
    return {spelling: {key: mime, "fileUri": "gs://b/file"}}


A, B, C = {"text": "a"}, {"text": "bb"}, {"text": "ccc"}
ARGS = {
    "city": "Ur",
    "days": 3,
    "flags": [True, None, 1.5, "raw"],
    "deep": {"inner": [{"leaf": "end"}]},
    "": "",
}
ARG_TEXTS = ["city", "Ur", "days", "flags", "raw", "deep", "inner", "leaf", "end", "", ""]
SCHEMA = {
    "type": "OBJECT", "title": "no title", "default": "no default", "nullable": True, "pattern": "no pattern",
    "format": "fmt", "description": "says", "enum": ["on", "off"], "required": ["size"],
    "propertyOrdering": ["no order"], "minItems": "1",
    "example": {"size": "big", "n": [1, "two"]},
    "anyOf": [{"description": "no choice"}],
    "properties": {
        "size": {"type": "STRING", "description": "how big"},
        "list": {"type": "ARRAY", "items": {"type": "STRING", "format": "date", "enum": ["x"]}},
    },
}  # fmt: skip
SCHEMA_TEXTS = [
    "fmt", "says", "on", "off", "size", "size", "big", "n", "two", "size", "how big", "list", "date", "x",
]  # fmt: skip

TEXTS: dict[str, tuple[dict[str, Any], list[str]]] = {
    "texts": ({"contents": [user(A, B), model(C)]}, ["a", "bb", "ccc"]),
    "every text on its own": ({"contents": [user(A, A), model(A)]}, ["a", "a", "a"]),
    "a text of no letters": ({"contents": [user({"text": ""})]}, [""]),
    "no texts": ({"contents": []}, []),
    "system instruction": ({"contents": [user(A)], "systemInstruction": user(B, C)}, ["a", "bb", "ccc"]),
    "in snake case": ({"contents": [], "system_instruction": {"parts": [B]}}, ["bb"]),
    "function call": ({"contents": [model({"functionCall": {"name": "f", "args": ARGS}})]}, ["f", *ARG_TEXTS]),
    "call in snake case": ({"contents": [model({"function_call": {"name": "f", "args": ARGS}})]}, ["f", *ARG_TEXTS]),
    "call without arguments": ({"contents": [model({"functionCall": {"name": "f", "id": "no id"}})]}, ["f"]),
    "call of nothing": ({"contents": [model({"functionCall": {}})]}, []),
    "function response": (
        {"contents": [user({"functionResponse": {"name": "f", "response": ARGS, "id": "no id"}})]}, ["f", *ARG_TEXTS],
    ),
    "names that are not strings": ({"contents": [model({"functionCall": {"name": 1, "args": {"a": 1}}})]}, ["a"]),
    "declaration": (declared(name="f", description="does it", behavior="BLOCKING"), ["f", "does it"]),
    "parameters": (declared(name="f", parameters=SCHEMA), ["f", *SCHEMA_TEXTS]),
    "response": (declared(name="f", response=SCHEMA), ["f", *SCHEMA_TEXTS]),
    "both": (declared(parameters=SCHEMA, response={"description": "r"}), [*SCHEMA_TEXTS, "r"]),
    "JSON schema": (declared(name="f", parametersJsonSchema={"description": "no schema"}), ["f"]),
    "schema of wrong types": (
        declared(parameters={"format": 1, "enum": "no list", "required": [1, "r"], "properties": [SCHEMA], "items": [SCHEMA]}),
        ["r"],
    ),
    "tools in snake case": ({"contents": [], "tools": [{"function_declarations": [{"name": "f"}]}]}, ["f"]),
    "two tools": (
        {"contents": [], "tools": [{"functionDeclarations": [{"name": "f"}, {"name": "g"}]}, {"functionDeclarations": [{"name": "h"}]}]},
        ["f", "g", "h"],
    ),
    "other tools": ({"contents": [], "tools": [{"googleSearch": {"a": "no search"}}]}, []),
    "media": ({"contents": [user(media("image/png"))]}, []),
    "code": ({"contents": [model({"executableCode": {"language": "PYTHON", "code": "no code"}})]}, []),
    "what stands around": ({"contents": [], "labels": {"a": "b"}, "model": "m", "generationConfig": {"seed": 1}}, []),
    "what cannot be read": ({"contents": [None, 1, {"parts": [None, {}, {"text": 1}]}, user(A)]}, ["a"]),
}  # fmt: skip
every_text = pytest.mark.parametrize(("value", "expected"), TEXTS.values(), ids=TEXTS)


@every_text
def test_texts_that_are_counted(value: dict[str, Any], expected: list[str]) -> None:
    assert texts_of(read_sft(value)) == sorted(expected)


@every_text
def test_characters_are_those_of_the_texts(value: dict[str, Any], expected: list[str]) -> None:
    assert characters_of(read_sft(value)) == sum(map(len, expected))


def test_characters_are_code_points() -> None:
    assert characters_of(read_sft({"contents": [user({"text": "e\u0301\U0001f600\r\n"})]})) == 5


@pytest.mark.parametrize(
    ("value", "source", "output"),
    [
        ({"contents": [user(A), model(B)]}, ["a"], ["bb"]),
        ({"contents": [user(A), model(B), user(C), model(A)]}, ["a", "ccc"], ["bb", "a"]),
        ({"contents": [user(A), model(B)], "systemInstruction": {"role": "model", "parts": [C]}}, ["a", "ccc"], ["bb"]),
        ({**declared(name="f"), "contents": [user(A), model(B)]}, ["a", "f"], ["bb"]),
        ({"contents": [user(A), model({"functionCall": {"name": "f"}})]}, ["a"], ["f"]),
        (
            {"contents": [user(A), model(B), {"parts": [{"functionResponse": {"name": "f"}}]}, model(C)]},
            ["a", "f"], ["bb", "ccc"],
        ),
        ({"contents": [{"parts": [A]}, {"parts": [B]}]}, ["a"], ["bb"]),
        ({"contents": [{"role": "function", "parts": [A]}, {"role": "assistant", "parts": [B]}]}, ["a", "bb"], []),
        ({"contents": []}, [], []),
    ],
    ids=[
        "one turn each", "more turns", "system instruction", "declarations", "call", "response", "no roles",
        "unknown roles", "nothing",
    ],
)  # fmt: skip
def test_input_is_what_is_not_the_models(value: dict[str, Any], source: list[str], output: list[str]) -> None:
    out = tokens(*output)
    assert count(read_sft(value)) == Counts(tokens(*source), out, out, 0, 0)


@pytest.mark.parametrize(
    ("contents", "completions", "expected"),
    [
        ([user(A)], [[B], [C]], Counts(tokens("a"), tokens("bb", "ccc"), tokens("ccc"), 0, 0)),
        ([user(A)], [[C], [B]], Counts(tokens("a"), tokens("bb", "ccc"), tokens("ccc"), 0, 0)),
        ([user(A)], [[C], [B, B]], Counts(tokens("a"), tokens("bb", "bb", "ccc"), tokens("bb", "bb"), 0, 0)),
        ([user(A)], [[B]] * 3, Counts(tokens("a"), tokens("bb", "bb", "bb"), tokens("bb"), 0, 0)),
        (
            [user(A), model(B), user(C)],
            [[A], [B]],
            Counts(tokens("a", "bb", "ccc"), tokens("a", "bb"), tokens("bb"), 0, 0),
        ),
        ([user(A)], [[], []], Counts(tokens("a"), 0, 0, 0, 0)),
    ],
    ids=[
        "second is longer",
        "first is longer",
        "by tokens, not parts",
        "three",
        "a model turn in the prompt",
        "no parts",
    ],
)
def test_completions_are_output_and_the_prompt_is_input(
    contents: list[Any], completions: list[list[Any]], expected: Counts
) -> None:
    value = {
        "contents": contents,
        "completions": [{"score": 1, "completion": model(*parts)} for parts in completions],
    }
    assert count(read_preference(value)) == expected


def test_completions_that_cannot_be_read_cost_nothing() -> None:
    value = {"contents": [user(A)], "completions": [None, {"score": 1}, {"score": 0, "completion": model(B)}]}
    assert count(read_preference(value)) == Counts(tokens("a"), tokens("bb"), tokens("bb"), 0, 0)


@pytest.mark.parametrize(
    ("resolution", "parts", "estimated", "unknown"),
    [
        ("", [media("image/png")], 256, 0),
        ("", [media("image/jpeg", "file_data", "mime_type")] * 2, 512, 0),
        ("", [media("image/png", "inlineData")], 256, 0),
        ("MEDIA_RESOLUTION_LOW", [media("image/png"), media("image/webp")], 128, 0),
        ("MEDIA_RESOLUTION_HIGH", [media("image/png")], 300, 0),
        ("MEDIA_RESOLUTION_UNSPECIFIED", [media("image/png")], 256, 0),
        ("", [media("video/mp4")], 0, 1),
        ("", [media("audio/wav"), media("application/pdf"), media("image/png")], 256, 2),
        ("", [media("")], 0, 1),
        ("", [{"fileData": {"mimeType": 1}}], 0, 1),
        ("", [{"fileData": {}}], 0, 1),
    ],
    ids=[
        "image", "snake case", "inline", "low", "high", "unspecified", "video", "mixed", "no type", "wrong type", "empty",
    ],
)  # fmt: skip
def test_media_in_the_input(
    resolution: str, parts: list[dict[str, Any]], estimated: int, unknown: int
) -> None:
    value = {"contents": [user(*parts, A), model(B)], "generationConfig": {"mediaResolution": resolution}}
    expected = Counts(tokens("a") + estimated, tokens("bb"), tokens("bb"), estimated, unknown)
    assert count(read_sft(value)) == expected


def test_images_of_a_model_of_which_nothing_is_known_are_unknown() -> None:
    facts = ModelFacts(tokens_per_example=1000, vocabulary="")
    assert count(read_sft({"contents": [user(media("image/png"), A)]}), facts) == Counts(
        tokens("a"), 0, 0, 0, 1
    )


def test_images_of_a_resolution_of_which_nothing_is_known_are_unknown() -> None:
    facts = ModelFacts(tokens_per_example=1000, vocabulary="", image_tokens={"": 258})
    value = {
        "contents": [user(media("image/png"))],
        "generationConfig": {"mediaResolution": "MEDIA_RESOLUTION_LOW"},
    }
    assert count(read_sft(value), facts) == Counts(0, 0, 0, 0, 1)


@pytest.mark.parametrize("mime", ["image/png", "video/mp4"])
@pytest.mark.parametrize("place", ["systemInstruction", "functionResponse"])
def test_media_in_other_places_are_not_silently_nothing(mime: str, place: str) -> None:
    response = {"name": "f", "response": {}, "parts": [{"inlineData": {"mimeType": mime, "data": ""}}]}
    values: dict[str, dict[str, Any]] = {
        "systemInstruction": {"contents": [user(A), model(B)], "systemInstruction": user(media(mime))},
        "functionResponse": {"contents": [user({"functionResponse": response}), model(B)]},
    }
    counts = count(read_sft(values[place]))
    assert counts.estimated_media_tokens + counts.unknown_media > 0


def test_examples_are_counted_in_one_batch_and_apart() -> None:
    values: list[dict[str, Any]] = [
        {"contents": [user(A), model(B)]},
        {"contents": []},
        {"contents": [user(C, C)]},
        declared(name="f"),
    ]
    examples = [read_sft(value) for value in values]
    recorder = Recorder()
    assert count_examples(examples, recorder, FACTS) == [count(example) for example in examples]
    assert recorder.calls == 1


def test_no_examples() -> None:
    assert count_examples([], Recorder(), FACTS) == []


leaves = st.none() | st.booleans() | st.integers() | st.text("abc", max_size=3)
words = st.text("abc", max_size=3)
json_values = st.recursive(
    leaves,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(words, inner, max_size=3),
    max_leaves=12,
)
schemas: st.SearchStrategy[dict[str, Any]] = st.deferred(
    lambda: st.fixed_dictionaries(
        {},
        optional={
            "type": words, "title": words, "default": json_values, "format": words, "description": words,
            "enum": st.lists(words, max_size=2), "required": st.lists(words, max_size=2), "example": json_values,
            "items": schemas, "properties": st.dictionaries(words, schemas, max_size=2),
            "anyOf": st.lists(schemas, max_size=1),
        },
    )
)  # fmt: skip


def strings(value: Any) -> list[str]:
    """Return all keys and strings of a JSON value, recursively."""
    if isinstance(value, dict):
        return [*value, *(text for item in value.values() for text in strings(item))]
    if isinstance(value, list):
        return [text for item in value for text in strings(item)]
    return [value] if isinstance(value, str) else []


def schema_strings(schema: dict[str, Any]) -> list[str]:
    """Return what is counted of a schema, recursively."""
    properties = schema.get("properties", {})
    inner = [*properties.values(), *([schema["items"]] if "items" in schema else [])]
    return [
        *(schema[key] for key in ("format", "description") if key in schema),
        *schema.get("enum", []),
        *schema.get("required", []),
        *strings(schema.get("example")),
        *properties,
        *(text for item in inner for text in schema_strings(item)),
    ]


law = settings(deadline=None, max_examples=80)


@law
@given(st.dictionaries(words, json_values, max_size=4))
def test_calls_against_a_recursive_reader(args: dict[str, Any]) -> None:
    call, response = (
        {"functionCall": {"name": "f", "args": args}},
        {"functionResponse": {"name": "f", "response": args}},
    )
    expected = sorted(["f", *strings(args)])
    assert texts_of(read_sft({"contents": [model(call)]})) == expected
    assert texts_of(read_sft({"contents": [user(response)]})) == expected


@law
@given(schemas)
def test_schemas_against_a_recursive_reader(schema: dict[str, Any]) -> None:
    assert texts_of(read_sft(declared(parameters=schema))) == sorted(schema_strings(schema))


def test_values_deeper_than_the_stack() -> None:
    args: dict[str, Any] = {"end": "leaf"}
    for _ in range(20_000):
        args = {"k": [args]}
    example = Example(
        (), system=(Part("function_call", value={"name": "f", "args": args}, key="functionCall"),)
    )
    assert characters_of(example) == len("f") + 20_000 * len("k") + len("endleaf")


@pytest.mark.parametrize(
    ("scores", "expected"),
    [
        ((1.0,), 0.0),
        ((1, 0), 0.25),
        ((1, 1), 0.0),
        ((0, 1, 2), 2 / 3),
        ((0.5, 0.5, 0.5, 0.5), 0.0),
        ((-3.0, 3.0), 9.0),
    ],
    ids=str,
)
def test_population_variance(scores: Sequence[float], expected: float) -> None:
    assert population_variance(scores) == pytest.approx(expected, rel=1e-15)
