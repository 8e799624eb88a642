"""Speed and memory, measured on demand: `python -m benchmarks start`. Never part of the tests."""
