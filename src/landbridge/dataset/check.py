"""Find every problem of a dataset at once: rows that name nothing, lines that lead nowhere."""

from __future__ import annotations

from landbridge.dataset.check_lines import check_lines
from landbridge.dataset.check_rows import check_rows
from landbridge.dataset.check_ways import check_ways
from landbridge.dataset.network import NetworkDataset
from landbridge.dataset.problem import Problem, Severity

__all__ = ["Problem", "Severity", "check_dataset"]


def check_dataset(dataset: NetworkDataset) -> list[Problem]:
    """Return all problems, errors first, then by kind and place; an empty list where all is well.

    Lines are looked at before the ways over them: where an index points outside its table, the
    ways are left out, for they could not be walked.
    """
    lines = check_lines(dataset)
    is_sound = not any(problem.kind == "index" for problem in lines)
    problems = [
        *check_rows(dataset),
        *lines,
        *(check_ways(dataset) if is_sound else []),
    ]
    return sorted(problems, key=lambda p: (p.severity, p.kind, p.where, p.text))
