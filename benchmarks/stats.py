"""Time ``check`` and ``stats`` against the floor, in the same run, and with several processes.

In: sizes and formats of generated data (``generate``).
Out: a table of MB/s, examples/s, CPU time, peak memory and the ratio to the floor; another of one process and
more, with wall time, the memory of all processes together, and whether they say the same.
Not here: comparisons with other tools.

The floor is what cannot be avoided: read blocks, split lines, parse each with orjson, forget it. Every
measurement is a fresh process; of ``--repeat`` runs the best counts, since machines are shared. Numbers of
examples must be equal before anything is printed. Times contain start-up; ``small`` is start-up alone, the
whole command on 100 lines.

``python -m benchmarks.stats --bytes 100e6 --stats-bytes 20e6``
``python -m benchmarks.stats --only-jobs --jobs 1,2 --bytes 500e6 --stats-bytes 100e6``
"""

import argparse
import json
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import NamedTuple

from benchmarks.generate import write_file
from benchmarks.memory import run_and_watch

FLOOR = """
import orjson
examples = 0
rest = b""
with open(path, "rb", buffering=0) as file:
    while block := file.read(1 << 18):
        lines = (rest + block).split(b"\\n")
        rest = lines.pop()
        for line in lines:
            try:
                orjson.loads(line)
            except orjson.JSONDecodeError:
                pass
        examples += len(lines)
"""
CHECK = """
from tunestats import check
examples = check(path, max_findings=100).examples
"""
STATS = """
from tunestats import stats
examples = stats(path, max_findings=100).report.examples
"""
JOBS = {
    "check": """
from tunestats import check
report = check(path, jobs={jobs}, max_findings=100)
answer = (report.files, report.findings, report.counts)
""",
    "stats": """
from tunestats import stats
made = stats(path, jobs={jobs}, max_findings=100)
report = made.report
answer = (report.files, report.findings, report.counts, made.to_json())
""",
}
ANSWER = """
import hashlib
examples = [report.examples, hashlib.sha256(repr(answer).encode()).hexdigest()]
"""
COMMAND = """
import runpy
sys.argv = ["tunestats", verb, path]
try:
    runpy.run_module("tunestats", run_name="__main__")
except SystemExit:
    pass
examples = 100
"""
HARNESS = """
import json, resource, sys, time
path = {path!r}
wall = time.perf_counter()
{body}
wall = time.perf_counter() - wall
usages = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
cpu = sum(usage.ru_utime + usage.ru_stime for usage in usages)
sys.stderr.write(json.dumps([wall, cpu, usages[0].ru_maxrss, examples]))
"""


class Measured(NamedTuple):
    """One measurement: seconds, peak memory in MiB, examples and what else must be equal."""

    wall: float
    cpu: float
    peak: float
    examples: int
    digest: str = ""


def measure(body: str, path: Path, repeat: int) -> Measured:
    """Run a body in fresh processes and return the one with the least CPU time."""
    runs = [_measure_once(body, path) for _ in range(repeat)]
    return min(runs, key=lambda run: run.cpu)


def _measure_once(body: str, path: Path) -> Measured:
    script = HARNESS.format(path=str(path), body=body)
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    wall, cpu, kibibytes, examples = json.loads(done.stderr.splitlines()[-1])
    return Measured(wall, cpu, kibibytes / 1024, examples)


def _measure_together(body: str, path: Path) -> Measured:
    """Measure a body whose children count too."""
    script = HARNESS.format(path=str(path), body=body)
    _, err, peak = run_and_watch([sys.executable, "-c", script])
    wall, cpu, _, (examples, digest) = json.loads(err.splitlines()[-1])
    return Measured(wall, cpu, peak, examples, digest)


def compare_jobs(path: Path, verb: str, jobs: list[int], repeat: int) -> None:
    """Print a table of numbers of processes on one file; of several runs the quickest counts."""
    size = path.stat().st_size / 1e6
    first: Measured | None = None
    for number in jobs:
        body = JOBS[verb].format(jobs=number) + ANSWER
        result = min((_measure_together(body, path) for _ in range(repeat)), key=lambda run: run.wall)
        first = first or result
        same = "identical" if result[3:] == first[3:] else "DIFFERENT"
        print(
            f"{size:>6,.0f} MB {verb:<6} {number:>4} {result.wall:>7.2f} {size / result.wall:>7.1f} "
            f"{result.cpu:>6.2f} {result.peak:>6.0f} {first.wall / result.wall:>6.2f} {same}"
        )


def compare(path: Path, tasks: dict[str, str], repeat: int) -> None:
    """Print a table of tasks on one file, the first of which is the floor."""
    size = path.stat().st_size / 1e6
    results = {name: measure(body, path, repeat) for name, body in tasks.items()}
    assert len({result.examples for result in results.values()}) == 1, results  # noqa: S101  or it is no comparison
    floor = next(iter(results.values()))
    for name, result in results.items():
        print(
            f"{path.stem:<18} {name:<6} {size / result.cpu:>7.1f} {result.examples / result.cpu:>10,.0f} "
            f"{result.cpu:>6.2f} {result.peak:>6.0f} {floor.cpu / result.cpu:>6.2f}"
        )


def main() -> None:
    """Generate data, measure, print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--bytes", type=lambda text: int(float(text)), default=100_000_000)
    parser.add_argument("--stats-bytes", type=lambda text: int(float(text)), default=20_000_000)
    parser.add_argument("--repeat", type=int, default=3)
    parser.add_argument(
        "--jobs", type=lambda text: [int(number) for number in text.split(",")], default=[1, 2]
    )
    parser.add_argument("--only-jobs", action="store_true")
    options = parser.parse_args()
    if not options.only_jobs:
        _compare_with_floor(options)
    with tempfile.TemporaryDirectory() as folder:
        print(
            f"{'':<9} {'task':<6} {'jobs':>4} {'wall s':>7} {'MB/s':>7} {'CPU s':>6} {'MiB':>6} {'ratio':>6}"
        )
        for verb, size in (("check", options.bytes), ("stats", options.stats_bytes)):
            path = Path(folder, f"{verb}.jsonl")
            write_file(path, size)
            compare_jobs(path, verb, options.jobs, options.repeat)


def _compare_with_floor(options: argparse.Namespace) -> None:
    with tempfile.TemporaryDirectory() as folder:
        print(f"{'data':<18} {'task':<6} {'MB/s':>7} {'examples/s':>10} {'CPU s':>6} {'MiB':>6} {'ratio':>6}")
        for kind in ("sft", "preference", "tools"):
            path = Path(folder, f"{kind}.jsonl")
            write_file(path, options.bytes, kind)
            compare(path, {"floor": FLOOR, "check": CHECK}, options.repeat)
        broken = Path(folder, "sft-5%-broken.jsonl")
        write_file(broken, options.bytes, broken=0.05)
        compare(broken, {"floor": FLOOR, "check": CHECK}, options.repeat)
        counted = Path(folder, "sft-counted.jsonl")
        write_file(counted, options.stats_bytes)
        compare(counted, {"floor": FLOOR, "stats": STATS}, options.repeat)
        small = Path(folder, "small.jsonl")
        small.write_bytes(b"".join(counted.open("rb").readlines()[:100]))
        for verb in ("check", "stats"):
            result = measure(f"verb = {verb!r}\n{COMMAND}", small, options.repeat)
            print(
                f"{'100 lines':<18} {verb:<6} wall {result.wall:.2f} s, interpreter's own start not included"
            )


if __name__ == "__main__":
    main()
