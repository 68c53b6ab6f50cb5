"""Show how often each rule speaks.

In: a ``View``.
Out: a line, or a JSON object, for every rule that has findings.
Not here: the findings; statistics of the data in the API's shape (``stats_document``).
"""

import json
from collections.abc import Iterator

from tunestats.render.paint import STYLES, paint
from tunestats.render.summary import verdict
from tunestats.render.view import View
from tunestats.rules import RULES

__all__ = ["render_statistics", "render_statistics_json"]


def render_statistics(view: View) -> Iterator[str]:
    """Yield count, code, severity and name of every rule that has findings, the most frequent first."""
    if not view.report.counts:
        yield from (paint(line, color=view.color) for line in verdict(view.report))
    width = max((len(f"{count:,}") for count in view.report.counts.values()), default=0)
    for code, count in _ranked(view):
        severity = view.report.settings.severities[code]
        how_grave = (f"{code}  {severity:<7}  ", STYLES[severity])
        line = [(f"{count:>{width},}  ", "bold"), how_grave, (RULES[code].name, "")]
        yield paint(line, color=view.color)


def render_statistics_json(view: View) -> Iterator[str]:
    """Yield the same as a JSON list."""
    severities = view.report.settings.severities
    rows = [
        {"code": code, "name": RULES[code].name, "severity": severities[code].value, "count": count}
        for code, count in _ranked(view)
    ]
    yield json.dumps(rows, indent=2) + "\n"


def _ranked(view: View) -> list[tuple[str, int]]:
    return sorted(view.report.counts.items(), key=lambda item: -item[1])
