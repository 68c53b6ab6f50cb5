"""With gigatoken every count and every report is the same as without, and nothing it does stops a run but a lie."""

from __future__ import annotations

import importlib.util
import json
import random
import sys
from collections.abc import Callable, Iterator, Sequence
from importlib import metadata
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest

import tunestats
from tunestats.engines import shard
from tunestats.errors import CountError
from tunestats.settings import Settings
from tunestats.source import Source
from tunestats.tokenizers import Tokenizer, TokenizerIdentity, faster, giga
from tunestats.tokenizers.packed import packed_path, unpack
from tunestats.tokenizers.tokenizer_json import tokenizer_json

INSTALLED = importlib.util.find_spec("gigatoken") is not None
real = pytest.mark.skipif(not INSTALLED, reason="gigatoken (the extra `fast`) is not installed")
FRAGMENTS = [
    *'a. the The 12 = - é 中 한 👍🏽 \U0010ffff \x00 \r \x0b \xa0 \ufeff < > [ ] / ." ,'.split(" "),
    " ", "  ", " " * 31, " " * 63, "\n", "\n" * 31, "\n" * 32, "\t", "\t" * 33, "> </", ">  </", " YYYY", " yyyy",
    " ::::::::", "<h1>", "</h1>", "<h1", "<start_of_turn>", "[multimodal]", "[multimodal", "<unused12>", "<unused12",
    "<bos>", "<0x0A>", "<unk>", "\u2581", "\u2581\u2581", "> \u2581</", "aaaa", "x" * 40, "e\u0301",
]  # fmt: skip


def joined(seed: int, number: int) -> list[str]:
    chance = random.Random(seed)  # noqa: S311
    return ["".join(chance.choices(FRAGMENTS, k=chance.randrange(1, 40))) for _ in range(number)]


class Letters:
    """A tokenizer for which every character is a token, and that remembers what it was asked."""

    def __init__(self, name: str = "gemma3") -> None:
        packed = unpack(packed_path("gemma3").read_bytes())
        self.identity = TokenizerIdentity(name, packed.source_sha256, exact=True)
        self.asked: list[str] = []

    def count(self, texts: Sequence[str]) -> npt.NDArray[np.int64]:
        self.asked += texts
        return np.array([len(text) for text in texts], dtype=np.int64)


class Backend:
    """What stands in for gigatoken: counts letters, but for some texts."""

    def __init__(self) -> None:
        self.wrong: dict[str, int] = {}
        self.error: BaseException | None = None
        self.asked: list[str] = []
        self.missing = 0

    def from_json(self, data: bytes) -> Any:
        assert data == b"{}"
        return SimpleNamespace(backend=self)

    def encode_batch(self, texts: list[str], *, parallel: bool) -> Any:
        assert not parallel
        if self.error is not None:
            raise self.error
        self.asked += texts
        lengths = [self.wrong.get(text, len(text)) for text in texts][self.missing :]
        offsets = SimpleNamespace(data=np.cumsum([0, *lengths]))
        return SimpleNamespace(layout=SimpleNamespace(offsets=offsets))


class Panic(BaseException):
    """What a panic in Rust becomes."""


@pytest.fixture
def installed(monkeypatch: pytest.MonkeyPatch) -> Callable[[str | None], None]:
    """Return a function that says which version of gigatoken is installed, ``None`` for none."""
    known = metadata.version

    def installed(version: str | None) -> None:
        def answer(name: str) -> str:
            if name != "gigatoken":
                return known(name)
            if version is None:
                raise metadata.PackageNotFoundError(name)
            return version

        monkeypatch.setattr(metadata, "version", answer)

    return installed


@pytest.fixture
def backend(monkeypatch: pytest.MonkeyPatch, installed: Callable[[str | None], None]) -> Backend:
    """A gigatoken of the right version that does what a test wants."""
    backend = Backend()
    installed("0.10.0")
    monkeypatch.setattr(giga, "tokenizer_json", lambda _: b"{}")  # it takes a second
    monkeypatch.setitem(sys.modules, "gigatoken", SimpleNamespace(Tokenizer=backend))
    return backend


