"""Run tasks in processes of their own, several at a time.

In: tasks, such as shards to be read, and the settings, which say how many processes.
Out: their results, in the order in which they get ready.
Not here: what a process does with a task (``worker``), whether it pays (``engines``).

The processes are plain children that speak pickle through pipes. Those of ``multiprocessing`` would import the
caller's main module once more, so that a script without ``if __name__ == "__main__"`` fails; its ``Pool`` waits
for ever when one of them is killed; ``ProcessPoolExecutor`` cannot stop before all running tasks are done.
A pipe that ends says everything: to the parent that a child died, to a child that its parent did.
"""

import os
import pickle
import signal
import subprocess
import sys
from collections.abc import Generator, Iterable, Iterator
from contextlib import contextmanager, suppress
from queue import SimpleQueue
from threading import Thread
from typing import IO, Any, Generic, TypeVar

from tunestats.engines.serial import Task
from tunestats.errors import WorkerError
from tunestats.settings import Settings

__all__ = ["run_processes"]

Result = TypeVar("Result")
START = "import sys; sys.path[:] = sys.argv[1:]; from tunestats.engines.worker import main; main()"


def run_processes(tasks: Iterable[Task[Result]], settings: Settings) -> Generator[Result]:
    """Yield the result of each task; at most two tasks or results for each job are held.

    Raises:
        WorkerError: A process died.
        TunestatsError: What stops a run in one process stops it here, with the same exception.
    """
    crew = _Crew[Result](settings)
    waiting = 0
    try:
        for task in tasks:
            crew.give(task)
            waiting += 1
            # One more for each process than it works on, so that none has to wait for the next.
            if waiting == 2 * settings.jobs:
                yield crew.take()
                waiting -= 1
        for _ in range(waiting):
            yield crew.take()
    finally:
        crew.stop()


class _Crew(Generic[Result]):
    """Processes, and for each a thread that waits for it."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.tasks: SimpleQueue[Task[Result] | None] = SimpleQueue()
        self.results: SimpleQueue[Result | Exception] = SimpleQueue()
        self.workers: list[tuple[_Worker, Thread]] = []

    def give(self, task: Task[Result]) -> None:
        """Let a process work on a task; start one more if there may be more."""
        self.tasks.put(task)
        if len(self.workers) < self.settings.jobs:
            with _interrupts_later():
                worker = _Worker()
                thread = Thread(target=self._serve, args=(worker,), daemon=True)
                self.workers.append((worker, thread))
                thread.start()

    def _serve(self, worker: "_Worker") -> None:
        news = [self.settings]
        while (task := self.tasks.get()) is not None:
            self.results.put(worker.ask(*news, task))
            news.clear()

    def take(self) -> Result:
        """Wait for the next result."""
        result = self.results.get()
        if isinstance(result, Exception):
            raise result
        return result

    def stop(self) -> None:
        """End all processes at once; they have nothing to tidy up."""
        for worker, _ in self.workers:
            worker.process.kill()
            self.tasks.put(None)
        for worker, thread in self.workers:
            thread.join()
            worker.close()


@contextmanager
def _interrupts_later() -> Iterator[None]:
    """Hold Ctrl-C back, for good in processes and threads that are started: the main thread alone stops a run."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


class _Worker:
    """One process."""

    def __init__(self) -> None:
        self.process = subprocess.Popen(  # noqa: S603
            # -P: a module of ours must not be taken from the current folder.
            [sys.executable, "-P", "-c", START, *filter(None, map(str, sys.path))],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            # numpy would start a thread for each core in each process.
            env={**os.environ, "OPENBLAS_NUM_THREADS": "1"},
            # What holds Ctrl-C back on Windows.
            creationflags=getattr(subprocess, "CREATE_NEW_PROCESS_GROUP", 0),
        )
        self._in: IO[bytes] = self.process.stdin  # type: ignore[assignment]
        self._out: IO[bytes] = self.process.stdout  # type: ignore[assignment]

    def ask(self, *values: object) -> Any:
        """Send values, wait, return the answer or why there is none."""
        try:
            for value in values:
                pickle.dump(value, self._in)
            self._in.flush()
            return pickle.load(self._out)  # noqa: S301  it comes from our own child
        except (EOFError, OSError, pickle.UnpicklingError):
            return WorkerError(_obituary(self.process.wait()))
        except MemoryError as error:
            return error

    def close(self) -> None:
        """Leave nothing open."""
        self.process.wait()
        for pipe in (self._in, self._out):
            with suppress(OSError):
                pipe.close()


def _obituary(code: int) -> str:
    if code == -getattr(signal, "SIGKILL", 0) < 0:  # which Windows does not have
        return "a worker process was killed, perhaps because memory ran out; run again with fewer jobs"
    return f"a worker process ended early ({code}); run again with one job"
