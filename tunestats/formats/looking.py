r"""Look at many examples at once, and tell about which of them nothing can be said.

In: examples that have the shape of plain ones.
Out: ``Look`` if all of them are plain, else the indices of some that are not.
Not here: where they come from (``plain``).

Plain are alternating turns that begin with the user's, texts that are not blank, perhaps a system instruction of
such texts, and answers on which ``checks.answers`` has nothing to say. This runs for every line and is written for
speed: a list comprehension over all turns of a block costs a third of a loop over the turns of each example. It may
only ever accept too little.
"""

from bisect import bisect_right
from collections.abc import Sequence
from itertools import accumulate, chain
from operator import eq
from typing import NamedTuple

from msgspec import UNSET

from tunestats.example import MODEL, USER
from tunestats.fingerprints import prompt_keys
from tunestats.formats.shapes import PlainPair, PlainRequest, PlainSft, Scored, Text, Turn, joined
from tunestats.odd_answers import INVISIBLE, LONG_CHARACTERS, LOST

__all__ = ["Look", "look_at_pairs", "look_at_sft"]

# How answers begin of which perhaps nothing can be seen.
INVISIBLE_STARTS = frozenset(INVISIBLE)
# No answer that stands for a missing value is longer.
LOST_CHARACTERS = max(map(len, LOST))
JSON_STARTS = frozenset("{[")
# The scores of two answers.
CHOICES = {(0, 1), (1, 0)}


class Look(NamedTuple):
    """What can be seen of plain examples: how many quotes all have in JSON, and the key of each."""

    quotes: int
    keys: list[int]


def look_at_sft(requests: Sequence[PlainSft]) -> Look | list[int]:
    """Return what can be seen of examples if all are plain; else the indices of some that are not."""
    return _look(requests, [request.contents for request in requests])


def look_at_pairs(requests: Sequence[PlainPair]) -> Look | list[int]:
    """Return what can be seen of examples if all are plain; else the indices of some that are not."""
    pairs = [request.completions for request in requests]
    if not _are_plain_pairs(pairs):
        return [index for index, pair in enumerate(pairs) if not _are_plain_pairs([pair])]
    # The better answer ends the conversation; of the worse one only the quotes are left.
    conversations = [
        [*request.contents, one.completion if one.score else other.completion]
        for request, (one, other) in zip(requests, pairs, strict=True)
    ]
    seen = _look(requests, conversations)
    if not isinstance(seen, Look):
        return seen
    worse = [len((other if one.score else one).completion.parts) for one, other in pairs]
    return seen._replace(quotes=seen.quotes + 16 * len(pairs) + 4 * sum(worse))


def _look(requests: Sequence[PlainRequest], conversations: list[list[Turn]]) -> Look | list[int]:
    """Return what can be seen of examples: their turns with the answer at the end, and what else they have."""
    lengths = list(map(len, conversations))
    if any(length == 0 or length & 1 for length in set(lengths)):
        return [index for index, length in enumerate(lengths) if length == 0 or length & 1]
    # As all conversations have an even number of turns, every other turn of all is the user's.
    turns = list(chain.from_iterable(conversations))
    parts = [turn.parts for turn in turns]
    said: list[str] = []
    others = _of_others(turns)
    if not others:
        said = _said(parts)
        others = _other_texts(said, parts)
    if others:
        ends = list(accumulate(lengths))
        return sorted({bisect_right(ends, index) for index in others})
    system = _look_at_systems(requests)
    if system is None:
        return [index for index, request in enumerate(requests) if _look_at_systems([request]) is None]
    quotes = 2 * len(requests) + 6 * len(turns) + 4 * sum(map(len, parts)) + system
    return Look(quotes, prompt_keys(*_ends(said[::2], lengths)))


