"""Time ``check`` and ``stats`` on files of growing size, with one process and more.

In: sizes of generated data, numbers of processes.
Out: a table of seconds, MB/s, CPU seconds, the peak memory of all processes together, how many times as fast as one
process, and whether what they say is the same to the byte.
Not here: other tools (``peers``).

Every run is a fresh process, start-up included; of ``--repeat`` runs the quickest counts. The *floor* parses each
line with orjson and forgets it.

``python -m benchmarks.growth --check-bytes 10e6,100e6,1e9 --stats-bytes 10e6,100e6 --jobs 1,2``; of ``stats`` alone:
``--check-bytes 0 --stats-bytes 100e6,1e9``
"""

import argparse
import sys
import tempfile
from pathlib import Path

from benchmarks.generate import write_file
from benchmarks.rows import ORJSON
from benchmarks.running import Usage, run_and_watch

CHECK_BYTES = (10_000_000, 100_000_000, 1_000_000_000)
STATS_BYTES = (10_000_000, 100_000_000)
JOBS = (1, 2)
CHECK = """
from tunestats import check
report = check(path, jobs=jobs, max_findings=100)
answer = (report.files, report.findings, report.counts)
"""
STATS = """
from tunestats import stats
made = stats(path, jobs=jobs, max_findings=100)
report = made.report
answer = (report.files, report.findings, report.counts, made.to_json())
"""
ANSWER = """
import hashlib
print(report.examples, hashlib.sha256(repr(answer).encode()).hexdigest())
"""
BODIES = {"floor": ORJSON, "check": CHECK + ANSWER, "stats": STATS + ANSWER}


def grow(verbs: dict[str, tuple[int, ...]], sizes: tuple[int, ...], repeat: int) -> None:
    """Print the rows of some verbs, each with its numbers of processes, on data of every size."""
    for size in sizes:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder, "sft.jsonl")
            write_file(path, size)
            for verb, jobs in verbs.items():
                usages = {number: _measure(verb, path, number, repeat) for number in jobs}
                for number, usage in usages.items():
                    _print_row(verb, path, number, usage, usages[jobs[0]])


def _measure(verb: str, path: Path, jobs: int, repeat: int) -> Usage:
    script = f"path, jobs = {str(path)!r}, {jobs}\n{BODIES[verb]}"
    runs = (run_and_watch([sys.executable, "-c", script]) for _ in range(repeat))
    return min(runs, key=lambda usage: usage.wall)


def _print_row(verb: str, path: Path, jobs: int, usage: Usage, first: Usage) -> None:
    size = path.stat().st_size / 1e6
    same = "identical" if usage.out == first.out else "DIFFERENT"
    print(
        f"{verb:<6} {size:>7,.0f} {jobs:>4} {usage.wall:>7.2f} {size / usage.wall:>7.1f} {usage.cpu:>7.2f} "
        f"{usage.peak:>6.0f} {first.wall / usage.wall:>6.2f}  {same}",
        flush=True,
    )


def print_growth(
    repeat: int,
    check_bytes: tuple[int, ...] = CHECK_BYTES,
    stats_bytes: tuple[int, ...] = STATS_BYTES,
    jobs: tuple[int, ...] = JOBS,
) -> None:
    """Print the table."""
    print(f"{'':<6} {'MB':>7} {'jobs':>4} {'wall s':>7} {'MB/s':>7} {'CPU s':>7} {'MiB':>6} {'ratio':>6}")
    grow({"floor": (1,), "check": jobs}, check_bytes, repeat)
    grow({"stats": jobs}, stats_bytes, repeat)


def _numbers(text: str) -> tuple[int, ...]:
    """Return sizes or numbers of processes; 0 alone leaves a table out."""
    return tuple(number for number in map(int, map(float, text.split(","))) if number)


def main() -> None:
    """Measure as the command line says."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--check-bytes", type=_numbers, default=CHECK_BYTES)
    parser.add_argument("--stats-bytes", type=_numbers, default=STATS_BYTES)
    parser.add_argument("--jobs", type=_numbers, default=JOBS)
    parser.add_argument("--repeat", type=int, default=3)
    options = parser.parse_args()
    print_growth(options.repeat, options.check_bytes, options.stats_bytes, options.jobs)


if __name__ == "__main__":
    main()
