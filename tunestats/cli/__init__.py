"""Be the command ``tunestats``.

In: the command line.
Out: results on standard output, everything else on standard error, an exit code: 0 clean, 1 errors found,
2 could not run. The only room that prints.
Not here: what the verbs do (``library``); each has a file of its own.
"""

import gc
import io
import os
import sys
from errno import EINVAL
from typing import Any

import click

from tunestats import __version__
from tunestats.cli.check import check_command
from tunestats.cli.jobs import compare_command, job_command, plan_command, verify_command
from tunestats.cli.models import models_command
from tunestats.cli.report import report_command
from tunestats.cli.rules import explain_command, rules_command
from tunestats.cli.stats import stats_command
from tunestats.cli.vocab import vocab_group
from tunestats.errors import TunestatsError
from tunestats.quoting import printable

__all__ = ["cli", "main"]

COULD_NOT_RUN = 2


def main() -> None:
    """Run the command and leave with its exit code."""
    # numpy would start a thread for each core for what it never does here.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    _prepare_streams()
    # Examples hold no cycles; looking for some takes 3 % of the time.
    gc.set_threshold(50_000)
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
    except _ReaderGoneError:
        _close_quietly()
        code = COULD_NOT_RUN
    except OSError as error:
        _close_quietly()
        silent = _reader_is_gone(error)
        code = (
            COULD_NOT_RUN if silent else _give_up(f"the output cannot be written ({error.strerror or error})")
        )
    # On its way out Python would look for cycles in all there is, for 30 ms.
    gc.freeze()
    sys.exit(code)


def _reader_is_gone(error: OSError) -> bool:
    """Tell whether whoever reads the output has seen enough, such as `head`, which needs no message."""
    # Windows calls a pipe that nobody reads an invalid argument.
    return isinstance(error, BrokenPipeError) or (sys.platform == "win32" and error.errno == EINVAL)


def _prepare_streams() -> None:
    """Let every stream be there and take every character, as an escape if it must.

    What is not shown but written, into a file or a pipe, is UTF-8 on Windows, too: pages and XML say so, and its
    code pages know few characters.
    """
    if sys.stdout is None:
        sys.stdout = open(os.devnull, "w", encoding="utf-8")  # noqa: PTH123, SIM115  open until the end
    if sys.stderr is None:
        sys.stderr = open(os.devnull, "w", encoding="utf-8")  # noqa: PTH123, SIM115
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
            if sys.platform == "win32" and not stream.isatty() and not os.environ.get("PYTHONIOENCODING"):
                stream.reconfigure(encoding="utf-8", newline="\n")


def _close_quietly() -> None:
    """Let Python not complain once more when it closes the stream."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _give_up(why: str) -> int:
    click.echo(f"tunestats: {why}", err=True)
    return COULD_NOT_RUN


SECTIONS = {
    "Data": (check_command, report_command, stats_command, compare_command),
    "Tuning jobs": (job_command, plan_command, verify_command),
    "Look things up": (explain_command, rules_command, models_command, vocab_group),
}


class _ReaderGoneError(Exception):
    """Whoever reads the output has seen enough, such as ``head``."""


class _Sections(click.Group):
    """A group whose help lists commands by what they are for."""

    def invoke(self, ctx: click.Context) -> Any:
        """Run a command; where nobody reads on, click would exit with 1, which means errors in the data."""
        try:
            return super().invoke(ctx)
        except OSError as error:
            if _reader_is_gone(error):
                raise _ReaderGoneError from error
            raise

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write every section."""
        del ctx
        for title, commands in SECTIONS.items():
            with formatter.section(title):
                formatter.write_dl(
                    [(command.name or "", command.get_short_help_str(80)) for command in commands]
                )


@click.group(cls=_Sections, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 80})
@click.version_option(__version__, prog_name="tunestats")
def cli() -> None:
    """Check Vertex AI Gemini tuning data and compute its statistics, offline.

    Exit code: 0 no errors, 1 errors, 2 could not run. Each command has a --help with examples.

    \b
    tunestats check train.jsonl     every problem, with line, path and rule
    tunestats report train.jsonl    tokens, distributions, repeats, for people
    tunestats stats train.jsonl     the TuningDataStats of the service, as JSON
    """


for _commands in SECTIONS.values():
    for _command in _commands:
        cli.add_command(_command)
