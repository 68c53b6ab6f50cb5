r"""Every line has one owner, however the bytes are cut, and is what a split at ``\n`` gives."""

import io
import sys
from collections.abc import Iterator
from itertools import accumulate

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tunestats import lines
from tunestats.lines import is_blank, iter_blocks, iter_lines_at, iter_shards
from tunestats.settings import STDIN
from tunestats.source import Shard, Source
from tunestats.survey import survey_few

law = settings(deadline=None, max_examples=120)
pieces = st.sampled_from(
    [
        b"\n",
        b"\n",
        b"\n\n",
        b"\r\n",
        b"\r",
        b"\x85",
        b"\xe2\x80\xa8",
        b"\x0b",
        b" ",
        b"a",
        b"{}",
        b"long line",
    ]
)
contents = st.lists(pieces, max_size=25).map(b"".join) | st.binary(max_size=40)
SOURCE = Source("train.jsonl", 0, None, seekable=True, head=b"")


class Trickle(io.BytesIO):
    """A stream that gives at most a few bytes at a time, as raw files and pipes may."""

    def __init__(self, data: bytes, most: int) -> None:
        super().__init__(data)
        self.most = most

    def read(self, size: int | None = -1) -> bytes:
        """Return at most ``most`` bytes."""
        return super().read(self.most if size is None or size < 0 else min(size, self.most))

    def read1(self, size: int | None = -1) -> bytes:
        """Return at most ``most`` bytes."""
        return self.read(size)


@pytest.fixture(scope="module", params=[1, 5, 1 << 18], ids="search by {}".format)
def _search(request: pytest.FixtureRequest) -> Iterator[None]:
    """Look for the first line of a shard in steps of a few bytes."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(lines, "BLOCK_BYTES", request.param)
        yield


@st.composite
def cuts(draw: st.DrawFn) -> tuple[bytes, list[Shard]]:
    """Draw bytes, and shards that cover them."""
    data = draw(contents)
    at = sorted(draw(st.sets(st.integers(1, len(data) + 3), max_size=8)))
    edges = [0, *at, draw(st.none() | st.just(len(data) + 4))]
    return data, [Shard(SOURCE, start or 0, stop) for start, stop in zip(edges, edges[1:], strict=False)]


def naive(data: bytes) -> list[bytes]:
    found = data.split(b"\n")
    return found if found[-1] else found[:-1]


def beginnings(data: bytes) -> list[int]:
    return [0, *accumulate(len(line) + 1 for line in naive(data))][: len(naive(data))]


def read(data: bytes, shard: Shard, block_bytes: int = 1 << 18, most: int = 1 << 18) -> list[bytes]:
    return [line for block in iter_blocks(shard, Trickle(data, most), block_bytes) for line in block.lines]


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b"", []),
        (b"\n", [b""]),
        (b"a", [b"a"]),
        (b"a\n", [b"a"]),
        (b"a\n\n", [b"a", b""]),
        (b"\n\na", [b"", b"", b"a"]),
        (b"a\r\nb\r", [b"a\r", b"b\r"]),
        ("a\u2028b\u0085c\x0b\x0c\x1cd\n".encode(), ["a\u2028b\u0085c\x0b\x0c\x1cd".encode()]),
        (b"\xff\n\x00\n", [b"\xff", b"\x00"]),
    ],
    ids=ascii,
)
def test_lines_of_a_whole_file(data: bytes, expected: list[bytes]) -> None:
    assert read(data, Shard(SOURCE)) == expected
    assert read(data, Shard(SOURCE, 0, len(data))) == expected


@pytest.mark.parametrize(
    ("start", "stop", "expected"),
    [
        (0, 0, []),
        (0, 1, [b"abc"]),
        (0, 3, [b"abc"]),
        (0, 4, [b"abc"]),
        (0, 5, [b"abc", b""]),
        (1, 4, []),
        (4, 5, [b""]),
        (4, 6, [b"", b"de"]),
        (5, 6, [b"de"]),
        (6, 8, []),
        (6, None, []),
        (8, None, []),
        (100, None, []),
    ],
)
def test_a_line_belongs_to_where_it_begins(start: int, stop: int | None, expected: list[bytes]) -> None:
    assert read(b"abc\n\nde\n", Shard(SOURCE, start, stop)) == expected


@law
@given(cuts(), st.integers(1, 30), st.integers(1, 30))
@pytest.mark.usefixtures("_search")
def test_shards_have_every_line_once_and_in_order(
    cut: tuple[bytes, list[Shard]], block_bytes: int, most: int
) -> None:
    data, shards = cut
    assert [line for shard in shards for line in read(data, shard, block_bytes, most)] == naive(data)


@law
@given(cuts(), st.integers(1, 30))
def test_blocks_hold_their_lines(cut: tuple[bytes, list[Shard]], block_bytes: int) -> None:
    data, shards = cut
    blocks = [block for shard in shards for block in iter_blocks(shard, io.BytesIO(data), block_bytes)]
    for block in blocks:
        assert block.lines
        assert block.joined == b"\n".join(block.lines) == data[block.start : block.end].removesuffix(b"\n")
    assert [0, *(block.end for block in blocks)] == [*(block.start for block in blocks), len(data)]


@law
@given(cuts(), st.integers(1, 12), st.integers(0, 12))
def test_a_long_line_is_cut_to_one_byte_too_many(
    cut: tuple[bytes, list[Shard]], block_bytes: int, longest: int
) -> None:
    data, shards = cut
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(lines, "MAX_LINE_BYTES", longest)
        blocks = [block for shard in shards for block in iter_blocks(shard, io.BytesIO(data), block_bytes)]
        found = [line for block in blocks for line in block.lines]
    assert found == [line[: longest + 1] for line in naive(data)]
    assert [
        offset for block in blocks for offset in block.offsets(survey_few(block.joined).starts)
    ] == beginnings(data)


@law
@given(contents, st.tuples(*[st.integers(1, 30)] * 3), st.integers(0, 40), st.data())
def test_lines_are_found_where_they_begin(
    data: bytes, sizes: tuple[int, int, int], longest: int, chosen: st.DataObject
) -> None:
    block_bytes, few, most = sizes
    some = sorted(chosen.draw(st.sets(st.integers(0, max(0, len(naive(data)) - 1)), max_size=9)))
    some = some[: len(naive(data))]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(lines, "BLOCK_BYTES", block_bytes)
        patch.setattr(lines, "SOME_LINES_BYTES", few)
        patch.setattr(lines, "MAX_LINE_BYTES", longest)
        found = list(iter_lines_at(Trickle(data, most), [beginnings(data)[index] for index in some]))
    assert found == [naive(data)[index][: longest + 1] for index in some]


def test_what_is_between_lines_is_not_read() -> None:
    class Counting(io.BytesIO):
        read_bytes = 0

        def read(self, size: int | None = -1) -> bytes:
            found = super().read(size)
            self.read_bytes += len(found)
            return found

    data = b"first\n" + b"x\n" * 10_000_000 + b"last\n"
    stream = Counting(data)
    assert list(iter_lines_at(stream, [0, len(data) - 5])) == [b"first", b"last"]
    assert stream.read_bytes < lines.BLOCK_BYTES


class Stdin:
    """What stands in for ``sys.stdin``."""

    def __init__(self, buffer: io.BytesIO) -> None:
        self.buffer = buffer


def held(data: bytes, size: int, most: int) -> list[Shard]:
    """Return the shards of standard input, which hold their lines."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sys, "stdin", Stdin(Trickle(data[7:], most)))
        return list(iter_shards(Source(STDIN, 0, None, seekable=False, head=data[:7]), size))


