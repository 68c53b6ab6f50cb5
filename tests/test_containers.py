"""Files that are not JSON Lines are named once, with the remedy; files that are, never."""

import bz2
import gzip
import io
import json
import lzma
import pickle
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tunestats.containers import LOOKED_AT_BYTES, name_container
from tunestats.errors import SourceError
from tunestats.library import check, report, stats
from tunestats.library_jobs import compare, plan, verify
from tunestats.render import RENDERERS, View
from tunestats.render.plan import render_plan

Write = Callable[..., Path]

HI = {"role": "user", "parts": [{"text": "Hi"}]}
HELLO = {"role": "model", "parts": [{"text": "Hellø"}]}
EXAMPLE: dict[str, Any] = {"contents": [HI, HELLO], "tools": []}
LINE = json.dumps(EXAMPLE, ensure_ascii=False)
LINES = "".join(f"{LINE}\n" for _ in range(5))
DATA = LINES.encode()
CELL = LINE.replace('"', '""')
INDENTED = json.dumps(EXAMPLE, indent=2)
LIST = [EXAMPLE] * 5


def zipped() -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as archive:
        archive.writestr("train.jsonl", DATA)
    return held.getvalue()


def encoded(name: str, *, mark: bool) -> bytes:
    return ("\ufeff" * mark + LINES).encode(name)


OTHERS = {
    "gzip": (gzip.compress(DATA), "E108", "`.gz`"),
    "bzip2": (bz2.compress(DATA), "E108", "bzip2"),
    "xz": (lzma.compress(DATA), "E108", "xz"),
    "zip": (zipped(), "E108", "unpack"),
    "pickle": (pickle.dumps(LIST), "E108", "pickle"),
    "parquet": (b"PAR1\x15\x04\x15", "E108", "Parquet"),
    "Git LFS": (
        b"version https://git-lfs.github.com/spec/v1\noid sha256:4d\nsize 5\n",
        "E108",
        "git lfs pull",
    ),
    "HTML": (b"<!DOCTYPE html>\n<html><body>Not found</body></html>\n", "E108", "HTML"),
    "HTML, later": (b"\n\n<html lang='en'>\n", "E108", "HTML"),
    "XML": (b'<?xml version="1.0"?>\n<a/>\n', "E108", "XML"),
    "Python": (b"import json\n\nwith open('train.jsonl', 'w') as file:\n    pass\n", "E108", "program"),
    "Python value": (f"examples = [\n    {EXAMPLE},\n]\n".encode(), "E108", "program"),
    "script": (b"#!/usr/bin/env python3\nprint('{}')\n", "E108", "program"),
    "JavaScript": (b"export const data = [\n];\n", "E108", "program"),
    "Markdown": (f"```json\n{INDENTED}\n```\n".encode(), "E108", "Markdown"),
    "YAML": (b"- contents:\n  - role: user\n", "E108", "YAML"),
    "CSV": (b"prompt,completion\nHi,Hello\n", "E108", "CSV"),
    "CSV of JSON": (f'contents\n"{CELL}"\n'.encode(), "E108", "CSV"),
    "CSV of JSON, no header": (f'"{CELL}"\n'.encode(), "E108", "CSV"),
    "YAML, keys first": (b"contents:\n  - role: user\n", "E108", "YAML"),
    "TSV, quoted": (b'"input text"\t"output"\nHi\tHello\n', "E108", "CSV"),
    "UTF-16LE, mark": (encoded("utf-16-le", mark=True), "E109", "UTF-16"),
    "UTF-16BE, mark": (encoded("utf-16-be", mark=True), "E109", "UTF-16"),
    "UTF-32LE, mark": (encoded("utf-32-le", mark=True), "E109", "UTF-32"),
    "UTF-32BE, mark": (encoded("utf-32-be", mark=True), "E109", "UTF-32"),
    "UTF-16LE": (encoded("utf-16-le", mark=False), "E109", "UTF-16"),
    "UTF-16BE": (encoded("utf-16-be", mark=False), "E109", "UTF-16"),
    "UTF-32LE": (encoded("utf-32-le", mark=False), "E109", "UTF-32"),
    "UTF-32BE": (encoded("utf-32-be", mark=False), "E109", "UTF-32"),
    "array, indented": (json.dumps(LIST, indent=2).encode(), "E110", "'.[]'"),
    "array, a value a line": (f"[\n{f',{chr(10)}'.join([LINE] * 5)}\n]\n".encode(), "E110", "'.[]'"),
    "array, commas first": (("[" + "\n,".join([LINE] * 5) + "\n]").encode(), "E110", "'.[]'"),
    "array behind a mark": (b"\xef\xbb\xbf" + json.dumps(LIST, indent=1).encode(), "E110", "'.[]'"),
    "array, CRLF": (json.dumps(LIST, indent=1).replace("\n", "\r\n").encode(), "E110", "'.[]'"),
    "array, long": (json.dumps([EXAMPLE] * 9000, indent=1).encode(), "E110", "'.[]'"),
    "one object": (INDENTED.encode(), "E110", "jq -c ."),
    "objects": ((INDENTED + "\n").encode() * 5, "E110", "jq -c ."),
    "objects, long": ((INDENTED + "\n").encode() * 9000, "E110", "jq -c ."),
    "object that is cut off": (INDENTED[:90].encode(), "E110", "jq -c ."),
    "carriage returns": (DATA.replace(b"\n", b"\r"), "E110", "tr"),
    "carriage returns, a line feed last": (DATA.replace(b"\n", b"\r") + b"\n", "E110", "tr"),
    "JSON text sequence": (f"\x1e{LINE}\n".encode() * 5, "E110", "separator"),
}


