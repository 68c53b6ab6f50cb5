"""Show which vocabularies there are.

In: rows of the catalogue.
Out: a block of lines for each.
Not here: where they are looked for (``tokenizers``).
"""

from collections.abc import Iterable
from textwrap import fill

from tunestats.quoting import printable
from tunestats.tokenizers import VocabularyRow

__all__ = ["render_vocabularies"]

WIDTH = 79


def render_vocabularies(rows: Iterable[VocabularyRow]) -> str:
    """Return name, exact or estimate, SHA-256, and where it is or what is missing."""
    return "\n".join(_block(row) for row in rows)


def _block(row: VocabularyRow) -> str:
    kind = "exact" if row.exact else "estimate"
    label, text = ("place", row.place) if row.place else ("missing", row.missing)
    where = fill(
        printable(text),
        WIDTH,
        initial_indent=f"  {label:<9}",
        subsequent_indent=" " * 11,
        break_long_words=False,
        break_on_hyphens=False,
    )
    return f"{row.name} ({kind})\n  sha256   {row.sha256}\n{where}\n"
