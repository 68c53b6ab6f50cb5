"""Know MIME types: which ones models take, how files of a type are named, and how they begin.

In: a type as it was declared, a file's name, its first bytes.
Out: the family a limit is about, the types that a name or the bytes stand for.
Not here: what to say about it (``media``).

Sources: the image, audio, video and document pages of the Vertex AI documentation (2026-09) and of the Gemini
API, which lists a few more; the signatures are those of the formats' own specifications.
"""

import re
from difflib import get_close_matches
from functools import lru_cache

__all__ = ["family_of", "is_known_type", "nearest_type", "types_of_bytes", "types_of_name"]

# Types that say the same; the first is what the documentation calls them.
ALIASES = (
    ("image/png", "image/x-png"),
    ("image/jpeg", "image/jpg", "image/pjpeg"),
    ("image/webp",),
    ("image/heic", "image/heif", "image/heic-sequence", "image/heif-sequence"),
    ("audio/mp3", "audio/mpeg", "audio/mpga", "audio/x-mp3", "audio/x-mpeg", "audio/mpeg3"),
    ("audio/wav", "audio/x-wav", "audio/wave", "audio/vnd.wave"),
    ("audio/flac", "audio/x-flac"),
    ("audio/ogg", "audio/opus", "audio/vorbis"),
    ("audio/m4a", "audio/mp4", "audio/x-m4a"),
    ("audio/x-aac", "audio/aac", "audio/aacp"),
    ("audio/aiff", "audio/x-aiff"),
    ("audio/pcm", "audio/l16"),
    ("audio/webm",),
    ("video/mp4", "video/x-m4v"),
    ("video/quicktime", "video/mov"),
    ("video/mpeg", "video/mpegs", "video/mpegps", "video/mpg"),
    ("video/x-flv", "video/flv"),
    ("video/wmv", "video/x-ms-wmv", "video/x-ms-asf"),
    ("video/avi", "video/x-msvideo", "video/msvideo"),
    ("video/3gpp", "video/3gpp2"),
    ("video/webm",),
    ("application/pdf",),
    ("text/plain",),
)
KNOWN = {alias: names[0] for names in ALIASES for alias in names}
# What a name's extension stands for: types as above, or others that models do not take.
EXTENSIONS = {
    "png": ("image/png",),
    **dict.fromkeys(("jpg", "jpeg", "jpe", "jfif"), ("image/jpeg",)),
    "webp": ("image/webp",),
    **dict.fromkeys(("heic", "heif"), ("image/heic",)),
    "gif": ("image/gif",),
    "bmp": ("image/bmp",),
    **dict.fromkeys(("tif", "tiff"), ("image/tiff",)),
    "svg": ("image/svg+xml",),
    "avif": ("image/avif",),
    "mp3": ("audio/mp3",),
    "wav": ("audio/wav", "audio/pcm"),
    "flac": ("audio/flac",),
    **dict.fromkeys(("ogg", "oga", "opus"), ("audio/ogg",)),
    "m4a": ("audio/m4a", "audio/x-aac"),
    "aac": ("audio/x-aac",),
    **dict.fromkeys(("aif", "aiff"), ("audio/aiff",)),
    **dict.fromkeys(("mp4", "m4v"), ("video/mp4", "audio/m4a")),
    **dict.fromkeys(("mov", "qt"), ("video/quicktime",)),
    **dict.fromkeys(("mpg", "mpeg"), ("video/mpeg", "audio/mp3")),
    "flv": ("video/x-flv",),
    "wmv": ("video/wmv",),
    "avi": ("video/avi",),
    **dict.fromkeys(("3gp", "3gpp"), ("video/3gpp", "audio/3gpp")),
    "webm": ("video/webm", "audio/webm"),
    "mkv": ("video/x-matroska",),
    "pdf": ("application/pdf",),
    "txt": ("text/plain",),
    **dict.fromkeys(("doc", "docx"), ("a Word document",)),
    **dict.fromkeys(("xls", "xlsx"), ("a spreadsheet",)),
    **dict.fromkeys(("ppt", "pptx"), ("a presentation",)),
    **dict.fromkeys(("zip", "gz", "tar"), ("an archive",)),
}
# Types that exist, and models do not take.
UNTAKEN = {name for types in EXTENSIONS.values() for name in types} - KNOWN.keys()
# How files begin. The more special rows come first.
SIGNATURES = (
    (rb"\x89PNG\r\n\x1a\n", ("image/png",)),
    (rb"\xff\xd8\xff", ("image/jpeg",)),
    (rb"RIFF....WEBP", ("image/webp",)),
    (rb"....ftyp(heic|heix|hevc|heim|heis|mif1|msf1)", ("image/heic",)),
    (rb"....ftypavi[fs]", ("image/avif",)),
    (rb"....ftyp(M4A|M4B|F4A)", ("audio/m4a", "audio/x-aac")),
    (rb"....ftypqt", ("video/quicktime",)),
    (rb"....ftyp3g", ("video/3gpp", "audio/3gpp")),
    (rb"....ftyp", ("video/mp4", "audio/m4a", "video/quicktime", "video/3gpp")),
    (rb"GIF8[79]a", ("image/gif",)),
    (rb"II\*\x00|MM\x00\*", ("image/tiff",)),
    (rb"BM....\x00\x00\x00\x00", ("image/bmp",)),
    (rb"%PDF-", ("application/pdf",)),
    (rb"RIFF....WAVE", ("audio/wav", "audio/pcm")),
    (rb"RIFF....AVI ", ("video/avi",)),
    (rb"fLaC", ("audio/flac",)),
    (rb"OggS", ("audio/ogg", "video/ogg")),
    (rb"ID3", ("audio/mp3", "audio/x-aac", "audio/flac")),
    (rb"FORM....AIF[FC]", ("audio/aiff",)),
    (rb"FLV\x01", ("video/x-flv",)),
    (rb"\x1aE\xdf\xa3", ("video/webm", "audio/webm", "video/x-matroska")),
    (rb"\x30\x26\xb2\x75\x8e\x66\xcf\x11", ("video/wmv",)),
    (rb"\x00\x00\x01[\xb3\xba]", ("video/mpeg",)),
    (rb"PK\x03\x04", ("an archive or Office document",)),
    (rb"\x1f\x8b\x08", ("an archive",)),
    (rb"(?i:\s*<(!doctype html|html))", ("text/html", "text/plain")),
    (rb"(?i:\s*<(svg|\?xml))", ("image/svg+xml", "text/plain")),
)
# Files of these types always begin as above.
FIRM = frozenset(
    ("image/png", "image/jpeg", "image/webp", "audio/wav", "audio/flac", "application/pdf", "video/avi")
)


