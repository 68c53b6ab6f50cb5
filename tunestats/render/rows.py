"""Lay out short answers: a label, then what there is to say of it.

In: labels and texts.
Out: lines for people, 79 columns wide.
Not here: what is said.
"""

from textwrap import fill

__all__ = ["WIDTH", "filled", "labelled_row"]

WIDTH = 79


def filled(text: str, first: str = "", others: str = "") -> str:
    """Return a text as lines with what begins the first and the others; a word is never broken.

    A path, and an option's name, can be copied only if it is whole.
    """
    return fill(
        text,
        WIDTH,
        initial_indent=first,
        subsequent_indent=others,
        break_long_words=False,
        break_on_hyphens=False,
    )


def labelled_row(label: str, text: str, column: int = 9) -> str:
    r"""Return a label, and a text that begins in a column.

    >>> labelled_row("cost", "nothing")
    'cost     nothing\n'
    """
    return filled(text, label.ljust(column), " " * column) + "\n"
