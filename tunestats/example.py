"""Name the parts of an example, whatever format it was written in.

In: nothing.
Out: ``Example`` and what it is made of: the words that every later room speaks.
Not here: how a format spells them (``formats``) or what is wrong with them (``checks``).

Plain tuples, because one is made for every line of a gigabyte.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple, TypeVar, cast

__all__ = [
    "MEDIA",
    "MODEL",
    "USER",
    "Completion",
    "Counts",
    "Declaration",
    "Example",
    "Message",
    "Part",
    "Spoken",
]

Known = TypeVar("Known")
USER = "user"
MODEL = "model"
# Kinds of parts that are files.
MEDIA = frozenset(("file_data", "inline_data"))


class Part(NamedTuple):
    """One part of a message.

    ``kind`` is the name of the field that holds its data, in snake case (``text``, ``file_data``,
    ``function_call``, …), or empty where the part has none; ``key`` is that name as it stood. ``text`` is
    set for text parts, ``value`` (the JSON object as it stood) for the others. ``resolution`` is the part's
    own ``mediaResolution``, by name, empty where it has none; ``video`` is its ``videoMetadata`` as it stood,
    ``thought`` whether it is marked as one; ``inner`` has the parts of a function response.
    """

    kind: str
    text: str = ""
    value: Mapping[str, Any] | None = None
    key: str = "text"
    resolution: str = ""
    video: Mapping[str, Any] | None = None
    thought: bool = False
    inner: "tuple[Part, ...]" = ()

    @property
    def media_type(self) -> str:
        """The MIME type of media, lower case and without parameters; empty where none is said."""
        value = self.value or {}
        mime = value.get("mimeType", value.get("mime_type"))
        return mime.partition(";")[0].strip().lower() if type(mime) is str else ""

    def files(self, path: str) -> "Iterator[tuple[str, Part]]":
        """Yield the part if it is a file, and those of a function response, each with its path."""
        if self.kind in MEDIA:
            yield path, self
        for index, part in enumerate(self.inner):
            if part.kind in MEDIA:
                yield f"{path}.{self.key}.parts[{index}]", part


class Message(NamedTuple):
    """One turn.

    ``role`` is whose turn it is, ``user`` or ``model``, worked out where the data does not say;
    ``declared_role`` is what the data says, empty where it says nothing, None where it is not a string.
    """

    role: str
    declared_role: str | None
    parts: tuple[Part, ...]


class Completion(NamedTuple):
    """One answer of a preference example.

    ``score`` is 0 where it is unset, None where it is not a number; ``declared_score`` is the JSON value.
    """

    score: float | None
    declared_score: Any
    message: Message | None


class Declaration(dict[str, Any]):
    """A function declaration as it stood.

    Lines that write it alike may share it: what a room works out about it, it can ``remember`` with it.
    """

    __slots__ = ("_known",)
    _known: dict[Any, Any]

    def remember(self, work: Callable[["Declaration"], Known]) -> Known:
        """Return what some work makes of this declaration; it is done once."""
        try:
            known = self._known
        except AttributeError:
            known = self._known = {}
        if work not in known:
            known[work] = work(self)
        return cast("Known", known[work])

    def __reduce__(self) -> tuple[type["Declaration"], tuple[dict[str, Any]]]:
        """Leave out what is remembered, which other processes can work out."""
        return Declaration, (dict(self),)


class Example(NamedTuple):
    """One line.

    What could not be read is None, so that indices stay those of the line. ``tools`` holds the function
    declarations as they stood, ``tool_paths`` the JSON path of each, ``media_resolution`` the name of the enum
    value or an empty string.
    """

    messages: tuple[Message | None, ...]
    completions: tuple[Completion | None, ...] = ()
    system: tuple[Part, ...] = ()
    tools: tuple[Declaration, ...] = ()
    media_resolution: str = ""
    tool_paths: tuple[str, ...] = ()

    def files(self) -> Iterator[tuple[str, Part]]:
        """Yield every file of the system instruction and the turns, with the path of what holds it."""
        for index, part in enumerate(self.system):
            if part.kind in MEDIA or part.inner:
                yield from part.files(f"systemInstruction.parts[{index}]")
        for number, message in enumerate(self.messages):
            for index, part in enumerate(message.parts if message is not None else ()):
                # This runs for every part: paths are made for files only.
                if part.kind in MEDIA or part.inner:
                    yield from part.files(f"contents[{number}].parts[{index}]")


@dataclass(slots=True)
class Spoken:
    """What of some examples is counted; whoever knows more adds to it.

    The ``texts`` of an example make groups: those of the input, then those of the model's turns or, in preference
    data, of each completion. ``ends`` tells after how many texts each group ends, ``groups`` how many an example has,
    ``messages`` how many turns, ``scores`` those of its completions that have one.
    """

    texts: list[str] = field(default_factory=list)
    ends: list[int] = field(default_factory=list)
    groups: list[int] = field(default_factory=list)
    messages: list[int] = field(default_factory=list)
    scores: list[tuple[float, ...]] = field(default_factory=list)


class Counts(NamedTuple):
    """What an example costs.

    ``input_tokens`` and ``output_tokens`` contain ``estimated_media_tokens``; ``unknown_media`` counts
    the media whose tokens cannot be known offline and are in no number. ``uncounted_tokens`` count towards
    the limit only; ``turns`` has input and output of each model turn where these are counted for themselves.
    """

    input_tokens: int
    output_tokens: int
    longest_completion_tokens: int
    estimated_media_tokens: int
    unknown_media: int
    uncounted_tokens: int = 0
    turns: tuple[tuple[int, int], ...] = ()

    @property
    def token_pairs(self) -> tuple[tuple[int, int], ...]:
        """Input and output tokens: of the example, or of each model turn that is counted for itself."""
        return self.turns or ((self.input_tokens, self.output_tokens),)

    @property
    def limited_tokens(self) -> int:
        """What counts towards the limit: of a preference example, the prompt and the longer completion."""
        return self.input_tokens + self.longest_completion_tokens + self.uncounted_tokens
