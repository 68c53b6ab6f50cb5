"""Show a report.

In: a ``Report``.
Out: text, by the name of a format.
Not here: where it goes (``cli``) or the statistics in the API's shape (``stats_document``).
"""

from collections.abc import Callable
from functools import partial
from typing import NamedTuple

from tunestats.render.json_ import render_json, render_json_lines
from tunestats.render.text import render_concise, render_text
from tunestats.report import Report

__all__ = ["RENDERERS", "Renderer"]


class Renderer(NamedTuple):
    """A format, and how many findings of each rule it shows unless told otherwise."""

    render: Callable[[Report], str]
    max_findings: int
    colored: Callable[[Report], str] | None = None

    def __call__(self, report: Report, *, color: bool) -> str:
        """Return the text, with colours for a terminal where the format has them."""
        return self.colored(report) if color and self.colored else self.render(report)


# People read few findings of a kind; programs want them all, within reason.
RENDERERS = {
    "text": Renderer(render_text, 50, partial(render_text, color=True)),
    "concise": Renderer(render_concise, 10_000, partial(render_concise, color=True)),
    "json": Renderer(render_json, 10_000),
    "json-lines": Renderer(render_json_lines, 10_000),
}
