"""Tell whether a JSON value is what a schema says, looking at nothing inside it.

In: a value and a schema, as they stood.
Out: the schema's types, whether a value is of one, and which limits it breaks.
Not here: members and items (``arguments``).
"""

import math
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from tunestats.quoting import quoted

__all__ = ["is_of_type", "limits_broken", "types_of"]

# By their numbers in the API.
TYPES = ("TYPE_UNSPECIFIED", "STRING", "NUMBER", "INTEGER", "BOOLEAN", "ARRAY", "OBJECT", "NULL")
LISTED = 8
# A Struct knows no integers: 5.0 is one.
IS_OF_TYPE: dict[str, Callable[[Any], bool]] = {
    "STRING": lambda value: type(value) is str,
    "NUMBER": lambda value: type(value) in (int, float),
    "INTEGER": lambda value: type(value) is int or (type(value) is float and value.is_integer()),
    "BOOLEAN": lambda value: type(value) is bool,
    "ARRAY": lambda value: type(value) is list,
    "OBJECT": lambda value: type(value) is dict,
    "NULL": lambda value: value is None,
}
INTEGER_BITS = {"int32": 32, "int64": 64}
WRITTEN = {"date": "date", "date-time": "datetime", "time": "time"}


def types_of(schema: Mapping[str, Any]) -> list[str]:
    """Return the types that a schema allows, in the API's spelling; none if it leaves them open.

    >>> types_of({"type": "integer"}), types_of({"type": ["string", "null"]}), types_of({})
    (['INTEGER'], ['STRING', 'NULL'], [])
    """
    declared = schema.get("type")
    names = [_type_name(item) for item in (declared if type(declared) is list else [declared])]
    return [] if any(name not in IS_OF_TYPE for name in names) else names


def _type_name(value: Any) -> str:
    if type(value) is int and 0 <= value < len(TYPES):
        return TYPES[value]
    return value.upper() if type(value) is str else ""


def is_of_type(value: Any, name: str) -> bool:
    """Tell whether a value is of a type of the API."""
    return IS_OF_TYPE[name](value)


def limits_broken(value: Any, schema: Mapping[str, Any]) -> Iterator[str]:
    """Yield what is wrong with a value of the right type: the list it is not in, the limit it is beyond."""
    choices: Any = schema.get("enum")
    # An enum beside `items` is meant for these, however it was exported.
    listable = type(choices) is list and choices and type(value) not in (list, dict)
    if listable and not any(_same(value, choice) for choice in choices):
        listed = ", ".join(quoted(choice) for choice in choices[:LISTED])
        more = f" and {len(choices) - LISTED:,} more" if len(choices) > LISTED else ""
        yield f"{quoted(value)} is not one of {listed}{more}"
    elif "const" in schema and not _same(value, schema["const"]):
        yield f"{quoted(value)} is not {quoted(schema['const'])}"
    if type(value) in (int, float):
        yield from _beyond(value, schema, "imum", f"{quoted(value)} is")
    for kind, key, noun in (
        (str, "Length", "characters"),
        (list, "Items", "items"),
        (dict, "Properties", "members"),
    ):
        if type(value) is kind:
            yield from _beyond(len(value), schema, key, f"{len(value):,} {noun} are")
    yield from _format_broken(value, schema.get("format"))


def _same(value: Any, choice: Any) -> bool:
    if type(value) is type(choice):
        return bool(value == choice)
    # The API's enums are strings, whatever the type is; and true is no number here.
    number = _number(value)
    return number is not None and number == _number(choice)


def _beyond(number: float, schema: Mapping[str, Any], key: str, said: str) -> Iterator[str]:
    """Yield a limit that a number is beyond; ``key`` is what stands behind `min` and `max`."""
    least = _number(schema.get(f"min{key}", schema.get(f"min_{key.lower()}")))
    most = _number(schema.get(f"max{key}", schema.get(f"max_{key.lower()}")))
    if least is not None and number < least:
        yield f"{said} less than the `min{key}` {least:g}"
    if most is not None and number > most:
        yield f"{said} more than the `max{key}` {most:g}"


def _number(value: Any) -> float | None:
    """Return a limit, which ProtoJSON may write as a string; None if it is none."""
    if type(value) not in (int, float, str):
        return None
    try:
        number = float(value)
    except (ValueError, OverflowError):
        return None
    return number if math.isfinite(number) else None


def _format_broken(value: Any, name: Any) -> Iterator[str]:
    if type(name) is not str:
        return
    if name in INTEGER_BITS and type(value) in (int, float):
        if not -(1 << INTEGER_BITS[name] - 1) <= value < 1 << INTEGER_BITS[name] - 1:
            yield f"{quoted(value)} is not within the format `{name}`"
    elif name in WRITTEN and type(value) is str:
        import datetime as dt  # hardly any schema has such a format

        # Python takes a little more than RFC 3339, such as a day alone for a `date-time`, but neither leap seconds
        # nor lower case.
        try:
            getattr(dt, WRITTEN[name]).fromisoformat(value.upper().replace(":60", ":59"))
        except ValueError:
            yield f"{quoted(value)} is not written in the format `{name}`"
