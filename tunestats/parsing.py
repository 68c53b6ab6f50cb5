r"""Parse one line.

In: a raw line.
Out: its JSON object, or E1xx flaws that say why there is none.
Not here: what the object should look like (``formats``).

orjson is strict about everything but one thing: of a key that stands twice it keeps the last value. Counting
quotes (``quotes``) finds out that it happened, ``name_repeated_keys`` finds out to which.
"""

import json
import re
from typing import Any

import orjson

from tunestats.findings import Flaw, Flaws
from tunestats.lines import MAX_LINE_BYTES
from tunestats.quoting import excerpt, member, named
from tunestats.rules import (
    DUPLICATE_KEY,
    INVALID_JSON,
    INVALID_UTF8,
    LINE_TOO_LONG,
    LONE_SURROGATE,
    NOT_AN_OBJECT,
    TOO_DEEP,
)

__all__ = ["JSONDecodeError", "loads", "name_repeated_keys", "parse_line"]

MAX_NAMED_BYTES = 1 << 22
loads = orjson.loads
JSONDecodeError = orjson.JSONDecodeError


def _any_of(characters: str) -> re.Pattern[bytes]:
    return re.compile(b"|".join(re.escape(character.encode()) for character in characters))


# What people write instead of JSON: what stands at the place where parsing stopped, and what to call it.
HABITS = (
    (re.compile(rb"\s*,?\s*\{"), "unexpected content after document", "two values on one line"),
    (re.compile(rb"\s*,\s*$"), "unexpected content after document", "a comma behind the object"),
    (re.compile(rb"'"), "", "single quotes; JSON takes double quotes"),
    (re.compile(rb"//|/\*|#"), "", "a comment; JSON has none"),
    (re.compile(rb"-?(NaN|nan|Inf|inf)"), "", "not a number; JSON has no NaN and no Infinity"),
    (re.compile(rb"(None|True|False)\b"), "", "Python's spelling; JSON says `null`, `true` and `false`"),
    (re.compile(rb"undefined\b"), "", "JavaScript's `undefined`; JSON says `null`"),
    (
        _any_of("\u201c\u201d\u201e\u00ab\u00bb\u2018\u2019\uff02"),
        "unexpected character",
        'a typographic quote; JSON takes `"`',
    ),
    (
        _any_of("\uff1a\uff0c\uff5b\uff5d\uff3b\uff3d"),
        "unexpected character",
        "punctuation of full width; JSON takes that of ASCII",
    ),
    (_any_of("\u00a0\u200b\u2060\u3000"), "unexpected character", "white space that JSON does not know"),
    (
        re.compile(rb"\t"),
        "control character in string",
        "a control character in a string: a tab, in JSON `\\t`",
    ),
    (
        re.compile(rb"[\r\n]"),
        "control character in string",
        "a control character in a string: a line break, in JSON `\\n`",
    ),
    (re.compile(rb"\\"), "escaped sequence", "an escape that JSON has not; a backslash itself is `\\\\`"),
    (re.compile(rb'"\w+""'), "unexpected content", "a field of CSV, whose quotes are doubled"),
    (re.compile(rb"\\[nr]"), "unexpected content", "a line break that was written as `\\n`"),
)


def parse_line(raw: bytes, flaws: Flaws) -> dict[str, Any] | None:
    """Return the object of a line, or None after saying why there is none."""
    if len(raw) > MAX_LINE_BYTES:
        flaws.append(
            LINE_TOO_LONG.at("", f"the line is longer than {MAX_LINE_BYTES:,} bytes; it was not read")
        )
        return None
    try:
        value = loads(raw)
    except orjson.JSONDecodeError as error:
        flaws.append(_why(raw, error))
        return None
    if type(value) is not dict:
        flaws.append(NOT_AN_OBJECT.at("", f"the line is {named(value)}; expected an object"))
        return None
    return value


def _why(raw: bytes, error: orjson.JSONDecodeError) -> Flaw:
    """Name the reason for which orjson refused a line."""
    try:
        text = raw.decode()
    except UnicodeDecodeError as broken:
        byte = raw[broken.start]
        return INVALID_UTF8.at("", f"byte {broken.start} of the line is 0x{byte:02x}; {broken.reason}")
    reason = error.msg.partition(": line ")[0]
    if "surrogate" in reason:
        return LONE_SURROGATE.at("", f"{_near(text, error.pos)} holds half of a surrogate pair")
    if "depth limit" in reason:
        return TOO_DEEP.at("", f"nested deeper than {error.pos and 1024:,} levels")
    if "allocate" in reason:
        # What orjson says of a line that is mostly opening brackets.
        reason = "brackets are not closed"
    rest = text[error.pos : error.pos + 80].encode()
    # Most broken lines are cut, and end here.
    for pattern, wanted, habit in HABITS if rest else ():
        if wanted in reason and pattern.match(rest):
            reason = habit
            break
    return INVALID_JSON.at("", f"{reason}, at column {error.pos + 1}, {_near(text, error.pos)}")


def _near(text: str, position: int) -> str:
    shown = text[max(0, position - 15) : position + 15]
    return f"near `{excerpt(shown)}`" if shown else "an empty line"


class _Object(dict[str, Any]):
    """An object that remembers which of its keys stood twice."""

    repeated: tuple[str, ...] = ()


def _with_repeated(pairs: list[tuple[str, Any]]) -> _Object:
    value = _Object(pairs)
    if len(value) < len(pairs):
        seen: set[str] = set()
        again = [key for key, _ in pairs if key in seen or seen.add(key)]  # type: ignore[func-returns-value]
        value.repeated = tuple(dict.fromkeys(again))
    return value


def name_repeated_keys(raw: bytes, flaws: Flaws) -> None:
    """Append a flaw for every key that stands more than once in its object, at any depth.

    A line of many megabytes would take minutes and gigabytes: there it is only said that one does.
    """
    if len(raw) > MAX_NAMED_BYTES:
        flaws.append(DUPLICATE_KEY.at("", "a key stands more than once in its object"))
        return
    try:
        # parse_int: int() refuses numbers of more than 4,300 digits, and no number matters here.
        root = json.loads(raw, object_pairs_hook=_with_repeated, parse_int=str, parse_float=str)
    except RecursionError:
        flaws.append(TOO_DEEP.at("", "nested too deep to look for keys that stand twice"))
        return
    pending: list[tuple[str, Any]] = [("", root)]
    while pending:
        path, value = pending.pop()
        if isinstance(value, _Object):
            for key in value.repeated:
                flaws.append(
                    DUPLICATE_KEY.at(
                        member(path, key), f"`{excerpt(key)}` stands more than once in its object"
                    )
                )
            pending.extend((member(path, key), item) for key, item in reversed(value.items()))
        elif isinstance(value, list):
            pending.extend((f"{path}[{index}]", item) for index, item in reversed(list(enumerate(value))))
