"""Check what a turn holds.

In: the parts of a message.
Out: W304 and W4xx advice about empty texts and about parts that should not be there.
Not here: files (``media``) and function calls (``functions``).
"""

from collections.abc import Sequence

from tunestats.checks.media import check_file, check_video_metadata
from tunestats.example import MEDIA, MODEL, Message, Part
from tunestats.findings import Flaws
from tunestats.rules import EMPTY_TEXT, MEDIA_IN_OUTPUT, SYSTEM_NOT_TEXT, UNDOCUMENTED_PART

__all__ = ["check_parts", "check_system", "check_text", "check_thought"]

# Other rooms look at these, but for the files in them.
ALWAYS_RIGHT = frozenset(("function_call", "function_response"))
DOCUMENTED = ALWAYS_RIGHT | {"text", "file_data"}


def check_parts(message: Message, number: int, flaws: Flaws) -> None:
    """Append what is wrong with the parts of the message of this index."""
    for index, part in enumerate(message.parts):
        if part.kind == "text":
            text = part.text
            if not text or text.isspace():
                check_text(part, f"contents[{number}]", index, flaws)
        elif part.kind and (part.kind not in ALWAYS_RIGHT or part.inner):
            _check_other(part, message.role, f"contents[{number}].parts[{index}]", flaws)
        if part.thought:
            check_thought(f"contents[{number}].parts[{index}]", flaws)
        if part.video is not None:
            check_video_metadata(part, f"contents[{number}].parts[{index}]", flaws)


def check_system(parts: Sequence[Part], flaws: Flaws) -> None:
    """Append what is wrong with the parts of a system instruction."""
    for index, part in enumerate(parts):
        if part.kind == "text":
            check_text(part, "systemInstruction", index, flaws)
        elif part.kind:
            said = f"`{part.key}` stands here; expected text"
            path = f"systemInstruction.parts[{index}]"
            flaws.append(SYSTEM_NOT_TEXT.at(path, said))
            _check_files(part, path, flaws)


def check_thought(path: str, flaws: Flaws) -> None:
    """Append that a part, which is marked as a thought, is not documented."""
    flaws.append(UNDOCUMENTED_PART.at(f"{path}.thought", "`thought` is not documented for tuning data"))


def check_text(part: Part, path: str, index: int, flaws: Flaws) -> None:
    """Append a flaw if a text part has no text worth the name."""
    if not part.text or part.text.isspace():
        said = "is only white space" if part.text else "is empty"
        flaws.append(EMPTY_TEXT.at(f"{path}.parts[{index}].text", f"the text {said}"))


def _check_other(part: Part, role: str, path: str, flaws: Flaws) -> None:
    if part.kind not in DOCUMENTED:
        flaws.append(UNDOCUMENTED_PART.at(path, f"`{part.key}` is not documented for tuning data"))
    if part.kind in MEDIA and part.value is not None:
        if role == MODEL:
            flaws.append(MEDIA_IN_OUTPUT.at(path, "a model turn holds media; expected text"))
    elif part.inner:
        said = "files inside a function response are not documented for tuning data"
        flaws.append(UNDOCUMENTED_PART.at(f"{path}.{part.key}.parts", said))
    _check_files(part, path, flaws)


def _check_files(part: Part, path: str, flaws: Flaws) -> None:
    """Append what is wrong with a file, or with those of a function response."""
    for where, file in part.files(path):
        check_file(file, where, flaws)
        if file.video is not None and file is not part:
            check_video_metadata(file, where, flaws)
