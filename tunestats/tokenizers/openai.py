"""Count tokens with an OpenAI vocabulary: an estimate for Gemini, never exact.

In: the name of a tiktoken encoding whose file is in tiktoken's cache, or a ``.tiktoken`` file.
Out: a ``Tokenizer``.
Not here: Gemini's own vocabularies (``gemma``).

tiktoken fetches a file that is not in its cache; tunestats never uses the network unasked, so it looks first.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import os
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from tunestats.errors import VocabularyError
from tunestats.tokenizers.protocol import TokenizerIdentity

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt
    import tiktoken

__all__ = [
    "ENCODINGS",
    "NOTE",
    "PATTERNS",
    "EncodingFile",
    "TiktokenTokenizer",
    "cache_directory",
    "cached_file",
    "load_encoding",
    "load_tiktoken_file",
]

NOTE = "OpenAI vocabulary: an estimate for Gemini"
_SITE = "https://openaipublic.blob.core.windows.net"


class EncodingFile(NamedTuple):
    """The file an encoding is read from, as ``tiktoken_ext.openai_public`` names it."""

    url: str
    sha256: str


_R50K = EncodingFile(
    f"{_SITE}/encodings/r50k_base.tiktoken",
    "306cd27f03c1a714eca7108e03d66b7dc042abe8c258b44c199a7ed9838dd930",
)
_P50K = EncodingFile(
    f"{_SITE}/encodings/p50k_base.tiktoken",
    "94b5ca7dff4d00767bc256fdd1b27e5b17361d7b8a5f968547f9f23eb70d2069",
)
_CL100K = EncodingFile(
    f"{_SITE}/encodings/cl100k_base.tiktoken",
    "223921b76ee99bde995b7ff738513eef100fb51d18c93597a113bcffe865b2a7",
)
_O200K = EncodingFile(
    f"{_SITE}/encodings/o200k_base.tiktoken",
    "446a9538cb6c348e3516120d7c08b09f57c36495e2acfffe59a5bf8b0cfb1a2d",
)
ENCODINGS = {
    "o200k_base": _O200K,
    "o200k_harmony": _O200K,
    "cl100k_base": _CL100K,
    "p50k_base": _P50K,
    "p50k_edit": _P50K,
    "r50k_base": _R50K,
}

# The patterns of tiktoken (MIT licence), which keeps them inside functions that may use the network.
PATTERNS = {
    "r50k_base": r"""'(?:[sdmt]|ll|ve|re)| ?\p{L}++| ?\p{N}++| ?[^\s\p{L}\p{N}]++|\s++$|\s+(?!\S)|\s""",
    "cl100k_base": r"""'(?i:[sdmt]|ll|ve|re)|[^\r\n\p{L}\p{N}]?+\p{L}++|\p{N}{1,3}+| ?[^\s\p{L}\p{N}]++[\r\n]*+"""
    r"""|\s++$|\s*[\r\n]|\s+(?!\S)|\s""",
    "o200k_base": r"""[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]*[\p{Ll}\p{Lm}\p{Lo}\p{M}]+"""
    r"""(?i:'s|'t|'re|'ve|'m|'ll|'d)?"""
    r"""|[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]+[\p{Ll}\p{Lm}\p{Lo}\p{M}]*"""
    r"""(?i:'s|'t|'re|'ve|'m|'ll|'d)?"""
    r"""|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n/]*|\s*[\r\n]+|\s+(?!\S)|\s+""",
}
PATTERNS["p50k_base"] = PATTERNS["r50k_base"]
_DEFAULT_PATTERN = "o200k_base"
_PART = 1 << 20  # characters; a longer text is cut
_TAIL = 1 << 16


class TiktokenTokenizer:
    """A ``Tokenizer`` on top of any tiktoken encoding."""

    def __init__(self, encoding: tiktoken.Encoding, identity: TokenizerIdentity) -> None:
        self._encoding = encoding
        self._identity = identity

    @property
    def identity(self) -> TokenizerIdentity:
        """Return which vocabulary this is."""
        return self._identity

    def count(self, texts: Sequence[str]) -> npt.NDArray[np.int64]:
        """Return the tokens of each text on its own; see ``Tokenizer.count``.

        A text of more than a million characters is cut, where possible between a newline and a letter, which
        is where no pattern joins; so even then a count differs by a token or two at most.
        """
        import numpy as np

        counts: dict[str, int] = {}
        for text in texts:
            if text not in counts:
                # encode_ordinary's meaning: user text may hold "<|endoftext|>", on which encode() raises.
                counts[text] = sum(len(self._encoding.encode_ordinary(part)) for part in _parts(text))
        return np.fromiter((counts[text] for text in texts), dtype=np.int64, count=len(texts))


