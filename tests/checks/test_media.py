"""Files: where they are, what they are said to be, what they are."""

import base64
from typing import Any

import pytest

from tunestats.checks.content_types import (
    ALIASES,
    EXTENSIONS,
    FIRM,
    SIGNATURES,
    is_known_type,
    types_of_bytes,
    types_of_name,
)
from tunestats.checks.media import check_media_limits
from tunestats.checks.parts import check_parts
from tunestats.checks.uris import uri_fault
from tunestats.findings import Flaws
from tunestats.formats import FORMATS
from tunestats.limits import ModelFacts, model_facts

PNG, JPEG = b"\x89PNG\r\n\x1a\n" + b"\0" * 20, b"\xff\xd8\xff\xe0\0\x10JFIF\0"
VIDEO = {"mimeType": "video/mp4", "fileUri": "gs://bucket/a.mp4"}


def message_of(part: Any) -> Any:
    return FORMATS["sft"].read({"contents": [{"role": "user", "parts": [part]}]})


def said(part: Any) -> list[tuple[str, str]]:
    flaws = Flaws()
    check_parts(message_of(part).messages[0], 0, flaws)
    return [
        (flaw.code, flaw.path.removeprefix("contents[0].parts[0].")) for flaw in flaws if flaw.code != "W402"
    ]


def inline(content: bytes | str, mime: str = "image/png") -> dict[str, Any]:
    data = content if isinstance(content, str) else base64.b64encode(content).decode()
    return {"inlineData": {"mimeType": mime, "data": data}}


@pytest.mark.parametrize(
    ("uri", "word"),
    [
        ("gs://bucket/a.png", ""),
        ("gs://my_bucket.example.com/Some folder/ä.png", ""),
        ("gs://b/c", ""),
        ("gs://bucket//a", ""),
        ("gs://", "no bucket"),
        ("gs:///a.png", "no bucket"),
        ("gs://bucket", "no object"),
        ("gs://bucket/", "no object"),
        ("gs://bucket/folder/", "folder"),
        ("gs://bucket/*.png", "pattern"),
        ("gs://Bucket/a.png", "that can exist"),
        ("gs://{bucket}/a.png", "that can exist"),
        ("gs://my bucket/a.png", "that can exist"),
        ("gs://bucket./a.png", "that can exist"),
        ("gs://-bucket/a.png", "that can exist"),
        ("gs://my..bucket/a.png", "63 characters"),
        (f"gs://{'b' * 63}/a.png", ""),
        (f"gs://{'b' * 64}/a.png", "63 characters"),
        (f"gs://{'.'.join(['b' * 55] * 3)}.{'b' * 54}/a.png", ""),
        (f"gs://{'.'.join(['b' * 55] * 4)}/a.png", "63 characters"),
        ("gs://192.168.5.4/a.png", "IP address"),
        ("gs://192.168.5.4.com/a.png", ""),
        ("gs://bucket/a\nb.png", "line break"),
        ("gs://bucket/a\rb.png", "line break"),
        ("gs://bucket/a\0.png", "NUL"),
        (f"gs://bucket/{'ä' * 510}.png", ""),
        (f"gs://bucket/{'ä' * 511}.png", "1,026 bytes"),
        ("gs://bucket/..", "as none can be named"),
        ("gs://bucket/...", ""),
        ("gs://bucket/.well-known/acme-challenge/a", "as none can be named"),
        ("gs://bucket/{name}.png", "`{name}`"),
        ("gs://bucket/${IMAGE}.png", "`${IMAGE}`"),
        ("https://example.com/<id>.png", "`<id>`"),
        ("gs://bucket/{3F2504E0-4F89-11D3-9A0C}.png", ""),
        ("gs://bucket/{1}.png", ""),
        ("gs://bucket/a <b.png", ""),
        ("https://example.com/a\nb.png", "line break"),
        ("GS://bucket/a.png", "misspelt"),
        ("gs:/bucket/a.png", "misspelt"),
        ("HTTPS://example.com/a.png", "misspelt"),
        ("https://example.com/a.png", ""),
        ("http://example.com:8080/a.png?b=c#d", ""),
        ("https://user:word@example.com/a.png", ""),
        ("https://例え.jp/a.png", ""),
        ("https://[2001:db8::1]/a.png", ""),
        ("https://", "no host"),
        ("https:///a.png", "no host"),
        ("http://localhost:8000/a.png", "your own machine"),
        ("http://127.0.0.1/a.png", "your own machine"),
        ("http://[::1]/a.png", "your own machine"),
        ("https://storage.cloud.google.com/bucket/a.png", "login"),
        ("https://drive.google.com/file/d/1/view", "login"),
        ("https://storage.googleapis.com/bucket/a.png", ""),
        ("https://generativelanguage.googleapis.com/v1beta/files/a", "login"),
        ("https://github.com/me/data/blob/main/a.png", "a page"),
        ("https://github.com/me/data/raw/main/a.png", ""),
        ("https://raw.githubusercontent.com/me/data/main/a.png", ""),
        ("http://192.168.0.5/a.png", "private network"),
        ("http://10.1.2.3:8080/a.png", "private network"),
        ("http://172.20.0.1/a.png", "private network"),
        ("http://172.32.0.1/a.png", ""),
        ("http://10.example.com/a.png", ""),
        (" gs://bucket/a.png", "white space"),
        ("gs://bucket/a.png\n", "white space"),
        ("/home/me/a.png", "path on your own machine"),
        ("./a.png", "path on your own machine"),
        ("~/a.png", "path on your own machine"),
        ("C:\\a.png", "path on your own machine"),
        ("c:/a.png", "path on your own machine"),
        ("\\\\server\\a.png", "path on your own machine"),
        ("file:///a.png", "path on your own machine"),
        ("FILE:a.png", "path on your own machine"),
        ("data:image/png;base64,iVBO", "inlineData"),
        ("s3://bucket/a.png", "(`s3`)"),
        ("ftp://example.com/a.png", "(`ftp`)"),
        ("images/a.png", "no scheme"),
        ("a.png", "no scheme"),
        ("//example.com/a.png", "path on your own machine"),
    ],
)
def test_uris(uri: str, word: str) -> None:
    fault = uri_fault(uri)
    assert word in fault
    assert bool(word) is bool(fault)
    assert bool(fault) is bool(word)
    codes = [("W401", "fileData.fileUri")] if word else []
    assert said({"fileData": {"mimeType": "image/png", "fileUri": uri}}) == codes


