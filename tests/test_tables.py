"""Tests of ``tables``: what is read back is what was meant, and no cell is a formula."""

import csv
import json
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import polars as pl
import pytest
from click.testing import Result

from tunestats import SettingsError, stats
from tunestats.report import PlacedRow, Report
from tunestats.settings import Settings
from tunestats.tables import FORMULA, SUFFIXES, make_table, table_suffix, write_table

GOOD = '{"contents":[{"role":"user","parts":[{"text":"Hi"}]},{"role":"model","parts":[{"text":"Hello"}]}]}'
PAIR = (
    '{"contents":[{"role":"user","parts":[{"text":"Hi"}]}],"completions":['
    '{"score":1,"completion":{"role":"model","parts":[{"text":"Hello"}]}},'
    '{"score":0,"completion":{"role":"model","parts":[{"text":"What?"}]}}]}'
)
Run = Callable[..., Result]
Write = Callable[..., Path]


def read(path: Path) -> pl.DataFrame:
    """Return a table as it is read back; of CSV the lists are made again."""
    if path.suffix == ".parquet":
        return pl.read_parquet(path)
    if path.suffix == ".jsonl":
        return pl.read_ndjson(path)
    frame = pl.read_csv(path)
    lists = [pl.col(name).str.split(" ").list.filter(pl.element() != "") for name in ("scores", "codes")]
    return frame.with_columns(*lists).with_columns(pl.col("scores").cast(pl.List(pl.Float64)))


@pytest.mark.parametrize("suffix", SUFFIXES)
@pytest.mark.parametrize("text", [f"{GOOD}\n\n{{\n{GOOD}\n", f"{PAIR}\n[]\n"], ids=["sft", "preference"])
def test_a_file_is_read_back_as_the_frame(suffix: str, text: str, tunestats: Run, write: Write) -> None:
    path = write(text)
    target = path.with_name(f"rows{suffix}")
    result = tunestats("stats", str(path), "--per-example", str(target))
    assert result.exit_code == 1
    assert json.loads(result.stdout)
    frame = stats(path, per_example=True).per_example()
    assert f"tunestats: {frame.height} examples in {target}" in result.stderr
    assert read(target).select(frame.columns).rows() == frame.rows()


def test_rows_are_written_even_if_there_is_none(tunestats: Run, write: Write, tmp_path: Path) -> None:
    for suffix in SUFFIXES:
        target = tmp_path / f"rows{suffix}"
        assert tunestats("stats", str(write("")), "--per-example", str(target)).exit_code == 1
        assert target.is_file()
    assert pl.read_parquet(tmp_path / "rows.parquet").height == 0


def test_what_is_kept_sums_to_the_document(shared: Path, tunestats: Run, tmp_path: Path) -> None:
    target = tmp_path / "rows.csv"
    result = tunestats("stats", str(shared / "data/mutations/sft/mixed.jsonl"), "--per-example", str(target))
    document = json.loads(result.stdout)["supervisedTuningDataStats"]
    rows = list(csv.DictReader(target.read_text(encoding="utf-8").splitlines()))
    assert str(len(rows)) == document["tuningDatasetExampleCount"]
    assert str(sum(row["dropped"] == "true" for row in rows)) == document["totalTruncatedExampleCount"]
    total = sum(int(row["input_tokens"] or 0) for row in rows)
    assert str(total) == document["userInputTokenDistribution"]["sum"]
    assert all(row["codes"] for row in rows if row["dropped"] == "true")


@pytest.mark.parametrize("name", ["rows.xlsx", "rows", "rows.csv.gz"])
def test_an_unknown_suffix_stops_before_line_1(name: str, tunestats: Run) -> None:
    result = tunestats("stats", "nowhere.jsonl", "--per-example", name)
    assert result.exit_code == 2
    assert "end the name in .parquet, .csv, .jsonl" in result.stderr


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_a_full_disk_is_a_clear_error(suffix: str, tunestats: Run, tmp_path: Path) -> None:
    if not Path("/dev/full").exists():
        pytest.skip("there is no /dev/full here")
    target = tmp_path / f"rows{suffix}"
    target.symlink_to("/dev/full")
    result = tunestats("stats", "sample_data/sft.jsonl", "--per-example", str(target))
    assert result.exit_code == 2
    assert "cannot be written (No space left" in result.stderr


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_a_run_that_fails_leaves_the_old_file(suffix: str, tunestats: Run, tmp_path: Path) -> None:
    target = tmp_path / f"rows{suffix}"
    target.write_text("old", encoding="utf-8")
    assert tunestats("stats", "nowhere.jsonl", "--per-example", str(target)).exit_code == 2
    assert [path.read_text(encoding="utf-8") for path in tmp_path.iterdir()] == ["old"]


def names_in_csv(*names: str) -> list[str]:
    rows = tuple(PlacedRow(name, 1, 1, None, ()) for name in names)
    report = Report(Settings(per_example=True), (), (), {}, rows=rows)
    stream = BytesIO()
    write_table(make_table(report), ".csv", stream)
    return [row["file"] for row in csv.DictReader(stream.getvalue().decode().splitlines(keepends=True))]


@pytest.mark.parametrize("sign", FORMULA, ids=ascii)
def test_no_cell_is_a_formula(sign: str) -> None:
    assert names_in_csv(f"{sign}1+1|cmd.jsonl") == [f"./{sign}1+1|cmd.jsonl"]


def test_names_are_quoted_and_take_any_bytes() -> None:
    assert names_in_csv("-", 'a,"b".jsonl', "\udcff.jsonl") == ["-", 'a,"b".jsonl', "\\udcff.jsonl"]


def test_a_suffix_may_be_in_capitals() -> None:
    assert table_suffix(Path("ROWS.Parquet")) == ".parquet"
    with pytest.raises(SettingsError, match=r"rows\.txt"):
        table_suffix(Path("rows.txt"))
