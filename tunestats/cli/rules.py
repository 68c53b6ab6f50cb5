"""Be the verbs ``explain`` and ``rules``.

In: the command line.
Out: pages of rules on standard output.
Not here: what they say (``rules``).
"""

import click

from tunestats.quoting import printable
from tunestats.render.rules import render_rule, render_rule_list
from tunestats.rules import RULES

__all__ = ["explain_command", "rules_command"]


@click.command("explain", no_args_is_help=True)
@click.argument("code")
def explain_command(code: str) -> None:
    """Say what a rule means, why it is there and how to fix it.

    \b
    tunestats explain E301
    """
    rule = RULES.get(code.upper()) or next(
        (rule for rule in RULES.values() if rule.name == code.lower()), None
    )
    if rule is None:
        raise click.BadParameter(
            f"`{printable(code)}` is not a rule; `tunestats rules` lists them", param_hint="CODE"
        )
    click.echo(render_rule(rule), nl=False)


@click.command("rules")
def rules_command() -> None:
    """List all rules: code, severity, name, summary.

    \b
    tunestats rules
    """
    click.echo(render_rule_list(), nl=False)
