"""Draw distributions with the letters of a terminal.

In: numbers, shares, buckets.
Out: short texts: figures, ranges, bars.
Not here: where on a page they stand.
"""

from math import ceil

__all__ = ["bar", "figure", "span"]

EIGHTHS = " ▏▎▍▌▋▊▉"


def bar(share: float, width: int, *, ascii_only: bool = False) -> str:
    """Return a bar that fills a share of so many columns; what is not nothing is seen.

    >>> bar(0.5, 10), bar(0.0001, 10), bar(0, 10), bar(0.5, 10, ascii_only=True)
    ('█████', '▏', '', '#####')
    """
    if ascii_only:
        return "#" * (max(1, round(share * width)) if share else 0)
    eighths = ceil(share * width * 8)
    return ("█" * (eighths // 8) + EIGHTHS[eighths % 8]).rstrip()


def figure(value: float) -> str:
    """Return a number to be read: whole ones in full, others with three digits or one behind the point.

    >>> figure(131072), figure(1234.567), figure(22.84), figure(0.25)
    ('131,072', '1,234.6', '22.8', '0.25')
    """
    if value == int(value):
        return f"{int(value):,}"
    return f"{value:,.1f}" if abs(value) >= 100 else f"{value:.3g}"


def span(left: float, right: float) -> str:
    """Return the ends of a bucket.

    >>> span(20, 1021), span(7, 7)
    ('20-1,021', '7')
    """
    return figure(left) if left == right else f"{figure(left)}-{figure(right)}"
