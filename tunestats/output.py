"""Write files whole or not at all.

In: a path and what shall stand there.
Out: the file.
Not here: what is written (``render``, ``baseline``, ``tokenizers``).
"""

import io
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tunestats.errors import OutputError

__all__ = ["open_atomically", "write_atomically"]


@contextmanager
def open_atomically(path: Path) -> Iterator[io.TextIOWrapper]:
    r"""Give a stream to a file of which nobody ever sees a part: it is written beside its place, then moved there.

    A symbolic link stays one, and its target is replaced. What is no file, such as a pipe or ``/dev/stdout``, is
    written to as it is. Text is UTF-8 with ``\n``, characters that have no place in it are escapes.

    Args:
        path: Where; a file that is there already is replaced, with the permissions of a new one.

    Raises:
        OutputError: The file cannot be written; whatever was there before still is.
    """
    try:
        if path.exists() and not path.is_file():
            with _opened(path, "w") as stream:
                yield stream
        else:
            with _replacing(Path(os.path.realpath(path))) as stream:
                yield stream
    except OSError as error:
        raise OutputError(f"{path}: cannot be written ({error.strerror or error})") from error


def write_atomically(path: Path, content: str | bytes) -> None:
    """Write a file as a whole; see ``open_atomically``.

    Raises:
        OutputError: The file cannot be written; whatever was there before still is.
    """
    with open_atomically(path) as stream:
        if isinstance(content, str):
            stream.write(content)
        else:
            stream.buffer.write(content)


@contextmanager
def _replacing(target: Path) -> Iterator[io.TextIOWrapper]:
    beside = target.with_name(f".tunestats-{os.urandom(8).hex()}.tmp")
    try:
        # Not a temporary file of `tempfile`, which nobody else may read.
        with _opened(beside, "x") as stream:
            yield stream
            stream.flush()
            # Otherwise a crash of the machine may leave the new name and none of the content.
            os.fsync(stream.fileno())
        beside.replace(target)
    finally:
        beside.unlink(missing_ok=True)


def _opened(path: Path, mode: str) -> io.TextIOWrapper:
    return path.open(mode, encoding="utf-8", newline="\n", errors="backslashreplace")  # type: ignore[return-value]
