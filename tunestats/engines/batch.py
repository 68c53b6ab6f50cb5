"""Count the tokens of a shard's examples, many at a time.

In: examples that are kept so far, plain ones or whole ones.
Out: their rows and samples in the accumulator, or a flaw where one is over the limit.
Not here: which examples are worth counting (``shard``).
"""

from collections.abc import Callable, Sequence
from itertools import count, groupby
from typing import TYPE_CHECKING, Any

from tunestats.accumulator import EXAMPLE_SAMPLE, LONGEST_KEPT, Accumulator, ExampleRow
from tunestats.assumptions import count_in_pieces
from tunestats.checks import check_tokens
from tunestats.counted import Counted, characters, count_spoken
from tunestats.counting import count_media, speak
from tunestats.distribution import population_variance, sample_variance
from tunestats.example import Example, Spoken
from tunestats.findings import Flaws, Position
from tunestats.settings import Settings

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    from tunestats.tokenizers import Tokenizer

    Ints = npt.NDArray[np.int64]

__all__ = ["TokenBatch"]

# Texts are tokenized in batches of about this many bytes of JSON; larger ones only cost memory.
BATCH_BYTES = 1 << 19


class TokenBatch:
    """Examples of one shard that wait until there are enough of them to be tokenized together.

    Args:
        settings: What the run does.
        accumulator: Where rows and samples go.
        tokenizer: Gives the tokenizer when it is needed.
        drop: Called for each example that is over the limit, with its flaws.
    """

    def __init__(
        self,
        settings: Settings,
        accumulator: Accumulator,
        tokenizer: "Callable[[], Tokenizer]",
        drop: Callable[[Position, Flaws], None],
    ) -> None:
        self._settings = settings
        self._accumulator = accumulator
        self._tokenizer = tokenizer
        self._drop = drop
        self._waiting: list[Any] = []
        self._places: list[tuple[int, int]] = []
        self._shard = Position(0, 0, 0, 0)
        self._bytes = 0
        self._sampled = 0

    def add(self, first: Position, examples: Sequence[Any], size: int) -> None:
        """Add examples, whole or plain ones, on lines that follow each other.

        Args:
            first: Where the first one is.
            examples: Each an ``Example`` or a plain one.
            size: How many bytes their lines have.
        """
        self._shard = first
        self._places += zip(count(first.line), range(first.example, first.example + len(examples)))
        self._waiting += examples
        self._bytes += size
        if self._bytes > BATCH_BYTES:
            self.count()

    def count(self) -> None:
        """Count what waits."""
        if not self._waiting:
            return
        import numpy as np  # whoever counts tokens has it already

        said = self._said()
        counted = self._counted(said)
        limited = counted.limited_tokens
        is_long = limited > self._settings.facts.tokens_per_example
        for index in np.flatnonzero(is_long).tolist():
            flaws = Flaws()
            check_tokens(counted[index], self._settings.facts, flaws)
            self._drop(self._position(index), flaws)
        if self._settings.count_tokens:
            longest = np.argsort(-limited, kind="stable")[:LONGEST_KEPT].tolist()
            self._accumulator.add_lengths(
                [(self._position(index), counted[index], bool(is_long[index])) for index in longest]
            )
            self._add_kept(np.flatnonzero(~is_long), said, counted)
        self._waiting.clear()
        self._places.clear()
        self._bytes = 0

    def _said(self) -> Spoken:
        said = Spoken()
        kind: Any
        for kind, examples in groupby(self._waiting, type):
            (speak if kind is Example else kind.speak)([*examples], said)
        return said

    def _counted(self, said: Spoken) -> Counted:
        settings, tokenizer = self._settings, self._tokenizer()
        if not settings.counts_whole_examples:
            return Counted.of(count_in_pieces([_whole(item) for item in self._waiting], tokenizer, settings))
        media = {
            index: count_media(example, settings.facts)
            for index, example in enumerate(self._waiting)
            if type(example) is Example
        }
        return count_spoken(said, media, tokenizer)

    def _add_kept(self, kept: "Ints", said: Spoken, counted: Counted) -> None:
        """Add examples that are not over the limit."""
        lengths = characters(said)
        self._add_numbers(kept, said, counted, lengths)
        if self._accumulator.per_example:
            for index in kept.tolist():
                self._accumulator.rows.append(
                    (self._position(index), self._row(index, said, counted, int(lengths[index])))
                )
        # They come in order, so the first ones of a shard are the only ones that count.
        for index in kept[: EXAMPLE_SAMPLE - self._sampled].tolist():
            self._sampled += 1
            self._accumulator.samples.add((self._position(index), _whole(self._waiting[index])))

    def _add_numbers(self, kept: "Ints", said: Spoken, counted: Counted, lengths: "Ints") -> None:
        import numpy as np

        # Supervised examples have none.
        scores = [said.scores[index] for index in kept.tolist()] if any(said.scores) else []
        columns = {
            **counted.token_pairs(kept),
            "messages": np.array(said.messages)[kept].tolist(),
            "characters": lengths[kept].tolist(),
            "scores": [score for some in scores for score in some],
            "score_variance": [value for value in map(self._variance, scores) if value is not None],
        }
        estimated, unknown = counted.estimated_media_tokens[kept], counted.unknown_media[kept]
        self._accumulator.add_numbers(self._shard.source, columns, int(estimated.sum()), int(unknown.sum()))

    def _row(self, index: int, said: Spoken, counted: Counted, length: int) -> ExampleRow:
        scores = said.scores[index]
        return ExampleRow(counted[index], said.messages[index], length, scores, self._variance(scores))

    def _variance(self, scores: tuple[float, ...]) -> float | None:
        """Return the variance of an example's scores, None if there is none."""
        variance = population_variance if self._settings.variance == "population" else sample_variance
        return variance(scores) if scores else None

    def _position(self, index: int) -> Position:
        line, example = self._places[index]
        return self._shard._replace(line=line, example=example)


def _whole(example: Any) -> Example:
    return example if type(example) is Example else example.read()
