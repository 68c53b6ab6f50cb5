"""OpenAI encodings come from tiktoken's cache or from a file, never from the network."""

from __future__ import annotations

import base64
import hashlib
from pathlib import Path

import pytest
import tiktoken.load
import tiktoken_ext.openai_public  # type: ignore[import-untyped]

from tunestats.errors import VocabularyError
from tunestats.tokenizers import available, load_tokenizer, openai

MERGES = [b"he", b"ll", b"hell", b"hello", b" w", b"or", b"<|", b"|>"]


@pytest.fixture
def ranks_file(tmp_path: Path) -> Path:
    """A small vocabulary: the bytes and a few merges."""
    path = tmp_path / "small_cl100k.tiktoken"
    path.write_bytes(lines([bytes([byte]) for byte in range(256)] + MERGES))
    return path


def lines(tokens: list[bytes]) -> bytes:
    return b"".join(base64.b64encode(token) + b" %d\n" % rank for rank, token in enumerate(tokens))


@pytest.mark.parametrize("name", openai.ENCODINGS)
@pytest.mark.parametrize("directory", ["", "empty"])
def test_missing_encoding(name: str, directory: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TIKTOKEN_CACHE_DIR", directory and str(tmp_path / directory))
    with pytest.raises(VocabularyError, match="is not in tiktoken's cache; on a machine with a network"):
        load_tokenizer(name)
    assert next(row for row in available() if row.name == name).missing


def test_named_encoding_from_the_cache(
    ranks_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = ranks_file.read_bytes()
    file = openai.EncodingFile("https://example.org/small", hashlib.sha256(data).hexdigest())
    made = tiktoken.Encoding(
        "small",
        pat_str=r"\S+|\s+",
        mergeable_ranks={bytes([byte]): byte for byte in range(256)},
        special_tokens={},
    )
    monkeypatch.setitem(openai.ENCODINGS, "small", file)
    monkeypatch.setattr(tiktoken, "get_encoding", lambda _: made)
    monkeypatch.delenv("TIKTOKEN_CACHE_DIR", raising=False)
    monkeypatch.setenv("DATA_GYM_CACHE_DIR", str(tmp_path))
    cached = tmp_path / hashlib.sha1(b"https://example.org/small").hexdigest()  # noqa: S324  (tiktoken's key)
    cached.write_bytes(data[:-5])
    with pytest.raises(VocabularyError):
        load_tokenizer("small")
    cached.write_bytes(data)
    tokenizer = load_tokenizer("small")
    assert tokenizer.identity.sha256 == file.sha256
    assert not tokenizer.identity.exact
    assert tokenizer.count(["hello", ""]).tolist() == [5, 0]


def test_file_by_path(ranks_file: Path) -> None:
    tokenizer = load_tokenizer(str(ranks_file))
    assert tokenizer.identity.name == str(ranks_file)
    assert tokenizer.identity.sha256 == hashlib.sha256(ranks_file.read_bytes()).hexdigest()
    assert not tokenizer.identity.exact
    assert "split like `cl100k_base`" in tokenizer.identity.note
    texts = ["hello world", "<|endoftext|>", "", "hello world"]
    assert tokenizer.count(texts).tolist() == [5, 11, 0, 5]
    assert tokenizer.count([]).shape == (0,)


def test_long_text_is_the_sum_of_its_parts(ranks_file: Path) -> None:
    tokenizer = load_tokenizer(str(ranks_file))
    line = "hello world\n"
    assert tokenizer.count([line * 200_000]).tolist() == [200_000 * int(tokenizer.count([line])[0])]
    assert tokenizer.count(["7 " * 1_100_000]).tolist() == [2_200_000]


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"hello",
        b"!!!! 1\n",
        b"aGk= one\n",
        lines([bytes([byte]) for byte in range(255)]),
        lines([bytes([byte]) for byte in range(256)]) + b"aGk= 7\n",
        lines([bytes([byte]) for byte in range(256)]) + b"aGk= -1\n",
        lines([bytes([byte]) for byte in range(256)]) + b"aGk= 99999999999999999999\n",
        b"\xff\xfe\x00",
    ],
    ids=["empty", "word", "base64", "rank", "byte missing", "rank twice", "negative", "huge", "binary"],
)
def test_damaged_file(content: bytes, tmp_path: Path) -> None:
    path = tmp_path / "damaged.tiktoken"
    path.write_bytes(content)
    with pytest.raises(VocabularyError, match="fetch the file again"):
        load_tokenizer(str(path))


def test_no_such_file(tmp_path: Path) -> None:
    with pytest.raises(VocabularyError, match="cannot be read"):
        load_tokenizer(str(tmp_path / "none.tiktoken"))


def test_table_is_that_of_tiktoken(monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[tuple[str, str]] = []

    def load(url: str, expected_hash: str) -> dict[bytes, int]:
        read.append((url, expected_hash))
        return {}

    monkeypatch.setattr(tiktoken_ext.openai_public, "load_tiktoken_bpe", load)
    constructors = tiktoken_ext.openai_public.ENCODING_CONSTRUCTORS
    for name, file in openai.ENCODINGS.items():
        read.clear()
        made = constructors[name]()
        assert read == [tuple(file)]
        if name in openai.PATTERNS:
            assert made["pat_str"] == openai.PATTERNS[name]


def test_cache_directory_is_that_of_tiktoken(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    url = "https://example.org/file"
    monkeypatch.delenv("DATA_GYM_CACHE_DIR", raising=False)
    monkeypatch.setenv("TIKTOKEN_CACHE_DIR", str(tmp_path))
    monkeypatch.setattr(tiktoken.load, "read_file", lambda _: b"content")
    tiktoken.load.read_file_cached(url)
    directory = openai.cache_directory()
    assert directory is not None
    name = hashlib.sha1(url.encode()).hexdigest()  # noqa: S324  (tiktoken's key)
    assert (directory / name).read_bytes() == b"content"
