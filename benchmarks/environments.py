"""Give every peer an environment of its own, so that none pins what another needs.

In: requirements, and the oldest Python that takes them.
Out: the interpreter of a virtual environment that holds them, made on demand in the user's cache folder.
Not here: what is run with it (``rows``).

Remove the folder ``CACHE`` to make all of them again.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

__all__ = ["CACHE", "EnvironmentMissingError", "python_with"]

CACHE = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "tunestats-benchmarks"
NEWER_PYTHONS = (12, 13, 14)


class EnvironmentMissingError(Exception):
    """A peer cannot be installed here; the text says why."""


def python_with(requirements: tuple[str, ...], minor: int = 11) -> str:
    """Return the interpreter of an environment with these packages; without any, this one's.

    Args:
        requirements: As pip takes them.
        minor: Python 3.minor or newer is needed.

    Raises:
        EnvironmentMissingError: There is no such Python, or pip fails.
    """
    if not requirements:
        return sys.executable
    folder = CACHE / "_".join(requirements).replace("==", "-")
    python = folder / "bin" / "python"
    done = folder / "installed"
    if not done.exists():
        _make(folder, python, requirements, minor)
        done.touch()
    return str(python)


def _make(folder: Path, python: Path, requirements: tuple[str, ...], minor: int) -> None:
    print(f"installing {' '.join(requirements)} into {folder}", file=sys.stderr)
    _run(_newer_python(minor), "-m", "venv", "--clear", str(folder))
    _run(str(python), "-m", "pip", "install", "--quiet", *requirements)


def _newer_python(minor: int) -> str:
    if sys.version_info >= (3, minor):
        return sys.executable
    for candidate in NEWER_PYTHONS:
        found = shutil.which(f"python3.{candidate}")
        if candidate >= minor and found:
            return found
    raise EnvironmentMissingError(f"needs Python 3.{minor}, which is not on the PATH")


def _run(*command: str) -> None:
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise EnvironmentMissingError((done.stderr.strip() or "no reason given").splitlines()[-1])
