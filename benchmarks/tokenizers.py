"""Time tokenizers on the distinct texts of tuning files, one process each.

In: JSONL files; without any, the data sets in ../shared/data.
Out: a table of MB/s of UTF-8 text, and of tokens, which must be equal where the vocabulary is the same.
Not here: whole runs (``stats``).

``--mixture MB`` makes texts of halves of others, in which every fiftieth word gets three letters in its middle: more
than any small file holds, and as many new words as a large one.

Engines: ours (``gemma3``); sentencepiece and google-genai's
LocalTokenizer with the same vocabulary, where they are installed and ``--model`` names the file; tiktoken with ``o200k_base``, where tiktoken's cache holds it.
Loading has its own column, with all that an engine prepares when it is first used: ``LONG_WORD`` makes sure of it.
Texts are counted once, in batches as ``stats`` makes them, and then *again*.

``python -m benchmarks.tokenizers --model gemma3_cleaned_262144_v2.spiece.model train.jsonl``
"""

import argparse
import json
import random
import string
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

SHARED = Path(__file__).resolve().parents[2] / "shared"
MODEL = SHARED / "models/gemma3_cleaned_262144_v2.spiece.model"
GENAI_CACHE = "vertexai_tokenizer_model/df5c78e8def68e67515aeca297169a4f6c7f5920"

LONG_WORD = "qxz" * 2000
LOAD = {
    "ours": """
from tunestats.tokenizers import load_tokenizer
tokenizer = load_tokenizer("gemma3")
count = lambda batch: int(tokenizer.count(batch).sum())
""",
    "sentencepiece": """
import sentencepiece
processor = sentencepiece.SentencePieceProcessor(model_file=model)
count = lambda batch: sum(map(len, processor.encode(batch)))
""",
    "LocalTokenizer": """
import shutil, tempfile, warnings, pathlib
warnings.simplefilter("ignore")
from google.genai.local_tokenizer import LocalTokenizer
with tempfile.TemporaryDirectory() as folder:
    cached = pathlib.Path(folder, cache)
    cached.parent.mkdir()
    shutil.copy(model, cached)
    tempfile.tempdir = folder
    local = LocalTokenizer("gemini-2.5-flash")
count = lambda batch: sum(local.count_tokens(text).total_tokens for text in batch)
""",
    "tiktoken o200k": """
import tiktoken
from tunestats.tokenizers.openai import cached_file
assert cached_file("o200k_base"), "it is not in tiktoken's cache"
encoding = tiktoken.get_encoding("o200k_base")
count = lambda batch: sum(len(encoding.encode_ordinary(text)) for text in batch)
""",
}
HARNESS = """
import json, sys, time, resource
model, cache, texts = {model!r}, {cache!r}, json.load(sys.stdin)
start = time.process_time()
{load}
count([{long_word!r}])
load = time.process_time() - start
batches, batch, size = [], [], 0
for text in texts:
    batch.append(text)
    size += len(text)
    if size > 1 << 21:
        batches.append(batch)
        batch, size = [], 0
batches.append(batch)
start = time.process_time()
tokens = sum(map(count, batches))
cold = time.process_time() - start
start = time.process_time()
again = sum(map(count, batches))
warm = time.process_time() - start
assert tokens == again
print(json.dumps([tokens, load, cold, warm, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024]))
"""


def distinct_texts(paths: list[Path]) -> list[str]:
    """Return every different string value of at least one character, in order."""
    seen: dict[str, None] = {}
    for path in paths:
        with path.open(encoding="utf-8") as file:
            for line in file:
                seen.update(dict.fromkeys(_strings(json.loads(line))))
    return list(seen)


def _strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for item in value.values():
            yield from _strings(item)
    elif isinstance(value, list):
        for item in value:
            yield from _strings(item)


def mix(texts: list[str], size: int) -> list[str]:
    """Return seeded texts made of halves of others, with new words, of ``size`` characters in all."""
    chance = random.Random(1)
    long = [text for text in texts if len(text) > 40]
    made: list[str] = []
    while size > 0:
        left, right = chance.choices(long, k=2)
        halves = f"{left[chance.randrange(len(left)) :]} {right[: chance.randrange(len(right))]}"
        words = (_new_word(word, chance) if chance.random() < 0.02 else word for word in halves.split(" "))
        made.append(" ".join(words))
        size -= len(made[-1])
    return made


def _new_word(word: str, chance: random.Random) -> str:
    middle = len(word) // 2
    return word[:middle] + "".join(chance.choices(string.ascii_lowercase, k=3)) + word[middle:]


def main() -> None:
    """Measure every engine that is there and print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("files", nargs="*", type=Path)
    parser.add_argument("--model", type=Path, default=MODEL)
    parser.add_argument("--mixture", type=float, default=0, metavar="MB")
    options = parser.parse_args()
    texts = distinct_texts(options.files or sorted((SHARED / "data").glob("*.*.jsonl")))
    if options.mixture:
        texts = mix(texts, int(options.mixture * 1e6))
    size = sum(len(text.encode()) for text in texts) / 1e6
    print(f"{len(texts):,} distinct texts, {size:.1f} MB")
    print(f"{'engine':<16} {'load s':>7} {'MB/s':>7} {'again':>7} {'MiB':>6} {'tokens':>12}")
    for name, load in LOAD.items():
        script = HARNESS.format(model=str(options.model), cache=GENAI_CACHE, load=load, long_word=LONG_WORD)
        done = subprocess.run(
            [sys.executable, "-c", script],
            input=json.dumps(texts),
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            print(f"{name:<16} not measured: {done.stderr.strip().splitlines()[-1][:80]}")
            continue
        tokens, load_time, cold, warm, peak = json.loads(done.stdout)
        print(
            f"{name:<16} {load_time:>7.2f} {size / cold:>7.1f} {size / warm:>7.1f} {peak:>6.0f} {tokens:>12,}"
        )


if __name__ == "__main__":
    main()
