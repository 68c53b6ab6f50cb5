"""Turn file names into shards of bytes.

In: paths as the user gave them, ``-`` for standard input, ``.gz`` for compressed files.
Out: ``Source``, which can be opened, and ``Shard``: a byte range of one that can be read on its own.
Not here: where lines begin and end (``lines``).
"""

import gzip
import io
import sys
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from tunestats.errors import SourceError

__all__ = ["STDIN", "Shard", "Source", "cut", "open_source"]

STDIN = "-"
HEAD_BYTES = 1 << 18


@dataclass(frozen=True, slots=True)
class Source:
    """One input.

    Attributes:
        name: The path as it was given.
        index: Its place among the inputs of the run, from 0.
        size: Bytes of the file as it is stored; None where it is not known.
        seekable: Whether a shard can begin in the middle.
        head: The first bytes of the content, at most ``HEAD_BYTES``.
    """

    name: str
    index: int
    size: int | None
    seekable: bool
    head: bytes

    @contextmanager
    def open(self) -> Iterator[BinaryIO]:
        """Give a stream of the content from its beginning.

        Raises:
            SourceError: The content cannot be read, here or on a later read.
        """
        with _explained(self.name):
            if self.name == STDIN:
                yield _Replayed(self.head, sys.stdin.buffer)  # type: ignore[misc]
            else:
                with _open_path(self.name) as stream:
                    yield stream


@dataclass(frozen=True, slots=True)
class Shard:
    """The lines that begin at byte ``start`` or later and before ``stop``; None is the end."""

    source: Source
    start: int = 0
    stop: int | None = None


def open_source(name: str | Path, index: int = 0) -> Source:
    """Look at an input and read its head.

    Raises:
        SourceError: The input is not there or cannot be read.
    """
    name = str(name)
    with _explained(name):
        if name == STDIN:
            return Source(name, index, None, seekable=False, head=sys.stdin.buffer.read(HEAD_BYTES))
        path = Path(name)
        if path.is_dir():
            raise SourceError(f"{name}: is a directory; name the JSONL files in it")
        compressed = path.suffix == ".gz"
        with _open_path(name) as stream:
            head = stream.read(HEAD_BYTES)
            seekable = not compressed and stream.seekable()
        return Source(name, index, path.stat().st_size if path.is_file() else None, seekable, head)


def cut(source: Source, size: int) -> list[Shard]:
    """Return shards of about ``size`` bytes that cover a source; one where it cannot be cut."""
    if not source.seekable or source.size is None or source.size <= size:
        return [Shard(source)]
    starts = range(0, source.size, size)
    return [Shard(source, start, start + size) for start in starts[:-1]] + [Shard(source, starts[-1])]


def _open_path(name: str) -> BinaryIO:
    if name.endswith(".gz"):
        return gzip.open(name, "rb")  # type: ignore[return-value]
    return Path(name).open("rb", buffering=0)


@contextmanager
def _explained(name: str) -> Iterator[None]:
    try:
        yield
    except (gzip.BadGzipFile, zlib.error, EOFError) as error:
        raise SourceError(f"{name}: is not a complete gzip file ({error}); compress it again") from error
    except FileNotFoundError as error:
        raise SourceError(f"{name}: no such file") from error
    except OSError as error:
        raise SourceError(f"{name}: cannot be read ({error.strerror or error})") from error


class _Replayed(io.RawIOBase):
    """Standard input once more from its beginning: the head that was read, then the rest."""

    def __init__(self, head: bytes, rest: BinaryIO) -> None:
        super().__init__()
        self._head = head
        self._rest = rest

    def read(self, size: int = -1) -> bytes:
        """Return up to ``size`` bytes; none at the end."""
        if self._head:
            taken = len(self._head) if size < 0 else size
            block, self._head = self._head[:taken], self._head[taken:]
            return block
        return self._rest.read(size)
