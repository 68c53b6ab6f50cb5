"""Several processes do what one does, and whatever happens to them ends in an answer or a clear error."""

import gzip
import io
import json
import os
import pickle
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

import pytest

import tunestats
from tunestats import engines
from tunestats.accumulator import Accumulator
from tunestats.engines import worker
from tunestats.engines.processes import run_processes
from tunestats.engines.serial import Task
from tunestats.engines.shard import run_shard
from tunestats.errors import SourceError, TunestatsError, VocabularyError, WorkerError
from tunestats.lines import iter_shards
from tunestats.rules import RULES
from tunestats.settings import Settings
from tunestats.source import open_source

Write = Callable[..., Path]
Started = list["subprocess.Popen[bytes]"]
GOOD = RULES["E301"].good
PAGES = [page for rule in RULES.values() for page in (rule.bad, rule.good) if page and "sft" in rule.formats]
TEXT = "\n".join([GOOD, "", *PAGES, " ", GOOD, *PAGES, "", ""])
PAIRS = "\n".join(page for rule in RULES.values() for page in (rule.bad, rule.good) if page)
DEEP = '{"a":' * 1000 + "1" + "}" * 1000
DEEP_LINE = GOOD.replace('{"text":"Hello"}', f'{{"functionCall":{{"name":"f","args":{DEEP}}}}}')
only_with_proc = pytest.mark.skipif(
    not Path("/proc/self/task").is_dir(), reason="who is whose child is read from /proc"
)


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> Iterator[Started]:
    """Return the list of all processes that are started; let even small files be cut and shared."""
    processes: Started = []

    class Popen(subprocess.Popen[bytes]):
        def __init__(self, *arguments: Any, **options: Any) -> None:
            super().__init__(*arguments, **options)
            processes.append(self)

    monkeypatch.setattr("subprocess.Popen", Popen)
    pays = {"check": 1, "stats": 1}
    with with_constants(PROCESSES_PAY_BYTES=pays, SHARD_BYTES=2000, HELD_SHARD_BYTES=2000):
        yield processes


@contextmanager
def with_constants(**constants: object) -> Iterator[None]:
    """Let the engines cut in other places."""
    with pytest.MonkeyPatch.context() as patch:
        for name, value in constants.items():
            patch.setattr(engines, name, value)
        yield


def tasks_of(path: Path, size: int) -> Iterator[Task[Accumulator]]:
    return (partial(run_shard, shard, "sft") for shard in iter_shards(open_source(path), size))


@pytest.mark.parametrize(("jobs", "size"), [(2, 300), (2, 5000), (3, 300), (3, 5000)])
@pytest.mark.parametrize("name", ["train.jsonl", "train.jsonl.gz"])
def test_check_says_the_same_with_any_number_of_processes(
    write: Write, started: Started, name: str, size: int, jobs: int
) -> None:
    data = TEXT.encode("utf-8", "surrogateescape")
    paths = [write(data if name.endswith("l") else gzip.compress(data), name), write(PAIRS, "pairs.jsonl")]
    alone = tunestats.check(paths, max_findings=7)
    with with_constants(SHARD_BYTES=size, HELD_SHARD_BYTES=size):
        assert tunestats.check(paths, max_findings=7, jobs=jobs) == alone
    # As many once more, if there is anything to look at again.
    assert jobs <= len(started) <= 2 * jobs
    assert len(alone.counts) > 30


@pytest.mark.parametrize("jobs", [2, 3])
def test_stats_are_the_same_with_any_number_of_processes(write: Write, started: Started, jobs: int) -> None:
    path = write(TEXT)
    alone, shared = (tunestats.stats(path, per_example=True, jobs=number) for number in (1, jobs))
    assert shared.report == alone.report
    assert shared.to_json() == alone.to_json()
    assert shared.per_example().equals(alone.per_example())
    assert shared.report.tokenizer is not None
    assert shared.report.tokenizer.exact
    # As many once more, if there is anything to look at again.
    assert jobs <= len(started) <= 2 * jobs


def test_standard_input_is_shared(write: Write, monkeypatch: pytest.MonkeyPatch, started: Started) -> None:
    class Stdin:
        buffer = io.BytesIO(TEXT.encode("utf-8", "surrogateescape"))

    monkeypatch.setattr(sys, "stdin", Stdin)
    report = tunestats.check("-", jobs=2)
    assert report.counts == tunestats.check(write(TEXT)).counts
    assert len(started) == 2


