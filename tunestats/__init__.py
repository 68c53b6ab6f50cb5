"""Offline validator and statistics precomputer for Vertex AI Gemini tuning data."""

from tunestats.engines import Progress
from tunestats.errors import (
    JobRefusedError,
    SettingsError,
    SourceError,
    TunestatsError,
    VocabularyError,
    WorkerError,
)
from tunestats.findings import Finding, Severity
from tunestats.library import DataReport, Stats, check, report, stats
from tunestats.library_jobs import check_job, compare, plan, verify
from tunestats.report import Report

__all__ = [
    "DataReport",
    "Finding",
    "JobRefusedError",
    "Progress",
    "Report",
    "SettingsError",
    "Severity",
    "SourceError",
    "Stats",
    "TunestatsError",
    "VocabularyError",
    "WorkerError",
    "check",
    "check_job",
    "compare",
    "plan",
    "report",
    "stats",
    "verify",
]

__version__ = "0.1.0"