@pytest.mark.parametrize("mime", [name for names in ALIASES for name in names])
def test_known_types(mime: str) -> None:
    assert is_known_type(mime)
    assert said({"fileData": {"mimeType": f"{mime.upper()}; a=b", "fileUri": "gs://bucket/a"}}) == []


@pytest.mark.parametrize(
    "mime", ["image/gif", "image/svg+xml", "image/*", "image", "text/csv", "application/octet-stream", "png"]
)
def test_other_types(mime: str) -> None:
    assert said({"fileData": {"mimeType": mime, "fileUri": "gs://bucket/a.png"}}) == [
        ("W406", "fileData.mimeType")
    ]
    # What it holds does not matter any more.
    assert said(inline(PNG, mime)) == [("W406", "inlineData.mimeType")]


@pytest.mark.parametrize(
    ("mime", "meant"),
    [
        ("png", "image/png"),
        (".JPG", "image/jpeg"),
        ("pdf", "application/pdf"),
        ("img/png", "image/png"),
        ("image/jpgg", "image/jpeg"),
        ("applicaton/pdf", "application/pdf"),
        ("application/zip", ""),
        ("image/*", ""),
        ("image/gif", ""),
        ("text/html", ""),
        ("docx", ""),
    ],
)
def test_the_type_that_was_perhaps_meant(mime: str, meant: str) -> None:
    flaws = Flaws()
    part = {"fileData": {"mimeType": mime, "fileUri": "gs://bucket/a"}}
    check_parts(message_of(part).messages[0], 0, flaws)
    [flaw] = flaws
    assert flaw.code == "W406"
    assert flaw.message.endswith(f"did you mean `{meant}`?" if meant else "is not a type that models take")


