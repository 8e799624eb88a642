"""Landbridge: compare freight corridors, door to door."""

__version__ = "0.1.0"
