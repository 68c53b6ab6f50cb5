"""Read requests: Content objects of the API → ``Message``, and what stands around them.

In: the JSON of a line, whatever is wrong with it.
Out: neutral messages; what cannot be read is None or left out, and ``protojson`` has said why.
Not here: what is wrong with the shape (``protojson``) or the conversation (``checks``).

The decision which side a turn without a role belongs to is taken here, for all formats.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from tunestats.example import MODEL, USER, Declaration, Example, Message, Part
from tunestats.formats.vertex import PART_DATA
from tunestats.protojson.schema import Field, Kind

__all__ = [
    "media_resolution_of",
    "pick",
    "read_message",
    "read_messages",
    "read_part",
    "read_request",
    "set_roles",
]

# By their numbers in the API.
RESOLUTIONS = tuple(
    f"MEDIA_RESOLUTION_{name}" for name in ("UNSPECIFIED", "LOW", "MEDIUM", "HIGH", "ULTRA_HIGH")
)
DATA_KEYS = {
    key: field.snake
    for field in (Field(name, Kind.VALUE) for name in PART_DATA)
    for key in (field.name, field.snake)
}


def pick(value: Mapping[str, Any], camel: str, snake: str) -> Any:
    """Return a member under either of its spellings; None where it is unset."""
    found = value.get(camel)
    return value.get(snake) if found is None else found


def read_request(value: Mapping[str, Any], messages: Iterable[Message | None]) -> Example:
    """Return an example with these messages and what stands around them."""
    config = pick(value, "generationConfig", "generation_config")
    system = pick(value, "systemInstruction", "system_instruction")
    declarations, paths = _declarations(value.get("tools"))
    return Example(
        messages=tuple(messages),
        system=_read_parts(system) if type(system) is dict else (),
        tools=tuple(declarations),
        media_resolution=media_resolution_of(config),
        tool_paths=tuple(paths),
    )


def media_resolution_of(config: Any) -> str:
    """Return the resolution, by name, that a generation config asks for; empty where it leaves that open."""
    return _resolution(pick(config, "mediaResolution", "media_resolution")) if type(config) is dict else ""


def read_messages(contents: Any) -> list[Message | None]:
    """Return one message per item of a list of Content objects, with roles as declared."""
    if type(contents) is not list:
        return []
    return [read_message(item) for item in contents]


def read_message(content: Any) -> Message | None:
    """Return the message of a Content object, None where it is not an object."""
    if type(content) is not dict:
        return None
    role = content.get("role", "")
    declared = "" if role is None else role if type(role) is str else None
    return Message(MODEL if declared == MODEL else USER, declared, _read_parts(content))


def set_roles(messages: list[Message | None], last: str) -> list[Message | None]:
    """Give every turn without a role the side that its place makes plain.

    A turn with function responses is the user's. The last turn is ``last``'s if there is a turn before it;
    any other is not the side of the turn behind it.
    """
    for message in messages:
        if message is not None and not message.declared_role:
            break
    else:
        return messages
    side = last if len(messages) > 1 else USER
    for index in range(len(messages) - 1, -1, -1):
        message = messages[index]
        if message is not None and message.declared_role == "":
            responds = any(part.kind == "function_response" for part in message.parts)
            messages[index] = message._replace(role=USER if responds else side)
        message = messages[index]
        side = MODEL if message is not None and message.role == USER else USER
    return messages


def _read_parts(content: Mapping[str, Any]) -> tuple[Part, ...]:
    parts = content.get("parts")
    if type(parts) is not list:
        return ()
    return tuple(map(read_part, parts))


def read_part(part: Any, *, is_inner: bool = False) -> Part:
    """Return the part that a value is; without a kind where it holds nothing that is known."""
    if type(part) is not dict:
        return Part("")
    text = part.get("text")
    resolution, video, thought = "", None, False
    # Most parts are their data and nothing else.
    if len(part) > 1:
        level = pick(part, "mediaResolution", "media_resolution")
        resolution = _resolution(level.get("level")) if type(level) is dict else ""
        video = pick(part, "videoMetadata", "video_metadata")
        video = video if type(video) is dict else None
        thought = part.get("thought") is True
    if type(text) is str:
        return Part("text", text, video=video, thought=thought)
    for key, value in part.items():
        kind = DATA_KEYS.get(key)
        if kind is not None and kind != "text" and type(value) is dict:
            # Only files are expected in there: one level is enough.
            inner = value.get("parts") if kind == "function_response" and not is_inner else None
            inside = [read_part(item, is_inner=True) for item in inner] if type(inner) is list else ()
            return Part(kind, "", value, key, resolution, video, thought, tuple(inside))
    return Part("")


def _resolution(value: Any) -> str:
    """Return the name of a resolution given by name or number; empty where it is left open."""
    if type(value) is int and 0 <= value < len(RESOLUTIONS):
        value = RESOLUTIONS[value]
    return value if type(value) is str and value != RESOLUTIONS[0] else ""


def _declarations(tools: Any) -> tuple[list[Declaration], list[str]]:
    """Return every function declaration, and the path of each."""
    declarations: list[Declaration] = []
    paths: list[str] = []
    for number, tool in enumerate(tools if type(tools) is list else ()):
        if type(tool) is not dict:
            continue
        key = (
            "functionDeclarations"
            if tool.get("functionDeclarations") is not None
            else "function_declarations"
        )
        items = tool.get(key)
        for index, item in enumerate(items if type(items) is list else ()):
            if type(item) is dict:
                declarations.append(Declaration(item))
                paths.append(f"tools[{number}].{key}[{index}]")
    return declarations, paths
