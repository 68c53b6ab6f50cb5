"""Check a parsed object against the description of a message.

In: an object, its ``MessageType``, and the rules by which to call what is wrong.
Out: flaws, every one with its path, as a ProtoJSON parser would see them; those of a line are E2xx and W2xx.
Not here: what the values mean (``checks``, ``jobs``). There are no early exits: a check that stops at an odd
key lets a bad line pass.
"""

import re
import string
from collections.abc import Callable
from dataclasses import dataclass
from difflib import get_close_matches
from functools import lru_cache
from math import isfinite
from typing import Any, NamedTuple

from tunestats.findings import Flaws
from tunestats.protojson.nesting import value_levels
from tunestats.protojson.schema import Enumeration, Field, Kind, Limit, MessageType, Need, OneOf
from tunestats.quoting import member, named, quoted
from tunestats.rules import (
    ADVISED_FIELD,
    DEEP_VALUE,
    EMPTY_PART,
    FIELD_TWICE,
    INVALID_BASE64,
    INVALID_DURATION,
    MISSING_FIELD,
    PART_UNION,
    TOO_DEEP,
    UNKNOWN_ENUM,
    UNKNOWN_ENUM_NUMBER,
    UNKNOWN_FIELD,
    WRONG_TYPE,
    Rule,
)

__all__ = ["FREE", "LINE_RULES", "MAX_DEPTH", "ShapeRules", "check_message", "free_levels", "holds"]

# The limit of protocol buffer parsers; it also keeps this recursion bounded.
MAX_DEPTH = 100
# Looking for the nearest name is slow: an object of a million odd keys gets few suggestions.
SUGGESTIONS = 20
MAX_FLOAT32 = 3.4028234663852886e38
BASE64_DIGITS = (string.ascii_letters + string.digits + "+/-_").encode()
DURATION = re.compile(r"(-?[0-9]{1,12})(\.[0-9]{1,9})?s")
MAX_DURATION_SECONDS = 315_576_000_000
NUMBER = re.compile(r"-?[0-9]{1,400}(\.[0-9]{1,400})?([eE][+-]?[0-9]{1,4})?")
FREE = frozenset((Kind.OBJECT, Kind.VALUE))
NOT_FINITE = ("NaN", "Infinity", "-Infinity")


class ShapeRules(NamedTuple):
    """What to call everything that can be wrong with a shape."""

    wrong_type: Rule
    missing: Rule
    advised: Rule
    no_alternative: Rule
    several_alternatives: Rule
    unknown_enum: Rule
    unknown_number: Rule
    invalid_base64: Rule
    invalid_duration: Rule
    field_twice: Rule
    unknown_field: Rule
    too_deep: Rule
    deep_value: Rule


LINE_RULES = ShapeRules(
    wrong_type=WRONG_TYPE,
    missing=MISSING_FIELD,
    advised=ADVISED_FIELD,
    no_alternative=EMPTY_PART,
    several_alternatives=PART_UNION,
    unknown_enum=UNKNOWN_ENUM,
    unknown_number=UNKNOWN_ENUM_NUMBER,
    invalid_base64=INVALID_BASE64,
    invalid_duration=INVALID_DURATION,
    field_twice=FIELD_TWICE,
    unknown_field=UNKNOWN_FIELD,
    too_deep=TOO_DEEP,
    deep_value=DEEP_VALUE,
)


# Where a value stands: a path, or the member or item of what stands at another place. Most have no flaw and need
# never be spelt out.
_Place = str | tuple["_Place", str | int]


class _Scribe(NamedTuple):
    """Where flaws are written, and by which rules."""

    flaws: Flaws
    rules: ShapeRules

    def add(self, rule: Rule, place: _Place, said: str) -> None:
        self.flaws.append(rule.at(_path(place), said))


def _path(place: _Place) -> str:
    """Spell a place out; as deep as messages are checked is shallow enough to recurse."""
    if isinstance(place, str):
        return place
    outer, key = place
    return f"{_path(outer)}[{key}]" if type(key) is int else member(_path(outer), str(key))


def check_message(
    value: Any, message: MessageType, flaws: Flaws, path: str = "", rules: ShapeRules = LINE_RULES
) -> None:
    """Append what is wrong with a value that should be this message."""
    _check_message(value, message, _Scribe(flaws, rules), path, 1)


def _check_message(value: Any, message: MessageType, scribe: _Scribe, path: _Place, depth: int) -> None:
    rules = scribe.rules
    if type(value) is not dict:
        scribe.add(rules.wrong_type, path, f"{named(value)} stands here; expected an object ({message.name})")
    elif depth > MAX_DEPTH:
        scribe.add(rules.too_deep, _path(path)[:200], f"messages are nested deeper than {MAX_DEPTH} levels")
    else:
        held = _read_fields(value, message, scribe, path, depth)
        _check_needed(held, scribe)
        for one_of in message.unions:
            _check_one_of(held, one_of, scribe)
        _report_unknown(held, scribe)


