"""What a finished job reports is compared with its data, and with itself."""

import copy
import json
import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from hypothesis import given
from hypothesis import strategies as st

import tunestats
from tests.oracle import EXAMPLES
from tunestats.jobs import FinishedJob, Verification
from tunestats.jobs.figures import number, same
from tunestats.jobs.inspection import inspect
from tunestats.jobs.verification import State
from tunestats.render.verification import render_verification

Run = Callable[..., Result]
Write = Callable[..., Path]
TALK = {
    "systemInstruction": {"parts": [{"text": "Be brief, and be kind to everybody."}]},
    "contents": [{"role": role, "parts": [{"text": f"{role} says"}]} for role in ("user", "model") * 2],
}
SAMPLES = Path(__file__).parent.parent.parent / "sample_data"
SFT = "supervisedTuningDataStats"


def states(verification: Verification) -> dict[str, State]:
    return {row.field: row.state for row in verification.rows}


def with_state(verification: Verification, state: State) -> list[str]:
    return [row.field for row in verification.rows if row.state is state]


def data(write: Write, format_name: str) -> Path:
    return write("".join(f"{json.dumps(value)}\n" for value in [*EXAMPLES[format_name], TALK]))


@pytest.mark.parametrize("format_name", ["sft", "preference"])
def test_a_job_that_reports_what_we_compute_agrees(format_name: str, write: Write) -> None:
    path = data(write, format_name)
    document = tunestats.stats(path, format=format_name).to_api()
    verification = tunestats.verify({"tuningDataStats": document}, path)
    assert with_state(verification, State.DIFFERS) == []
    assert verification.exit_code == 0
    assert verification.count(State.AGREES) >= 24
    assert tunestats.verify({"tuningDataStats": document}).exit_code == 0


FORMS: dict[str, Callable[[dict[str, Any]], Any]] = {
    "job": lambda stats: {"name": "n", "tuningDataStats": {SFT: stats}},
    "statistics": lambda stats: {SFT: stats},
    "bare": lambda stats: stats,
    "text": lambda stats: json.dumps({SFT: stats}),
    "documentation": lambda stats: {
        "tuning_data_statistics": {
            SFT: {key.replace("tuningDataset", "tuninDataset"): value for key, value in stats.items()}
        }
    },
    "snake case": lambda stats: {"tuning_data_stats": {"supervised_tuning_data_stats": snake(stats)}},
    "doubles": lambda stats: {SFT: doubles(stats)},
}


def snake(value: Any) -> Any:
    if isinstance(value, list):
        return [snake(item) for item in value]
    if isinstance(value, dict):
        spelt = {key: "".join(f"_{c.lower()}" if c.isupper() else c for c in key) for key in value}
        # As proto-plus spells names that Python has.
        return {
            f"{name}_" if name in ("min", "max") else name: snake(value[key]) for key, name in spelt.items()
        }
    return value


def doubles(value: Any) -> Any:
    if isinstance(value, list):
        return [doubles(item) for item in value]
    if isinstance(value, dict):
        return {key: doubles(item) for key, item in value.items()}
    return float(value) if isinstance(value, int) else value


@pytest.mark.parametrize("form", FORMS)
def test_a_job_is_taken_in_any_form(form: str, write: Write) -> None:
    path = data(write, "sft")
    stats = tunestats.stats(path).to_api()[SFT]
    assert states(tunestats.verify(FORMS[form](stats), path)) == states(tunestats.verify({SFT: stats}, path))
    assert tunestats.verify(FORMS[form](stats), path).exit_code == 0


def test_jobs_of_the_sdks(write: Write) -> None:
    types = pytest.importorskip("google.genai.types")
    protos = pytest.importorskip("google.cloud.aiplatform_v1.types.tuning_job", exc_type=ImportError)
    path = write(f"{json.dumps(TALK)}\n" * 2)
    document = tunestats.stats(path).to_api()
    for job in (
        types.TuningJob.model_validate({"tuning_data_stats": document}),
        protos.TuningJob.from_json(json.dumps({"tuningDataStats": document})),
    ):
        verification = tunestats.verify(job, path)
        assert with_state(verification, State.DIFFERS) == []
        assert verification.count(State.AGREES) >= 28


