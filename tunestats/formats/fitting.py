"""Tell quickly whether an object fits the description of a message.

In: a ``MessageType``, once; then parsed values.
Out: the number of quotes that the value takes in JSON, or a negative number if anything about it needs a
closer look.
Not here: what is wrong with it; ``protojson`` finds that out, much more slowly. Both are made from the same
description, and a test holds that what fits here has no flaw there.
"""

from collections.abc import Callable
from typing import Any

from msgspec.json import encode

from tunestats.protojson.checking import FREE, MAX_DEPTH, holds
from tunestats.protojson.schema import Enumeration, Field, Kind, MessageType, Need

__all__ = ["MISFIT", "fitter"]

MISFIT = -1
# More than all quotes of a line.
REFUSED = -(1 << 60)
# Larger integers are floats to orjson, but not to msgspec.
LEAST_INTEGER, MOST_INTEGER = -(1 << 63), (1 << 63) - 1
# What often is the same on every line of a file, and long.
ALIKE = frozenset(("tools",))
MAX_REMEMBERED, MAX_REMEMBERED_BYTES = 64, 1 << 16
Fit = Callable[[Any, int], int]
# Messages are compared by identity, and none is forgotten.
_known: dict[MessageType, Fit] = {}


def fitter(message: MessageType, depth: int = 1) -> Callable[[Any], int]:
    """Return a function that counts the quotes of a value that fits a message, ``MISFIT`` if it does not.

    ``depth`` is how many messages inside each other the value is, in the line that holds it.
    """
    fit = _message(message)
    return lambda value: fit(value, depth)


def _message(message: MessageType) -> Fit:
    known = _known.get(message)
    if known is not None:
        return known
    # Most fields are such, and are checked without a call.
    strings = frozenset(
        field.name for field in message.fields if field.any_string and field.need is Need.OPTIONAL
    )
    camel: dict[str, Fit] = {}
    snake: dict[str, tuple[str, Fit]] = {}
    needed = tuple((field.name, field.snake) for field in message.needed)
    unions = tuple(
        frozenset(key for name in one_of.names for key in (name, message.by_key[name].snake))
        for one_of in message.unions
    )

    def fit(value: Any, depth: int) -> int:  # noqa: PLR0911  every misfit ends it
        if type(value) is not dict or depth > MAX_DEPTH:
            return MISFIT
        quotes = 2 * len(value)
        for key, item in value.items():
            if key in strings:
                if type(item) is not str:
                    return MISFIT
                quotes += 2
                continue
            member = camel.get(key)
            if member is None:
                name, member = snake.get(key, ("", None))
                if member is None or name in value:
                    return MISFIT
            inner = member(item, depth)
            if inner < 0:
                return MISFIT
            quotes += inner
        for name, other in needed:
            if name not in value and other not in value:
                return MISFIT
        for union in unions:
            if sum([key in union for key in value]) != 1:
                return MISFIT
        return quotes

    # Known before its fields are, since a message may contain itself.
    _known[message] = fit
    for field in message.fields:
        member = _field(field)
        camel[field.name] = member
        if field.snake != field.name:
            snake[field.snake] = (field.name, member)
    return fit


def _field(field: Field) -> Fit:
    if field.limits or field.key_limits:
        # Only the full checker knows limits.
        return lambda *_: MISFIT
    one = _one(field)
    least = 0 if field.need is Need.OPTIONAL else 1
    if field.repeated:
        every = _repeated(one, least)
        return _remembered(every) if field.name in ALIKE else every
    return _mapped(one) if field.mapped else one


def _remembered(fit: Fit) -> Fit:
    """Return a function that looks once at values that are written alike."""
    known: dict[tuple[bytes, int], int] = {}

    def remembered(value: Any, depth: int) -> int:
        try:
            # Not the values themselves: 1 is 1.0 and True to Python.
            written = encode(value)
        except RecursionError:
            return MISFIT
        if len(written) > MAX_REMEMBERED_BYTES:
            return fit(value, depth)
        if (written, depth) not in known:
            if len(known) == MAX_REMEMBERED:
                known.clear()
            known[written, depth] = fit(value, depth)
        return known[written, depth]

    return remembered


def _repeated(one: Fit, least: int) -> Fit:
    def fit(value: Any, depth: int) -> int:
        if type(value) is not list or len(value) < least:
            return MISFIT
        quotes = 0
        for item in value:
            inner = one(item, depth)
            if inner < 0:
                return MISFIT
            quotes += inner
        return quotes

    return fit


def _mapped(one: Fit) -> Fit:
    each = _repeated(one, 0)

    def fit(value: Any, depth: int) -> int:
        if type(value) is not dict:
            return MISFIT
        quotes = each(list(value.values()), depth)
        return MISFIT if quotes < 0 else 2 * len(value) + quotes

    return fit


def _one(field: Field) -> Fit:
    kind = field.type
    if isinstance(kind, MessageType):
        fit = _message(kind)
        return lambda value, depth: fit(value, depth + 1)
    if isinstance(kind, Enumeration):
        names = frozenset(kind.names)
        return lambda value, _: 2 if type(value) is str and value in names else MISFIT
    if kind is Kind.STRING and field.need is Need.OPTIONAL:
        return lambda value, _: 2 if type(value) is str else MISFIT
    if kind is Kind.STRING:
        return lambda value, _: 2 if type(value) is str and value else MISFIT
    if kind in FREE:
        return lambda value, depth: _free(value, kind, depth)
    return lambda value, _: _scalar(value) if not _is_odd(value) and holds(value, kind) else MISFIT


def _is_odd(value: Any) -> bool:
    """Tell whether a scalar is for the full checker to judge: empty, unset or very large."""
    if type(value) is int:
        return not LEAST_INTEGER <= value <= MOST_INTEGER
    return value is None or value == ""


def _scalar(value: Any) -> int:
    return 2 if type(value) is str else 0


def _free(value: Any, kind: Kind, depth: int) -> int:
    if type(value) is dict or (type(value) is list and kind is Kind.VALUE):
        # An object or a list takes two levels of messages, and what is inside it one more.
        return max(MISFIT, _weigh(value, (MAX_DEPTH - depth - 1) // 2))
    return MISFIT if kind is Kind.OBJECT or _is_odd(value) else _scalar(value)


def _weigh(value: Any, levels: int) -> int:
    """Return the quotes of an object or list; less than none if it has more levels or holds an odd number."""
    if levels <= 0:
        return REFUSED
    quotes = 0
    if type(value) is dict:
        quotes = 2 * len(value)
        value = value.values()
    for item in value:
        if type(item) is str:
            quotes += 2
        elif type(item) is dict or type(item) is list:
            quotes += _weigh(item, levels - 1)
        elif type(item) is int and not LEAST_INTEGER <= item <= MOST_INTEGER:
            return REFUSED
    return quotes
