"""Find the tokenizer that somebody asks for.

In: a name such as ``gemma3`` or ``o200k_base``, or the path of a ``.model`` or ``.tiktoken`` file.
Out: a ``Tokenizer``, or a ``VocabularyError`` that says what to do; a list of what there is.
Not here: which Gemini model uses which vocabulary (``limits``).

Vocabularies come from the package, from google-genai's cache, from tiktoken's cache or from a path, and never
from the network. numpy and tiktoken are imported when a tokenizer is loaded, not before.
"""

from __future__ import annotations

import hashlib
import tempfile
from dataclasses import dataclass
from pathlib import Path

from tunestats.errors import VocabularyError
from tunestats.tokenizers import openai
from tunestats.tokenizers.packed import GEMMA_MODELS, packed_path, unpack
from tunestats.tokenizers.protocol import Tokenizer, TokenizerIdentity
from tunestats.tokenizers.vocabulary import Vocabulary

__all__ = ["VocabularyRow", "available", "genai_cache_directory", "load_tokenizer"]

_LARGEST_MODEL = 1 << 28  # bytes; a file beyond that is no vocabulary


@dataclass(frozen=True, slots=True)
class VocabularyRow:
    """One line of the list of vocabularies.

    Attributes:
        name: What to ask for.
        exact: Counts equal those of Gemini's own local tokenizer; otherwise they are an estimate.
        sha256: Of the source vocabulary file.
        place: Where it is, or nothing.
        missing: What to do if it is not there, or nothing.
    """

    name: str
    exact: bool
    sha256: str
    place: str = ""
    missing: str = ""


def load_tokenizer(name: str = "gemma3") -> Tokenizer:
    """Return the tokenizer of a name or path.

    Args:
        name: ``gemma3``, ``gemma2``, a tiktoken encoding, or a path that ends in ``.model`` or ``.tiktoken``.

    Raises:
        VocabularyError: The name is not known, or the vocabulary is missing, damaged or not supported.
    """
    if name in GEMMA_MODELS:
        return _load_gemma(name)
    if name in openai.ENCODINGS:
        return openai.load_encoding(name)
    if name.endswith(".model"):
        return _load_model_file(Path(name), name, expected=None)
    if name.endswith(".tiktoken"):
        return openai.load_tiktoken_file(Path(name), name)
    known = ", ".join(f"`{known}`" for known in (*GEMMA_MODELS, *openai.ENCODINGS))
    raise VocabularyError(
        f"`{name}` is not a tokenizer; expected {known}, or a path to a `.model` or `.tiktoken` file"
    )


def available() -> tuple[VocabularyRow, ...]:
    """Return every vocabulary that has a name, and where it is or what is missing."""
    rows = [_gemma_row(name, sha256) for name, sha256 in GEMMA_MODELS.items()]
    for name, file in openai.ENCODINGS.items():
        cached = openai.cached_file(name)
        missing = "" if cached else f"not in tiktoken's cache `{openai.cache_directory() or ''}`"
        rows.append(
            VocabularyRow(name, exact=False, sha256=file.sha256, place=str(cached or ""), missing=missing)
        )
    return tuple(rows)


def genai_cache_directory() -> Path:
    """Return where google-genai keeps the models it fetched."""
    return Path(tempfile.gettempdir()) / "vertexai_tokenizer_model"


def _gemma_row(name: str, sha256: str) -> VocabularyRow:
    if packed_path(name).is_file():
        return VocabularyRow(name, exact=True, sha256=sha256, place="packaged")
    cached = _cached_model(sha256)
    missing = "" if cached else f"not in `{genai_cache_directory()}`; give the path of its `.model` file"
    return VocabularyRow(name, exact=True, sha256=sha256, place=str(cached or ""), missing=missing)


def _load_gemma(name: str) -> Tokenizer:
    path = packed_path(name)
    if path.is_file():
        packed = unpack(path.read_bytes())
        return _tokenizer(packed.vocabulary, TokenizerIdentity(name, packed.source_sha256, exact=True))
    cached = _cached_model(GEMMA_MODELS[name])
    if cached is None:
        raise VocabularyError(
            f"`{name}` is not in the package and not in google-genai's cache `{genai_cache_directory()}`; "
            f"give the path of its `.model` file (SHA-256 `{GEMMA_MODELS[name][:8]}…`)"
        )
    return _load_model_file(cached, name, expected=GEMMA_MODELS[name])


def _load_model_file(path: Path, name: str, expected: str | None) -> Tokenizer:
    from tunestats.tokenizers.ranks import drop_unreachable
    from tunestats.tokenizers.sentencepiece_model import read_model
    from tunestats.tokenizers.vocabulary import vocabulary_from_model

    data = _read(path, name)
    sha256 = hashlib.sha256(data).hexdigest()
    if expected not in (None, sha256):
        raise VocabularyError(f"`{path}`: SHA-256 is `{sha256[:8]}…`, expected `{expected}`; fetch it again")
    try:
        vocabulary = drop_unreachable(vocabulary_from_model(read_model(data)))
    except VocabularyError as error:
        raise VocabularyError(f"`{name}`: {error}") from error
    exact = sha256 in GEMMA_MODELS.values()
    note = "" if exact else "not a vocabulary that Gemini is known to use: an estimate"
    return _tokenizer(vocabulary, TokenizerIdentity(name, sha256, exact, note))


def _tokenizer(vocabulary: Vocabulary, identity: TokenizerIdentity) -> Tokenizer:
    from tunestats.tokenizers.gemma import GemmaTokenizer

    return GemmaTokenizer(vocabulary, identity)


def _read(path: Path, name: str) -> bytes:
    try:
        if path.stat().st_size > _LARGEST_MODEL:
            raise VocabularyError(f"`{name}` is too large for a vocabulary; check the path")
        return path.read_bytes()
    except OSError as error:
        raise VocabularyError(f"`{name}` cannot be read: {error.strerror}; check the path") from error


def _cached_model(sha256: str) -> Path | None:
    """Return the file in google-genai's cache with this hash; it is named after a URL, which may change."""
    try:
        files = sorted(path for path in genai_cache_directory().iterdir() if path.is_file())
        for path in files:
            if (
                path.stat().st_size <= _LARGEST_MODEL
                and hashlib.sha256(path.read_bytes()).hexdigest() == sha256
            ):
                return path
    except OSError:
        return None
    return None
