"""Show rules.

In: rows of the rules table.
Out: the page of one rule, the list of all.
Not here: what the rows say (``rules``).
"""

from textwrap import fill

from tunestats.quoting import printable
from tunestats.rules import RULES, Rule

__all__ = ["render_rule", "render_rule_list"]

WIDTH = 79
SHOWN_CHARACTERS = 400


def render_rule(rule: Rule) -> str:
    """Return everything that a row says, for people."""
    blocks = [
        f"{rule.code} {rule.name} ({rule.severity})",
        fill(rule.summary, WIDTH),
        fill(rule.rationale, WIDTH),
        f"What happens: {rule.consequence}.",
        rule.undecided and fill(f"Not known: {_lower(rule.undecided)}", WIDTH),
        rule.server_message and fill(f"The service says: {rule.server_message}", WIDTH),
        fill(f"To fix it: {_lower(rule.fix)}", WIDTH),
        f"Formats: {', '.join(rule.formats)}",
        rule.model and f"Looked for only if the model is named, e.g. --model {rule.model}",
        f"Bad:\n{_shown(rule.bad)}" if rule.bad is not None else "",
        rule.good and f"Good:\n{_shown(rule.good)}",
    ]
    return "\n\n".join(block for block in blocks if block) + "\n"


def render_rule_list() -> str:
    """Return a line for every rule: code, severity, name, summary."""
    return "".join(
        f"{rule.code}  {rule.severity:<7}  {rule.name:<22}  {rule.summary}\n" for rule in RULES.values()
    )


def _lower(sentence: str) -> str:
    return sentence[:1].lower() + sentence[1:]


def _shown(text: str) -> str:
    lines = text.split("\n") if text else ["(an empty file)"]
    return "\n".join(
        f"  {printable(line[:SHOWN_CHARACTERS])}{'…' * (len(line) > SHOWN_CHARACTERS)}" for line in lines
    )
