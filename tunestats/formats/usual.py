"""Read lines of the usual shape in one go: with calls, answers, files and settings, but nothing odd.

In: a raw line.
Out: its ``Example``, or None if its shape is not usual, and perhaps wrong.
Not here: what the example says (``checks``); lines of any other shape (``content`` reads them, ``fitting`` and
``protojson`` look at their shape).

msgspec parses straight into turns, so that neither objects nor strings have to be asked for their type; parts that
are more than a text are left to ``fitting``. What stands around the turns is mostly the same on all lines: it
is not parsed, but looked up by its bytes (``memory``). Keys that stand twice and keys that are not known are
dropped by msgspec; then the line holds more quotes than what was read. A test holds that what is read here has no flaw of
shape, and is the example that ``content`` reads.
"""

from collections.abc import Callable
from typing import Annotated, Any, Required, TypedDict

from msgspec import UNSET, Meta, MsgspecError, Raw, Struct, UnsetType
from msgspec.json import Decoder, decode

from tunestats.example import MODEL, USER, Completion, Declaration, Example, Message, Part
from tunestats.formats.content import media_resolution_of, read_part, set_roles
from tunestats.formats.fitting import fitter
from tunestats.formats.memory import Memory
from tunestats.formats.vertex import FUNCTION_DECLARATION, PART, SFT_EXAMPLE
from tunestats.protojson.schema import MessageType
from tunestats.quotes import quotes_in

__all__ = ["read_usual_pair", "read_usual_sft"]

CONFIG = "generationConfig"
# What makes any sum of quotes differ from those of a line.
ODD = -(1 << 60)
NO_MESSAGE = (Message(USER, None, ()), ODD)
UNREADABLE = (MsgspecError, UnicodeDecodeError, RecursionError)


class _Turn(Struct, forbid_unknown_fields=True, gc=False):
    parts: Annotated[list[dict[str, Any]], Meta(min_length=1)]
    role: str | UnsetType = UNSET


class _Tool(Struct, forbid_unknown_fields=True, gc=False):
    functionDeclarations: list[Raw]  # noqa: N815  as it is spelt in JSON


class _Scored(Struct, forbid_unknown_fields=True, gc=False):
    # Others are odd at least.
    score: Annotated[int, Meta(ge=0, le=1)] | Annotated[float, Meta(ge=0, le=1)]
    completion: _Turn


class _Line(TypedDict, total=False):
    contents: Required[Annotated[list[_Turn], Meta(min_length=1)]]
    systemInstruction: _Turn
    tools: list[_Tool]
    generationConfig: Raw
    toolConfig: Raw
    safetySettings: Raw
    labels: Raw
    model: Raw


class _Pair(_Line):
    completions: Required[Annotated[list[_Scored], Meta(min_length=1)]]


# The fields around the turns that are looked up.
SETTING_KEYS = (CONFIG, "toolConfig", "safetySettings", "labels", "model")
# A part stands in a turn, a declaration in a tool, and these in the line.
_fit_part = fitter(PART, depth=3)
_fit_declaration = fitter(FUNCTION_DECLARATION, depth=3)
_fit_settings = fitter(
    MessageType("settings", tuple(field for field in SFT_EXAMPLE.fields if field.name in SETTING_KEYS))
)
_decode_line: Callable[[bytes], Any] = Decoder(_Line).decode
_decode_pair: Callable[[bytes], Any] = Decoder(_Pair).decode


def read_usual_sft(raw: bytes) -> Example | None:
    """Return the supervised example of a line, None if the line is not usual."""
    return _read(raw, _decode_line, MODEL)


def read_usual_pair(raw: bytes) -> Example | None:
    """Return the preference example of a line, None if the line is not usual."""
    return _read(raw, _decode_pair, USER)


def _read(raw: bytes, decode_line: Callable[[bytes], Any], last: str) -> Example | None:
    try:
        line = decode_line(raw)
    except UNREADABLE:
        return None
    quotes = 2 * len(line)
    messages: list[Message | None] = []
    for turn in line["contents"]:
        message, held = _message(turn)
        if held < 0:
            return None
        messages.append(message)
        quotes += held
    system: tuple[Part, ...] = ()
    if "systemInstruction" in line:
        message, held = _message(line["systemInstruction"])
        system = message.parts
        quotes += held
    completions, held = _completions(line["completions"]) if "completions" in line else ((), 0)
    quotes += held
    tools, paths, held = _tools(line["tools"]) if "tools" in line else ((), (), 0)
    quotes += held
    resolution = ""
    for key, settings in SETTINGS.items():
        if key in line:
            found, held = settings.of(bytes(line[key]))
            resolution += found
            quotes += held
    if quotes != quotes_in(raw):
        return None
    return Example(tuple(set_roles(messages, last)), completions, system, tools, resolution, paths)


def _message(turn: _Turn) -> tuple[Message, int]:
    """Return a turn and how many quotes it has in JSON; less than none at all if it needs a closer look."""
    parts = []
    quotes = 2
    for part in turn.parts:
        text = part.get("text")
        if len(part) == 1 and type(text) is str:
            parts.append(Part("text", text))
            quotes += 4
        else:
            held = _fit_part(part)
            if held < 0:
                return NO_MESSAGE
            parts.append(read_part(part))
            quotes += held
    role = turn.role
    if role is UNSET:
        return Message(USER, "", tuple(parts)), quotes
    return Message(MODEL if role == MODEL else USER, role, tuple(parts)), quotes + 4


def _completions(items: list[_Scored]) -> tuple[tuple[Completion, ...], int]:
    completions = []
    quotes = 0
    for item in items:
        message, held = _message(item.completion)
        completions.append(Completion(item.score, item.score, message._replace(role=MODEL)))
        quotes += held + 4
    return tuple(completions), quotes


def _tools(tools: list[_Tool]) -> tuple[tuple[Declaration, ...], tuple[str, ...], int]:
    declarations = []
    quotes = 0
    for tool in tools:
        quotes += 2
        for raw in tool.functionDeclarations:
            declaration, held = _declarations.of(bytes(raw))
            declarations.append(declaration)
            quotes += held
    if len(tools) == 1 and len(declarations) <= len(PATHS):
        return tuple(declarations), PATHS[: len(declarations)], quotes
    paths = [
        _path(place, index)
        for place, tool in enumerate(tools)
        for index in range(len(tool.functionDeclarations))
    ]
    return tuple(declarations), tuple(paths), quotes


def _path(tool: int, index: int) -> str:
    return f"tools[{tool}].functionDeclarations[{index}]"


def _declaration(written: bytes) -> tuple[Declaration, int]:
    """Return a function declaration and its quotes."""
    value = _value(written)
    held = _fit_declaration(value)
    return (Declaration(value), held) if held >= 0 else (Declaration(), ODD)


def _setting(key: str) -> Memory[tuple[str, int]]:
    def look(written: bytes) -> tuple[str, int]:
        """Return the resolution of media that a setting says, and its quotes."""
        value = _value(written)
        held = _fit_settings({key: value})
        # The quotes of the key are counted with the line.
        return (media_resolution_of(value) if key == CONFIG else "", held - 2) if held >= 0 else ("", ODD)

    return Memory(look)


def _value(written: bytes) -> Any:
    """Return parsed JSON, None where it cannot be read, which fits nothing."""
    try:
        return decode(written)
    except UNREADABLE:
        return None


# Of what most lines have: one tool.
PATHS = tuple([_path(0, index) for index in range(50)])
_declarations = Memory(_declaration)
SETTINGS = {key: _setting(key) for key in SETTING_KEYS}
