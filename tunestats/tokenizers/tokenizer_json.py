"""Write a vocabulary as the ``tokenizer.json`` that Hugging Face's formats describe.

In: a ``Vocabulary``.
Out: the bytes of the file, for an engine that reads no other form (``giga``).
Not here: how text is counted.

Every way to cut a piece into two others is a rule there. Control pieces are left out, since ``<bos>`` in a
user's text is plain text; ids are places in this file and are not the model's.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import orjson

from tunestats.tokenizers.sentencepiece_model import ESCAPED_SPACE
from tunestats.tokenizers.vocabulary import WHITESPACE, Vocabulary

__all__ = ["tokenizer_json"]

_UNKNOWN = "<unk>"


def tokenizer_json(vocabulary: Vocabulary) -> bytes:
    """Return the file of a vocabulary, 14 MB for gemma3."""
    merges = [_escaped(merge.decode()) for merge in vocabulary.merges]
    pieces = [_UNKNOWN, *(f"<0x{byte:02X}>" for byte in range(256))]
    pieces += [_escaped(character.decode()) for character in vocabulary.characters]
    ids = {piece: index for index, piece in enumerate([*pieces, *merges])}
    rules = list(_rules(merges, ids))
    symbols = [*vocabulary.symbols, *_runs(vocabulary)]
    for symbol in symbols:
        ids.setdefault(_escaped(symbol), len(ids))
    model = {
        "type": "BPE",
        "dropout": None,
        "unk_token": _UNKNOWN,
        "continuing_subword_prefix": None,
        "end_of_word_suffix": None,
        "fuse_unk": True,
        "byte_fallback": True,
        "ignore_merges": False,
        "vocab": ids,
        "merges": rules,
    }
    return orjson.dumps(
        {
            "version": "1.0",
            "truncation": None,
            "padding": None,
            "added_tokens": [_added(symbol, ids[_escaped(symbol)]) for symbol in symbols],
            "normalizer": {"type": "Replace", "pattern": {"String": " "}, "content": ESCAPED_SPACE},
            "pre_tokenizer": None,
            "post_processor": None,
            "decoder": None,
            "model": model,
        }
    )


def _escaped(piece: str) -> str:
    return piece.replace(" ", ESCAPED_SPACE)


def _rules(merges: list[str], ids: dict[str, int]) -> Iterator[tuple[str, str]]:
    for merge in merges:
        for place in range(1, len(merge)):
            if (left := merge[:place]) in ids and (right := merge[place:]) in ids:
                yield left, right


def _runs(vocabulary: Vocabulary) -> Iterator[str]:
    """Yield the runs of whitespace that are symbols; a single one counts one in any case."""
    for blank, longest in zip(WHITESPACE, vocabulary.longest_runs, strict=True):
        yield from (blank * length for length in range(2, longest + 1))


def _added(symbol: str, index: int) -> dict[str, Any]:
    flags = dict.fromkeys(("single_word", "lstrip", "rstrip", "normalized", "special"), False)
    return {"id": index, "content": symbol, **flags}