@pytest.mark.parametrize(
    ("format_name", "options", "needed"),
    [
        ("sft", {"multi_turn": "turn"}, ("--multi-turn turn",)),
        ("sft", {"count_system": False}, ("--no-count-system",)),
        ("sft", {"multi_turn": "turn", "count_system": False}, ("--multi-turn turn", "--no-count-system")),
        ("preference", {"variance": "sample"}, ("--variance sample",)),
        (
            "preference",
            {"variance": "sample", "count_system": False},
            ("--variance sample", "--no-count-system"),
        ),
    ],
)
def test_the_assumption_that_would_agree_is_named(
    format_name: str, options: dict[str, Any], needed: tuple[str, ...], write: Write
) -> None:
    path = data(write, format_name)
    if format_name == "preference":
        pair = {**EXAMPLES["preference"][0], "systemInstruction": TALK["systemInstruction"]}
        path = write(f"{json.dumps(pair)}\n")
    document = tunestats.stats(path, **{"format": format_name, **options}).to_api()
    verification = tunestats.verify(document, path)
    assert verification.exit_code == 1
    assert verification.assumptions == needed
    notes = {row.note for row in verification.rows if row.state is State.DIFFERS}
    # A field that a part of the assumptions explains is explained by that part.
    assert (
        f"would agree with {' '.join(needed)}" in notes
        or {f"would agree with {option}" for option in needed} == notes
    )
    # Named as options, they do agree.
    assert tunestats.verify(document, path, **options).exit_code == 0


def test_assumptions_of_the_caller_are_where_alternatives_start(write: Write) -> None:
    path = data(write, "sft")
    document = tunestats.stats(path).to_api()
    verification = tunestats.verify(document, path, count_system=False)
    assert verification.exit_code == 1
    assert {row.note for row in verification.rows if row.state is State.DIFFERS} == {
        "would agree with the usual assumptions"
    }


@pytest.mark.parametrize(
    ("change", "field"),
    [
        (("tuningDatasetExampleCount", "7"), "tuningDatasetExampleCount"),
        (("totalBillableTokenCount", "1"), "totalBillableTokenCount"),
        (("userInputTokenDistribution", "min", 7), "userInputTokenDistribution.min"),
        (("userInputTokenDistribution", "sum", "x"), "userInputTokenDistribution.sum"),
        (("userInputTokenDistribution", "p95", None), "userInputTokenDistribution.p95"),
        (("userOutputTokenDistribution", "buckets", []), "userOutputTokenDistribution.buckets"),
        (("userOutputTokenDistribution", "buckets", 0, "count", 99), "userOutputTokenDistribution.buckets"),
        (("userDatasetExamples", 0, "parts", 0, "text", "x"), "userDatasetExamples"),
        (("totalTruncatedExampleCount", "1"), "totalTruncatedExampleCount"),
        (("truncatedExampleIndices", ["1"]), "truncatedExampleIndices"),
    ],
    ids=str,
)
def test_a_field_that_differs(change: tuple[Any, ...], field: str, write: Write) -> None:
    path = data(write, "sft")
    document = tunestats.stats(path).to_api()
    changed = copy.deepcopy(document)
    inner: Any = changed[SFT]
    *parents, last, value = change
    for parent in parents:
        inner = inner[parent]
    inner[last] = value
    verification = tunestats.verify(changed, path)
    assert with_state(verification, State.DIFFERS) == [field]
    assert all(row.note for row in verification.rows if row.state is State.DIFFERS)


