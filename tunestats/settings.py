"""Describe a run in one value.

In: what the user asks for.
Out: ``Settings``: frozen and picklable, so that every place that does a part of the run sees the same.
Not here: defaults that depend on a terminal or a file (``cli``).
"""

import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain

from tunestats.errors import SettingsError
from tunestats.findings import Severity
from tunestats.limits import ModelFacts, model_facts
from tunestats.rules import RULES
from tunestats.selection import ALL, check_pattern, choose, codes_of, ignored_in, severities, words

__all__ = ["FORMATS", "MULTI_TURN", "STDIN", "VARIANCE", "Settings"]

FORMATS = ("auto", "sft", "preference")
MULTI_TURN = ("example", "turn")
VARIANCE = ("population", "sample")
CHOICES = {"format": FORMATS, "multi_turn": MULTI_TURN, "variance": VARIANCE}
STDIN = "-"
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
    "fail_on": str,
    "no_content": bool,
    "stdin_filename": str,
    "jobs": int,
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
        select: The rules that are shown: codes, their beginnings or names, as a list or with commas.
        ignore: Rules that are not shown.
        extend_select: Rules that are shown besides.
        severity: How much a rule matters, ``error``, ``warning`` or ``info``, by code, beginning or name.
        per_file_ignores: Rules that are not shown in some files, by pattern of their name or path.
        fail_on: The least severity that makes the exit code 1.
        jobs: How many processes may share the work; 0 for one for each core. No report depends on it.
        no_content: Say nothing that the data say: no quotes in messages, no keys of theirs in paths, no samples.
        stdin_filename: What standard input is called.

    Which rules are shown, and their severity, changes neither statistics nor which examples are left out.
    ``multi_turn``, ``variance`` and ``count_system`` are assumptions about the service that nothing public
    decides (README.md, "Where we may differ from the service"); ``verify`` tells which of them a real job
    bears out.

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
    select: str | Sequence[str] = ALL
    ignore: str | Sequence[str] = ()
    extend_select: str | Sequence[str] = ()
    severity: Mapping[str, str] = field(default_factory=dict, hash=False)
    per_file_ignores: Mapping[str, str | Sequence[str]] = field(default_factory=dict, hash=False)
    fail_on: str = Severity.ERROR.value
    no_content: bool = False
    stdin_filename: str = ""
    jobs: int = field(default=1, compare=False)

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
        if not 0 <= self.max_findings <= sys.maxsize:
            raise SettingsError(f"max_findings is {self.max_findings}; expected 0 (all) or more")
        if self.jobs < 0:
            raise SettingsError(f"jobs is {self.jobs}; expected 0 (one for each core) or more")
        for name, value in (("epochs", self.epochs), ("batch_size", self.batch_size)):
            if value is not None and value < 1:
                raise SettingsError(f"{name} is {value}; expected 1 or more")
        if (self.epochs is None) is not (self.batch_size is None):
            raise SettingsError("steps are estimated from epochs and batch size; give both or neither")
        model_facts(self.model)
        self._check_selection()

    def _check_selection(self) -> None:
        """Refuse rules that are not known; keep lists as tuples, which nobody changes."""
        if self.fail_on not in tuple(Severity):
            raise SettingsError(f"fail_on is `{self.fail_on}`; expected one of {', '.join(Severity)}")
        for name in ("severity", "per_file_ignores"):
            if not isinstance(getattr(self, name), Mapping):
                raise SettingsError(f"{name} is {getattr(self, name)!r}; expected a mapping")
        for name in ("select", "ignore", "extend_select"):
            object.__setattr__(self, name, words(getattr(self, name), name))
        for pattern in self.per_file_ignores:
            check_pattern(pattern)
        ignores = {
            pattern: words(rules, f"per_file_ignores of `{pattern}`")
            for pattern, rules in self.per_file_ignores.items()
        }
        object.__setattr__(self, "per_file_ignores", ignores)
        object.__setattr__(self, "severity", dict(self.severity))
        severities(self.severity)
        for selector in (*self.select, *self.ignore, *self.extend_select, *chain(*ignores.values())):
            codes_of(selector)

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

    @property
    def counts_whole_examples(self) -> bool:
        """Whether an example's tokens are those of all its texts, as usual."""
        return self.count_system and self.multi_turn == MULTI_TURN[0]

    @property
    def shown_codes(self) -> frozenset[str]:
        """The codes that are shown where no pattern of files says otherwise."""
        return choose(frozenset(), tuple(self.select), self.ignore, self.extend_select)

    @property
    def severities(self) -> dict[str, Severity]:
        """The severity of every rule."""
        return severities(self.severity)

    @property
    def failing(self) -> frozenset[Severity]:
        """The severities of findings that make the exit code 1."""
        ordered = list(Severity)
        return frozenset(ordered[: ordered.index(Severity(self.fail_on)) + 1])

    def hidden_codes(self, name: str) -> frozenset[str]:
        """Return the codes that are not shown in a file."""
        return frozenset(RULES) - self.shown_codes | ignored_in(self.name_of(name), self.per_file_ignores)

    def name_of(self, name: str) -> str:
        """Return what a file is called in findings."""
        return self.stdin_filename or name if name == STDIN else name
