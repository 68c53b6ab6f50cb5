"""Show what is answered before and after a tuning job.

In: a ``Plan`` or a ``Verification``.
Out: text for people.
Not here: where the numbers come from (``jobs``); programs take ``to_json`` of each answer.
"""

from collections.abc import Iterator
from decimal import Decimal
from textwrap import fill

from tunestats.jobs import Plan, Row, State, Verification
from tunestats.quoting import printable, shell_word

__all__ = ["render_plan", "render_verification"]

WIDTH = 79
CENT = Decimal("0.01")


def render_plan(plan: Plan) -> str:
    """Return a line for each thing that a plan says."""
    rows = _unread_rows(plan) if plan.not_read else _plan_rows(plan)
    return "".join([*(_row(label, text) for label, text in rows), *_errors(plan)])


def _unread_rows(plan: Plan) -> Iterator[tuple[str, str]]:
    yield "file", f"{printable(plan.file)}: not read: {plan.not_read}"
    yield "cost", "not known"


def _errors(plan: Plan) -> Iterator[str]:
    if plan.errors:
        # What is an error depends on the model. A line of its own: commands are there to be copied.
        model = f" --model {printable(plan.model)}" if plan.model else ""
        yield _row("errors", f"{_number(plan.errors, 'error')} in the data; to see what is wrong:")
        yield f"{'':<8} tunestats check {shell_word(plan.file)}{model}\n"


def _plan_rows(plan: Plan) -> Iterator[tuple[str, str]]:
    left_out = f", {plan.dropped:,} of them left out" if plan.dropped else ""
    yield "file", f"{printable(plan.file)}: {plan.format}, {_number(plan.examples, 'example')}{left_out}"
    yield "model", printable(plan.model) or "not named; what all current models share"
    exact = "exact" if plan.tokenizer.exact else "an estimate"
    yield "tokens", f"{plan.tokens:,} as the service reports them ({printable(plan.tokenizer.name)}, {exact})"
    if plan.assumptions:
        yield "assumed", " ".join(plan.assumptions)
    if plan.estimated_media_tokens:
        yield "", f"{plan.estimated_media_tokens:,} of them are of images and estimated"
    if plan.unknown_media:
        files = "file" if plan.unknown_media == 1 else "files"
        yield (
            "missing",
            (
                f"the tokens of {plan.unknown_media:,} media {files}, which nobody knows offline: they will be billed "
                "and are in no number here"
            ),
        )
    yield "billed", f"{plan.billable_tokens:,} tokens: {plan.tokens:,} x {_number(plan.epochs, 'epoch')}"
    yield "cost", _cost(plan)
    if plan.steps is not None:
        yield (
            "steps",
            (
                f"about {plan.steps:,}: examples times epochs in batches, the last one partial; an estimate, since no "
                "formula is public"
            ),
        )


def _cost(plan: Plan) -> str:
    price, cost = plan.price, plan.cost
    if price is None or cost is None:
        return "no price is known for this model and method; give one with --price"
    amount = f"less than {CENT}" if 0 < cost < CENT else f"{cost.quantize(CENT):,}"
    more = " and what the media cost" if plan.unknown_media else ""
    said = f"{amount} {price.currency}{more}, at {price.amount} a million tokens; {price.source}"
    return f"{said}, {price.date}; prices change, --price gives another" if price.date else said


def render_verification(verification: Verification) -> str:
    """Return a line for each field that the job has, then what it comes to."""
    seen: set[str] = set()
    lines = [_field(row, seen) for row in verification.rows if row.state is not State.ABSENT]
    absent = [row.field for row in verification.rows if row.state is State.ABSENT]
    if absent:
        lines.append(_row("absent", ", ".join(absent)))
    lines.append(f"\n{_summary(verification)}\n")
    if verification.assumptions:
        lines.append(f"All fields agree with {' '.join(verification.assumptions)}.\n")
    return "".join(lines)


def _field(row: Row, seen: set[str]) -> str:
    line = f"{row.state:<8} {row.field:<43}".rstrip()
    value = _short(row.job)
    if row.state is State.DIFFERS and row.here is not None:
        value = f"{value or 'nothing'}, here {_short(row.here)}"
    line = f"{line:<52} {value}".rstrip() + "\n"
    # Many fields differ for one reason, which is said once.
    shown = bool(row.note) and not (row.state is State.DIFFERS and row.note in seen)
    seen.add(row.note)
    return line + (_row("", row.note) if shown else "")


def _short(value: object) -> str:
    """Return a value for a line; of a list only its length."""
    if value is None:
        return ""
    return _number(len(value), "item") if isinstance(value, list) else printable(str(value))[:40]


def _summary(verification: Verification) -> str:
    counts = {state: verification.count(state) for state in State}
    words = {
        State.AGREES: "agree",
        State.DIFFERS: "differ",
        State.OPEN: "cannot be compared",
        State.ABSENT: "absent",
    }
    said = ", ".join(
        f"{counts[state]:,} {words[state]}" for state in State if counts[state] or state is State.DIFFERS
    )
    return f"{printable(verification.job)}: {said}."


def _number(count: int, noun: str) -> str:
    return f"{count:,} {noun}" if count == 1 else f"{count:,} {noun}s"


def _row(label: str, text: str) -> str:
    return (
        fill(
            text,
            WIDTH,
            initial_indent=f"{label:<8} ",
            subsequent_indent=" " * 9,
            break_long_words=False,  # a path can be copied only if it is whole
            break_on_hyphens=False,
        )
        + "\n"
    )
