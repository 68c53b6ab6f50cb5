"""Offer the options that several verbs share.

In: a command.
Out: the command with the options; what the user has said, on the command line and in a file.
Not here: what they do (``settings``), or the file (``config``).
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from click.core import ParameterSource

from tunestats.config import KEYS, Configuration, find_configuration, merge_options, read_configuration
from tunestats.findings import Severity
from tunestats.limits import known_models
from tunestats.rules import RULES
from tunestats.settings import FORMATS, MULTI_TURN, STDIN, VARIANCE, Settings

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

__all__ = [
    "Choice",
    "Resolved",
    "assumption_options",
    "complete_files",
    "complete_models",
    "complete_rules",
    "complete_tokenizers",
    "data_options",
    "max_findings_option",
    "output_options",
    "resolve_options",
    "selection_options",
]

SELECTION_NAMES = frozenset(("select", "ignore", "extend_select"))
TABLES = frozenset(("severity", "per_file_ignores"))

Command = Callable[..., Any]


class Choice(click.Choice[str]):
    """A choice that says what was probably meant."""

    def get_invalid_choice_message(self, value: Any, ctx: click.Context | None) -> str:
        """Return what is wrong, with the nearest word."""
        said = super().get_invalid_choice_message(value, ctx)
        near = get_close_matches(str(value), self.choices, n=1)
        return f"{said} Did you mean '{near[0]}'?" if near else said


def _severities(
    context: click.Context, parameter: click.Parameter, values: tuple[str, ...]
) -> dict[str, str]:
    for value in values:
        if "=" not in value:
            raise click.BadParameter(f"'{value}' is not RULE=SEVERITY, e.g. W301=error", context, parameter)
    pairs = (value.partition("=") for value in values)
    return {rule.strip(): severity.strip() for rule, _, severity in pairs}


def complete_files(
    _context: click.Context, _parameter: click.Parameter, begun: str
) -> "list[CompletionItem]":
    """Let the shell complete names of files: it does not where click expects any text."""
    from click.shell_completion import CompletionItem  # no other run needs it

    return [CompletionItem(begun, type="file")]


def complete_tokenizers(
    context: click.Context, parameter: click.Parameter, begun: str
) -> "list[CompletionItem]":
    """Return the names of tokenizers that begin so, else let the shell complete a file's."""
    from click.shell_completion import CompletionItem

    from tunestats.tokenizers import available

    named = [CompletionItem(row.name) for row in available() if row.name.startswith(begun)]
    return named or complete_files(context, parameter, begun)


def complete_rules(_context: click.Context, _parameter: click.Parameter, begun: str) -> list[str]:
    """Return the codes that begin as the user has begun."""
    return [code for code in RULES if code.startswith(begun.upper())]


def complete_models(_context: click.Context, _parameter: click.Parameter, begun: str) -> list[str]:
    """Return the models whose names begin as the user has begun."""
    return [name for name in known_models() if name.startswith(begun)]


def _words(name: str, said: str) -> Command:
    return click.option(
        name,
        metavar="RULES",
        multiple=True,
        callback=lambda _context, _parameter, values: ",".join(values),
        shell_complete=complete_rules,
        help=said,
    )


DATA = (
    click.option(
        "--format", type=Choice(FORMATS), default="auto", show_default=True, help="Format of the lines."
    ),
    click.option(
        "--model",
        metavar="NAME",
        default="",
        shell_complete=complete_models,
        help="Model to be tuned, for limits and vocabulary; `tunestats models` lists them.",
    ),
    click.option(
        "--tokenizer",
        metavar="NAME|PATH",
        default="",
        shell_complete=complete_tokenizers,
        help="Tokenizer [default: the model's own].",
    ),
    click.option(
        "--jobs",
        type=click.IntRange(min=0),
        metavar="N",
        default=0,
        show_default="one for each core",
        help="Use up to N processes for large files.",
    ),
    click.option("--quiet", is_flag=True, help="Show no progress."),
)
SELECTION = (
    _words("--select", "Show these rules only: codes, their beginnings (E3) or names, with commas."),
    _words("--ignore", "Do not show these rules."),
    _words("--extend-select", "Show these rules besides."),
    click.option(
        "--severity",
        metavar="RULE=SEVERITY",
        multiple=True,
        callback=_severities,
        help="Let a rule matter more or less, e.g. W301=error; may be repeated.",
    ),
    click.option(
        "--fail-on",
        type=Choice([severity.value for severity in Severity]),
        default=Severity.ERROR.value,
        show_default=True,
        help="Least severity for which the exit code is 1.",
    ),
    click.option(
        "--no-content",
        is_flag=True,
        help="Say nothing that the data say: no excerpts, no quotes in messages, no samples of examples.",
    ),
    click.option("--stdin-filename", metavar="NAME", default="", help="What standard input (`-`) is called."),
    click.option(
        "--config",
        "config_file",
        metavar="FILE",
        type=click.Path(path_type=Path),
        help="Configuration file [default: tunestats.toml or pyproject.toml, looked for upwards].",
    ),
    click.option("--isolated", is_flag=True, help="Read no configuration file."),
)

