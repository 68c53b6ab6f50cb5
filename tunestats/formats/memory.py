"""Remember what came of values that many lines write alike.

In: JSON as it is written.
Out: what some work made of it; the work is done once.
Not here: the work.

Lines of one file declare the same functions and want the same settings. Data that never repeat must not grow
memory: little is kept, and all of it forgotten when it becomes too much.
"""

from collections.abc import Callable
from typing import Generic, TypeVar

__all__ = ["Memory"]

MAX_VALUE_BYTES, MAX_BYTES, MAX_VALUES = 1 << 16, 1 << 20, 1 << 12
Result = TypeVar("Result")


class Memory(Generic[Result]):
    """Results by what they were made of.

    >>> sizes = Memory(len)
    >>> sizes.of(b"[1]"), sizes.of(b"[1]"), list(sizes.known)
    (3, 3, [b'[1]'])
    """

    def __init__(self, work: Callable[[bytes], Result]) -> None:
        self.work = work
        self.known: dict[bytes, Result] = {}
        self.size = 0

    def of(self, written: bytes) -> Result:
        """Return the result of the work on some JSON."""
        known = self.known
        if written in known:
            return known[written]
        result = self.work(written)
        if len(written) <= MAX_VALUE_BYTES:
            if self.size + len(written) > MAX_BYTES or len(known) >= MAX_VALUES:
                # Not emptied but replaced: another thread may be looking something up.
                self.known, self.size = {}, 0
            self.known[written] = result
            self.size += len(written)
        return result
