"""Check what a turn holds.

In: the parts of a message.
Out: W304 and W4xx advice about empty texts and media, E603 where there are too many media.
Not here: function calls (``functions``).
"""

from collections.abc import Mapping
from typing import Any

from tunestats.example import MODEL, Example, Message, Part
from tunestats.findings import Flaws
from tunestats.limits import ModelFacts
from tunestats.quoting import quoted
from tunestats.rules import (
    EMPTY_TEXT,
    MEDIA_IN_OUTPUT,
    NOT_A_CLOUD_URI,
    TOO_MANY_MEDIA,
    UNDOCUMENTED_PART,
    UNUSUAL_MEDIA_TYPE,
)

__all__ = ["check_media_limits", "check_parts", "check_text"]

DOCUMENTED = frozenset(("text", "file_data", "function_call", "function_response"))
MEDIA = frozenset(("file_data", "inline_data"))
URI_SCHEMES = ("gs://", "https://", "http://")


def check_parts(message: Message, path: str, flaws: Flaws) -> None:
    """Append what is wrong with the parts of a message."""
    for index, part in enumerate(message.parts):
        if part.kind == "text":
            check_text(part, path, index, flaws)
        elif part.kind:
            _check_other(part, message.role, f"{path}.parts[{index}]", flaws)


def check_text(part: Part, path: str, index: int, flaws: Flaws) -> None:
    """Append a flaw if a text part has no text worth the name."""
    if not part.text or part.text.isspace():
        said = "is only white space" if part.text else "is empty"
        flaws.append(EMPTY_TEXT.at(f"{path}.parts[{index}].text", f"the text {said}"))


def check_media_limits(example: Example, facts: ModelFacts, flaws: Flaws) -> None:
    """Append a flaw for every kind of media of which an example has more than the model takes."""
    families = [
        _family(part)
        for message in example.messages
        if message is not None
        for part in message.parts
        if part.kind in MEDIA
    ]
    for family in sorted(set(families)):
        count, limit = families.count(family), facts.media_per_example.get(family)
        if limit is not None and count > limit:
            said = f"the example has {count:,} files of type {family}; the limit is {limit}"
            flaws.append(TOO_MANY_MEDIA.at("contents", said))


def _check_other(part: Part, role: str, path: str, flaws: Flaws) -> None:
    if part.kind not in DOCUMENTED:
        flaws.append(UNDOCUMENTED_PART.at(path, f"`{part.key}` is not documented for tuning data"))
    if part.kind not in MEDIA or part.value is None:
        return
    if role == MODEL:
        flaws.append(MEDIA_IN_OUTPUT.at(path, "a model turn holds media; expected text"))
    path = f"{path}.{part.key}"
    for key in ("mimeType", "mime_type"):
        mime = part.value.get(key)
        if type(mime) is str and mime and not _is_known_type(part.media_type):
            said = f"{quoted(mime)} is not a type that models take; expected an image, audio, video or PDF"
            flaws.append(UNUSUAL_MEDIA_TYPE.at(f"{path}.{key}", said))
    if part.kind == "file_data":
        _check_uri(part.value, path, flaws)


def _is_known_type(mime: str) -> bool:
    return mime.startswith(("image/", "audio/", "video/")) or mime in ("application/pdf", "text/plain")


def _check_uri(file_data: Mapping[str, Any], path: str, flaws: Flaws) -> None:
    for key in ("fileUri", "file_uri"):
        uri = file_data.get(key)
        if type(uri) is not str or not uri:
            continue
        scheme = next((scheme for scheme in URI_SCHEMES if uri.startswith(scheme)), None)
        if scheme is None:
            said = f"{quoted(uri)} is not a URI that the service can read; expected `gs://…`"
            flaws.append(NOT_A_CLOUD_URI.at(f"{path}.{key}", said))
        elif scheme == "gs://" and not uri.removeprefix(scheme).partition("/")[2]:
            said = f"{quoted(uri)} names no object; expected `gs://bucket/object`"
            flaws.append(NOT_A_CLOUD_URI.at(f"{path}.{key}", said))


def _family(part: Part) -> str:
    """Return what a limit is about: `image`, `audio`, `video`, or a whole type such as `application/pdf`."""
    mime = part.media_type
    return mime if mime.startswith("application/") else mime.partition("/")[0]
