"""Text for a terminal: rich tables and wrapped lines at a given width, in colour or plain."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from rich import box
from rich.console import Console, RenderableType
from rich.table import Table
from rich.text import Text

ASCII_HEAD = box.Box("    \n    \n -- \n    \n    \n    \n    \n    \n", ascii=True)
"""A rule under the heading and nothing else, in ASCII."""
NARROWEST = 76
"""Columns below which tables are no longer squeezed: figures are never cut."""
WIDE_FROM = 132
"""Columns from which the wide tables fit."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Paper:
    """What a text is drawn on: columns, colour or plain, Unicode or ASCII lines."""

    width: int = 80
    is_colour: bool = False
    is_ascii: bool = False

    @property
    def is_wide(self) -> bool:
        """Whether the wide tables fit."""
        return self.width >= WIDE_FROM

    @property
    def gap(self) -> int:
        """Columns of blank between two columns of a table."""
        return 3 if self.is_wide else 2

    def draw(self, *parts: RenderableType) -> str:
        """Return the parts as text, without blanks at line ends."""
        console = Console(
            file=io.StringIO(),
            width=max(self.width, NARROWEST),
            force_terminal=self.is_colour,
            color_system="standard" if self.is_colour else None,
            no_color=not self.is_colour,
            legacy_windows=False,
            highlight=False,
            emoji=False,
            markup=False,
            soft_wrap=False,
            _environ={},
        )
        with console.capture() as capture:
            for part in parts:
                console.print(part)
        text = "".join(line.rstrip() + "\n" for line in capture.get().splitlines())
        return ascii_text(text) if self.is_ascii else text

    def table(self, *, title: str = "") -> Table:
        """Return an empty table in the house style."""
        return Table(
            title=Text(title) if title else None,
            title_justify="left",
            title_style="bold",
            box=ASCII_HEAD if self.is_ascii else box.SIMPLE_HEAD,
            safe_box=True,
            pad_edge=False,
            padding=(0, self.gap - 1, 0, 0),
            collapse_padding=True,
            show_edge=False,
            header_style="bold",
        )


def ascii_text(text: str) -> str:
    """Return text with everything outside ASCII transliterated."""
    if text.isascii():
        return text
    from anyascii import anyascii

    return "".join(
        DRAWN.get(letter, anyascii(letter)) if letter > "\x7f" else letter for letter in text
    )


DRAWN = {"─": "-", "━": "-", "│": "|", "╶": "-", "╴": "-", "→": "->", "…": "...", "·": "-"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """One column of a listing: the key of a row, its heading, and whether it holds figures."""

    key: str
    heading: str = ""
    is_figure: bool = False
    is_fixed: bool = field(default=False)


def listing(rows: Sequence[Mapping[str, object]], columns: Sequence[Column], paper: Paper) -> str:
    """Return rows as a table; texts fold between words where they can, figures never do."""
    cells = [[_cell(row.get(column.key)) for column in columns] for row in rows]
    headings = [column.heading or column.key.replace("_", " ") for column in columns]
    widths = column_widths([headings, *cells], columns, paper)
    table = paper.table()
    for column, heading, width in zip(columns, headings, widths, strict=True):
        table.add_column(
            Text(heading),
            justify="right" if column.is_figure else "left",
            overflow="fold",
            width=width,
        )
    for texts in cells:
        table.add_row(*(Text(text) for text in texts))
    noun = "row" if len(rows) == 1 else "rows"
    return paper.draw(table, Text(f"{len(rows)} {noun}"))


def column_widths(
    texts: Sequence[Sequence[str]], columns: Sequence[Column], paper: Paper
) -> list[int]:
    """Return widths that fit the paper: shrink long texts first, words only if they must be.

    Figures keep their width. The widest other column gives way, one place at a time, as long as it
    is wider than its longest word; then the widest of them all does.
    """
    widths, words = [], []
    for number, column in enumerate(columns):
        of_column = [row[number] for row in texts]
        widths.append(max(len(line) for text in of_column for line in text.split("\n")))
        longest = max((len(word) for text in of_column for word in text.split()), default=1)
        words.append(widths[-1] if column.is_figure or column.is_fixed else longest)
    room = max(paper.width, NARROWEST) - paper.gap * (len(columns) - 1)
    while sum(widths) > room:
        able = [n for n in range(len(columns)) if widths[n] > words[n]] or [
            n for n in range(len(columns)) if not columns[n].is_figure and widths[n] > 1
        ]
        if not able:
            break
        widest = max(able, key=lambda n: (widths[n], -n))
        widths[widest] -= 1
    return widths


def _cell(value: object) -> str:
    if value is None or value == "":
        return ""
    if isinstance(value, float):
        return f"{value:,.0f}" if abs(value) >= 1e5 else f"{value:,.6g}"
    if isinstance(value, list | tuple):
        return ", ".join(_cell(item) for item in value)
    return str(value)
