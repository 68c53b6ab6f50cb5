"""Check JSON as a protocol buffer parser would read it.

In: a parsed value, and a description of the message that it should be (``schema``).
Out: flaws, every one with its path (``checking``).
Not here: which messages there are (``formats``, ``jobs``).
"""

from tunestats.protojson.checking import check_message, holds
from tunestats.protojson.schema import Enumeration, Field, Kind, MessageType, Need

__all__ = ["Enumeration", "Field", "Kind", "MessageType", "Need", "check_message", "holds"]
