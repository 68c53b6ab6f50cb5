"""Say what a renderer is given.

In: a ``Report``, what is known about the place where it is shown.
Out: ``View``, and what several formats need of it.
Not here: any format.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import groupby
from pathlib import Path, PurePath

from tunestats.excerpts import Spot, iter_spots
from tunestats.findings import Finding
from tunestats.quoting import printable
from tunestats.report import FileSummary, Report

__all__ = ["Item", "View", "number", "portable"]

WIDTH = 80
Item = tuple[Finding, Spot]
NO_GROUP: tuple[str, Iterator[Item]] = ("", iter(()))


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """A report and how it is to be shown.

    Attributes:
        report: What to show.
        color: Whether there are colours, in formats for people.
        width: Columns of the terminal, in formats for people.
        ascii_only: Whether what shows the text has no letters but those of ASCII to draw with.
        root: The folder to which paths are relative in formats for other programs.
        version: The version of this package.
    """

    report: Report
    color: bool = False
    width: int = WIDTH
    ascii_only: bool = False
    root: Path = field(default_factory=Path.cwd)
    version: str = ""

    def spots(self) -> Iterator[Item]:
        """Yield every finding with its place in the line; the files are read once more."""
        return iter_spots(self.report)

    def not_shown(self) -> dict[str, int]:
        """Return how many findings of each code are counted and not kept."""
        kept = Counter(finding.code for finding in self.report.findings)
        return {code: count - kept[code] for code, count in self.report.counts.items() if count > kept[code]}

    def by_file(self, items: Iterable[Item]) -> Iterator[tuple[FileSummary, Iterator[Item]]]:
        """Yield every file, in order, with the items whose finding is about it."""
        groups = groupby(items, key=lambda item: item[0].file)
        name, group = next(groups, NO_GROUP)
        for file in self.report.files:
            found = file.name == name
            yield file, group if found else iter(())
            if found:
                name, group = next(groups, NO_GROUP)

    def path_of(self, finding: Finding) -> str:
        """Return the path of a finding's file as other programs want it."""
        return _path_of(finding.file, self.root)


@lru_cache
def _path_of(name: str, root: Path) -> str:
    return printable(portable(Path(name), root))


def portable(path: PurePath, root: PurePath) -> str:
    r"""Return a path with slashes, relative to a folder if it is in there.

    >>> from pathlib import PureWindowsPath
    >>> portable(PureWindowsPath("C:\\repo\\data\\a.jsonl"), PureWindowsPath("C:\\repo"))
    'data/a.jsonl'
    """
    whole = path if path.is_absolute() else Path.cwd() / path if isinstance(path, Path) else root / path
    return (whole.relative_to(root) if whole.is_relative_to(root) else path).as_posix()


def number(count: int, noun: str) -> str:
    """Return a number of things.

    >>> number(1, "error"), number(1200, "error")
    ('1 error', '1,200 errors')
    """
    return f"{count:,} {noun}" if count == 1 else f"{count:,} {noun}s"
