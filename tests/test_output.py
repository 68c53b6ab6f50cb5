"""A file is written whole or not at all."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from tunestats.errors import OutputError
from tunestats.output import write_atomically

Failure = Callable[..., object]


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        ("{}\n", b"{}\n"),
        (b"\x00\xff", b"\x00\xff"),
        ("", b""),
        ("\xe9 \ud800", b"\xc3\xa9 \\ud800"),
    ],
    ids=["text", "bytes", "nothing", "half a character"],
)
@pytest.mark.parametrize("before", [None, b"old and longer than what is new"], ids=["new", "replaced"])
def test_written(tmp_path: Path, content: str | bytes, expected: bytes, before: bytes | None) -> None:
    path = tmp_path / "stats.json"
    if before is not None:
        path.write_bytes(before)
    write_atomically(path, content)
    assert path.read_bytes() == expected
    assert list(tmp_path.iterdir()) == [path]


def test_permissions_are_those_of_a_new_file(tmp_path: Path) -> None:
    usual, path = tmp_path / "usual", tmp_path / "stats.json"
    before = os.umask(0o026)
    try:
        usual.write_text("")
        write_atomically(path, "")
    finally:
        os.umask(before)
    assert path.stat().st_mode == usual.stat().st_mode


@pytest.mark.parametrize("there", [True, False], ids=["replaced", "new"])
def test_a_link_stays_a_link(tmp_path: Path, there: bool) -> None:  # noqa: FBT001
    target = tmp_path / "elsewhere" / "target.json"
    target.parent.mkdir()
    if there:
        target.write_text("old")
    link = tmp_path / "link.json"
    link.symlink_to("elsewhere/target.json")
    write_atomically(link, "new")
    assert link.is_symlink()
    assert target.read_text() == "new"
    assert list(target.parent.iterdir()) == [target]


@pytest.mark.parametrize("step", ["os.fsync", "pathlib.Path.replace"])
@pytest.mark.parametrize("error", [OSError(28, "No space left on device"), KeyboardInterrupt()], ids=type)
def test_nothing_is_half_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: str, error: BaseException
) -> None:
    path = tmp_path / "stats.json"
    path.write_text("old")

    def fail(*_: object) -> None:
        raise error

    monkeypatch.setattr(step, fail)
    with pytest.raises((OutputError, KeyboardInterrupt)) as caught:
        write_atomically(path, "new")
    if isinstance(error, OSError):
        assert str(caught.value) == f"{path}: cannot be written (No space left on device)"
    assert path.read_text() == "old"
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize(
    ("name", "why"),
    [("nowhere/stats.json", "No such file or directory"), (".", "Is a directory")],
    ids=["no folder", "a folder"],
)
def test_what_cannot_be_written_is_said(tmp_path: Path, name: str, why: str) -> None:
    with pytest.raises(OutputError, match=rf"cannot be written \({why}\)"):
        write_atomically(tmp_path / name, "new")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no /dev/full here")
def test_a_device_stays_a_device() -> None:
    with pytest.raises(OutputError, match="No space left on device"):
        write_atomically(Path("/dev/full"), "new")
    assert Path("/dev/full").is_char_device()


def test_a_pipe_is_written_to(tmp_path: Path) -> None:
    path = tmp_path / "pipe"
    os.mkfifo(path)
    reader = os.open(path, os.O_RDONLY | os.O_NONBLOCK)
    try:
        write_atomically(path, "new")
        assert os.read(reader, 10) == b"new"
    finally:
        os.close(reader)
    assert path.is_fifo()
