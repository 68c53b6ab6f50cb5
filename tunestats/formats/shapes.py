"""Describe what plain lines look like, as msgspec parses them.

In: nothing.
Out: ``PlainSft`` and ``PlainPair``: JSON objects that have the fields of their class and no others, what of them is
counted and compared, and how they are read.
Not here: whether one is plain (``looking``), lines (``plain``).
"""

from msgspec import UNSET, Struct, UnsetType

from tunestats.example import Completion, Example, Message, Part, Spoken
from tunestats.fingerprints import BETTER, PART, TURN, WORSE

__all__ = ["PlainPair", "PlainRequest", "PlainSft", "Scored", "Text", "Turn", "joined"]


class _Shape(Struct, forbid_unknown_fields=True, gc=False):
    """A JSON object that has the fields of its class and no others."""


class Text(_Shape):
    """A part that holds a text."""

    text: str


class Turn(_Shape):
    """A message."""

    role: str
    parts: list[Text]


class _System(_Shape):
    parts: list[Text]
    role: str | UnsetType = UNSET


class Scored(_Shape):
    """One answer of a pair."""

    score: int | float
    completion: Turn


class PlainRequest(_Shape):
    """What both formats have."""

    contents: list[Turn]
    systemInstruction: _System | UnsetType = UNSET  # noqa: N815  as it is spelt in JSON
    system_instruction: _System | UnsetType = UNSET

    def transcript(self) -> str:
        """Return what ``fingerprints.transcript`` would return."""
        raise NotImplementedError

    def spoken(self) -> Spoken:
        """Return what of the example is counted."""
        raise NotImplementedError

    def read(self) -> Example:
        """Return the example in neutral words."""
        raise NotImplementedError


class PlainSft(PlainRequest):
    """A supervised example that is plain if ``look`` says so."""

    def transcript(self) -> str:
        """Return what the example says."""
        return _transcript(self)

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


class PlainPair(PlainRequest, kw_only=True):
    """A preference example that is plain if ``look`` says so."""

    completions: list[Scored]

    def transcript(self) -> str:
        """Return what the example says."""
        first, second = self.completions
        better, worse = (first, second) if first.score else (second, first)
        answers = BETTER + joined(better.completion.parts) + WORSE + joined(worse.completion.parts)
        return _transcript(self) + answers

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


def _transcript(request: PlainRequest) -> str:
    pieces = [PART.join(_system_texts(request))]
    for turn in request.contents:
        pieces += (TURN[turn.role], joined(turn.parts))
    return "".join(pieces)


def _messages(request: PlainRequest) -> tuple[Message, ...]:
    return tuple([_message(turn) for turn in request.contents])


def _message(turn: Turn) -> Message:
    return Message(turn.role, turn.role, _parts(turn.parts))


def _system_texts(request: PlainRequest) -> list[str]:
    system = request.systemInstruction or request.system_instruction
    return [part.text for part in system.parts] if system else []


def _system_parts(request: PlainRequest) -> tuple[Part, ...]:
    return tuple([Part("text", text) for text in _system_texts(request)])


def _parts(parts: list[Text]) -> tuple[Part, ...]:
    return tuple([Part("text", part.text) for part in parts])


def joined(parts: list[Text]) -> str:
    """Return what parts say, in the form of a transcript."""
    return PART.join([part.text for part in parts])