@pytest.mark.parametrize(
    ("change", "state"),
    [
        ({"tuningStepCount": "67"}, State.OPEN),
        ({"totalTuningCharacterCount": "1"}, State.OPEN),
        ({"droppedExampleReasons": ["why"]}, State.OPEN),
        ({"totalBillableTokenCount": None}, State.ABSENT),
        ({"userDatasetExamples": None}, State.ABSENT),
    ],
    ids=str,
)
def test_what_cannot_be_compared_is_no_difference(change: dict[str, Any], state: State, write: Write) -> None:
    path = data(write, "sft")
    document = tunestats.stats(path).to_api()
    verification = tunestats.verify({SFT: {**document[SFT], **change}}, path)
    assert states(verification)[next(iter(change))] is state
    assert verification.exit_code == 0


def test_dropped_examples_that_the_job_names_are_a_part_of_ours(write: Write) -> None:
    path = write('{}\n{"contents":1}\n' + json.dumps(TALK))
    document = tunestats.stats(path).to_api()
    for named, state in ((["2"], State.AGREES), ([1, 2], State.AGREES), (["3"], State.DIFFERS)):
        job = {SFT: {**document[SFT], "truncatedExampleIndices": named}}
        assert states(tunestats.verify(job, path))["truncatedExampleIndices"] is state


@pytest.mark.parametrize("name", ["001_squad_500", "002_wikilingua_500", "003_images_90"])
def test_real_jobs_fit_themselves(name: str, shared: Path) -> None:
    verification = tunestats.verify(shared / f"reference/service-outputs/{name}.job.json")
    assert with_state(verification, State.DIFFERS) == []
    assert verification.count(State.AGREES) == 20


def test_job_002_agrees_with_its_data(shared: Path) -> None:
    outputs = shared / "reference/service-outputs"
    job, path = outputs / "002_wikilingua_500.job.json", outputs / "002_wikilingua_500.sft.jsonl"
    exact = tunestats.verify(job, path, tokenizer=str(shared / "models/gemma2_tokenizer.model"))
    assert with_state(exact, State.DIFFERS) == with_state(exact, State.OPEN) == []
    assert exact.count(State.AGREES) == 29
    other = tunestats.verify(job, path, tokenizer="gemma3")
    assert other.exit_code == 1
    assert other.assumptions == ()
    assert {row.note.partition(";")[0] for row in other.rows if row.state is State.DIFFERS} == {
        "counted with gemma3"
    }


def tampered(stats: dict[str, Any], path: tuple[Any, ...], value: Any) -> dict[str, Any]:
    changed: Any = copy.deepcopy(stats)
    inner = changed
    for key in path[:-1]:
        inner = inner[key]
    inner[path[-1]] = value
    return {SFT: changed}


@pytest.mark.parametrize(
    ("path", "value", "field"),
    [
        (("totalBillableTokenCount",), "5", "totalBillableTokenCount"),
        (("userInputTokenDistribution", "sum"), "5", "userInputTokenDistribution.mean"),
        (("userInputTokenDistribution", "mean"), 5, "userInputTokenDistribution.mean"),
        (("userInputTokenDistribution", "p5"), 9999, "userInputTokenDistribution.p5"),
        (("userInputTokenDistribution", "p5"), 9999, "userInputTokenDistribution.order"),
        (("userInputTokenDistribution", "median"), 9999, "userInputTokenDistribution.order"),
        (("userInputTokenDistribution", "max"), 9999, "userInputTokenDistribution.buckets"),
        (("userInputTokenDistribution", "buckets", 0, "left"), -1, "userInputTokenDistribution.buckets"),
        (("userInputTokenDistribution", "buckets", 0, "count"), 0, "userInputTokenDistribution.count"),
        (("userInputTokenDistribution", "p95"), 0, "userInputTokenDistribution.p95"),
        (("tuningDatasetExampleCount",), "99", "userMessagePerExampleDistribution.count"),
        (("userDatasetExamples", 0, "parts", 0, "text"), "x" * 401, "userDatasetExamples"),
    ],
    ids=str,
)
def test_a_job_whose_numbers_do_not_fit(path: tuple[Any, ...], value: Any, field: str, write: Write) -> None:
    stats = tunestats.stats(data(write, "sft")).to_api()[SFT]
    verification = tunestats.verify(tampered(stats, path, value))
    assert field in with_state(verification, State.DIFFERS)
    assert verification.exit_code == 1
    assert all(row.note for row in verification.rows if row.state is State.DIFFERS)


