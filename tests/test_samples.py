"""Hold the sample files: each is a test by being there."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result

from tests.conftest import ROOT

SAMPLES = sorted((ROOT / "sample_data").glob("*.jsonl"))


def test_there_are_samples() -> None:
    assert {sample.stem for sample in SAMPLES} >= {"sft", "preference", "tools", "images", "broken"}


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: sample.stem)
def test_findings(
    sample: Path, tunestats: Callable[..., Result], golden: Callable[[Path, str], None]
) -> None:
    result = tunestats("check", f"sample_data/{sample.name}", "--output-format", "json-lines")
    assert result.exit_code == (1 if sample.stem == "broken" else 0)
    golden(sample.parent / "expected" / f"{sample.stem}.findings.jsonl", result.stdout)


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: sample.stem)
def test_statistics(
    sample: Path, tunestats: Callable[..., Result], golden: Callable[[Path, str], None]
) -> None:
    result = tunestats("stats", f"sample_data/{sample.name}")
    golden(sample.parent / "expected" / f"{sample.stem}.stats.json", result.stdout)


def test_the_job_is_one_of_the_sample(tunestats: Callable[..., Result]) -> None:
    # Made with --no-count-system, as a service might count.
    made = tunestats("stats", "sample_data/sft.jsonl", "--no-count-system", "--model", "gemini-2.5-flash")
    job = json.loads((ROOT / "sample_data/job.json").read_text(encoding="utf-8"))
    assert job["tuningDataStats"] == json.loads(made.stdout)
