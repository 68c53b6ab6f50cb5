"""Run a whole job: inputs → shards → accumulators → candidates → report.

In: names of inputs and ``Settings``.
Out: the ``Report``.
Not here: what happens inside a shard (``shard``, ``second_look``) and how it gets there (``serial``, ``processes``).

Seconds with one process and with two, start to end (two idle cores, generated supervised data, CPython 3.11,
2026-11-23, ``tunestats check --jobs N`` and ``stats --jobs N``)::

    check  30 MB  0.39  0.39   60 MB  0.46  0.47   100 MB  0.64  0.53   189 MB  1.09  0.75   1 GB  5.4  3.0
    stats  20 MB  0.81  0.78   30 MB  1.02  0.89

From a pipe or a compressed file this process reads and the others work. 200 MB of content were checked 1.4 times
as fast by two from a pipe and from gzip, 1.3 times from Zstandard.
"""

import os
import sys
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import closing
from dataclasses import replace
from functools import partial
from itertools import chain
from pathlib import Path
from typing import NamedTuple, TypeVar

from tunestats.accumulator import Accumulator
from tunestats.containers import first_objects, name_container
from tunestats.dataset import DataFile
from tunestats.engines.second_look import look_again
from tunestats.engines.serial import Task, run_serial
from tunestats.engines.shard import run_shard, shared_tokenizer
from tunestats.errors import SettingsError, SourceError, VocabularyError
from tunestats.findings import Flaw, Position
from tunestats.formats import detect_format
from tunestats.lines import iter_shards
from tunestats.report import Report, TokenizerSummary, make_report
from tunestats.settings import STDIN, Settings
from tunestats.source import Source, open_source

__all__ = ["Progress", "run"]

# Large enough that what a shard costs beside its lines is nothing, small enough that all cores end together.
SHARD_BYTES = 1 << 22
# Shards that hold their lines are several times in memory, on their way from process to process.
HELD_SHARD_BYTES = 1 << 20
# With less than this, starting processes takes as long as they save.
PROCESSES_PAY_BYTES = {"check": 3 << 25, "stats": 3 << 23}
LINE_BYTES = 400
Result = TypeVar("Result")
# About how many bytes it reads, and a task.
SizedTask = tuple[int, Task[Result]]


class Progress(NamedTuple):
    """How far a run is: bytes of content that were read, examples and findings in them."""

    bytes: int = 0
    examples: int = 0
    findings: int = 0

    def after(self, piece: Accumulator) -> "Progress":
        """Return the progress when one more shard is done."""
        return Progress(
            self.bytes + sum(tally.bytes for tally in piece.tallies.values()),
            self.examples + sum(tally.examples for tally in piece.tallies.values()),
            self.findings + sum(piece.flaw_counts.values()),
        )


def run(
    names: Sequence[str | Path],
    settings: Settings,
    progress: Callable[[Progress], object] | None = None,
    *,
    validation: str | Path | None = None,
) -> Report:
    """Return the report of the inputs.

    Args:
        names: Paths; ``-`` is standard input, ``.gz`` and ``.zst`` are decompressed.
        settings: What the run does.
        progress: Called after each shard.
        validation: A further input that holds the validation data.

    Raises:
        SourceError: An input cannot be read.
        SettingsError: There is no input, or standard input is named twice.
        VocabularyError: Tokens have to be counted and the vocabulary is missing or damaged.
        WorkerError: A process that did a part of the work died.
    """
    if not names:
        raise SettingsError("there is no file to read; name one, or `-` for standard input")
    names = [*names, validation] if validation is not None else names
    if sum(str(name) == STDIN for name in names) > 1:
        raise SettingsError("standard input (`-`) is named twice")
    sources = [open_source(name, index) for index, name in enumerate(names)]
    refusals = [name_container(source.head) for source in sources]
    files = [
        DataFile(
            settings.name_of(source.name),
            _format(source, settings),
            validation is not None and source is sources[-1],
            refusal,
        )
        for source, refusal in zip(sources, refusals, strict=True)
    ]
    hidden = {source.index: settings.hidden_codes(source.name) for source in sources}
    state = Accumulator(settings.max_findings, per_example=settings.per_example, hidden=hidden)
    lined = [source for source in sources if not _refuse(source, refusals[source.index], state)]
    done = Progress()
    with closing(_results(_tasks(lined, files), settings)) as pieces:
        for piece in pieces:
            state.merge(piece)
            done = done.after(piece)
            if progress is not None:
                progress(done)
    # Nothing is counted any more.
    checking = replace(settings, count_tokens=False)
    candidates = look_again(state, sources, files, lambda tasks: _results(tasks, checking))
    for source in lined:
        source.check_unchanged()
        _check_size(source, state)
    return make_report(state, candidates, files, settings, _tokenizer(state, settings))


