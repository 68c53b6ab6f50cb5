"""Compare what a finished job reports with what its data say.

In: the job's statistics; the document of the data, and the same under other assumptions.
Out: ``Verification``: field by field what agrees, what differs and why it may.
Not here: reading jobs (``finished``), computing statistics (``engines``), a job without data (``inspection``).
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from tunestats.errors import SourceError
from tunestats.jobs.figures import DISTRIBUTIONS, TOKENS, buckets_of, number, same, same_buckets, tidy
from tunestats.jobs.finished import BRANCHES, FinishedJob
from tunestats.jobs.inspection import inspect
from tunestats.jobs.verification import Row, State, Verification
from tunestats.quoting import printable, shell_word
from tunestats.report import Report

__all__ = ["compare_job"]

NUMBERS = ("sum", "min", "max", "mean", "median", "p5", "p95")
# Nothing public says how these are counted; where they happen to agree, that is worth knowing.
CHARACTERS = ("totalTuningCharacterCount", "totalBillableCharacterCount")
INDICES = {"sft": "truncatedExampleIndices", "preference": "droppedExampleIndices"}


def compare_job(
    job: FinishedJob,
    report: Report,
    document: Mapping[str, Any],
    others: Mapping[tuple[str, ...], Mapping[str, Any]],
) -> Verification:
    """Return the comparison of a job with its data.

    Args:
        job: The finished job.
        report: The report of the data, with counted tokens.
        document: The ``TuningDataStats`` made of it.
        others: The same under other assumptions, by their options.

    Raises:
        SourceError: The data were not read.
    """
    file = report.files[0]
    if file.not_read:
        raise SourceError(
            f"{printable(file.name)}: was not read: {file.not_read}; see `tunestats check {shell_word(file.name)}`"
        )
    rows = list(_rows(job, report, document.get(BRANCHES[job.format], {})))
    needed: tuple[str, ...] = ()
    for options, other in others.items():
        alternative = list(_rows(job, report, other.get(BRANCHES[job.format], {})))
        if not needed and all(row.state is not State.DIFFERS for row in alternative):
            needed = options
        rows = [_noted(row, then, options) for row, then in zip(rows, alternative, strict=True)]
    unfit = {row.field: row.note for row in inspect(job).rows if row.state is State.DIFFERS}
    rows = [
        replace(row, note=_why(row.field, job, report, unfit.get(row.field, "")))
        if row.state is State.DIFFERS and not row.note
        else row
        for row in rows
    ]
    return Verification(job.name, file.name, tuple(rows), needed)


def _noted(row: Row, then: Row, options: tuple[str, ...]) -> Row:
    if row.state is State.DIFFERS and not row.note and then.state is State.AGREES:
        return replace(row, note=f"would agree with {' '.join(options) or 'the usual assumptions'}")
    return row


def _rows(job: FinishedJob, report: Report, here: Mapping[str, Any]) -> Iterator[Row]:
    there = job.statistics
    yield _number_row("tuningDatasetExampleCount", there, here)
    yield _number_row("totalBillableTokenCount", there, here)
    yield _steps(job, report)
    if job.format == "sft":
        for name in CHARACTERS:
            yield _characters(name, there, report)
    for name in DISTRIBUTIONS[job.format]:
        yield from _distribution(name, there.get(name), here.get(name, {}), job.format)
    yield _examples(there, here)
    if job.format == "sft":
        row = _number_row("totalTruncatedExampleCount", there, here)
        # Statistics that are there leave out what is zero.
        yield replace(row, state=State.DIFFERS) if row.state is State.ABSENT else row
    yield _indices(INDICES[job.format], there, report)
    yield _open("droppedExampleReasons", there, "how the service words reasons is not known")


def _number_row(name: str, there: Mapping[str, Any], here: Mapping[str, Any], label: str = "") -> Row:
    """Compare two numbers; a field that is not there is zero, as in protocol buffers."""
    ours = here.get(name, 0)
    if name not in there:
        return Row(label or name, State.AGREES if number(ours) == 0 else State.ABSENT, None, ours)
    agrees = same(number(there[name]), number(ours))
    return Row(label or name, State.AGREES if agrees else State.DIFFERS, there[name], ours)


def _distribution(name: str, there: Any, here: Mapping[str, Any], format_name: str) -> Iterator[Row]:
    if not isinstance(there, dict):
        for key in (*NUMBERS, "buckets"):
            yield Row(f"{name}.{key}", State.ABSENT, None, here.get(key))
        return
    for key in NUMBERS:
        row = _number_row(key, there, here, f"{name}.{key}")
        # In a distribution that is there, what is left out is zero.
        yield replace(row, state=State.DIFFERS) if row.state is State.ABSENT else row
    if format_name == "sft":
        yield _billable_sum(name, there, here)
    buckets, ours = buckets_of(there), buckets_of(here)
    state = State.AGREES if same_buckets(buckets, ours) else State.DIFFERS
    yield Row(f"{name}.buckets", state, there.get("buckets"), here.get("buckets"))


def _billable_sum(name: str, there: Mapping[str, Any], here: Mapping[str, Any]) -> Row:
    if "billableSum" not in there:
        return Row(f"{name}.billableSum", State.ABSENT)
    agrees = same(number(there["billableSum"]), number(here.get("sum", 0)))
    note = "the same as the sum" if agrees else "what is billable of the sum is not known"
    return Row(f"{name}.billableSum", State.AGREES if agrees else State.OPEN, there["billableSum"], note=note)


def _examples(there: Mapping[str, Any], here: Mapping[str, Any]) -> Row:
    name = "userDatasetExamples"
    if name not in there:
        return Row(name, State.ABSENT, None, here.get(name))
    state = State.AGREES if tidy(there[name]) == tidy(here.get(name, [])) else State.DIFFERS
    return Row(name, state, there[name], here.get(name))


def _steps(job: FinishedJob, report: Report) -> Row:
    steps = number(job.statistics.get("tuningStepCount", 0))
    if not steps:
        return Row("tuningStepCount", State.ABSENT)
    note = "no formula is public"
    if job.epochs:
        examples = report.examples - report.dropped_examples
        note += f"; {examples:,} examples and {job.epochs:,} epochs are {examples * job.epochs / steps:.1f} a step"
    return Row("tuningStepCount", State.OPEN, job.statistics["tuningStepCount"], report.step_count, note)


def _characters(name: str, there: Mapping[str, Any], report: Report) -> Row:
    counted = report.distributions.get("characters")
    ours = str(int(counted.sum)) if counted is not None else "0"
    if name not in there:
        return Row(name, State.ABSENT, None, ours)
    state = State.AGREES if same(number(there[name]), number(ours)) else State.OPEN
    note = "" if state is State.AGREES else "what the service counts is not known; here, code points"
    return Row(name, state, there[name], ours, note)


def _indices(name: str, there: Mapping[str, Any], report: Report) -> Row:
    """The service names some of the examples that it dropped; all of them should be left out here."""
    ours = [dropped.example for dropped in report.dropped]
    named = there.get(name)
    if not isinstance(named, list) or not named:
        return Row(name, State.AGREES if not ours else State.ABSENT, named, ours or None)
    strange = [index for index in named if number(index) not in ours]
    if not strange:
        return Row(name, State.AGREES, named, ours)
    state = State.OPEN if len(ours) < report.dropped_examples else State.DIFFERS
    return Row(
        name, state, named, ours, "" if state is State.DIFFERS else "more are left out than are listed"
    )


def _open(name: str, there: Mapping[str, Any], note: str) -> Row:
    return Row(name, State.OPEN, there[name], note=note) if there.get(name) else Row(name, State.ABSENT)


def _why(field: str, job: FinishedJob, report: Report, unfit: str) -> str:
    """Say why a field may differ; ``unfit`` is how it does not fit the job's other fields."""
    if unfit:
        return f"it does not fit the job's own numbers, either ({unfit})"
    there = number(job.statistics.get("tuningDatasetExampleCount", report.examples))
    if there != report.examples:
        return f"the job had {there:,} examples, here are {report.examples:,}: these are not its data, or not all"
    if field.startswith(TOKENS):
        return "; ".join(_why_tokens(job, report))
    if field.startswith(("totalTruncated", "truncated", "dropped")):
        return "examples with errors are left out here; the service may keep them or fail"
    if report.dropped_examples and field != "tuningDatasetExampleCount":
        return f"{_left_out(report)}; these may not be the data of this job"
    return "these may not be the data of this job, or the service works otherwise than is known"


def _left_out(report: Report) -> str:
    return f"{report.dropped_examples:,} with errors of {report.examples:,} examples are left out here"


def _why_tokens(job: FinishedJob, report: Report) -> Iterator[str]:
    tokenizer = report.tokenizer
    vocabulary = report.settings.facts.vocabulary
    if tokenizer is not None and not tokenizer.exact:
        other = f"{job.model} counts with {vocabulary}" if job.model else "which is not Gemini's"
        yield f"counted with {tokenizer.name}; {other}"
    if report.estimated_media_tokens:
        yield f"{report.estimated_media_tokens:,} tokens of images are estimated"
    if report.unknown_media:
        yield f"the tokens of {report.unknown_media:,} media are not known offline"
    if report.dropped_examples:
        yield _left_out(report)
    yield "these may not be the data of this job"
