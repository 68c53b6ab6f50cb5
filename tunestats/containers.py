"""Tell files that are not JSON Lines at all, whatever their name says.

In: the first bytes of a file.
Out: one flaw for the whole file, with the remedy, instead of one for each of its lines.
Not here: lines that are not JSON in a file of lines (``parsing``).

Only what is certain is named: a signature, an encoding, the beginning of another language where no line is an
object, or valid JSON that is laid out otherwise.
"""

import json
import re
from collections.abc import Iterator
from itertools import islice
from typing import Any

from tunestats.findings import Flaw
from tunestats.parsing import JSONDecodeError, loads
from tunestats.rules import NOT_JSON_LINES, NOT_ONE_A_LINE, WRONG_ENCODING

__all__ = ["first_objects", "name_container"]

LOOKED_AT_BYTES = 1 << 18
LOOKED_AT_LINES = 100
BYTE_ORDER_MARK = b"\xef\xbb\xbf"
EXPORT = "export its rows as JSON Lines"

# How files of other kinds begin, what they are, what to do.
SIGNATURES = (
    (b"\x1f\x8b", "a gzip file", "give it a name that ends in `.gz`, and it is decompressed"),
    (b"\x28\xb5\x2f\xfd", "a zstandard file", "decompress it"),
    (b"BZh", "a bzip2 file", "decompress it"),
    (b"\xfd7zXZ\x00", "an xz file", "decompress it"),
    (b"PK\x03\x04", "a zip archive", "unpack it"),
    (b"7z\xbc\xaf\x27\x1c", "a 7z archive", "unpack it"),
    (b"PAR1", "a Parquet file", EXPORT),
    (b"ARROW1", "an Arrow file", EXPORT),
    (b"Obj\x01", "an Avro file", EXPORT),
    (b"SQLite format 3\x00", "an SQLite database", EXPORT),
    (b"\x80\x04\x95", "a Python pickle", EXPORT),
    (b"\x80\x05\x95", "a Python pickle", EXPORT),
    (b"%PDF-", "a PDF", "name it in `fileData` of an example"),
    (b"\x89PNG\r\n", "a PNG image", "name it in `fileData` of an example"),
    (b"\xff\xd8\xff", "a JPEG image", "name it in `fileData` of an example"),
    (b"version https://git-lfs.github.com/spec/", "a Git LFS pointer", "fetch the file with `git lfs pull`"),
)
# Byte order marks, the longer ones first.
MARKS = (
    (b"\xff\xfe\x00\x00", "UTF-32LE"),
    (b"\x00\x00\xfe\xff", "UTF-32BE"),
    (b"\xff\xfe", "UTF-16LE"),
    (b"\xfe\xff", "UTF-16BE"),
)
# Without a mark, zeros tell: JSON begins with two characters of ASCII.
ZEROS = (
    (re.compile(rb"[^\0]\0\0\0[^\0]\0\0\0"), "UTF-32LE"),
    (re.compile(rb"\0\0\0[^\0]\0\0\0[^\0]"), "UTF-32BE"),
    (re.compile(rb"[^\0]\0[^\0]\0"), "UTF-16LE"),
    (re.compile(rb"\0[^\0]\0[^\0]"), "UTF-16BE"),
)
LANGUAGES = (
    (re.compile(rb"\s*<(!doctype|html|head|body)\b", re.IGNORECASE), "an HTML page", "fetch the file itself"),
    (re.compile(rb"\s*<\?xml\b"), "XML", EXPORT),
    (
        re.compile(rb"#!|\s*(import \w|from [\w.]+ import |def \w+\(|\"\"\"|\w+ = [\[{(])"),
        "a program",
        EXPORT,
    ),
    (re.compile(rb"\s*(const|let|var|export|module\.exports)\b"), "a program", EXPORT),
    (re.compile(rb"\s*```"), "JSON in a Markdown fence", "remove the lines that begin with ```"),
    (re.compile(rb"---\s*\n|- \w+:|\w+:[ \t]*\r?\n[ \t]+(- )?\w+:"), "YAML", EXPORT),
    (re.compile(rb'("?\w+"?\r?\n)?"\{""'), "a table (CSV) with JSON in it", EXPORT),
    (re.compile(rb"\"?[A-Za-z_][\w ]*\"?([,;\t] ?\"?[A-Za-z_][\w ]*\"?)+\s*\n"), "a table (CSV)", EXPORT),
)


