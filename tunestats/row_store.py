"""Keep rows of bytes, very many of them.

In: rows of one width, shard by shard.
Out: ``RowStore``, which gives them back in order.
Not here: what the rows say (``fingerprints``, ``candidates``).

Memory is bounded: rows beyond ``HELD_BYTES`` wait in a temporary file.
"""

import tempfile
import weakref
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from typing import IO, Any

__all__ = ["RowStore", "ShardKey"]

ShardKey = tuple[int, int]
HELD_BYTES = 1 << 25
CHUNK_BYTES = 1 << 19


class RowStore:
    """Rows of ``width`` bytes for each of some shards, which are known by source and start."""

    def __init__(self, width: int) -> None:
        self.width = width
        self._held: dict[ShardKey, bytearray] = {}
        self._held_bytes = 0
        self._file: IO[bytes] | None = None
        # Where in the file rows of a shard stand, and how many bytes; they come before those that are held.
        self._written: dict[ShardKey, list[tuple[int, int]]] = {}

    def add(self, shard: ShardKey, rows: bytes) -> None:
        """Add the next rows of a shard."""
        self._held.setdefault(shard, bytearray()).extend(rows)
        self._held_bytes += len(rows)
        if self._held_bytes > HELD_BYTES:
            self._write()

    def clear(self, shard: ShardKey, index: int) -> None:
        """Put zeros into a row, from 0, of a shard."""
        at, nothing = index * self.width, bytes(self.width)
        for offset, length in self._written.get(shard, ()):
            if at < length:
                file = self._file_open()
                file.seek(offset + at)
                file.write(nothing)
                return
            at -= length
        self._held[shard][at : at + self.width] = nothing

    def merge(self, other: "RowStore") -> None:
        """Add the rows of other shards."""
        for shard in other.shards():
            for rows in other.rows(shard):
                self.add(shard, rows)

    def shards(self) -> list[ShardKey]:
        """Return the shards that have rows, in file order."""
        return sorted(self._held.keys() | self._written.keys())

    def count(self, shards: Iterable[ShardKey]) -> int:
        """Return how many rows some shards have."""
        return sum(map(self._bytes, shards)) // self.width

    def _bytes(self, shard: ShardKey) -> int:
        written = sum(length for _, length in self._written.get(shard, ()))
        return written + len(self._held.get(shard, b""))

    def rows(self, shard: ShardKey) -> Iterator[bytes]:
        """Yield the rows of a shard in order, many at a time."""
        step = CHUNK_BYTES // self.width * self.width
        for offset, length in self._written.get(shard, ()):
            for start in range(0, length, step):
                file = self._file_open()
                file.seek(offset + start)
                yield file.read(min(step, length - start))
        held = self._held.get(shard, bytearray())
        for start in range(0, len(held), step):
            yield bytes(held[start : start + step])

    def chosen(self, shard: ShardKey, indices: Sequence[int]) -> Iterator[bytes]:
        """Yield some rows of a shard, by their ascending indices from 0, many at a time."""
        first = done = 0
        for rows in self.rows(shard):
            end = first + len(rows) // self.width
            stop = bisect_left(indices, end, done)
            starts = [(index - first) * self.width for index in indices[done:stop]]
            yield b"".join([rows[start : start + self.width] for start in starts])
            first, done = end, stop

    def _write(self) -> None:
        """Move what is held to the temporary file."""
        file = self._file_open()
        offset = file.seek(0, 2)
        for shard, rows in self._held.items():
            file.write(rows)
            self._written.setdefault(shard, []).append((offset, len(rows)))
            offset += len(rows)
        self._held.clear()
        self._held_bytes = 0

    def _file_open(self) -> IO[bytes]:
        """Return the temporary file, which is there as long as this is."""
        if self._file is None:
            self._file = tempfile.TemporaryFile()  # noqa: SIM115
            weakref.finalize(self, self._file.close)
        return self._file

    def __getstate__(self) -> dict[str, Any]:
        """Return everything that another process needs."""
        rows = {shard: b"".join(self.rows(shard)) for shard in self.shards()}
        return {"width": self.width, "rows": rows}

    def __setstate__(self, state: dict[str, Any]) -> None:
        """Take over what another process has found."""
        RowStore.__init__(self, state["width"])
        for shard, rows in state["rows"].items():
            self.add(shard, rows)
