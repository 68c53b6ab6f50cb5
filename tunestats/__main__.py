"""Run the command line: ``python -m tunestats``."""

from tunestats.cli import main

main()
