"""Quote data in messages: short, and harmless to a terminal.

In: texts, JSON values, paths.
Out: excerpts of them that can be printed.
Not here: what the messages say.
"""

import re
import shlex
import sys
from typing import Any

__all__ = ["EXCERPT_CHARACTERS", "excerpt", "member", "named", "printable", "quoted", "shell_word"]

EXCERPT_CHARACTERS = 40
WINDOWS_WORD = re.compile(r"[\w.:\\/+-]+")


def printable(text: str) -> str:
    r"""Return the text with everything that could steer a terminal written as an escape.

    >>> printable("a\x1b[31mb")
    'a\\x1b[31mb'
    """
    if text.isprintable():
        return text
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode("ascii") for c in text)


def shell_word(name: str) -> str:
    """Return a name as a word of a command that can be copied.

    >>> shell_word("train.jsonl"), shell_word("my data.jsonl")
    ('train.jsonl', "'my data.jsonl'")
    """
    if sys.platform == "win32":
        # Its shells take double quotes, which no name holds, and backslashes are no escapes.
        return printable(name if WINDOWS_WORD.fullmatch(name) else f'"{name}"')
    return printable(shlex.quote(name))


def excerpt(text: str) -> str:
    """Return at most ``EXCERPT_CHARACTERS`` characters of the text, safe to print."""
    if len(text) > EXCERPT_CHARACTERS:
        return printable(text[: EXCERPT_CHARACTERS - 1]) + "…"
    return printable(text)


def quoted(value: Any) -> str:
    """Return a short name of a JSON value for a message.

    >>> quoted("assistant"), quoted(None), quoted([1]), quoted({})
    ('`assistant`', '`null`', 'a list', 'an object')
    """
    if isinstance(value, str):
        return f"`{excerpt(value)}`" if value else "an empty string"
    if isinstance(value, dict):
        return "an object"
    if isinstance(value, list):
        return "a list"
    if isinstance(value, bool) or value is None:
        return {True: "`true`", False: "`false`", None: "`null`"}[value]
    return f"`{excerpt(repr(value))}`"


def named(value: Any) -> str:
    """Return ``quoted`` with the word that tells a string from what it spells.

    >>> named("5"), named(5), named("")
    ('the string `5`', '`5`', 'an empty string')
    """
    return f"the string {quoted(value)}" if isinstance(value, str) and value else quoted(value)


def member(path: str, key: str) -> str:
    """Return the path of an object's member.

    >>> member("contents[0]", "role"), member("", "my key")
    ('contents[0].role', '["my key"]')
    """
    if not key.isidentifier():
        return f'{path}["{excerpt(key)}"]'
    shown = excerpt(key)
    return f"{path}.{shown}" if path else shown
