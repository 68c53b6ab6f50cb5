"""Name the peers that ``check`` and ``stats`` are held against.

In: nothing.
Out: CHECKERS and COUNTERS, one row for each way to do the job, or the part of it that a peer can do.
Not here: running them (``peers``), installing them (``environments``).

Each prints the number of examples that it saw, a counter that of tokens after it.
"""

from typing import NamedTuple

from benchmarks.tokenizers import LOAD

__all__ = ["CHAT_SCHEMA", "CHECKERS", "COUNTERS", "Peer"]


class Peer(NamedTuple):
    """One way to do a job.

    What the validators leave out was tried with lines that have just that wrong, limits apart; *keys* are those
    that are unknown or doubled.
    ``arguments`` follow the interpreter's name; ``{path}`` in them is the data, ``{bin}`` the folder of the
    environment's commands, ``{schema}`` a file that holds CHAT_SCHEMA. A script finds the data in ``path``. Where
    ``same_tokens`` is set, what is printed must be what we print.
    """

    name: str
    leaves_out: str
    script: str = ""
    arguments: tuple[str, ...] = ()
    requirements: tuple[str, ...] = ()
    python_minor: int = 11
    format_name: str = "sft"
    same_tokens: bool = False


ORJSON = """
import orjson
print(sum(orjson.loads(line) is not None for line in open(path, "rb")))
"""
JSON = """
import json
print(sum(json.loads(line) is not None for line in open(path, "rb")))
"""
TOGETHER = """
import pathlib
from together.lib.utils import check_file
report = check_file(pathlib.Path(path))
assert report["is_check_passed"], report
print(report["num_samples"])
"""
DUCKDB = """
import duckdb
query = "select count(*), count(*) filter (len(contents) = 0) from read_json(?, format='newline_delimited')"
print(*duckdb.connect().execute(query, [path]).fetchall()[0])
"""
# What the dataset viewer shows of a column of lists and of one of strings: lengths, moments, ten bars.
POLARS = """
import polars
frame = polars.read_ndjson(path)
turns = frame["contents"]
texts = turns.explode().struct.field("parts").explode().struct.field("text").str.len_chars()
for lengths in (turns.list.len(), texts):
    lengths.describe(), lengths.hist(bin_count=10)
print(len(frame))
"""
CHAT_SCHEMA = """{
  "type": "object",
  "required": ["messages"],
  "properties": {"messages": {"type": "array", "minItems": 1, "items": {
    "type": "object",
    "required": ["role", "content"],
    "properties": {
      "role": {"enum": ["system", "user", "assistant"]},
      "content": {"type": "string", "minLength": 1}
    }
  }}}
}"""
CHECK = ("-m", "tunestats", "check", "{path}", "--jobs")
CHECKERS = (
    Peer("tunestats check", "", arguments=(*CHECK, "1")),
    Peer("tunestats check --jobs 2", "", arguments=(*CHECK, "2")),
    Peer("orjson floor", "everything but the JSON", ORJSON),
    Peer("json.loads floor", "everything but the JSON", JSON),
    Peer(
        "cleanllm preflight",
        "statistics, duplicates, keys, limits, UTF-8",
        arguments=("-m", "cleanllm", "preflight", "{path}", "--framework", "trl"),
        requirements=("cleanllm==4.0.0",),
        format_name="chat",
    ),
    Peer(
        "together check_file",
        "everything but UTF-8 and JSON objects",
        TOGETHER,
        requirements=("together==3.1.1",),
        format_name="chat",
    ),
    Peer(
        "convmerge validate",
        "statistics, duplicates, keys, turn order, limits",
        arguments=("-m", "convmerge", "validate", "--input", "{path}"),
        requirements=("convmerge==1.6.5",),
        format_name="chat",
    ),
    Peer(
        "jlkit validate --schema",
        "statistics, duplicates, keys, turn order, limits, empty texts",
        arguments=("{bin}/jlkit", "validate", "--schema", "{schema}", "{path}"),
        requirements=("jlkit==0.1.1",),
        python_minor=12,
        format_name="chat",
    ),
    Peer(
        "DuckDB read_json",
        "everything but JSON and types",
        DUCKDB,
        requirements=("duckdb==2.0.0",),
    ),
    Peer(
        "polars, HF viewer style",
        "everything but JSON and types",
        POLARS,
        requirements=("polars==2.1.0",),
    ),
)

STATS = """
import contextlib, io, json, sys
from tunestats.cli import main
sys.argv = ["tunestats", "stats", "--quiet", "--jobs", "1", path]
with contextlib.redirect_stdout(io.StringIO()) as written, contextlib.suppress(SystemExit):
    main()
document = json.loads(written.getvalue())["supervisedTuningDataStats"]
tokens = sum(int(document[f"user{side}TokenDistribution"]["sum"]) for side in ("Input", "Output"))
print(document["tuningDatasetExampleCount"], tokens)
"""
LOOP = """
import json
def texts_of(line):
    example = json.loads(line)
    messages = [example["systemInstruction"]] if "systemInstruction" in example else []
    return [part["text"] for message in messages + example["contents"] for part in message["parts"]]
per_example = [count(texts_of(line)) for line in open(path, encoding="utf-8")]
print(len(per_example), sum(per_example))
"""
COUNTERS = (
    Peer("tunestats stats", "", STATS),
    Peer("json + tiktoken o200k", "all checks; counts other tokens", LOAD["tiktoken o200k"] + LOOP),
    Peer("json + sentencepiece", "all checks", LOAD["sentencepiece"] + LOOP, same_tokens=True),
    Peer("json + LocalTokenizer", "all checks", LOAD["LocalTokenizer"] + LOOP, same_tokens=True),
)
