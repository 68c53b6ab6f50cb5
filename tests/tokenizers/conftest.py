"""Give the tests vocabularies, the oracle (sentencepiece) and model files made by hand."""

from __future__ import annotations

import struct
import warnings
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tunestats.tokenizers import Tokenizer, TokenizerIdentity, load_tokenizer
from tunestats.tokenizers.batch import Limits
from tunestats.tokenizers.gemma import GemmaTokenizer
from tunestats.tokenizers.packed import packed_path, unpack

SHARED = Path(__file__).resolve().parents[3] / "shared"
MODELS = {
    "gemma3": SHARED / "models" / "gemma3_cleaned_262144_v2.spiece.model",
    "gemma2": SHARED / "models" / "gemma2_tokenizer.model",
}
NORMAL, UNKNOWN, CONTROL, USER_DEFINED, UNUSED, BYTE = 1, 2, 3, 4, 5, 6


# sentencepiece must be imported while warnings are no errors: SWIG warns about its own types on some versions of
# Python, and the half-made module crashes the process later. So it is done here, before any test runs.
with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    try:
        import sentencepiece as _sentencepiece
    except ImportError:
        _sentencepiece = None


@pytest.fixture(scope="session")
def sentencepiece() -> Any:
    """The sentencepiece package."""
    if _sentencepiece is None:
        pytest.skip("sentencepiece, the oracle, is not installed")
    return _sentencepiece


@pytest.fixture(scope="session")
def gemma3() -> Tokenizer:
    """The tokenizer of the packaged vocabulary."""
    return load_tokenizer("gemma3")


@pytest.fixture(scope="session")
def small_gemma3() -> GemmaTokenizer:
    """The same vocabulary with every limit so low that it is hit all the time."""
    vocabulary = unpack(packed_path("gemma3").read_bytes()).vocabulary
    identity = TokenizerIdentity("small", "", exact=True)
    return GemmaTokenizer(
        vocabulary, identity, Limits(batch=64, table_bits=3, memo=3000, window=24, by_hand=10**12)
    )


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder of tuning data that is not part of the repository."""
    if not (SHARED / "data").is_dir():
        pytest.skip("../shared/data is not here")
    return SHARED / "data"


@pytest.fixture(scope="session", params=MODELS)
def model_file(request: pytest.FixtureRequest) -> tuple[str, Path]:
    """Name and path of a Gemma model file."""
    path = MODELS[request.param]
    if not path.is_file():
        pytest.skip(f"../shared/models/{path.name} is not here")
    return request.param, path


@pytest.fixture(scope="session")
def pair(model_file: tuple[str, Path], sentencepiece: Any) -> tuple[Tokenizer, Any]:
    """A tokenizer and the oracle for the same model."""
    name, path = model_file
    tokenizer = load_tokenizer("gemma3" if name == "gemma3" else str(path))
    return tokenizer, sentencepiece.SentencePieceProcessor(model_file=str(path))


@pytest.fixture(scope="session")
def differences() -> Callable[[tuple[Tokenizer, Any], Sequence[str]], list[tuple[str, int, int]]]:
    """Return the texts on which tokenizer and oracle differ: (start of the text, ours, theirs)."""

    def compare(pair: tuple[Tokenizer, Any], texts: Sequence[str]) -> list[tuple[str, int, int]]:
        tokenizer, oracle = pair
        ours = tokenizer.count(texts)
        theirs = np.array([len(ids) for ids in oracle.encode(list(texts))], dtype=np.int64)
        return [
            (texts[i][:80], int(ours[i]), int(theirs[i])) for i in np.flatnonzero(ours != theirs).tolist()
        ]

    return compare


def _field(number: int, value: bytes | float) -> bytes:
    if isinstance(value, bytes):
        return _varint(number << 3 | 2) + _varint(len(value)) + value
    if isinstance(value, float):
        return _varint(number << 3 | 5) + struct.pack("<f", value)
    return _varint(number << 3) + _varint(int(value))


def _varint(value: int) -> bytes:
    out = bytearray()
    while value > 127:
        out.append(value & 127 | 128)
        value >>= 7
    out.append(value)
    return bytes(out)


def _piece(text: str, score: float, kind: int) -> bytes:
    return _field(1, _field(1, text.encode()) + _field(2, float(score)) + _field(3, kind))


@pytest.fixture(scope="session")
def make_model() -> Callable[..., bytes]:
    """Return a function that writes a small ``.model`` file of Gemma's kind."""

    def make(  # noqa: PLR0913  (every way in which a model can differ is an argument)
        merges: Sequence[str] = (),
        symbols: Sequence[str] = (),
        characters: str = "▁ab",
        *,
        model_type: int = 2,
        byte_fallback: bool = True,
        dummy_prefix: bool = False,
        extra_whitespaces: bool = False,
        escape: bool = True,
        suffix: bool = False,
        character_map: bytes = b"",
        bytes_there: int = 256,
        extra: bytes = b"",
    ) -> bytes:
        parts = [_piece("<unk>", 0, UNKNOWN), _piece("<s>", 0, CONTROL), _piece("</s>", 0, CONTROL)]
        parts += [_piece(f"<0x{byte:02X}>", 0, BYTE) for byte in range(bytes_there)]
        parts += [_piece(symbol, 0, USER_DEFINED) for symbol in symbols]
        parts += [_piece(merge, -rank, NORMAL) for rank, merge in enumerate(merges)]
        parts += [_piece(character, -1000 - rank, NORMAL) for rank, character in enumerate(characters)]
        trainer = _field(3, model_type) + _field(24, int(suffix)) + _field(35, int(byte_fallback))
        trainer += _field(40, 0) + _field(41, 1) + _field(42, 2)
        normalizer = _field(1, b"identity") + _field(3, int(dummy_prefix))
        normalizer += _field(4, int(extra_whitespaces)) + _field(5, int(escape))
        if character_map:
            normalizer += _field(2, character_map)
        return b"".join(parts) + extra + _field(2, trainer) + _field(3, normalizer)

    return make
