"""Find what the validation data of a job share with its training data.

In: the candidates of a run, and which of its files are which.
Out: ``Shared`` for each way of being the same: how many examples on either side, and the first of them.
Not here: how equal ones are found (``duplicates``), what is said about them (``dataset``, ``report``).
"""

from collections.abc import Sequence
from typing import NamedTuple

from tunestats.candidates import Candidates
from tunestats.duplicates import Repeat, find_repeats
from tunestats.findings import Position
from tunestats.places import Places

__all__ = ["Shared", "find_shared"]


class Shared(NamedTuple):
    """How many training and validation examples have the same of something.

    ``pairs`` are the first validation examples, each with the first training example that it is the same as.
    """

    kind: Repeat
    training: int
    validation: int
    pairs: list[tuple[Position, Position]]


def find_shared(
    candidates: Candidates,
    places: Places,
    training: Sequence[int],
    validation: Sequence[int],
    limit: int,
) -> list[Shared]:
    """Return what some files share with others; nothing if either hold no examples.

    Args:
        candidates: Those of all these files.
        places: Where they stand.
        training: The indices of the one kind of files.
        validation: The indices of the others.
        limit: How many pairs of each kind are wanted; 0 for all.
    """
    sources = [*training, *validation]
    split = sum(map(places.examples, training))
    count = sum(map(places.examples, sources))
    if split in (0, count):
        return []
    placed = list(places.shards_of(sources))
    shards = [shard for shard, _ in placed]
    repeats = find_repeats(lambda: candidates.rows(shards), candidates.examples(placed), split=split)
    return [
        Shared(
            kind,
            repeats.count(kind, 0, split),
            repeats.count(kind, split),
            [
                (_position(places, sources, index), _position(places, sources, first))
                for index, first in repeats.first(kind, limit or None, split)
            ],
        )
        for kind in Repeat
    ]


def _position(places: Places, sources: Sequence[int], index: int) -> Position:
    """Return the position of an example, from 0, of several files."""
    for source in sources:
        if index < places.examples(source):
            return places.nth_example(source, index)
        index -= places.examples(source)
    raise IndexError(index)