def _parts(text: str) -> list[str]:
    parts = []
    start = 0
    while len(text) - start > _PART:
        stop = start + _PART
        newline = next(
            (
                place
                for place in range(stop - 1, stop - _TAIL, -1)
                if text[place - 1] == "\n" and text[place].isalpha()
            ),
            stop,
        )
        parts.append(text[start:newline])
        start = newline
    parts.append(text[start:])
    return parts


def cache_directory() -> Path | None:
    """Return tiktoken's cache directory, ``None`` if the environment switches the cache off."""
    for variable in ("TIKTOKEN_CACHE_DIR", "DATA_GYM_CACHE_DIR"):
        if variable in os.environ:
            return Path(os.environ[variable]) if os.environ[variable] else None
    return Path(tempfile.gettempdir()) / "data-gym-cache"


def cached_file(name: str) -> Path | None:
    """Return the cached file of an encoding if it is there and is the right one."""
    directory = cache_directory()
    if directory is None:
        return None
    file = ENCODINGS[name]
    path = directory / hashlib.sha1(file.url.encode(), usedforsecurity=False).hexdigest()
    try:
        found = path.is_file() and hashlib.sha256(path.read_bytes()).hexdigest() == file.sha256
    except OSError:
        return None
    return path if found else None


def load_encoding(name: str) -> TiktokenTokenizer:
    """Return the tokenizer of a named encoding, without using the network.

    Raises:
        VocabularyError: Its file is not in the cache.
    """
    if cached_file(name) is None:
        directory = cache_directory() or "a directory named by `TIKTOKEN_CACHE_DIR`"
        raise VocabularyError(
            f"`{name}` is not in tiktoken's cache; on a machine with a network run "
            f"`python -c 'import tiktoken; tiktoken.get_encoding(\"{name}\")'`, copy its cache to `{directory}`, "
            f"or give the path of a `.tiktoken` file"
        )
    import tiktoken

    return TiktokenTokenizer(
        tiktoken.get_encoding(name), TokenizerIdentity(name, ENCODINGS[name].sha256, exact=False, note=NOTE)
    )


def load_tiktoken_file(path: Path, name: str) -> TiktokenTokenizer:
    """Return the tokenizer of a ``.tiktoken`` file.

    Raises:
        VocabularyError: It cannot be read, or is not such a file.
    """
    try:
        data = path.read_bytes()
    except OSError as error:
        raise VocabularyError(f"`{name}` cannot be read: {error.strerror}") from error
    import tiktoken

    sha256 = hashlib.sha256(data).hexdigest()
    pattern = _pattern_of(path, sha256)
    encoding = tiktoken.Encoding(
        path.name, pat_str=PATTERNS[pattern], mergeable_ranks=_read_ranks(data, name), special_tokens={}
    )
    note = f"{NOTE}; split like `{pattern}`"
    return TiktokenTokenizer(encoding, TokenizerIdentity(name, sha256, exact=False, note=note))


def _pattern_of(path: Path, sha256: str) -> str:
    """Return the encoding whose pattern fits a file: by its hash, else by its name, else the newest."""
    for name, file in ENCODINGS.items():
        if file.sha256 == sha256 and name in PATTERNS:
            return name
    for name in PATTERNS:
        if name.removesuffix("_base") in path.name:
            return name
    return _DEFAULT_PATTERN


def _read_ranks(data: bytes, name: str) -> dict[bytes, int]:
    ranks: dict[bytes, int] = {}
    for number, line in enumerate(data.splitlines(), start=1):
        if not line:
            continue
        try:
            token, rank = line.split()
            ranks[base64.b64decode(token, validate=True)] = int(rank)
        except (ValueError, binascii.Error) as error:
            raise VocabularyError(
                f"`{name}`: line {number} is not a token and its rank; fetch the file again"
            ) from error
    # tiktoken ends the process's work in a panic if a byte is missing or a rank is not its own.
    bytes_there = all(bytes([byte]) in ranks for byte in range(256))
    values = set(ranks.values())
    if (
        not bytes_there
        or b"" in ranks
        or len(values) != len(ranks)
        or not all(0 <= rank < 1 << 31 for rank in values)
    ):
        raise VocabularyError(f"`{name}` is not all of a tiktoken vocabulary; fetch the file again")
    return ranks
