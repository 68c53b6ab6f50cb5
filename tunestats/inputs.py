"""Find the files that names, patterns and directories mean.

In: what the user named: files, ``-``, patterns such as ``data/**/*.jsonl``, directories.
Out: names of files, sorted within each pattern or directory.
Not here: what is in the files (``source``).

One definition for every verb and every function: a name of a file that is there is never a pattern, hidden files
and directories are found by no pattern and in no directory, and neither of them adds a file twice.
"""

import glob
import os
from collections.abc import Iterable, Iterator
from pathlib import Path

from tunestats.errors import SettingsError, SourceError
from tunestats.settings import STDIN

__all__ = ["DATA_SUFFIXES", "input_name", "input_names"]

# What a directory holds of interest.
DATA_SUFFIXES = (".jsonl", ".jsonl.gz", ".jsonl.zst")
SHOWN_NAMES = 3


def input_names(paths: str | Path | Iterable[str | Path], *, apart: str | None = None) -> list[str]:
    """Return the names of files that paths, patterns and directories mean.

    Args:
        paths: What was named; ``**`` in a pattern is any number of directories.
        apart: A file that patterns and directories leave out, since it has a part of its own.

    Raises:
        SourceError: A pattern matches no file, or there is none in a directory.
    """
    names: list[str] = []
    known = set[str]() if apart is None else {os.path.realpath(apart)}
    for path in [paths] if isinstance(paths, str | Path) else paths:
        name = str(path)
        found = _meant(name)
        if found is None:
            names.append(name)
            known.add(name if name == STDIN else os.path.realpath(name))
        else:
            names.extend(_new(found, known))
    return names


def input_name(path: str | Path) -> str:
    """Return the name of the one file that a path, a pattern or a directory means.

    Raises:
        SourceError: A pattern or directory means none.
        SettingsError: There are several.
    """
    names = input_names(path)
    if len(names) > 1:
        shown = ", ".join(names[:SHOWN_NAMES]) + ", …" * (len(names) > SHOWN_NAMES)
        raise SettingsError(f"{path}: stands for {len(names):,} files ({shown}); name the one to take")
    return names[0]


def _meant(name: str) -> list[str] | None:
    """Return the files of a pattern or directory; None for the name of a file."""
    # What is not here is no pattern; whoever opens it says what to do.
    if name == STDIN or "://" in name:
        return None
    if os.path.isdir(name):  # noqa: PTH112  Path raises for names that are too long
        return _inside(name)
    # Path.glob takes no patterns that begin at the root, and says nothing as it is written.
    if not glob.has_magic(name) or os.path.exists(name):  # noqa: PTH110
        return None
    found = [match for match in glob.iglob(name, recursive=True) if not Path(match).is_dir()]  # noqa: PTH207
    if not found:
        raise SourceError(f"{name}: no file matches this pattern")
    return found


def _inside(folder: str) -> list[str]:
    found: list[str] = []
    for place, folders, files in os.walk(folder, onerror=_refuse):
        folders[:] = [name for name in folders if not name.startswith(".")]
        found += [str(Path(place) / name) for name in files if _is_data(name)]
    if not found:
        raise SourceError(f"{folder}: no {', '.join(DATA_SUFFIXES)} file is in this directory; name files")
    return found


def _refuse(error: OSError) -> None:
    raise SourceError(f"{error.filename}: cannot be read ({error.strerror or error})") from error


def _is_data(name: str) -> bool:
    return name.lower().endswith(DATA_SUFFIXES) and not name.startswith(".")


def _new(found: Iterable[str], known: set[str]) -> Iterator[str]:
    """Return the files that are not known yet, by whatever name; what links lead to has the shortest one."""
    fresh: dict[str, str] = {}
    for name in sorted(found, key=lambda name: (len(name), name)):
        fresh.setdefault(os.path.realpath(name), name)
    yield from sorted(name for real, name in fresh.items() if real not in known)
    known.update(fresh)
