"""Show a report.

In: a ``Report``.
Out: text, by the name of a format.
Not here: where it goes (``cli``) or the statistics in the API's shape (``stats_document``).
"""

from collections.abc import Callable
from typing import NamedTuple

from tunestats.render.json_ import render_json, render_json_lines
from tunestats.render.text import render_concise, render_text
from tunestats.report import Report

__all__ = ["RENDERERS", "Renderer"]


class Renderer(NamedTuple):
    """A format, and how many findings of each rule it shows unless told otherwise."""

    render: Callable[[Report, bool], str]
    max_findings: int


# People read few findings of a kind; programs want them all, within reason.
RENDERERS = {
    "text": Renderer(render_text, 50),
    "concise": Renderer(render_concise, 10_000),
    "json": Renderer(lambda report, _: render_json(report), 10_000),
    "json-lines": Renderer(lambda report, _: render_json_lines(report), 10_000),
}
