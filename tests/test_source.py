"""Inputs are opened, looked at, cut, or refused with a reason."""

import gzip
import io
import os
import pickle
import random
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tunestats import source as source_room
from tunestats.errors import SourceError
from tunestats.lines import iter_blocks
from tunestats.settings import STDIN
from tunestats.source import Shard, Source, cut, open_source

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

Write = Callable[..., Path]
DATA = b"first\nsecond\n\nfourth"
SKIPPABLE = b"\x50\x2a\x4d\x18\x03\x00\x00\x00abc"
LINES = [b"first", b"second", b"", b"fourth"]


class Stdin:
    """What stands in for ``sys.stdin``."""

    def __init__(self, data: bytes) -> None:
        self.buffer = io.BytesIO(data)


def lines_of(shard: Shard) -> list[bytes]:
    with shard.source.open() as stream:
        return [line for block in iter_blocks(shard, stream) for line in block.lines]


def incompressible(size: int) -> bytes:
    return random.Random(1).randbytes(size)  # noqa: S311  not a secret


def test_a_file(write: Write) -> None:
    path = write(DATA)
    source = open_source(path, 3)
    assert source == Source(str(path), 3, len(DATA), seekable=True, head=DATA)
    assert open_source(str(path), 3) == source
    assert pickle.loads(pickle.dumps(Shard(source, 1, 2))) == Shard(source, 1, 2)  # noqa: S301  it is our own
    assert lines_of(Shard(source)) == LINES


@pytest.mark.parametrize(
    ("suffix", "compressed"),
    [
        (".gz", gzip.compress(DATA)),
        (".gz", gzip.compress(DATA[:9]) + gzip.compress(DATA[9:])),
        (".gz", gzip.compress(DATA) + bytes(20)),
        (".zst", zstd.compress(DATA)),
        (".zst", zstd.compress(DATA[:9]) + zstd.compress(DATA[9:])),
        (".zst", zstd.compress(DATA) + SKIPPABLE),
    ],
    ids=["gzip", "two members", "padded", "zstd", "two frames", "skippable frame"],
)
def test_a_compressed_file(write: Write, suffix: str, compressed: bytes) -> None:
    source = open_source(write(compressed, f"train.jsonl{suffix}"))
    assert (source.size, source.seekable, source.head) == (len(compressed), False, DATA)
    assert cut(source, 1) == [Shard(source)]
    assert lines_of(Shard(source)) == LINES


@pytest.mark.parametrize("data", [b"", gzip.compress(b"")], ids=["no bytes", "no content"])
def test_an_empty_compressed_file(write: Write, data: bytes) -> None:
    assert lines_of(Shard(open_source(write(data, "train.jsonl.gz")))) == []


def test_an_empty_file(write: Write) -> None:
    source = open_source(write(b""))
    assert cut(source, 1) == [Shard(source)]
    assert lines_of(Shard(source)) == []


@pytest.mark.parametrize("head_bytes", [1, 8, len(DATA), 100])
@pytest.mark.parametrize("data", [DATA, b"", b"\n"], ids=["lines", "nothing", "blank"])
def test_standard_input(monkeypatch: pytest.MonkeyPatch, data: bytes, head_bytes: int) -> None:
    monkeypatch.setattr(source_room, "HEAD_BYTES", head_bytes)
    monkeypatch.setattr(sys, "stdin", Stdin(data))
    source = open_source(STDIN, 2)
    assert source == Source(STDIN, 2, None, seekable=False, head=head_of(data, head_bytes))
    assert cut(source, 1) == [Shard(source)]
    assert lines_of(Shard(source)) == (LINES if data == DATA else data.split(b"\n")[:-1])


