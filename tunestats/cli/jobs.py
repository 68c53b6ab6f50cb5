"""Be the verbs that are used before and after a tuning job.

In: the command line of ``job``, ``plan``, ``compare`` and ``verify``.
Out: answers on standard output, everything else on standard error, an exit code.
Not here: what the verbs do (``library_jobs``).
"""

import sys
from pathlib import Path
from typing import Any

import click

from tunestats.cli.options import (
    Choice,
    assumption_options,
    complete_files,
    complete_models,
    complete_tokenizers,
    data_options,
    max_findings_option,
)
from tunestats.cli.terminal import colored, columns, draws_blocks, prose_columns, show_progress, speak_utf8
from tunestats.inputs import input_name
from tunestats.library_jobs import check_job, compare, plan, verify
from tunestats.quoting import printable
from tunestats.render import RENDERERS, View
from tunestats.settings import FORMATS

__all__ = ["compare_command", "job_command", "plan_command", "verify_command"]

LINES_SHOWN = {"text": 10, "json": 10_000}


def _split_data(_: click.Context, __: click.Parameter, values: tuple[str, ...]) -> dict[str, str]:
    data: dict[str, str] = {}
    for value in values:
        # A path may hold an equals sign less often than an object's name does.
        uri, equals, path = value.rpartition("=")
        if not equals or not uri or not path:
            raise click.BadParameter(f"`{printable(value)}` is not URI=PATH")
        if uri in data:
            raise click.BadParameter(f"`{printable(uri)}` is given twice")
        data[uri] = path
    return data


