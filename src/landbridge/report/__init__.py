"""Answers, side by side: comparisons, tables, CSV, GeoJSON, and the newcomer's functions."""
