"""Show what data hold, in a terminal.

In: a ``View`` of a ``Report`` whose tokens were counted.
Out: text: what it comes to, then tables and histograms.
Not here: the figures (``overview``), or findings one by one (``full``).

Tables are laid out by rich, which knows how wide letters are; it is given no markup.
"""

from collections.abc import Iterable, Iterator, Sequence
from io import StringIO
from itertools import islice
from typing import TYPE_CHECKING

from tunestats.findings import Severity
from tunestats.overview import Overview, Quantity, make_overview
from tunestats.quoting import printable
from tunestats.render.headline import EXACT, headline, not_exact, percent
from tunestats.render.histograms import bar, figure, span
from tunestats.render.paint import STYLES, cells, ending, paint
from tunestats.render.summary import file_line
from tunestats.render.view import View
from tunestats.report import LongExample
from tunestats.rules import RULES

if TYPE_CHECKING:
    from rich.console import Console, RenderableType
    from rich.table import Table
    from rich.text import Text

__all__ = ["render_report_text"]

FILES_SHOWN = 20
# Two histograms stand side by side where a terminal has 80 columns.
HISTOGRAM_WIDTH = 38
GAP = 4
# Fewer columns of a file's name say too little.
LEAST_NAME = 14
TITLES = ("sum", "min", "p5", "median", "mean", "p95", "max")
# In a narrow terminal there is no room for all of them.
FEW_TITLES = ("min", "mean", "max")
WIDE = 60
BAR_STYLE = "blue"


def render_report_text(view: View) -> Iterator[str]:
    """Yield the summary, then each table that has something to say."""
    overview = make_overview(view.report)
    yield from _files(view)
    stream = StringIO()
    console = _console(view, stream)
    for blocks in (
        _titled("", _headline(overview, view)),
        _titled("Left out", _reasons(overview, view)),
        _titled("Distributions", _quantities(overview, view.width)),
        _titled("", _histograms(overview, view)),
        _titled("Longest examples", _longest(overview, view)),
        _titled("Findings", _findings(view)),
        _titled("", _hint(view)),
    ):
        for block in blocks:
            console.print(block)
        yield _taken(stream)


def _console(view: View, stream: StringIO) -> "Console":
    from rich.console import Console  # a tenth of a second that other verbs should not pay

    return Console(
        file=stream,
        width=view.width,
        color_system="standard" if view.color else None,
        force_terminal=view.color,
        no_color=not view.color,
        force_jupyter=False,
        legacy_windows=False,
        markup=False,
        highlight=False,
        emoji=False,
    )


def _taken(stream: StringIO) -> str:
    """Take what was printed so far, without the spaces that fill lines up."""
    lines = stream.getvalue().split("\n")
    stream.seek(0)
    stream.truncate()
    return "\n".join(line.rstrip(" ") for line in lines)


def _titled(title: str, block: "RenderableType | None") -> "Iterable[RenderableType]":
    if block is None:
        return []
    return ["", _text(title, "bold"), block] if title else ["", block]


def _text(text: str, style: str = "") -> "Text":
    from rich.text import Text

    return Text(text, style)


def _table(columns: Sequence[tuple[str, str]], rows: "Iterable[Sequence[str | Text]]") -> "Table":
    """Return a table; of each column the title, and ``>`` if it holds numbers."""
    from rich.table import Table

    table = Table(
        box=None,
        pad_edge=False,
        padding=(0, 2, 0, 0),
        header_style="dim",
        show_header=any(title for title, _ in columns),
    )
    for title, kind in columns:
        table.add_column(
            title,
            justify="right" if kind == ">" else "left",
            no_wrap=kind in (">", "|"),
            overflow="fold",
        )
    for row in rows:
        cells_of_row = (cell if not isinstance(cell, str) else _text(cell) for cell in row)
        table.add_row(*islice(cells_of_row, len(columns)))
    return table


def _files(view: View) -> Iterator[str]:
    """Yield a line for each file, which nothing breaks: names are there to be copied."""
    files = view.report.files
    lines = [file_line(file) for file in files[:FILES_SHOWN]]
    if len(files) > FILES_SHOWN:
        lines.append(f"… and {len(files) - FILES_SHOWN:,} more files")
    yield from (paint([(line, "bold")], color=view.color) for line in lines)


def _headline(overview: Overview, view: View) -> "RenderableType":
    rows = [(line.label, str(line)) for line in headline(overview, view.report)]
    open_ends = not_exact(view.report) or [EXACT]
    rows += [("not exact" if not index else "", text) for index, text in enumerate(open_ends)]
    return _table([("", "|"), ("", "")], ([_text(label, "cyan"), printable(said)] for label, said in rows))


