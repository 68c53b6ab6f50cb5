"""Count how deep a free value is nested, as protocol buffer parsers count.

In: a JSON value that is read as a Struct, a Value or a ListValue.
Out: the number of messages inside each other.
Not here: what follows from it (``protojson``, ``fitting``).

An object or a list takes two levels, the Value that holds it and the Struct or ListValue itself; anything else
is one Value. ``google.protobuf.json_format`` counts like this, and a test compares the two.
"""

from typing import Any

__all__ = ["value_levels"]


def value_levels(value: Any) -> int:
    """Return the levels of a value that stands in a Value; it does not recurse.

    >>> value_levels(1), value_levels({}), value_levels({"a": [1]})
    (1, 2, 5)
    """
    levels = 1
    layer = [value]
    while layer:
        inner: list[Any] = []
        holders = 0
        for item in layer:
            if type(item) is dict:
                holders += 1
                inner.extend(item.values())
            elif type(item) is list:
                holders += 1
                inner.extend(item)
        levels += bool(holders) + bool(inner)
        layer = inner
    return levels
