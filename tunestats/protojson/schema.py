"""Say how messages of the API are described.

In: nothing.
Out: ``Field`` and ``MessageType``, the words in which rooms describe the API and ``checking`` checks values.
Not here: the descriptions themselves (``formats.vertex``).
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import Enum
from typing import Any, NamedTuple

from tunestats.rules import Rule

__all__ = ["Enumeration", "Field", "Kind", "Limit", "MessageType", "Need", "OneOf"]


class Kind(Enum):
    """Types of ProtoJSON values that need no description of their own."""

    # Enum's own is slow, and what holds for a kind is looked up for every value.
    __hash__ = object.__hash__

    STRING = "a string"
    BOOL = "`true` or `false`"
    INT32 = "a 32-bit integer"
    INT64 = "a 64-bit integer"
    FLOAT = "a number"
    DOUBLE = "a number (double)"
    BYTES = "a base64 string"
    DURATION = "a duration such as `1.5s`"
    OBJECT = "an object"
    VALUE = "any value"


class Need(Enum):
    """Whether a field may be left out."""

    OPTIONAL = 0
    ADVISED = 1  # the API calls it required, but nothing public shows a refusal
    REQUIRED = 2


@dataclass(frozen=True, slots=True)
class Enumeration:
    """An enum field: its names, whose numbers go from 0 on; ``any_case`` where lower-case names are known to pass."""

    names: tuple[str, ...]
    any_case: bool = False


class Limit(NamedTuple):
    """What a value has to be beyond its type, and how to say that it is not.

    ``{value}`` in ``said`` is the quoted value, ``{name}`` and ``{snake}`` are the field's two spellings, and
    ``{why}`` is what ``why`` says of the value.
    """

    rule: Rule
    holds: Callable[[Any], bool]
    said: str
    why: Callable[[Any], str] = lambda _: ""


class OneOf(NamedTuple):
    """Fields (camelCase) of which exactly one has to be set, and what to say where none is."""

    names: frozenset[str]
    none: str


@dataclass(slots=True, eq=False)
class MessageType:
    """A message: its fields under both of their spellings, and which of them exclude each other."""

    name: str
    fields: "tuple[Field, ...]" = ()
    unions: tuple[OneOf, ...] = ()
    by_key: "dict[str, Field]" = field(default_factory=dict, init=False)
    needed: "tuple[Field, ...]" = field(default=(), init=False)

    def __post_init__(self) -> None:
        """Index the fields."""
        self.define(self.fields)

    def define(self, fields: "tuple[Field, ...]") -> None:
        """Set the fields, afterwards where a message contains itself."""
        self.fields = fields
        self.by_key = {key: item for item in fields for key in (item.name, item.snake)}
        self.needed = tuple(item for item in fields if item.need is not Need.OPTIONAL)


@dataclass(frozen=True, slots=True)
class Field:
    """A field: ``type`` of one value; ``repeated`` a list of them; ``mapped`` an object of them.

    ``limits`` hold for each scalar value that is of the type, ``key_limits`` for the keys of a mapped field.
    """

    name: str
    type: Kind | Enumeration | MessageType
    need: Need = Need.OPTIONAL
    repeated: bool = False
    mapped: bool = False
    limits: tuple[Limit, ...] = ()
    key_limits: tuple[Limit, ...] = ()
    snake: str = field(default="", init=False)
    any_string: bool = field(default=False, init=False)

    def __post_init__(self) -> None:
        """Work out the second spelling, ``file_uri`` of ``fileUri``, and whether any string will do."""
        snake = "".join(f"_{letter.lower()}" if letter.isupper() else letter for letter in self.name)
        object.__setattr__(self, "snake", snake)
        plain = not (self.repeated or self.mapped or self.limits)
        object.__setattr__(self, "any_string", self.type is Kind.STRING and plain)
