"""Hold the whole pipeline against an independent judge, and one way through it against the other.

Lines are broken at random, from a fixed seed; ``oracle`` says which of them must be refused. What is said about
a line must not depend on what stands around it, nor on whether tokens are counted.
"""

import json
from collections import defaultdict
from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from tests.oracle import EXAMPLES, broken_bytes, must_be_refused, mutated, seeded
from tunestats import Report, Severity, check, stats
from tunestats.tokenizers import TokenizerIdentity

LINES = 20_000
Write = Callable[..., Path]
# Findings about a line among others, not about the line.
OF_FILES = {"W102", "W601", "W602", "W603", "W604", "W605", "E602"}


@cache
def make_lines(format_name: str, seed: int = 1) -> list[bytes]:
    """Return lines of which some are as documented and most are not; the first one is."""
    random = seeded(seed)
    examples = EXAMPLES[format_name]
    lines = [json.dumps(examples[0]).encode()]
    while len(lines) < LINES:
        value = mutated(random.choice(examples), random, random.choice((0, 1, 1, 1, 2, 3)))
        raw = json.dumps(value, ensure_ascii=random.random() < 0.5).encode("utf-8", "surrogatepass")
        if random.random() < 0.15:
            raw = broken_bytes(raw, random).replace(b"\n", b" ")
        if raw.strip():
            lines.append(raw)
    return lines


def by_line(report: Report) -> dict[int, list[tuple[str, str, str]]]:
    """Return what is said about each line itself."""
    found = defaultdict(list)
    for finding in report.findings:
        if finding.code not in OF_FILES:
            found[finding.line].append((finding.code, finding.path, finding.message))
    return found


def check_lines(write: Write, lines: Sequence[bytes], format_name: str) -> Report:
    return check(write(b"\n".join(lines)), format=format_name, max_findings=0)


@pytest.mark.parametrize("format_name", EXAMPLES)
def test_every_documented_shape_passes(format_name: str, write: Write) -> None:
    lines = [json.dumps(example).encode() for example in EXAMPLES[format_name]]
    assert [must_be_refused(line, format_name) for line in lines] == [False] * len(lines)
    report = check_lines(write, lines, format_name)
    # Documented, but better written out: turns without roles.
    assert [finding for finding in report.findings if finding.code not in {"W301"} | OF_FILES] == []


@pytest.mark.parametrize("format_name", EXAMPLES)
def test_errors_are_where_the_oracle_says(format_name: str, write: Write) -> None:
    lines = make_lines(format_name)
    report = check_lines(write, lines, format_name)
    errors = {finding.line for finding in report.findings if finding.severity is Severity.ERROR}
    verdicts = {number: must_be_refused(line, format_name) for number, line in enumerate(lines, 1)}
    said = by_line(report)
    missed = [
        lines[number - 1] for number, verdict in verdicts.items() if verdict is True and number not in errors
    ]
    wronged = [(lines[line - 1], said[line]) for line in sorted(errors) if verdicts[line] is False]
    assert (missed, wronged) == ([], [])
    # The test would be worth little if one answer were rare.
    shares = [list(verdicts.values()).count(verdict) / len(lines) for verdict in (True, False, None)]
    assert min(shares) > 0.05


@pytest.mark.parametrize("format_name", EXAMPLES)
def test_neighbours_change_nothing(format_name: str, write: Write) -> None:
    lines = make_lines(format_name)[-1_500:]
    together = by_line(check_lines(write, lines, format_name))
    alone = [by_line(check_lines(write, [line], format_name))[1] for line in lines]
    assert [together[number] for number in range(1, len(lines) + 1)] == alone


def has_repeated_key(line: bytes) -> bool:
    """Tell whether a line is JSON in which some key stands twice."""
    repeated = False

    def look(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        nonlocal repeated
        repeated |= len(dict(pairs)) < len(pairs)
        return dict(pairs)

    try:
        value = json.loads(line, object_pairs_hook=look)
    except ValueError:
        return False
    return repeated and isinstance(value, dict)


@pytest.mark.parametrize("format_name", EXAMPLES)
def test_repeated_keys_are_found(format_name: str, write: Write) -> None:
    lines = [line for line in make_lines(format_name) if b"NaN" not in line and b"\\ud" not in line]
    said = by_line(check_lines(write, lines, format_name))
    found = {number for number, findings in said.items() if "E105" in {code for code, _, _ in findings}}
    expected = {number for number, line in enumerate(lines, 1) if has_repeated_key(line)}
    assert found == expected
    assert len(expected) > 100


@pytest.mark.parametrize("format_name", EXAMPLES)
def test_a_repeated_key_cannot_hide(format_name: str, write: Write) -> None:
    # Quotes are counted for a whole block; one line's surplus must not vanish in what another one lacks,
    # nor behind backslashes.
    plain = json.dumps(EXAMPLES[format_name][0]).encode()
    twice = plain.replace(b'"text": "Hi"', b'"text": "Ho", "text": "Hi"', 1)
    slashes = twice.replace(b'"Hi"}', b'"Hi\\\\"}' + b', {"text": "\\\\"}' * 3, 1)
    broken = b'{"contents": "\\"}'
    report = check_lines(write, [plain, twice, plain, broken, slashes, plain], format_name)
    assert [(item.line, item.code, item.path) for item in report.findings if item.code not in OF_FILES] == [
        (2, "E105", "contents[0].parts[0].text"),
        (4, "E101", ""),
        (5, "E105", "contents[0].parts[0].text"),
    ]


def fake_tokenizer(_name: str) -> Any:
    """Return a tokenizer that makes a token of every byte, which is the most that one can make."""
    identity = TokenizerIdentity("fake", "", exact=False)
    return SimpleNamespace(
        identity=identity,
        count=lambda texts: np.array([len(text.encode()) for text in texts], dtype=np.int64),
    )


@pytest.fixture
def _no_vocabulary(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tunestats.engines.shard.shared_tokenizer", fake_tokenizer)


@pytest.mark.usefixtures("_no_vocabulary")
@pytest.mark.parametrize("format_name", EXAMPLES)
def test_stats_finds_what_check_finds(format_name: str, write: Write) -> None:
    lines = make_lines(format_name)[:6_000]
    for size in (130_000, 131_072, 140_000):
        lines.append(lines[0].replace(b"Hi", b"x" * size))
    path = write(b"\n".join(lines))
    checked = check(path, format=format_name, max_findings=0)
    counted = stats(path, format=format_name, max_findings=0).report
    assert counted.findings == checked.findings
    assert (counted.counts, counted.files) == (checked.counts, checked.files)
    assert counted.counts["E601"] == 2
    assert counted.distributions["input_tokens"].count == checked.examples - checked.dropped_examples


@pytest.mark.usefixtures("_no_vocabulary")
def test_stats_and_check_count_the_same_images(write: Write) -> None:
    image = {"fileData": {"mimeType": "image/png", "fileUri": "gs://bucket/a.png"}}
    turns = [
        {"role": "user", "parts": [*[image] * 30, {"text": "x" * 127_000}]},
        {"role": "model", "parts": [{"text": "y"}]},
    ]
    path = write(json.dumps({"contents": turns}))
    codes = [[finding.code for finding in report.findings] for report in (check(path), stats(path).report)]
    assert codes[0] == codes[1]
