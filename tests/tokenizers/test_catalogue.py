"""A tokenizer is found by name or path, and what is missing is said."""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from tunestats.errors import VocabularyError
from tunestats.tokenizers import available, load_tokenizer
from tunestats.tokenizers.catalogue import genai_cache_directory
from tunestats.tokenizers.packed import GEMMA_MODELS


@pytest.fixture
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A temporary directory of our own, where caches are looked for."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    return tmp_path


def test_default_is_gemma3() -> None:
    identity = load_tokenizer().identity
    assert (identity.name, identity.sha256, identity.exact) == ("gemma3", GEMMA_MODELS["gemma3"], True)


@pytest.mark.parametrize("name", ["", "gemma4", "gpt2", "gemma3.txt"])
def test_unknown_name(name: str) -> None:
    with pytest.raises(VocabularyError, match=f"`{name}` is not a tokenizer; expected `gemma3`"):
        load_tokenizer(name)


def test_gemma2_is_missing(temporary: Path) -> None:
    with pytest.raises(VocabularyError, match=r"give the path of its `\.model` file"):
        load_tokenizer("gemma2")
    (row,) = [row for row in available() if row.name == "gemma2"]
    assert row.missing
    assert not row.place
    assert not list(temporary.iterdir())


def test_gemma2_from_the_cache_of_google_genai(model_file: tuple[str, Path], temporary: Path) -> None:
    name, path = model_file
    directory = genai_cache_directory()
    assert directory.parent == temporary
    directory.mkdir()
    (directory / "0").write_bytes(b"not it")
    shutil.copy(path, directory / "df5c78e8def68e67515aeca297169a4f6c7f5920")
    tokenizer = load_tokenizer(name)
    assert tokenizer.identity.exact
    assert tokenizer.identity.sha256 == GEMMA_MODELS[name]
    assert tokenizer.count(["Hello, world!"]).tolist() == [4]
    (row,) = [row for row in available() if row.name == name]
    assert row.place
    assert not row.missing


def test_model_by_path(model_file: tuple[str, Path], tmp_path: Path) -> None:
    name, path = model_file
    identity = load_tokenizer(str(path)).identity
    assert (identity.name, identity.sha256, identity.exact) == (str(path), GEMMA_MODELS[name], True)
    damaged = tmp_path / "damaged.model"
    damaged.write_bytes(path.read_bytes()[:1_000_000])
    with pytest.raises(VocabularyError, match=r"damaged\.model"):
        load_tokenizer(str(damaged))


def test_unknown_model_is_an_estimate(make_model: object, tmp_path: Path) -> None:
    path = tmp_path / "made.model"
    path.write_bytes(make_model(["ab"]))  # type: ignore[operator]
    tokenizer = load_tokenizer(str(path))
    assert not tokenizer.identity.exact
    assert "an estimate" in tokenizer.identity.note
    assert tokenizer.count(["abab", "c", "é"]).tolist() == [2, 1, 2]


def test_no_such_model(tmp_path: Path) -> None:
    with pytest.raises(VocabularyError, match="cannot be read"):
        load_tokenizer(str(tmp_path / "none.model"))


def test_import_is_cheap() -> None:
    code = "import sys, tunestats.tokenizers; print(*sorted({'numpy', 'tiktoken'} & set(sys.modules)))"
    root = str(Path(__file__).resolve().parents[2])
    done = subprocess.run([sys.executable, "-c", code], cwd=root, capture_output=True, text=True, check=True)
    assert not done.stdout.strip()
