"""Compare the training data of a job with its validation data.

In: the report of a run over both, with counted tokens.
Out: ``Comparison``: what they share, how their distributions differ, what is wrong with them together.
Not here: how overlap is found (``overlap``) and drift measured (``drift``).
"""

import json
from dataclasses import asdict, dataclass
from typing import Any

from tunestats.drift import Drift, drift_of
from tunestats.errors import SettingsError, SourceError
from tunestats.findings import Finding
from tunestats.quoting import printable, shell_word
from tunestats.report import FileSummary, Overlap, Report, TokenizerSummary
from tunestats.rules import RULES

__all__ = ["Comparison", "compare_data_sets"]

# What is about both files; the overlap itself is told in full.
RULES_OF_BOTH = ("validation-too-large", "mixed-media-resolutions")


@dataclass(frozen=True, slots=True)
class Comparison:
    """What training and validation data have in common, and how they differ.

    Attributes:
        training: The training data.
        validation: The validation data.
        overlaps: What they share: lines, examples but for their writing, prompts. An example is in one of them only.
        drifts: How each quantity is distributed in both.
        findings: What is wrong with both together: too much validation data, different ``mediaResolution``.
        tokenizer: What counted the tokens.
        assumptions: By which options the count differs from the usual.
        estimated_media_tokens: Tokens of images, contained in the input tokens of both; an estimate.
        unknown_media: Media of both whose tokens nobody knows offline; they are in no number.
    """

    training: FileSummary
    validation: FileSummary
    overlaps: tuple[Overlap, ...]
    drifts: tuple[Drift, ...]
    findings: tuple[Finding, ...]
    tokenizer: TokenizerSummary
    assumptions: tuple[str, ...]
    estimated_media_tokens: int
    unknown_media: int

    @property
    def shared_training(self) -> int:
        """How many training examples share something with the validation data."""
        return sum(overlap.training for overlap in self.overlaps)

    @property
    def shared_validation(self) -> int:
        """How many validation examples share something with the training data."""
        return sum(overlap.validation for overlap in self.overlaps)

    @property
    def exit_code(self) -> int:
        """0 if they share nothing, 1 if they do."""
        return 1 if self.shared_validation else 0

    def to_json(self) -> str:
        """Return everything as indented JSON."""
        shown: dict[str, Any] = {
            "training": _file(self.training),
            "validation": _file(self.validation),
            "overlap": {
                "training": self.shared_training,
                "validation": self.shared_validation,
                "kinds": [_overlap(overlap) for overlap in self.overlaps],
            },
            "findings": [asdict(finding) for finding in self.findings],
            "drift": [
                {**asdict(drift), "test": "Kolmogorov-Smirnov, two samples, asymptotic p-value"}
                for drift in self.drifts
            ],
            "tokenizer": {"name": self.tokenizer.name, "exact": self.tokenizer.exact},
            "assumptions": self.assumptions,
            "estimated_media_tokens": self.estimated_media_tokens,
            "unknown_media": self.unknown_media,
        }
        return json.dumps(shown, indent=2)


def compare_data_sets(report: Report) -> Comparison:
    """Return the comparison of the two files of a report.

    Raises:
        SettingsError: The report is not of training and validation data whose tokens were counted.
        SourceError: One of them has no example that could be compared.
    """
    if report.tokenizer is None or [file.is_validation for file in report.files] != [False, True]:
        raise SettingsError("what is compared is one training file with one validation file, tokens counted")
    training, validation = report.files
    for file in report.files:
        name = printable(file.name)
        if file.not_read:
            raise SourceError(
                f"{name}: was not read: {file.not_read}; see `tunestats check {shell_word(file.name)}`"
            )
        if file.examples == file.dropped:
            raise SourceError(
                f"{name}: has no example that could be compared; see `tunestats check {shell_word(file.name)}`"
            )
    ours, theirs = report.file_distributions
    return Comparison(
        training=training,
        validation=validation,
        overlaps=report.overlaps,
        drifts=tuple(drift_of(name, ours[name], theirs[name]) for name in ours if name in theirs),
        findings=tuple(finding for finding in report.findings if RULES[finding.code].name in RULES_OF_BOTH),
        tokenizer=report.tokenizer,
        assumptions=report.settings.assumptions,
        estimated_media_tokens=report.estimated_media_tokens,
        unknown_media=report.unknown_media,
    )


def _file(file: FileSummary) -> dict[str, Any]:
    return {"file": file.name, "format": file.format, "examples": file.examples, "dropped": file.dropped}


def _overlap(overlap: Overlap) -> dict[str, Any]:
    return {
        "kind": overlap.kind.name.lower(),
        "training": overlap.training,
        "validation": overlap.validation,
        "lines": [{"line": item.line, "training_line": item.training_line} for item in overlap.lines],
    }
