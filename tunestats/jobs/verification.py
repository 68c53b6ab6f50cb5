"""Hold what agrees between a finished job and its data.

In: nothing.
Out: ``Row`` and ``Verification``, the words in which ``comparison`` and ``inspection`` answer.
Not here: how it was found out.
"""

import json
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

__all__ = ["Row", "State", "Verification"]


FIELDS_WITH_CONTENT = ("userDatasetExamples", "droppedExampleReasons")


class State(StrEnum):
    """What became of a field."""

    AGREES = "agrees"
    DIFFERS = "differs"
    OPEN = "open"  # it cannot be compared
    ABSENT = "absent"  # the job does not have it


@dataclass(frozen=True, slots=True)
class Row:
    """One field: what the job says, what it should say by what is known, and a note for people."""

    field: str
    state: State
    job: Any = None
    expected: Any = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class Verification:
    """What agrees, field by field.

    Attributes:
        job: The job's name.
        file: The data set; empty where the job was compared with itself.
        rows: In the order of the API's fields.
        assumptions: The options under which every field that should agree does, where others than the
            usual are needed.
    """

    job: str
    file: str
    rows: tuple[Row, ...]
    assumptions: tuple[str, ...] = ()

    @property
    def exit_code(self) -> int:
        """1 if a field differs that should agree, otherwise 0."""
        return 1 if self.count(State.DIFFERS) else 0

    def count(self, state: State) -> int:
        """Return how many fields are in a state."""
        return sum(row.state is state for row in self.rows)

    def masked(self) -> "Verification":
        """Return the same without texts from the data."""
        rows = (
            replace(row, job=None, expected=None) if row.field in FIELDS_WITH_CONTENT else row
            for row in self.rows
        )
        return replace(self, rows=tuple(rows))

    def to_json(self) -> str:
        """Return everything as indented JSON."""
        rows = [
            {
                "field": row.field,
                "state": row.state,
                "job": row.job,
                "expected": row.expected,
                "note": row.note,
            }
            for row in self.rows
        ]
        shown = {"job": self.job, "file": self.file or None, "assumptions": self.assumptions, "fields": rows}
        return json.dumps(shown, indent=2)
