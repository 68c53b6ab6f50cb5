"""Time the parts of a check of a plain line.

In: nothing; one block of generated supervised data (``generate``).
Out: microseconds a line for each part, the best of many passes over lines that are in the cache.
Not here: whole runs (``stats``).

``python -m benchmarks.parts``
"""

import timeit
from collections.abc import Callable
from itertools import islice

import orjson

from benchmarks.generate import iter_lines
from tunestats.duplicates import digests
from tunestats.formats.plain import plain_sft
from tunestats.quotes import quotes_in, quotes_in_many

# About a block, as the pipeline reads them: larger ones fall out of the cache.
LINES = 330
PASSES = 100


def main() -> None:
    """Print a line for each part."""
    lines = [line.encode() for line in islice(iter_lines("sft"), LINES)]
    joined = b"\n".join(lines)
    values = [orjson.loads(line) for line in lines]
    parts: dict[str, Callable[[], object]] = {
        "split": lambda: joined.split(b"\n"),
        "orjson.loads": lambda: [None for line in lines if orjson.loads(line) is None],
        "plain_sft": lambda: [plain_sft(value) for value in values],
        "quotes_in": lambda: quotes_in(joined),
        "quotes_in_many": lambda: quotes_in_many(joined),
        "digests": lambda: digests(lines),
    }
    print(f"{len(joined) / LINES:.0f} bytes a line")
    for name, part in parts.items():
        seconds = min(timeit.repeat(part, number=1, repeat=PASSES))
        print(f"{name:<15} {seconds / LINES * 1e6:6.2f} µs a line")


if __name__ == "__main__":
    main()
