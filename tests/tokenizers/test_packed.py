"""The packaged vocabulary is what Google's file makes, each time the same."""

from __future__ import annotations

from pathlib import Path

import pytest

from tunestats.errors import VocabularyError
from tunestats.tokenizers import build_vocabulary
from tunestats.tokenizers.packed import GEMMA_MODELS, pack, packed_path, unpack


def test_rebuild(model_file: tuple[str, Path], tmp_path: Path) -> None:
    name, path = model_file
    packed = build_vocabulary(path, tmp_path / "packed")
    data = (tmp_path / "packed").read_bytes()
    assert unpack(data) == packed
    assert packed.source_sha256 == GEMMA_MODELS[name]
    if name == "gemma3":
        assert unpack(packed_path(name).read_bytes()) == packed
        assert pack(packed) == data


def test_small_enough() -> None:
    assert packed_path("gemma3").stat().st_size < 1_000_000


def test_licence_and_notice_are_beside_it() -> None:
    directory = packed_path("gemma3").parent
    assert "Apache License" in (directory / "LICENSE.Apache-2.0.txt").read_text()
    assert GEMMA_MODELS["gemma3"] in (directory / "NOTICE").read_text()


def test_unknown_model(tmp_path: Path) -> None:
    model = tmp_path / "other.model"
    model.write_bytes(b"something else")
    with pytest.raises(VocabularyError, match=r"SHA-256 is `[0-9a-f]{8}…`, expected one of"):
        build_vocabulary(model, tmp_path / "target")
    with pytest.raises(VocabularyError, match="cannot be read"):
        build_vocabulary(tmp_path / "none.model", tmp_path / "target")


@pytest.mark.parametrize("size", [0, 10, 5000])
def test_damaged(size: int) -> None:
    with pytest.raises(VocabularyError, match="install tunestats again"):
        unpack(packed_path("gemma3").read_bytes()[:size])
