"""Give every example a key, and those whose key is not unique a fingerprint, by which equal ones are found.

In: a line, and what it says.
Out: the key, a number that all examples with the same prompt have; and the fingerprint, ``FINGERPRINT_BYTES``
bytes: digests of the line, of the example and of its prompt, and by which of these bytes two examples are compared:
``LINE``, ``EXAMPLE``, ``PAIR``, ``PROMPT``.
Not here: which of them are equal (``candidates``, ``duplicates``) and what that means (``dataset``).

All but the digest of the line ignore case (of ASCII letters) and white space, how the JSON is written and which
spelling its keys have. The key is made of the beginning of what is said first and the end of what is said last in
the prompt, so it costs the same for texts of any length; folding whole texts would take a quarter of the time of a check.

In the digest of a pair, all bytes but the last stand for the prompt and both answers, in either order, and the last
one tells which answer is the better: where ``PAIR`` is equal and ``EXAMPLE`` is not, the choice is the opposite one.
So a pair needs no fourth digest for what contradicts it, and the prompt is that of a pair and of a supervised example
alike. (Where the text of an answer has a NUL, the prompt is taken to end there.)

xxHash (XXH3, 128 bits) takes 0.1 µs for a line of 800 bytes, SHA-1, the quickest of hashlib, 0.8 µs (2 shared cores,
2026-11-23, ``python -m benchmarks.parts``). Among ten million different lines the chance of one false pair is
below 10^-24. Nobody gains from a forged pair: it would be reported as information about his own file.
"""

import string
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import orjson
from xxhash import xxh3_64_intdigest, xxh3_128_digest

from tunestats.example import MODEL, USER, Completion, Example, Message, Part

__all__ = [
    "BETTER",
    "DIGEST_BYTES",
    "EXAMPLE",
    "FINGERPRINT_BYTES",
    "LINE",
    "NO_FINGERPRINT",
    "NO_KEY",
    "PAIR",
    "PART",
    "PROMPT",
    "TURN",
    "WORSE",
    "fingerprint",
    "keys_of",
    "prompt_key",
    "prompt_keys",
    "transcript",
]

DIGEST_BYTES = 16
FINGERPRINT_BYTES = 3 * DIGEST_BYTES
LINE = slice(0, DIGEST_BYTES)
EXAMPLE = slice(DIGEST_BYTES, 2 * DIGEST_BYTES)
PAIR = slice(DIGEST_BYTES, 2 * DIGEST_BYTES - 1)
PROMPT = slice(2 * DIGEST_BYTES, 3 * DIGEST_BYTES)
# Stand for an example that is not compared, because it is dropped.
NO_FINGERPRINT = bytes(FINGERPRINT_BYTES)
NO_KEY = 0
# So many bytes of the beginning and of the end are in the key. As a rule there are as many in so many characters,
# white space left out; where there are not, the whole text is folded. What differs is nearer to the end more often.
HEAD_BYTES, HEAD_CHARACTERS = 32, 48
TAIL_BYTES, TAIL_CHARACTERS = 80, 112
LOWER = bytes(range(256)).lower()
SPACE = string.whitespace.encode()
# What stands before a turn, before the answers of a pair, and between the parts of each.
TURN = {USER: "\0u", MODEL: "\0m"}
BETTER, WORSE = "\0b", "\0w"
PART = "\1"


def prompt_keys(firsts: Sequence[str], lasts: Sequence[str]) -> list[int]:
    """Return the key of each prompt.

    Args:
        firsts: What is said first in each, without white space around it.
        lasts: What is said last.
    """
    heads = _folded([text[:HEAD_CHARACTERS] for text in firsts])
    tails = _folded([text[-TAIL_CHARACTERS:] for text in lasts])
    _lengthen(heads, firsts, HEAD_BYTES, HEAD_CHARACTERS)
    _lengthen(tails, lasts, TAIL_BYTES, TAIL_CHARACTERS)
    digest = xxh3_64_intdigest
    return [digest(head[:HEAD_BYTES] + tail[-TAIL_BYTES:]) for head, tail in zip(heads, tails, strict=True)]


def _lengthen(pieces: list[bytes], texts: Sequence[str], size: int, characters: int) -> None:
    """Take the whole text where a piece of it has come out too short."""
    for index in [index for index, piece in enumerate(pieces) if len(piece) < size]:
        if len(texts[index]) > characters:
            pieces[index] = _fold(texts[index])


def keys_of(examples: Iterable[Example]) -> list[int]:
    """Return the keys of the prompts of some examples; one call for all of them takes a third of the time."""
    firsts, lasts = [], []
    for example in examples:
        messages = [message for message in example.messages if message is not None]
        prompt = messages if example.completions else messages[:-1]
        firsts.append(_text(prompt[0].parts).strip() if prompt else "")
        lasts.append(_text(prompt[-1].parts).strip() if len(prompt) > 1 else firsts[-1])
    return prompt_keys(firsts, lasts)


def prompt_key(example: Example) -> int:
    """Return the key of an example's prompt."""
    return keys_of([example])[0]


def fingerprint(line: bytes, said: str) -> bytes:
    """Return the fingerprint of an example: the digests of its line, of what it says, and of its prompt."""
    folded = _fold(said)
    end = folded.rfind(b"\0")
    if folded.startswith(b"w", end + 1):
        return xxh3_128_digest(line) + b"".join(_of_pair(folded, end))
    return xxh3_128_digest(line) + xxh3_128_digest(folded) + xxh3_128_digest(folded[:end])


def _folded(texts: list[str]) -> list[bytes]:
    # One call for all of them takes a third of the time, if none has a NUL.
    folded = _fold("\0".join(texts)).split(b"\0")
    return folded if len(folded) == len(texts) else [_fold(text) for text in texts]


def _fold(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass").translate(LOWER, SPACE)


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
