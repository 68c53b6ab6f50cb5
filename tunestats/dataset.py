"""Check a data set as a whole.

In: what all shards of a run hold together.
Out: flaws of files, and of examples that only the others show to be worth a word.
Not here: what a line alone shows (``checks``).
"""

from collections.abc import Iterator, Sequence
from math import inf
from typing import NamedTuple

from tunestats.accumulator import MEDIA_RESOLUTION, Accumulator
from tunestats.candidates import Candidates
from tunestats.duplicates import Repeat, find_repeats
from tunestats.findings import Flaw, Position
from tunestats.fingerprints import EXAMPLE, LINE, PAIR, PROMPT
from tunestats.limits import ModelFacts
from tunestats.overlap import Shared
from tunestats.places import Places
from tunestats.quoting import printable
from tunestats.rules import (
    CONTRADICTION,
    DOUBTFUL_MODEL,
    DUPLICATE_EXAMPLE,
    FILE_TOO_LARGE,
    MIXED_RESOLUTIONS,
    MIXED_SPELLINGS,
    NEAR_DUPLICATE,
    NO_EXAMPLES,
    NO_SUCH_METHOD,
    TOO_MANY_DROPPED,
    TOO_MANY_EXAMPLES,
    VALIDATION_FORMAT,
    VALIDATION_OVERLAP,
    VALIDATION_PROMPT_OVERLAP,
    VALIDATION_TOO_LARGE,
)
from tunestats.settings import Settings

__all__ = ["DataFile", "add_shared", "validation_flaws", "whole_flaws"]

REPEATS = {
    Repeat.LINE: (DUPLICATE_EXAMPLE, "the line is the same as line {line}"),
    Repeat.EXAMPLE: (NEAR_DUPLICATE, "the example is nearly the same as the one on line {line}"),
    Repeat.PROMPT: (CONTRADICTION, "the prompt is that of line {line}, the answer is another one"),
}
SHARED = {
    Repeat.LINE: (VALIDATION_OVERLAP, "the line is the same as line {line} of {file}"),
    Repeat.EXAMPLE: (
        VALIDATION_OVERLAP,
        "the example is nearly the same as the one on line {line} of {file}",
    ),
    Repeat.PROMPT: (VALIDATION_PROMPT_OVERLAP, "the prompt is that of line {line} of {file}"),
}
# By what of its fingerprint an example repeats or contradicts another one.
KEYS = {"sft": (LINE, EXAMPLE, PROMPT), "preference": (LINE, EXAMPLE, PAIR)}
METHODS = {"sft": "supervised", "preference": "preference"}
# In fewer examples, each dropped one says enough about itself.
SHARES_COUNT_FROM = 10
# Behind the flaws of the line itself.
LAST = 1 << 30


class DataFile(NamedTuple):
    """One input of a run: its name and format, whether it is the validation data, and why it is not read."""

    name: str
    format: str
    is_validation: bool = False
    refusal: Flaw | None = None


def whole_flaws(
    state: Accumulator,
    candidates: Candidates,
    places: Places,
    files: Sequence[DataFile],
    settings: Settings,
) -> Accumulator:
    """Return the flaws that only whole files show, in an accumulator of their own.

    Args:
        state: What all shards hold; it stays as it is.
        candidates: The examples that may repeat one another.
        places: Where its shards stand.
        files: The inputs, in order.
        settings: What the run does.
    """
    whole = Accumulator(settings.max_findings, per_example=settings.per_example, hidden=state.hidden)
    # One that is not here was refused unread.
    read = [source for source in range(len(files)) if source in places.shards]
    for source in read:
        held = _held(places, source)
        if not held.examples:
            _add(whole, source, NO_EXAMPLES.at("", "the file holds no examples"))
            continue
        for flaw in (*_flaws_of_sums(held, settings.facts), *_flaws_of_method(files[source], settings)):
            _add(whole, source, flaw)
        for start, tally in places.before_the_last_example(source):
            whole.add_blanks(source, start, tally.blanks)
        _add_repeats(whole, candidates, places, source, KEYS[files[source].format])
        _add_spellings(whole, places, source)
    if read and settings.facts.standing:
        # The model is one for all files.
        _add(whole, read[0], DOUBTFUL_MODEL.at("", f"`{settings.model}` is {settings.facts.standing}"))
    _add_resolutions(whole, places, [files[source].name for source in read], read)
    _add_validation(whole, places, files, read, settings.facts)
    return whole


class _Held(NamedTuple):
    """What a file holds; ``over_limits`` of its examples the service drops, with no other error."""

    bytes: int
    examples: int
    over_limits: int
    with_media: int


def _held(places: Places, source: int) -> _Held:
    tallies = [tally for _, tally in places.shards[source]]
    return _Held(
        sum(tally.bytes for tally in tallies),
        sum(tally.examples for tally in tallies),
        sum(tally.over_limits for tally in tallies),
        sum(tally.with_media for tally in tallies),
    )


def _add(whole: Accumulator, source: int, flaw: Flaw) -> None:
    whole.add_flaw(Position(source, 0, 0, 0), 0, flaw)


