"""Measure tunestats; see README.md, "Benchmarks"."""