@pytest.mark.parametrize(
    ("uri", "mime", "expected"),
    [
        ("gs://bucket/a.jpg", "image/jpeg", False),
        ("gs://bucket/a.JPEG", "image/jpg", False),
        ("gs://bucket/a.jpg", "image/png", True),
        ("gs://bucket/a.mp4", "audio/mp4", False),
        ("gs://bucket/a.mp3", "audio/mpeg", False),
        ("gs://bucket/a.wav", "audio/mp3", True),
        ("gs://bucket/a.webm", "audio/webm", False),
        ("gs://bucket/a.docx", "application/pdf", True),
        ("gs://bucket/a.py", "text/plain", False),
        ("gs://bucket/a.png.bak", "image/jpeg", False),
        ("gs://bucket/png", "image/jpeg", False),
        ("gs://bucket/.png", "image/jpeg", False),
        ("gs://bucket.mp4/a", "image/jpeg", False),
        ("https://example.com/a.png?x=y.jpg", "image/png", False),
        ("https://example.com/a.png#b", "image/jpeg", True),
        ("https://example.com/a.png?size=2", "image/jpeg", True),
        ("https://example.com/a.png?size=2&fm=webp", "image/webp", False),
        ("https://example.com/a.png?auto=format", "image/jpeg", False),
        ("https://example.com/?file=a.png", "image/jpeg", False),
        ("https://example.mov", "image/jpeg", False),
        ("gs://bucket/a?.png", "image/jpeg", True),
    ],
)
def test_names(uri: str, mime: str, expected: bool) -> None:  # noqa: FBT001
    codes = [("W415", "fileData.fileUri")] if expected else []
    assert said({"fileData": {"mimeType": mime, "fileUri": uri}}) == codes


def test_every_extension_of_a_known_type_agrees_with_itself() -> None:
    for extension, types in EXTENSIONS.items():
        for mime in types:
            assert types_of_name(f"gs://bucket/a.{extension}", mime) == ()


@pytest.mark.parametrize(
    ("content", "mime", "expected"),
    [
        (PNG, "image/png", False),
        (JPEG, "image/png", True),
        (JPEG, "image/jpg", False),
        (b"RIFF\0\0\0\0WEBPVP8 ", "image/webp", False),
        (b"RIFF\0\0\0\0WAVEfmt ", "audio/x-wav", False),
        (b"RIFF\0\0\0\0WAVEfmt ", "image/webp", True),
        (b"GIF89a", "image/png", True),
        (b"%PDF-1.7", "application/pdf", False),
        (b"PK\x03\x04", "application/pdf", True),
        (b"\0\0\0\x18ftypheic", "image/heif", False),
        (b"\0\0\0\x18ftypmp42", "video/mp4", False),
        (b"\0\0\0\x18ftypM4A ", "audio/mp4", False),
        (b"\0\0\0\x18ftypisom", "image/jpeg", True),
        (b"\x1aE\xdf\xa3", "video/webm", False),
        (b"ID3\x04", "audio/mpeg", False),
        (b"\xff\xfb\x90", "audio/mp3", False),
        (b"fLaC", "audio/mp3", True),
        (b"OggS", "audio/ogg", False),
        (b"<!DOCTYPE HTML><p>Not found", "image/jpeg", True),
        (b"<html>", "text/plain", False),
        (b"words", "text/plain", False),
        # A PNG always begins as one; an MP3 need not.
        (b"words", "image/png", True),
        (b"words", "audio/mp3", False),
        ("bm90", "image/png", True),
        # URL-safe, without padding, one character too many, no base64 at all, nothing.
        ("_9j_4AAQ", "image/jpeg", False),
        ("iVBORw0KGgo", "image/png", False),
        ("iVBORw0KGgoAA", "image/png", False),
        ("not base64!", "image/png", False),
        ("", "image/png", False),
    ],
    ids=str,
)
def test_content(content: bytes | str, mime: str, expected: bool) -> None:  # noqa: FBT001
    assert said(inline(content, mime)) == ([("W415", "inlineData.data")] if expected else [])


# One file of each row of the table.
BEGINNINGS = (
    PNG,
    JPEG,
    b"RIFF\0\0\0\0WEBP",
    b"\0\0\0\x18ftypmif1",
    b"\0\0\0\x18ftypavif",
    b"\0\0\0\x18ftypM4A ",
    b"\0\0\0\x14ftypqt  ",
    b"\0\0\0\x18ftyp3gp4",
    b"\0\0\0\x18ftypisom",
    b"GIF89a",
    b"II*\0",
    b"BM\x46\0\0\0\0\0\0\0",
    b"%PDF-1.4",
    b"RIFF\0\0\0\0WAVE",
    b"RIFF\0\0\0\0AVI LIST",
    b"fLaC\0",
    b"OggS\0",
    b"ID3\x03",
    b"FORM\0\0\0\0AIFF",
    b"FLV\x01",
    b"\x1aE\xdf\xa3",
    b"\x30\x26\xb2\x75\x8e\x66\xcf\x11",
    b"\0\0\x01\xba",
    b"PK\x03\x04",
    b"\x1f\x8b\x08",
    b"\n<!doctype html>",
    b"<?xml version='1.0'?><svg/>",
)


