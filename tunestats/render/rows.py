"""Lay out short answers: a label, then what there is to say of it.

In: labels and texts.
Out: lines for people, 79 columns wide unless told otherwise.
Not here: what is said.
"""

from tunestats.render.paint import wrap

__all__ = ["WIDTH", "filled", "labelled_row"]

WIDTH = 79


def filled(text: str, first: str = "", others: str = "", width: int = WIDTH) -> str:
    """Return a text as lines, with what begins the first and the others."""
    return "\n".join(wrap(text, width, others, first))


def labelled_row(label: str, text: str, column: int = 9, width: int = WIDTH) -> str:
    r"""Return a label, and a text that begins in a column.

    >>> labelled_row("cost", "nothing")
    'cost     nothing\n'
    """
    return filled(text, label.ljust(column), " " * column, width) + "\n"
