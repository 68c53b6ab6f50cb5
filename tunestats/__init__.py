"""Offline validator and statistics precomputer for Vertex AI Gemini tuning data."""

from tunestats.errors import JobRefusedError, SettingsError, SourceError, TunestatsError, VocabularyError
from tunestats.findings import Finding, Severity
from tunestats.jobs import JobCheck, Plan, Verification
from tunestats.library import Stats, check, stats
from tunestats.library_jobs import check_job, plan, verify
from tunestats.report import Report

__all__ = [
    "Finding",
    "JobCheck",
    "JobRefusedError",
    "Plan",
    "Report",
    "SettingsError",
    "Severity",
    "SourceError",
    "Stats",
    "TunestatsError",
    "Verification",
    "VocabularyError",
    "check",
    "check_job",
    "plan",
    "stats",
    "verify",
]

__version__ = "0.1.0"
