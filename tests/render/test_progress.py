"""A run that takes long shows how far it is."""

import io
import re

import pytest

from tunestats.engines import Progress
from tunestats.render import progress as room
from tunestats.render.progress import progress_bar


class Terminal(io.StringIO):
    """What stands in for standard error."""

    def isatty(self) -> bool:
        """Say that this is a terminal."""
        return True

    def frames(self) -> list[str]:
        """Return what was shown, one after the other."""
        text = re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", self.getvalue())
        return [line.rstrip() for line in re.split(r"[\r\n]+", text) if line.strip()]


@pytest.fixture(autouse=True)
def _plain_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.setattr(room, "PATIENCE_SECONDS", 0)


@pytest.mark.parametrize(
    ("total", "amounts"),
    [(1_000_000_000, ["0.2/1.0 GB", "1.0/1.0 GB"]), (None, ["250.0/? MB", "1.0/? GB"])],
    ids=["file", "pipe"],
)
def test_bytes_examples_and_findings_are_shown(total: int | None, amounts: list[str]) -> None:
    terminal = Terminal()
    with progress_bar(terminal, total) as show:
        show(Progress(250_000_000, 1, 1))
        show(Progress(1_000_000_000, 1_234_567, 98_765))
    frames = terminal.frames()
    assert amounts[0] in frames[0]
    assert amounts[1] in frames[-1]
    assert frames[0].endswith(" 1 example, 1 finding")
    assert frames[-1].endswith(" 1,234,567 examples, 98,765 findings")
    assert max(map(len, frames)) <= 80


def test_a_short_run_shows_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(room, "PATIENCE_SECONDS", 1000)
    terminal = Terminal()
    with progress_bar(terminal, 10) as show:
        show(Progress(10, 1, 0))
    assert terminal.getvalue() == ""


def test_a_run_that_fails_leaves_no_bar() -> None:
    terminal = Terminal()

    def fail() -> None:
        with progress_bar(terminal, 10) as show:
            show(Progress(5, 1, 0))
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        fail()
    # The cursor is there again, on a line that was erased.
    assert terminal.getvalue().endswith("\x1b[?25h\r\x1b[1A\x1b[2K")
