r"""Cut a shard into lines.

In: a shard and its stream.
Out: blocks of the lines that *begin* inside the shard's byte range, split at ``\n`` and nothing else; or the
lines that begin at some offsets.
Not here: what a line means (``parsing``, ``formats``) or its number (``report``).
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from tunestats.source import Content, Shard, Source, cut

__all__ = [
    "BLOCK_BYTES",
    "MAX_LINE_BYTES",
    "Block",
    "is_blank",
    "iter_blocks",
    "iter_lines_at",
    "iter_shards",
]

# Larger blocks are slower: they fall out of the cache and fault in new pages.
BLOCK_BYTES = 1 << 17
# Of lines that are far from each other, less than a block is read.
SOME_LINES_BYTES = 1 << 13
MAX_LINE_BYTES = 1 << 27
# bytes.strip would also take vertical tab and form feed, which are not JSON white space.
JSON_SPACE = b" \t\r\n"


@dataclass(frozen=True)
class Block:
    r"""Some lines that follow each other.

    ``joined`` holds their bytes with ``\n`` between them; they stand at the offsets from ``start`` to before
    ``end`` of the content. The middle of the first line may be missing, if that is longer than ``MAX_LINE_BYTES``.
    """

    joined: bytes
    start: int
    end: int

    @cached_property
    def lines(self) -> list[bytes]:
        """The lines; one longer than ``MAX_LINE_BYTES`` is cut, but not to less than one byte more."""
        lines = self.joined.split(b"\n")
        if len(self.joined) > MAX_LINE_BYTES:
            return [line[: MAX_LINE_BYTES + 1] for line in lines]
        return lines

    def offsets(self, starts: Sequence[int]) -> Sequence[int]:
        """Return where lines begin in the content that begin at ``starts`` in ``joined``, the first and others."""
        # If others follow a line of which something is missing, a line feed ends them.
        missing = max(0, self.end - self.start - len(self.joined) - 1)
        first = self.start + missing
        return [self.start, *[first + start for start in starts[1:]]]


def iter_blocks(shard: Shard, stream: Content, block_bytes: int = BLOCK_BYTES) -> Iterator[Block]:
    """Yield the lines that the shard owns, in order, blank ones included.

    A shard owns a line that begins in its range, wherever it ends, so every line of a file has one
    owner however the file is cut. Memory is a block and the longest line.
    """
    for joined, start, end in _iter_joined(shard, stream, block_bytes):
        yield Block(joined, start, end)


def iter_lines_at(stream: Content, offsets: Iterable[int]) -> Iterator[bytes]:
    """Yield the lines that begin at ascending offsets, cut like those of a block.

    What stands between lines that are far from each other is not read.
    """
    start, held = 0, b""
    for offset in offsets:
        if not start <= offset < start + len(held):
            stream.seek(offset)
            start, held = offset, stream.read(SOME_LINES_BYTES)
        end = held.find(b"\n", offset - start)
        if end < 0:
            start, held = offset, _read_line(stream, held[offset - start :])
            end = held.find(b"\n")
        yield held[offset - start : end if end >= 0 else len(held)][: MAX_LINE_BYTES + 1]


def _read_line(stream: Content, beginning: bytes) -> bytes:
    """Return a line from its beginning on and some of what follows, or its first bytes if it is too long."""
    pieces, size = [beginning], len(beginning)
    while size <= MAX_LINE_BYTES and b"\n" not in pieces[-1] and (data := stream.read(BLOCK_BYTES)):
        pieces.append(data)
        size += len(data)
    return b"".join(pieces)


def iter_shards(source: Source, size: int) -> Iterator[Shard]:
    """Yield shards of about ``size`` bytes that cover a source, at least one.

    Where the source cannot be read from the middle they hold their lines, so that they can be read elsewhere.
    """
    light = replace(source, head=b"")
    if source.seekable:
        yield from cut(light, size)
        return
    end = 0
    with source.open() as stream:
        for joined, start, end in _iter_joined(Shard(source), stream, size):
            yield Shard(light, start, end, joined)
    if end == 0:
        yield Shard(light, 0, 0, b"")


def _iter_joined(shard: Shard, stream: Content, block_bytes: int) -> Iterator[tuple[bytes, int, int]]:
    """Yield the bytes of the shard's lines without the last line's end, and from where to where they are."""
    offset = _seek(shard, stream)
    # All that is held belongs to the shard.
    stop = shard.stop if shard.held is None else None
    pieces: list[bytes | memoryview] = []
    start, held = offset, 0
    while stop is None or offset < stop or held:
        want = block_bytes if stop is None or offset >= stop else min(block_bytes, stop - offset)
        data = stream.read(want)
        if not data:
            break
        cut = data.find(b"\n") if stop is not None and offset >= stop else data.rfind(b"\n")
        if cut < 0:
            held += len(data)
            if held <= MAX_LINE_BYTES + block_bytes:
                pieces.append(data)
            offset += len(data)
            continue
        pieces.append(memoryview(data)[:cut])
        end = offset + cut + 1
        yield b"".join(pieces), start, end
        if stop is not None and offset >= stop:
            return
        start = end
        offset += len(data)
        rest = data[cut + 1 :]
        pieces, held = ([rest], len(rest)) if rest else ([], 0)
    if shard.held is not None and shard.stop is not None:
        # The end of the last line is not held, and the middle of a line that is too long may be missing.
        offset = shard.stop
    if held or (shard.held is not None and start < offset):
        yield b"".join(pieces), start, offset


def is_blank(line: bytes) -> bool:
    r"""Tell whether a line holds nothing but white space.

    >>> is_blank(b" \t\r"), is_blank(b"{}")
    (True, False)
    """
    return not line.strip(JSON_SPACE)


def _seek(shard: Shard, stream: Content) -> int:
    """Go to the first line that begins in the shard; return its offset."""
    if shard.start == 0 or shard.held is not None:
        return shard.start
    offset = shard.start - 1
    stream.seek(offset)
    while data := stream.read(BLOCK_BYTES):
        cut = data.find(b"\n")
        if cut >= 0:
            offset += cut + 1
            stream.seek(offset)
            return offset
        offset += len(data)
    return offset
