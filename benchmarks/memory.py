"""Run a command and look how much memory it and its children take together.

In: a command.
Out: what it printed, and the peak in MiB, looked at every 20 ms.
Not here: times (``stats``).

Memory is PSS, read from /proc, so this needs Linux: pages that several processes share are counted once.
"""

import subprocess
import time
from collections.abc import Sequence
from pathlib import Path
from threading import Thread

__all__ = ["run_and_watch"]

PAUSE_SECONDS = 0.02


def run_and_watch(command: Sequence[str]) -> tuple[str, str, float]:
    """Return standard output, standard error and the peak in MiB of all processes together."""
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        peak = [0.0]
        watcher = Thread(target=_watch, args=(process, peak))
        watcher.start()
        out, err = process.communicate()
        watcher.join()
    if process.returncode:
        raise RuntimeError(err)
    return out, err, peak[0]


def _watch(process: "subprocess.Popen[str]", peak: list[float]) -> None:
    while process.returncode is None:
        peak[0] = max(peak[0], sum(_memory(pid) for pid in (process.pid, *_children(process.pid))))
        time.sleep(PAUSE_SECONDS)


def _children(pid: int) -> list[int]:
    try:
        return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    except OSError:
        return []


def _memory(pid: int) -> float:
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) / 1024 for line in lines if line.startswith("Pss:")), 0)