@dataclass(slots=True)
class _Held:
    """What an object holds of a message.

    ``present`` has the key of each field that is set, by its name; ``wanted`` the unknown key that stands
    where a field should be, by the field's name.
    """

    value: dict[str, Any]
    message: MessageType
    path: _Place
    present: dict[str, str]
    unknown: list[str]
    wanted: dict[str, str]


def _read_fields(
    value: dict[str, Any], message: MessageType, scribe: _Scribe, path: _Place, depth: int
) -> _Held:
    """Check every field on its own."""
    present: dict[str, str] = {}
    unknown: list[str] = []
    for key, item in value.items():
        field = message.by_key.get(key)
        if field is None:
            unknown.append(key)
        elif item is None:
            continue
        elif field.name in present:
            said = f"`{key}` is also given as `{present[field.name]}`"
            scribe.add(scribe.rules.field_twice, (path, key), said)
        else:
            present[field.name] = key
            # Most fields are such.
            if not (field.any_string and type(item) is str):
                _check_field(item, field, scribe, (path, key), depth)
    return _Held(value, message, path, present, unknown, _misspelt(unknown, message, present))


def _check_field(value: Any, field: Field, scribe: _Scribe, path: _Place, depth: int) -> None:
    if field.repeated:
        if type(value) is not list:
            scribe.add(scribe.rules.wrong_type, path, f"{named(value)} stands here; expected a list")
            return
        for index, item in enumerate(value):
            _check_value(item, field, scribe, (path, index), depth)
    elif field.mapped:
        if type(value) is not dict:
            scribe.add(scribe.rules.wrong_type, path, f"{named(value)} stands here; expected an object")
            return
        for key, item in value.items():
            _check_limits(key, field, field.key_limits, scribe, (path, key))
            _check_value(item, field, scribe, (path, key), depth)
    else:
        _check_value(value, field, scribe, path, depth)


def _check_value(value: Any, field: Field, scribe: _Scribe, path: _Place, depth: int) -> None:
    kind = field.type
    if isinstance(kind, MessageType):
        _check_message(value, kind, scribe, path, depth + 1)
    elif isinstance(kind, Enumeration):
        _check_enum(value, kind, scribe, path)
    elif holds(value, kind):
        _check_limits(value, field, field.limits, scribe, path)
        if kind in FREE and depth + free_levels(value, kind) > MAX_DEPTH:
            said = f"the value is nested deeper than the {MAX_DEPTH} messages that parsers follow"
            scribe.add(scribe.rules.deep_value, path, said)
    else:
        rule = scribe.rules.wrong_type
        if type(value) is str and kind is Kind.BYTES:
            rule = scribe.rules.invalid_base64
        elif type(value) is str and kind is Kind.DURATION:
            rule = scribe.rules.invalid_duration
        if rule is scribe.rules.wrong_type:
            scribe.add(rule, path, f"{named(value)} stands here; expected {kind.value}")
        else:
            scribe.add(rule, path, f"{quoted(value)} is not {kind.value}")


def free_levels(value: Any, kind: Kind) -> int:
    """Return how many messages inside each other a free value is; 0 where it cannot be many."""
    if type(value) is not dict and type(value) is not list:
        return 0
    for item in value.values() if type(value) is dict else value:
        if type(item) is dict or type(item) is list:
            break
    else:
        return 0
    # A Struct is a Value without the message around it.
    return value_levels(value) - (kind is Kind.OBJECT)


def _check_limits(value: Any, field: Field, limits: tuple[Limit, ...], scribe: _Scribe, path: _Place) -> None:
    for limit in limits:
        if not limit.holds(value):
            words = {"value": quoted(value), "name": field.name, "snake": field.snake}
            scribe.add(limit.rule, path, limit.said.format(**words, why=limit.why(value)))


def holds(value: Any, kind: Kind) -> bool:
    """Tell whether a value is of a kind, in any of the ways that ProtoJSON takes it."""
    return SCALARS[kind](value)


def _check_enum(value: Any, kind: Enumeration, scribe: _Scribe, path: _Place) -> None:
    # ProtoJSON takes an enum's number too.
    names = ", ".join(kind.names)
    if type(value) is int and _is_integer(value, 32):
        if not 0 <= value < len(kind.names):
            said = f"{quoted(value)} is the number of none of {names}"
            scribe.add(scribe.rules.unknown_number, path, said)
        return
    if type(value) is not str:
        scribe.add(scribe.rules.wrong_type, path, f"{quoted(value)} stands here; expected one of {names}")
    elif value not in kind.names and not (kind.any_case and value.upper() in kind.names):
        scribe.add(scribe.rules.unknown_enum, path, f"{quoted(value)} is not one of {names}")


def _is_base64(value: Any) -> bool:
    if type(value) is not str or not value.isascii():
        return False
    written = value.rstrip("=")
    digits, padding = len(written), len(value) - len(written)
    # A regular expression takes three times as long, and files are long.
    if padding > 2 or written.encode().translate(None, BASE64_DIGITS):
        return False
    return digits % 4 != 1 and (padding == 0 or len(value) % 4 == 0)


