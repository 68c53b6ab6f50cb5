"""Say what a report comes to in a few words.

In: an ``Overview`` and its ``Report``.
Out: a ``Line`` for each thing that one wants to know first.
Not here: the tables behind it, and how either is laid out (``report_text``, ``report_html``).
"""

from collections.abc import Iterator
from typing import NamedTuple

from tunestats.overview import Overview
from tunestats.render.summary import found, open_questions
from tunestats.render.view import number
from tunestats.report import Report
from tunestats.rules import RULES

__all__ = ["EXACT", "Line", "headline", "not_exact", "percent"]

# A job is refused if it drops more, where that is known.
EVERYTHING = 1
EXACT = "nothing: all that is counted is counted exactly"


class Line(NamedTuple):
    """One thing to know: what it is about, a figure that may be large on a page, and what that says."""

    label: str
    figure: str
    text: str

    def __str__(self) -> str:
        return f"{self.figure}: {self.text}" if self.text else self.figure


def headline(overview: Overview, report: Report) -> Iterator[Line]:
    """Yield what one wants to know first."""
    yield _examples(overview)
    tokens = overview.input_tokens + overview.output_tokens
    sides = f"{overview.input_tokens:,} input + {overview.output_tokens:,} output"
    yield Line("tokens", f"{tokens:,}", f"{sides}; {_counted_by(report)}")
    yield _longest(overview, report)
    yield _repeats(overview)
    findings = sum(report.counts.values())
    yield Line("findings", f"{findings:,}" if findings else "none", found(report))


def not_exact(report: Report) -> list[str]:
    """Return what is assumed, an estimate, or could not be determined."""
    tokenizer = report.tokenizer
    said = (
        []
        if tokenizer is None or tokenizer.exact
        else [f"Tokens: all counts are estimates ({tokenizer.name})"]
    )
    note = [f"Tokens: {tokenizer.note}"] if tokenizer is not None and tokenizer.note else []
    return [*said, *note, *open_questions(report)]


def percent(share: float) -> str:
    """Return a share to be read; what is not nothing is more than 0.

    >>> percent(0.6667), percent(1), percent(0.00001), percent(0)
    ('66.7%', '100%', '<0.1%', '0%')
    """
    return "<0.1%" if 0 < share < 0.0005 else f"{share:.1%}".replace(".0%", "%")


def _examples(overview: Overview) -> Line:
    if not overview.dropped:
        return Line("examples", f"{overview.examples:,}", "all kept" if overview.examples else "")
    share = percent(overview.share(overview.dropped))
    said = f"{overview.kept:,} kept, {overview.dropped:,} left out ({share})"
    return Line("examples", f"{overview.examples:,}", said)


def _counted_by(report: Report) -> str:
    if report.tokenizer is None:
        return "not counted"
    return f"{report.tokenizer.name}, {'exact' if report.tokenizer.exact else 'an estimate'}"


def _longest(overview: Overview, report: Report) -> Line:
    limit = f"the limit of {overview.limit:,}"
    if not overview.longest:
        return Line("longest", "none", f"no example could be held against {limit}")
    longest = overview.longest[0].limited_tokens
    share = percent(longest / overview.limit)
    if overview.over_limit:
        share = percent(overview.share(overview.over_limit))
        said = f"{number(overview.over_limit, 'example')} ({share}) over {limit}"
        most = report.settings.facts.dropped_share
        said += f"; a job takes up to {most:.0%}" if most < EVERYTHING else ""
    else:
        said = f"{share} of {limit}"
    return Line("longest", number(longest, "token"), said)


def _repeats(overview: Overview) -> Line:
    hidden = [code for code, count in overview.repeats.items() if count is None]
    counts = {RULES[code].name: count for code, count in overview.repeats.items() if count}
    said = [f"{count:,} {name}" for name, count in counts.items()]
    said += [f"{', '.join(hidden)} hidden"] if hidden else []
    known = f"{sum(counts.values()):,}" if counts else "none" if not hidden else "not shown"
    return Line("repeats", known, ", ".join(said))
