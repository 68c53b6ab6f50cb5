"""Add up what the texts of many examples cost.

In: what the examples say, and a tokenizer.
Out: ``Counted``: the ``Counts`` of each, in columns.
Not here: which texts of an example are counted (``counting``, ``formats.plain``), or what follows from the numbers.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tunestats.example import Counts, Spoken

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    from tunestats.tokenizers import Tokenizer

    Ints = npt.NDArray[np.int64]

__all__ = ["Counted", "characters", "count_spoken"]


@dataclass(frozen=True, slots=True)
class Counted:
    """The ``Counts`` of some examples, a column for each of their numbers."""

    input_tokens: "Ints"
    output_tokens: "Ints"
    longest_completion_tokens: "Ints"
    estimated_media_tokens: "Ints"
    unknown_media: "Ints"
    uncounted_tokens: "Ints"
    turns: Sequence[tuple[tuple[int, int], ...]] = ()

    @classmethod
    def of(cls, counts: Sequence[Counts]) -> "Counted":
        """Return the columns of counts."""
        import numpy as np

        numbers, turns = [count[:-1] for count in counts], [count.turns for count in counts]
        source, output, longest, estimated, unknown, uncounted = np.array(numbers, dtype=np.int64).T
        return cls(source, output, longest, estimated, unknown, uncounted, turns)

    @property
    def limited_tokens(self) -> "Ints":
        """What counts towards the limit; see ``Counts``."""
        return self.input_tokens + self.longest_completion_tokens + self.uncounted_tokens

    def token_pairs(self, chosen: "Ints") -> dict[str, list[int]]:
        """Return input and output tokens of some examples, or of each turn of theirs that is counted for itself."""
        if any(self.turns):
            pairs = [pair for index in chosen.tolist() for pair in self[index].token_pairs]
            source, output = [tokens for tokens, _ in pairs], [tokens for _, tokens in pairs]
        else:
            source, output = self.input_tokens[chosen].tolist(), self.output_tokens[chosen].tolist()
        return {"input_tokens": source, "output_tokens": output}

    def __getitem__(self, index: int) -> Counts:
        return Counts(
            int(self.input_tokens[index]),
            int(self.output_tokens[index]),
            int(self.longest_completion_tokens[index]),
            int(self.estimated_media_tokens[index]),
            int(self.unknown_media[index]),
            int(self.uncounted_tokens[index]),
            self.turns[index] if self.turns else (),
        )


def count_spoken(said: Spoken, media: Mapping[int, tuple[int, int]], tokenizer: "Tokenizer") -> Counted:
    """Return the counts of what is said; ``media`` has what ``count_media`` returns of examples that have any."""
    import numpy as np

    estimated, unknown = np.zeros((2, len(said.groups)), dtype=np.int64)
    for index, counts in media.items():
        estimated[index], unknown[index] = counts
    sums = _sums(said, tokenizer.count(said.texts))
    source, output = np.add.reduceat(sums, _borders(said)).reshape(-1, 2).T
    longest = np.maximum.reduceat(sums, _borders(said))[1::2]
    return Counted(source + estimated, output, longest, estimated, unknown, np.zeros_like(source))


def characters(said: Spoken) -> "Ints":
    """Return how many code points the texts of each example have."""
    import numpy as np

    sums = _sums(said, np.fromiter(map(len, said.texts), dtype=np.int64, count=len(said.texts)))
    return np.add.reduceat(sums, _borders(said)[::2])


def _borders(said: Spoken) -> "Ints":
    """Return of each example its first group, which is the input, and the first of its outputs."""
    import numpy as np

    groups = np.array(said.groups, dtype=np.int64)
    first = np.cumsum(groups) - groups
    return np.stack((first, first + 1), axis=1).ravel()


def _sums(said: Spoken, numbers: "Ints") -> "Ints":
    """Return for each group the sum of its texts' numbers."""
    import numpy as np

    totals = np.concatenate(([0], np.cumsum(numbers)))
    return np.diff(totals[said.ends], prepend=0)