ASSUMPTIONS = (
    click.option(
        "--multi-turn",
        type=Choice(MULTI_TURN),
        default=MULTI_TURN[0],
        show_default=True,
        help="Assume that tokens are counted by example or by model turn.",
    ),
    click.option(
        "--variance",
        type=Choice(VARIANCE),
        default=VARIANCE[0],
        show_default=True,
        help="Assume that scores are a population or a sample.",
    ),
    click.option(
        "--count-system/--no-count-system",
        default=True,
        show_default=True,
        help="Assume that system instructions are input.",
    ),
)

OUTPUT = (
    click.option(
        "--output-file",
        metavar="FILE",
        type=click.Path(path_type=Path, dir_okay=False),
        help="Write to this file, whole or not at all.",
    ),
    click.option(
        "--baseline",
        metavar="FILE",
        type=click.Path(path_type=Path),
        help="Accept the findings that this file lists.",
    ),
    click.option("--exit-zero", is_flag=True, help="Exit with 0 even if there are errors."),
    click.option(
        "--color",
        type=Choice(("auto", "always", "never")),
        default="auto",
        show_default=True,
        help="Use colours.",
    ),
)


def assumption_options(command: Command) -> Command:
    """Add the options that say what is assumed of the service where nothing public decides."""
    return _with(ASSUMPTIONS, command)


def data_options(command: Command) -> Command:
    """Add the options that say how data are read."""
    return _with(DATA, command)


def max_findings_option(said: str, usual: Mapping[str, int]) -> Command:
    """Return the option that says how many of a kind are shown, with what is usual in each format."""
    groups: dict[int, list[str]] = {}
    for name, limit in usual.items():
        groups.setdefault(limit, []).append(name)
    *few, (rest, _) = sorted(groups.items())
    usually = [f"{limit:,} in {', '.join(names)}" for limit, names in few]
    return click.option(
        "--max-findings",
        type=click.IntRange(min=0),
        metavar="N",
        help=f"{said}; 0 for all. [default: {', '.join([*usually, f'else {rest:,}'])}]",
    )


def output_options(command: Command) -> Command:
    """Add the options that say where findings go, and what follows from them."""
    return _with(OUTPUT, command)


def selection_options(command: Command) -> Command:
    """Add the options that say what is shown and how much it matters."""
    return _with(SELECTION, command)


def _with(options: Sequence[Command], command: Command) -> Command:
    for option in reversed(options):
        command = option(command)
    return command


@dataclass(frozen=True, slots=True)
class Resolved:
    """Every option, the configuration file that was read, and which options the command line gave."""

    options: dict[str, Any]
    configuration: Configuration
    given: Mapping[str, Any]

    @property
    def settings(self) -> dict[str, Any]:
        """The options that are those of a run."""
        known = {field.name for field in fields(Settings)}
        return {name: value for name, value in self.options.items() if name in known and value is not None}

    def rows(self) -> Iterator[tuple[str, Any, str]]:
        """Yield the settings with where they come from; of a selection, the rules that are chosen."""
        for key in KEYS:
            name = key.replace("-", "_")
            said = [
                origin
                for origin, options in (
                    ("file", self.configuration.options),
                    ("command line", self.given),
                )
                if options.keys() & (SELECTION_NAMES if name == "select" else {name})
            ]
            if name not in ("ignore", "extend_select"):
                yield key, self._value(name), " and ".join(said) or "default"

    def _value(self, name: str) -> Any:
        if name == "select":
            return sorted(Settings(**self.settings).shown_codes)
        value = self.options.get(name)
        return str(value) if isinstance(value, Path) else {} if name in TABLES and not value else value


def resolve_options(context: click.Context, names: Sequence[str]) -> Resolved:
    """Return every option: what was given, else what the file says, else the default.

    Raises:
        SettingsError: The configuration makes no sense.
    """
    configuration = _configuration(context.params, names)
    given = {
        name: value
        for name, value in context.params.items()
        if context.get_parameter_source(name) not in (ParameterSource.DEFAULT, ParameterSource.DEFAULT_MAP)
    }
    defaults = {name: value for name, value in context.params.items() if name not in SELECTION_NAMES}
    options = {**defaults, **merge_options(configuration.options, given)}
    return Resolved(options, configuration, given)


def _configuration(given: dict[str, Any], names: Sequence[str]) -> Configuration:
    if given["isolated"]:
        if given["config_file"]:
            raise click.UsageError("--isolated reads no configuration file; leave out --config")
        return Configuration()
    if given["config_file"]:
        return read_configuration(given["config_file"])
    first = names[0] if names[0] != STDIN else given["stdin_filename"]
    return find_configuration(Path(first).absolute().parent if first else Path.cwd())
