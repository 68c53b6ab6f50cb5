"""Be the verb ``check``.

In: the command line.
Out: findings on standard output.
Not here: how they are found (``library``) or look (``render``).
"""

import sys
from typing import Any

import click

from tunestats.cli.options import data_options
from tunestats.cli.terminal import colored, progress_bar
from tunestats.library import check
from tunestats.render import RENDERERS
from tunestats.report import Report

__all__ = ["check_command"]


@click.command("check", no_args_is_help=True)
@click.argument("files", nargs=-1, required=True, metavar="FILE...")
@data_options
@click.option("--validation", metavar="FILE", help="Check this, too, as the validation data of the same job.")
@click.option(
    "--output-format",
    type=click.Choice(tuple(RENDERERS)),
    default="text",
    show_default=True,
    help="How to show findings.",
)
@click.option(
    "--max-findings",
    type=click.IntRange(min=0),
    metavar="N",
    help="Show the first N findings of each rule, 0 for all [default: 50 in text, 10000 otherwise]. All are counted.",
)
@click.option(
    "--color",
    type=click.Choice(("auto", "always", "never")),
    default="auto",
    show_default=True,
    help="Use colours.",
)
def check_command(
    files: tuple[str, ...],
    validation: str | None,
    output_format: str,
    max_findings: int | None,
    color: str,
    **options: Any,
) -> int:
    """Check tuning data and print findings.

    FILE is JSONL, also as .gz; - reads standard input. Exit code: 0 no errors, 1 errors, 2 could not run.

    \b
    tunestats check train.jsonl
    tunestats check train.jsonl --validation validation.jsonl --model gemini-2.5-flash
    tunestats check *.jsonl --output-format json-lines
    zcat train.jsonl.gz | tunestats check -
    """
    renderer = RENDERERS[output_format]
    limit = renderer.max_findings if max_findings is None else max_findings
    with progress_bar((*files, *filter(None, [validation]))) as progress:
        report = check(files, validation=validation, progress=progress, max_findings=limit, **options)
    in_color = colored(color, sys.stdout)
    click.echo(renderer(report, color=in_color), nl=False, color=in_color)
    if output_format.startswith("json"):
        _say_what_is_missing(report)
    return report.exit_code


def _say_what_is_missing(report: Report) -> None:
    missing = sum(report.counts.values()) - len(report.findings)
    if missing:
        click.echo(
            f"tunestats: {missing:,} more findings are not shown; --max-findings 0 shows all", err=True
        )
