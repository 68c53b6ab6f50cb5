"""Hold what was found in a request and in its data.

In: a ``Body``, its flaws, and the reports of the data sets that it names.
Out: ``JobCheck``: one report of everything, and the job as the service would return it.
Not here: how they were found (``checking``), running the check of the data (``library_jobs``).
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass, replace
from typing import Any

from tunestats.errors import JobRefusedError, SettingsError
from tunestats.findings import Finding, Flaws, Severity
from tunestats.jobs.bodies import Body
from tunestats.jobs.places import line_of
from tunestats.quoting import printable
from tunestats.report import FileSummary, Report
from tunestats.rules import RULES
from tunestats.settings import Settings
from tunestats.stats_document import document_json, stats_document

__all__ = ["JobCheck", "make_job_check"]

ERRORS_NAMED = 10


@dataclass(frozen=True, slots=True)
class JobCheck:
    """What was found in a request to create a tuning job, and in its data.

    Attributes:
        report: Everything that was found: the request's findings, then those of the data sets.
        body: The JSON of the request.
        training: The report of the training data, if they were at hand.
        unchecked: URIs of data sets that the request names and that were not at hand.
    """

    report: Report
    body: Any
    training: Report | None = None
    unchecked: tuple[str, ...] = ()

    @property
    def findings(self) -> tuple[Finding, ...]:
        """What is wrong, in the request and then in the data."""
        return self.report.findings

    @property
    def exit_code(self) -> int:
        """0 if there is no error, 1 if there is one."""
        return self.report.exit_code

    def raise_for_errors(self) -> None:
        """Do nothing if there is no error.

        Raises:
            JobRefusedError: There is one; the text lists the first ones.
        """
        errors = [finding for finding in self.findings if finding.severity is Severity.ERROR]
        if self.exit_code:
            shown = [_line(finding) for finding in errors[:ERRORS_NAMED]]
            more = self.report.count(Severity.ERROR) - len(shown)
            shown += [f"… and {more:,} more"] if more else []
            raise JobRefusedError("the tuning job would fail:\n" + "\n".join(shown))

    def to_api(self) -> dict[str, Any]:
        """Return the job as the service would return it: the request, with ``tuningDataStats`` filled in.

        Raises:
            SettingsError: The statistics were not asked for, or the training data were not at hand.
        """
        if self.training is None or self.training.tokenizer is None:
            raise SettingsError(
                "the statistics were not computed; give the training data and `statistics=True`"
            )
        job: dict[str, Any] = deepcopy(self.body) if isinstance(self.body, dict) else {}
        for key in ("tuningDataStats", "tuning_data_stats"):
            job.pop(key, None)
        return {**job, "tuningDataStats": stats_document(self.training)}

    def to_json(self) -> str:
        """Return ``to_api()`` as indented JSON."""
        return document_json(self.to_api())


def make_job_check(
    body: Body,
    flaws: Flaws,
    reports: Sequence[Report],
    training: Report | None = None,
    unchecked: Sequence[str] = (),
) -> JobCheck:
    """Return everything that was found as one outcome."""
    own = _request_report(body, flaws)
    return JobCheck(_merged(own, reports, training), body.value, training, tuple(unchecked))


def _line(finding: Finding) -> str:
    place = f":{finding.line}" if finding.line else ""
    path = f"{finding.path}: " if finding.path else ""
    return f"{printable(finding.file)}{place}: {finding.code} {path}{finding.message}"


def _request_report(body: Body, flaws: Flaws) -> Report:
    findings = (
        Finding(
            file=body.name,
            line=line_of(flaw.path, dict(body.lines)) if body.lines else 0,
            example=0,
            code=flaw.code,
            severity=RULES[flaw.code].severity,
            path=flaw.path,
            message=flaw.message,
        )
        for flaw in flaws
    )
    counts = Counter(flaw.code for flaw in flaws) + Counter(flaws.more)
    size = max(body.lines.values(), default=0)
    summary = FileSummary(body.name, "job", body.bytes, lines=size, examples=0, dropped=0)
    return Report(Settings(), (summary,), tuple(sorted(findings, key=_place)), counts)


def _place(finding: Finding) -> int:
    return finding.line


def _merged(own: Report, reports: Iterable[Report], training: Report | None) -> Report:
    """Return one report: the request's, followed by those of the data."""
    reports = tuple(reports)
    counts: Counter[str] = Counter(own.counts)
    for report in reports:
        counts.update(report.counts)
    first = training if training is not None else own
    return replace(
        first,
        files=tuple(file for report in (own, *reports) for file in report.files),
        findings=tuple(finding for report in (own, *reports) for finding in report.findings),
        counts=_in_order(counts),
    )


def _in_order(counts: Mapping[str, int]) -> dict[str, int]:
    return {code: counts[code] for code in RULES if counts.get(code)}
