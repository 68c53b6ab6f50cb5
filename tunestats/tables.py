"""Make a table with a row for every example.

In: a ``Report`` that has rows.
Out: a polars frame; Parquet, CSV or JSON Lines of it.
Not here: where the numbers come from (``counting``), or that a file is written whole or not at all (``cli``).

CSV has no lists: scores and codes stand in one cell there, with spaces. A spreadsheet takes a cell that begins with
``=``, ``+``, ``-`` or ``@`` for a formula. Numbers and codes never do, and the name of a file gets a ``./`` in front,
which is the same file; so nothing in a table is changed or executed.
"""

from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from tunestats.errors import SettingsError
from tunestats.report import PlacedRow, Report
from tunestats.settings import STDIN

if TYPE_CHECKING:
    import polars as pl

__all__ = ["SUFFIXES", "make_table", "table_suffix", "write_table"]

SUFFIXES = (".parquet", ".csv", ".jsonl")
# The last four are the wide forms, which some spreadsheets read alike.
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")


def make_table(report: Report) -> "pl.DataFrame":
    """Return one row for each example, in file order.

    Raises:
        SettingsError: The report was made without ``per_example=True``.
    """
    if not report.settings.per_example:
        raise SettingsError("rows were not kept; call `stats(path, per_example=True)`")
    import polars as pl  # a quarter of a second that nobody else should pay

    integer = pl.Int64
    schema: dict[str, Any] = {
        "file": pl.String,
        "line": integer,
        "example": integer,
        "dropped": pl.Boolean,
        "input_tokens": integer,
        "output_tokens": integer,
        "estimated_media_tokens": integer,
        "unknown_media": integer,
        "messages": integer,
        "characters": integer,
        "scores": pl.List(pl.Float64),
        "score_variance": pl.Float64,
        "codes": pl.List(pl.String),
    }
    return pl.DataFrame(map(tuple, map(_cells, report.rows)), schema=schema, orient="row")


def _cells(row: PlacedRow) -> Iterator[Any]:
    # Names may hold bytes that are not UTF-8, which no table takes.
    yield row.file.encode("utf-8", "backslashreplace").decode()
    yield from (row.line, row.example, row.numbers is None)
    if row.numbers is None:
        yield from (None,) * 8
    else:
        counts = row.numbers.counts
        yield from (counts.input_tokens, counts.output_tokens)
        yield from (counts.estimated_media_tokens, counts.unknown_media)
        yield from (row.numbers.messages, row.numbers.characters)
        yield [float(score) for score in row.numbers.scores]
        yield row.numbers.score_variance
    yield list(row.codes)


def table_suffix(path: Path) -> str:
    """Return the suffix that says how a table is written.

    >>> table_suffix(Path("rows.CSV"))
    '.csv'

    Raises:
        SettingsError: It is none that is known.
    """
    suffix = path.suffix.lower()
    if suffix not in SUFFIXES:
        raise SettingsError(f"{path}: says not how to write the rows; end the name in {', '.join(SUFFIXES)}")
    return suffix


def write_table(frame: "pl.DataFrame", suffix: str, stream: IO[bytes]) -> None:
    """Write a table into a stream, as a suffix says."""
    if suffix == ".parquet":
        # Held in memory, where it is small: polars has an exception of its own for a full disk.
        held = BytesIO()
        frame.write_parquet(held)
        stream.write(held.getbuffer())
    elif suffix == ".jsonl":
        frame.write_ndjson(stream)
    else:
        _without_lists(frame).write_csv(stream)


def _without_lists(frame: "pl.DataFrame") -> "pl.DataFrame":
    import polars as pl

    begins = pl.any_horizontal(pl.col("file").str.starts_with(sign) for sign in FORMULA)
    safe = pl.when(begins & (pl.col("file") != STDIN)).then("./" + pl.col("file")).otherwise("file")
    lists = pl.col("scores").cast(pl.List(pl.String)), pl.col("codes")
    return frame.with_columns(safe.alias("file"), *(column.list.join(" ") for column in lists))
