"""Check JSON as a protocol buffer parser would read it.

In: a parsed value, and a description of the message that it should be (``schema``).
Out: flaws, every one with its path (``checking``).
Not here: which messages there are (``formats``, ``jobs``).
"""

from tunestats.protojson.checking import ShapeRules, check_message, holds
from tunestats.protojson.schema import Enumeration, Field, Kind, Limit, MessageType, Need, OneOf

__all__ = [
    "Enumeration",
    "Field",
    "Kind",
    "Limit",
    "MessageType",
    "Need",
    "OneOf",
    "ShapeRules",
    "check_message",
    "holds",
]