def is_known_type(mime: str) -> bool:
    """Tell whether models take files of a type, which is lower case."""
    return mime in KNOWN


@lru_cache(maxsize=1024)
def nearest_type(mime: str) -> str:
    """Return the type that was perhaps meant by one that is not known, which is lower case; empty if none is near.

    >>> nearest_type("png"), nearest_type(".jpg"), nearest_type("image/pgn"), nearest_type("image/bmp")
    ('image/png', 'image/jpeg', 'image/png', '')
    """
    types = [name for name in EXTENSIONS.get(mime.removeprefix("."), ()) if name in KNOWN]
    if types or mime in UNTAKEN:
        return types[0] if types else ""
    # All that begin with `application/` look alike.
    near = [] if mime.startswith("application/") else get_close_matches(mime[:60], KNOWN, n=1, cutoff=0.85)
    return KNOWN[near[0]] if near else ""


def family_of(mime: str) -> str:
    """Return what a limit is about: `image`, `audio`, `video`, or a whole type such as `application/pdf`.

    >>> family_of("image/png"), family_of("application/pdf")
    ('image', 'application/pdf')
    """
    return mime if mime.startswith("application/") else mime.partition("/")[0]


def types_of_name(path: str, mime: str) -> tuple[str, ...]:
    """Return the types that a file's name stands for if ``mime`` is not among them.

    >>> types_of_name("gs://b/a.jpg", "image/png"), types_of_name("gs://b/a.jpg", "image/jpg")
    (('image/jpeg',), ())
    """
    name = path.rpartition("/")[2]
    stem, _, extension = name.rpartition(".")
    types = EXTENSIONS.get(extension.lower(), ()) if stem else ()
    return () if KNOWN.get(mime, mime) in types or mime in types else types


def types_of_bytes(start: bytes, mime: str) -> tuple[str, ...]:
    """Return the types that a file's first bytes stand for if ``mime`` is not among them.

    A file that begins like none is only strange where the type has a beginning of its own: it is then
    `something else`.
    """
    declared = KNOWN.get(mime, mime)
    # re keeps what it compiled; most files need none of it.
    types = next((types for pattern, types in SIGNATURES if re.match(pattern, start, re.DOTALL)), ())
    if not types:
        return ("something else",) if declared in FIRM else ()
    return () if declared in types else types