def test_without_data_the_expected_value_is_said(write: Write) -> None:
    stats = tunestats.stats(data(write, "sft")).to_api()[SFT]
    inputs = stats["userInputTokenDistribution"]
    total = int(inputs["sum"]) + int(stats["userOutputTokenDistribution"]["sum"])
    buckets = [[bucket.get("left", 0), bucket["right"]] for bucket in inputs["buckets"]]
    for path, value, field, expected in (
        (("totalBillableTokenCount",), "5", "totalBillableTokenCount", total),
        (("userInputTokenDistribution", "mean"), 5, "userInputTokenDistribution.mean", inputs["mean"]),
        (("userInputTokenDistribution", "p5"), 9999, "userInputTokenDistribution.p5", buckets[0]),
        (("tuningDatasetExampleCount",), "99", "userMessagePerExampleDistribution.count", 99),
    ):
        rows = {row.field: row for row in tunestats.verify(tampered(stats, path, value)).rows}
        assert rows[field].expected == expected
        shown = render_verification(tunestats.verify(tampered(stats, path, value)))
        assert f"  {field} " in shown
    broken = tampered(stats, ("userInputTokenDistribution", "buckets", 0, "left"), -1)
    rows = {row.field: row for row in tunestats.verify(broken).rows}
    assert rows["userInputTokenDistribution.buckets"].job == [[-1, buckets[0][1]]]
    assert buckets[0] in rows["userInputTokenDistribution.buckets"].expected


def test_a_job_counted_by_model_turn_is_not_wrong_in_itself(write: Write) -> None:
    document = tunestats.stats(data(write, "sft"), multi_turn="turn").to_api()
    verification = tunestats.verify(document)
    assert verification.exit_code == 0
    assert states(verification)["userInputTokenDistribution.count"] is State.OPEN


@pytest.mark.parametrize(
    "job", ["{}", "[]", '{"tuningDataStats": {}}', '{"tuningDataStats": 5}', '{"name": "n"}']
)
def test_a_job_without_statistics(job: str, write: Write) -> None:
    with pytest.raises(tunestats.SettingsError, match="no tuningDataStats"):
        tunestats.verify(write(job, "job.json"))


def test_what_is_no_job(write: Write) -> None:
    with pytest.raises(tunestats.SourceError, match="expected the JSON of a tuning job"):
        tunestats.verify(write("{", "job.json"))
    with pytest.raises(tunestats.SettingsError, match="`modle` is not an option"):
        tunestats.verify({SFT: {"tuningDatasetExampleCount": 1}}, modle="x")


def test_fields_that_differ_for_one_reason_stand_together(golden: Callable[[Path, str], None]) -> None:
    here = Path(__file__).parent
    document = tunestats.stats(SAMPLES / "sft.jsonl").to_api()
    job = {**document[SFT], "tuningStepCount": "8"}
    job["userOutputTokenDistribution"] = {
        **job["userOutputTokenDistribution"],
        "buckets": [{"count": 5, "left": 14}],
    }
    job["userDatasetExamples"] = [{"role": "user", "parts": [{"text": "What\x1b[31m?"}]}]
    made = tunestats.verify({SFT: job}, SAMPLES / "sft.jsonl")
    shown = replace(made, file="sft.jsonl")
    golden(here / "golden" / "verification.txt", render_verification(shown))
    golden(here / "golden" / "verification.all.txt", render_verification(shown, everything=True))
    other = replace(tunestats.verify({SFT: job}, SAMPLES / "tools.jsonl"), file="tools.jsonl")
    golden(here / "golden" / "verification.other.txt", render_verification(other))
    for text in (render_verification(shown, everything=True), render_verification(other)):
        assert max(map(len, text.splitlines())) < 80
        assert "\x1b" not in text


