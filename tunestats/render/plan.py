"""Show what tuning would be billed for.

In: a ``Plan``.
Out: text for people.
Not here: where the numbers come from (``jobs``); programs take ``Plan.to_json``.
"""

from collections.abc import Iterator
from decimal import Decimal

from tunestats.jobs import Plan
from tunestats.quoting import printable, shell_word
from tunestats.render.rows import WIDTH, labelled_row
from tunestats.render.view import number

__all__ = ["render_plan"]

CENT = Decimal("0.01")


def render_plan(plan: Plan, width: int = WIDTH) -> str:
    """Return a line for each thing that a plan says."""
    rows = _unread_rows(plan) if plan.not_read else _plan_rows(plan)
    return "".join([*(labelled_row(label, text, width=width) for label, text in rows), *_errors(plan, width)])


def _unread_rows(plan: Plan) -> Iterator[tuple[str, str]]:
    yield "file", f"{printable(plan.file)}: not read: {plan.not_read}"
    yield "cost", "not known"


def _errors(plan: Plan, width: int) -> Iterator[str]:
    if plan.errors:
        # What is an error depends on the model. A line of its own: commands are there to be copied.
        model = f" --model {printable(plan.model)}" if plan.model else ""
        yield labelled_row(
            "errors", f"{number(plan.errors, 'error')} in the data; to see what is wrong:", width=width
        )
        yield f"{'':<8} tunestats check {shell_word(plan.file)}{model}\n"


def _plan_rows(plan: Plan) -> Iterator[tuple[str, str]]:
    left_out = f", {plan.dropped:,} left out" if plan.dropped else ""
    yield "file", f"{printable(plan.file)}: {plan.format}, {number(plan.examples, 'example')}{left_out}"
    yield "model", printable(plan.model) or "not named; what all current models share"
    if plan.standing:
        yield "", printable(plan.standing)
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
    yield "billed", f"{plan.billable_tokens:,} tokens: {plan.tokens:,} x {number(plan.epochs, 'epoch')}"
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
