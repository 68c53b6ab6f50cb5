"""Run ``check`` and ``stats`` side by side with what others offer, on the same generated data.

In: sizes.
Out: two tables of MB/s of what was read, CPU seconds, peak memory of all processes, and how many times our CPU
seconds each takes, with what each peer leaves out; with ``--growth`` the tables of ``growth``, too.
Not here: who the peers are (``rows``), tokenizers alone (``tokenizers``).

Every run is a fresh process, start-up and loading included; peers take turns, and of ``--repeat`` runs (``stats``:
one) the one with the least CPU time counts. Peers that ask for ``messages`` read the same examples in that shape
(*chat*), which has fewer bytes. Before a line is printed the numbers of examples must be equal, and those of tokens
where the vocabulary is Gemma's. A peer that cannot be installed or run says so.

``python -m benchmarks.peers --bytes 100e6``; of ``stats`` two peers alone: ``--bytes 0 --stats-bytes 100e6 --only
o200k,sentencepiece``
"""

import argparse
import re
import tempfile
from collections.abc import Iterable, Sequence
from itertools import islice
from pathlib import Path

from benchmarks.environments import EnvironmentMissingError, python_with
from benchmarks.generate import iter_lines, write_file
from benchmarks.growth import print_growth
from benchmarks.rows import CHAT_SCHEMA, CHECKERS, COUNTERS, Peer
from benchmarks.running import CommandError, Usage, run_and_watch
from benchmarks.tokenizers import GENAI_CACHE, MODEL

HEADER = f"{'':<26} {'data':<4} {'MB/s':>7} {'CPU s':>7} {'MiB':>6} {'ratio':>6}  leaves out"


def numbers_in(text: str) -> list[int]:
    """Return the whole numbers in a text, with or without thousands separators.

    >>> numbers_in('{"lines": 2630, "bad": 0}; 131,578 examples')
    [2630, 0, 131578]
    """
    return [int(number.replace(",", "")) for number in re.findall(r"\d+(?:,\d{3})*(?!\d)", text)]


def command_of(peer: Peer, path: Path) -> list[str]:
    """Return the command that runs a peer on a file.

    Raises:
        EnvironmentMissingError: It cannot be installed.
    """
    python = python_with(peer.requirements, peer.python_minor)
    if peer.script:
        known = f"path, model, cache = {str(path)!r}, {str(MODEL)!r}, {GENAI_CACHE!r}\n"
        return [python, "-c", known + peer.script]
    places = {"path": path, "bin": Path(python).parent, "schema": path.parent / "schema.json"}
    return [python, *(argument.format(**places) for argument in peer.arguments)]


def chosen(peers: Sequence[Peer], words: Sequence[str]) -> list[Peer]:
    """Return ours and the peers in whose names one of some words is."""
    ours, *others = peers
    return [ours, *(peer for peer in others if any(word in peer.name for word in words))]


def measure(peers: Iterable[Peer], paths: dict[str, Path], repeat: int) -> dict[Peer, Usage | Exception]:
    """Return each peer's run with the least CPU time, or why there is none; peers take turns."""
    best: dict[Peer, Usage | Exception] = {}
    for _ in range(repeat):
        for peer in peers:
            try:
                usage = run_and_watch(command_of(peer, paths[peer.format_name]))
            except (EnvironmentMissingError, CommandError) as error:
                best[peer] = error
                continue
            known = best.get(peer)
            best[peer] = min(known, usage, key=lambda run: run.cpu) if isinstance(known, Usage) else usage
    return best


def compare(peers: Iterable[Peer], paths: dict[str, Path], examples: int, repeat: int) -> None:
    """Print a table, the first row of which is ours."""
    results = measure(peers, paths, repeat)
    ours = next(iter(results.values()))
    assert isinstance(ours, Usage), ours  # noqa: S101  or there is nothing to compare with
    print(HEADER)
    for peer, usage in results.items():
        start = f"{peer.name:<26} {peer.format_name:<4}"
        if isinstance(usage, Exception):
            print(f"{start} not measured: {str(usage)[:90]}")
            continue
        assert examples in numbers_in(usage.out + usage.err), f"{peer.name} missed some of {examples}"  # noqa: S101
        assert not peer.same_tokens or usage.out == ours.out, f"{peer.name}: {usage.out}"  # noqa: S101
        speed = paths[peer.format_name].stat().st_size / 1e6 / usage.cpu
        print(
            f"{start} {speed:>7.1f} {usage.cpu:>7.2f} {usage.peak:>6.0f} {usage.cpu / ours.cpu:>6.2f}  "
            f"{peer.leaves_out}".rstrip()
        )


def compare_on(folder: Path, size: int, peers: Iterable[Peer], repeat: int) -> None:
    """Generate data of a size and their twin in chat format; print the table."""
    paths = {name: folder / f"{name}.jsonl" for name in ("sft", "chat")}
    examples = write_file(paths["sft"], size)
    with paths["chat"].open("w", encoding="utf-8", newline="\n") as file:
        file.writelines(f"{line}\n" for line in islice(iter_lines("chat"), examples))
    sizes = " and ".join(f"{path.stat().st_size / 1e6:.0f} MB {name}" for name, path in paths.items())
    print(f"\n{examples:,} examples, {sizes}")
    compare(peers, paths, examples, repeat)


def main() -> None:
    """Generate, measure, print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--bytes", type=lambda text: int(float(text)), default=100_000_000)
    parser.add_argument("--stats-bytes", type=lambda text: int(float(text)), default=20_000_000)
    parser.add_argument("--only", type=lambda text: text.split(","), default=[""], metavar="WORDS")
    parser.add_argument("--repeat", type=int, default=3)
    parser.add_argument("--growth", action="store_true")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "schema.json").write_text(CHAT_SCHEMA)
        tables = (options.bytes, CHECKERS, options.repeat), (options.stats_bytes, COUNTERS, 1)
        for size, peers, repeat in tables:
            if size:
                compare_on(folder, size, chosen(peers, options.only), repeat)
    if options.growth:
        print()
        print_growth(options.repeat)


if __name__ == "__main__":
    main()
