"""A report is the same however the files are cut, whoever runs the pieces, and in whatever order they come back."""

import gzip
import json
import pickle
import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import partial, reduce
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tunestats import engines
from tunestats.accumulator import Accumulator
from tunestats.dataset import DataFile
from tunestats.engines import batch, run, shard
from tunestats.engines.second_look import look_again
from tunestats.engines.serial import run_serial
from tunestats.engines.shard import run_shard
from tunestats.errors import SettingsError, VocabularyError
from tunestats.limits import ModelFacts
from tunestats.lines import iter_blocks
from tunestats.report import Report, make_report
from tunestats.rules import RULES, Consequence
from tunestats.settings import Settings
from tunestats.source import Shard, open_source
from tunestats.tokenizers import TokenizerIdentity, load_tokenizer

Write = Callable[..., Path]
BOM = b"\xef\xbb\xbf"
# Low enough that short lines can be too long.
FACTS = ModelFacts(tokens_per_example=250, vocabulary="words", image_tokens={"": 10})
DROPPING = {code for code, rule in RULES.items() if rule.consequence is not Consequence.ACCEPTED}


class Words:
    """A tokenizer for which every word is a token."""

    identity = TokenizerIdentity("words", "", exact=False)

    def count(self, texts: Sequence[str]) -> npt.NDArray[np.int64]:
        """Return the number of words of each text."""
        return np.array([len(text.split()) for text in texts], dtype=np.int64)