def _is_duration(value: Any) -> bool:
    found = DURATION.fullmatch(value) if type(value) is str else None
    return found is not None and abs(int(found[1])) <= MAX_DURATION_SECONDS


def _is_integer(value: Any, bits: int) -> bool:
    if type(value) is str and NUMBER.fullmatch(value) and len(value) < 30:
        value = float(value) if not value.lstrip("-").isdigit() else int(value)
    if type(value) is float and value.is_integer():
        value = int(value)
    return type(value) is int and -(1 << bits - 1) <= value < 1 << bits - 1


def _is_number(value: Any, largest: float) -> bool:
    if type(value) is str:
        if value in NOT_FINITE:
            return True
        if not NUMBER.fullmatch(value):
            return False
        value = float(value)
    return type(value) in (int, float) and isfinite(value) and abs(value) <= largest


SCALARS: dict[Kind, Callable[[Any], bool]] = {
    Kind.STRING: lambda value: type(value) is str,
    Kind.BYTES: _is_base64,
    Kind.DURATION: _is_duration,
    Kind.BOOL: lambda value: type(value) is bool,
    Kind.INT32: lambda value: _is_integer(value, 32),
    Kind.INT64: lambda value: _is_integer(value, 64),
    Kind.FLOAT: lambda value: _is_number(value, MAX_FLOAT32),
    Kind.DOUBLE: lambda value: _is_number(value, float("inf")),
    Kind.OBJECT: lambda value: type(value) is dict,
    Kind.VALUE: lambda _: True,
}


def _misspelt(unknown: list[str], message: MessageType, present: dict[str, str]) -> dict[str, str]:
    """Return, for fields that have to be there and are not, the unknown key that was meant."""
    if not unknown:
        return {}
    lacking = {field.name for field in message.needed if field.name not in present}
    for one_of in message.unions:
        if one_of.names.isdisjoint(present):
            lacking |= one_of.names
    found: dict[str, str] = {}
    for key in unknown[:SUGGESTIONS]:
        near = _nearest(key, message)
        field = message.by_key[near] if near else None
        if field and field.name in lacking:
            found.setdefault(field.name, key)
    return found


def _nearest(key: str, message: MessageType) -> str | None:
    return _nearest_of(key[:60].lower(), message)


# The same wrong key often stands on every line.
@lru_cache(maxsize=1024)
def _nearest_of(key: str, message: MessageType) -> str | None:
    lower = {name.lower(): name for name in reversed(message.by_key)}
    near = get_close_matches(key, lower, n=1, cutoff=0.75)
    return lower[near[0]] if near else None


@lru_cache(maxsize=1024)
def _home_of(key: str, message: MessageType) -> str:
    """Return, for a key that one field's message has, the hint that it stands one level too high."""
    homes = [field for field in message.fields if _has(field.type, key)]
    return f"; it belongs in `{homes[0].name}`" if len(homes) == 1 else ""


def _has(kind: Kind | Enumeration | MessageType, key: str) -> bool:
    return isinstance(kind, MessageType) and key in kind.by_key


def _check_needed(held: _Held, scribe: _Scribe) -> None:
    path = held.path
    for field in held.message.needed:
        rule = scribe.rules.missing if field.need is Need.REQUIRED else scribe.rules.advised
        key = held.present.get(field.name)
        if key is not None:
            if held.value[key] == ([] if field.repeated else ""):
                scribe.add(rule, (path, key), f"`{key}` is empty")
        elif field.name in held.wanted:
            wrong = held.wanted[field.name]
            scribe.add(rule, (path, wrong), f"{quoted(wrong)} is not a field; expected `{field.name}`")
        else:
            null = next((key for key in (field.name, field.snake) if key in held.value), None)
            said = "is missing" if null is None else "is null, which is as if it were missing"
            scribe.add(rule, path, f"`{null or field.name}` {said}")


def _check_one_of(held: _Held, one_of: OneOf, scribe: _Scribe) -> None:
    keys = [key for name, key in held.present.items() if name in one_of.names]
    if len(keys) > 1:
        said = f"{' and '.join(f'`{key}`' for key in keys)} exclude each other"
        scribe.add(scribe.rules.several_alternatives, held.path, said)
    elif not keys:
        wrong = next((item for item in held.wanted.items() if item[0] in one_of.names), None)
        path = held.path if wrong is None else (held.path, wrong[1])
        said = one_of.none if wrong is None else f"{quoted(wrong[1])} is not a field; expected `{wrong[0]}`"
        scribe.add(scribe.rules.no_alternative, path, said)


def _report_unknown(held: _Held, scribe: _Scribe) -> None:
    if not held.unknown:
        return
    named = set(held.wanted.values())
    for index, key in enumerate(held.unknown):
        if key not in named:
            near = _nearest(key, held.message) if index < SUGGESTIONS else None
            hint = f"; did you mean `{near}`?" if near else _home_of(key[:60], held.message)
            said = f"{quoted(key)} is not a field of {held.message.name}{hint}"
            scribe.add(scribe.rules.unknown_field, (held.path, key), said)
