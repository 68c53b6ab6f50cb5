"""Count with gigatoken, where it is installed; nobody needs it.

In: the tokenizer of the packaged gemma3 vocabulary, and texts.
Out: the same counts, sooner; a ``CountError`` if they are not the same.
Not here: for which inputs this pays (``engines.shard``).

Compared with ``load_tokenizer("gemma3")`` on 8,821,483 texts (2026-11-23, gigatoken 0.10.0): every piece alone
and in context, every symbol, runs, all planes, words of few different characters, tuning data whole and mutated.
42,558 texts differed, all of them with a literal U+2581; these go to the careful tokenizer. So do batches with
lone surrogates, which gigatoken refuses, and texts of more than ``_LONGEST`` characters, which only cost memory.

Measured on two shared Xeon cores at 2.6 GHz (CPython 3.11, one thread, 2026-11-23). ``python -m
benchmarks.tokenizers --mixture 60``, MB of UTF-8 per second of processor time, cold::

    ours  21   ours + gigatoken  34-37   sentencepiece  2.0-2.4

Loading takes 1.9 s (0.9 to write the file, 0.7 to read it, 0.3 to import awkward). ``stats`` on a file of such
texts, processor time and memory at its highest::

    128 MB  10.2 s  176 MiB   with gigatoken   9.7 s  272 MiB
    256 MB  18.0 s  180 MiB   with gigatoken  17.6 s  272 MiB
    519 MB  37.6 s  196 MiB   with gigatoken  33.7 s  272 MiB

The memory of ``encode_batch(parallel=False)`` does not grow: 214 MB after 500 MB of mixture, 175 MB after 270 MB
of random words. ``encode``, which is not used here, keeps every word (marcelroed/gigatoken#36): 625 MB after 64 MB.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, TypeVar

from tunestats.errors import CountError
from tunestats.quoting import excerpt
from tunestats.tokenizers.packed import packed_path, unpack
from tunestats.tokenizers.protocol import Tokenizer, TokenizerIdentity
from tunestats.tokenizers.sentencepiece_model import ESCAPED_SPACE
from tunestats.tokenizers.tokenizer_json import tokenizer_json

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    Encode = Callable[[list[str]], npt.NDArray[np.int64] | None]

__all__ = ["GigaTokenizer", "faster"]

Result = TypeVar("Result")

_NAME = "gemma3"
_TESTED = "0.10."  # counts were compared with these versions
# Smaller batches are slower, since no call knows the words of another; larger ones need more space.
_BATCH = 1 << 21  # characters
_LONGEST = 1 << 18  # characters; a longer text is one for the engine whose memory is bounded
_GUARD = 1 << 18  # what the first texts that are compared may cost: their characters and
_GUARD_TEXT = 1 << 10  # this much for each, so that there are about two hundred
_PROBE = ["", "a b", " \n\t", "<h1>"]


def faster(tokenizer: Tokenizer) -> Tokenizer:
    """Return a tokenizer that counts the same and is faster, or the same one.

    Args:
        tokenizer: Any; only that of the packaged gemma3 vocabulary can be made faster.

    Returns:
        If gigatoken is installed and cannot be used, a tokenizer whose identity notes why.
    """
    from importlib import metadata

    identity = tokenizer.identity
    path = packed_path(_NAME)
    if identity.name != _NAME or not path.is_file():
        return tokenizer
    try:
        version = metadata.version("gigatoken")
    except metadata.PackageNotFoundError:
        return tokenizer
    if not version.startswith(_TESTED):
        return _noted(
            tokenizer, f"gigatoken {version} is not used, only {_TESTED}x is known to count the same"
        )
    packed = unpack(path.read_bytes())
    if packed.source_sha256 != identity.sha256:
        return tokenizer
    encode = _load(tokenizer_json(packed.vocabulary))
    if encode is None:
        return _noted(tokenizer, f"gigatoken {version} is installed and does not work")
    return GigaTokenizer(tokenizer, encode, f"gigatoken {version}")


class GigaTokenizer:
    """A ``Tokenizer`` that asks another about the first texts, and about all that need care."""

    def __init__(self, careful: Tokenizer, encode: Encode, name: str) -> None:
        """Take the tokenizer that is right, the engine that is fast, and its name for people."""
        self._careful = careful
        self._encode = encode
        self._name = name
        self._guard: float = _GUARD

    @property
    def identity(self) -> TokenizerIdentity:
        """Return which vocabulary this is; the engine makes no difference."""
        return self._careful.identity

    def count(self, texts: Sequence[str]) -> npt.NDArray[np.int64]:
        """Return the tokens of each text on its own; see ``Tokenizer.count``.

        Raises:
            CountError: The two engines differ on one of the first texts.
        """
        import numpy as np

        numbers: dict[str, int] = {}
        chosen = [numbers.setdefault(text, len(numbers)) for text in texts]
        counts = [np.zeros(0, dtype=np.int64), *map(self._count_batch, _batches(numbers))]
        return np.concatenate(counts)[np.array(chosen, dtype=np.intp)]

    def _count_batch(self, texts: list[str]) -> npt.NDArray[np.int64]:
        import numpy as np

        counts = np.empty(len(texts), dtype=np.int64)
        odd = [index for index, text in enumerate(texts) if ESCAPED_SPACE in text or len(text) > _LONGEST]
        plain = np.delete(np.arange(len(texts)), odd)
        counts[odd] = self._careful.count([texts[index] for index in odd])
        counts[plain] = self._count_plain([texts[index] for index in plain.tolist()] if odd else texts)
        return counts

    def _count_plain(self, texts: list[str]) -> npt.NDArray[np.int64]:
        counts = self._encode(texts)
        if counts is None:
            return self._careful.count(texts)
        if self._guard > 0:
            self._compare(texts, counts)
        return counts

    def _compare(self, texts: list[str], counts: npt.NDArray[np.int64]) -> None:
        first = list(_affordable(texts, self._guard))
        expected = self._careful.count(first)
        for text, count, right in zip(first, counts.tolist(), expected.tolist(), strict=False):
            if count != right:
                # From now on everything is compared, so that the caller can look for the line.
                self._guard = math.inf
                raise CountError(
                    f"{self._name} counts {count} tokens in `{excerpt(text)}`, and there are {right}; "
                    "uninstall gigatoken and run again"
                )
        self._guard -= sum(map(_cost, first))


@dataclass(frozen=True, slots=True)
class _Noted:
    """A tokenizer that says something about itself."""

    tokenizer: Tokenizer
    identity: TokenizerIdentity

    def count(self, texts: Sequence[str]) -> npt.NDArray[np.int64]:
        """Return the tokens of each text."""
        return self.tokenizer.count(texts)


def _noted(tokenizer: Tokenizer, note: str) -> Tokenizer:
    identity = tokenizer.identity
    return _Noted(tokenizer, replace(identity, note="; ".join(filter(None, (identity.note, note)))))


def _load(data: bytes) -> Encode | None:
    """Return a function that counts texts or fails with ``None``; or ``None`` if the engine does not work."""
    backend: Any = _attempt(lambda: _backend(data))

    def encode(texts: list[str]) -> npt.NDArray[np.int64] | None:
        # Not in parallel: the pool of threads would not survive a fork, and the caller's processes share the cores.
        return _attempt(lambda: _lengths(backend.encode_batch(texts, parallel=False), len(texts)))

    # The first call imports awkward, which may be missing or broken.
    return encode if backend is not None and encode(_PROBE) is not None else None


def _backend(data: bytes) -> Any:
    import gigatoken

    return gigatoken.Tokenizer.from_json(data).backend


def _lengths(encoded: Any, size: int) -> npt.NDArray[np.int64]:
    import numpy as np

    lengths = np.diff(np.asarray(encoded.layout.offsets.data)).astype(np.int64)
    if lengths.shape != (size,):
        raise ValueError("these are not the tokens of each text")
    return lengths


def _attempt(call: Callable[[], Result]) -> Result | None:
    """Return what the engine returns; it may fail in any way, and texts with lone surrogates always fail."""
    try:
        return call()
    except (KeyboardInterrupt, SystemExit):
        raise
    except BaseException:  # noqa: BLE001  (a panic in Rust is no Exception)
        return None


def _batches(texts: Iterable[str]) -> Iterator[list[str]]:
    batch: list[str] = []
    size = 0
    for text in texts:
        batch.append(text)
        size += len(text)
        if size > _BATCH:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch


def _cost(text: str) -> int:
    return len(text) + _GUARD_TEXT


def _affordable(texts: Iterable[str], budget: float) -> Iterator[str]:
    """Yield texts until the budget is used up, the first one in any case."""
    for text in texts:
        if budget <= 0:
            return
        yield text
        budget -= _cost(text)
