"""Show whether a finished job agrees with its data.

In: a ``Verification``.
Out: text for people: what differs and why it may, or all fields.
Not here: where it comes from (``jobs``); programs take ``Verification.to_json``.
"""

from collections.abc import Iterator, Mapping, Sequence
from itertools import zip_longest
from typing import Any

from tunestats.jobs import Row, State, Verification, tidy
from tunestats.quoting import printable
from tunestats.render.rows import WIDTH, filled, labelled_row
from tunestats.render.view import number

__all__ = ["render_verification"]

# Of the fields that differ for the same reason.
FIELDS_SHOWN = 10
CELL = 15
# Of one field, then of several.
WORDS = {
    State.AGREES: ("agrees", "agree"),
    State.DIFFERS: ("differs", "differ"),
    State.OPEN: ("cannot be compared", "cannot be compared"),
    State.ABSENT: ("is absent from the job", "are absent from the job"),
}


def render_verification(verification: Verification, width: int = WIDTH, *, everything: bool = False) -> str:
    """Return the fields that differ or are open, by reason, then what it comes to; or every field."""
    lines = [labelled_row("job", printable(verification.job), width=width)]
    if verification.file:
        lines.append(labelled_row("data", printable(verification.file), width=width))
    for state in State if everything else (State.DIFFERS, State.OPEN):
        for note, rows in _by_note(verification, state).items():
            lines += ["\n", *_group(state, note, rows, len(rows) if everything else FIELDS_SHOWN, width)]
    said = _summary(verification)
    hint = "" if everything else "; --all shows every field"
    lines.append(f"\n{filled(f'{said}{hint}.', width=width)}\n")
    if verification.assumptions:
        lines.append(f"All fields agree with {' '.join(verification.assumptions)}.\n")
    return "".join(lines)


def _by_note(verification: Verification, state: State) -> dict[str, list[Row]]:
    """Return the rows of a state by their notes: many fields differ for one reason."""
    groups: dict[str, list[Row]] = {}
    for row in verification.rows:
        if row.state is state:
            groups.setdefault(row.note, []).append(row)
    return groups


def _group(state: State, note: str, rows: Sequence[Row], limit: int, width: int) -> Iterator[str]:
    one, several = WORDS[state]
    said = f"{number(len(rows), 'field')} {one if len(rows) == 1 else several}"
    yield filled(f"{said}: {note}" if note else said, width=width) + "\n"
    # What agrees is what was expected.
    expects = state is not State.AGREES and any(row.expected is not None for row in rows)
    if state is State.DIFFERS:
        yield _cells("", "job", "expected" if expects else "")
    for row in rows[:limit]:
        field, job, expected = _first_difference(row)
        said = number(len(job), "item") if state is State.AGREES and isinstance(job, list) else _value(job)
        yield _cells(field, said, _value(expected) if expects else "")
    if len(rows) > limit:
        yield f"  … and {len(rows) - limit:,} more\n"


def _cells(field: str, job: str, expected: str) -> str:
    return f"  {field:<45} {job:>{CELL}} {expected:>{CELL}}".rstrip() + "\n"


def _first_difference(row: Row) -> tuple[str, Any, Any]:
    """Return a row of two lists of objects as the first two of these that differ."""
    lists = [value for value in (row.job, row.expected) if isinstance(value, list)]
    if row.state is State.DIFFERS and any(isinstance(item, dict) for value in lists for item in value):
        ours = row.expected if isinstance(row.expected, list) else []
        there = row.job if isinstance(row.job, list) else []
        for index, (one, other) in enumerate(zip_longest(there, ours)):
            if tidy(one) != tidy(other):
                return f"{row.field}[{index}]", one, other
    return row.field, row.job, row.expected


def _value(value: Any) -> str:
    """Return a value of the API for a narrow column.

    >>> _value({"count": 3, "left": 20, "right": 21}), _value([[20, 26.5], [27, 27]]), _value("114")
    ('3 in 20-21', '20-26.5, 27', '114')
    """
    if value is None:
        return "-"
    said = printable(_said(value))
    return said if len(said) <= CELL else f"{said[: CELL - 1]}…"


def _said(value: Any) -> str:
    if isinstance(value, Mapping):
        return _bucket(value) if value.keys() <= {"count", "left", "right"} else _text(value)
    if isinstance(value, list):
        pairs = all(isinstance(item, list) and len(item) == 2 for item in value)
        return ", ".join(_span(*item) if pairs else _said(item) for item in value)
    # Whole numbers of any length; others as far as they are compared.
    return f"{value:.12g}" if isinstance(value, float) else str(value)


def _bucket(value: Mapping[str, Any]) -> str:
    return f"{_said(value.get('count', 0))} in {_span(value.get('left', 0), value.get('right', 0))}"


def _span(left: Any, right: Any) -> str:
    return _said(left) if left == right else f"{_said(left)}-{_said(right)}"


def _text(value: Any) -> str:
    """Return the first text in an example."""
    pending = [value]
    while pending:
        item = pending.pop()
        if isinstance(item, Mapping):
            if isinstance(item.get("text"), str):
                return f"`{item['text']}`"
            pending.extend(reversed(list(item.values())))
        elif isinstance(item, list):
            pending.extend(reversed(item))
    return "an object"


def _summary(verification: Verification) -> str:
    counts = {state: verification.count(state) for state in State}
    words = {
        State.AGREES: "agree",
        State.DIFFERS: "differ",
        State.OPEN: "cannot be compared",
        State.ABSENT: "absent",
    }
    return ", ".join(
        f"{counts[state]:,} {words[state]}" for state in State if counts[state] or state is State.DIFFERS
    )
