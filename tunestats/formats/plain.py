r"""Recognise at a glance the lines about which nothing can be said.

In: raw lines.
Out: for each line a ``PlainSft`` or ``PlainPair`` and its key, or None for all others, valid or not.
Not here: what is wrong with the others; they go to the full checker (``sft``, ``preference``).

msgspec parses straight into ``shapes`` and refuses everything else; like orjson it is strict about all but keys that
stand twice, so ``quotes`` tells how many quotes the JSON should have.

Per line of 790 bytes (2 shared cores, 2026-11-23, ``python -m benchmarks.parts``): orjson alone 1.1 µs, this 2.4 µs,
of which the key takes 0.8.
"""

from collections.abc import Callable, Sequence
from typing import Generic, NamedTuple, TypeVar

from msgspec import UNSET, MsgspecError
from msgspec.json import Decoder

from tunestats.fingerprints import NO_KEY
from tunestats.formats.looking import Look
from tunestats.formats.shapes import PlainRequest
from tunestats.survey import Survey, survey_few

__all__ = ["Decoded", "PlainDecoder"]

Plain = TypeVar("Plain", bound=PlainRequest)


class Decoded(NamedTuple, Generic[Plain]):
    """What lines hold: the example and the key of each, None and 0 where it is not plain.

    ``quotes`` is how many quotes all plain examples have in JSON.
    """

    examples: list[Plain | None]
    keys: list[int]
    quotes: int

    def first_with(self, field: str) -> int | None:
        """Return the index of the first example that has an optional field."""
        for index, example in enumerate(self.examples):
            if example is not None and getattr(example, field) is not UNSET:
                return index
        return None


class PlainDecoder(Generic[Plain]):
    """Decodes lines into one of the shapes.

    Args:
        shape: Which of them.
        look: Tells which examples of this shape are plain.
    """

    def __init__(self, shape: type[Plain], look: Callable[[Sequence[Plain]], Look | list[int]]) -> None:
        self._decoder = Decoder(shape)
        self._look = look

    def decode(self, joined: bytes, survey: Survey, cut: Callable[[], Sequence[bytes]]) -> Decoded[Plain]:
        """Return the example of every line.

        Args:
            joined: The lines with a line feed between them.
            survey: What can be seen of them.
            cut: Gives the lines; called only if not all of them are plain.
        """
        together = self._decode_all(joined, len(survey.starts)) if survey.are_braced else []
        if together:
            return self._look_at(together, list(range(len(together))), len(together))
        examples = self._decode_each(cut())
        places = [index for index, example in enumerate(examples) if example is not None]
        return self._look_at([example for example in examples if example is not None], places, len(examples))

    def decode_lines(self, lines: Sequence[bytes]) -> Decoded[Plain]:
        """Return the example of each of some lines."""
        joined = b"\n".join(lines)
        return self.decode(joined, survey_few(joined), lambda: lines)

    def _look_at(self, left: list[Plain], places: list[int], count: int) -> Decoded[Plain]:
        """Return what is plain of the examples that have the right shape, at some places among ``count`` lines."""
        look = self._look(left) if left else Look(0, [])
        while not isinstance(look, Look):
            for index in reversed(look):
                del left[index], places[index]
            look = self._look(left) if left else Look(0, [])
        if len(left) == count:
            return Decoded([*left], look.keys, look.quotes)
        found: list[Plain | None] = [None] * count
        keys = [NO_KEY] * count
        for place, example, key in zip(places, left, look.keys, strict=True):
            found[place], keys[place] = example, key
        return Decoded(found, keys, look.quotes)

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

    def _decode_all(self, joined: bytes, count: int) -> list[Plain]:
        """Return the values of all lines, taken together; none if any of them is not as expected.

        msgspec takes any white space between values, and line feeds inside them. But where every line
        begins with a brace and ends with one, no line feed is inside a value, since a closing brace is never
        followed by an opening one there; and then there are as many values as lines only if each has one.
        """
        try:
            values = self._decoder.decode_lines(joined)
        except (MsgspecError, UnicodeDecodeError):
            return []
        return values if len(values) == count else []
