"""Write to a file, whole or not at all, or to standard output; never over what is read.

In: pieces of text.
Out: a function that writes.
Not here: what they say (``render``).
"""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from tunestats.output import open_atomically
from tunestats.quoting import printable
from tunestats.settings import STDIN

__all__ = ["spare", "writer"]

BATCH_CHARACTERS = 1 << 16


def spare(target: Path | None, *read: str | Path | None) -> None:
    """Refuse a target that is one of the files that are read: data are not to be overwritten with findings.

    Raises:
        UsageError: It is one of them, under whatever name.
    """
    for name in read:
        if target is not None and name not in (None, STDIN) and _is_same(target, Path(str(name))):
            raise click.UsageError(
                f"{printable(str(target))} is read, and would be overwritten; name another file"
            )


def _is_same(one: Path, other: Path) -> bool:
    try:
        return one.is_file() and one.samefile(other)
    except OSError:
        return False


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
