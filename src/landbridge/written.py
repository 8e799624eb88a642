"""Files that people write by hand, in JSON or YAML: what they hold and on which line it stands."""

from __future__ import annotations

import json
import re
from typing import Any


class WrittenError(ValueError):
    """A text that is neither JSON nor YAML; `line` says where, `what` why."""

    def __init__(self, line: int, what: str) -> None:
        super().__init__(what)
        self.line = line
        self.what = what


def read_json(text: str) -> tuple[Any, tuple[str, ...]]:
    """Return what a text of JSON holds, and the names that stand twice in one of its objects.

    Raises
    ------
    WrittenError
        If it is not JSON.
    """
    doubles: list[str] = []

    def once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        names = [name for name, _ in pairs]
        doubles.extend(name for name in dict.fromkeys(names) if names.count(name) > 1)
        return dict(pairs)

    try:
        content = json.loads(text, object_pairs_hook=once)
    except json.JSONDecodeError as error:
        raise WrittenError(error.lineno, f"not JSON: {error.msg}") from None
    return content, tuple(dict.fromkeys(doubles))


def yaml_fault(error: Exception) -> WrittenError:
    """Return an error of PyYAML with the line on which it stumbled."""
    mark = getattr(error, "problem_mark", None)
    what = getattr(error, "problem", None) or "cannot be read"
    return WrittenError(mark.line + 1 if mark is not None else 1, f"not YAML: {what}")


def key_at(text: str, name: str, start: int = 0) -> int:
    """Return where a name stands as a key of JSON, at or behind `start`; `start` if nowhere."""
    for written in (json.dumps(name, ensure_ascii=False), json.dumps(name)):
        found = re.compile(re.escape(written) + r"\s*:").search(text, start)
        if found:
            return found.start()
    return start


def line_at(text: str, position: int) -> int:
    """Return the line, counted from 1, of a position in a text."""
    return text.count("\n", 0, position) + 1
