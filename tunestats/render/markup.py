"""Write HTML that is escaped by construction.

In: names of elements, texts, attributes; a style sheet and a script of our own.
Out: elements, and the page around them.
Not here: what stands on a page (``report_html``).

Elements are those of ElementTree, which escapes every text and attribute when it writes them; a template engine
would be one more dependency, and has to be asked to. What could steer a reader's eye, control characters and those
that change the direction of writing, becomes a visible escape when it is put into an element. The page allows no
connection, no frame, no form, and no script or style but its own two, by their digests.
"""

from base64 import b64encode
from collections.abc import Iterable, Iterator
from hashlib import sha256
from importlib import resources
from xml.etree.ElementTree import Element, tostring

from tunestats.quoting import printable

__all__ = ["Node", "element", "markup", "page"]

Node = Element | str | None
# Drawn, so that a server that shows the page is not asked for one.
ICON = (
    "data:image/svg+xml,%3Csvg%20xmlns=%22http://www.w3.org/2000/svg%22%20viewBox=%220%200%2016%2016%22%3E"
    "%3Cpath%20fill=%22%233672c9%22%20d=%22M1%209h3v6H1zM6%201h4v14H6zM12%205h3v10h-3z%22/%3E%3C/svg%3E"
)


def element(tag: str, *children: Node, **attributes: str | int | None) -> Element:
    """Return an element; of attributes, ``_`` becomes ``-`` and one at the end is left out.

    >>> markup(element("td", "<i>", class_="a", data_sort=3))
    '<td class="a" data-sort="3">&lt;i&gt;</td>'

    Args:
        tag: Its name.
        *children: Elements and texts; None is nothing.
        **attributes: Their values; None leaves an attribute out.
    """
    made = Element(tag)
    for name, value in attributes.items():
        if value is not None:
            made.set(name.removesuffix("_").replace("_", "-"), printable(str(value)))
    last: Element | None = None
    for child in children:
        if isinstance(child, str):
            text = printable(child)
            if last is None:
                made.text = (made.text or "") + text
            else:
                last.tail = (last.tail or "") + text
        elif child is not None:
            made.append(child)
            last = child
    return made


def markup(made: Element) -> str:
    """Return an element as HTML."""
    return tostring(made, encoding="unicode", method="html")


def page(title: str, body: Iterable[str], *, style: str, script: str) -> Iterator[str]:
    """Yield a page.

    Args:
        title: Its title.
        body: What stands in it, as HTML.
        style: Name of the style sheet in ``page/``.
        script: Name of the script in ``page/``.
    """
    sheet, program = _own(style), _own(script)
    policy = (
        f"default-src 'none'; style-src '{_digest(sheet)}'; script-src '{_digest(program)}'; img-src data:; "
        "base-uri 'none'; form-action 'none'"
    )
    head = element(
        "head",
        element("meta", charset="utf-8"),
        element("meta", http_equiv="Content-Security-Policy", content=policy),
        element("meta", name="viewport", content="width=device-width, initial-scale=1"),
        element("meta", name="color-scheme", content="light dark"),
        element("meta", name="referrer", content="no-referrer"),
        element("title", title),
        element("link", rel="icon", href=ICON),
    )
    yield f'<!DOCTYPE html>\n<html lang="en">\n{markup(head).removesuffix("</head>")}<style>{sheet}</style></head>\n<body>\n'
    yield from body
    yield f"<script>{program}</script>\n</body>\n</html>\n"


def _own(name: str) -> str:
    return resources.files("tunestats").joinpath("render", "page", name).read_text(encoding="utf-8")


def _digest(text: str) -> str:
    return f"sha256-{b64encode(sha256(text.encode()).digest()).decode()}"
