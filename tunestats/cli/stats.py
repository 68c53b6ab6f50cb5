"""Be the verb ``stats``.

In: the command line.
Out: the API's document on standard output, findings on standard error, a table of examples in a file.
Not here: how it is computed (``library``).
"""

import sys
from pathlib import Path
from typing import IO, Any, cast

import click

from tunestats.cli.files import spare
from tunestats.cli.options import (
    assumption_options,
    complete_files,
    data_options,
    resolve_options,
    selection_options,
)
from tunestats.cli.terminal import colored, columns, show_progress, speak_utf8
from tunestats.inputs import input_name
from tunestats.library import Stats, stats
from tunestats.output import open_atomically
from tunestats.quoting import printable
from tunestats.render import RENDERERS, View
from tunestats.render.view import number
from tunestats.tables import SUFFIXES, table_suffix, write_table

__all__ = ["stats_command"]

FINDINGS_BESIDE_STATS = 20


@click.command("stats", no_args_is_help=True)
@click.argument("file", metavar="FILE", shell_complete=complete_files)
@data_options
@selection_options
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
@click.option(
    "--per-example",
    "table",
    metavar="FILE",
    type=click.Path(path_type=Path, dir_okay=False),
    help=f"Write a row for each example, too, to a file that ends in {', '.join(SUFFIXES)}.",
)
@assumption_options
@click.pass_context
def stats_command(context: click.Context, /, file: str, **_: Any) -> int:
    """Compute the statistics that the service would report.

    Prints the TuningDataStats document on standard output, findings on standard error. Examples with
    errors are left out, whichever rules are shown. As the service's, the document shows the beginning of a few
    examples and says why others are left out; with --no-content it has no userDatasetExamples, and reasons name rules
    only. Exit code: 0 no errors, 1 errors, 2 could not run.

    \b
    tunestats stats train.jsonl > stats.json
    tunestats stats train.jsonl --model gemini-2.0-flash
    tunestats stats train.jsonl --epochs 3 --batch-size 16
    tunestats stats train.jsonl --per-example rows.parquet > stats.json
    """
    table: Path | None = context.params["table"]
    suffix = table_suffix(table) if table else ""
    file = input_name(file)
    spare(table, file)
    resolved = resolve_options(context, (file,))
    settings = {**resolved.settings, "max_findings": FINDINGS_BESIDE_STATS, "per_example": table is not None}
    with show_progress((file,), quiet=resolved.options["quiet"]) as progress:
        made = stats(file, progress=progress, **settings)
    if table is not None:
        _write_rows(made, table, suffix)
    speak_utf8(sys.stdout)
    click.echo(made.to_json())
    view = View(report=made.report, color=colored("auto", sys.stderr), width=columns(sys.stderr))
    click.echo(RENDERERS["full"](view), nl=False, err=True)
    return made.report.exit_code


def _write_rows(made: Stats, table: Path, suffix: str) -> None:
    with open_atomically(table) as stream:
        write_table(made.per_example(), suffix, cast("IO[bytes]", stream.buffer))
    said = number(made.report.examples, "example")
    click.echo(f"tunestats: {said} in {printable(str(table))}", err=True)
