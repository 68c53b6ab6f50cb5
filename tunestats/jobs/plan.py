"""Work out what a tuning job would be billed for.

In: the report of a data set with counted tokens, the epochs, a price.
Out: ``Plan``.
Not here: what is counted (``counting``), which prices are known (``data/prices.json``).

What is billed are the tokens that the service reports, times the epochs. How long a job takes nobody can promise.
"""

import json
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from functools import cache
from importlib import resources
from typing import Any

from tunestats.errors import SettingsError
from tunestats.findings import Severity
from tunestats.limits import listed_name
from tunestats.report import Report, TokenizerSummary
from tunestats.stats_document import billable_tokens

__all__ = ["Plan", "Price", "known_price", "make_plan", "own_price"]

METHODS = {"sft": "supervised", "preference": "preference"}
STEPS_ASSUMPTION = "examples times epochs in batches of the given size; no formula of the service is public"


@dataclass(frozen=True, slots=True)
class Price:
    """What ``tokens`` training tokens cost, and who says so."""

    amount: Decimal
    currency: str
    tokens: int
    source: str
    date: str


@dataclass(frozen=True, slots=True)
class Plan:
    """What a tuning job on a data set would be billed for.

    Attributes:
        file: The data set.
        format: ``sft`` or ``preference``.
        model: The model, as it was named.
        standing: Why it perhaps cannot be tuned, with source and date; empty for most.
        examples: How many examples there are.
        dropped: How many of them are not trained on and not billed.
        tokens: Of the others, input and output, as ``totalBillableTokenCount`` reports them.
        epochs: Passes over the data.
        price: What tokens cost; None where no price is known, or nothing was read.
        steps: An estimate; None without a batch size.
        estimated_media_tokens: Tokens of images in ``tokens``, which are estimates.
        unknown_media: Media whose tokens nobody knows offline; they are billed and in no number.
        tokenizer: What counted the tokens.
        assumptions: By which options the count differs from the usual.
        errors: How many errors the data set has.
        not_read: What the file is, where it is no JSON Lines at all; then no number says anything.
    """

    file: str
    format: str
    model: str
    standing: str
    examples: int
    dropped: int
    tokens: int
    epochs: int
    price: Price | None
    steps: int | None
    estimated_media_tokens: int
    unknown_media: int
    tokenizer: TokenizerSummary
    assumptions: tuple[str, ...]
    errors: int
    not_read: str = ""

    @property
    def billable_tokens(self) -> int:
        """The tokens of all passes."""
        return self.tokens * self.epochs

    @property
    def cost(self) -> Decimal | None:
        """What the job costs, exactly; None where no price is known."""
        return None if self.price is None else self.billable_tokens * self.price.amount / self.price.tokens

    @property
    def exit_code(self) -> int:
        """0 if the data set has no error, 1 if it has one."""
        return 1 if self.errors else 0

    def to_json(self) -> str:
        """Return everything as indented JSON; amounts of money are decimal numbers in strings."""
        price = self.price
        shown: dict[str, Any] = {
            "file": self.file,
            "format": self.format,
            "model": self.model,
            "model_status": self.standing or None,
            "examples": self.examples,
            "dropped": self.dropped,
            "tokens": self.tokens,
            "epochs": self.epochs,
            "billable_tokens": self.billable_tokens,
            "cost": None if self.cost is None else f"{self.cost:f}",
            "price": price
            and {
                "amount": f"{price.amount:f}",
                "currency": price.currency,
                "tokens": price.tokens,
                "source": price.source,
                "date": price.date,
            },
            "steps": self.steps,
            "steps_assumption": None if self.steps is None else STEPS_ASSUMPTION,
            "estimated_media_tokens": self.estimated_media_tokens,
            "unknown_media": self.unknown_media,
            "tokenizer": {"name": self.tokenizer.name, "exact": self.tokenizer.exact},
            "assumptions": self.assumptions,
            "errors": self.errors,
            "not_read": self.not_read or None,
        }
        return json.dumps(shown, indent=2)


@cache
def _table() -> dict[str, Any]:
    text = resources.files("tunestats").joinpath("data/prices.json").read_text(encoding="utf-8")
    table: dict[str, Any] = json.loads(text)
    return table


def known_price(model: str, format_name: str) -> Price | None:
    """Return what the table says of a model and a format's method; None where it says nothing."""
    table = _table()
    amount = table["prices"].get(listed_name(model), {}).get(METHODS[format_name])
    if amount is None:
        return None
    return Price(Decimal(amount), table["currency"], table["tokens"], table["source"], table["date"])


def own_price(amount: str | float | Decimal) -> Price:
    """Return a price that the user gives, for a million tokens.

    Raises:
        SettingsError: It is not an amount of money.
    """
    try:
        value = Decimal(str(amount))
    except InvalidOperation:
        value = Decimal("NaN")
    if not value.is_finite() or value < 0:
        raise SettingsError(f"`{amount}` is not a price; expected what a million tokens cost, such as 5.00")
    return Price(value, _table()["currency"], _table()["tokens"], "given by the user", "")


def make_plan(report: Report, epochs: int, price: Price | None) -> Plan:
    """Return the plan of a data set whose tokens were counted.

    Raises:
        SettingsError: The tokens were not counted, or the epochs make no sense.
    """
    if report.tokenizer is None or len(report.files) != 1:
        raise SettingsError(
            "a plan is of one data set whose tokens were counted; make its report with `stats`"
        )
    if epochs < 1:
        raise SettingsError(f"epochs is {epochs}; expected 1 or more")
    file = report.files[0]
    if price is None:
        price = known_price(report.settings.model, file.format)
    return Plan(
        file=file.name,
        format=file.format,
        model=report.settings.model,
        standing=report.settings.facts.standing,
        examples=report.examples,
        dropped=report.dropped_examples,
        tokens=billable_tokens(report),
        epochs=epochs,
        price=None if file.not_read else price,
        steps=report.step_count,
        estimated_media_tokens=report.estimated_media_tokens,
        unknown_media=report.unknown_media,
        tokenizer=report.tokenizer,
        assumptions=report.settings.assumptions,
        errors=report.count(Severity.ERROR),
        not_read=file.not_read,
    )
