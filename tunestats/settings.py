"""Describe a run in one value.

In: what the user asks for.
Out: ``Settings``: frozen and picklable, so that every place that does a part of the run sees the same.
Not here: defaults that depend on a terminal or a file (``cli``).
"""

from dataclasses import dataclass

from tunestats.errors import SettingsError
from tunestats.limits import ModelFacts, model_facts

__all__ = ["FORMATS", "MULTI_TURN", "VARIANCE", "Settings"]

FORMATS = ("auto", "sft", "preference")
MULTI_TURN = ("example", "turn")
VARIANCE = ("population", "sample")
CHOICES = {"format": FORMATS, "multi_turn": MULTI_TURN, "variance": VARIANCE}
TYPES = {
    "format": str,
    "model": str,
    "tokenizer": str,
    "max_findings": int,
    "epochs": int,
    "batch_size": int,
    "count_tokens": bool,
    "per_example": bool,
    "multi_turn": str,
    "variance": str,
    "count_system": bool,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """What a run does.

    Attributes:
        format: ``sft``, ``preference``, or ``auto`` to tell from the first lines of each file.
        model: A model's name for its limits and vocabulary; empty for what all current models share.
        tokenizer: Name or path of a tokenizer; empty for the model's own.
        max_findings: How many findings of each rule are kept; all are counted. 0 keeps all.
        epochs: Passes over the data, for the estimate of steps.
        batch_size: Examples in a step, for the estimate of steps.
        count_tokens: Count every example's tokens (``stats``), not just those near the limit (``check``).
        per_example: Keep a row of numbers for every example; memory then grows with the file.
        multi_turn: What gets a value in the distributions of tokens: each ``example``, or each model
            ``turn`` of it, whose input is everything before it.
        variance: Scores are a ``population`` or a ``sample``.
        count_system: Whether system instructions are input. They count towards the limit in any case.

    The last three are assumptions about the service that nothing public decides (README.md, "Where we may
    differ from the service"); ``verify`` tells which of them a real job bears out.

    Raises:
        SettingsError: A value does not make sense.
    """

    format: str = "auto"
    model: str = ""
    tokenizer: str = ""
    max_findings: int = 10_000
    epochs: int | None = None
    batch_size: int | None = None
    count_tokens: bool = False
    per_example: bool = False
    multi_turn: str = "example"
    variance: str = "population"
    count_system: bool = True

    def __post_init__(self) -> None:
        """Refuse what does not make sense before a file is opened."""
        for name, kind in TYPES.items():
            value = getattr(self, name)
            if type(value) is not kind and not (value is None and name in ("epochs", "batch_size")):
                raise SettingsError(f"{name} is {value!r}; expected {kind.__name__}")
        for name, choices in CHOICES.items():
            value = getattr(self, name)
            if value not in choices:
                what = f"a {name}" if name == "format" else f"a value of {name}"
                raise SettingsError(f"`{value}` is not {what}; expected one of {', '.join(choices)}")
        if self.max_findings < 0:
            raise SettingsError(f"max_findings is {self.max_findings}; expected 0 (all) or more")
        for name, value in (("epochs", self.epochs), ("batch_size", self.batch_size)):
            if value is not None and value < 1:
                raise SettingsError(f"{name} is {value}; expected 1 or more")
        if (self.epochs is None) is not (self.batch_size is None):
            raise SettingsError("steps are estimated from epochs and batch size; give both or neither")
        model_facts(self.model)

    @property
    def facts(self) -> ModelFacts:
        """What is known about the model."""
        return model_facts(self.model)

    @property
    def tokenizer_name(self) -> str:
        """The tokenizer to load."""
        return self.tokenizer or self.facts.vocabulary

    @property
    def assumptions(self) -> tuple[str, ...]:
        """The options, as the command line spells them, by which assumptions differ from the usual ones."""
        options = {
            f"--multi-turn {self.multi_turn}": self.multi_turn != MULTI_TURN[0],
            f"--variance {self.variance}": self.variance != VARIANCE[0],
            "--no-count-system": not self.count_system,
        }
        return tuple(option for option, differs in options.items() if differs)
