"""Run a command and see what it and all its descendants take.

In: a command.
Out: what it printed; seconds, CPU seconds and the peak of their memory together, looked at every 20 ms.
Not here: which commands (``rows``, ``growth``).

Memory is PSS, read from /proc, so this needs Linux: pages that several processes share are counted once.
"""

import os
import subprocess
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from resource import RUSAGE_CHILDREN, getrusage
from threading import Thread
from typing import NamedTuple

__all__ = ["CommandError", "Usage", "compiling", "run_and_watch"]

PAUSE_SECONDS = 0.02


class CommandError(Exception):
    """A command failed; the text is the last line that it printed to standard error."""


class Usage(NamedTuple):
    """What a command printed and took: seconds of wall and of CPU, start-up included, and MiB."""

    out: str
    err: str
    wall: float
    cpu: float
    peak: float


def compiling() -> dict[str, str]:
    """Return the environment of commands, which keep their modules compiled."""
    return {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}


def run_and_watch(command: Sequence[str]) -> Usage:
    """Return what a command printed and took.

    Raises:
        CommandError: It failed.
    """
    peak = [0.0]
    cpu, wall = _cpu_of_children(), time.perf_counter()
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=compiling()
    ) as process:
        watcher = Thread(target=_watch, args=(process, peak))
        watcher.start()
        out, err = process.communicate()
        wall = time.perf_counter() - wall
        watcher.join()
    if process.returncode:
        raise CommandError((err.strip() or f"exit code {process.returncode}").splitlines()[-1])
    return Usage(out, err, wall, _cpu_of_children() - cpu, peak[0])


def _cpu_of_children() -> float:
    """Return the CPU seconds of all descendants that were waited for."""
    usage = getrusage(RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


def _watch(process: "subprocess.Popen[str]", peak: list[float]) -> None:
    while process.returncode is None:
        peak[0] = max(peak[0], sum(_memory(pid) for pid in _tree(process.pid)))
        time.sleep(PAUSE_SECONDS)


def _tree(pid: int) -> Iterator[int]:
    yield pid
    for children in Path(f"/proc/{pid}/task").glob("*/children"):
        try:
            pids = children.read_text().split()
        except OSError:  # it has ended
            continue
        for child in pids:
            yield from _tree(int(child))


def _memory(pid: int) -> float:
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) / 1024 for line in lines if line.startswith("Pss:")), 0)
