"""Fixtures that several rooms' tests share."""

from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from hypothesis import HealthCheck, settings

from tunestats.cli import main

ROOT = Path(__file__).resolve().parent.parent
SHARED = ROOT.parent / "shared"

# Machines are shared: how long an example takes says nothing about the code.
settings.register_profile("shared", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("shared")


def pytest_addoption(parser: pytest.Parser) -> None:
    """Let golden files be written anew: look at the difference before you commit it."""
    parser.addoption(
        "--update-golden", action="store_true", help="write golden files and README examples anew"
    )


@pytest.fixture
def shared() -> Path:
    """Return the folder of data that stands beside the project on some machines."""
    if not SHARED.is_dir():
        pytest.skip("../shared is not here")
    return SHARED


@pytest.fixture
def write(tmp_path: Path) -> Callable[..., Path]:
    """Return a function that writes a file; surrogates stand for bytes that are not UTF-8."""

    def write(text: str | bytes, name: str = "train.jsonl") -> Path:
        path = tmp_path / name
        path.write_bytes(text if isinstance(text, bytes) else text.encode("utf-8", "surrogateescape"))
        return path

    return write


@pytest.fixture
def tunestats(monkeypatch: pytest.MonkeyPatch) -> Callable[..., Result]:
    """Return a function that runs the command in this process, in the project's folder."""
    monkeypatch.chdir(ROOT)
    for name in ("CI_PROJECT_DIR", "GITHUB_WORKSPACE", "NO_COLOR"):
        monkeypatch.delenv(name, raising=False)

    def tunestats(*arguments: str, stdin: str | bytes | None = None) -> Result:
        # main() is what the console script calls: it turns exceptions into exit codes.
        command = _AsCommand(arguments)
        return CliRunner().invoke(command, input=stdin, catch_exceptions=False)  # type: ignore[arg-type]

    return tunestats


class _AsCommand:
    """What CliRunner calls: ``main`` with these arguments on the command line."""

    name = "tunestats"

    def __init__(self, arguments: tuple[str, ...]) -> None:
        self.arguments = arguments

    def main(self, **_: object) -> None:
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr("sys.argv", ["tunestats", *self.arguments])
            main()


@pytest.fixture
def golden(request: pytest.FixtureRequest) -> Callable[[Path, str], None]:
    """Return a function that compares a text with a file of the project, or writes it with --update-golden."""

    def golden(path: Path, text: str) -> None:
        if request.config.getoption("--update-golden"):
            path.parent.mkdir(exist_ok=True)
            path.write_text(text, encoding="utf-8", newline="\n")
        assert path.is_file(), f"{path} is missing; write it with --update-golden"
        assert text == path.read_text(encoding="utf-8")

    return golden
