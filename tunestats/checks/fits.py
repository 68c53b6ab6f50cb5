"""Recognise at a glance the arguments and schemas about which nothing can be said.

In: a schema as it stood, once; then values.
Out: whether they are of the usual kind and without fault; False for everything else, faulty or not.
Not here: what is wrong with the others (``arguments``, ``declarations``).

Most calls are right, and their schemas use few words. This is written for speed, and may only ever accept too
little; tests hold it against the full checks. It takes no longer than there are names in the schema, once, and
values.
"""

from collections.abc import Callable
from typing import Any

__all__ = ["Fit", "fitting", "is_usual"]

Fit = Callable[[Any], bool]
MAX_DEPTH = 60
# More names than this at one place are for the full check, which counts its steps.
MANY = 50
TYPES: dict[str, tuple[type, ...]] = {
    "STRING": (str,),
    "NUMBER": (int, float),
    "INTEGER": (int,),
    "BOOLEAN": (bool,),
    "ARRAY": (list,),
    "OBJECT": (dict,),
}
TYPES |= {name.lower(): types for name, types in TYPES.items()}
WORDS = frozenset(
    ("type", "description", "title", "properties", "required", "items", "enum", "propertyOrdering")
)


def fitting(schema: Any, depth: int = 1) -> Fit:
    """Return a function that tells whether a value is what a schema says, never if it says it in many words."""
    if type(schema) is not dict or depth > MAX_DEPTH or not schema.keys() <= WORDS:
        return _never
    name = schema.get("type")
    types = TYPES.get(name, ()) if type(name) is str else ()
    if types == (dict,):
        return _fitting_members(schema, depth)
    if types == (list,):
        return _fitting_items(schema, depth)
    if "enum" in schema:
        return _fitting_names(schema["enum"]) if types == (str,) else _never
    return lambda value: type(value) in types


def _never(_: Any) -> bool:
    return False


def _fitting_names(names: Any) -> Fit:
    if type(names) is not list or len(names) > MANY:
        return _never
    known = frozenset([name for name in names if type(name) is str])
    return lambda value: type(value) is str and value in known


def _fitting_members(schema: dict[str, Any], depth: int) -> Fit:
    properties, required = schema.get("properties"), schema.get("required", [])
    if type(properties) is not dict or type(required) is not list or len(required) > MANY:
        return _never
    if any(type(name) is not str for name in required):
        return _never
    members = {key: fitting(item, depth + 1) for key, item in properties.items()}

    def fits(value: Any) -> bool:
        if type(value) is not dict:
            return False
        for name in required:
            if name not in value:
                return False
        for key, item in value.items():
            member = members.get(key)
            if member is None or not member(item):
                return False
        return True

    return fits


def _fitting_items(schema: dict[str, Any], depth: int) -> Fit:
    item_fits = fitting(schema.get("items"), depth + 1)

    def fits(value: Any) -> bool:
        if type(value) is not list:
            return False
        for item in value:  # noqa: SIM110  all() takes twice as long
            if not item_fits(item):
                return False
        return True

    return fits


def is_usual(schema: Any, depth: int = 1) -> bool:  # noqa: PLR0911  every "no" ends it
    """Tell whether a schema describes what it requires, and the items of its lists."""
    if type(schema) is not dict or depth > MAX_DEPTH or not schema.keys() <= WORDS:
        return False
    name = schema.get("type")
    if type(name) is not str or name not in TYPES:
        return False
    if TYPES[name] == (list,):
        return (
            "properties" not in schema
            and "required" not in schema
            and is_usual(schema.get("items"), depth + 1)
        )
    if TYPES[name] != (dict,):
        return "properties" not in schema and "items" not in schema and "required" not in schema
    properties, required = schema.get("properties", {}), schema.get("required", [])
    if type(properties) is not dict or type(required) is not list or "items" in schema:
        return False
    for name in required:
        if type(name) is not str or name not in properties:
            return False
    for item in properties.values():  # noqa: SIM110  all() takes twice as long
        if not is_usual(item, depth + 1):
            return False
    return True
