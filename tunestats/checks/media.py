"""Check files: where they are, what they are said to be, what they are, and which part of a video is meant.

In: a part that holds a file, and what is known about the model.
Out: E401, W401, W406 and W415 to W417 advice, E603 where there are too many.
Not here: whether a file may stand in this turn (``parts``).
"""

import re
from base64 import b64decode
from collections.abc import Mapping
from typing import Any

from tunestats.checks.content_types import (
    family_of,
    is_known_type,
    nearest_type,
    types_of_bytes,
    types_of_name,
)
from tunestats.checks.uris import name_without_query, uri_fault
from tunestats.example import MEDIA, Example, Part
from tunestats.findings import Flaws
from tunestats.limits import ModelFacts
from tunestats.quoting import quoted
from tunestats.rules import (
    LARGE_INLINE_DATA,
    MEDIA_TYPE_MISMATCH,
    NOT_A_CLOUD_URI,
    TOO_MANY_MEDIA,
    UNSUPPORTED_MODALITY,
    UNUSUAL_MEDIA_TYPE,
    VIDEO_RANGE,
)

__all__ = ["check_file", "check_media_limits", "check_video_metadata"]

MODALITIES = {
    "image": "image",
    "audio": "audio",
    "video": "video",
    "application/pdf": "document",
    "text": "document",
}
# What the signatures look at.
START_CHARACTERS = 128
DURATION = re.compile(r"(?P<sign>-?)(?P<seconds>[0-9]{1,12})(\.(?P<fraction>[0-9]{1,9}))?s")
MOST_FPS = 24


def check_file(part: Part, path: str, flaws: Flaws) -> None:
    """Append what is wrong with the type and the place of a file."""
    path = f"{path}.{part.key}"
    mime, value = part.media_type, part.value or {}
    known = is_known_type(mime)
    for key in ("mimeType", "mime_type"):
        if type(value.get(key)) is str and value[key] and not known:
            near = nearest_type(mime)
            hint = f"; did you mean `{near}`?" if near else ""
            said = f"{quoted(value[key])} is not a type that models take{hint}"
            flaws.append(UNUSUAL_MEDIA_TYPE.at(f"{path}.{key}", said))
    if part.kind == "file_data":
        _check_uri(value, mime if known else "", path, flaws)
    elif known and type(value.get("data")) is str:
        _check_content(value["data"], mime, path, flaws)


def _check_uri(value: Mapping[str, Any], mime: str, path: str, flaws: Flaws) -> None:
    for key in ("fileUri", "file_uri"):
        uri = value.get(key)
        if type(uri) is not str or not uri:
            continue
        fault = uri_fault(uri)
        if fault:
            flaws.append(NOT_A_CLOUD_URI.at(f"{path}.{key}", f"{quoted(uri)} {fault}"))
        elif mime and (types := types_of_name(name_without_query(uri), mime)):
            said = f"the type is {quoted(mime)}, the name that of {' or '.join(types)}"
            flaws.append(MEDIA_TYPE_MISMATCH.at(f"{path}.{key}", said))


def _check_content(data: str, mime: str, path: str, flaws: Flaws) -> None:
    start = data[:START_CHARACTERS].rstrip("=")
    try:
        content = b64decode(
            start + "=" * (-len(start) % 4), b"-_" if {"-", "_"} & set(start) else None, validate=True
        )
    except ValueError:
        return
    types = types_of_bytes(content, mime) if content else ()
    if types:
        said = f"the type is {quoted(mime)}, the content {' or '.join(types)}"
        flaws.append(MEDIA_TYPE_MISMATCH.at(f"{path}.data", said))


def check_video_metadata(part: Part, path: str, flaws: Flaws) -> None:
    """Append what is wrong with the piece of a video that a part chooses."""
    if part.video is None or not part.kind:
        return
    path = f"{path}.videoMetadata"
    if part.kind not in MEDIA:
        flaws.append(VIDEO_RANGE.at(path, f"the part holds no video, but `{part.key}`"))
    elif not part.media_type.startswith("video/"):
        if part.media_type:
            flaws.append(VIDEO_RANGE.at(path, f"the part holds no video, but {quoted(part.media_type)}"))
    else:
        _check_range(part.video, path, flaws)


def _check_range(video: Mapping[str, Any], path: str, flaws: Flaws) -> None:
    start, started = _offset(video, "startOffset", "start_offset")
    end, ended = _offset(video, "endOffset", "end_offset")
    for name, offset, told in (("startOffset", start, started), ("endOffset", end, ended)):
        if offset is not None and offset < 0:
            flaws.append(VIDEO_RANGE.at(f"{path}.{name}", f"`{told}` is before the video begins"))
    if end is not None and 0 <= end <= max(start or 0, 0):
        said = f"the piece begins at `{started or '0s'}` and ends at `{ended}`"
        flaws.append(VIDEO_RANGE.at(f"{path}.endOffset", said))
    fps: Any = video.get("fps")
    if type(fps) in (int, float) and not 0 < fps <= MOST_FPS:
        said = f"{quoted(fps)} frames a second; expected more than 0 and at most {MOST_FPS}"
        flaws.append(VIDEO_RANGE.at(f"{path}.fps", said))


def _offset(video: Mapping[str, Any], camel: str, snake: str) -> tuple[int | None, str]:
    """Return an offset in nanoseconds and as it stood; None where there is none that can be read."""
    value = video.get(camel, video.get(snake))
    found = DURATION.fullmatch(value) if type(value) is str else None
    if found is None:
        return None, ""
    seconds, fraction = found["seconds"], found["fraction"] or ""
    nanoseconds = int(f"{seconds}{fraction:0<9}")
    return -nanoseconds if found["sign"] else nanoseconds, found[0]


def check_media_limits(example: Example, facts: ModelFacts, flaws: Flaws) -> None:
    """Append a flaw for files that the model does not take: of this kind, of this size, so many."""
    counts: dict[str, int] = {}
    roots: dict[str, str] = {}
    for place, part in example.files():
        path = f"{place}.{part.key}"
        mime = part.media_type
        family = family_of(mime)
        counts[family] = counts.get(family, 0) + 1
        roots[family] = path.partition("[")[0].partition(".")[0]
        modality = MODALITIES.get(family)
        if modality and facts.modalities and modality not in facts.modalities:
            taken = ", ".join(facts.modalities)
            said = f"the model is not tuned with {modality}: {quoted(mime)} stands here; it takes {taken}"
            flaws.append(UNSUPPORTED_MODALITY.at(path, said))
        _check_size(part, family, facts, path, flaws)
    for family, count in sorted(counts.items()):
        limit = facts.media_per_example.get(family)
        if limit is not None and count > limit:
            said = f"the example has {count:,} files of type {family}; the limit is {limit}"
            flaws.append(TOO_MANY_MEDIA.at(roots[family], said))


def _check_size(part: Part, family: str, facts: ModelFacts, path: str, flaws: Flaws) -> None:
    data = part.value.get("data") if part.kind == "inline_data" and part.value is not None else None
    limit = facts.media_bytes.get(family)
    if type(data) is str and limit is not None:
        size = len(data.rstrip("=")) * 3 // 4
        if size > limit:
            said = f"the file has {size:,} bytes; the limit for {family} is {limit:,}"
            flaws.append(LARGE_INLINE_DATA.at(f"{path}.data", said))
