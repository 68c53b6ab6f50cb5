"""Count quotes, to find keys that stand twice.

In: bytes of valid JSON lines, or a parsed value.
Out: how many quotes begin or end a string in them.
Not here: which key it is (``parsing``).

A parser keeps one of two equal keys, so the object needs fewer quotes than the bytes hold. Counting bytes takes
less time than parsing them, and nothing can hide from it: an unescaped quote is a quote of a string.

Of whole blocks, ``survey`` counts them several times as fast.
"""

from typing import Any

__all__ = ["BACKSLASH", "QUOTE", "quotes_in", "quotes_of"]

QUOTE, BACKSLASH = b'"\\'


def quotes_in(raw: bytes) -> int:
    r"""Count the quotes that begin or end a string in valid JSON lines.

    >>> quotes_in(rb'{"a":"say \"\\"}')
    4
    """
    if b"\\" in raw:
        # First the escaped backslashes: behind one, a quote is not escaped.
        raw = raw.replace(b"\\\\", b"")
        return raw.count(b'"') - raw.count(b'\\"')
    return raw.count(b'"')


def quotes_of(value: Any) -> int:
    """Count the quotes that a parsed value takes in JSON: two for every key and every string."""
    strings = 0
    pending = [value]
    while pending:
        item = pending.pop()
        if type(item) is dict:
            strings += len(item)
            pending.extend(item.values())
        elif type(item) is list:
            pending.extend(item)
        elif type(item) is str:
            strings += 1
    return 2 * strings
