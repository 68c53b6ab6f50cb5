"""Compare the arguments of a function call with the parameters that its declaration names.

In: a call's arguments and the declaration, both as they stood.
Out: W408 to W411 advice.
Not here: whether the function is declared (``functions``) or the schema makes sense (``declarations``).

Read are the Schema of the API (types in any case) and the same words of JSON Schema. Where a schema says
something else (``allOf``, ``not``, ``if``, ``pattern``, …) that part is believed; advice is given only where the
words that are known decide.
"""

from collections.abc import Mapping
from difflib import get_close_matches
from typing import Any

from tunestats.checks.values import is_of_type, limits_broken, types_of
from tunestats.findings import Flaw, Flaws
from tunestats.quoting import excerpt, member, named, quoted
from tunestats.rules import ARGUMENT_OUT_OF_RANGE, MISSING_ARGUMENT, UNKNOWN_ARGUMENT, WRONG_ARGUMENT_TYPE

__all__ = ["ArgumentCheck"]

# Schemas may contain themselves: neither depth nor work may grow without end.
MAX_DEPTH = 60
MAX_STEPS = 100_000
SUGGESTIONS = 5
LISTED = 5
DEFINITIONS = {"#/$defs/": "$defs", "#/defs/": "defs", "#/definitions/": "definitions"}
# Where one of them stands, other properties than the listed ones may be meant.
OPEN = ("additionalProperties", "additional_properties", "patternProperties", "unevaluatedProperties")
# Words that combine schemas in ways that are not looked into.
OPAQUE = ("allOf", "not", "if", "$dynamicRef")


class ArgumentCheck:
    """Checks the calls of one example, with a bounded amount of work for all of them."""

    def __init__(self, flaws: Flaws) -> None:
        self.flaws = flaws
        self.steps = MAX_STEPS
        self.suggestions = SUGGESTIONS

    def check(self, call: Mapping[str, Any], declaration: Mapping[str, Any], path: str) -> None:
        """Append advice about the arguments of one call, which stands at ``path``."""
        schema = declaration.get("parameters")
        if schema is None:
            schema = declaration.get("parametersJsonSchema", declaration.get("parameters_json_schema"))
        arguments = call.get("args")
        if type(schema) is not dict or type(arguments) not in (dict, type(None)):
            return
        if "partialArgs" in call or "partial_args" in call:
            return
        for flaw in _Reading(self, schema).flaws_of(arguments or {}, schema, f"{path}.args", 1):
            self.flaws.append(flaw)


class _Reading:
    """The reading of one value by one schema, ``root``, to which its references lead back."""

    def __init__(self, check: ArgumentCheck, root: Mapping[str, Any]) -> None:
        self.check = check
        self.root = root

    def flaws_of(self, value: Any, schema: Any, path: str, depth: int, *, closed: bool = True) -> list[Flaw]:
        """Return the advice about one value; none where the schema cannot be followed.

        ``closed`` is false for an alternative of a schema that names properties of its own.
        """
        schema = self._resolved(schema)
        if type(schema) is not dict or depth > MAX_DEPTH or any(key in schema for key in OPAQUE):
            return []
        self.check.steps -= _cost(schema)
        if self.check.steps < 0:
            return []
        if value is None and _takes_null(schema):
            return []
        types = types_of(schema)
        if types and not any(is_of_type(value, name) for name in types):
            said = f"{named(value)} stands here; the schema says {' or '.join(types)}"
            return [WRONG_ARGUMENT_TYPE.at(path, said)]
        found = self._flaws_of_choice(value, schema, path, depth)
        if not found:
            found = [ARGUMENT_OUT_OF_RANGE.at(path, said) for said in limits_broken(value, schema)]
        if type(value) is dict:
            found += self._flaws_of_members(value, schema, path, depth, closed=closed)
        elif type(value) is list and type(schema.get("items")) is dict:
            for index, item in enumerate(value):
                if self.check.steps < 0:
                    break
                found += self.flaws_of(item, schema["items"], f"{path}[{index}]", depth + 1)
        return found

    def _resolved(self, schema: Any) -> Any:
        """Return what a reference leads to, None if that is not found."""
        for _ in range(MAX_DEPTH):
            name = schema.get("$ref", schema.get("ref")) if type(schema) is dict else None
            if name is None:
                return schema
            schema = self._definition(name) if type(name) is str else None
        return None

    def _definition(self, reference: str) -> Any:
        if reference == "#":
            return self.root
        for start, key in DEFINITIONS.items():
            definitions = self.root.get(key)
            if reference.startswith(start) and type(definitions) is dict:
                return definitions.get(reference.removeprefix(start))
        return None

    def _flaws_of_choice(self, value: Any, schema: Mapping[str, Any], path: str, depth: int) -> list[Flaw]:
        """Return a flaw if a value is like none of several alternatives; the only one says what is wrong."""
        for key in ("anyOf", "any_of", "oneOf"):
            choices = schema.get(key)
            if type(choices) is not list or not choices:
                continue
            alone = "properties" not in schema
            each = [self.flaws_of(value, choice, path, depth + 1, closed=alone) for choice in choices]
            if all(each):
                said = f"{quoted(value)} is none of the {len(choices)} alternatives of `{key}`"
                return each[0] if len(each) == 1 else [WRONG_ARGUMENT_TYPE.at(path, said)]
        return []

    def _flaws_of_members(
        self, value: dict[str, Any], schema: Mapping[str, Any], path: str, depth: int, *, closed: bool
    ) -> list[Flaw]:
        required, properties = schema.get("required"), schema.get("properties")
        needed = [name for name in required if type(name) is str] if type(required) is list else []
        found = [
            MISSING_ARGUMENT.at(path, f"`{excerpt(name)}` is missing; the schema requires it")
            for name in dict.fromkeys(needed)
            if name not in value
        ]
        if type(properties) is not dict:
            return found
        closed &= not any(schema.get(key) not in (None, False) for key in OPEN) and not _has_choice(schema)
        # Inside arguments, an OBJECT without properties is how the API says that any will do.
        closed &= bool(properties) or depth == 1 or schema.get("additionalProperties") is False
        for key, item in value.items():
            if key in properties:
                # Exporters write null for an argument that was not given.
                if item is not None or key in needed:
                    found += self.flaws_of(item, properties[key], member(path, key), depth + 1)
            elif closed:
                self.check.steps -= 1
                found.append(UNKNOWN_ARGUMENT.at(member(path, key), self._unknown(key, properties)))
            if self.check.steps < 0:
                break
        return found

    def _unknown(self, key: str, properties: Mapping[str, Any]) -> str:
        names = [name[:60] for name in list(properties)[:100]]
        self.check.suggestions -= 1
        near = get_close_matches(key[:60], names, n=1) if self.check.suggestions >= 0 else []
        if near:
            return f"`{excerpt(key)}` is not declared; did you mean `{excerpt(near[0])}`?"
        listed = ", ".join(f"`{excerpt(name)}`" for name in names[:LISTED]) or "none"
        return f"`{excerpt(key)}` is not declared; declared: {listed}"


def _cost(schema: Mapping[str, Any]) -> int:
    """Return how much work a schema makes, apart from the schemas inside it."""
    return len(schema) + sum([len(item) for item in schema.values() if type(item) is list])


def _takes_null(schema: Mapping[str, Any]) -> bool:
    return schema.get("nullable") is True or not schema.get("type")


def _has_choice(schema: Mapping[str, Any]) -> bool:
    return any(schema.get(key) for key in ("anyOf", "any_of", "oneOf"))
