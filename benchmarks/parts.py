"""Time the parts of a check of a plain line.

In: nothing; one block of generated supervised data (``generate``).
Out: microseconds a line for each part, the best of many passes over lines that are in the cache.
Not here: whole runs (``stats``).

``python -m benchmarks.parts``
"""

import timeit
from collections.abc import Callable
from hashlib import sha1
from itertools import islice

import orjson
from xxhash import xxh3_128_digest

from benchmarks.generate import iter_lines
from tunestats.fingerprints import fingerprint, prompt_keys
from tunestats.formats.looking import look_at_sft
from tunestats.formats.plain import PlainDecoder
from tunestats.formats.shapes import PlainSft
from tunestats.survey import survey_few, survey_many

# About a block, as the pipeline reads them: larger ones fall out of the cache.
LINES = 330
PASSES = 100


def main() -> None:
    """Print a line for each part."""
    lines = [line.encode() for line in islice(iter_lines("sft"), LINES)]
    joined = b"\n".join(lines)
    plain = PlainDecoder(PlainSft, look_at_sft)
    examples = plain.decode_lines(lines).examples
    assert all(examples), "the lines are not plain"  # noqa: S101  or it is no comparison
    prompts = [example.contents[0].parts[0].text.strip() for example in examples if example]
    survey = survey_few(joined)
    said = [example.transcript() for example in examples if example]
    parts: dict[str, Callable[[], object]] = {
        "split": lambda: joined.split(b"\n"),
        "orjson.loads": lambda: [None for line in lines if orjson.loads(line) is None],
        "plain, a block": lambda: plain.decode(joined, survey, lambda: lines),
        "plain, a line": lambda: [plain.decode_lines([line]) for line in lines],
        "survey_few": lambda: survey_few(joined),
        "survey_many": lambda: survey_many(joined),
        "xxHash of the line": lambda: [xxh3_128_digest(line) for line in lines],
        "SHA-1 of the line": lambda: [sha1(line).digest() for line in lines],  # noqa: S324  only timed
        "keys": lambda: prompt_keys(prompts, prompts),
        "fingerprints": lambda: list(map(fingerprint, lines, said)),
    }
    print(f"{len(joined) / LINES:.0f} bytes a line")
    for name, part in parts.items():
        seconds = min(timeit.repeat(part, number=1, repeat=PASSES))
        print(f"{name:<18} {seconds / LINES * 1e6:6.2f} µs a line")


if __name__ == "__main__":
    main()
