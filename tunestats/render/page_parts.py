"""Build the parts that a page is made of.

In: titles, texts, rows of cells.
Out: sections, tables, drawings, as elements.
Not here: what stands in them (``report_html``, ``page_findings``), or escaping (``markup``).
"""

from collections.abc import Iterable, Sequence
from xml.etree.ElementTree import Element

from tunestats.findings import Severity
from tunestats.render.markup import Node, element

__all__ = ["Column", "chip", "drawing", "numbers", "prose", "row", "scrolling", "section", "table"]

# The title of a column and the class of its cells.
Column = tuple[str, str]


def section(name: str, title: str, *children: Node) -> Element:
    """Return a section with a heading that others can point to."""
    heading = element("h2", title, id=f"{name}-title")
    return element("section", heading, *children, id=name, aria_labelledby=f"{name}-title")


def drawing(class_: str, *shapes: Element) -> Element:
    """Return shapes in a box of 100 by 10 that is stretched; what they say stands beside them as text."""
    return element(
        "svg",
        *shapes,
        class_=class_ or None,
        viewBox="0 0 100 10",
        preserveAspectRatio="none",
        aria_hidden="true",
    )


def table(
    caption: str, columns: Sequence[Column], rows: Iterable[Element], name: str | None = None
) -> Element:
    """Return a table; of each column the title and its class."""
    head = (element("th", title, scope="col", class_=class_ or None) for title, class_ in columns)
    return element(
        "table",
        element("caption", element("span", caption)),
        element("thead", element("tr", *head)),
        element("tbody", *rows),
        id=name,
    )


def scrolling(made: Element) -> Element:
    """Return a table in a box that scrolls where it is too wide, by keyboard too."""
    return element("div", made, class_="scroll", role="region", tabindex=0, aria_label=made[0][0].text)


def row(columns: Sequence[Column], cells: Sequence[Node], **attributes: str) -> Element:
    """Return a row, whose first cell says what it is about."""
    made = (
        element("td" if index else "th", cell, scope=None if index else "row", class_=class_ or None)
        for index, (cell, (_, class_)) in enumerate(zip(cells, columns, strict=True))
    )
    return element("tr", *made, **attributes)


def numbers(*titles: str) -> list[Column]:
    """Return columns of numbers."""
    return [(title, "number") for title in titles]


def chip(code: str, severity: Severity) -> Element:
    """Return the code of a rule in the colours of its severity."""
    return element("span", code, class_=f"chip {severity}")


def prose(text: str, soft: str = "") -> Element:
    """Return a text in which what stands in backticks is code, and perhaps more that matters less."""
    pieces = (element("code", piece) if index % 2 else piece for index, piece in enumerate(text.split("`")))
    return element("span", *pieces, element("span", soft, class_="soft") if soft else None, dir="ltr")