@pytest.fixture(scope="module", autouse=True)
def _small_world() -> Iterator[None]:
    """Count words, and let examples be too long early."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(shard, "shared_tokenizer", lambda _: Words())
        patch.setattr("tunestats.settings.model_facts", lambda _: FACTS)
        yield


def turn(role: str, *parts: str | dict[str, Any]) -> dict[str, Any]:
    return {"role": role, "parts": [{"text": part} if isinstance(part, str) else part for part in parts]}


def line(*turns: dict[str, Any], **rest: Any) -> bytes:
    return json.dumps({"contents": list(turns), **rest}, ensure_ascii=False).encode()


def completion(score: Any, text: str) -> dict[str, Any]:
    return {"score": score, "completion": turn("model", text)}


IMAGE = {"fileData": {"mimeType": "image/png", "fileUri": "gs://b/a.png"}}
VIDEO = {"fileData": {"mimeType": "video/mp4", "fileUri": "gs://b/a.mp4"}}
HI, HELLO = turn("user", "Hi"), turn("model", "Hello there")
GOOD = line(HI, HELLO)
PAIR = line(HI, completions=[completion(1, "Hello"), completion(0.0, "What is it")])


class Kind(NamedTuple):
    """A line and the codes of its findings in a file of each format."""

    raw: bytes
    sft: tuple[str, ...] = ()
    preference: tuple[str, ...] = ("E210",)

    def codes(self, format_name: str) -> tuple[str, ...]:
        return self.sft if format_name == "sft" else self.preference


def broken(raw: bytes, code: str) -> Kind:
    return Kind(raw, (code,), (code,))


KINDS = {
    "good": Kind(GOOD),
    "good, spaced": Kind(b" " + GOOD.replace(b", ", b" ,\t") + b"  "),
    "good, two turns": Kind(line(HI, HELLO, turn("user", "And", "now? \u2028 \u0085"), turn("model", 'a "\\" b'))),
    "good, system": Kind(line(HI, HELLO, systemInstruction={"parts": [{"text": "Be very brief"}]})),
    "good, snake case": Kind(line(HI, HELLO, system_instruction={"parts": [{"text": "Be brief"}]})),
    "good, long but few tokens": Kind(line(turn("user", "x" * 300), HELLO)),
    "too many tokens": Kind(line(turn("user", "word " * 245), turn("model", "more " * 6)), ("E601",)),
    "just not too many tokens": Kind(line(turn("user", "word " * 245), turn("model", "more " * 5))),
    "image": Kind(line(turn("user", IMAGE, "What is it?"), HELLO)),
    "video": Kind(line(turn("user", VIDEO, "What is it?"), HELLO)),
    "advice": Kind(line({"parts": [{"text": "Hi"}]}, turn("model", " "), extra=1), ("W201", "W301", "W304"), ("E210",)),
    "advice and error": Kind(line(turn("user", ""), turn("assistant", "Hi")), ("W304", "E301"), ("E202", "W304", "E301")),
    "many flaws": Kind(line(HI, turn("model", *[" "] * 30)), ("W304",) * 30),
    "pair": Kind(PAIR, ("E210",), ()),
    "pair, other scores": Kind(PAIR.replace(b"0.0", b"0").replace(b'"score": 1', b'"score": 1.0'), ("E210",), ()),
    "pair, long": Kind(
        line(turn("user", "word " * 245), completions=[completion(1, "a b c"), completion(0, "a b c d e f")]),
        ("E210",),
        ("E601",),
    ),
    "pair, no score": Kind(PAIR.replace(b'"score": 0.0, ', b""), ("E210",), ("W501",)),
    "pair, score": Kind(PAIR.replace(b"0.0", b"0.5"), ("E210",), ("E502",)),
    "not JSON": broken(GOOD[:-1], "E101"),
    "quote and backslash": broken(b'"\\', "E101"),
    "mark inside": broken(BOM + GOOD, "E101"),
    "vertical tab": broken(b"\x0b", "E101"),
    "not UTF-8": broken(GOOD.replace(b"Hi", b"\xff"), "E102"),
    "list": broken(b"[" + GOOD + b"]", "E103"),
    "null": broken(b"null", "E103"),
    "key twice": Kind(b'{"contents": [], ' + GOOD[1:], ("E105",), ("E105", "E210")),
    "half a pair": broken(GOOD.replace(b"Hi", b"\\ud83d"), "E106"),
}  # fmt: skip
BLANKS = [Kind(raw, (), ()) for raw in (b"", b" ", b"\t\r ", b" " * 300)]
ALL = [*KINDS.values(), *BLANKS, *BLANKS, *[KINDS["good"], KINDS["pair"]] * 3]


class File(NamedTuple):
    """Bytes, what their lines are, the format, and where shards begin."""

    data: bytes
    kinds: tuple[Kind, ...]
    format: str
    cuts: tuple[int, ...]


@st.composite
def files(draw: st.DrawFn) -> File:
    """Draw a file: a mix of lines, with repetitions and blank ones, any line ends, perhaps a byte order mark."""
    # Few kinds of lines, so that many are repeated; different ones in every file.
    pool = draw(st.permutations(ALL))[:7]
    kinds = draw(st.lists(st.sampled_from(pool), max_size=14)) + draw(
        st.lists(st.sampled_from(BLANKS), max_size=3)
    )
    ends = draw(st.sampled_from([[b"\n"], [b"\r\n"], [b"\n", b"\r\n"]]))
    # A mark on the first line, where one is allowed, is not part of that line.
    data = BOM if kinds and (kinds[0].raw.startswith(BOM) or draw(st.booleans())) else b""
    for kind in kinds:
        data += kind.raw + draw(st.sampled_from(ends))
    unended = data.removesuffix(b"\n")
    data = draw(st.sampled_from([data, unended, unended.removesuffix(b"\r")]))
    anywhere = st.sets(st.integers(1, max(1, len(data))), max_size=6)
    at = draw(anywhere | st.just({match.end() for match in re.finditer(rb"\n", data)}))
    return File(data, tuple(kinds), draw(st.sampled_from(["sft", "preference"])), tuple(sorted(at)))


def shards_of(path: Path, index: int, cuts: Sequence[int]) -> list[Shard]:
    source = open_source(path, index)
    edges = [0, *cuts, None]
    return [Shard(source, start or 0, stop) for start, stop in zip(edges, edges[1:], strict=False)]


def merged(accumulators: Sequence[Accumulator], options: Settings) -> Accumulator:
    """Merge accumulators that have been pickled, as those of other processes are; they stay as they were."""
    copies: list[Accumulator] = [pickle.loads(pickle.dumps(item)) for item in accumulators]  # noqa: S301  our own
    return reduce(
        Accumulator.merge, copies, Accumulator(options.max_findings, per_example=options.per_example)
    )


def report_of(accumulators: Sequence[Accumulator], files: Sequence[File], options: Settings) -> Report:
    state = merged(accumulators, options)
    named = [DataFile(f"{index}.jsonl", file.format) for index, file in enumerate(files)]
    with TemporaryDirectory() as folder:
        paths = [Path(folder, file.name) for file in named]
        for path, file in zip(paths, files, strict=True):
            path.write_bytes(file.data)
        sources = [open_source(path, index) for index, path in enumerate(paths)]
        candidates = look_again(state, sources, named, lambda tasks: [task(options) for _, task in tasks])
    return make_report(state, candidates, named, options)


def report_of_one(data: bytes, write: Write, cuts: Sequence[int] = (), **options: Any) -> Report:
    """Return the report of one supervised file."""
    chosen = Settings(**options)
    accumulators = [run_shard(piece, "sft", chosen) for piece in shards_of(write(data), 0, cuts)]
    return report_of(accumulators, [File(data, (), "sft", ())], chosen)


def places(report: Report) -> Counter[tuple[int, int, str]]:
    return Counter((finding.line, finding.example, finding.code) for finding in report.findings)


def naive(data: bytes) -> list[bytes]:
    lines = data.split(b"\n")
    return lines if lines[-1] else lines[:-1]


def expected_places(file: File) -> tuple[Counter[tuple[int, int, str]], int]:
    """Return line, example and code of every finding, and how many examples are dropped; read naively."""
    found: Counter[tuple[int, int, str]] = Counter()
    raws = naive(file.data.removeprefix(BOM))
    seen: set[Any] = set()
    spelt: dict[bytes, tuple[int, int]] = {}
    last = max((number for number, raw in enumerate(raws, 1) if raw.strip(b" \t\r")), default=0)
    examples = dropped = 0
    for number, raw in enumerate(raws[:last], 1):
        if not raw.strip(b" \t\r"):
            found[number, 0, "W102"] += 1
            continue
        examples += 1
        for key in (b'"systemInstruction"', b'"system_instruction"'):
            if key in raw:
                spelt.setdefault(key, (number, examples))
        codes = file.kinds[number - 1].codes(file.format)
        found.update((number, examples, code) for code in codes)
        if not DROPPING.isdisjoint(codes):
            dropped += 1
        else:
            prompt, answer = said(raw)
            repeated = [raw in seen, (prompt, answer) in seen, prompt in seen]
            seen |= {raw, (prompt, answer), prompt}
            if any(repeated):
                found[number, examples, f"W60{repeated.index(True) + 1}"] += 1
    if not examples:
        found[0, 0, "E602"] += 1
    if len(spelt) > 1:
        found[(*max(spelt.values()), "W605")] += 1
    if file.data.startswith(BOM):
        found[1, int(bool(raws and raws[0].strip(b" \t\r"))), "W101"] += 1
    return found, dropped


def said(raw: bytes) -> tuple[str, str]:
    """Return a normal form of what is asked, and of what the model learns to answer."""
    value = json.loads(raw)
    contents = [content["parts"] for content in value["contents"]]
    pair = sorted(value.get("completions", []), key=lambda item: -item.get("score", 0))
    answers = [item["completion"]["parts"] for item in pair] or [contents.pop()]
    system = value.get("systemInstruction", value.get("system_instruction"))
    asked = json.dumps([system and system["parts"], contents, sorted(map(str, answers)) if pair else None])
    return "".join(asked.split()).lower(), "".join(str(answers[0]).split()).lower()


def words_of(contents: list[dict[str, Any]], role: str) -> int:
    """Return the words of all turns of one side, and ten for every image."""
    parts = [part for content in contents if content.get("role", "user") == role for part in content["parts"]]
    images: int = sum(part.get("fileData", {}).get("mimeType") == "image/png" for part in parts)
    words: list[str] = " ".join(part.get("text", "") for part in parts).split()
    return len(words) + FACTS.image_tokens[""] * images


def expected_tokens(file: File) -> dict[str, Counter[float]]:
    """Return input and output tokens of all examples that are kept, read naively."""
    found: dict[str, Counter[float]] = {
        "input_tokens": Counter(),
        "output_tokens": Counter(),
        "messages": Counter(),
    }
    for kind in file.kinds:
        if kind.raw.strip(b" \t\r") and DROPPING.isdisjoint(kind.codes(file.format)):
            value = json.loads(kind.raw)
            contents = value["contents"]
            completions = [item["completion"] for item in value.get("completions", [])]
            system = value.get("systemInstruction") or value.get("system_instruction") or {"parts": []}
            found["input_tokens"][words_of(contents, "user") + words_of([system], "user")] += 1
            found["output_tokens"][words_of(contents + completions, "model")] += 1
            found["messages"][len(contents)] += 1
    return {name: counts for name, counts in found.items() if counts}


law = settings(
    deadline=None,
    max_examples=250,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
every_option = st.fixed_dictionaries(
    {"max_findings": st.integers(0, 4), "count_tokens": st.booleans(), "per_example": st.booleans()}
)


def run_all(write: Write, inputs: Sequence[File], options: Settings, *, cut: bool) -> list[Accumulator]:
    return [
        run_shard(piece, file.format, options)
        for index, file in enumerate(inputs)
        for piece in shards_of(write(file.data, f"{index}.jsonl"), index, file.cuts if cut else ())
    ]


@law
@given(
    st.lists(files(), min_size=1, max_size=2),
    every_option,
    st.integers(1, 40),
    st.randoms(use_true_random=False),
)
def test_no_cut_and_no_order_changes_the_report(
    write: Write, inputs: list[File], options: dict[str, Any], block_bytes: int, random: Any
) -> None:
    chosen = Settings(**options)
    expected = report_of(run_all(write, inputs, chosen, cut=False), inputs, chosen)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(shard, "iter_blocks", partial(iter_blocks, block_bytes=block_bytes))
        pieces = run_all(write, inputs, chosen, cut=True)
    assert report_of(pieces, inputs, chosen) == expected
    random.shuffle(pieces)
    assert report_of(pieces, inputs, chosen) == expected


@law
@given(st.lists(files(), min_size=1, max_size=2), every_option, st.integers(1, 7))
def test_merging_is_associative_and_commutative(
    write: Write, inputs: list[File], options: dict[str, Any], split: int
) -> None:
    chosen = Settings(**options)
    pieces = run_all(write, inputs, chosen, cut=True)
    expected = report_of(pieces, inputs, chosen)
    left, right = merged(pieces[:split], chosen), merged(pieces[split:], chosen)
    assert report_of([left, right], inputs, chosen) == expected
    assert report_of([right, left], inputs, chosen) == expected
    assert report_of([merged([], chosen), left, merged([right], chosen)], inputs, chosen) == expected


@law
@given(files(), st.integers(0, 2))
def test_rows_are_all_examples_with_their_codes(write: Write, file: File, most: int) -> None:
    options = Settings(max_findings=most, count_tokens=True, per_example=True)
    report = report_of(run_all(write, [file], options, cut=True), [file], options)
    expected, dropped = expected_places(file)
    assert [row.example for row in report.rows] == list(range(1, report.examples + 1))
    found = Counter((row.line, row.example, code) for row in report.rows for code in row.codes)
    assert found == Counter({place: 1 for place in expected if place[1]})
    assert sum(row.numbers is None for row in report.rows) == dropped


@law
@given(files())
def test_the_longest_examples_are_those_a_naive_reader_sees(write: Write, file: File) -> None:
    options = Settings(max_findings=0, count_tokens=True)
    report = report_of(run_all(write, [file], options, cut=True), [file], options)
    lengths = {
        number: limited_tokens(raw)
        for number, raw in enumerate(naive(file.data.removeprefix(BOM)), 1)
        if raw.strip(b" \t\r")
        and DROPPING.isdisjoint({*file.kinds[number - 1].codes(file.format)} - {"E601"})
    }
    ranked = sorted(lengths.items(), key=lambda item: (-item[1], item[0]))[:10]
    assert [(found.line, found.limited_tokens) for found in report.longest] == ranked
    limit = FACTS.tokens_per_example
    assert [found.too_long for found in report.longest] == [tokens > limit for _, tokens in ranked]
    assert report.drop_counts.get("E601", 0) == sum(tokens > limit for tokens in lengths.values())


def limited_tokens(raw: bytes) -> int:
    """Return the words that count towards the limit: all, of completions those of the longest."""
    value = json.loads(raw)
    system = value.get("systemInstruction") or value.get("system_instruction") or {"parts": []}
    answers = [words_of([item["completion"]], "model") for item in value.get("completions", [])]
    turns = value["contents"]
    return words_of([*turns, system], "user") + (max(answers) if answers else words_of(turns, "model"))


@law
@given(files(), st.booleans())
def test_findings_are_where_a_naive_reader_sees_them(
    write: Write,
    file: File,
    count_tokens: bool,  # noqa: FBT001
) -> None:
    options = Settings(max_findings=0, count_tokens=count_tokens)
    report = report_of(run_all(write, [file], options, cut=True), [file], options)
    expected, dropped = expected_places(file)
    assert places(report) == expected
    assert report.counts == Counter(finding.code for finding in report.findings)
    assert (report.files[0].lines, report.files[0].bytes) == (len(naive(file.data)), len(file.data))
    assert report.dropped_examples == sum(report.drop_counts.values()) == dropped
    assert report.examples == sum(bool(kind.raw.strip(b" \t\r")) for kind in file.kinds)


@law
@given(files(), st.integers(0, 4))
def test_the_first_findings_of_each_code_are_kept_and_all_are_counted(
    write: Write, file: File, most: int
) -> None:
    everything, chosen = Settings(max_findings=0), Settings(max_findings=most)
    report = report_of(run_all(write, [file], everything, cut=True), [file], everything)
    some = report_of(run_all(write, [file], chosen, cut=True), [file], chosen)
    first = [
        finding
        for number, finding in enumerate(report.findings)
        if not most or [other.code for other in report.findings[:number]].count(finding.code) < most
    ]
    assert list(some.findings) == first
    assert some.counts == report.counts


@law
@given(st.lists(files(), min_size=1, max_size=2))
def test_tokens_are_those_that_a_naive_reader_counts(write: Write, inputs: list[File]) -> None:
    options = Settings(count_tokens=True)
    report = report_of(run_all(write, inputs, options, cut=True), inputs, options)
    by_file = [expected_tokens(file) for file in inputs]
    expected: dict[str, Counter[float]] = {}
    for counted, distributions in zip(by_file, report.file_distributions, strict=True):
        assert {name: distributions[name].counts for name in counted} == counted
        assert bool(distributions) == bool(counted)
        for name, values in counted.items():
            expected[name] = expected.get(name, Counter()) + values
    assert {name: report.distributions[name].counts for name in expected} == expected
    assert bool(report.distributions) == bool(expected)
    kept = [
        kind
        for file in inputs
        for kind in file.kinds
        if kind.raw.strip(b" \t\r") and DROPPING.isdisjoint(kind.codes(file.format))
    ]
    assert len(report.samples) == min(3, len(kept))
    assert report.unknown_media == sum(b"video/mp4" in kind.raw for kind in kept)


MIX = BOM + b"\r\n".join(
    [
        GOOD,
        b"",
        GOOD,
        KINDS["not JSON"].raw,
        KINDS["key twice"].raw,
        b"  ",
        KINDS["advice"].raw,
        GOOD,
        b"",
        b"",
    ]
)


def test_an_example(write: Write) -> None:
    report = report_of_one(MIX, write, [1, 50, 51, 200])
    assert sorted(places(report)) == [
        (1, 1, "W101"), (2, 0, "W102"), (3, 2, "W601"), (4, 3, "E101"), (5, 4, "E105"), (6, 0, "W102"),
        (7, 5, "W201"), (7, 5, "W301"), (7, 5, "W304"), (7, 5, "W603"), (8, 6, "W601"),
    ]  # fmt: skip
    assert (report.examples, report.dropped_examples) == (6, 2)
    assert [dropped.example for dropped in report.dropped] == [3, 4]


@pytest.mark.parametrize("data", [b"", b"\n", b"  \r\n\n\t", BOM], ids=ascii)
@pytest.mark.parametrize("count_tokens", [False, True], ids=["check", "stats"])
def test_a_file_without_examples(
    write: Write,
    data: bytes,
    count_tokens: bool,  # noqa: FBT001
) -> None:
    report = report_of_one(data, write, count_tokens=count_tokens)
    assert (0, 0, "E602") in places(report)
    assert report.counts.keys() <= {"E602", "W101"}
    assert (report.examples, report.distributions, report.exit_code) == (0, {}, 1)


@pytest.mark.parametrize("count_tokens", [False, True], ids=["check", "stats"])
def test_numpy_counts_quotes_as_bytes_methods_do(
    write: Write,
    monkeypatch: pytest.MonkeyPatch,
    count_tokens: bool,  # noqa: FBT001
) -> None:
    data = b"\n".join(kind.raw for kind in KINDS.values()) + b"\n" + MIX.removeprefix(BOM)
    expected = report_of_one(data, write, count_tokens=count_tokens)
    monkeypatch.setattr(shard, "NUMPY_PAYS_BYTES", 0)
    assert report_of_one(data, write, count_tokens=count_tokens) == expected
    assert expected.counts["E105"] == 2


@pytest.mark.parametrize("count_tokens", [False, True], ids=["check", "stats"])
def test_batches_of_one_example_change_nothing(
    write: Write,
    monkeypatch: pytest.MonkeyPatch,
    count_tokens: bool,  # noqa: FBT001
) -> None:
    data = b"\n".join(kind.raw for kind in KINDS.values())
    expected = report_of_one(data, write, count_tokens=count_tokens, per_example=True)
    monkeypatch.setattr(batch, "BATCH_BYTES", 1)
    assert report_of_one(data, write, count_tokens=count_tokens, per_example=True) == expected


@pytest.fixture
def _short_lines(monkeypatch: pytest.MonkeyPatch) -> None:
    for room in ("lines", "parsing", "engines.shard", "engines.closer_look"):
        monkeypatch.setattr(
            f"tunestats.{room}.MAX_LINE_BYTES", 300
        )  # above FACTS.tokens_per_example, as it really is


@pytest.mark.usefixtures("_short_lines")
@pytest.mark.parametrize("cuts", [[], [100, 400, 420, 700, 1500]], ids=["whole", "cut"])
def test_a_line_that_is_too_long_is_one_flaw(write: Write, cuts: list[int]) -> None:
    long = line(HI, turn("model", "x" * 300))
    data = b"\n".join([GOOD, long, b"", GOOD + b" " * 300, b"x" * 1000, GOOD])
    report = report_of_one(data, write, cuts)
    assert report.files[0].bytes == len(data)
    assert sorted(places(report)) == [
        (2, 2, "E107"),
        (3, 0, "W102"),
        (4, 3, "E107"),
        (5, 4, "E107"),
        (6, 5, "W601"),
    ]


@pytest.mark.usefixtures("_short_lines")
def test_a_line_that_is_too_long_may_begin_blank(write: Write) -> None:
    assert places(report_of_one(b" " * 400 + GOOD, write)) == Counter([(1, 1, "E107")])


def test_memory_is_bounded_by_construction(write: Write) -> None:
    bad = [KINDS[name].raw for name in ("not JSON", "advice and error", "key twice", "many flaws")]
    data = b"\n".join(bad * 200 + [b""] * 500 + [GOOD] * 500)
    options = Settings(max_findings=3, count_tokens=True)
    run_of_all = shard._ShardRun(shards_of(write(data), 0, ())[0], "sft", options)
    with run_of_all.shard.source.open() as stream:
        run_of_all.read(stream)
    state = run_of_all.accumulator
    assert max(len(kept._items) for kept in state.flaws.values()) <= 2 * 3 + 17
    assert len(state.dropped._items) <= 2 * 100 + 17
    assert len(state.samples._items) <= 2 * 3 + 17
    assert len(state.longest._items) <= 2 * 10 + 17
    assert (run_of_all.batch._waiting, run_of_all.tally.blanks.first, state.rows) == ([], [], [])
    assert state.flaw_counts == Counter({
        ("E101", 0): 200, ("E301", 0): 200, ("E105", 0): 200, ("W102", 0): 500, ("W304", 0): 200 + 200 * 30
    })  # fmt: skip


def test_blank_lines_that_wait_are_bounded(write: Write) -> None:
    run_of_all = shard._ShardRun(shards_of(write(b"\n" * 1000), 0, ())[0], "sft", Settings(max_findings=3))
    with run_of_all.shard.source.open() as stream:
        run_of_all.read(stream)
    assert (run_of_all.tally.blanks.count, run_of_all.tally.blanks.first) == (1000, [1, 2, 3])


@pytest.mark.parametrize("data", [GOOD, GOOD + b"\n", BOM + b"\n" * 5, b""], ids=ascii)
def test_bytes_are_those_of_the_content(write: Write, data: bytes) -> None:
    state = run_shard(shards_of(write(data), 0, ())[0], "sft", Settings())
    assert [tally.bytes for tally in state.tallies.values()] == [len(data)]


@pytest.mark.parametrize("name", ["train.jsonl", "train.jsonl.gz"])
def test_progress_is_told_after_each_shard(write: Write, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.setattr(engines, "SHARD_BYTES", 50_000)
    monkeypatch.setattr(engines, "HELD_SHARD_BYTES", 50_000)
    data = b"\n".join([GOOD, b"{"] * 5000) + b"\n"
    seen: list[engines.Progress] = []
    run([write(data if name.endswith("l") else gzip.compress(data), name)], Settings(), seen.append)
    assert seen[-1] == engines.Progress(len(data), 10_000, 5000)
    assert len(seen) == -(-len(data) // 50_000)
    assert seen == sorted(seen)


@pytest.mark.parametrize("count_tokens", [False, True], ids=["check", "stats"])
def test_a_missing_vocabulary_stops_the_run_before_line_1(
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    write: Write,
    count_tokens: bool,  # noqa: FBT001
) -> None:
    read: list[object] = []
    monkeypatch.setattr(shard, "shared_tokenizer", load_tokenizer)
    monkeypatch.setattr(shard, "iter_blocks", read.append)
    with pytest.raises(VocabularyError, match=r"none\.model"):
        run([write(GOOD)], Settings(count_tokens=count_tokens, tokenizer=str(tmp_path / "none.model")))
    assert read == []


def test_a_vocabulary_that_changes_while_it_is_used_is_no_report(write: Write) -> None:
    states = [run_shard(shards_of(write(GOOD), 0, ())[0], "sft", Settings(count_tokens=True)) for _ in "ab"]
    states[1].tokenizers = {replace(Words.identity, sha256="other")}
    with pytest.raises(VocabularyError, match="`words` was changed while it was used"):
        engines._tokenizer(merged(states, Settings()), Settings(count_tokens=True))


@pytest.mark.parametrize("names", [[], ["-", "-"]], ids=["no file", "standard input twice"])
def test_names_that_make_no_sense(names: list[str]) -> None:
    with pytest.raises(SettingsError):
        run(names, Settings())


def test_run_reads_each_file_in_its_own_format(write: Write) -> None:
    paths = [
        write(GOOD + b"\n" + PAIR, "a.jsonl"),
        write(BOM + PAIR + b"\n\n" + PAIR, "b.jsonl"),
        write(b"", "c.jsonl"),
    ]
    report = run(paths, Settings())
    assert [(file.name, file.format, file.lines, file.examples) for file in report.files] == [
        (str(paths[0]), "sft", 2, 2), (str(paths[1]), "preference", 3, 2), (str(paths[2]), "sft", 0, 0)
    ]  # fmt: skip
    assert [(finding.file, finding.line, finding.code) for finding in report.findings] == [
        (str(paths[0]), 2, "E210"),
        (str(paths[1]), 1, "W101"), (str(paths[1]), 2, "W102"), (str(paths[1]), 3, "W601"),
        (str(paths[2]), 0, "E602"),
    ]  # fmt: skip


def test_run_is_its_shards_merged(write: Write) -> None:
    path = write(MIX)
    options = Settings(count_tokens=True)
    whole = run([path], options)
    tasks = (partial(run_shard, piece, "sft") for piece in shards_of(path, 0, [30, 120]))
    parts = list(run_serial(tasks, options))
    expected = report_of(parts, [File(MIX, (), "sft", ())], options)
    renamed: dict[str, Any] = {
        name: tuple(replace(item, file=str(path)) for item in getattr(expected, name))
        for name in ("findings", "longest")
    }
    assert replace(whole, tokenizer=None, files=()) == replace(expected, files=(), **renamed)
    assert whole.tokenizer is not None
    assert whole.tokenizer.name == "words"


def test_rows_do_not_tell_how_the_file_was_cut(write: Write) -> None:
    data = line(HI, HELLO) + b"\n" + line(HI, HELLO, HI, HELLO)
    cut = report_of_one(data, write, [10], count_tokens=True, per_example=True)
    assert cut == report_of_one(data, write, count_tokens=True, per_example=True)


@pytest.mark.parametrize("data", [BOM, BOM + b"\n" + GOOD], ids=["nothing else", "blank line"])
def test_a_mark_before_a_blank_line_is_of_no_example(write: Write, data: bytes) -> None:
    assert (1, 0, "W101") in places(report_of_one(data, write))


@pytest.mark.parametrize("cut", [1, 2])
def test_a_shard_may_end_inside_the_mark(write: Write, cut: int) -> None:
    assert report_of_one(BOM + b"\n", write, [cut]).counts == report_of_one(BOM + b"\n", write).counts


@pytest.mark.parametrize("data", [b"", GOOD + b"\n" + GOOD], ids=["no examples", "duplicates"])
def test_a_report_can_be_made_twice(write: Write, data: bytes) -> None:
    options = Settings()
    state = run_shard(shards_of(write(data), 0, ())[0], "sft", options)
    first, second = (report_of([state], [File(data, (), "sft", ())], options) for _ in range(2))
    assert first == second


def test_check_and_stats_drop_the_same_examples(write: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    facts = replace(FACTS, tokens_per_example=300, image_tokens={"": 256})
    monkeypatch.setattr("tunestats.settings.model_facts", lambda _: facts)
    data = line(turn("user", IMAGE, "a " * 60), HELLO)
    assert len(data) <= 300
    by_stats = report_of_one(data, write, count_tokens=True)
    assert by_stats.counts == {"E601": 1}
    assert report_of_one(data, write).counts == by_stats.counts
