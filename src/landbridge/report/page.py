"""Text for a terminal: tables and wrapped lines at a given width, in colour or plain.

Drawn here and not with a library: a comparison must appear within a second of the program's start.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

NARROWEST = 76
"""Columns below which tables are no longer squeezed: figures are never cut."""
WIDE_FROM = 132
"""Columns from which the wide tables fit."""
LONG_TEXT = 40
"""A column of texts longer than this stands below its rows where a table is too wide."""
NOTE_INDENT = "    "
STYLES = {"bold": "1", "dim": "2", "red": "31", "best": "1;32"}
"""What each style is in the terminal's own codes."""


@dataclass(frozen=True, slots=True)
class Text:
    """A piece of text in one style; line breaks in it are kept."""

    plain: str
    style: str = ""


Cell = tuple[Text, ...]
"""What stands in one place of a table; each text begins a line of its own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """One column: the key of a row, its heading, and whether it holds figures."""

    key: str
    heading: str = ""
    is_figure: bool = False
    is_fixed: bool = field(default=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """Rows under a heading; the rows of `totals` stand under a rule of their own.

    `notes` are lines below each row, over the whole width.
    """

    columns: Sequence[Column]
    rows: Sequence[Sequence[Cell]]
    notes: Sequence[Sequence[str]] = ()
    totals: Sequence[Sequence[Cell]] = ()
    title: str = ""
    gap: int = 2


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
    def room(self) -> int:
        """Columns that may be filled."""
        return max(self.width, NARROWEST)

    def draw(self, *parts: str | Text | Table) -> str:
        """Return the parts as text, without blanks at line ends."""
        lines: list[str] = []
        for part in parts:
            if isinstance(part, Table):
                lines += self._table(part)
                continue
            text = Text(part) if isinstance(part, str) else part
            lines += [
                self._styled(line, text.style)
                for line in folded(self._letters(text.plain), self.room)
            ]
        return "".join(f"{line.rstrip()}\n" for line in lines)

    def _table(self, table: Table) -> list[str]:
        heads: list[Cell] = [
            (Text(self._letters(column.heading or column.key.replace("_", " ")), "bold"),)
            for column in table.columns
        ]
        rows, totals = self._lettered(table.rows), self._lettered(table.totals)
        texts = [
            ["\n".join(text.plain for text in cell) for cell in row]
            for row in [heads, *rows, *totals]
        ]
        widths = column_widths(texts, table.columns, room=self.room, gap=table.gap)
        rule = ("-" if self.is_ascii else "─") * (sum(widths) + table.gap * (len(widths) - 1))
        lines = [self._styled(self._letters(table.title), "bold")] if table.title else []
        lines += [*self._row(heads, widths, table), rule]
        for number, row in enumerate(rows):
            lines += self._row(row, widths, table)
            for note in table.notes[number] if table.notes else ():
                text = self._letters(f"{NOTE_INDENT}{note}")
                lines += [self._styled(line, "dim") for line in folded(text, self.room)]
        if totals:
            lines.append(rule)
            for row in totals:
                lines += self._row(row, widths, table)
        return lines

    def _lettered(self, rows: Sequence[Sequence[Cell]]) -> list[list[Cell]]:
        return [
            [tuple(Text(self._letters(text.plain), text.style) for text in cell) for cell in row]
            for row in rows
        ]

    def _row(self, row: Sequence[Cell], widths: Sequence[int], table: Table) -> list[str]:
        cells = [
            [(line, text.style) for text in cell for line in folded(text.plain, width)]
            for cell, width in zip(row, widths, strict=True)
        ]
        lines = []
        for number in range(max(map(len, cells))):
            parts = []
            for cell, width, column in zip(cells, widths, table.columns, strict=True):
                line, style = cell[number] if number < len(cell) else ("", "")
                blank = " " * (width - width_of(line))
                shown = self._styled(line, style)
                parts.append(blank + shown if column.is_figure else shown + blank)
            lines.append((" " * table.gap).join(parts))
        return lines

    def _styled(self, line: str, style: str) -> str:
        if not (self.is_colour and style and line.strip()):
            return line
        return f"\x1b[{STYLES[style]}m{line}\x1b[0m"

    def _letters(self, text: str) -> str:
        return ascii_text(text) if self.is_ascii else text


def folded(text: str, width: int) -> list[str]:
    """Return lines of at most `width` columns, broken between words where that can be.

    A continued line begins below the first word of its first line. Blanks at the end are kept,
    they are part of how figures line up.
    """
    lines: list[str] = []
    for line in text.split("\n"):
        if width_of(line) <= width:
            lines.append(line)
            continue
        indent = " " * (len(line) - len(line.lstrip(" ")))
        current = indent
        for word in line.split():
            rest = word
            joint = "" if current == indent else " "
            if width_of(current) + len(joint) + width_of(rest) > width and current != indent:
                lines.append(current)
                current, joint = indent, ""
            while width_of(current) + width_of(rest) > width and rest:
                head = _fitting(rest, width - width_of(current))
                lines.append(current + rest[:head])
                current, joint, rest = indent, "", rest[head:]
            current += joint + rest
        lines.append(current)
    return lines


def _fitting(word: str, width: int) -> int:
    """Return how many letters of a word fit the width, one at least."""
    count = 1
    while count < len(word) and width_of(word[: count + 1]) <= width:
        count += 1
    return count


def width_of(text: str) -> int:
    """Return how many columns of a terminal a line takes."""
    if text.isascii():
        return len(text)
    return sum(
        0
        if unicodedata.combining(letter) or unicodedata.category(letter) in {"Cf", "Mn", "Me"}
        else 2
        if unicodedata.east_asian_width(letter) in "WF"
        else 1
        for letter in text
    )


def ascii_text(text: str) -> str:
    """Return text with everything outside ASCII transliterated."""
    if text.isascii():
        return text
    from anyascii import anyascii

    return "".join(
        DRAWN.get(letter, anyascii(letter)) if letter > "\x7f" else letter for letter in text
    )


DRAWN = {"─": "-", "→": "->", "…": "...", "·": "-"}


def listing(rows: Sequence[Mapping[str, object]], columns: Sequence[Column], paper: Paper) -> str:
    """Return rows as a table; texts fold between words where they can, figures never do.

    Where the table is too wide, the columns of the longest texts go below their rows.
    """
    headings = {column.key: column.heading or column.key.replace("_", " ") for column in columns}
    widths = {
        column.key: max(
            width_of(headings[column.key]), *(width_of(_cell(row.get(column.key))) for row in rows)
        )
        for column in columns
    } if rows else {}  # fmt: skip
    beside, below = list(columns), []
    while sum(widths.get(column.key, 0) + 2 for column in beside) - 2 > paper.room:
        long = [
            column for column in beside
            if widths[column.key] > LONG_TEXT and not (column.is_figure or column.is_fixed)
        ]  # fmt: skip
        if not long:
            break
        widest = max(long, key=lambda column: widths[column.key])
        beside.remove(widest)
        below.append(widest)
    order = [column for column in columns if column in below]
    table = Table(
        columns=beside,
        rows=[[(Text(_cell(row.get(column.key))),) for column in beside] for row in rows],
        notes=[
            [
                f"{headings[column.key]}: {text}"
                for column in order
                if (text := _cell(row.get(column.key)))
            ]
            for row in rows
        ],
    )
    noun = "row" if len(rows) == 1 else "rows"
    return paper.draw(table, f"{len(rows)} {noun}")


def column_widths(
    texts: Sequence[Sequence[str]], columns: Sequence[Column], *, room: int, gap: int
) -> list[int]:
    """Return widths that fit the room: shrink long texts first, words only if they must be.

    Figures keep their width, their headings fold. The widest column gives way, one place at a
    time, as long as it is wider than its longest word; then the widest of them all does.
    """
    widths, words = [], []
    for number, column in enumerate(columns):
        of_column = [row[number] for row in texts]
        widths.append(max(width_of(line) for text in of_column for line in text.split("\n")))
        longest = max((width_of(word) for text in of_column for word in text.split()), default=1)
        if column.is_fixed:
            longest = widths[-1]
        elif column.is_figure:  # the heading may fold, the figures below it never
            figures = (width_of(line) for text in of_column[1:] for line in text.split("\n"))
            longest = max((longest, *figures))
        words.append(longest)
    room -= gap * (len(columns) - 1)
    while sum(widths) > room:
        able = [n for n in range(len(columns)) if widths[n] > words[n]] or [
            n for n in range(len(columns)) if not columns[n].is_figure and widths[n] > 1
        ]
        if not able:
            break
        # names and ids are broken last
        widest = max(able, key=lambda n: (widths[n] - 12 * columns[n].is_fixed, -n))
        widths[widest] -= 1
    return widths


def _cell(value: object) -> str:
    if value is None or value == "" or value != value:  # noqa: PLR0124 - NaN means unknown
        return ""
    if isinstance(value, float):
        return f"{value:,.0f}" if abs(value) >= 1e5 else f"{value:,.6g}"
    if isinstance(value, list | tuple):
        return ", ".join(_cell(item) for item in value)
    return str(value)
