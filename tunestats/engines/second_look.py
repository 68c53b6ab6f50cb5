"""Look again at the examples that may repeat others.

In: what all shards of a run hold.
Out: ``Candidates`` with their fingerprints.
Not here: which examples are candidates (``candidates``), who runs the tasks (``engines``), what fingerprints show
(``duplicates``).

Few examples have the key of another one, so this reads a small part of the data. Shards that fingerprinted all
their examples at once are not read again.
"""

from array import array
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from functools import partial

from tunestats.accumulator import Accumulator
from tunestats.candidates import Candidates, repeated_keys
from tunestats.dataset import DataFile
from tunestats.engines.serial import Task
from tunestats.findings import Flaws
from tunestats.fingerprints import FINGERPRINT_BYTES, NO_FINGERPRINT, fingerprint, transcript
from tunestats.formats import FORMATS
from tunestats.lines import BLOCK_BYTES, iter_lines_at
from tunestats.parsing import parse_line
from tunestats.row_store import RowStore
from tunestats.settings import Settings
from tunestats.source import Shard, Source

__all__ = ["look_again"]

# About how many bytes a task reads, and the task.
SizedTask = tuple[int, Task[RowStore]]


def look_again(
    state: Accumulator,
    sources: Sequence[Source],
    files: Sequence[DataFile],
    run: Callable[[Iterator[SizedTask]], Iterable[RowStore]],
) -> Candidates:
    """Return the candidates of all files.

    Args:
        state: What all shards hold.
        sources: The inputs, in order.
        files: What is known of each of them.
        run: Runs tasks, each of which comes with about how many bytes it reads.

    Raises:
        SourceError: The content cannot be read once more.
    """
    candidates = _candidates(state, files)
    for found in run(_tasks(candidates, state, sources, files)):
        candidates.fingerprints.merge(found)
    return candidates


def _candidates(state: Accumulator, files: Sequence[DataFile]) -> Candidates:
    """Return the candidates, with the fingerprints that are known already."""
    sources = range(len(files))
    # Only validation data are compared with other files.
    groups = [sources] if any(file.is_validation for file in files) else [[source] for source in sources]
    candidates = Candidates({})
    for group in groups:
        shards = [shard for shard in state.keys.shards() if shard[0] in group]
        candidates.indices |= repeated_keys(state.keys, shards)
    for shard in state.fingerprints.shards():
        for rows in state.fingerprints.chosen(shard, candidates.indices.get(shard, ())):
            candidates.fingerprints.add(shard, rows)
    return candidates


def _tasks(
    candidates: Candidates, state: Accumulator, sources: Sequence[Source], files: Sequence[DataFile]
) -> Iterator[SizedTask]:
    """Yield tasks that find the missing fingerprints."""
    for shard in sorted(candidates.indices.keys() - set(state.fingerprints.shards())):
        source, start = shard
        indices, tally = candidates.indices[shard], state.tallies[shard]
        offsets = array("Q", b"".join(state.keys.chosen(shard, indices)))[1::2]
        piece = Shard(replace(sources[source], head=b""), start)
        size = tally.bytes * len(indices) // tally.examples
        yield size, partial(_look_at_lines, piece, files[source].format, offsets)


def _look_at_lines(shard: Shard, format_name: str, offsets: Sequence[int], _settings: Settings) -> RowStore:
    """Return the fingerprints of the lines at ascending offsets of a shard's source."""
    found = RowStore(FINGERPRINT_BYTES)
    key = (shard.source.index, shard.start)
    with shard.open() as stream:
        lines: list[bytes] = []
        size = 0
        for line in iter_lines_at(stream, offsets):
            lines.append(line)
            size += len(line)
            if size > BLOCK_BYTES:
                found.add(key, _fingerprints(lines, format_name))
                lines, size = [], 0
        found.add(key, _fingerprints(lines, format_name))
    return found


def _fingerprints(lines: Sequence[bytes], format_name: str) -> bytes:
    examples = FORMATS[format_name].plain.decode_lines(lines).examples
    return b"".join(
        [
            fingerprint(raw, example.transcript()) if example is not None else _of_other(raw, format_name)
            for raw, example in zip(lines, examples, strict=True)
        ]
    )


def _of_other(raw: bytes, format_name: str) -> bytes:
    """Return the fingerprint of a line that is not plain."""
    value = parse_line(raw, Flaws())
    # It was an object when it was read first; whoever changed the file will be told.
    return (
        fingerprint(raw, transcript(FORMATS[format_name].read(value)))
        if value is not None
        else NO_FINGERPRINT
    )
