"""Where figures come from: the sources behind parameters."""

from landbridge.evidence.sources import Source, source, sources

__all__ = ["Source", "source", "sources"]
