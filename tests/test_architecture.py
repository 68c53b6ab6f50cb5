"""The house stands: rooms import from lower floors only, guests stay in their rooms, doors are labelled."""

import ast
import importlib
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

import tunestats
from tunestats.rules import RULES

PACKAGE = Path(tunestats.__file__).parent
# From the ground up. Rooms of one floor do not know each other; a package is one room.
FLOORS = (
    "errors findings example smallest quoting odd_answers",
    "rules limits distribution fingerprints quotes output row_store",
    "drift candidates duplicates selection survey",  # these know how keys and fingerprints are laid out
    "settings tokenizers protojson",
    "source inputs counted",
    "lines formats checks counting",  # lines cuts what source opens
    "parsing assumptions",  # parsing refuses what is longer than lines keeps
    "accumulator containers",
    "places",
    "overlap",
    "dataset",
    "report",
    "locating masking",
    "excerpts",
    "baseline overview tables",
    "engines",
    "stats_document",
    "jobs",  # of finished reports it only makes sense
    "render",
    "config library",
    "library_jobs",
    "__init__",
    "cli",  # shows the version, which stands at the front door
    "__main__",
)
FLOOR_OF = {room: number for number, floor in enumerate(FLOORS) for room in floor.split()}
GUESTS = {
    "backports": {"source"},
    "click": {"cli"},
    "compression": {"source"},  # what backports.zstd is in Python 3.14
    "msgspec": {"formats"},
    "google": {"jobs"},  # not a dependency: whoever hands over a protobuf message has it
    "numpy": set(FLOOR_OF),
    "orjson": {"fingerprints", "parsing", "stats_document", "tokenizers"},
    "polars": {"library", "tables"},
    "rich": {"render", "cli"},
    "tiktoken": {"tokenizers"},
    "xxhash": {"fingerprints"},
}
# Importing them takes as long as checking megabytes: never before they are needed.
SLOW = {"numpy", "polars", "rich", "tiktoken"}
# What a small check may need, of guests, of the standard library's heavy modules, and of our own that few need.
QUICK = {"click", "msgspec", "orjson", "xxhash"}
HEAVY = {
    "asyncio",
    "concurrent",
    "multiprocessing",
    "queue",
    "socket",
    "sqlite3",
    "ssl",
    "subprocess",
    "unittest",
    "xml",
}
ONLY_WHEN_NEEDED = {
    "tunestats.engines.processes",
    "tunestats.engines.worker",
    "tunestats.jobs",
    "tunestats.tokenizers",
}


class Import(NamedTuple):
    """What a module takes from another; ``at_start`` if it does so when it is imported itself."""

    module: str
    source: str
    names: tuple[str, ...]
    at_start: bool


def name_of(path: Path) -> str:
    parts = path.relative_to(PACKAGE.parent).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


PATHS = {name_of(path): path for path in sorted(PACKAGE.rglob("*.py"))}
BY_MODULE = pytest.mark.parametrize("module", PATHS)


def room_of(module: str) -> str:
    return module.split(".")[1] if "." in module else "__init__"


def imports_of(module: str) -> Iterator[Import]:
    yield from _imports(ast.parse(PATHS[module].read_text(encoding="utf-8")), module, at_start=True)


def _imports(node: ast.AST, module: str, *, at_start: bool) -> Iterator[Import]:
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.Import):
            for alias in child.names:
                yield Import(module, alias.name, (), at_start)
        elif isinstance(child, ast.ImportFrom):
            assert child.level == 0, f"{module} imports relatively"
            assert child.module is not None
            yield from _from(
                module, child.module, tuple(alias.name for alias in child.names), at_start=at_start
            )
        else:
            later = isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda)
            typing_only = isinstance(child, ast.If) and ast.unparse(child.test) == "TYPE_CHECKING"
            yield from _imports(child, module, at_start=at_start and not later and not typing_only)


def _from(module: str, source: str, names: tuple[str, ...], *, at_start: bool) -> Iterator[Import]:
    """Tell modules that are imported from a package from what stands in the package itself."""
    modules = [name for name in names if f"{source}.{name}" in PATHS]
    for name in modules:
        yield Import(module, f"{source}.{name}", (), at_start)
    rest = tuple(name for name in names if name not in modules)
    if rest:
        yield Import(module, source, rest, at_start)


IMPORTS = [item for module in PATHS for item in imports_of(module)]
OWN = [item for item in IMPORTS if item.source.split(".")[0] == "tunestats"]


