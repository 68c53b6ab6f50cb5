"""Run all tasks in this process, one after the other.

In: tasks, such as shards to be read.
Out: what they return.
Not here: what happens in a task (``shard``, ``second_look``) or to its result (``engines``).
"""

from collections.abc import Callable, Generator, Iterable
from typing import TypeVar

from tunestats.settings import Settings

__all__ = ["Task", "run_serial"]

Result = TypeVar("Result")
# Can be pickled, as its result can.
Task = Callable[[Settings], Result]


def run_serial(tasks: Iterable[Task[Result]], settings: Settings) -> Generator[Result]:
    """Yield the result of each task; memory is that of one at a time."""
    for task in tasks:
        yield task(settings)
