"""Offline validator and statistics precomputer for Vertex AI Gemini tuning data."""

from tunestats.errors import JobRefusedError, SettingsError, SourceError, TunestatsError, VocabularyError
from tunestats.findings import Finding, Severity
from tunestats.jobs import JobCheck
from tunestats.library import Stats, check, stats
from tunestats.library_jobs import check_job
from tunestats.report import Report

__all__ = [
    "Finding",
    "JobCheck",
    "JobRefusedError",
    "Report",
    "SettingsError",
    "Severity",
    "SourceError",
    "Stats",
    "TunestatsError",
    "VocabularyError",
    "check",
    "check_job",
    "stats",
]

__version__ = "0.1.0"