def test_progress_is_that_of_all_processes(write: Write, started: Started) -> None:
    path = write(TEXT)
    seen: list[tunestats.Progress] = []
    report = tunestats.check(path, jobs=2, progress=seen.append)
    assert (seen[-1].bytes, seen[-1].examples) == (path.stat().st_size, report.examples)
    assert seen == sorted(seen)
    assert len(seen) > len(started) >= 2


@pytest.mark.parametrize(
    ("pays", "jobs", "expected"),
    [(1 << 30, 2, 0), (1, 1, 0), (1, 9, 3)],
    ids=["small", "one job", "many jobs"],
)
def test_no_more_processes_than_there_is_work_for(
    write: Write, started: Started, pays: int, jobs: int, expected: int
) -> None:
    with with_constants(PROCESSES_PAY_BYTES={"check": pays}):
        assert tunestats.check(write("x" * 5999), jobs=jobs).counts == {"E101": 1}
    assert len(started) == expected


def test_a_packed_program_does_not_start_itself(
    write: Write, monkeypatch: pytest.MonkeyPatch, started: Started
) -> None:
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    assert tunestats.check(write(TEXT), jobs=0).examples
    assert started == []


def test_zero_jobs_are_the_available_cores(
    write: Write, monkeypatch: pytest.MonkeyPatch, started: Started
) -> None:
    monkeypatch.setattr(engines, "_available_cores", lambda: 2)
    assert tunestats.check(write(TEXT), jobs=0).examples
    assert 2 <= len(started) <= 4


def test_little_is_held_while_results_wait(write: Write, started: Started) -> None:
    given = taken = 0

    def tasks() -> Iterator[Task[Accumulator]]:
        nonlocal given
        for task in tasks_of(write(TEXT), 500):
            given += 1
            assert given - taken <= 2 * 2
            yield task

    for _ in run_processes(tasks(), Settings(jobs=2)):
        taken += 1
    assert given == taken > 10
    assert [process.poll() is not None for process in started] == [True, True]


def test_a_run_that_is_not_wanted_any_more_leaves_nothing(write: Write, started: Started) -> None:
    run = run_processes(tasks_of(write(TEXT), 500), Settings(jobs=2))
    next(run)
    run.close()
    assert [process.returncode for process in started] == [-signal.SIGKILL] * 2


def test_deep_values_come_through(write: Write, started: Started) -> None:
    path = write(f"{DEEP_LINE}\n{GOOD}\n")
    assert DEEP_LINE != GOOD
    assert [len(tunestats.stats(path, jobs=jobs).report.samples) for jobs in (1, 2)] == [2, 2]
    assert started


@pytest.mark.parametrize("verb", [tunestats.check, tunestats.stats])
def test_a_missing_vocabulary_is_what_it_is(
    verb: Callable[..., object], write: Write, started: Started
) -> None:
    with pytest.raises(VocabularyError, match=r"`none\.model` cannot be read"):
        verb(write(TEXT), tokenizer="none.model", jobs=2)
    assert started


def test_a_file_that_is_changed_is_what_it_is(write: Write, started: Started) -> None:
    path = write(TEXT)
    with pytest.raises(SourceError, match=r"was changed while it was read \(.*\); try again"):
        tunestats.check(path, jobs=2, progress=lambda _: path.write_text(GOOD))
    assert started


@pytest.mark.parametrize(
    "error",
    [VocabularyError("not there"), SourceError("no such file"), MemoryError(), KeyError("a bug")],
    ids=lambda error: type(error).__name__,
)
def test_what_a_task_raises_is_an_answer(error: Exception) -> None:
    def fail(_: Settings) -> None:
        raise error

    answer = pickle.loads(worker._result(fail, Settings()))  # noqa: S301
    assert (type(answer), answer.args) == (type(error), error.args)
    # Where in our own code a bug is must not be lost on the way.
    assert any("in fail" in note for note in getattr(answer, "__notes__", [])) is isinstance(error, KeyError)


