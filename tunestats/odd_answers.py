"""Say by what an answer may be odd.

In: nothing.
Out: what both the quick look (``formats.looking``) and the full one (``checks.answers``) go by.
Not here: what is said about such answers (``rules``).
"""

__all__ = ["INVISIBLE", "LONG_CHARACTERS", "LOST"]

# Characters that a reader cannot see and str.strip does not take for white space: of Unicode's default ignorable code
# points those of the basic plane, the blank of Braille, controls.
INVISIBLE = (
    "\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180e\u200b\u200c\u200d\u200e\u200f\u202a\u202b\u202c\u202d\u202e"
    "\u2060\u2061\u2062\u2063\u2064\u2066\u2067\u2068\u2069\u206a\u206b\u206c\u206d\u206e\u206f\u2800\u3164\ufeff\uffa0"
    "\0\b\x7f"
)

# What programs write where a value is missing. None and null are answers, too, to more than one question.
LOST = frozenset(
    (
        "nan",
        "NaN",
        "<NA>",
        "NaT",
        "undefined",
        "[object Object]",
        "#N/A",
        "#REF!",
        "#VALUE!",
        "#NAME?",
        "#DIV/0!",
    )
)
# From so many characters on an answer may be out of proportion.
LONG_CHARACTERS = 20_000