def read_held(shards: list[Shard], block_bytes: int) -> list[tuple[list[bytes], int, int]]:
    blocks = []
    for shard in shards:
        with shard.open() as stream:
            blocks += [
                (block.lines, block.start, block.end) for block in iter_blocks(shard, stream, block_bytes)
            ]
    return blocks


@law
@given(contents, st.integers(1, 30), st.integers(1, 30), st.integers(1, 30))
def test_shards_of_a_pipe_hold_every_line_once_and_in_order(
    data: bytes, size: int, most: int, block_bytes: int
) -> None:
    shards = held(data, size, most)
    blocks = read_held(shards, block_bytes)
    assert [line for found, _, _ in blocks for line in found] == naive(data)
    assert [0, *(end for _, _, end in blocks)] == [*(start for _, start, _ in blocks), len(data)]
    assert [0, *(shard.stop for shard in shards)] == [*(shard.start for shard in shards), len(data)]
    assert all(shard.source.head == b"" for shard in shards)


@law
@given(contents, st.integers(1, 12), st.integers(0, 12))
def test_a_long_line_of_a_pipe_is_cut_to_one_byte_too_many(data: bytes, size: int, longest: int) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(lines, "MAX_LINE_BYTES", longest)
        shards = held(data, size, size)
        blocks = read_held(shards, size)
    assert [line for found, _, _ in blocks for line in found] == [line[: longest + 1] for line in naive(data)]
    assert sum(end - start for _, start, end in blocks) == len(data)
    for shard in shards:
        assert shard.held is not None
        assert max(map(len, shard.held.split(b"\n"))) <= longest + 2 * size


def test_an_empty_pipe_is_one_shard() -> None:
    (shard,) = held(b"", 10, 10)
    assert read_held([shard], 10) == []


def test_a_long_line_is_not_held(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lines, "MAX_LINE_BYTES", 100)
    data = b"x" * 10_000 + b"\nshort\n" + b"y" * 10_000
    blocks = list(iter_blocks(Shard(SOURCE), io.BytesIO(data), 10))
    assert [line for block in blocks for line in block.lines] == [b"x" * 101, b"short", b"y" * 101]
    assert max(len(block.joined) for block in blocks) <= 100 + 2 * 10


@pytest.mark.parametrize("line", [b"", b" ", b"\t", b"\r", b" \t\r "], ids=ascii)
def test_blank(line: bytes) -> None:
    assert is_blank(line)


@pytest.mark.parametrize(
    "line", [b"a", b" {} ", b"\x00", b"\x0b", b"\x0c", b"\x85", b"\xc2\xa0", b"\xef\xbb\xbf"], ids=ascii
)
def test_not_blank(line: bytes) -> None:
    assert not is_blank(line)
