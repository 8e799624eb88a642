"""The vocabulary: frozen dataclasses, enums and ids; no I/O, no arrays, no algorithms."""