def _reasons(overview: Overview, view: View) -> "RenderableType | None":
    if not overview.reasons:
        return None
    severities = view.report.settings.severities
    rows = (
        [f"{count:,}", _text(code, STYLES[severities[code]]), RULES[code].name, RULES[code].consequence.value]
        for code, count in overview.reasons.items()
    )
    columns = [("examples", ">"), ("rule", "|"), ("", "|"), ("what the service does", "")]
    return _table(_room(columns, view), rows)


def _room(columns: Sequence[tuple[str, str]], view: View) -> Sequence[tuple[str, str]]:
    """Return the columns that a terminal has room for; the last one says what `explain` says, too."""
    return columns if view.width >= WIDE else columns[:-1]


def _quantities(overview: Overview, width: int) -> "RenderableType | None":
    if not overview.quantities:
        return None
    titles = TITLES if width >= WIDE else FEW_TITLES
    rows = ([item.title, *(figure(getattr(item, name)) for name in titles)] for item in overview.quantities)
    return _table([("", "|"), *((name, ">") for name in titles)], rows)


def _histograms(overview: Overview, view: View) -> "RenderableType | None":
    from rich.table import Table

    drawn = [item for item in overview.quantities if len(item.buckets) > 1]
    if not drawn:
        return None
    beside = max(1, (view.width + GAP) // (HISTOGRAM_WIDTH + GAP))
    width = min(view.width, HISTOGRAM_WIDTH)
    grid = Table.grid(padding=(0, GAP, 0, 0), pad_edge=False)
    for start in range(0, len(drawn), beside):
        if start:
            grid.add_row("")
        grid.add_row(*(_histogram(item, width, view) for item in drawn[start : start + beside]))
    return grid


def _histogram(item: Quantity, width: int, view: View) -> "Text":
    spans = [span(bucket.left, bucket.right) for bucket in item.buckets]
    counts = [f"{bucket.count:,}" for bucket in item.buckets]
    wide, high = max(map(len, spans)), max(map(len, counts))
    largest = max(bucket.count for bucket in item.buckets)
    room = max(1, width - wide - high - 2)
    drawing = _text(f"{item.title}\n", "cyan")
    for ends, count, bucket in zip(spans, counts, item.buckets, strict=True):
        drawn = bar(bucket.count / largest, room, ascii_only=view.ascii_only)
        drawing.append(f"{ends:>{wide}} ", "default")
        drawing.append(drawn, BAR_STYLE)
        drawing.append(f"{' ' * (room - cells(drawn))} {count:>{high}}\n", "default")
    drawing.rstrip()
    return drawing


def _longest(overview: Overview, view: View) -> "RenderableType | None":
    if not overview.longest:
        return None
    wide = view.width >= WIDE
    titles = ("line", "example", "input", "output", "together", "of limit") if wide else ("line", "tokens")
    columns = [(title, ">") for title in titles]
    columns += [("", "|")] if overview.over_limit else []
    columns += [("file", "")] if len(view.report.files) > 1 else []
    room = max(LEAST_NAME, view.width - 8 * len(columns)) if len(view.report.files) > 1 else 0
    return _table(columns, (list(_long_row(item, overview, room, wide=wide)) for item in overview.longest))


def _long_row(item: LongExample, overview: Overview, room: int, *, wide: bool) -> "Iterator[str | Text]":
    yield f"{item.line:,}"
    if wide:
        yield f"{item.example:,}"
        yield f"{item.input_tokens:,}"
        yield f"{item.output_tokens:,}"
    yield f"{item.limited_tokens:,}"
    if wide:
        yield percent(item.limited_tokens / overview.limit)
    if overview.over_limit:
        yield _text("left out" if item.too_long else "", "red")
    if room:
        yield _end(printable(item.file), room)


def _end(name: str, room: int) -> str:
    """Return a name, or its end if there is no room for it: files of a run often begin alike."""
    return name if cells(name) <= room else f"…{ending(name, room - 1)}"


def _findings(view: View) -> "RenderableType | None":
    report = view.report
    if not report.counts:
        return None
    severities = report.settings.severities
    ranked = sorted(report.counts.items(), key=lambda item: -item[1])
    rows = (
        [
            f"{count:,}",
            _text(code, STYLES[severities[code]]),
            severities[code].value,
            RULES[code].name,
            RULES[code].summary,
        ]
        for code, count in ranked
    )
    columns = [("", ">"), ("rule", "|"), ("", "|"), ("", "|" if view.width >= WIDE else ""), ("", "")]
    return _table(_room(columns, view), rows)


def _hint(view: View) -> "RenderableType | None":
    if not view.report.counts:
        return None
    severities = view.report.settings.severities
    code = min(view.report.counts, key=lambda code: list(Severity).index(severities[code]))
    return _text(f"`tunestats check` shows each finding, `tunestats explain {code}` says what it means.")
