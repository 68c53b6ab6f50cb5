"""Offline validator and statistics precomputer for Vertex AI Gemini tuning data."""

from tunestats.errors import SettingsError, SourceError, TunestatsError, VocabularyError
from tunestats.findings import Finding, Severity
from tunestats.library import Stats, check, stats
from tunestats.report import Report

__all__ = [
    "Finding",
    "Report",
    "SettingsError",
    "Severity",
    "SourceError",
    "Stats",
    "TunestatsError",
    "VocabularyError",
    "check",
    "stats",
]

__version__ = "0.1.0"
