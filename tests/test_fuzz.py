"""Any bytes in, always a report out: the two tiers agree, and so does any cut into shards."""

import json
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from tests.fuzz import judge
from tests.oracle import EXAMPLES, broken_bytes, mutated, seeded

LINES = [json.dumps(value).encode() for values in EXAMPLES.values() for value in values]
# What JSON, tuning lines and the traps of both are made of.
WORDS = st.sampled_from(
    [b"{", b"}", b"[", b"]", b":", b",", b'"', b"\\", b"\n", b"\r\n", b"\r", b" ", b"\t", b"\x00", b"\xff", b"\xef\xbb\xbf"]
    + [b"null", b"true", b"NaN", b"-1", b"1e999", b"99999999999999999999", b'""', b'"\\ud83d"', b'"\\u0000"', b"\xe2\x80\xa8"]
    + [json.dumps(key).encode() for key in ("contents", "parts", "text", "role", "user", "model", "completions", "score")]
    + [json.dumps(key).encode() for key in ("completion", "functionCall", "args", "file_data", "system_instruction")]
    + [b'{"text": "Hi"}', b'{"role": "user", "parts": [', b'"parts": [{"text": "Hi"}]', b'{"contents": [', b"]}"]
)  # fmt: skip


def broken(seed: int) -> bytes:
    """Return a line that is nearly one of the examples."""
    random = seeded(seed)
    value = mutated(random.choice(random.choice(list(EXAMPLES.values()))), random, random.randint(0, 3))
    line = json.dumps(value, ensure_ascii=random.random() < 0.5).encode("utf-8", "surrogatepass")
    return broken_bytes(line, random) if random.random() < 0.3 else line


LINE = (
    st.sampled_from(LINES)
    | st.integers(0, 10**6).map(broken)
    | st.lists(WORDS, max_size=12).map(b"".join)
    | st.binary(max_size=30)
)
FILE = st.lists(LINE, max_size=6).map(b"\n".join) | st.binary(max_size=200)


@settings(
    deadline=None,
    max_examples=400,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(FILE, st.lists(st.integers(1, 400), max_size=3))
@example(b"[" * 100_000, [1, 50_000])
@example(b'{"a":' * 5_000, [7])
@example(b'{"contents":[{"role":"user","parts":[{"text":"' + b"\\" * 9_999 + b'"}]}]}', [50])
@example(b"\xef\xbb\xbf\n\n{}\n\n", [1, 2, 3])
@example(b"\n".join(LINES), [10, 300, 2_000])
def test_any_bytes(tmp_path: Path, data: bytes, cuts: list[int]) -> None:
    judge(data, cuts, tmp_path / "data.jsonl")


@pytest.mark.skipif(find_spec("atheris") is None, reason="atheris is not installed")
def test_guided_by_coverage(tmp_path: Path) -> None:
    corpus = tmp_path / "corpus"
    corpus.mkdir()
    for number, line in enumerate(LINES):
        (corpus / str(number)).write_bytes(b"\x00\x40\x80" + line + b"\n" + line)
    command = [
        sys.executable,
        "-m",
        "tests.fuzz",
        str(corpus),
        "-max_total_time=4",
        f"-artifact_prefix={tmp_path}/",
    ]
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=Path(__file__).parents[1])
    assert done.returncode == 0, done.stderr[-3000:]
    assert "Done " in done.stderr
