"""Turn file names into shards of bytes.

In: paths as the user gave them, ``-`` for standard input, ``.gz`` and ``.zst`` for compressed files.
Out: ``Source``, which can be opened, and ``Shard``: a byte range of one that can be read on its own.
Not here: where lines begin and end (``lines``).
"""

import gzip
import io
import os
import stat
import sys
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, BinaryIO, Protocol

from tunestats.errors import SourceError
from tunestats.settings import STDIN

__all__ = ["COMPRESSED", "Content", "Shard", "Source", "cut", "open_source"]

COMPRESSED = (".gz", ".zst")
HEAD_BYTES = 1 << 18
MAX_HEAD_BYTES = 1 << 27


@dataclass(frozen=True, slots=True)
class Source:
    """One input.

    Attributes:
        name: The path as it was given.
        index: Its place among the inputs of the run, from 0.
        size: Bytes of the file as it is stored; None where it is not known.
        seekable: Whether a shard can begin in the middle.
        head: The first bytes of the content: ``HEAD_BYTES``, or more if the first line is longer.
        modified: When the file was last written, in nanoseconds; None where it is no file.
    """

    name: str
    index: int
    size: int | None
    seekable: bool
    head: bytes
    modified: int | None = field(default=None, compare=False)

    @contextmanager
    def open(self) -> "Iterator[Content]":
        """Give a stream of the content from its beginning.

        Raises:
            SourceError: The content cannot be read, here or on a later read.
        """
        if self.name == STDIN:
            yield _Explaining(self.name, _Replayed(self.head, sys.stdin.buffer))  # type: ignore[arg-type]
        else:
            with _explained(self.name):
                stream = _open_path(self.name)
            with stream:
                self._compare(os.fstat(stream.fileno()))
                yield _Explaining(self.name, stream)

    def check_unchanged(self) -> None:
        """Refuse a file that is not the one that was looked at first.

        Raises:
            SourceError: Its size or the time of its last change is another.
        """
        if self.modified is not None:
            with _explained(self.name):
                self._compare(Path(self.name).stat())

    def _compare(self, status: os.stat_result) -> None:
        if self.modified is None:
            return
        if self.size != status.st_size:
            what = f"{self.size} bytes, then {status.st_size}"
        elif self.modified != status.st_mtime_ns:
            what = "the same size, written anew"
        else:
            return
        raise SourceError(f"{self.name}: was changed while it was read ({what}); try again")


class Content(Protocol):
    """What lines are cut from."""

    def read(self, size: int, /) -> bytes:
        """Return up to ``size`` bytes; none at the end."""
        ...

    def seek(self, offset: int, /) -> object:
        """Go to an offset from the beginning; only where the source is seekable."""
        ...


@dataclass(frozen=True, slots=True)
class Shard:
    r"""The lines that begin at byte ``start`` or later and before ``stop``, which is larger; None is the end.

    ``held`` are these lines themselves, ``\n`` between them, where the source cannot be read again.
    """

    source: Source
    start: int = 0
    stop: int | None = None
    held: bytes | None = None

    @contextmanager
    def open(self) -> Iterator[Content]:
        """Give the stream to read from: the source's, or what is held.

        Raises:
            SourceError: The content cannot be read, here or on a later read.
        """
        if self.held is not None:
            yield io.BytesIO(self.held)
        else:
            with self.source.open() as stream:
                yield stream


def open_source(name: str | Path, index: int = 0) -> Source:
    """Look at an input and read its head.

    Raises:
        SourceError: The input is not there or cannot be read.
    """
    name = str(name)
    with _explained(name):
        if name == STDIN:
            if sys.stdin is None:
                raise SourceError("standard input is closed; name a file")
            return Source(name, index, None, seekable=False, head=_read_head(sys.stdin.buffer))
        path = Path(name)
        if not name:
            raise SourceError("the name of a file is empty")
        status = path.stat()
        if stat.S_ISDIR(status.st_mode):
            raise SourceError(f"{name}: is a directory; name a file")
        if not stat.S_ISREG(status.st_mode):
            # Opening a pipe may wait for ever, and its head could not be read twice.
            raise SourceError(f"{name}: is not a regular file; pass it through standard input (`-`)")
        with _open_path(name) as stream:
            head = _read_head(stream)
        seekable = path.suffix not in COMPRESSED
        return Source(name, index, status.st_size, seekable, head, status.st_mtime_ns)