def test_every_room_has_a_floor() -> None:
    assert {room_of(module) for module in PATHS} == set(FLOOR_OF)
    assert len(OWN) > 50


@BY_MODULE
def test_imports_come_from_lower_floors(module: str) -> None:
    room = room_of(module)
    assert [
        item.source
        for item in OWN
        if item.module == module
        if room_of(item.source) != room and FLOOR_OF[room_of(item.source)] >= FLOOR_OF[room]
    ] == []


@pytest.mark.parametrize(
    "package", ["protojson", "formats", "jobs", "checks", "tokenizers", "engines", "render", "cli"]
)
def test_files_of_a_package_do_not_go_in_circles(package: str) -> None:
    prefix = f"tunestats.{package}"
    needs: dict[str, set[str]] = {module: set() for module in PATHS if module.startswith(prefix)}
    for item in OWN:
        if item.module in needs and item.at_start and item.source in needs:
            needs[item.module].add(item.source)
    while free := {module for module, wanted in needs.items() if not wanted & set(needs)}:
        for module in free:
            del needs[module]
    assert needs == {}


def test_formats_are_siblings() -> None:
    siblings = {"tunestats.formats.sft", "tunestats.formats.preference"}
    assert [item for item in OWN if {item.module, item.source} == siblings] == []


def test_guests_stay_in_their_rooms() -> None:
    foreign = [
        (item, item.source.split(".")[0])
        for item in IMPORTS
        if item not in OWN and item.source.split(".")[0] not in sys.stdlib_module_names
    ]
    assert {guest for _, guest in foreign} == set(GUESTS)
    assert [item for item, guest in foreign if room_of(item.module) not in GUESTS[guest]] == []
    assert [
        item
        for item, guest in foreign
        if guest in SLOW and item.at_start and room_of(item.module) != "tokenizers"
    ] == []
    # Of orjson, the engines only know the name of its exception.


def kind_and_name(name: str) -> tuple[int, str]:
    """Sort constants before classes, and these before everything else, as ruff does."""
    return (0 if name.isupper() else 1 if name[0].isupper() else 2), name


def offered_by(module: str) -> list[str]:
    return list(getattr(importlib.import_module(module), "__all__", ()))


@pytest.mark.parametrize("module", [module for module in PATHS if module != "tunestats.__main__"])
def test_all_is_sorted_and_complete(module: str) -> None:
    offered = offered_by(module)
    assert offered
    assert offered == sorted(set(offered), key=kind_and_name)
    assert [
        name for name in offered if name.startswith("_") or not hasattr(importlib.import_module(module), name)
    ] == []
    # Every rule stands under its own name too; the list of them is RULES.
    rows = {name for name, value in vars(tunestats.rules).items() if value in RULES.values()}
    taken = {name for item in OWN if item.source == module for name in item.names}
    assert taken - set(offered) - {"__version__"} - (rows if module == "tunestats.rules" else set()) == set()


def test_nobody_takes_what_is_private() -> None:
    private = [(item.module, name) for item in OWN for name in item.names if name.startswith("_")]
    assert {name for _, name in private} <= {"__version__"}


@BY_MODULE
def test_door_plates(module: str) -> None:
    plate = ast.get_docstring(ast.parse(PATHS[module].read_text(encoding="utf-8"))) or ""
    assert plate.split("\n")[0].endswith((".", "``."))
    if module not in ("tunestats", "tunestats.__main__"):
        assert all(f"\n{word}: " in plate for word in ("In", "Out", "Not here"))


def test_a_small_check_imports_nothing_slow(write: Callable[..., Path]) -> None:
    lines = [RULES["E301"].good, RULES["E301"].bad or "", RULES["W305"].good]
    program = (
        "import sys\n"
        "from tunestats.cli import main\n"
        "try:\n"
        "    main()\n"
        "except SystemExit as end:\n"
        "    print(end.code, sorted(sys.modules), file=sys.stderr)\n"
    )
    command = [sys.executable, "-c", program, "check", str(write("\n".join(lines)))]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    code, _, modules = done.stderr.partition(" ")
    assert "E301" in done.stdout
    assert code == "1"
    # `google` is an empty namespace that Python makes when it starts, where packages of it are installed.
    assert set(ast.literal_eval(modules)) & {*GUESTS, *HEAVY, *ONLY_WHEN_NEEDED} - {"google"} == QUICK