@pytest.fixture
def large(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Let every file be large enough for gigatoken."""
    monkeypatch.setattr(shard, "GIGATOKEN_PAYS_BYTES", 0)
    shard._faster_tokenizer.cache_clear()
    yield
    shard._faster_tokenizer.cache_clear()


# Every text below goes through the real one.


@pytest.fixture(scope="module")
def both() -> tuple[Tokenizer, Tokenizer]:
    """The tokenizer made faster, and the one that is right."""
    careful = shard.shared_tokenizer("gemma3")
    return faster(careful), careful


def unlike(both: tuple[Tokenizer, Tokenizer], texts: Sequence[str]) -> list[str]:
    """Return the texts that are counted differently."""
    fast, careful = both
    assert isinstance(fast, giga.GigaTokenizer)
    assert fast._encode(list(texts)) is not None  # otherwise everything would go to the other
    return [texts[i] for i in np.flatnonzero(fast.count(texts) != careful.count(texts)).tolist()]


@real
def test_whatever_is_joined_is_counted_the_same(both: tuple[Tokenizer, Tokenizer]) -> None:
    assert unlike(both, joined(seed=1, number=20_000)) == []


@real
def test_a_lone_surrogate_goes_to_the_other(both: tuple[Tokenizer, Tokenizer]) -> None:
    fast, careful = both
    texts = ["a", "a\ud800", "the \ud800"]
    assert fast.count(texts).tolist() == careful.count(texts).tolist()


@real
def test_every_symbol_is_counted_the_same(both: tuple[Tokenizer, Tokenizer]) -> None:
    symbols = unpack(packed_path("gemma3").read_bytes()).vocabulary.symbols
    shapes = ("{0}", "{0}{0}", "a{0}b", " {0} ", "{0}<h1>", "<{0}>", "> {0}")
    assert unlike(both, [shape.format(symbol) for symbol in symbols for shape in shapes]) == []


@real
@pytest.mark.parametrize("blank", [" ", "\n", "\t", "\u2581", "\r\n", "\xa0"], ids=ascii)
def test_runs_are_counted_the_same(both: tuple[Tokenizer, Tokenizer], blank: str) -> None:
    shapes = ("{}", "a{}", "{}a", "a{}b", "\n{}\n", " {}a", "{} a", "<h1>{}</h1>", ">{}</")
    runs = [blank * size for size in (*range(1, 70), 92, 93, 94, 310, 311, 1000)]
    assert unlike(both, [shape.format(run) for run in runs for shape in shapes]) == []


@real
def test_every_character_is_counted_the_same(both: tuple[Tokenizer, Tokenizer]) -> None:
    characters = [chr(code) for code in (*range(0xD800), *range(0xE000, 0x110000, 61))]
    assert unlike(both, characters) == []


@real
@pytest.mark.parametrize("unit", ["a", "ab", "-", "中", "👍", "> </", "<h1", "\U0010ffff"])
def test_long_words_are_counted_the_same(both: tuple[Tokenizer, Tokenizer], unit: str) -> None:
    assert unlike(both, [unit * 100, unit * 5_000, unit * 70_000]) == []


@real
def test_pieces_are_counted_the_same(both: tuple[Tokenizer, Tokenizer]) -> None:
    merges = unpack(packed_path("gemma3").read_bytes()).vocabulary.merges[::5]
    chance = random.Random(2)  # noqa: S311
    texts = [merge.decode() + chance.choice(["", "x", " y", merge.decode()]) for merge in merges]
    assert unlike(both, texts) == []


@real
def test_shared_data_is_counted_the_same(both: tuple[Tokenizer, Tokenizer], shared_data: Path) -> None:
    lines = [line for path in shared_data.rglob("*.jsonl") for line in path.read_bytes().splitlines()]
    assert unlike(both, [line.decode("utf-8", "replace") for line in lines]) == []


@real
@pytest.mark.usefixtures("large")
@pytest.mark.parametrize("sample", ["sft", "preference", "tools", "images", "broken"])
def test_reports_are_identical(sample: str, monkeypatch: pytest.MonkeyPatch) -> None:
    path = Path(__file__).resolve().parents[2] / f"sample_data/{sample}.jsonl"
    with_it = tunestats.stats(path)
    assert isinstance(shard._faster_tokenizer("gemma3"), giga.GigaTokenizer)
    monkeypatch.setattr(shard, "GIGATOKEN_PAYS_BYTES", 1 << 60)
    without = tunestats.stats(path)
    assert with_it.report == without.report
    assert with_it.to_json() == without.to_json()


# What follows needs no gigatoken.


def test_the_file_holds_the_vocabulary() -> None:
    vocabulary = unpack(packed_path("gemma3").read_bytes()).vocabulary
    file = json.loads(tokenizer_json(vocabulary))
    ids = file["model"]["vocab"]
    assert sorted(ids.values()) == list(range(len(ids)))
    assert len(ids) == 257 + len(vocabulary.characters) + len(vocabulary.merges) + len(file["added_tokens"])
    assert len(file["added_tokens"]) == len(vocabulary.symbols) + sum(vocabulary.longest_runs) - 3
    assert {"<bos>", "<eos>", "<pad>"}.isdisjoint(ids)
    order = list(dict.fromkeys(left + right for left, right in file["model"]["merges"]))
    assert order == [merge.decode().replace(" ", "\u2581") for merge in vocabulary.merges]


def test_counts_are_in_order(backend: Backend) -> None:
    careful = Letters()
    fast = faster(careful)
    assert fast.count([]).tolist() == []
    assert fast.count(["aa", "", "b", "\u2581\u2581\u2581", "aa"]).tolist() == [2, 0, 1, 3, 2]
    assert backend.asked.count("aa") == 1
    assert fast.identity == careful.identity


def test_batches_are_bounded(backend: Backend, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(giga, "_BATCH", 5)
    texts = ["a" * size for size in range(12)]
    assert faster(Letters()).count(texts).tolist() == list(range(12))
    assert backend.asked[len(giga._PROBE) :] == texts


@pytest.mark.parametrize("text", ["a\u2581b", "x" * (giga._LONGEST + 1)], ids=["U+2581", "long"])
def test_texts_that_need_care_go_to_the_other(backend: Backend, text: str) -> None:
    careful = Letters()
    fast = faster(careful)
    fast._guard = 0  # type: ignore[attr-defined]
    fast.count(["plain", text])
    assert careful.asked == [text]
    assert text not in backend.asked


def test_the_first_texts_are_compared(backend: Backend) -> None:
    careful = Letters()
    fast = faster(careful)
    texts = [f"text {number}" for number in range(1_000)]
    fast.count(texts[:100])
    assert careful.asked == texts[:100]
    fast.count(texts[100:])
    compared = len(careful.asked)
    assert careful.asked == texts[:compared]
    assert 200 < compared < 300
    backend.wrong["later"] = 9
    assert fast.count(["later"]).tolist() == [9]


def test_a_difference_is_an_error(backend: Backend) -> None:
    backend.wrong["b\x1b" * 50] = 7
    fast = faster(Letters())
    with pytest.raises(
        CountError, match=r"gigatoken 0\.10\.0 counts 7 tokens in `b\\x1bb.*…`, and there are 100"
    ):
        fast.count(["a", "b\x1b" * 50])
    # It goes on comparing, so that the line can be found.
    backend.wrong["late"] = 7
    fast.count([f"text {number}" for number in range(1_000)])
    with pytest.raises(CountError, match="`late`"):
        fast.count(["late"])


@pytest.mark.usefixtures("large")
def test_the_error_names_the_line(
    backend: Backend, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, tunestats: Callable[..., Any]
) -> None:
    monkeypatch.setattr(shard, "shared_tokenizer", lambda _: Letters())
    lines = [
        json.dumps(
            {
                "contents": [
                    {"role": "user", "parts": [{"text": "Hi"}]},
                    {"role": "model", "parts": [{"text": text}]},
                ]
            }
        )
        for text in ("one", "two", "three", "two")
    ]
    path = tmp_path / "train.jsonl"
    path.write_text("\n".join([lines[0], "", *lines[1:]]))
    backend.wrong["three"] = 77
    done = tunestats("stats", str(path))
    assert done.exit_code == 2
    assert f"{path}:4: gigatoken 0.10.0 counts 77 tokens in `three`, and there are 5" in done.stderr


@pytest.mark.parametrize("error", [ValueError("no"), ImportError("awkward"), Panic()], ids=repr)
def test_what_does_not_work_is_noted(backend: Backend, error: BaseException) -> None:
    backend.error = error
    careful = Letters()
    tokenizer = faster(careful)
    assert tokenizer.identity.note == "gigatoken 0.10.0 is installed and does not work"
    assert tokenizer.identity.exact
    assert tokenizer.count(["abc"]).tolist() == [3]


def test_a_wrong_number_of_counts_is_noted(backend: Backend) -> None:
    backend.missing = 1
    assert "does not work" in faster(Letters()).identity.note


def test_what_fails_later_goes_to_the_other(backend: Backend) -> None:
    fast = faster(Letters())
    backend.error = Panic()
    assert fast.count(["abc", "\ud800"]).tolist() == [3, 1]
    backend.error = KeyboardInterrupt()
    with pytest.raises(KeyboardInterrupt):
        fast.count(["abc"])


@pytest.mark.usefixtures("backend")
@pytest.mark.parametrize("version", ["0.9.0", "0.11.0", "1.0"])
def test_another_version_is_noted(installed: Callable[[str | None], None], version: str) -> None:
    installed(version)
    assert faster(Letters()).identity.note.startswith(f"gigatoken {version} is not used")


def test_without_it_nothing_changes(installed: Callable[[str | None], None]) -> None:
    installed(None)
    careful = Letters()
    assert faster(careful) is careful


@pytest.mark.usefixtures("backend")
@pytest.mark.parametrize("name", ["gemma2", "o200k_base", "x.model"])
def test_another_vocabulary_stays(name: str) -> None:
    careful = Letters(name)
    assert faster(careful) is careful


@pytest.mark.usefixtures("backend")
@pytest.mark.parametrize(
    ("size", "count_tokens", "is_faster"),
    [
        (shard.GIGATOKEN_PAYS_BYTES, True, True),
        (shard.GIGATOKEN_PAYS_BYTES - 1, True, False),
        (None, True, False),
        (1 << 40, False, False),
    ],
    ids=["large", "small", "standard input", "check"],
)
def test_it_is_chosen_for_large_files(
    monkeypatch: pytest.MonkeyPatch, size: int | None, *, count_tokens: bool, is_faster: bool
) -> None:
    monkeypatch.setattr(shard, "shared_tokenizer", lambda _: Letters())
    shard._faster_tokenizer.cache_clear()
    source = Source("train.jsonl", 0, size, seekable=True, head=b"")
    chosen = shard.tokenizer_for(source, Settings(count_tokens=count_tokens))
    assert isinstance(chosen, giga.GigaTokenizer) is is_faster
    shard._faster_tokenizer.cache_clear()


@pytest.mark.usefixtures("large")
def test_the_note_is_in_the_report(backend: Backend) -> None:
    backend.error = ValueError("no")
    path = Path(__file__).resolve().parents[2] / "sample_data/sft.jsonl"
    tokenizer = tunestats.stats(path).report.tokenizer
    assert tokenizer is not None
    assert tokenizer.note == "gigatoken 0.10.0 is installed and does not work"
