"""Count the tokens of a shard's examples, many at a time.

In: examples that are kept so far, plain ones or whole ones.
Out: their rows and samples in the accumulator, or a flaw where one is over the limit.
Not here: which examples are worth counting (``shard``).
"""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from tunestats.accumulator import EXAMPLE_SAMPLE, Accumulator, ExampleRow
from tunestats.assumptions import count_in_pieces
from tunestats.checks import check_tokens
from tunestats.counting import count_media, count_spoken, spoken
from tunestats.distribution import population_variance, sample_variance
from tunestats.example import Counts, Example, Spoken
from tunestats.findings import Flaws, Position
from tunestats.settings import Settings

if TYPE_CHECKING:
    from tunestats.tokenizers import Tokenizer

__all__ = ["TokenBatch"]

# Texts are tokenized in batches of about this many bytes of JSON; larger ones only cost memory.
BATCH_BYTES = 1 << 21
NO_MEDIA = (0, 0)


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
        self._waiting: list[tuple[Position, Any]] = []
        self._bytes = 0
        self._sampled = 0

    def add(self, position: Position, example: Any, size: int) -> None:
        """Add an example, an ``Example`` or a plain one, whose line has ``size`` bytes."""
        self._waiting.append((position, example))
        self._bytes += size
        if self._bytes > BATCH_BYTES:
            self.count()

    def count(self) -> None:
        """Count what waits."""
        if not self._waiting:
            return
        said = [
            spoken(example) if type(example) is Example else example.spoken() for _, example in self._waiting
        ]
        rows, lengths = [], []
        for (position, example), held, count in zip(self._waiting, said, self._counts(said), strict=True):
            flaws = Flaws()
            check_tokens(count, self._settings.facts, flaws)
            lengths.append((position, count, bool(flaws)))
            if flaws:
                self._drop(position, flaws)
            elif self._settings.count_tokens:
                rows.append((position, self._row(held, count)))
                self._sample(position, example)
        if self._settings.count_tokens:
            self._accumulator.add_lengths(lengths)
        self._accumulator.add_rows(rows)
        self._waiting.clear()
        self._bytes = 0

    def _counts(self, said: list[Spoken]) -> list[Counts]:
        settings, tokenizer = self._settings, self._tokenizer()
        if not settings.counts_whole_examples:
            whole = [example if type(example) is Example else example.read() for _, example in self._waiting]
            return count_in_pieces(whole, tokenizer, settings)
        media = [
            count_media(example, settings.facts) if type(example) is Example else NO_MEDIA
            for _, example in self._waiting
        ]
        return count_spoken(said, media, tokenizer)

    def _row(self, said: Spoken, counts: Counts) -> ExampleRow:
        variance = population_variance if self._settings.variance == "population" else sample_variance
        scores = said.scores
        return ExampleRow(
            counts, said.messages, said.characters, scores, variance(scores) if scores else None
        )

    def _sample(self, position: Position, example: Any) -> None:
        # They come in order, so the first ones of a shard are the only ones that count.
        if self._sampled < EXAMPLE_SAMPLE:
            self._sampled += 1
            whole = example if type(example) is Example else example.read()
            self._accumulator.samples.add((position, whole))
