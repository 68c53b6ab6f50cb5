"""Be the verbs ``explain`` and ``rules``.

In: the command line.
Out: pages of rules on standard output.
Not here: what they say (``rules``).
"""

import sys

import click

from tunestats.cli.options import complete_rules
from tunestats.cli.terminal import columns, prose_columns
from tunestats.render.rule_book import render_rule_book
from tunestats.render.rules import render_rule, render_rule_list
from tunestats.rules import RULES
from tunestats.selection import find_rule

__all__ = ["explain_command", "rules_command"]


@click.command("explain", no_args_is_help=True)
@click.argument("code", shell_complete=complete_rules)
def explain_command(code: str) -> None:
    """Say what a rule means, why it is there and how to fix it.

    \b
    tunestats explain E301
    """
    click.echo(render_rule(RULES[find_rule(code)], prose_columns(sys.stdout)), nl=False)


@click.command("rules")
@click.option(
    "--output-format",
    type=click.Choice(("text", "markdown")),
    default="text",
    show_default=True,
    help="A line for each rule, or everything about all of them.",
)
def rules_command(output_format: str) -> None:
    """List all rules: code, severity, name, summary.

    \b
    tunestats rules
    tunestats rules --output-format markdown > RULES.md
    """
    if output_format == "markdown":
        click.echo(render_rule_book(), nl=False)
        return
    # A line a rule is best for grep; on a terminal it has to fit.
    width = columns(sys.stdout) if sys.stdout.isatty() else None
    click.echo(render_rule_list(width), nl=False)
