"""Time ``check`` and ``stats`` against the floor, in the same run.

In: sizes and formats of generated data (``generate``).
Out: a table of MB/s, examples/s, CPU time, peak memory and the ratio to the floor.
Not here: other tools (``peers``), several processes (``growth``).

The floor is what cannot be avoided: read blocks, split lines, parse each with orjson, forget it. Every
measurement is a fresh process; of ``--repeat`` runs the best counts, since machines are shared. Numbers of
examples must be equal before anything is printed. Times contain start-up, with modules compiled as they are after
an installation; ``small`` is start-up alone, the whole command on 100 lines.

``python -m benchmarks.stats --bytes 100e6 --stats-bytes 20e6``
"""

import argparse
import json
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import NamedTuple

from benchmarks.generate import write_file
from benchmarks.running import compiling

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
    """One measurement: seconds, peak memory in MiB, examples."""

    wall: float
    cpu: float
    peak: float
    examples: int


def measure(body: str, path: Path, repeat: int) -> Measured:
    """Run a body in fresh processes and return the one with the least CPU time."""
    runs = [_measure_once(body, path) for _ in range(repeat)]
    return min(runs, key=lambda run: run.cpu)


def _measure_once(body: str, path: Path) -> Measured:
    script = HARNESS.format(path=str(path), body=body)
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True, env=compiling()
    )
    wall, cpu, kibibytes, examples = json.loads(done.stderr.splitlines()[-1])
    return Measured(wall, cpu, kibibytes / 1024, examples)


def compare(path: Path, tasks: dict[str, str], repeat: int) -> None:
    """Print a table of tasks on one file, the first of which is the floor."""
    size = path.stat().st_size / 1e6
    results = {name: measure(body, path, repeat) for name, body in tasks.items()}
    assert len({result.examples for result in results.values()}) == 1, results  # noqa: S101  or it is no comparison
    floor = next(iter(results.values()))
    for name, result in results.items():
        print(
            f"{path.stem:<18} {name:<14} {size / result.cpu:>7.1f} {result.examples / result.cpu:>10,.0f} "
            f"{result.cpu:>6.2f} {result.peak:>6.0f} {floor.cpu / result.cpu:>6.2f}"
        )


def main() -> None:
    """Generate data, measure, print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--bytes", type=lambda text: int(float(text)), default=100_000_000)
    parser.add_argument("--stats-bytes", type=lambda text: int(float(text)), default=20_000_000)
    parser.add_argument("--repeat", type=int, default=3)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        print(
            f"{'data':<18} {'task':<14} {'MB/s':>7} {'examples/s':>10} {'CPU s':>6} {'MiB':>6} {'ratio':>6}"
        )
        for kind in ("sft", "preference", "tools", "media"):
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
