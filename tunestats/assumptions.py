"""Count what an example costs under other assumptions about the service.

In: examples, a tokenizer, and the settings that say what is assumed.
Out: ``Counts`` for each.
Not here: what each string costs (``counting``); the usual assumptions need nothing else.

Every string is counted on its own, so the counts of an example are the sums of those of its pieces: the system
instruction, each turn, and the rest. Other assumptions only add the pieces up in another way.
"""

from collections.abc import Iterable, Sequence
from itertools import islice
from typing import TYPE_CHECKING

from tunestats.counting import count_examples
from tunestats.example import MODEL, USER, Counts, Example
from tunestats.settings import Settings

if TYPE_CHECKING:
    from tunestats.tokenizers import Tokenizer

__all__ = ["count_in_pieces"]


def count_in_pieces(examples: Sequence[Example], tokenizer: "Tokenizer", settings: Settings) -> list[Counts]:
    """Return the counts of each example, made of those of its pieces."""
    pieces = [list(_pieces(example)) for example in examples]
    counted = iter(count_examples([piece for some in pieces for piece in some], tokenizer, settings.facts))
    return [
        _together(example, list(islice(counted, len(some))), settings)
        for example, some in zip(examples, pieces, strict=True)
    ]


def _pieces(example: Example) -> Iterable[Example]:
    """Yield the system instruction, what stands around the turns, then each turn, as examples."""
    resolution = example.media_resolution
    yield Example((), system=example.system, media_resolution=resolution)
    yield example._replace(messages=(), system=())
    for message in example.messages:
        # In preference data, only the completions are output.
        if message is not None and example.completions:
            message = message._replace(role=USER)  # noqa: PLW2901  the same turn, as input
        yield Example((message,), media_resolution=resolution)


def _together(example: Example, counts: list[Counts], settings: Settings) -> Counts:
    system, rest, *turns = counts
    counted = counts if settings.count_system else counts[1:]
    output = sum(piece.output_tokens for piece in counted)
    return Counts(
        input_tokens=sum(piece.input_tokens for piece in counted),
        output_tokens=output,
        longest_completion_tokens=rest.longest_completion_tokens if example.completions else output,
        estimated_media_tokens=sum(piece.estimated_media_tokens for piece in counted),
        unknown_media=sum(piece.unknown_media for piece in counted),
        uncounted_tokens=0 if settings.count_system else system.input_tokens,
        turns=tuple(_turns(example, counted, turns)) if settings.multi_turn == "turn" else (),
    )


def _turns(example: Example, counted: list[Counts], turns: list[Counts]) -> Iterable[tuple[int, int]]:
    """Yield, for each model turn, the tokens of everything before it and its own."""
    if example.completions:
        return
    before = sum(piece.input_tokens for piece in counted[: len(counted) - len(turns)])
    for message, piece in zip(example.messages, turns, strict=True):
        if message is not None and message.role == MODEL:
            yield before + piece.input_tokens, piece.output_tokens
        before += piece.input_tokens + piece.output_tokens
