"""Show a report.

In: a ``View`` of a ``Report``.
Out: pieces of text, by the name of a format.
Not here: where it goes (``cli``) or the statistics in the API's shape (``stats_document``).
"""

from collections.abc import Callable, Iterator
from typing import NamedTuple

from tunestats.render.concise import render_concise
from tunestats.render.full import render_full
from tunestats.render.github import render_github
from tunestats.render.gitlab import render_gitlab
from tunestats.render.json_ import render_json, render_json_lines
from tunestats.render.junit import render_junit
from tunestats.render.markdown import render_markdown
from tunestats.render.report_text import render_report_text
from tunestats.render.sarif import render_sarif
from tunestats.render.statistics import render_statistics, render_statistics_json
from tunestats.render.view import View

__all__ = ["RENDERERS", "REPORTS", "STATISTICS", "Renderer", "View"]


class Renderer(NamedTuple):
    """A format: how it is made, and how many findings of each rule it shows unless told otherwise.

    ``rolls_up`` tells that it says itself how many findings it does not show, ``utf8`` that whoever reads it expects
    UTF-8, whatever the user's terminal takes.
    """

    render: Callable[[View], Iterator[str]]
    max_findings: int
    rolls_up: bool = True
    utf8: bool = True

    def __call__(self, view: View) -> str:
        """Return the whole text."""
        return "".join(self.render(view))


def _render_report_html(view: View) -> Iterator[str]:
    from tunestats.render.report_html import (
        render_report_html,  # the parts of a page, which a check needs not
    )

    return render_report_html(view)


# People read few findings of a kind; programs want them all, within reason.
PEOPLE, PAGE, PROGRAMS = 50, 200, 10_000
RENDERERS = {
    "full": Renderer(render_full, PEOPLE, utf8=False),
    "concise": Renderer(render_concise, PROGRAMS, utf8=False),
    "json": Renderer(render_json, PROGRAMS, rolls_up=False),
    "json-lines": Renderer(render_json_lines, PROGRAMS, rolls_up=False),
    "github": Renderer(render_github, PEOPLE),
    "gitlab": Renderer(render_gitlab, PROGRAMS, rolls_up=False),
    "sarif": Renderer(render_sarif, PROGRAMS),
    "junit": Renderer(render_junit, PROGRAMS),
    "markdown": Renderer(render_markdown, PEOPLE),
}
# What --statistics shows in place of findings.
STATISTICS = {"full": render_statistics, "concise": render_statistics, "json": render_statistics_json}
# What data hold, where RENDERERS say what is wrong with them.
REPORTS = {
    "text": Renderer(render_report_text, PEOPLE, utf8=False),
    "html": Renderer(_render_report_html, PAGE),
}
