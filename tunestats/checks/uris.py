"""Tell whether the service can fetch what a URI names.

In: a URI as it stood.
Out: what is wrong with it, in words that follow it; its part without query.
Not here: the type of the file behind it (``media``).

Cloud Storage's rules for names: a bucket has 3 to 63 characters, with dots up to 222 of which 63 between two dots,
and does not look like an IP address; an object has up to 1,024 bytes and no line breaks.
"""

import re

from tunestats.quoting import quoted

__all__ = ["name_without_query", "storage_fault", "uri_fault"]

BUCKET = re.compile(r"[a-z0-9]([a-z0-9._-]*[a-z0-9])?")
BUCKET_CHARACTERS, DOTTED_CHARACTERS = 63, 222
ADDRESS = re.compile(r"[0-9]+(\.[0-9]+){3}")
OBJECT_BYTES = 1024
CONTROLS = re.compile(r"[\0\r\n]")
# What a program should have filled in; other braces may be part of a name.
PLACEHOLDER = re.compile(r"\$?\{[A-Za-z_][A-Za-z0-9_.]*\}|<[A-Za-z_][A-Za-z0-9_ -]*>")
HOST = re.compile(
    r"([^\s/?#@]*@)?(?P<host>\[[0-9a-f:.]+\]|[^\s/?#:@\[\]]+)(:[0-9]{1,5})?([/?#]|$)", re.IGNORECASE
)
# Addresses that show something to who is logged in, or a page around the file.
LOGIN_HOSTS = (
    "storage.cloud.google.com",
    "console.cloud.google.com",
    "drive.google.com",
    "docs.google.com",
    "generativelanguage.googleapis.com",
)
PAGES = re.compile(r"(www\.)?github\.com/[^/]+/[^/]+/blob/", re.IGNORECASE)
PRIVATE = re.compile(r"(10|127|169\.254|172\.(1[6-9]|2[0-9]|3[01])|192\.168)\.[0-9.]+")
# A query that asks for a file in a form of its own: the name's extension says nothing then.
CONVERTS = re.compile(r"[?&](f|fm|fmt|format|auto|output|ext|to)=")
OWN_HOSTS = ("localhost", "127.0.0.1", "0.0.0.0", "[::1]")  # noqa: S104  nothing is bound to it
WINDOWS = re.compile(r"[A-Za-z]:[\\/]|\\\\")
SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*):")
EXPECTED = "expected `gs://bucket/object`"


def uri_fault(uri: str) -> str:
    """Return what keeps the service from reading a URI; empty if nothing does.

    >>> uri_fault("gs://bucket/a.png"), uri_fault("gs://bucket")
    ('', 'names no object; expected `gs://bucket/object`')
    """
    if uri != uri.strip():
        return "has white space around it"
    if uri.startswith("gs://"):
        return storage_fault(uri) or _pattern_fault(uri) or _placeholder_fault(uri)
    if uri.startswith(("https://", "http://")):
        return _address_fault(uri.partition("://")[2]) or _placeholder_fault(uri)
    return f"{_place(uri)}; {EXPECTED}"


def name_without_query(uri: str) -> str:
    """Return what names the file: of a web address without query and fragment, empty if a query converts it.

    >>> name_without_query("https://example.com/a.png?size=2"), name_without_query("gs://b/a?.png")
    ('https://example.com/a.png', 'gs://b/a?.png')
    """
    if uri.startswith("gs://"):
        return uri
    if CONVERTS.search(uri):
        return ""
    path = re.split("[?#]", uri, maxsplit=1)[0]
    # An address without a path ends with a host, whose `.com` is no extension.
    return path if path.count("/") > 2 else ""


def storage_fault(uri: str) -> str:
    r"""Return why there can be no object of a name that begins with `gs://`; empty where there can.

    >>> storage_fault("gs://bucket/a"), storage_fault("gs://bucket/a\nb")
    ('', 'holds a line break or a NUL, which no object can have in its name')
    """
    bucket, _, name = uri.removeprefix("gs://").partition("/")
    if not bucket:
        return f"names no bucket; {EXPECTED}"
    if CONTROLS.search(uri):
        return "holds a line break or a NUL, which no object can have in its name"
    fault = _bucket_fault(bucket)
    return f"names no bucket that can exist: {fault}" if fault else _object_fault(name)


def _bucket_fault(bucket: str) -> str:
    # One or two characters, which no bucket has either, stand for a name in examples.
    if BUCKET.fullmatch(bucket) is None:
        return "lower-case letters, digits and `._-`, a letter or a digit first and last"
    pieces = bucket.split(".")
    if "" in pieces or max(map(len, pieces)) > BUCKET_CHARACTERS or len(bucket) > DOTTED_CHARACTERS:
        return f"{BUCKET_CHARACTERS} characters at most, or as many between two dots"
    return "it has the form of an IP address" if ADDRESS.fullmatch(bucket) else ""


def _object_fault(name: str) -> str:
    if not name:
        return f"names no object; {EXPECTED}"
    size = len(name.encode("utf-8", "replace"))
    if size > OBJECT_BYTES:
        return f"names an object by {size:,} bytes; Cloud Storage takes {OBJECT_BYTES:,}"
    if name in (".", "..") or name.startswith(".well-known/acme-challenge/"):
        return f"names an object as none can be named; {EXPECTED}"
    return ""


def _pattern_fault(uri: str) -> str:
    if uri.endswith("/") or "*" in uri:
        kind = "objects by a pattern" if "*" in uri else "a folder"
        return f"names {kind}, not an object; {EXPECTED}"
    return ""


def _placeholder_fault(uri: str) -> str:
    found = PLACEHOLDER.search(uri)
    return f"holds {quoted(found[0])}, which was to be replaced by a name" if found is not None else ""


def _address_fault(rest: str) -> str:
    if CONTROLS.search(rest):
        return "holds a line break or a NUL"
    found = HOST.match(rest)
    if found is None:
        return "names no host that can exist; expected `https://host/path`"
    host = found["host"].lower()
    if host in OWN_HOSTS:
        return f"leads to your own machine; {EXPECTED}"
    if PRIVATE.fullmatch(host):
        return f"leads into a private network; {EXPECTED}"
    if host in LOGIN_HOSTS:
        return f"asks for a login; {EXPECTED}"
    return f"shows a page around the file; {EXPECTED}" if PAGES.match(rest) else ""


def _place(uri: str) -> str:
    """Say what something is that is neither in Cloud Storage nor on the web."""
    if WINDOWS.match(uri) or uri.startswith(("/", "./", "../", "~")) or uri.lower().startswith("file:"):
        return "is a path on your own machine"
    if uri.lower().startswith("data:"):
        return "holds the data itself, which belong in `inlineData`"
    if uri.lower().startswith(("gs:", "http:", "https:")):
        return "is misspelt"
    scheme = SCHEME.match(uri)
    return f"is in a place that the service does not read (`{scheme[1][:20]}`)" if scheme else "has no scheme"
