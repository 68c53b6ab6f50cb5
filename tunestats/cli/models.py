"""Be the verb ``models``.

In: the command line.
Out: what is known about models on standard output.
Not here: the facts (``limits``).
"""

import sys

import click

from tunestats.cli.terminal import prose_columns
from tunestats.render.models import render_models

__all__ = ["models_command"]


@click.command("models")
def models_command() -> None:
    """List the models that can be tuned, with what is known of them.

    Limits, vocabulary, adapter sizes and rates of media, each with source and date.

    \b
    tunestats models
    """
    click.echo(render_models(prose_columns(sys.stdout)), nl=False)
