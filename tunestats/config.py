"""Read the configuration file.

In: the folder of the first input, or a file's name; what was said on the command line.
Out: ``Configuration``: options by the names that the library has for them; both put together.
Not here: what the options do (``settings``, ``render``).

``tunestats.toml``, or ``[tool.tunestats]`` in ``pyproject.toml``, is looked for upwards; the nearest one counts, and
nothing is taken from the others. Paths and patterns in it start at its own folder. The library reads none.
"""

import glob
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from tunestats.errors import SettingsError
from tunestats.quoting import printable
from tunestats.render import RENDERERS
from tunestats.selection import ALL, choose, severities, words
from tunestats.settings import Settings

__all__ = ["KEYS", "Configuration", "find_configuration", "merge_options", "read_configuration"]

OWN_FILE = "tunestats.toml"
SHARED_FILE = "pyproject.toml"
KEYS: dict[str, type] = {
    "format": str,
    "model": str,
    "tokenizer": str,
    "select": list,
    "ignore": list,
    "extend-select": list,
    "severity": dict,
    "per-file-ignores": dict,
    "fail-on": str,
    "max-findings": int,
    "no-content": bool,
    "output-format": str,
    "baseline": str,
}
SETTINGS = KEYS.keys() - {"output-format", "baseline"}
KINDS: dict[type, str] = {
    str: "a text",
    list: "a list",
    dict: "a table",
    int: "a whole number",
    bool: "true or false",
}
SELECTION = ("select", "ignore", "extend_select")


@dataclass(frozen=True, slots=True)
class Configuration:
    """What a file says; ``path`` is None where there is no file."""

    path: Path | None = None
    options: Mapping[str, Any] = field(default_factory=dict)


def find_configuration(folder: Path) -> Configuration:
    """Return the configuration that is nearest, from a folder upwards.

    Raises:
        SettingsError: It cannot be read, or says something that makes no sense.
    """
    for place in (folder, *folder.parents):
        if (place / OWN_FILE).is_file():
            return read_configuration(place / OWN_FILE)
        shared = place / SHARED_FILE
        if shared.is_file() and "tunestats" in _tools(_read(shared), shared):
            return read_configuration(shared)
    return Configuration()


def read_configuration(path: Path) -> Configuration:
    """Return what a configuration file says.

    Raises:
        SettingsError: It cannot be read, or says something that makes no sense.
    """
    table = _read(path)
    where = str(path)
    if path.name == SHARED_FILE:
        table = _tools(table, path).get("tunestats", {})
        where = f"{path} [tool.tunestats]"
    if type(table) is not dict:
        raise SettingsError(f"{where}: is not a table")
    folder = path.absolute().parent
    return Configuration(
        path, {_name(key): _checked(where, key, value, folder) for key, value in table.items()}
    )


def merge_options(file: Mapping[str, Any], given: Mapping[str, Any]) -> dict[str, Any]:
    """Return the options of a file and those given on the command line, which count more.

    Selections are made one after the other: ``select`` given replaces the file's, ``ignore`` and
    ``extend_select`` change it. The result names every rule that is chosen.

    Raises:
        SettingsError: A rule or a severity is not known.
    """
    merged = {**file, **given}
    chosen: frozenset[str] = frozenset()
    for layer, unless_said in ((file, (ALL,)), (given, None)):
        select = words(layer["select"], "select") if "select" in layer else unless_said
        ignore, extend = (words(layer.get(name, ()), name) for name in ("ignore", "extend_select"))
        chosen = choose(chosen, select, ignore, extend)
    if any(name in merged for name in SELECTION):
        merged = {name: value for name, value in merged.items() if name not in SELECTION}
        merged["select"] = tuple(sorted(chosen))
    if "severity" in given and "severity" in file:
        merged["severity"] = severities(given["severity"], severities(file["severity"]))
    return merged


def _read(path: Path) -> dict[str, Any]:
    import tomllib  # most runs have no file to read

    try:
        with path.open("rb") as stream:
            return tomllib.load(stream)
    except FileNotFoundError:
        raise SettingsError(f"{path}: no such file") from None
    except (ValueError, RecursionError) as error:
        raise SettingsError(f"{path}: is not TOML ({error})") from error
    except OSError as error:
        raise SettingsError(f"{path}: cannot be read ({error.strerror or error})") from error


def _tools(table: dict[str, Any], path: Path) -> dict[str, Any]:
    tools = table.get("tool", {})
    if type(tools) is not dict:
        raise SettingsError(f"{path}: `tool` is not a table")
    return tools


def _name(key: str) -> str:
    return key.replace("-", "_")


def _checked(where: str, key: str, value: Any, folder: Path) -> Any:
    if key not in KEYS:
        raise SettingsError(
            f"{where}: `{printable(key)}` is not a setting; {_hint(key.replace('_', '-'), KEYS)}"
        )
    kind: type = type(value)  # not isinstance: true is no number
    if kind is not KEYS[key]:
        raise SettingsError(f"{where}: `{key}` is {value!r}; expected {KINDS[KEYS[key]]}")
    if key == "output-format" and value not in RENDERERS:
        raise SettingsError(f"{where}: `{printable(value)}` is not a format; {_hint(value, RENDERERS)}")
    if key in SETTINGS:
        try:
            Settings(**{_name(key): value})
        except SettingsError as error:
            raise SettingsError(f"{where}: `{key}`: {error}") from error
    return PLACED[key](value, folder) if key in PLACED else value


def _hint(word: str, known: Iterable[str]) -> str:
    near = get_close_matches(word, known, n=1)
    return f"did you mean `{near[0]}`?" if near else f"there are {', '.join(known)}"


def _path(value: str, folder: Path) -> str:
    return str(folder / value)


def _name_or_path(value: str, folder: Path) -> str:
    return _path(value, folder) if (folder / value).is_file() else value


def _patterns(value: dict[str, Any], folder: Path) -> dict[str, Any]:
    """Let patterns with a slash begin at the folder; others are about names."""
    begin = glob.escape(folder.as_posix().rstrip("/"))
    return {
        f"{begin}/{pattern}" if "/" in pattern and not Path(pattern).is_absolute() else pattern: codes
        for pattern, codes in value.items()
    }


PLACED: dict[str, Callable[[Any, Path], Any]] = {
    "baseline": _path,
    "tokenizer": _name_or_path,
    "per-file-ignores": _patterns,
}
