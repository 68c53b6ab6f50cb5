"""Be the verb ``report``.

In: the command line.
Out: what data hold, on standard output or in a file, an exit code.
Not here: how it is found (``library``) or looks (``render``).
"""

import sys
from pathlib import Path
from typing import Any

import click

from tunestats import __version__
from tunestats.cli.files import spare, writer
from tunestats.cli.options import (
    Choice,
    assumption_options,
    complete_files,
    data_options,
    max_findings_option,
    output_options,
    resolve_options,
    selection_options,
)
from tunestats.cli.terminal import colored, columns, draws_blocks, show_progress, speak_utf8
from tunestats.inputs import input_names
from tunestats.library import report
from tunestats.quoting import printable
from tunestats.render import REPORTS, View
from tunestats.render.summary import found
from tunestats.report import Report

__all__ = ["report_command"]

PAGES = (".html", ".htm")


@click.command("report", no_args_is_help=True)
@click.argument("files", nargs=-1, required=True, metavar="FILE...", shell_complete=complete_files)
@data_options
@selection_options
@click.option(
    "--output-format",
    metavar="FORMAT",
    type=Choice(tuple(REPORTS)),
    help=f"{' or '.join(REPORTS)} [default: html if the output file is called so, else text].",
)
@max_findings_option(
    "Show at most N findings of each rule, and count all",
    {name: renderer.max_findings for name, renderer in REPORTS.items()},
)
@output_options
@assumption_options
@click.pass_context
def report_command(context: click.Context, /, files: tuple[str, ...], **_: Any) -> int:
    """Sum tuning data up for people.

    Says how many examples are kept and why others are not, what they cost in tokens, how long they are,
    what repeats, what is not exact, and what is wrong; of all files together. As html it is one page that
    loads nothing, with every finding. Exit code: 0 no errors, 1 errors, 2 could not run.

    \b
    tunestats report train.jsonl
    tunestats report data/ --model gemini-2.5-flash
    tunestats report train.jsonl --output-file report.html
    tunestats report train.jsonl --no-content --output-format html > report.html
    """
    names = input_names(files)
    resolved = resolve_options(context, names)
    options = resolved.options
    spare(options["output_file"], *names, options["baseline"])
    # A format in a configuration file is one of `check`.
    name = resolved.given.get("output_format") or _usual_format(options["output_file"])
    limit = options["max_findings"]
    settings = {**resolved.settings, "max_findings": REPORTS[name].max_findings if limit is None else limit}
    with show_progress(tuple(names), quiet=options["quiet"]) as progress:
        made = report(names, baseline=options["baseline"], progress=progress, **settings).report
    _show(made, name, options)
    return 0 if options["exit_zero"] else made.exit_code


def _usual_format(target: Path | None) -> str:
    return "html" if target is not None and target.suffix.lower() in PAGES else "text"


def _show(made: Report, name: str, options: dict[str, Any]) -> None:
    target: Path | None = options["output_file"]
    color = colored(options["color"], sys.stdout if target is None else None)
    view = View(
        report=made,
        color=color,
        width=columns(sys.stdout),
        ascii_only=target is None and not draws_blocks(sys.stdout),
        version=__version__,
    )
    if REPORTS[name].utf8:
        speak_utf8(sys.stdout)
    with writer(target, color=color) as write:
        write(REPORTS[name].render(view))
    if target is not None:
        verdict = f"found {found(made)}" if made.counts else "nothing found"
        click.echo(f"tunestats: {verdict}; see {printable(str(target))}", err=True)
