"""Time ``stats`` against other ways to count the tokens of a tuning file, in the same run.

In: a JSONL file of supervised text; without one, generated data (``generate``).
Out: a table of MB/s of JSONL, CPU seconds, peak memory and how many times as long as ours each takes.
Not here: tokenizers alone (``tokenizers``), the floor of ``check`` (``stats``).

Each peer is what somebody would write to know the tokens of every example, in a fresh process, start-up and loading
included; of ``--repeat`` runs the one with the least CPU time counts. Ours does more: it checks every line and makes
the whole document. Examples must be equal, and tokens where the vocabulary is Gemma's. A peer that is not installed
says so.

``python -m benchmarks.peers --bytes 60e6``, measured 2026-11-23 on two busy Xeon cores with CPython 3.11: json with
tiktoken's o200k 1.05 times our CPU time, with sentencepiece 6.5 times, with LocalTokenizer 9.4 times.
"""

import argparse
import json
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import NamedTuple

from benchmarks.generate import write_file
from benchmarks.tokenizers import GENAI_CACHE, LOAD, MODEL

OURS = """
import tunestats
statistics = tunestats.stats(path)
examples = statistics.report.examples
document = statistics.to_api()["supervisedTuningDataStats"]
tokens = sum(int(document[f"user{side}TokenDistribution"]["sum"]) for side in ("Input", "Output"))
"""
FLOOR = """
import orjson
tokens = 0
examples = sum(orjson.loads(line) is not None for line in open(path, "rb"))
"""
TEXTS = """
def texts_of(line):
    example = json.loads(line)
    messages = [example["systemInstruction"]] if "systemInstruction" in example else []
    return [part["text"] for message in messages + example["contents"] for part in message["parts"]]
"""
LOOP = """
per_example = [count(texts_of(line)) for line in open(path, encoding="utf-8")]
examples, tokens = len(per_example), sum(per_example)
"""
HARNESS = """
import json, resource, sys, time
path, model, cache = {path!r}, {model!r}, {cache!r}
{body}
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
print(json.dumps([examples, tokens, time.process_time(), peak]))
"""
OTHER_VOCABULARY = ("orjson floor", "json + tiktoken o200k")
PEERS = {
    "ours": OURS,
    "orjson floor": FLOOR,
    "json + tiktoken o200k": LOAD["tiktoken o200k"] + TEXTS + LOOP,
    "json + sentencepiece": LOAD["sentencepiece"] + TEXTS + LOOP,
    "json + LocalTokenizer": LOAD["LocalTokenizer"] + TEXTS + LOOP,
}


class Measured(NamedTuple):
    """One measurement: examples, tokens, CPU seconds, and peak memory in MiB."""

    examples: int
    tokens: int
    cpu: float
    peak: float


def measure(body: str, path: Path, repeat: int) -> Measured | str:
    """Run a body in fresh processes; return the run with the least CPU time, or why there is none."""
    script = HARNESS.format(path=str(path), model=str(MODEL), cache=GENAI_CACHE, body=body)
    runs: list[Measured] = []
    for _ in range(repeat):
        done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)
        if done.returncode:
            return done.stderr.strip().splitlines()[-1][:80]
        runs.append(Measured(*json.loads(done.stdout)))
    return min(runs, key=lambda run: run.cpu)


def compare(path: Path, repeat: int) -> None:
    """Print the table for one file."""
    results = {name: measure(body, path, repeat) for name, body in PEERS.items()}
    ours = results["ours"]
    assert isinstance(ours, Measured), ours  # noqa: S101  or there is nothing to compare with
    size = path.stat().st_size / 1e6
    print(f"{size:.0f} MB, {ours.examples:,} examples")
    print(f"{'way':<22} {'MB/s':>7} {'CPU s':>7} {'MiB':>5} {'ratio':>6} {'tokens':>12}")
    for name, result in results.items():
        if isinstance(result, str):
            print(f"{name:<22} not measured: {result}")
            continue
        assert result.examples == ours.examples, name  # noqa: S101
        assert name in OTHER_VOCABULARY or result.tokens == ours.tokens, name  # noqa: S101
        print(
            f"{name:<22} {size / result.cpu:>7.1f} {result.cpu:>7.2f} {result.peak:>5.0f} "
            f"{result.cpu / ours.cpu:>6.2f} {result.tokens:>12,}"
        )


def main() -> None:
    """Generate data unless there are some, measure, print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("file", nargs="?", type=Path)
    parser.add_argument("--bytes", type=lambda text: int(float(text)), default=60_000_000)
    parser.add_argument("--repeat", type=int, default=1)
    options = parser.parse_args()
    if options.file:
        compare(options.file, options.repeat)
        return
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "sft.jsonl")
        write_file(path, options.bytes)
        compare(path, options.repeat)


if __name__ == "__main__":
    main()