@click.command("job", no_args_is_help=True)
@click.argument("request", metavar="REQUEST", shell_complete=complete_files)
@click.option(
    "--data",
    multiple=True,
    metavar="URI=PATH",
    callback=_split_data,
    help="The local file of a data set that the request names; may be repeated.",
)
@click.option(
    "--model",
    metavar="NAME",
    shell_complete=complete_models,
    default="",
    help="What a `preTunedModel` was tuned from.",
)
@click.option(
    "--tokenizer",
    metavar="NAME|PATH",
    default="",
    shell_complete=complete_tokenizers,
    help="Tokenizer [default: the model's own].",
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
@click.option(
    "--show-job",
    is_flag=True,
    help="Print the job as the service would return it, with statistics; findings go to standard error.",
)
def job_command(
    request: str,
    data: dict[str, str],
    output_format: str,
    max_findings: int | None,
    *,
    show_job: bool,
    **options: Any,
) -> int:
    """Check a request to create a tuning job, and its data.

    REQUEST is the JSON body of tuningJobs.create; - reads standard input. Data sets that --data maps to
    local files are checked as `check` does. Exit code: 0 no errors, 1 errors, 2 could not run.

    \b
    tunestats job request.json
    tunestats job request.json --data gs://bucket/train.jsonl=train.jsonl
    """
    renderer = RENDERERS[output_format]
    options["max_findings"] = renderer.max_findings if max_findings is None else max_findings
    outcome = check_job(Path(request), data=data, statistics=show_job, jobs=0, **options)
    stream = sys.stderr if show_job else sys.stdout
    view = View(report=outcome.report, color=colored("auto", stream), width=columns(stream))
    if show_job or renderer.utf8:
        speak_utf8(sys.stdout)
    if show_job:
        click.echo(outcome.to_json())
    click.echo(renderer(view), nl=False, color=view.color, err=show_job)
    for uri in outcome.unchecked:
        click.echo(
            f"tunestats: {printable(uri)} was not checked; --data {printable(uri)}=PATH does", err=True
        )
    return outcome.exit_code


@click.command("plan", no_args_is_help=True)
@click.argument("file", metavar="FILE", shell_complete=complete_files)
@click.option(
    "--model",
    metavar="NAME",
    shell_complete=complete_models,
    required=True,
    help="Model to be tuned; `tunestats models` lists them.",
)
@click.option(
    "--epochs", type=click.IntRange(min=1), metavar="N", required=True, help="Passes over the data."
)
@click.option(
    "--batch-size", type=click.IntRange(min=1), metavar="N", help="Examples in a step, to estimate steps."
)
@click.option(
    "--price",
    metavar="AMOUNT",
    help="What a million training tokens cost, in US dollars [default: the dated table].",
)
@click.option(
    "--tokenizer",
    metavar="NAME|PATH",
    default="",
    shell_complete=complete_tokenizers,
    help="Tokenizer [default: the model's own].",
)
@click.option(
    "--format", type=Choice(FORMATS), default="auto", show_default=True, help="Format of the lines."
)
@assumption_options
@click.option(
    "--output-format",
    type=Choice(("text", "json")),
    default="text",
    show_default=True,
    help="How to show it.",
)
def plan_command(file: str, output_format: str, **options: Any) -> int:
    """Work out what tuning on FILE would be billed for.

    Billed are the tokens that the service reports, times the epochs. Exit code: 0 no errors, 1 errors in
    the data, 2 could not run.

    \b
    tunestats plan train.jsonl --model gemini-2.5-flash --epochs 3
    tunestats plan train.jsonl --model gemini-2.5-flash --epochs 3 --price 4.50
    """
    from tunestats.render.plan import render_plan  # a check of data needs none of this

    made = plan(file, jobs=0, **options)
    click.echo(
        made.to_json() + "\n" if output_format == "json" else render_plan(made, prose_columns(sys.stdout)),
        nl=False,
    )
    return made.exit_code


@click.command("compare", no_args_is_help=True)
@click.argument("train", metavar="TRAIN", shell_complete=complete_files)
@click.argument("validation", metavar="VALIDATION", shell_complete=complete_files)
@data_options
@assumption_options
@max_findings_option("Show at most N shared lines of each kind, and count all", LINES_SHOWN)
@click.option(
    "--output-format",
    type=Choice(tuple(LINES_SHOWN)),
    default="text",
    show_default=True,
    help="How to show it.",
)
def compare_command(
    train: str, validation: str, output_format: str, max_findings: int | None, *, quiet: bool, **options: Any
) -> int:
    """Compare training with validation data.

    Lists lines, examples (but for white space, case of ASCII letters, and how their JSON is written) and prompts
    that are in both; then how the distributions of both differ. Exit code: 0 they share nothing, 1 they do, 2
    could not run.

    \b
    tunestats compare train.jsonl validation.jsonl
    tunestats compare train.jsonl validation.jsonl --output-format json
    """
    from tunestats.render.comparison import render_comparison

    limit = LINES_SHOWN[output_format] if max_findings is None else max_findings
    train, validation = input_name(train), input_name(validation)
    with show_progress((train, validation), quiet=quiet) as progress:
        made = compare(train, validation, progress=progress, max_findings=limit, **options)
    ascii_only = not draws_blocks(sys.stdout)
    text = (
        made.to_json() + "\n" if output_format == "json" else render_comparison(made, ascii_only=ascii_only)
    )
    click.echo(text, nl=False)
    return made.exit_code


@click.command("verify", no_args_is_help=True)
@click.argument("job", metavar="JOB", shell_complete=complete_files)
@click.argument("file", metavar="[FILE]", required=False, shell_complete=complete_files)
@click.option(
    "--tokenizer",
    metavar="NAME|PATH",
    shell_complete=complete_tokenizers,
    help="Tokenizer [default: the model's own].",
)
@click.option(
    "--model",
    metavar="NAME",
    shell_complete=complete_models,
    help="Model that was tuned [default: the job's].",
)
@assumption_options
@click.option(
    "--output-format",
    type=Choice(("text", "json")),
    default="text",
    show_default=True,
    help="How to show it.",
)
@click.option(
    "--all", "everything", is_flag=True, help="Show every field, also those that agree, as JSON always does."
)
@click.option("--no-content", is_flag=True, help="Show no texts of examples.")
def verify_command(
    job: str, file: str | None, output_format: str, *, everything: bool, **options: Any
) -> int:
    """Compare what a finished job reports with its data.

    JOB is the JSON that tuningJobs.get returned, FILE the training data. Says which fields differ, what was
    expected, and why it may be; without FILE, whether the job's numbers fit each other. Exit code: 0 all
    fields agree that should, 1 some do not, 2 could not run.

    \b
    tunestats verify job.json train.jsonl
    tunestats verify job.json train.jsonl --tokenizer tokenizer.model
    """
    from tunestats.render.verification import render_verification

    given = {name: value for name, value in options.items() if value is not None}
    made = verify(Path(job), file, jobs=0, **given)
    text = (
        made.to_json() + "\n"
        if output_format == "json"
        else render_verification(made, prose_columns(sys.stdout), everything=everything)
    )
    click.echo(text, nl=False)
    return made.exit_code
