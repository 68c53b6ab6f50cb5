"""Show rules.

In: rows of the rules table.
Out: the page of one rule, the list of all.
Not here: what the rows say (``rules``) or what is known about models (``limits``).
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from tunestats.limits import known_models, model_facts
from tunestats.quoting import printable
from tunestats.render.rows import WIDTH, filled
from tunestats.rules import RULES, Consequence, Rule

__all__ = ["render_rule", "render_rule_list"]

SHOWN_CHARACTERS = 400
NO_MODEL = "(without --model)"
# Of a line of data: up to a comma or a space, and not too long.
PIECE = re.compile(r"[^, ]{0,60}[, ]|[^, ]{1,60}")
NARROWEST_SUMMARY = 30


def render_rule(rule: Rule, width: int = WIDTH) -> str:
    """Return everything that a row says, for people."""
    blocks = [
        filled(f"{rule.code} {rule.name} ({rule.severity})", width=width),
        filled(rule.summary, width=width),
        filled(rule.rationale, width=width),
        filled(f"What happens: {_consequence(rule)}.", width=width),
        rule.undecided and filled(f"Not known: {_lower(rule.undecided)}", width=width),
        rule.server_message and filled(f"The service says: {rule.server_message}", width=width),
        filled(f"To fix it: {_lower(rule.fix)}", width=width),
        f"Formats: {', '.join(rule.formats)}",
        *[_facts(name, width) for name in rule.facts],
        f"Bad{_model(rule)}:\n{_shown(rule.bad, width, rule.bad_in_words)}",
        rule.good and f"Good{_model(rule)}:\n{_shown(rule.good, width)}",
    ]
    return "\n\n".join(block for block in blocks if block) + "\n"


def render_rule_list(width: int | None = None) -> str:
    """Return a line for every rule: code, severity, name, summary; broken where it is wider than ``width``."""
    longest = max(len(rule.name) for rule in RULES.values())
    heads = {
        f"{rule.code}  {rule.severity:<7}  {rule.name:<{longest}}  ": rule.summary for rule in RULES.values()
    }
    if width is None:
        return "".join(f"{head}{summary}\n" for head, summary in heads.items())
    column = len(next(iter(heads)))
    if width - column >= NARROWEST_SUMMARY:
        return "".join(f"{_beside(head, summary, width)}\n" for head, summary in heads.items())
    return "".join(
        f"{' '.join(head.split())}\n{_beside('      ', summary, width)}\n" for head, summary in heads.items()
    )


def _beside(head: str, text: str, width: int) -> str:
    """Return a text beside its head, on as many lines as it takes; words stay whole."""
    indent = " " * len(head)
    return filled(text, head, indent, width)


def _consequence(rule: Rule) -> str:
    if not rule.undecided:
        return rule.consequence
    if rule.consequence in (Consequence.ACCEPTED, Consequence.REQUEST_ACCEPTED):
        return f"nothing public decides it; tunestats takes it that {rule.consequence}"
    return f"{rule.consequence}, as far as is known"


def _lower(sentence: str) -> str:
    return sentence[:1].lower() + sentence[1:]


def _model(rule: Rule) -> str:
    return f" (with --model {rule.model})" if rule.model else ""


def _facts(name: str, width: int) -> str:
    """Return one fact for every model, models of the same value and source together, and where it comes from."""
    groups: dict[tuple[str, tuple[str, str]], list[str]] = {}
    for model in ("", *known_models()):
        facts = model_facts(model)
        key = (_value(getattr(facts, name)), facts.source_of(name))
        groups.setdefault(key, []).append(model or NO_MODEL)
    lines = [f"`{name}` is", *_fact_lines(groups, width)]
    return "\n".join(lines)


def _fact_lines(groups: Mapping[tuple[str, tuple[str, str]], Sequence[str]], width: int) -> Iterator[str]:
    for (value, (source, date)), models in groups.items():
        yield filled(value, "  ", "  ", width)
        indent = " " * 6
        told = f"for {', '.join(models)}"
        yield filled(told, indent, indent, width)
        yield filled(f"{source} ({date})", indent, indent, width)


def _value(fact: Any) -> str:
    if isinstance(fact, Mapping):
        return ", ".join(f"{key} {_value(item)}" for key, item in fact.items())
    if isinstance(fact, int | float):
        return f"{fact:,}"
    return fact if isinstance(fact, str) else ", ".join(map(str, fact))


def _shown(text: str, width: int, in_words: str = "") -> str:
    """Return lines of data, folded for a terminal and shortened in the middle, where they are only long."""
    if not text:
        return f"  ({in_words or 'an empty file'})"
    return "\n".join(
        _folded(printable(_shortened(line)), width) for line in text.removesuffix("\n").split("\n")
    )


def _shortened(line: str) -> str:
    if len(line) <= SHOWN_CHARACTERS:
        return line
    half = SHOWN_CHARACTERS // 2
    return f"{line[:half]}[… {len(line) - 2 * half:,} characters …]{line[-half:]}"


def _folded(line: str, width: int) -> str:
    """Break a line of data behind commas and spaces, which stay where they are."""
    lines = ["  "]
    for piece in PIECE.findall(line):
        if len(lines[-1]) + len(piece.rstrip()) > width:
            lines.append("    ")
        lines[-1] += piece
    return "\n".join(text.rstrip() for text in lines) if line else "  (a blank line)"
