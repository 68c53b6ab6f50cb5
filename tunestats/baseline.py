"""Accept the findings of today, so that only new ones count.

In: a ``Report`` with all its findings; the file that holds what was accepted.
Out: that file; a report of what is new.
Not here: what anything looks like (``render``).

An accepted finding is known by its file, its code and a fingerprint of path and line, and counted: lines may
move, and a second copy of a bad line is new. The file holds nothing of what the data say.
"""

import json
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import replace
from hashlib import sha256
from os.path import relpath
from pathlib import Path

from tunestats.errors import SettingsError
from tunestats.excerpts import Spot, iter_spots
from tunestats.findings import Finding
from tunestats.output import write_atomically
from tunestats.report import Report
from tunestats.rules import RULES

__all__ = ["fingerprint", "only_new", "write_baseline"]

VERSION = 1
Key = tuple[str, str, str]
# A line of very many flaws keeps only the first ones: the others have a code and no fingerprint.
NOT_KEPT = ""


def fingerprint(path: str, spot: Spot) -> str:
    """Return what a finding is known by beside file and code; the same wherever the line stands."""
    return sha256(f"{path}\n{spot.digest}".encode(errors="backslashreplace")).hexdigest()[:16]


def write_baseline(report: Report, target: Path) -> int:
    """Write everything that a report has found as accepted; return how many findings that is.

    Raises:
        SettingsError: A finding is one of standard input.
        OutputError: The file cannot be written.
    """
    counts = Counter(key for key, _ in _keys(report, target))
    counts.update(_not_kept(report))
    rows = [
        {"file": file, "code": code, "fingerprint": held, "count": count}
        for (file, code, held), count in sorted(counts.items())
    ]
    lines = ",\n".join(f"    {json.dumps(row)}" for row in rows)
    text = f'{{\n  "version": {VERSION},\n  "accepted": [\n{lines}\n  ]\n}}\n'
    write_atomically(target, text)
    return counts.total()


def only_new(report: Report, source: Path, max_findings: int) -> Report:
    """Return the report without the findings that are accepted.

    Args:
        report: What was found, all of it.
        source: The file of what is accepted.
        max_findings: How many new findings of each rule are kept; 0 keeps all.

    Raises:
        SettingsError: The file is missing or no baseline, or a finding is one of standard input.
    """
    left = _read(source)
    new: list[Finding] = []
    counts: Counter[str] = Counter()
    for key, finding in _keys(report, source):
        if left[key]:
            left[key] -= 1
            continue
        counts[finding.code] += 1
        if not max_findings or counts[finding.code] <= max_findings:
            new.append(finding)
    for key, count in _not_kept(report).items():
        counts[key[1]] += max(0, count - left[key])
    return replace(
        report,
        findings=tuple(new),
        counts={code: counts[code] for code in RULES if counts[code]},
        accepted=sum(report.counts.values()) - counts.total(),
        settings=replace(report.settings, max_findings=max_findings),
    )


def _keys(report: Report, target: Path) -> Iterator[tuple[Key, Finding]]:
    for finding, spot in iter_spots(report):
        if finding.line and not spot.digest:
            raise SettingsError(
                f"{finding.file}: a baseline needs files that can be read twice; name the file"
            )
        yield (_portable(finding.file, target), finding.code, fingerprint(finding.path, spot)), finding


def _not_kept(report: Report) -> Counter[Key]:
    kept = Counter(finding.code for finding in report.findings)
    return Counter(
        {
            ("", code, NOT_KEPT): count - kept[code]
            for code, count in report.counts.items()
            if count > kept[code]
        }
    )


def _portable(name: str, target: Path) -> str:
    """Return a file's path as seen from the baseline, so that both can move together."""
    try:
        name = relpath(name, target.parent)
    except ValueError:  # another drive
        name = str(Path(name).absolute())
    return Path(name).as_posix()


def _read(source: Path) -> Counter[Key]:
    try:
        held = json.loads(source.read_text(encoding="utf-8"))
        if held["version"] != VERSION:
            raise SettingsError(
                f"{source}: is a baseline of version {held['version']}; this is one for version {VERSION}"
            )
        return Counter(_accepted(held["accepted"]))
    except FileNotFoundError:
        raise SettingsError(f"{source}: no such baseline; write it with --write-baseline") from None
    except OSError as error:
        raise SettingsError(f"{source}: cannot be read ({error.strerror or error})") from error
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise SettingsError(f"{source}: is not a baseline; write it with --write-baseline") from error


def _accepted(rows: Iterable[dict[str, object]]) -> dict[Key, int]:
    found: dict[Key, int] = {}
    for row in rows:
        count = row["count"]
        if type(count) is not int:
            raise TypeError(count)
        found[str(row["file"]), str(row["code"]), str(row["fingerprint"])] = count
    return found
