"""Judge any bytes as a file, and hold what must be true of every run.

``python -m tests.fuzz [CORPUS] [-max_total_time=SECONDS]`` runs it under atheris, guided by coverage, until
something fails; ``tests/test_fuzz.py`` runs it on what hypothesis makes.
"""

import sys
import tempfile
from collections.abc import Callable, Sequence
from functools import reduce
from itertools import pairwise
from pathlib import Path
from typing import Any
from unittest import mock

from tunestats import Report, check
from tunestats.accumulator import Accumulator
from tunestats.dataset import DataFile
from tunestats.engines import second_look, shard
from tunestats.engines.second_look import look_again
from tunestats.fingerprints import NO_KEY
from tunestats.formats import FORMATS
from tunestats.formats.plain import Decoded
from tunestats.render import RENDERERS, View
from tunestats.report import make_report
from tunestats.source import Shard, open_source
from tunestats.survey import Survey

__all__ = ["judge"]

MOST_CUTS = 3


class _NothingIsPlain:
    """Sends every line to the full checker."""

    def decode(self, joined: bytes, _: Survey, cut: Callable[[], Sequence[bytes]]) -> Decoded[Any]:
        assert joined.startswith(cut()[0])
        return self.decode_lines(cut())

    def decode_lines(self, lines: Sequence[bytes]) -> Decoded[Any]:
        return Decoded([None] * len(lines), [NO_KEY] * len(lines), 0)


SLOWLY = {name: steps._replace(plain=_NothingIsPlain()) for name, steps in FORMATS.items()}  # type: ignore[arg-type]


def judge(data: bytes, cuts: Sequence[int], path: Path) -> Report:
    """Check bytes in all ways, compare, and return the report.

    Args:
        data: The content of the file.
        cuts: Where shards begin; those that are not inside the content do not count.
        path: A file that is overwritten with the content.
    """
    path.write_bytes(data)
    report = check(path, max_findings=0)
    assert sum(report.counts.values()) == len(report.findings)
    for finding in report.findings:
        assert 0 <= finding.line <= data.count(b"\n") + 1
        assert 0 <= finding.example <= report.examples
        finding.message.encode()
    for renderer in RENDERERS.values():
        for text in renderer(View(report=report, color=False)):
            text.encode()
    with mock.patch.object(shard, "FORMATS", SLOWLY), mock.patch.object(second_look, "FORMATS", SLOWLY):
        assert check(path, max_findings=0) == report
    if report.files[0].lines:
        edges = [0, *sorted(set(cuts) & set(range(1, len(data)))), None]
        assert _in_shards(path, edges, report) == report
    return report


def _in_shards(path: Path, edges: Sequence[int | None], report: Report) -> Report:
    settings, source, format_name = report.settings, open_source(path), report.files[0].format
    pieces = [
        shard.run_shard(Shard(source, start or 0, stop), format_name, settings)
        for start, stop in pairwise(edges)
    ]
    # In the order that tells most: the last one first.
    state = reduce(Accumulator.merge, reversed(pieces), Accumulator(settings.max_findings))
    files = [DataFile(str(path), format_name)]
    candidates = look_again(state, [source], files, lambda tasks: [task(settings) for _, task in tasks])
    return make_report(state, candidates, files, settings)


def _one_input(data: bytes, path: Path) -> None:
    cuts, content = data[:MOST_CUTS], data[MOST_CUTS:]
    judge(content, [len(content) * cut // 256 for cut in cuts], path)


def main() -> None:
    """Let atheris look for bytes that break a law."""
    import atheris  # only here: it is no dependency of the tests

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "data.jsonl")
        atheris.instrument_all()
        atheris.Setup(sys.argv, lambda data: _one_input(data, path))
        atheris.Fuzz()


if __name__ == "__main__":
    main()
