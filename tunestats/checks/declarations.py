"""Check the functions that an example declares.

In: the function declarations of an example.
Out: W412 to W414 advice about names and schemas.
Not here: the shape of a schema (``formats``) or the calls (``functions``).
"""

import re
from collections.abc import Collection, Iterator, Mapping
from itertools import islice
from typing import Any

from tunestats.checks.fits import is_usual
from tunestats.checks.values import types_of
from tunestats.example import Declaration, Example
from tunestats.findings import Flaws
from tunestats.quoting import excerpt, member, quoted
from tunestats.rules import DUPLICATE_FUNCTION, FUNCTION_NAME, SCHEMA_GAP

__all__ = ["check_declarations", "check_schema"]

NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_.:-]*")
NAME_CHARACTERS = 64
MAX_DEPTH = 100
MAX_SCHEMAS = 5_000
# Words of a schema, what they are, and the type that they belong to.
OWNED = (("properties", dict, "OBJECT"), ("required", list, "OBJECT"), ("items", dict, "ARRAY"))
_Pending = tuple[Any, str, int, Collection[str]]


def check_declarations(example: Example, flaws: Flaws) -> None:
    """Append advice about the declarations of an example."""
    if not example.tools:
        return
    first: dict[str, str] = {}
    for declaration, path in zip(example.tools, example.tool_paths, strict=True):
        name = declaration.get("name")
        if type(name) is str and name:
            if name in first:
                said = f"{quoted(name)} is also declared as {first[name]}"
                flaws.append(DUPLICATE_FUNCTION.at(f"{path}.name", said))
            first.setdefault(name, path)
        own = declaration.remember(_own_flaws)
        if own:
            for flaw in own:
                flaws.append(flaw._replace(path=path + flaw.path))
            flaws.add_more(own.more)


def _own_flaws(declaration: Declaration) -> Flaws:
    """Return the advice about one declaration, with paths inside it."""
    flaws = Flaws()
    name = declaration.get("name")
    if type(name) is str and name:
        _check_name(name, flaws)
    for key in ("parameters", "response"):
        schema = declaration.get(key)
        if schema is not None and not is_usual(schema):
            check_schema(schema, f".{key}", flaws)
    _check_root(declaration.get("parameters"), ".parameters", flaws)
    return flaws


def _check_name(name: str, flaws: Flaws) -> None:
    if NAME.fullmatch(name) is None:
        said = f"{quoted(name)} is not a name; expected letters, digits and `_.:-`, a letter or `_` first"
        flaws.append(FUNCTION_NAME.at(".name", said))
    elif len(name) > NAME_CHARACTERS:
        said = f"{quoted(name)} has {len(name):,} characters; expected at most {NAME_CHARACTERS}"
        flaws.append(FUNCTION_NAME.at(".name", said))


def _check_root(schema: Any, path: str, flaws: Flaws) -> None:
    """Append advice if parameters are not said to be an object."""
    if type(schema) is not dict or schema.get("type") in ("OBJECT", "object"):
        return
    types = types_of(schema)
    if types and "OBJECT" not in types:
        said = f"the type is {types[0]}; the parameters of a function are an OBJECT"
        flaws.append(SCHEMA_GAP.at(f"{path}.type", said))
    elif schema.get("type") is None and schema.get("properties"):
        flaws.append(SCHEMA_GAP.at(path, "`type` is missing; the parameters of a function are an OBJECT"))


def check_schema(schema: Any, path: str, flaws: Flaws) -> None:
    """Append advice about a schema of the API and those inside it."""
    pending: list[_Pending] = [(schema, path, 1, frozenset())]
    left = MAX_SCHEMAS
    while pending and left:
        value, where, depth, known = pending.pop()
        if type(value) is dict and depth <= MAX_DEPTH:
            left -= 1
            for at, said in _gaps(value, known):
                flaws.append(SCHEMA_GAP.at(f"{where}{at}", said))
            inner = list(islice(_inner(value, known), left))
            pending.extend((item, f"{where}{at}", depth + 1, names) for at, item, names in reversed(inner))


def _inner(schema: Mapping[str, Any], known: Collection[str]) -> Iterator[tuple[str, Any, Collection[str]]]:
    """Yield the schemas inside one: place, schema, and the properties that are described around it."""
    properties = schema.get("properties")
    properties = properties if type(properties) is dict else {}
    for name, item in properties.items():
        yield member(".properties", name), item, ()
    if "items" in schema:
        yield ".items", schema["items"], ()
    for key in ("anyOf", "any_of"):
        choices = schema.get(key)
        for index, item in enumerate(choices if type(choices) is list else ()):
            # An alternative may require, and not describe again, what stands beside it.
            yield f".{key}[{index}]", item, properties.keys() | known if known else properties


def _gaps(schema: Mapping[str, Any], around: Collection[str]) -> Iterator[tuple[str, str]]:
    """Yield what is missing in one schema; ``around`` has properties that are described around it."""
    types, properties, required = types_of(schema), schema.get("properties"), schema.get("required")
    if types == ["ARRAY"] and schema.get("items") is None:
        yield "", "`items` is missing; an ARRAY says what its items are"
    for key, kind, owner in OWNED:
        # Of another kind it is a flaw of the shape.
        if types and owner not in types and type(schema.get(key)) is kind and schema[key]:
            yield f".{key}", f"`{key}` stands in a schema of the type {types[0]}; only an {owner} has it"
    known = properties if type(properties) is dict else {}
    has_choice = schema.get("anyOf") or schema.get("any_of")
    if type(required) is list and types in ([], ["OBJECT"]) and not has_choice:
        for index, name in enumerate(required):
            if type(name) is str and name not in known and name not in around:
                yield f".required[{index}]", f"`{excerpt(name)}` is required, but is not one of `properties`"