def _flaws_of_sums(held: _Held, facts: ModelFacts) -> Iterator[Flaw]:
    if held.bytes > facts.bytes_per_file:
        said = f"the file has {held.bytes:,} bytes; the limit is {facts.bytes_per_file:,}"
        yield FILE_TOO_LARGE.at("", said)
    limit = facts.multimodal_examples if held.with_media else facts.text_examples
    if held.examples > limit:
        kind = "of which some have media" if held.with_media else "all of text"
        yield TOO_MANY_EXAMPLES.at(
            "", f"there are {held.examples:,} examples, {kind}; the limit is {limit:,}"
        )
    if held.examples >= SHARES_COUNT_FROM and held.over_limits > facts.dropped_share * held.examples:
        said = f"{held.over_limits:,} of {held.examples:,} examples are over a limit and dropped"
        yield TOO_MANY_DROPPED.at("", f"{said}; a job takes up to {facts.dropped_share:.0%}")


def _flaws_of_method(file: DataFile, settings: Settings) -> Iterator[Flaw]:
    """Yield a flaw if the model that the settings name is not tuned with such data."""
    method, known = METHODS[file.format], settings.facts.methods
    if settings.model and method not in known:
        said = f"these are {method} examples; {settings.model} takes {' and '.join(known)} tuning"
        yield NO_SUCH_METHOD.at("", said)


def _add_repeats(
    whole: Accumulator, candidates: Candidates, places: Places, source: int, keys: Sequence[slice]
) -> None:
    placed = list(places.shards_of([source]))
    shards = [shard for shard, _ in placed]
    repeats = find_repeats(lambda: candidates.rows(shards), candidates.examples(placed), keys)
    for kind, (rule, said) in REPEATS.items():
        # Only as many as are kept are worth a message; the others are counted, unless each one is asked for.
        shown, limit = 0, None if whole.per_example else whole.max_findings or None
        for index, first in repeats.first(kind, limit):
            line = places.line(places.nth_example(source, first))
            whole.add_flaw(places.nth_example(source, index), LAST, rule.at("", said.format(line=line)))
            shown += 1
        whole.count_more(rule.code, source, repeats.count(kind) - shown)


def _add_spellings(whole: Accumulator, places: Places, source: int) -> None:
    """Add a flaw where a key begins to be spelt in the other of its two ways."""
    by_name: dict[str, list[tuple[Position, str]]] = {}
    for (name, spelling), position in places.firsts(source).items():
        if name != MEDIA_RESOLUTION:
            by_name.setdefault(name, []).append((position, spelling))
    for spellings in by_name.values():
        first, usual = min(spellings)
        for position, spelling in spellings:
            # Both on one line are that line's own affair.
            if position != first:
                said = f"`{spelling}` here, `{usual}` from line {places.line(first)} on"
                whole.add_flaw(position, LAST, MIXED_SPELLINGS.at("", said))


def _add_resolutions(whole: Accumulator, places: Places, names: Sequence[str], read: Sequence[int]) -> None:
    """Add a flaw for every resolution but the first one of all files."""
    found = sorted(
        (position, value)
        for source in read
        for (key, value), position in places.firsts(source).items()
        if key == MEDIA_RESOLUTION
    )
    said: set[tuple[int, str]] = set()
    for position, value in found[1:]:
        first, usual = found[0]
        if value != usual and (position.source, value) not in said:
            said.add((position.source, value))
            where = f"line {places.line(first)}"
            if first.source != position.source:
                where += f" of {names[read.index(first.source)]}"
            told = f"the resolution is {_resolution(value)} here, {_resolution(usual)} on {where}"
            whole.add_flaw(position, LAST, MIXED_RESOLUTIONS.at("generationConfig.mediaResolution", told))


def _resolution(name: str) -> str:
    return f"`{name}`" if name else "left to the default"


def _add_validation(
    whole: Accumulator, places: Places, files: Sequence[DataFile], read: Sequence[int], facts: ModelFacts
) -> None:
    training = sum(places.examples(source) for source in read if not files[source].is_validation)
    for source in read:
        if files[source].is_validation:
            others = {files[other].format for other in read} - {files[source].format}
            if others:
                said = f"these are {METHODS[files[source].format]} examples, the training data are not"
                _add(whole, source, VALIDATION_FORMAT.at("", said))
            for flaw in validation_flaws(places.examples(source), training, facts):
                _add(whole, source, flaw)


def add_shared(
    whole: Accumulator, places: Places, files: Sequence[DataFile], shared: Sequence[Shared]
) -> None:
    """Add a flaw for each validation example that is in the training data too, or its prompt is.

    Args:
        whole: Where the flaws are added.
        places: Where the shards stand.
        files: The inputs, in order.
        shared: What the validation data share with the training data.
    """
    validation = next((source for source, file in enumerate(files) if file.is_validation), 0)
    for kind, _, count, pairs in shared:
        rule, said = SHARED[kind]
        for position, first in pairs:
            told = said.format(line=places.line(first), file=printable(files[first.source].name))
            whole.add_flaw(position, LAST, rule.at("", told))
        whole.count_more(rule.code, validation, count - len(pairs))


def validation_flaws(
    validation: int, training: int | None, facts: ModelFacts, path: str = ""
) -> Iterator[Flaw]:
    """Yield a flaw if there are more validation examples than a model takes; ``training`` examples if known."""
    limits = facts.validation_examples
    most, free, share = limits.get("most", inf), limits.get("free", inf), limits.get("share", inf)
    said = f"there are {validation:,} validation examples; "
    if validation > most:
        yield VALIDATION_TOO_LARGE.at(path, f"{said}the limit is {most:,}")
    elif training is not None and validation > max(free, share * training):
        said += f"more than {free:,} may be at most {share:.0%} of the {training:,} training examples"
        yield VALIDATION_TOO_LARGE.at(path, said)
