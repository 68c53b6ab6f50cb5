"""Time the tokenizer against sentencepiece, each in one thread: ``python tests/tokenizers/speed.py``.

In: the tuning data in ``../shared/data``.
Out: MB of UTF-8 per second of processor time, for the data's different texts and for a seeded mixture of them in
which every fiftieth word is a new one; *again* is a second pass, with the words known and the texts forgotten.
"""

from __future__ import annotations

import json
import random
import resource
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import sentencepiece

from tunestats.tokenizers import TokenizerIdentity
from tunestats.tokenizers.batch import Limits
from tunestats.tokenizers.gemma import GemmaTokenizer
from tunestats.tokenizers.packed import packed_path, unpack

SHARED = Path(__file__).resolve().parents[3] / "shared"
MODEL = SHARED / "models" / "gemma3_cleaned_262144_v2.spiece.model"
MIXTURE_MB = 60


def strings_in(value: object) -> Iterator[str]:
    """Yield every string that is a value somewhere in a JSON value."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, list | dict):
        for item in value.values() if isinstance(value, dict) else value:
            yield from strings_in(item)


def read_texts() -> list[str]:
    """Return the different texts of the shared tuning data."""
    texts: dict[str, None] = {}
    for path in sorted((SHARED / "data").glob("*.jsonl")):
        for line in path.read_bytes().splitlines():
            texts.update(dict.fromkeys(strings_in(json.loads(line))))
    return list(texts)


def mix(texts: list[str], megabytes: int) -> list[str]:
    """Return texts made of halves of others, with new words."""
    chance = random.Random(1)  # noqa: S311
    long = [text for text in texts if len(text) > 40]
    made, size = [], 0
    while size < megabytes * 1_000_000:
        left, right = chance.choices(long, k=2)
        halves = f"{left[chance.randrange(len(left)) :]} {right[: chance.randrange(len(right))]}"
        words = (
            word + str(chance.randrange(1000)) if chance.random() < 0.02 else word
            for word in halves.split(" ")
        )
        made.append(" ".join(words))
        size += len(made[-1].encode())
    return made


def megabytes_per_second(texts: list[str], count: Callable[[list[str]], object]) -> float:
    """Return the speed of counting texts."""
    start = time.process_time()
    count(texts)
    return sum(len(text.encode()) for text in texts) / 1e6 / (time.process_time() - start)


def main() -> None:
    """Print a line for each set of texts."""
    oracle = sentencepiece.SentencePieceProcessor(model_file=str(MODEL))
    vocabulary = unpack(packed_path("gemma3").read_bytes()).vocabulary
    texts = read_texts()
    for name, chosen in (("data", texts), ("mixture", mix(texts, MIXTURE_MB))):
        tokenizer = GemmaTokenizer(vocabulary, TokenizerIdentity("gemma3", "", exact=True), Limits(memo=0))
        cold, again = (megabytes_per_second(chosen, tokenizer.count) for _ in range(2))
        reference = megabytes_per_second(chosen[:40_000], lambda part: oracle.encode(part, num_threads=1))
        print(f"{name:8} cold {cold:5.1f}  again {again:5.1f}  sentencepiece {reference:5.1f} MB/s")  # noqa: T201
    print(f"peak {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024} MiB with the texts")  # noqa: T201


if __name__ == "__main__":
    main()
