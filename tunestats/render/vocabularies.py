"""Show which vocabularies there are.

In: rows of the catalogue.
Out: a block of lines for each.
Not here: where they are looked for (``tokenizers``).
"""

from collections.abc import Iterable

from tunestats.quoting import printable
from tunestats.render.rows import WIDTH, labelled_row
from tunestats.tokenizers import VocabularyRow

__all__ = ["render_vocabularies"]


def render_vocabularies(rows: Iterable[VocabularyRow], width: int = WIDTH) -> str:
    """Return name, exact or estimate, SHA-256, and where it is or what is missing."""
    return "\n".join(_block(row, width) for row in rows)


def _block(row: VocabularyRow, width: int) -> str:
    kind = "exact" if row.exact else "estimate"
    label, text = ("place", row.place) if row.place else ("missing", row.missing)
    where = labelled_row(f"  {label}", printable(text), 11, width)
    return f"{row.name} ({kind})\n  sha256   {row.sha256}\n{where}"
