"""Find the files that names and patterns mean, and write a file whole or not at all.

In: arguments of the command line.
Out: names of files; a function that writes.
Not here: what is in the files.
"""

import glob
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from tunestats.errors import SourceError
from tunestats.output import open_atomically

__all__ = ["expand", "writer"]

BATCH_CHARACTERS = 1 << 16


def expand(arguments: Iterable[str]) -> list[str]:
    """Return the names of files; patterns are expanded (``**`` is any number of folders), and sorted.

    A name of a file that is there is never a pattern, and a pattern adds no file twice.

    Raises:
        SourceError: A pattern matches no file.
    """
    names: list[str] = []
    for argument in arguments:
        if not glob.has_magic(argument) or Path(argument).exists():
            names.append(argument)
            continue
        # Path.glob takes no patterns that begin at the root, and says nothing as it is written.
        matches = glob.iglob(argument, recursive=True)  # noqa: PTH207
        found = sorted(name for name in matches if not Path(name).is_dir())
        if not found:
            raise SourceError(f"{argument}: no file matches this pattern")
        names.extend(name for name in found if name not in names)
    return names


@contextmanager
def writer(target: Path | None, *, color: bool) -> Iterator[Callable[[Iterable[str]], None]]:
    """Give a function that writes pieces of text to a file, or to standard output if there is none.

    The file is there when all is written, or stays what it was.

    Raises:
        OutputError: The file cannot be written.
    """
    if target is None:
        yield lambda pieces: _echo(pieces, color=color)
        return
    with open_atomically(target) as stream:
        yield stream.writelines


def _echo(pieces: Iterable[str], *, color: bool) -> None:
    batch: list[str] = []
    size = 0
    for piece in pieces:
        batch.append(piece)
        size += len(piece)
        if size > BATCH_CHARACTERS:
            click.echo("".join(batch), nl=False, color=color)
            batch, size = [], 0
    click.echo("".join(batch), nl=False, color=color)
