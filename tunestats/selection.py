"""Choose which rules are shown, and how much each matters.

In: rules as users name them: a code, the beginning of codes (``E3``), a name, or ``ALL``; patterns of files.
Out: sets of codes, and the severity of each.
Not here: what a rule does to an example. Who hides an error or calls it a warning sees less and may get
another exit code; the example is left out of the statistics all the same, as the service would.
"""

import os
import re
from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from fnmatch import fnmatchcase
from pathlib import Path

from tunestats.errors import SettingsError
from tunestats.findings import Severity
from tunestats.quoting import printable
from tunestats.rules import RULES

__all__ = ["ALL", "check_pattern", "choose", "codes_of", "find_rule", "ignored_in", "severities", "words"]

ALL = "ALL"
WINDOWS = re.compile(r"[A-Za-z]:[\\/]|\\\\")
BY_NAME = {rule.name: rule.code for rule in RULES.values()}


def words(value: object, name: str) -> tuple[str, ...]:
    """Return the words of a list, or of a text in which they stand between commas.

    >>> words("E3, W301", "select"), words(["E3"], "select")
    (('E3', 'W301'), ('E3',))

    Raises:
        SettingsError: It is neither; ``name`` is what the message calls it.
    """
    items = value.split(",") if isinstance(value, str) else value
    if not isinstance(items, list | tuple) or not all(isinstance(item, str) for item in items):
        raise SettingsError(f"{name} is {value!r}; expected a list of codes or names of rules")
    return tuple(item.strip() for item in items if item.strip())


def codes_of(selector: str) -> frozenset[str]:
    """Return the codes that a user means by a code, the beginning of one, a name, or ``ALL``.

    >>> sorted(codes_of("W10")), sorted(codes_of("unknown-role"))
    (['W101', 'W102'], ['E301'])

    Raises:
        SettingsError: No rule is meant.
    """
    if selector.upper() == ALL:
        return frozenset(RULES)
    code = BY_NAME.get(selector.lower())
    if code:
        return frozenset((code,))
    found = frozenset(code for code in RULES if selector and code.startswith(selector.upper()))
    if not found:
        raise SettingsError(_unknown(selector))
    return found


def find_rule(name: str) -> str:
    """Return the code of the rule that has this code or name.

    Raises:
        SettingsError: There is none.
    """
    code = BY_NAME.get(name.lower(), name.upper())
    if code not in RULES:
        raise SettingsError(_unknown(name))
    return code


def choose(
    start: frozenset[str], select: tuple[str, ...] | None, ignore: Iterable[str], extend_select: Iterable[str]
) -> frozenset[str]:
    """Return the codes that are chosen; what is named more exactly decides, and ``ignore`` where both do.

    >>> sorted(choose(frozenset(), ("W1",), ["W102"], ["E301"]))
    ['E301', 'W101']

    Args:
        start: What is chosen so far; it counts for nothing if ``select`` is given.
        select: Rules to choose; None leaves ``start`` as it is.
        ignore: Rules to leave out.
        extend_select: Rules to choose besides.
    """
    chosen = set(start if select is None else ())
    wanted = [(_exactness(word), False, codes_of(word)) for word in (*(select or ()), *extend_select)]
    refused = [(_exactness(word), True, codes_of(word)) for word in ignore]
    for _, refuse, codes in sorted(wanted + refused, key=lambda item: item[:2]):
        chosen = chosen - codes if refuse else chosen | codes
    return frozenset(chosen)


def severities(
    changes: Mapping[str, str], start: Mapping[str, Severity] | None = None
) -> dict[str, Severity]:
    """Return the severity of every rule; of changes that concern the same rule, the most exact one counts.

    ``start`` has the severities that are changed; those of the rules themselves unless it is given.

    >>> severities({"W": "error", "W101": "info"})["W101"].value
    'info'

    Raises:
        SettingsError: A rule or a severity is not known.
    """
    changed = dict(start or {code: rule.severity for code, rule in RULES.items()})
    for selector in sorted(changes, key=_exactness):
        try:
            severity = Severity(changes[selector])
        except ValueError:
            known = ", ".join(Severity)
            raise SettingsError(
                f"`{printable(str(changes[selector]))}` is not a severity (of {selector}); expected one of {known}"
            ) from None
        changed.update(dict.fromkeys(codes_of(selector), severity))
    return changed


def check_pattern(pattern: object) -> None:
    """Do nothing if a pattern may match a file.

    One that matches none of today's files is right, too: the same patterns are for many runs.

    Raises:
        SettingsError: It never matches anything.
    """
    if not isinstance(pattern, str) or not pattern.strip():
        raise SettingsError(f"{pattern!r} is not a pattern of files; expected one such as `old/*.jsonl`")
    said = f"the pattern `{printable(pattern)}` never matches a file; "
    if WINDOWS.match(pattern) and not Path(pattern).is_absolute():
        raise SettingsError(f"{said}it is a path of another system")
    if "\\" in pattern and os.sep != "\\":
        raise SettingsError(f"{said}write `/` between folders, not a backslash")
    if pattern.startswith("~"):
        raise SettingsError(f"{said}write the folder that `~` stands for")
    if pattern.endswith("/"):
        raise SettingsError(f"{said}write `{printable(pattern)}*` for the files in a folder")


def ignored_in(name: str, patterns: Mapping[str, Iterable[str]]) -> frozenset[str]:
    """Return the codes that are ignored in a file: a pattern is one of its name or of its whole path."""
    path = _absolute(name)
    return frozenset(
        code
        for pattern, selectors in patterns.items()
        if fnmatchcase(path.rpartition("/")[2], pattern) or _matches(path, _absolute(pattern))
        for selector in selectors
        for code in codes_of(selector)
    )


def _matches(path: str, pattern: str) -> bool:
    # A star takes any folders with it; two of them may stand for none, as in `data/**/*.jsonl`.
    return fnmatchcase(path, pattern) or fnmatchcase(path, pattern.replace("**/", ""))


def _absolute(name: str) -> str:
    # Not resolve(): a link has the name that it was given.
    return Path(os.path.normpath(Path(name).absolute())).as_posix()


def _exactness(selector: str) -> int:
    if selector.upper() == ALL:
        return 0
    return 4 if selector.lower() in BY_NAME else len(selector)


def _unknown(selector: str) -> str:
    names = {**{code.lower(): code for code in RULES}, **{name: name for name in BY_NAME}}
    near = get_close_matches(selector.lower(), names, n=1)
    hint = f"did you mean `{names[near[0]]}`?" if near else "`tunestats rules` lists them"
    return f"`{printable(selector)}` is not a rule; {hint}"
