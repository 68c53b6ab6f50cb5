"""Describe what plain lines look like, as msgspec parses them.

In: nothing.
Out: ``PlainSft`` and ``PlainPair``: JSON objects that have the fields of their class and no others, what of them is
counted and compared, and how they are read.
Not here: whether one is plain (``looking``), lines (``plain``).
"""

from collections.abc import Iterable, Sequence
from typing import Literal, Self

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

    role: Literal["user", "model"]
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

    @classmethod
    def speak(cls, requests: Sequence[Self], said: Spoken) -> None:
        """Add what is counted of some examples; ``counting.speak`` does the same for those that are not plain."""
        raise NotImplementedError

    def read(self) -> Example:
        """Return the example in neutral words."""
        raise NotImplementedError


class PlainSft(PlainRequest):
    """A supervised example that is plain if ``look`` says so."""

    def transcript(self) -> str:
        """Return what the example says."""
        return _transcript(self)

    @classmethod
    def speak(cls, requests: Sequence[Self], said: Spoken) -> None:
        """Add what is counted of some examples."""
        for request in requests:
            said.texts += _system_texts(request)
            _say(request.contents[::2], said)
            _say(request.contents[1::2], said)
            said.messages.append(len(request.contents))
        said.groups += [2] * len(requests)
        said.scores += [()] * len(requests)

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

    @classmethod
    def speak(cls, requests: Sequence[Self], said: Spoken) -> None:
        """Add what is counted of some examples."""
        for request in requests:
            said.texts += _system_texts(request)
            _say(request.contents, said)
            for item in request.completions:
                _say((item.completion,), said)
            said.messages.append(len(request.contents))
            said.groups.append(1 + len(request.completions))
            said.scores.append(tuple([item.score for item in request.completions]))

    def read(self) -> Example:
        """Return the example in neutral words."""
        completions = [
            Completion(item.score, item.score, _message(item.completion)) for item in self.completions
        ]
        return Example(_messages(self), tuple(completions), system=_system_parts(self))


def _say(turns: Iterable[Turn], said: Spoken) -> None:
    """Add the texts of turns, which end a group."""
    texts = said.texts
    for turn in turns:
        for part in turn.parts:
            texts.append(part.text)
    said.ends.append(len(texts))


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