def head_of(data: bytes, step: int) -> bytes:
    """Return the steps up to the one in which the first line ends."""
    end = data.find(b"\n")
    return data if end < 0 else data[: (end // step + 1) * step]


def test_standard_input_may_be_read_in_any_steps(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(source_room, "HEAD_BYTES", 5)
    monkeypatch.setattr(sys, "stdin", Stdin(DATA))
    with open_source(STDIN).open() as stream:
        steps = [stream.read(2), stream.read(2), stream.read(100), stream.read(100), stream.read(1)]
    assert steps == [b"fi", b"rs", DATA[4:10], DATA[10:], b""]


def test_a_pipe_is_refused() -> None:
    reader, writer = os.pipe()
    os.close(writer)
    try:
        with pytest.raises(
            SourceError, match=r"is not a regular file; pass it through standard input \(`-`\)"
        ):
            open_source(f"/dev/fd/{reader}")
    finally:
        os.close(reader)


def test_the_head_is_bounded(write: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(source_room, "HEAD_BYTES", 7)
    assert open_source(write(DATA)).head == DATA[:7]
    assert open_source(write(gzip.compress(DATA), "train.jsonl.gz")).head == DATA[:7]


@settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    data=st.lists(st.sampled_from([b"\n", b"\r\n", b"\x85", b"ab", b" "]), max_size=20).map(b"".join),
    size=st.integers(1, 50),
)
def test_shards_cover_a_file_once(write: Write, data: bytes, size: int) -> None:
    source = open_source(write(data))
    shards = cut(source, size)
    found = data.split(b"\n")
    assert [line for shard in shards for line in lines_of(shard)] == (found if found[-1] else found[:-1])
    assert [shard.start for shard in shards] == [0, *(shard.stop for shard in shards[:-1])]
    assert shards[-1].stop is None
    assert len(shards) == max(1, -(-len(data) // size))


@pytest.mark.parametrize("name", ["train.jsonl", "train.jsonl.gz"])
def test_a_missing_file(tmp_path: Path, name: str) -> None:
    with pytest.raises(SourceError, match=rf"{name}: no such file$"):
        open_source(tmp_path / name)


def test_a_file_that_is_gone_later(write: Write) -> None:
    source = open_source(write(DATA))
    Path(source.name).unlink()
    with pytest.raises(SourceError, match=r"train\.jsonl: no such file$"):
        lines_of(Shard(source))


def test_a_directory(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="is a directory; name a file"):
        open_source(tmp_path)


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (PermissionError(13, "Permission denied"), "cannot be read (Permission denied)"),
        (OSError(5, "Input/output error"), "cannot be read (Input/output error)"),
        (OSError("odd"), "cannot be read (odd)"),
    ],
    ids=["permission", "disk", "without a number"],
)
def test_an_unreadable_file(write: Write, monkeypatch: pytest.MonkeyPatch, error: OSError, said: str) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise error

    path = write(DATA)
    source = open_source(path)
    monkeypatch.setattr(Path, "open", refuse)
    for attempt in (lambda: open_source(path), lambda: lines_of(Shard(source))):
        with pytest.raises(SourceError) as caught:
            attempt()
        assert str(caught.value) == f"{path}: {said}"


def test_a_name_that_no_file_can_have() -> None:
    with pytest.raises(SourceError, match="File name too long"):
        open_source("x" * 5000)


def test_a_name_may_be_wrong(write: Write) -> None:
    with pytest.raises(SourceError, match="is not a gzip file in spite of its name; rename it"):
        open_source(write(DATA, "train.jsonl.gz"))
    with pytest.raises(SourceError, match="is not a local file; download it first"):
        open_source("gs://bucket/train.jsonl")


@pytest.mark.parametrize(
    "damaged",
    [
        gzip.compress(DATA)[:12],
        gzip.compress(DATA)[:-4],
        gzip.compress(DATA)[:-8] + bytes(8),
        gzip.compress(DATA)[:10] + b"\xff" * 10,
        gzip.compress(DATA) + b"junk",
    ],
    ids=["cut early", "cut late", "wrong checksum", "not deflate", "junk behind"],
)
def test_a_damaged_compressed_file(write: Write, damaged: bytes) -> None:
    path = write(damaged, "train.jsonl.gz")
    with pytest.raises(
        SourceError, match=r"train\.jsonl\.gz: is not a complete gzip file \(.+\); compress it again"
    ):
        lines_of(Shard(open_source(path)))


@pytest.mark.parametrize(
    "damaged",
    [
        DATA,
        b"",
        zstd.compress(DATA)[:10],
        zstd.compress(DATA)[:-1],
        zstd.compress(DATA, options={zstd.CompressionParameter.checksum_flag: 1})[:-4] + bytes(4),
        zstd.compress(DATA) + b"junk",
        zstd.compress(DATA) + zstd.compress(DATA)[:-1],
    ],
    ids=["not zstd", "empty", "cut early", "cut late", "wrong checksum", "junk behind", "second frame cut"],
)
def test_a_damaged_zstd_file(write: Write, damaged: bytes) -> None:
    path = write(damaged, "train.jsonl.zst")
    with pytest.raises(
        SourceError, match=r"train\.jsonl\.zst: is not a complete zstd file \(.+\); compress it again"
    ):
        lines_of(Shard(open_source(path)))


@pytest.mark.parametrize("name", ["train.jsonl", "train.jsonl.zst"])
@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda path: path.write_bytes(path.read_bytes() * 2), r"\d+ bytes, then \d+"),
        (lambda path: path.write_bytes(path.read_bytes()[:-1]), r"\d+ bytes, then \d+"),
        (lambda path: os.utime(path, ns=(0, 0)), "the same size, written anew"),
    ],
    ids=["longer", "shorter", "other time"],
)
def test_a_file_is_the_one_that_was_looked_at(
    write: Write, name: str, change: Callable[[Path], None], said: str
) -> None:
    path = write(zstd.compress(DATA) if name.endswith("zst") else DATA, name)
    source = open_source(path)
    source.check_unchanged()
    change(path)
    for look in (source.check_unchanged, lambda: lines_of(Shard(source))):
        with pytest.raises(SourceError, match=rf"was changed while it was read \({said}\); try again"):
            look()


def test_a_compressed_file_that_is_cut_behind_its_head(write: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(source_room, "HEAD_BYTES", 100)
    path = write(gzip.compress(incompressible(200_000))[:-50_000], "train.jsonl.gz")
    source = open_source(path)
    with pytest.raises(SourceError, match="is not a complete gzip file"):
        lines_of(Shard(source))


def test_errors_of_the_reader_are_not_blamed_on_the_file(write: Write) -> None:
    def read() -> None:
        with open_source(write(DATA)).open():
            raise BrokenPipeError(32, "Broken pipe")  # e.g. the terminal that shows the progress is gone

    with pytest.raises(BrokenPipeError):
        read()
