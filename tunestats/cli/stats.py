"""Be the verb ``stats``.

In: the command line.
Out: the API's document on standard output, findings on standard error.
Not here: how it is computed (``library``).
"""

import sys
from typing import Any

import click

from tunestats.cli.options import assumption_options, data_options
from tunestats.cli.terminal import colored, progress_bar
from tunestats.library import stats
from tunestats.render.text import render_text

__all__ = ["stats_command"]

FINDINGS_BESIDE_STATS = 20


@click.command("stats", no_args_is_help=True)
@click.argument("file", metavar="FILE")
@data_options
@click.option(
    "--epochs",
    type=click.IntRange(min=1),
    metavar="N",
    help="Passes over the data, for an estimate of steps.",
)
@click.option(
    "--batch-size",
    type=click.IntRange(min=1),
    metavar="N",
    help="Examples in a step, for an estimate of steps.",
)
@assumption_options
def stats_command(file: str, **options: Any) -> int:
    """Compute the statistics that the service would report.

    Prints the TuningDataStats document on standard output, findings on standard error. Examples with
    errors are left out. Exit code: 0 no errors, 1 errors, 2 could not run.

    \b
    tunestats stats train.jsonl > stats.json
    tunestats stats train.jsonl --model gemini-2.0-flash
    """
    with progress_bar((file,)) as progress:
        made = stats(file, progress=progress, max_findings=FINDINGS_BESIDE_STATS, **options)
    click.echo(made.to_json())
    click.echo(render_text(made.report, color=colored("auto", sys.stderr)), nl=False, err=True)
    return made.report.exit_code
