"""The whole exception tree, on one screen.

LandbridgeError
├── SourceError          a raw file cannot be read as what it claims to be
├── DatasetError         rows break the schema or point nowhere        .problems
├── ParameterError       out of range, missing, no evidence            .problems
│   └── OverlayError     a user's own file of parameters has problems  .problems
├── ListError            a user's own list of places has problems      .problems
├── ScenarioError        unknown target, conflicting changes           .problems
├── RequestError         the question itself is malformed              also a ValueError
└── InvariantError       an impossible state was reached: our bug
"""

from __future__ import annotations


class LandbridgeError(Exception):
    """Base of all errors.

    `where` names file, line, column or field, `hint` the nearest right thing.
    """

    def __init__(self, message: str, *, where: str = "", hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.where = where
        self.hint = hint

    def __str__(self) -> str:
        where = f"{self.where}: " if self.where else ""
        hint = f" ({self.hint})" if self.hint else ""
        return f"{where}{self.message}{hint}"


class SourceError(LandbridgeError):
    """A raw file cannot be read as what it claims to be."""


class _ManyProblemsError(LandbridgeError):
    def __init__(
        self, message: str, *, problems: tuple[str, ...] = (), where: str = "", hint: str = ""
    ) -> None:
        super().__init__(message, where=where, hint=hint)
        self.problems = problems


class DatasetError(_ManyProblemsError):
    """Rows break the schema or point nowhere; `problems` lists all of them."""


class ParameterError(_ManyProblemsError):
    """A parameter is missing, out of range or has no evidence; `problems` lists all of them."""


class OverlayError(ParameterError):
    """A user's own file of parameters cannot be used; `problems` lists all of it with lines."""


class ListError(_ManyProblemsError, ValueError):
    """A user's own list of places cannot be used; `problems` lists all of it with lines."""


class ScenarioError(_ManyProblemsError):
    """A change names an unknown target or conflicts with another; `problems` lists all of it."""


class RequestError(LandbridgeError, ValueError):
    """The question itself is malformed or ambiguous."""


class InvariantError(LandbridgeError):
    """An impossible state was reached: our bug."""