def test_texts_of_examples_can_be_left_out(write: Write) -> None:
    path = write(json.dumps(TALK))
    document = tunestats.stats(path).to_api()
    document[SFT]["userDatasetExamples"][0]["parts"][0]["text"] = "Zqx"
    for made in (tunestats.verify(document, path), tunestats.verify(document)):
        assert "says" in made.to_json() or made.file == ""
    masked = tunestats.verify(document, path, no_content=True)
    assert with_state(masked, State.DIFFERS) == ["userDatasetExamples"]
    for text in (masked.to_json(), render_verification(masked, everything=True)):
        assert "Zqx" not in text
        assert "says" not in text


NAMES = st.sampled_from(
    [
        *"sum min max mean median p5 p95 buckets count left right billableSum role parts text".split(),
        *"tuningDatasetExampleCount totalBillableTokenCount tuningStepCount userDatasetExamples".split(),
        *"userInputTokenDistribution userOutputTokenDistribution userMessagePerExampleDistribution".split(),
        *"truncatedExampleIndices totalTruncatedExampleCount scoresDistribution droppedExampleReasons".split(),
    ]
)
VALUES: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.integers().map(str),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=6),
)


@given(st.dictionaries(NAMES, VALUES), st.sampled_from(["sft", "preference"]))
def test_no_statistics_are_a_crash(stats: dict[str, Any], format_name: str) -> None:
    verification = inspect(FinishedJob("job", format_name, stats))
    assert json.loads(verification.to_json())["job"] == "job"
    branch = {"sft": SFT, "preference": "preferenceOptimizationDataStats"}[format_name]
    sample = Path(__file__).parent.parent.parent / "sample_data/sft.jsonl"
    compared = tunestats.verify({branch: {**stats, "tuningDatasetExampleCount": 5}}, sample)
    json.loads(compared.to_json())
    for made in (verification, compared):
        render_verification(made, everything=True)


@given(st.integers())
def test_numbers(value: int) -> None:
    assert number(str(value)) == number(value) == value
    assert not same(number(value), number(value + 1))
    assert not same(number("x"), number("x"))


def test_command(tunestats: Run, write: Write) -> None:
    document = json.loads(tunestats("stats", "sample_data/sft.jsonl").stdout)
    job = str(write(json.dumps({"baseModel": "gemini-2.5-flash", "tuningDataStats": document}), "job.json"))
    agrees = tunestats("verify", job, "sample_data/sft.jsonl")
    assert agrees.exit_code == 0
    assert agrees.stdout == (
        f"job      {job}\ndata     sample_data/sft.jsonl\n\n29 agree, 0 differ, 7 absent; --all shows every field.\n"
    )
    whole = tunestats("verify", job, "sample_data/sft.jsonl", "--all").stdout
    assert re.search(r"\n29 fields agree\n", whole)
    assert re.search(r"\n  userInputTokenDistribution\.mean +22\.8\n", whole)
    assert re.search(r"\n7 fields are absent from the job\n", whole)
    other = tunestats("verify", job, "sample_data/sft.jsonl", "--no-count-system")
    assert other.exit_code == 1
    assert tunestats("verify", job).exit_code == 0
    differs = tunestats("verify", job, "sample_data/tools.jsonl", "--output-format", "json")
    assert differs.exit_code == 1
    assert {row["state"] for row in json.loads(differs.stdout)["fields"]} == {"agrees", "differs", "absent"}
    assert tunestats("verify", "nowhere.json").exit_code == 2
    text = tunestats("verify", job, "sample_data/tools.jsonl").stdout
    assert max(len(line) for line in text.splitlines() if "job.json" not in line) < 80
    stdin = (Path(__file__).parent.parent.parent / "sample_data/tools.jsonl").read_bytes()
    assert tunestats("verify", job, "-", stdin=stdin).exit_code == 1