@pytest.mark.parametrize(("data", "code", "remedy"), OTHERS.values(), ids=OTHERS)
@pytest.mark.parametrize("verb", [check, stats])
def test_other_files_have_one_finding(write: Write, verb: Any, data: bytes, code: str, remedy: str) -> None:
    result = verb(write(data))
    report = getattr(result, "report", result)
    [finding] = report.findings
    assert (finding.line, finding.example, finding.code, finding.path) == (0, 0, code, "")
    assert remedy in finding.message
    [file] = report.files
    assert file.not_read
    assert file.not_read == finding.message.partition("; ")[0]
    assert report.exit_code == 1
    assert report.examples == 0


@pytest.fixture
def archive(write: Write) -> str:
    """Write what is no JSON Lines, though it is called so."""
    return str(write(zipped()))


@pytest.mark.parametrize(("name", "said"), [
    ("full", "train.jsonl: not read: this is a zip archive\n"),
    ("markdown", "train.jsonl` | not read |  |  |\n"),
    ("json", '"not_read": "this is a zip archive"'),
])  # fmt: skip
def test_what_was_not_read_is_shown(archive: str, name: str, said: str) -> None:
    assert said in RENDERERS[name](View(report=check(archive)))


def test_a_report_says_that_a_file_was_not_read(archive: str) -> None:
    made = report(archive)
    assert "train.jsonl: not read: this is a zip archive\n" in made.to_text()
    assert "not exact  Files: 1 of 1 not read; nothing of them is in any number" in made.to_text()
    assert "not read: this is a zip archive</td>" in made.to_html()
    assert "sft" not in made.to_text() + made.to_html()


def test_a_hidden_refusal_is_not_called_clean(archive: str) -> None:
    shown = RENDERERS["full"](View(report=check(archive, ignore=["E1"])))
    assert shown.splitlines()[1:] == ["Nothing to show; 1 file not read, by rules that are not shown."]


def test_what_was_not_read_costs_nobody_knows_what(archive: str) -> None:
    made = plan(archive, epochs=3, model="gemini-2.5-flash")
    assert (made.exit_code, made.cost, made.not_read) == (1, None, "this is a zip archive")
    assert "0" not in render_plan(made).replace(archive, "")
    assert render_plan(made).endswith(f"\n         tunestats check {archive} --model gemini-2.5-flash\n")


@pytest.mark.parametrize(
    "call", [lambda path: compare(path, path), lambda path: verify({"tuningDatasetExampleCount": 1}, path)]
)
def test_what_was_not_read_cannot_be_compared(archive: str, call: Callable[[str], object]) -> None:
    with pytest.raises(SourceError, match=r"was not read: this is a zip archive; see `tunestats check"):
        call(archive)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\n\n",
        DATA,
        DATA.replace(b"\n", b"\r\n"),
        b"\xef\xbb\xbf" + DATA,
        LINE.encode(),
        f"[{LINE}]".encode(),
        f"[{LINE},{LINE}]\n".encode(),
        DATA.replace(b"\n", b",\n"),
        b"{\n" + DATA,
        LINE.replace(", ", ",\n", 1).encode() + b"\n" + DATA,
        DATA + INDENTED.encode(),
        LINE.replace("Hi", "H\ni").encode() + b"\n" + LINE.encode(),
        b"{\n{\n{",
        b"import json\n" + DATA,
        b"prompt,completion\n" + DATA,
        b"[" * 100_000 + b"\n",
        b"[\n" * 100_000,
        (b"{" + b"x" * 99 + b"\n") * 5000,
        b"prompt",
        json.dumps(LINE).encode() + b"\n",
        b"null\n",
        b"\x00",
        b"\xff",
        b"\xff\n",
        "caf\u00e9 \u4e2d".encode("cp1252", "replace"),
    ],
)
def test_lines_are_read_as_lines(data: bytes) -> None:
    assert name_container(data) is None


def test_signature_is_looked_for_in_what_a_gzip_file_holds(tmp_path: Path) -> None:
    path = tmp_path / "train.jsonl.gz"
    path.write_bytes(gzip.compress(gzip.compress(DATA)))
    assert [finding.code for finding in check(path).findings] == ["E108"]
    path.write_bytes(gzip.compress(DATA))
    assert check(path).exit_code == 0


VALUES = st.lists(
    st.dictionaries(
        st.text(max_size=3), st.text(max_size=3) | st.lists(st.integers(), max_size=2), min_size=1
    ),
    min_size=1,
    max_size=6,
)


@given(VALUES)
def test_json_lines_are_never_refused(values: list[Any]) -> None:
    assert name_container("\n".join(map(json.dumps, values)).encode()) is None


@given(VALUES, st.integers(1, 4))
def test_indented_json_is_always_named(values: list[Any], indent: int) -> None:
    array = json.dumps(values, indent=indent).encode()
    objects = "\n".join(json.dumps(value, indent=indent) for value in values).encode()
    assert [found and found.code for found in map(name_container, (array, objects))] == ["E110", "E110"]


@given(st.binary(max_size=40), st.sampled_from([b"", b"{", b"[", b"\xef\xbb\xbf", b"{\n", b"[\n", b"\x1e"]))
def test_any_bytes(data: bytes, before: bytes) -> None:
    name_container(before + data)
    name_container((before + data) * (LOOKED_AT_BYTES // 8))
