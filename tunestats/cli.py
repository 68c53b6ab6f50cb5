"""Be the command ``tunestats``.

In: the command line.
Out: results on standard output, everything else on standard error, an exit code: 0 clean, 1 errors found,
2 could not run. The only room that prints.
Not here: what the verbs do (``library``).
"""

import io
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click

from tunestats import __version__
from tunestats.cli_jobs import add_job_verbs, assumption_options
from tunestats.engines import Progress
from tunestats.errors import TunestatsError
from tunestats.library import check, stats
from tunestats.quoting import printable
from tunestats.render import RENDERERS
from tunestats.render.models import render_models
from tunestats.render.rules import render_rule, render_rule_list
from tunestats.render.text import render_text
from tunestats.report import Report
from tunestats.rules import RULES
from tunestats.settings import FORMATS

__all__ = ["cli", "main"]

COULD_NOT_RUN = 2
PROGRESS_BYTES = 30_000_000
FINDINGS_BESIDE_STATS = 20


def main() -> None:
    """Run the command and leave with its exit code."""
    _prepare_streams()
    try:
        code = cli.main(prog_name="tunestats", standalone_mode=False) or 0
        sys.stdout.flush()
    except click.ClickException as error:
        error.show()
        code = COULD_NOT_RUN
    except TunestatsError as error:
        code = _give_up(printable(str(error)))
    except (click.Abort, KeyboardInterrupt):
        code = _give_up("interrupted")
    except MemoryError:
        code = _give_up("out of memory; show fewer findings with --max-findings")
    except OSError as error:
        # Python would complain once more when it closes the stream.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        # A reader that has seen enough, such as `head`, needs no message.
        silent = isinstance(error, BrokenPipeError)
        code = (
            COULD_NOT_RUN if silent else _give_up(f"the output cannot be written ({error.strerror or error})")
        )
    sys.exit(code)


def _prepare_streams() -> None:
    """Let every stream be there and take every character, as an escape if it must."""
    if sys.stdout is None:
        sys.stdout = open(os.devnull, "w", encoding="utf-8")  # noqa: PTH123, SIM115  open until the end
    if sys.stderr is None:
        sys.stderr = open(os.devnull, "w", encoding="utf-8")  # noqa: PTH123, SIM115
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


def _give_up(why: str) -> int:
    click.echo(f"tunestats: {why}", err=True)
    return COULD_NOT_RUN


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, prog_name="tunestats")
def cli() -> None:
    """Check Vertex AI Gemini tuning data and compute its statistics, offline.

    \b
    tunestats check train.jsonl     every problem, with line, path and rule
    tunestats stats train.jsonl     the TuningDataStats that the service would report
    """


def _data_options(command: Callable[..., Any]) -> Callable[..., Any]:
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


@cli.command("check", no_args_is_help=True)
@click.argument("files", nargs=-1, required=True, metavar="FILE...")
@_data_options
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
    with _progress((*files, *filter(None, [validation]))) as progress:
        report = check(files, validation=validation, progress=progress, max_findings=limit, **options)
    colored = _colored(color, sys.stdout)
    click.echo(renderer(report, color=colored), nl=False, color=colored)
    if output_format.startswith("json"):
        _say_what_is_missing(report)
    return report.exit_code


@cli.command("stats", no_args_is_help=True)
@click.argument("file", metavar="FILE")
@_data_options
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
    with _progress((file,)) as progress:
        made = stats(file, progress=progress, max_findings=FINDINGS_BESIDE_STATS, **options)
    click.echo(made.to_json())
    click.echo(render_text(made.report, color=_colored("auto", sys.stderr)), nl=False, err=True)
    return made.report.exit_code


@cli.command("explain", no_args_is_help=True)
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


@cli.command("rules")
def rules_command() -> None:
    """List all rules: code, severity, name, summary.

    \b
    tunestats rules
    """
    click.echo(render_rule_list(), nl=False)


@cli.command("models")
def models_command() -> None:
    """List the models that can be tuned: limits, vocabulary, adapter sizes, with source and date.

    \b
    tunestats models
    """
    click.echo(render_models(), nl=False)


@cli.group("vocab", no_args_is_help=True)
def vocab_group() -> None:
    """Look at tokenizers' vocabularies."""


@vocab_group.command("list")
def vocab_list_command() -> None:
    """List tokenizers: name, exact or estimate for Gemini, SHA-256, where it is or what is missing.

    \b
    tunestats vocab list
    """
    from tunestats.tokenizers import available

    for row in available():
        kind = "exact" if row.exact else "estimate"
        click.echo(f"{row.name:<14} {kind:<8} {row.sha256:<64} {printable(row.place or row.missing)}")


@vocab_group.command("build", no_args_is_help=True)
@click.argument("model", type=click.Path(path_type=Path))
@click.option(
    "--target", type=click.Path(path_type=Path), help="Where to write it [default: into the package]."
)
def vocab_build_command(model: Path, target: Path | None) -> None:
    """Pack the vocabulary of Google's SentencePiece MODEL as the package holds it; the same bytes each time.

    \b
    tunestats vocab build gemma3_cleaned_262144_v2.spiece.model --target gemma3.vocabulary.xz
    """
    from tunestats.tokenizers import build_vocabulary

    packed = build_vocabulary(model, target)
    click.echo(f"wrote the vocabulary {packed.name}, {target or 'into the package'}", err=True)


add_job_verbs(cli)


@contextmanager
def _progress(files: tuple[str, ...]) -> Iterator[Progress | None]:
    """Show a bar on standard error while a lot is read from a terminal."""
    paths = [Path(file) for file in files]
    total = sum(path.stat().st_size for path in paths if path.is_file())
    if not sys.stderr.isatty() or total < PROGRESS_BYTES:
        yield None
        return
    from rich.console import Console  # only for long work on a terminal
    from rich.progress import (
        BarColumn,
        DownloadColumn,
        Progress,
        TextColumn,
        TimeRemainingColumn,
        TransferSpeedColumn,
    )

    columns = (
        TextColumn("reading"),
        BarColumn(),
        DownloadColumn(),
        TransferSpeedColumn(),
        TimeRemainingColumn(),
    )
    # How large compressed files are inside is not known.
    known = None if any(path.suffix == ".gz" for path in paths) else total
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("", total=known)
        yield lambda count: bar.advance(task, count)


def _colored(choice: str, stream: Any) -> bool:
    if choice == "auto":
        return bool(stream.isatty()) and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"
    return choice == "always"


def _say_what_is_missing(report: Report) -> None:
    missing = sum(report.counts.values()) - len(report.findings)
    if missing:
        click.echo(
            f"tunestats: {missing:,} more findings are not shown; --max-findings 0 shows all", err=True
        )
