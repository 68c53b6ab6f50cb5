"""Offer the options that several verbs share.

In: a command.
Out: the command with the options.
Not here: what they do (``settings``).
"""

from collections.abc import Callable
from typing import Any

import click

from tunestats.settings import FORMATS, MULTI_TURN, VARIANCE

__all__ = ["assumption_options", "data_options"]


def data_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add the options that say how data are read."""
    for option in (
        click.option(
            "--tokenizer", metavar="NAME|PATH", default="", help="Tokenizer [default: the model's own]."
        ),
        click.option(
            "--model", metavar="NAME", default="", help="Model to be tuned, for limits and vocabulary."
        ),
        click.option(
            "--format",
            type=click.Choice(FORMATS),
            default="auto",
            show_default=True,
            help="Format of the lines.",
        ),
    ):
        command = option(command)
    return command


def assumption_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add the options that say what is assumed of the service where nothing public decides."""
    for option in (
        click.option(
            "--count-system/--no-count-system",
            default=True,
            show_default=True,
            help="Assume that system instructions are input.",
        ),
        click.option(
            "--variance",
            type=click.Choice(VARIANCE),
            default=VARIANCE[0],
            show_default=True,
            help="Assume that scores are a population or a sample.",
        ),
        click.option(
            "--multi-turn",
            type=click.Choice(MULTI_TURN),
            default=MULTI_TURN[0],
            show_default=True,
            help="Assume that tokens are counted by example or by model turn.",
        ),
    ):
        command = option(command)
    return command
