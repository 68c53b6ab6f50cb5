"""Run a whole job: inputs → shards → accumulators → report.

In: names of inputs and ``Settings``.
Out: the ``Report``.
Not here: what happens inside a shard (``shard``) and where shards run (``serial``).
"""

from collections.abc import Sequence
from functools import reduce
from pathlib import Path

from tunestats.accumulator import Accumulator
from tunestats.containers import first_objects, name_container
from tunestats.dataset import DataFile
from tunestats.engines.serial import run_serial
from tunestats.engines.shard import Progress, shared_tokenizer
from tunestats.errors import SettingsError, SourceError
from tunestats.findings import Position
from tunestats.formats import detect_format
from tunestats.report import Report, TokenizerSummary, make_report
from tunestats.settings import STDIN, Settings
from tunestats.source import Shard, Source, open_source

__all__ = ["Progress", "run"]


def run(
    names: Sequence[str | Path],
    settings: Settings,
    progress: Progress | None = None,
    *,
    validation: str | Path | None = None,
) -> Report:
    """Return the report of the inputs.

    Args:
        names: Paths; ``-`` is standard input, ``.gz`` is decompressed.
        settings: What the run does.
        progress: Called now and then with a number of bytes of content that have been read.
        validation: A further input that holds the validation data.

    Raises:
        SourceError: An input cannot be read.
        SettingsError: There is no input, or standard input is named twice.
        VocabularyError: Tokens have to be counted and the vocabulary is missing or damaged.
    """
    if not names:
        raise SettingsError("there is no file to read; name one, or `-` for standard input")
    names = [*names, validation] if validation is not None else names
    if sum(str(name) == STDIN for name in names) > 1:
        raise SettingsError("standard input (`-`) is named twice")
    if settings.count_tokens or settings.tokenizer:
        # A vocabulary that is missing stops the run before line 1.
        shared_tokenizer(settings.tokenizer_name)
    sources = [open_source(name, index) for index, name in enumerate(names)]
    files = [
        DataFile(
            settings.name_of(source.name),
            _format(source, settings),
            validation is not None and source is sources[-1],
        )
        for source in sources
    ]
    hidden = {source.index: settings.hidden_codes(source.name) for source in sources}
    state = Accumulator(settings.max_findings, per_example=settings.per_example, hidden=hidden)
    lined = [source for source in sources if not _refuse(source, state)]
    shards = [(Shard(source), files[source.index].format) for source in lined]
    state = reduce(Accumulator.merge, run_serial(shards, settings, progress), state)
    for source in lined:
        _check_size(source, state)
    return make_report(state, files, settings, _tokenizer(settings))


def _refuse(source: Source, state: Accumulator) -> bool:
    """Tell whether a source is no JSON Lines at all, and take note of it."""
    flaw = name_container(source.head)
    if flaw is not None:
        state.add_flaw(Position(source.index, 0, 0, 0), 0, flaw)
    return flaw is not None


def _check_size(source: Source, state: Accumulator) -> None:
    """Refuse a report of a file that became shorter or longer while it was read."""
    read = sum(tally.bytes for (owner, _), tally in state.tallies.items() if owner == source.index)
    if source.seekable and read != source.size:
        raise SourceError(
            f"{source.name}: was changed while it was read ({source.size} bytes, then {read}); try again"
        )


def _tokenizer(settings: Settings) -> TokenizerSummary | None:
    if not settings.count_tokens:
        return None
    identity = shared_tokenizer(settings.tokenizer_name).identity
    notes = [identity.note, "" if settings.tokenizer else settings.facts.vocabulary_note]
    return TokenizerSummary(identity.name, identity.sha256, identity.exact, "; ".join(filter(None, notes)))


def _format(source: Source, settings: Settings) -> str:
    """Return the format of a source, told from its first lines unless the settings say it."""
    return settings.format if settings.format != "auto" else detect_format(first_objects(source.head))
