"""Offline validator and statistics precomputer for Vertex AI Gemini tuning data."""

__version__ = "0.1.0"