def _of_others(turns: list[Turn]) -> list[int]:
    """Return the indices of turns that are not whose turn it is."""
    if [turn.role for turn in turns] == [USER, MODEL] * (len(turns) // 2):
        return []
    return [index for index, turn in enumerate(turns) if turn.role != (MODEL if index & 1 else USER)]


def _other_texts(said: list[str], parts: list[list[Text]]) -> list[int]:
    """Return the indices of some turns whose texts are not plain, none if all are."""
    if not all(said):
        return [index for index, text in enumerate(said) if not text]
    asked, answered, shapes = said[::2], said[1::2], parts[1::2]
    if not _may_be_odd(asked, answered, shapes):
        return []
    each = enumerate(zip(asked, answered, shapes, strict=True))
    return [2 * index for index, (one, other, shape) in each if _may_be_odd([one], [other], [shape])]


def _ends(asked: list[str], lengths: list[int]) -> tuple[list[str], list[str]]:
    """Return what the user says first and last in each conversation."""
    if set(lengths) == {2}:
        return asked, asked
    firsts, lasts = [], []
    start = 0
    for length in lengths:
        firsts.append(asked[start])
        start += length // 2
        lasts.append(asked[start - 1])
    return firsts, lasts


def _look_at_systems(requests: Sequence[PlainRequest]) -> int | None:
    """Return how many quotes all system instructions have; None if one is not plain."""
    camel = [request.systemInstruction for request in requests if request.systemInstruction is not UNSET]
    snake = [request.system_instruction for request in requests if request.system_instruction is not UNSET]
    if (
        camel
        and snake
        and any(
            request.systemInstruction is not UNSET is not request.system_instruction for request in requests
        )
    ):
        return None
    systems = camel + snake
    parts = [system.parts for system in systems]
    if not all(_said(parts)):
        return None
    roles = [system.role for system in systems].count(UNSET)
    return 8 * len(systems) - 4 * roles + 4 * sum(map(len, parts))


def _said(all_parts: list[list[Text]]) -> list[str]:
    """Return what each list of parts says, without white space around it; empty if any part is blank."""
    # Nearly every turn has one part.
    if {*map(len, all_parts)} == {1}:
        return [part.text.strip() for (part,) in all_parts]
    return [joined(parts).strip() if all(part.text.strip() for part in parts) else "" for parts in all_parts]


def _may_be_odd(asked: list[str], answered: list[str], all_parts: list[list[Text]]) -> bool:
    """Tell whether an answer may be what was asked, be cut off, very long, lost, or of several parts.

    It may be cut off if it has an odd number of fences, or begins as JSON and ends otherwise; it may be invisible if
    its beginning is. The texts have no white space around them, and the parts are those of the answers.
    """
    if {*map(len, all_parts)} != {1} or any(map(eq, asked, answered)):
        return True
    sizes = [*map(len, answered)]
    starts = {answer[0] for answer in answered}
    return (
        max(sizes) >= LONG_CHARACTERS
        or not INVISIBLE_STARTS.isdisjoint(starts)
        or (
            min(sizes) <= LOST_CHARACTERS
            and not LOST.isdisjoint(answer for answer in answered if len(answer) <= LOST_CHARACTERS)
        )
        or any(answer.count("```") & 1 for answer in answered if "`" in answer)
        or (
            not JSON_STARTS.isdisjoint(starts)
            and any(answer[-1] not in "}]" for answer in answered if answer[0] in JSON_STARTS)
        )
    )


def _are_plain_pairs(pairs: list[list[Scored]]) -> bool:
    """Tell whether all pairs are plain but perhaps for what the better answer says."""
    if {len(pair) for pair in pairs} != {2} or not {
        (one.score, other.score) for one, other in pairs
    } <= CHOICES:
        return False
    better = [one.completion if one.score else other.completion for one, other in pairs]
    worse = [other.completion if one.score else one.completion for one, other in pairs]
    texts, others = (_said([turn.parts for turn in turns]) for turns in (better, worse))
    return (
        [turn.role for turn in worse] == [MODEL] * len(worse)
        and all(texts)
        and all(others)
        and max(map(len, others)) < LONG_CHARACTERS
        # They are the same but for white space.
        and not any(
            text.split() == other.split()
            for text, other in zip(texts, others, strict=True)
            if text[0] == other[0] and text[-1] == other[-1]
        )
    )
