"""Show how training and validation data compare.

In: a ``Comparison``.
Out: text for people, 79 columns wide.
Not here: where the numbers come from (``jobs``); programs take ``Comparison.to_json``.
"""

from collections.abc import Iterator

from tunestats.drift import Drift, Summary
from tunestats.duplicates import Repeat
from tunestats.findings import Finding
from tunestats.jobs import Comparison
from tunestats.quoting import printable
from tunestats.render.histograms import bar, figure, span
from tunestats.render.paint import labelled
from tunestats.render.rows import filled, labelled_row
from tunestats.report import FileSummary, Overlap

__all__ = ["render_comparison"]

BAR = 17
# Of one, then of several.
SHARED = {
    Repeat.LINE: ("line is the same", "lines are the same"),
    Repeat.EXAMPLE: (
        "example is the same but for white space, case, JSON style",
        "examples are the same but for white space, case, JSON style",
    ),
    Repeat.PROMPT: ("prompt is the same, not the answer", "prompts are the same, not the answers"),
}
LEGEND = (
    "D is the largest distance between the shares of both that are up to a value (Kolmogorov-Smirnov, two "
    "samples), p the chance of one as large if both came from the same source (asymptotic; where values "
    "occur more than once, the true one is smaller)."
)


def render_comparison(comparison: Comparison, *, ascii_only: bool = False) -> str:
    """Return what the files are, what they share, what is wrong with both, and how they differ.

    Args:
        comparison: What to show.
        ascii_only: Whether what shows the text has no letters but those of ASCII to draw with.
    """
    lines = [*_head(comparison), *_shared(comparison)]
    if comparison.findings:
        lines += ["", *map(_finding, comparison.findings)]
    for drift in comparison.drifts:
        lines += ["", *_drift(drift, ascii_only=ascii_only)]
    return "\n".join([*lines, "", filled(LEGEND)]) + "\n"


def _head(comparison: Comparison) -> Iterator[str]:
    yield _row("training", _file(comparison.training))
    yield _row("validation", _file(comparison.validation))
    exact = "exact" if comparison.tokenizer.exact else "an estimate"
    yield _row("tokens", f"{printable(comparison.tokenizer.name)}, {exact}")
    if comparison.estimated_media_tokens:
        yield _row("", f"{comparison.estimated_media_tokens:,} of them are of images and estimated")
    if comparison.unknown_media:
        yield _row(
            "missing",
            f"those of {comparison.unknown_media:,} media that nobody knows offline; they are in no number",
        )
    if comparison.assumptions:
        yield _row("assumed", " ".join(comparison.assumptions))


def _file(file: FileSummary) -> str:
    left_out = f", {file.dropped:,} left out (see `tunestats check`)" if file.dropped else ""
    examples = "example" if file.examples == 1 else "examples"
    return f"{printable(file.name)}: {file.format}, {file.examples:,} {examples}{left_out}"


def _shared(comparison: Comparison) -> Iterator[str]:
    if not comparison.shared_validation:
        yield _row("overlap", "none: no line, example or prompt is in both")
        return
    sides = (
        _share(comparison.shared_validation, comparison.validation, "validation"),
        _share(comparison.shared_training, comparison.training, "training"),
    )
    yield _row("overlap", " and ".join(sides))
    for overlap in comparison.overlaps:
        if overlap.validation:
            yield from _pairs(overlap)


def _share(count: int, file: FileSummary, name: str) -> str:
    whole = file.examples - file.dropped
    return f"{count:,} of {whole:,} {name} examples ({100 * count / whole:.3g}%)"


def _pairs(overlap: Overlap) -> Iterator[str]:
    one, several = SHARED[overlap.kind]
    yield _row("", f"{overlap.validation:,} {one if overlap.validation == 1 else several}")
    for item in overlap.lines:
        yield f"{'line':>18} {item.line}: training line {item.training_line}"
    rest = overlap.validation - len(overlap.lines)
    if rest:
        yield f"{'…':>15} and {rest:,} more; --max-findings 0 shows all"


def _finding(finding: Finding) -> str:
    place = f":{finding.line}" if finding.line else ""
    path = f"{finding.path}: " if finding.path else ""
    said = f"{printable(finding.file)}{place}: {labelled(finding)} {path}{finding.message}"
    return filled(said, "", "    ")


def _drift(drift: Drift, *, ascii_only: bool) -> Iterator[str]:
    titles = ("count", "mean", "min", "p5", "median", "p95", "max")
    yield _cells(drift.name.replace("_", " "), titles)
    yield _summary("  training", drift.training)
    yield _summary("  validation", drift.validation)
    measured = f"  D {drift.statistic:.3f}, p {_chance(drift.p_value)}"
    yield f"{measured:<25}{'training':<{BAR + 10}}validation"
    shares = [
        (item, item.training / drift.training.count, item.validation / drift.validation.count)
        for item in drift.bins
    ]
    largest = max(max(one, other) for _, one, other in shares)
    for item, one, other in shares:
        left, right = (bar(share / largest, BAR, ascii_only=ascii_only) for share in (one, other))
        yield f"{span(item.left, item.right):>22} {one:7.1%}  {left:<{BAR}} {other:7.1%}  {right}".rstrip()


def _summary(label: str, summary: Summary) -> str:
    values = (summary.count, summary.mean, summary.min, summary.p5, summary.median, summary.p95, summary.max)
    return _cells(label, tuple(map(figure, values)))


def _cells(label: str, cells: tuple[str, ...]) -> str:
    return f"{label:<14}" + "".join(f" {cell:>8}" for cell in cells)


def _chance(value: float) -> str:
    return f"{value:.2f}" if value >= 0.01 else f"{value:.0e}" if value >= 1e-9 else "below 1e-9"


def _row(label: str, text: str) -> str:
    return labelled_row(label, text, 12).rstrip("\n")
