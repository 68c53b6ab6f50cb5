"""Be the verb ``check``.

In: the command line.
Out: findings on standard output or in a file, an exit code.
Not here: how they are found (``library``) or look (``render``).
"""

import os
import sys
from pathlib import Path
from typing import Any

import click

from tunestats import __version__
from tunestats.baseline import write_baseline
from tunestats.cli.files import spare, writer
from tunestats.cli.options import (
    Choice,
    Resolved,
    complete_files,
    data_options,
    max_findings_option,
    output_options,
    resolve_options,
    selection_options,
)
from tunestats.cli.terminal import colored, columns, show_progress, speak_utf8
from tunestats.inputs import input_name, input_names
from tunestats.library import check
from tunestats.quoting import printable
from tunestats.render import RENDERERS, STATISTICS, View
from tunestats.render.settings import render_settings
from tunestats.render.summary import found
from tunestats.render.view import number
from tunestats.report import Report

__all__ = ["check_command"]


@click.command("check", no_args_is_help=True)
@click.argument("files", nargs=-1, required=True, metavar="FILE...", shell_complete=complete_files)
@data_options
@selection_options
@click.option(
    "--validation",
    metavar="FILE",
    shell_complete=complete_files,
    help="Check this, too, as the validation data of the same job.",
)
@click.option(
    "--output-format",
    metavar="FORMAT",
    type=Choice(tuple(RENDERERS)),
    default="full",
    show_default=True,
    help=f"How to show findings: {', '.join(RENDERERS)}.",
)
@max_findings_option(
    "Show at most N findings of each rule, and count all",
    {name: renderer.max_findings for name, renderer in RENDERERS.items()},
)
@output_options
@click.option("--statistics", is_flag=True, help="Show how many findings each rule has instead of them.")
@click.option("--write-baseline", is_flag=True, help="Write today's findings to the file of --baseline.")
@click.option("--show-settings", is_flag=True, help="Show the settings that would be used, and where from.")
@click.pass_context
def check_command(context: click.Context, /, files: tuple[str, ...], **_: Any) -> int:
    """Check tuning data and print findings.

    FILE is JSONL, also as .gz or .zst; - reads standard input; a directory means all .jsonl files in it, and
    patterns such as 'data/**/*.jsonl' are expanded.
    Exit code: 0 no errors, 1 errors, 2 could not run.

    \b
    tunestats check train.jsonl
    tunestats check train.jsonl --validation validation.jsonl
    tunestats check data/ --output-format github
    tunestats check train.jsonl --output-format sarif --output-file findings.sarif
    tunestats check train.jsonl --ignore W2 --severity missing-role=error
    tunestats check train.jsonl --baseline accepted.json --write-baseline
    zcat train.jsonl.gz | tunestats check - --stdin-filename train.jsonl
    """
    validation = context.params["validation"]
    if validation is not None:
        context.params["validation"] = validation = input_name(validation)
    names = input_names(files, apart=validation)
    resolved = resolve_options(context, names)
    options = resolved.options
    if options["show_settings"]:
        click.echo("".join(render_settings(resolved.rows(), resolved.configuration.path)), nl=False)
        return 0
    if options["write_baseline"]:
        return _accept(names, resolved)
    spare(options["output_file"], *names, validation, options["baseline"])
    limit = options["max_findings"]
    if limit is None:
        limit = RENDERERS[options["output_format"]].max_findings
    report = _checked(names, resolved, baseline=options["baseline"], max_findings=limit)
    _show(report, options)
    return 0 if options["exit_zero"] else report.exit_code


def _checked(names: list[str], resolved: Resolved, **changes: Any) -> Report:
    validation = resolved.options["validation"]
    files = (*names, *filter(None, [validation]))
    with show_progress(files, quiet=resolved.options["quiet"]) as progress:
        return check(names, validation=validation, progress=progress, **{**resolved.settings, **changes})


def _accept(names: list[str], resolved: Resolved) -> int:
    """Write the baseline of everything that is found."""
    if not resolved.options["baseline"]:
        raise click.UsageError("--write-baseline needs --baseline FILE, the file to write")
    target = Path(resolved.options["baseline"])
    spare(target, *names, resolved.options["validation"])
    count = write_baseline(_checked(names, resolved, max_findings=0, no_content=False), target)
    click.echo(f"tunestats: {number(count, 'finding')} accepted in {printable(str(target))}", err=True)
    return 0


def _show(report: Report, options: dict[str, Any]) -> None:
    target: Path | None = options["output_file"]
    color = colored(options["color"], sys.stdout if target is None else None)
    root = os.environ.get("GITHUB_WORKSPACE") or os.environ.get("CI_PROJECT_DIR")
    view = View(
        report=report,
        color=color,
        width=columns(sys.stdout),
        root=Path(root) if root else Path.cwd(),
        version=__version__,
    )
    renderer = RENDERERS[options["output_format"]]
    if renderer.utf8:
        speak_utf8(sys.stdout)
    with writer(target, color=color) as write:
        write((_statistics(options) if options["statistics"] else renderer.render)(view))
    if not (renderer.rolls_up or options["statistics"]):
        _say_what_is_missing(view)
    if target is not None:
        verdict = f"found {found(report)}" if report.counts else "nothing found"
        click.echo(f"tunestats: {verdict}; see {printable(str(target))}", err=True)


def _statistics(options: dict[str, Any]) -> Any:
    name = options["output_format"]
    if name not in STATISTICS:
        raise click.UsageError(f"--statistics has no format {name}; there are {', '.join(STATISTICS)}")
    return STATISTICS[name]


def _say_what_is_missing(view: View) -> None:
    missing = sum(view.not_shown().values())
    if missing:
        click.echo(
            f"tunestats: {missing:,} more findings are not shown; --max-findings 0 shows all", err=True
        )
