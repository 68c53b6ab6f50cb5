"""Give every example three digests by which equal ones are found.

In: lines, and what each says.
Out: ``FINGERPRINT_BYTES`` bytes: digests of the line, of the example and of its prompt; and by which of these bytes
two examples are compared: ``LINE``, ``EXAMPLE``, ``PAIR``, ``PROMPT``.
Not here: which of them are equal (``duplicates``) and what that means (``report``).

The digest of the example and the one of its prompt ignore case (of ASCII letters) and white space, how the JSON is
written and which spelling its keys have. In that of a pair, all bytes but the last stand for the prompt and both
answers, in either order, and the last one tells which answer is the better: where ``PAIR`` is equal and ``EXAMPLE``
is not, the choice is the opposite one. So a pair needs no fourth digest for what contradicts it, and the prompt is
that of a pair and of a supervised example alike. (Where the text of an answer has a NUL, the prompt is taken to end there.)

xxHash (XXH3, 128 bits) takes 0.1 µs for a line of 800 bytes, SHA-1, the quickest of hashlib, 0.8 µs (2 shared cores,
2026-11-23, ``python -m benchmarks.parts``). Among ten million different lines the chance of one false pair is
below 10^-24. Nobody gains from a forged pair: it would be reported as information about his own file.
"""

import string
from collections.abc import Iterable, Mapping
from typing import Any

import orjson
from xxhash import xxh3_128_digest

from tunestats.example import MODEL, USER, Completion, Example, Message, Part

__all__ = [
    "BETTER",
    "DIGEST_BYTES",
    "EXAMPLE",
    "FINGERPRINT_BYTES",
    "LINE",
    "NO_FINGERPRINT",
    "PAIR",
    "PART",
    "PROMPT",
    "TURN",
    "WORSE",
    "fingerprints",
    "line_fingerprints",
    "transcript",
]

DIGEST_BYTES = 16
FINGERPRINT_BYTES = 3 * DIGEST_BYTES
LINE = slice(0, DIGEST_BYTES)
EXAMPLE = slice(DIGEST_BYTES, 2 * DIGEST_BYTES)
PAIR = slice(DIGEST_BYTES, 2 * DIGEST_BYTES - 1)
PROMPT = slice(2 * DIGEST_BYTES, 3 * DIGEST_BYTES)
# Stands for an example that is not compared, because it is dropped.
NO_FINGERPRINT = bytes(FINGERPRINT_BYTES)
LOWER = bytes(range(256)).lower()
SPACE = string.whitespace.encode()
# What stands before a turn, before the answers of a pair, and between the parts of each.
TURN = {USER: "\0u", MODEL: "\0m"}
BETTER, WORSE = "\0b", "\0w"
PART = "\1"


def fingerprints(lines: Iterable[bytes], transcripts: Iterable[str]) -> bytes:
    """Return the fingerprints of some examples, one behind the other: of the line, the example, its prompt."""
    digest = xxh3_128_digest
    found: list[bytes] = []
    for line, said in zip(lines, transcripts, strict=True):
        folded = said.encode("utf-8", "surrogatepass").translate(LOWER, SPACE)
        end = folded.rfind(b"\0")
        if folded.startswith(b"w", end + 1):
            found += (digest(line), *_of_pair(folded, end))
        else:
            found += (digest(line), digest(folded), digest(folded[:end]))
    return b"".join(found)


def line_fingerprints(lines: Iterable[bytes]) -> bytes:
    """Return fingerprints of which only the line is known: nothing else will be compared."""
    unknown = bytes(FINGERPRINT_BYTES - DIGEST_BYTES)
    return b"".join([xxh3_128_digest(line) + unknown for line in lines])


def _of_pair(folded: bytes, end: int) -> tuple[bytes, bytes]:
    """Return the digests of a pair, whose worse answer begins at ``end``, and of its prompt."""
    middle = folded.rfind(b"\0", 0, end)
    prompt, better, worse = folded[:middle], folded[middle + 2 : end], folded[end + 2 :]
    chosen, answers = (b"\1", (better, worse)) if better < worse else (b"\2", (worse, better))
    both = xxh3_128_digest(b"\0".join((prompt, *answers)))
    return both[:-1] + chosen, xxh3_128_digest(prompt)


def transcript(example: Example) -> str:
    r"""Return what an example says in one string; the last NUL, of a pair the last but one, ends the prompt.

    >>> hi, hello = Message("user", "user", (Part("text", "Hi"),)), Message("model", "", (Part("text", "Hello"),))
    >>> transcript(Example((hi, hello)))
    '\x00uHi\x00mHello'
    """
    around = _text(example.system) + "".join(map(_dumped, example.tools)) + example.media_resolution
    turns = "".join(map(_turn, example.messages))
    if not example.completions:
        return around + turns
    better, *others = map(_completion, sorted(example.completions, key=_score, reverse=True))
    return around + turns + BETTER + better + WORSE + PART.join(others)


def _turn(message: Message | None) -> str:
    return TURN[message.role] + _text(message.parts) if message is not None else ""


def _score(completion: Completion | None) -> float:
    return completion.score or 0 if completion is not None else 0


def _completion(completion: Completion | None) -> str:
    message = completion.message if completion is not None else None
    return _text(message.parts) if message is not None else ""


def _text(parts: Iterable[Part]) -> str:
    return PART.join([part.text if part.value is None else _dumped(part.value) for part in parts])


def _dumped(value: Mapping[str, Any]) -> str:
    """Return JSON that is the same for both spellings of keys."""
    try:
        return orjson.dumps(value, option=orjson.OPT_SORT_KEYS).decode().replace("_", "")
    except orjson.JSONEncodeError:
        # orjson reads 1,024 levels and writes 254.
        return _flattened(value)


def _flattened(value: Any) -> str:
    pieces: list[str] = []
    pending = [value]
    while pending:
        item = pending.pop()
        if type(item) is dict:
            keys = sorted(item)
            pieces.append("{" + ",".join(keys).replace("_", ""))
            pending.extend(item[key] for key in keys)
        elif type(item) is list:
            pieces.append(f"[{len(item)}")
            pending.extend(item)
        else:
            pieces.append(str(item))
    return "".join(pieces)