def _refuse(source: Source, flaw: Flaw | None, state: Accumulator) -> bool:
    """Tell whether a source is no JSON Lines at all, and take note of it."""
    if flaw is not None:
        state.add_flaw(Position(source.index, 0, 0, 0), 0, flaw)
    return flaw is not None


def _tasks(sources: Sequence[Source], files: Sequence[DataFile]) -> Iterator[SizedTask[Accumulator]]:
    for source in sources:
        # A line takes as long as some hundred bytes of it, so many short ones are much work.
        weight = 1 + LINE_BYTES * source.head.count(b"\n") / max(1, len(source.head))
        for shard in iter_shards(source, SHARD_BYTES if source.seekable else HELD_SHARD_BYTES):
            stop = source.size if shard.stop is None else shard.stop
            size = int(weight * ((stop or 0) - shard.start))
            yield size, partial(run_shard, shard, files[source.index].format)


def _results(tasks: Iterator[SizedTask[Result]], settings: Settings) -> Generator[Result]:
    """Return an iterator over results: from this process or, if there is much to do, from others."""
    jobs = settings.jobs or _available_cores()
    alone, shared = replace(settings, jobs=1), replace(settings, jobs=jobs)
    # A program that was packed into one file would start itself, not Python.
    if jobs == 1 or not sys.executable or hasattr(sys, "frozen"):
        return run_serial((task for _, task in tasks), alone)
    few = PROCESSES_PAY_BYTES["stats" if settings.count_tokens else "check"]
    first: list[Task[Result]] = []
    while few > 0 and (sized := next(tasks, None)):
        size, task = sized
        first.append(task)
        few -= size
    if few > 0:
        return run_serial(first, alone)
    from tunestats.engines.processes import run_processes  # a small check starts sooner without

    return run_processes(chain(first, (task for _, task in tasks)), shared)


def _available_cores() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _check_size(source: Source, state: Accumulator) -> None:
    """Refuse a report of a file that became shorter or longer while it was read."""
    read = sum(tally.bytes for (owner, _), tally in state.tallies.items() if owner == source.index)
    if source.seekable and read != source.size:
        raise SourceError(
            f"{source.name}: was changed while it was read ({source.size} bytes, then {read}); try again"
        )


def _tokenizer(state: Accumulator, settings: Settings) -> TokenizerSummary | None:
    if not settings.count_tokens:
        return None
    # If all inputs were refused unread, nobody has loaded it.
    known = state.tokenizers or {shared_tokenizer(settings.tokenizer_name).identity}
    identity, *others = known
    if others:
        raise VocabularyError(f"`{identity.name}` was changed while it was used; run again")
    notes = [identity.note, "" if settings.tokenizer else settings.facts.vocabulary_note]
    exact = identity.exact and not (
        settings.model and _is_foreign(identity.sha256, settings.facts.vocabulary)
    )
    if exact is not identity.exact:
        notes.append(f"{settings.model} counts with {settings.facts.vocabulary}")
    return TokenizerSummary(identity.name, identity.sha256, exact, "; ".join(filter(None, notes)))


def _is_foreign(sha256: str, vocabulary: str) -> bool:
    """Tell whether a vocabulary of Gemini's is another than a model's own."""
    from tunestats.tokenizers import GEMMA_MODELS  # a check without counting needs none

    return sha256 != GEMMA_MODELS[vocabulary]


def _format(source: Source, settings: Settings) -> str:
    """Return the format of a source, told from its first lines unless the settings say it."""
    return settings.format if settings.format != "auto" else detect_format(first_objects(source.head))
