r"""Recognise at a glance the examples about which nothing can be said.

In: raw lines.
Out: for each line a ``PlainSft`` or ``PlainPair``, or None for all others, valid or not.
Not here: what is wrong with the others; they go to the full checker (``sft``, ``preference``).

This runs for every line: it is written for speed, and it may only ever accept too little. Plain is:
alternating turns that begin with the user's, texts that are not blank, no other field, perhaps a
``systemInstruction`` of such texts, and answers on which ``checks.answers`` has nothing to say. msgspec parses
straight into these shapes and refuses everything else; like orjson it is strict about all but keys that stand twice,
so ``quotes`` tells how many quotes the JSON should have.

Per line of 790 bytes (2 shared cores, 2026-11-23, ``python -m benchmarks.parts``): orjson alone 1.2 µs, this 2.4 µs,
of which msgspec takes 1.0.
"""

from collections.abc import Sequence
from typing import Generic, NamedTuple, TypeVar

from msgspec import UNSET, MsgspecError, Struct, UnsetType
from msgspec.json import Decoder

from tunestats.example import MODEL, USER, Completion, Example, Message, Part, Spoken
from tunestats.fingerprints import BETTER, PART, TURN, WORSE

__all__ = ["Decoded", "PlainDecoder", "PlainPair", "PlainSft"]

OTHER = {USER: MODEL, MODEL: USER}
NOT_PLAIN = (0, "")
# Shorter answers are never out of proportion (``checks.answers``, where a test compares the two numbers).
MAX_CHARACTERS = 19_999


class _Shape(Struct, forbid_unknown_fields=True, gc=False):
    """A JSON object that has the fields of its class and no others."""


class _Text(_Shape):
    text: str


class _Turn(_Shape):
    role: str
    parts: list[_Text]


class _System(_Shape):
    parts: list[_Text]
    role: str | UnsetType = UNSET


class _Scored(_Shape):
    score: int | float
    completion: _Turn


class _Request(_Shape):
    """What both formats have."""

    contents: list[_Turn]
    systemInstruction: _System | UnsetType = UNSET  # noqa: N815  as it is spelt in JSON
    system_instruction: _System | UnsetType = UNSET

    def look(self) -> tuple[int, str]:
        """Return how many quotes the example has in JSON, 0 if it is not plain after all, and its transcript.

        The transcript is what ``fingerprints.transcript`` would return.
        """
        raise NotImplementedError

    def spoken(self) -> Spoken:
        """Return what of the example is counted."""
        raise NotImplementedError

    def read(self) -> Example:
        """Return the example in neutral words."""
        raise NotImplementedError


class PlainSft(_Request):
    """A supervised example that is plain if ``look`` says so."""

    def look(self) -> tuple[int, str]:
        """Return the quotes and the transcript of the example."""
        return _look(self, MODEL)

    def spoken(self) -> Spoken:
        """Return what of the example is counted."""
        asked, answered = self.contents[::2], self.contents[1::2]
        texts = [
            _system_texts(self) + [part.text for turn in asked for part in turn.parts],
            [part.text for turn in answered for part in turn.parts],
        ]
        return Spoken(texts, len(self.contents))

    def read(self) -> Example:
        """Return the example in neutral words."""
        return Example(_messages(self), system=_system_parts(self))


class PlainPair(_Request, kw_only=True):
    """A preference example that is plain if ``look`` says so."""

    completions: list[_Scored]

    def look(self) -> tuple[int, str]:
        """Return the quotes and the transcript of the example."""
        if len(self.completions) != 2:
            return NOT_PLAIN
        first, second = self.completions
        one, other = first.completion, second.completion
        if first.score == second.score or first.score not in (0, 1) or second.score not in (0, 1):
            return NOT_PLAIN
        if one.role != MODEL or other.role != MODEL or one.parts == other.parts:
            return NOT_PLAIN
        answer, alternative = _plain_text(one.parts), _plain_text(other.parts)
        quotes, said = _look(self, USER)
        if not quotes or not answer or not alternative:
            return NOT_PLAIN
        better, worse = (one, other) if first.score else (other, one)
        said_best, asked = _plain_text(better.parts).strip(), _plain_text(self.contents[-1].parts).strip()
        if said_best == asked or _may_be_odd(said_best, better.parts) or _may_be_same(better, worse):
            return NOT_PLAIN
        said += BETTER + (answer if first.score else alternative) + WORSE
        said += alternative if first.score else answer
        return quotes + 22 + 4 * len(one.parts) + 4 * len(other.parts), said

    def spoken(self) -> Spoken:
        """Return what of the example is counted."""
        texts = [
            _system_texts(self) + [part.text for turn in self.contents for part in turn.parts],
            [],
            *[[part.text for part in item.completion.parts] for item in self.completions],
        ]
        return Spoken(texts, len(self.contents), tuple([item.score for item in self.completions]))

    def read(self) -> Example:
        """Return the example in neutral words."""
        completions = [
            Completion(item.score, item.score, _message(item.completion)) for item in self.completions
        ]
        return Example(_messages(self), tuple(completions), system=_system_parts(self))


Plain = TypeVar("Plain", bound=_Request)