@pytest.mark.parametrize(
    ("number", "said"),
    [
        (signal.SIGKILL, "was killed, perhaps because memory ran out; run again with fewer jobs"),
        (signal.SIGTERM, "ended early (-15); run again with one job"),
    ],
    ids=["SIGKILL", "SIGTERM"],
)
def test_a_worker_that_dies_is_an_error(
    write: Write, started: Started, number: signal.Signals, said: str
) -> None:
    def kill(_: object) -> None:
        for process in started:
            process.send_signal(number)

    with pytest.raises(WorkerError) as caught:
        tunestats.check(write(TEXT * 50), jobs=2, progress=kill)
    assert str(caught.value) == f"a worker process {said}"
    assert isinstance(caught.value, TunestatsError)
    assert None not in [process.returncode for process in started]


SCRIPT = """
import tunestats
from tunestats import engines

engines.PROCESSES_PAY_BYTES = {"check": 1}
engines.SHARD_BYTES = 2000
print(tunestats.check("train.jsonl", jobs=2).examples)
"""


def test_a_script_needs_no_guard(write: Write, tmp_path: Path) -> None:
    path = write(TEXT)
    write("raise SystemExit('this is not the pickle we want')", "pickle.py")
    script = tmp_path / "elsewhere" / "script.py"
    script.parent.mkdir()
    script.write_text(SCRIPT)
    done = subprocess.run(
        [sys.executable, str(script)], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert (done.stdout, done.stderr) == (f"{tunestats.check(path).examples}\n", "")


class Running:
    """The command, which reads from a pipe that is still open, with its two workers."""

    def __init__(self) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tunestats", "check", "-", "--jobs", "2"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        assert self.process.stdin is not None
        line = f"{GOOD}\n".encode()
        self.process.stdin.write(line * (3 * engines.PROCESSES_PAY_BYTES["check"] // 2 // len(line)))
        self.process.stdin.flush()
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children")
        while len(workers := children.read_text().split()) < 2:
            time.sleep(0.01)
        self.workers = [int(worker) for worker in workers]

    def end(self) -> tuple[int, bytes, bytes]:
        """Close the pipe; return exit code and what was printed."""
        out, err = self.process.communicate()
        return self.process.returncode, out, err

    def wait_for_workers(self) -> None:
        """Return when all workers are gone."""
        while any(_is_alive(worker) for worker in self.workers):
            time.sleep(0.01)


def _is_alive(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return False
    # Where nobody inherits orphans, they stay as zombies.
    return state not in "ZX"


@only_with_proc
def test_a_killed_worker_ends_the_command() -> None:
    running = Running()
    os.kill(running.workers[0], signal.SIGKILL)
    code, out, err = running.end()
    assert (code, out) == (2, b"")
    assert err == (
        b"tunestats: a worker process was killed, perhaps because memory ran out; run again with fewer jobs\n"
    )
    running.wait_for_workers()


@only_with_proc
@pytest.mark.parametrize("busy", [False, True], ids=["while it reads", "while its workers are busy"])
def test_an_interrupt_ends_the_command_and_its_workers(busy: bool) -> None:  # noqa: FBT001
    running = Running()
    if busy:
        # Who is stopped never answers, so that the command waits for ever.
        for pid in running.workers:
            os.kill(pid, signal.SIGSTOP)
        assert running.process.stdin is not None
        running.process.stdin.close()
        running.process.stdin = None
    running.process.send_signal(signal.SIGINT)
    assert running.process.wait() == 2
    assert running.end() == (2, b"", b"\ntunestats: interrupted\n")
    running.wait_for_workers()


@only_with_proc
def test_workers_do_not_outlive_the_command() -> None:
    running = Running()
    running.process.kill()
    assert running.end()[2] == b""
    running.wait_for_workers()


def test_jobs_are_an_option(write: Write, tunestats: Callable[..., Any]) -> None:
    path = str(write(TEXT))
    answers = [
        tunestats("check", path, "--output-format", "json", *more).stdout for more in ([], ["--jobs", "2"])
    ]
    assert answers[0] == answers[1]
    assert json.loads(answers[0])["summary"]["examples"]
    refused = tunestats("stats", path, "--jobs", "-1")
    assert refused.exit_code == 2
    assert "--jobs" in refused.stderr