def name_container(head: bytes) -> Flaw | None:
    """Return what a file is instead of JSON Lines; None where it may be that.

    Args:
        head: Its first bytes, or all of them.
    """
    return _by_signature(head) or _by_encoding(head) or _by_layout(head) or _by_language(head)


def first_objects(head: bytes) -> Iterator[dict[str, Any]]:
    """Yield the objects among the first lines."""
    for raw in islice(head.removeprefix(BYTE_ORDER_MARK).split(b"\n"), LOOKED_AT_LINES):
        try:
            value = loads(raw)
        except JSONDecodeError:
            continue
        if type(value) is dict:
            yield value


def _by_signature(head: bytes) -> Flaw | None:
    for signature, kind, remedy in SIGNATURES:
        if head.startswith(signature):
            return NOT_JSON_LINES.at("", f"this is {kind}; {remedy}")
    return None


def _by_encoding(head: bytes) -> Flaw | None:
    marked = next((name for mark, name in MARKS if head.startswith(mark)), "")
    found = marked or next((name for zeros, name in ZEROS if zeros.match(head)), "")
    if not found:
        return None
    # With a mark, iconv finds out the order of the bytes, and takes the mark away.
    name = found[:-2] if marked else found
    return WRONG_ENCODING.at("", f"the file is {found}; convert it, e.g. `iconv -f {name} -t UTF-8`")


def _by_language(head: bytes) -> Flaw | None:
    head = head.removeprefix(BYTE_ORDER_MARK)
    for beginning, kind, remedy in LANGUAGES:
        if beginning.match(head) and next(first_objects(head), None) is None:
            return NOT_JSON_LINES.at("", f"this is {kind}; {remedy}")
    return None


def _by_layout(head: bytes) -> Flaw | None:
    text = head[:LOOKED_AT_BYTES].removeprefix(BYTE_ORDER_MARK)
    if text.startswith(b"\x1e"):
        return NOT_ONE_A_LINE.at("", "a record separator stands before each value; remove these characters")
    if b"\n" not in text.rstrip(b"\r\n"):
        return _by_carriage_returns(text)
    if len(text) == LOOKED_AT_BYTES:
        # No line feed is inside a string, so behind one what was read so far can be judged.
        text = text[: text.rfind(b"\n") + 1]
    if not _is_spread(text):
        return None
    if text.lstrip().startswith(b"["):
        said = "the file is one JSON array; write each of its values on a line, e.g. `jq -c '.[]'`"
    else:
        said = "values take several lines each; write each on a line, e.g. `jq -c .`"
    return NOT_ONE_A_LINE.at("", said)


def _by_carriage_returns(text: bytes) -> Flaw | None:
    lines = [line for line in text.split(b"\r") if line.strip()]
    if len(lines) < 2 or next(first_objects(lines[0]), None) is None:
        return None
    said = "lines end with carriage returns alone; end them with line feeds, e.g. `tr '\\r' '\\n'`"
    return NOT_ONE_A_LINE.at("", said)


def _is_spread(raw: bytes) -> bool:
    """Tell whether bytes are JSON values that take several lines each, the last of them perhaps cut off."""
    try:
        text = raw.decode().strip()
    except UnicodeDecodeError:
        return False
    decoder = json.JSONDecoder(parse_int=str, parse_float=str)
    position = 0
    while position < len(text):
        start = position
        try:
            _, position = decoder.raw_decode(text, start)
        except json.JSONDecodeError as error:
            return error.pos >= len(text) and "\n" in text[start:]
        except RecursionError:
            return False
        if "\n" not in text[start:position]:
            return False
        while text[position : position + 1].isspace():
            position += 1
    return position > 0