class Decoded(NamedTuple, Generic[Plain]):
    """What lines hold: the example and the transcript of each, None and empty where it is not plain.

    ``quotes`` is how many quotes all plain examples have in JSON.
    """

    examples: list[Plain | None]
    transcripts: list[str]
    quotes: int


class PlainDecoder(Generic[Plain]):
    """Decodes lines into one of the shapes."""

    def __init__(self, shape: type[Plain]) -> None:
        self._decoder = Decoder(shape)

    def decode(self, lines: Sequence[bytes], joined: bytes) -> Decoded[Plain]:
        """Return the example of every line.

        Args:
            lines: The lines.
            joined: The same with a line feed between them.
        """
        shaped: list[Plain | None] = [*self._decode_all(lines, joined)] or self._decode_each(lines)
        looks = [value.look() if value is not None else NOT_PLAIN for value in shaped]
        quotes = [count for count, _ in looks]
        if 0 in quotes:
            shaped = [value if count else None for value, count in zip(shaped, quotes, strict=True)]
        return Decoded(shaped, [said for _, said in looks], sum(quotes))

    def _decode_each(self, lines: Sequence[bytes]) -> list[Plain | None]:
        """Return the value of every line; None if it has not the shape."""
        decode = self._decoder.decode
        values: list[Plain | None] = []
        for raw in lines:
            try:
                values.append(decode(raw))
            except (MsgspecError, UnicodeDecodeError):
                values.append(None)
        return values

    def _decode_all(self, lines: Sequence[bytes], joined: bytes) -> list[Plain]:
        """Return the values of all lines, taken together; none if any of them is not as expected.

        msgspec takes any white space between values, and line feeds inside them. But where every line
        begins with a brace and ends with one, no line feed is inside a value, since a closing brace is never
        followed by an opening one there; and then there are as many values as lines only if each has one.
        """
        if {raw[:1] + raw[-1:] for raw in lines} != {b"{}"}:
            return []
        try:
            values = self._decoder.decode_lines(joined)
        except (MsgspecError, UnicodeDecodeError):
            return []
        return values if len(values) == len(lines) else []


def _look(request: _Request, last: str) -> tuple[int, str]:
    """Return the quotes and the transcript of turns, their key and the system instruction."""
    quotes = 2
    pieces = []
    system = request.systemInstruction
    if system is UNSET:
        system = request.system_instruction
    elif request.system_instruction is not UNSET:
        return NOT_PLAIN
    if system is not UNSET:
        quotes += (4 if system.role is UNSET else 8) + 4 * len(system.parts)
        pieces.append(_plain_text(system.parts))
    role, asked = USER, ""
    for turn in request.contents:
        parts = turn.parts
        if turn.role != role:
            return NOT_PLAIN
        # Nearly every turn has one part; this is the loop that all lines pay for.
        text = parts[0].text if len(parts) == 1 else _plain_text(parts)
        said = text.strip()
        if not said:
            return NOT_PLAIN
        pieces += (TURN[role], text)
        quotes += 6 + 4 * len(parts)
        if role == USER:
            role, asked = MODEL, said
        elif said == asked or _may_be_odd(said, parts):
            return NOT_PLAIN
        else:
            role = USER
    # It is the other side's turn now.
    if role == last or not request.contents or "" in pieces:
        return NOT_PLAIN
    return quotes, "".join(pieces)


def _plain_text(parts: list[_Text]) -> str:
    """Return what parts say, in the form of a transcript; empty if there are none or one is blank."""
    if len(parts) == 1:
        text = parts[0].text
        return "" if text.isspace() else text
    texts = [part.text for part in parts]
    return "" if any(not text or text.isspace() for text in texts) else PART.join(texts)


def _may_be_odd(said: str, parts: list[_Text]) -> bool:
    """Tell whether an answer, without white space around it, may be cut off, very long, or of several parts.

    It may be cut off if it has an odd number of fences, or begins as JSON and ends otherwise.
    """
    return (
        len(parts) > 1
        or len(said) > MAX_CHARACTERS
        or ("`" in said and said.count("```") & 1 == 1)
        or (said[0] in "{[" and said[-1] not in "}]")
    )


def _may_be_same(better: _Turn, worse: _Turn) -> bool:
    """Tell whether two answers may differ in white space only, or the worse one be very long."""
    one, other = ("".join([part.text for part in turn.parts]).strip() for turn in (better, worse))
    if len(other) > MAX_CHARACTERS:
        return True
    return one[:1] == other[:1] and one[-1:] == other[-1:] and one.split() == other.split()


def _messages(request: _Request) -> tuple[Message, ...]:
    return tuple([_message(turn) for turn in request.contents])


def _message(turn: _Turn) -> Message:
    return Message(turn.role, turn.role, _parts(turn.parts))


def _system_texts(request: _Request) -> list[str]:
    system = request.systemInstruction or request.system_instruction
    return [part.text for part in system.parts] if system else []


def _system_parts(request: _Request) -> tuple[Part, ...]:
    return tuple([Part("text", text) for text in _system_texts(request)])


def _parts(parts: list[_Text]) -> tuple[Part, ...]:
    return tuple([Part("text", part.text) for part in parts])
