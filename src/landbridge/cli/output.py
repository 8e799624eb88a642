"""Answers to stdout or a file: whole or not at all."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from landbridge.errors import RequestError

if TYPE_CHECKING:
    from landbridge.report.page import Paper

Command = TypeVar("Command", bound=Callable[..., Any])
FILE_WIDTH = 140
"""Columns of a table written to a file."""
UNICODE_SAMPLE = "→─·ț"
"""What an output must be able to write, else tables are in ASCII."""


class Output:
    """Where an answer goes: stdout, or a file that is checked before any work is done."""

    def __init__(self, path: str | None) -> None:
        self._path = None if path is None else _checked(path)

    def paper(self) -> Paper:
        """Return what tables are drawn on here."""
        from landbridge.report.page import Paper

        if self._path is not None:
            return Paper(width=FILE_WIDTH)
        is_terminal = sys.stdout.isatty()
        return Paper(
            width=shutil.get_terminal_size((80, 24)).columns,
            is_colour=is_terminal
            and not os.environ.get("NO_COLOR")
            and os.environ.get("TERM") != "dumb",
            is_ascii=not _can_write(UNICODE_SAMPLE),
        )

    def write(self, text: str) -> None:
        """Write the whole answer; a file appears only when it is complete."""
        if self._path is None:
            _write_stdout(text)
        else:
            _write_aside(self._path, text)

    def write_html(self, text: str) -> None:
        """Write a document; letters that stdout cannot write become character references."""
        if self._path is None:
            encoding = sys.stdout.encoding or "utf-8"
            text = text.encode(encoding, "xmlcharrefreplace").decode(encoding)
        self.write(text)

    def write_picture(self, picture: str | bytes) -> None:
        """Write SVG text or PNG; the latter goes to a file only."""
        if isinstance(picture, str):
            self.write(picture)
        elif self._path is not None:
            _write_aside(self._path, picture)

    def write_json(self, value: object) -> None:
        """Write a JSON value, in ASCII where stdout can write nothing else."""
        import json

        is_ascii = self._path is None and not _can_write(UNICODE_SAMPLE)
        self.write(json.dumps(value, indent=2, ensure_ascii=is_ascii, allow_nan=False) + "\n")


def _can_write(text: str) -> bool:
    try:
        text.encode(sys.stdout.encoding or "ascii")
    except UnicodeEncodeError:
        return False
    return True


def _write_stdout(text: str) -> None:
    encoding = sys.stdout.encoding or "utf-8"
    safe = text.encode(encoding, "backslashreplace").decode(encoding)
    try:
        sys.stdout.write(safe)
        sys.stdout.flush()
    except BrokenPipeError:
        raise
    except OSError as error:
        raise RequestError(f"cannot write: {error.strerror}", where="stdout") from None


def _checked(path: str) -> Path:
    """Return the path if a file can be written there; refuse it in one line if not."""
    if not path.strip() or "\0" in path:
        raise RequestError("no file name", where="-o")
    target = Path(path)
    try:
        if target.is_dir():
            raise RequestError(f"'{path}' is a folder", where="-o", hint="name a file in it")
        folder = target.parent
        if not folder.is_dir():
            raise RequestError(f"no folder '{folder}'", where="-o", hint="make it first")
        is_writable = os.access(target if target.exists() else folder, os.W_OK)
    except OSError as error:
        raise RequestError(f"'{path}': {error.strerror}", where="-o") from None
    is_special = target.exists() and not target.is_file()
    if not is_writable or not (is_special or os.access(target.resolve().parent, os.W_OK)):
        raise RequestError(f"no permission to write '{path}'", where="-o")
    return target


def _write_aside(target: Path, content: str | bytes) -> None:
    """Write beside the target, then move it there: the target is whole or as it was.

    A symbolic link is followed; a device or a pipe, which nothing may take the place of, is
    written to as it is.
    """
    data = content if isinstance(content, bytes) else content.encode("utf-8", "backslashreplace")
    if target.exists() and not target.is_file():
        try:
            with target.open("wb") as file:
                file.write(data)
        except BrokenPipeError:
            raise
        except OSError as error:
            raise RequestError(f"cannot write '{target}': {error.strerror}", where="-o") from None
        return
    target = target.resolve()
    aside = target.with_name(f".landbridge-{os.getpid()}.part")
    try:
        aside.write_bytes(data)
        aside.replace(target)
    except OSError as error:
        raise RequestError(f"cannot write '{target}': {error.strerror}", where="-o") from None
    finally:
        with suppress(OSError):
            aside.unlink(missing_ok=True)


def output_option(function: Command) -> Command:
    """Add `-o FILE`."""
    return click.option(
        "-o", "--output", "output_path", metavar="FILE", help="Write to FILE, whole or not at all."
    )(function)
