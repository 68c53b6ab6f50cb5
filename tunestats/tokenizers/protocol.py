"""Say what every tokenizer can do.

In: nothing.
Out: the ``Tokenizer`` protocol and ``TokenizerIdentity``, the words later rooms speak.
Not here: any tokenizer, or how one is found (``catalogue``).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

__all__ = ["Tokenizer", "TokenizerIdentity"]


@dataclass(frozen=True, slots=True)
class TokenizerIdentity:
    """Which vocabulary counted, so that a report can be checked later.

    Attributes:
        name: ``gemma3``, ``o200k_base``, or the path as it was given.
        sha256: Of the source vocabulary file, in hexadecimal; the packed Gemma 3 vocabulary carries the
            hash of the ``.model`` file it was built from.
        exact: Counts equal those of Gemini's own local tokenizer.
        note: One short sentence for people, or nothing.
    """

    name: str
    sha256: str
    exact: bool
    note: str = ""


class Tokenizer(Protocol):
    """Anything that counts tokens."""

    @property
    def identity(self) -> TokenizerIdentity:
        """Return which vocabulary this is."""
        ...

    def count(self, texts: Sequence[str]) -> npt.NDArray[np.int64]:
        """Return the tokens of each text on its own, without any marker of begin, end or turn.

        Args:
            texts: Any texts; an empty one has 0 tokens. A lone surrogate counts as U+FFFD.

        Returns:
            An array of shape ``(len(texts),)``.
        """
        ...