def cut(source: Source, size: int) -> list[Shard]:
    """Return shards of about ``size`` bytes that cover a source; one where it cannot be cut."""
    if not source.seekable or source.size is None or source.size <= size:
        return [Shard(source)]
    starts = range(0, source.size, size)
    return [Shard(source, start, start + size) for start in starts[:-1]] + [Shard(source, starts[-1])]


def _read_head(stream: BinaryIO) -> bytes:
    """Return the first bytes of a stream, at least its first line, within reason."""
    blocks = [stream.read(HEAD_BYTES)]
    size = len(blocks[0])
    while size < MAX_HEAD_BYTES and b"\n" not in blocks[-1] and (block := stream.read(HEAD_BYTES)):
        blocks.append(block)
        size += len(block)
    return b"".join(blocks)


def _open_path(name: str) -> BinaryIO:
    if name.endswith(".gz"):
        return gzip.open(name, "rb")  # type: ignore[return-value]
    if name.endswith(".zst"):
        return _zstd().open(name, "rb")  # type: ignore[no-any-return]
    return Path(name).open("rb", buffering=0)


def _zstd() -> Any:
    """Return the module for Zstandard, which is the standard library's from Python 3.14 on."""
    if sys.version_info >= (3, 14):
        from compression import zstd
    else:
        from backports import zstd
    return zstd


def _damages(name: str) -> tuple[type[Exception], ...]:
    """Return what is raised when a compressed file is damaged."""
    if name.endswith(".zst"):
        return (_zstd().ZstdError, EOFError)
    return (gzip.BadGzipFile, zlib.error, EOFError)


def _begins_as_gzip(name: str) -> bool:
    with Path(name).open("rb") as stream:
        return stream.read(2) == b"\x1f\x8b"


def _not_here(name: str) -> str:
    if name.startswith(("gs://", "http://", "https://", "s3://")):
        return "is not a local file; download it first, e.g. with `gcloud storage cp`"
    return "no such file"


@contextmanager
def _explained(name: str) -> Iterator[None]:
    try:
        yield
    except _damages(name) as error:
        kind = "zstd" if name.endswith(".zst") else "gzip"
        if isinstance(error, gzip.BadGzipFile) and not _begins_as_gzip(name):
            raise SourceError(f"{name}: is not a gzip file in spite of its name; rename it") from error
        raise SourceError(f"{name}: is not a complete {kind} file ({error}); compress it again") from error
    except FileNotFoundError as error:
        raise SourceError(f"{name}: {_not_here(name)}") from error
    except OSError as error:
        raise SourceError(f"{name}: cannot be read ({error.strerror or error})") from error


class _Explaining:
    """A stream whose errors name the file."""

    def __init__(self, name: str, stream: "Content") -> None:
        self._name = name
        self._stream = stream

    def read(self, size: int, /) -> bytes:
        try:
            return self._stream.read(size)
        except Exception:
            # Entering this for each of very many small reads takes longer than reading.
            with _explained(self._name):
                raise

    def seek(self, offset: int, /) -> object:
        try:
            return self._stream.seek(offset)
        except Exception:
            with _explained(self._name):
                raise


class _Replayed:
    """Standard input once more from its beginning: the head that was read, then the rest."""

    def __init__(self, head: bytes, rest: io.BufferedIOBase) -> None:
        self._head = head
        self._rest = rest

    def read(self, size: int, /) -> bytes:
        if self._head:
            block, self._head = self._head[:size], self._head[size:]
            return block
        # One call for all would not look at Ctrl-C between the many reads that it takes to empty a pipe.
        pieces: list[bytes] = []
        while size > 0 and (piece := self._rest.read1(size)):
            pieces.append(piece)
            size -= len(piece)
        return b"".join(pieces)

    def seek(self, offset: int, /) -> object:
        raise OSError(f"standard input cannot go to offset {offset}")
