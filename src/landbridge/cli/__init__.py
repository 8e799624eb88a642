"""The command line: parses, calls, prints. No arithmetic; heavy rooms load inside commands."""

from landbridge.cli.program import main

__all__ = ["main"]