def test_no_signature_hides_another() -> None:
    for start, (_, types) in zip(BEGINNINGS, SIGNATURES, strict=True):
        assert types_of_bytes(start, "") == types
    # What must begin in its own way can do so.
    assert {types[0] for _, types in SIGNATURES} >= FIRM


@pytest.mark.parametrize(
    ("metadata", "paths"),
    [
        ({"startOffset": "1s", "endOffset": "2s"}, []),
        ({"startOffset": "1.5s", "endOffset": "1.50000001s", "fps": 24}, []),
        ({"endOffset": "2s"}, []),
        ({"startOffset": "2s"}, []),
        ({}, []),
        ({"startOffset": "2s", "endOffset": "2s"}, ["endOffset"]),
        ({"start_offset": "10s", "end_offset": "9s"}, ["endOffset"]),
        ({"endOffset": "0s"}, ["endOffset"]),
        ({"startOffset": "-1s"}, ["startOffset"]),
        ({"startOffset": "-2s", "endOffset": "-1s"}, ["startOffset", "endOffset"]),
        ({"fps": 0}, ["fps"]),
        ({"fps": -1}, ["fps"]),
        ({"fps": 24.5}, ["fps"]),
        ({"fps": 0.1}, []),
        # The shape is wrong; that has been said.
        ({"startOffset": "1:30", "endOffset": "1s", "fps": "fast"}, []),
        ({"startOffset": 5, "endOffset": None}, []),
    ],
    ids=str,
)
@pytest.mark.parametrize("key", ["videoMetadata", "video_metadata"])
def test_pieces_of_a_video(key: str, metadata: Any, paths: list[str]) -> None:
    assert said({"fileData": VIDEO, key: metadata}) == [("W417", f"videoMetadata.{path}") for path in paths]


@pytest.mark.parametrize(
    ("part", "expected"),
    [
        ({"text": "Hi", "videoMetadata": {}}, [("W417", "videoMetadata")]),
        (
            {"fileData": {"mimeType": "image/png", "fileUri": "gs://bucket/a"}, "videoMetadata": {"fps": 99}},
            [("W417", "videoMetadata")],
        ),
        ({"fileData": {"fileUri": "gs://bucket/a"}, "videoMetadata": {"fps": 99}}, []),
        ({"videoMetadata": {"fps": 99}}, []),
        ({"fileData": VIDEO, "videoMetadata": "all"}, []),
    ],
    ids=str,
)
def test_pieces_of_something_else(part: Any, expected: list[tuple[str, str]]) -> None:
    assert said(part) == expected


@pytest.mark.parametrize(
    ("mime", "codes"),
    [("image/png", []), ("video/mp4", ["E401"]), ("application/pdf", []), ("text/plain", []), ("x/y", [])],
)
def test_modalities(mime: str, codes: list[str]) -> None:
    flaws = Flaws()
    part = {"fileData": {"mimeType": mime, "fileUri": "gs://bucket/a"}}
    check_media_limits(message_of(part), model_facts("gemini-1.5-pro-002"), flaws)
    assert [flaw.code for flaw in flaws] == codes
    assert all(flaw.path == "contents[0].parts[0].fileData" for flaw in flaws)


def test_size_of_inline_data() -> None:
    facts = ModelFacts(
        tokens_per_example=1, vocabulary="", media_bytes={"image": 10}, modalities=("image", "document")
    )
    for size, mime, codes in ((10, "image/png", []), (11, "image/png", ["W416"]), (99, "text/plain", [])):
        for data in (
            base64.b64encode(bytes(size)).decode(),
            base64.b64encode(bytes(size)).decode().rstrip("="),
        ):
            flaws = Flaws()
            check_media_limits(message_of(inline(data, mime)), facts, flaws)
            assert [flaw.code for flaw in flaws] == codes


def test_facts_name_what_is_checked() -> None:
    # A limit for a name that no file has would never be looked at.
    for name in ("media_per_example", "media_bytes"):
        assert set(getattr(model_facts(), name)) == {"image", "audio", "video", "application/pdf"}
