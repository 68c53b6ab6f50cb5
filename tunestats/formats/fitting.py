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

from tunestats.protojson.checking import FREE, MAX_DEPTH, free_levels, holds
from tunestats.protojson.schema import Enumeration, Field, Kind, MessageType, Need
from tunestats.quotes import quotes_of

__all__ = ["MISFIT", "fitter"]

MISFIT = -1
# What often is the same on every line of a file, and long.
ALIKE = frozenset(("tools",))
MAX_REMEMBERED, MAX_REMEMBERED_BYTES = 64, 1 << 16
Fit = Callable[[Any, int], int]
# Messages are compared by identity, and none is forgotten.
_known: dict[MessageType, Fit] = {}


def fitter(message: MessageType) -> Callable[[Any], int]:
    """Return a function that counts the quotes of a value that fits a message, ``MISFIT`` if it does not."""
    fit = _message(message)
    return lambda value: fit(value, 1)


def _message(message: MessageType) -> Fit:
    known = _known.get(message)
    if known is not None:
        return known
    strings = frozenset(field.name for field in message.fields if _is_free_string(field))
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


def _is_free_string(field: Field) -> bool:
    """Tell whether any string will do; most fields are such, and are checked without a call."""
    return (
        field.type is Kind.STRING
        and field.need is Need.OPTIONAL
        and not (field.repeated or field.mapped or field.limits)
    )


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
    if kind in FREE:
        return lambda value, depth: _free(value, kind, depth)
    # An empty or unset value is for the full checker to judge.
    return lambda value, _: quotes_of(value) if value not in (None, "") and holds(value, kind) else MISFIT


def _free(value: Any, kind: Kind, depth: int) -> int:
    if value in (None, "") or not holds(value, kind) or depth + free_levels(value, kind) > MAX_DEPTH:
        return MISFIT
    return quotes_of(value)
