"""Tell whether the service can fetch what a URI names.

In: a URI as it stood.
Out: what is wrong with it, in words that follow it; its part without query.
Not here: the type of the file behind it (``media``).
"""

import re

__all__ = ["name_without_query", "uri_fault"]

# Cloud Storage's rules for names of buckets; an object's name may be anything.
BUCKET = re.compile(r"[a-z0-9]([a-z0-9._-]{0,220}[a-z0-9])?")
HOST = re.compile(
    r"([^\s/?#@]*@)?(?P<host>\[[0-9a-f:.]+\]|[^\s/?#:@\[\]]+)(:[0-9]{1,5})?([/?#]|$)", re.IGNORECASE
)
# Addresses that show something to who is logged in, or a page around the file.
LOGIN_HOSTS = ("storage.cloud.google.com", "console.cloud.google.com", "drive.google.com", "docs.google.com")
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
        return _storage_fault(uri.removeprefix("gs://"))
    if uri.startswith(("https://", "http://")):
        return _address_fault(uri.partition("://")[2])
    return f"{_place(uri)}; {EXPECTED}"


def name_without_query(uri: str) -> str:
    """Return what names the file: of a web address without query and fragment.

    >>> name_without_query("https://example.com/a.png?size=2"), name_without_query("gs://b/a?.png")
    ('https://example.com/a.png', 'gs://b/a?.png')
    """
    if uri.startswith("gs://"):
        return uri
    path = re.split("[?#]", uri, maxsplit=1)[0]
    # An address without a path ends with a host, whose `.com` is no extension.
    return path if path.count("/") > 2 else ""


def _storage_fault(rest: str) -> str:
    bucket, _, name = rest.partition("/")
    if not bucket:
        return f"names no bucket; {EXPECTED}"
    if BUCKET.fullmatch(bucket) is None:
        return f"names no bucket that can exist: lower-case letters, digits and `._-`; {EXPECTED}"
    if not name:
        return f"names no object; {EXPECTED}"
    if name.endswith("/") or "*" in name:
        kind = "objects by a pattern" if "*" in name else "a folder"
        return f"names {kind}, not an object; {EXPECTED}"
    return ""


def _address_fault(rest: str) -> str:
    found = HOST.match(rest)
    if found is None:
        return "names no host that can exist; expected `https://host/path`"
    host = found["host"].lower()
    if host in OWN_HOSTS:
        return f"leads to your own machine; {EXPECTED}"
    if host in LOGIN_HOSTS:
        return f"asks for a login; {EXPECTED}"
    return ""


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
