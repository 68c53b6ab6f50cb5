"""Recognise at a glance the arguments and schemas about which nothing can be said.

In: a value and its schema, as they stood.
Out: whether they are of the usual kind and without fault; False for everything else, faulty or not.
Not here: what is wrong with the others (``arguments``, ``declarations``).

Most calls are right, and their schemas use few words. This is written for speed, and may only ever accept too
little; tests hold it against the full checks. It takes no longer than there are values and names.
"""

from typing import Any

__all__ = ["fits", "is_usual"]

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


def fits(value: Any, schema: Any, depth: int) -> bool:  # noqa: PLR0911  every "no" ends it
    """Tell whether a value is what a schema says, and the schema says it in few words."""
    if type(schema) is not dict or depth > MAX_DEPTH or not schema.keys() <= WORDS:
        return False
    name = schema.get("type")
    if type(name) is not str or type(value) not in TYPES.get(name, ()):
        return False
    if type(value) is dict:
        return _members_fit(value, schema, depth)
    if type(value) is list:
        items = schema.get("items")
        for item in value:  # noqa: SIM110  all() takes twice as long
            if not fits(item, items, depth + 1):
                return False
        return True
    if "enum" in schema:
        names = schema["enum"]
        return type(names) is list and len(names) <= MANY and value in names and type(value) is str
    return True


def _members_fit(value: dict[str, Any], schema: dict[str, Any], depth: int) -> bool:
    properties, required = schema.get("properties"), schema.get("required", [])
    if type(properties) is not dict or type(required) is not list or len(required) > MANY:
        return False
    for name in required:
        if type(name) is not str or name not in value:
            return False
    for key, item in value.items():  # noqa: SIM110  all() takes twice as long
        if not fits(item, properties.get(key), depth + 1):
            return False
    return True


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
