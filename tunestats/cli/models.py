"""Be the verb ``models``.

In: the command line.
Out: what is known about models on standard output.
Not here: the facts (``limits``).
"""

import click

from tunestats.render.models import render_models

__all__ = ["models_command"]


@click.command("models")
def models_command() -> None:
    """List the models that can be tuned, with what is known of them.

    Limits, vocabulary, adapter sizes and rates of media, each with source and date.

    \b
    tunestats models
    """
    click.echo(render_models(), nl=False)
