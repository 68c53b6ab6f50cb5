"""Hold what is wrong with the data, as values.

In: nothing.
Out: ``Flaw`` (what is wrong in a line), ``Position`` (where the line is) and ``Finding`` (both, for people).
Not here: what each code means (``rules``) or who looks for it (``lines``, ``formats``, ``checks``).
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import NamedTuple

__all__ = ["Finding", "Flaw", "Flaws", "Position", "Severity"]

FLAWS_KEPT_PER_LINE = 1_000
NONE: Mapping[str, int] = MappingProxyType({})


class Severity(StrEnum):
    """How much a finding matters; the order is from most to least."""

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"


class Flaw(NamedTuple):
    """One thing that is wrong in a line, before anybody knows which line.

    ``path`` is a JSON path such as ``contents[1].role``; empty where the line itself is meant.
    """

    code: str
    path: str
    message: str


class Flaws(list[Flaw]):
    """The flaws of one line, in the order in which they were found.

    A line of a million wrong values must not need a gigabyte: flaws beyond the first
    ``FLAWS_KEPT_PER_LINE`` are only counted, in ``more``.
    """

    # Hardly any line has so many, and a Counter takes as long to make as some checks.
    _more: Counter[str] | None = None

    @property
    def more(self) -> Mapping[str, int]:
        """How many flaws of each code were not kept."""
        return self._more or NONE

    def append(self, flaw: Flaw) -> None:
        """Keep a flaw, or count it."""
        if len(self) < FLAWS_KEPT_PER_LINE:
            super().append(flaw)
        else:
            self.add_more({flaw.code: 1})

    def add_more(self, counts: Mapping[str, int]) -> None:
        """Count flaws that are not kept."""
        if self._more is None:
            self._more = Counter()
        self._more.update(counts)

    @property
    def codes(self) -> set[str]:
        """The codes of all flaws, kept or counted."""
        codes = {flaw.code for flaw in self}
        return codes if self._more is None else codes.union(self._more)


class Position(NamedTuple):
    """Where a line is, as far as the shard that owns it can know.

    Positions of one run sort in file order: ``source`` is the file's index (from 0), ``start`` the byte
    offset at which the shard begins, ``line`` and ``example`` count from 1 inside the shard.
    Line 0 means the file as a whole.
    """

    source: int
    start: int
    line: int
    example: int


@dataclass(frozen=True, order=True, slots=True)
class Finding:
    """One thing that is wrong, and where.

    Attributes:
        file: The file's name as it was given.
        line: Physical line, from 1; 0 where the file as a whole is meant.
        example: Index of the example, from 1, not counting blank lines; 0 where there is none.
        code: The rule's code, such as ``E301``.
        severity: ``error``, ``warning`` or ``info``.
        path: JSON path inside the line, such as ``contents[1].role``; may be empty.
        message: What is there, then what was expected.
    """

    file: str
    line: int
    example: int
    code: str
    severity: Severity
    path: str
    message: str
