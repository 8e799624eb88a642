"""Lists in CSV and JSON lines: OFAC SDN, EU, UK, OpenSanctions targets."""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

from landbridge.compliance.lists.entry import (
    EU,
    EU_JOURNAL,
    OFAC,
    OFAC_CONS,
    OPEN,
    UK,
    Entry,
    ReadList,
    clean_names,
    day_of,
    imo_numbers,
)
from landbridge.errors import SourceError

LARGEST_CELL = 4_000_000
LONGEST_LINE = 16_000_000
SDN_COLUMNS = 12
NOTHING = "-0-"
SHIP_REMARK = re.compile(r"IMO\s*(\d{7})")
BRACKETED = re.compile(r"\[([^\]]+)\]")
EU_PARTS = ("NameAlias_FirstName", "NameAlias_MiddleName", "NameAlias_LastName")
UK_PARTS = ("Name 1", "Name 2", "Name 3", "Name 4", "Name 5", "Name 6")


@contextmanager
def opened(path: Path, encoding: str) -> Iterator[TextIO]:
    """Open a text with cells of up to `LARGEST_CELL` characters; errors name file and line."""
    before = csv.field_size_limit(LARGEST_CELL)
    try:
        with path.open(encoding=encoding, newline="") as lines:
            yield lines
    finally:
        csv.field_size_limit(before)


def read_text(path: Path, encoding: str) -> ReadList:
    """Return the list in a CSV or JSON-lines file, known by its header.

    Raises
    ------
    SourceError
        If the header is that of no known list; later, if a row breaks off or breaks a limit.
    """
    with path.open(encoding=encoding, newline="") as lines:
        first = lines.readline(65_536).strip()
        second = lines.readline(65_536).strip()
    if first.startswith("{"):
        return ReadList(kind=OPEN, dated=None, entries=_ftm(path, encoding))
    if "Entity_LogicalId" in first and ";" in first:
        dated = day_of(second.split(";")[0].strip('"'))
        return ReadList(kind=EU, dated=dated, entries=_eu(path, encoding))
    if first.lower().startswith(("report date", '"report date')) or "Name 6" in first:
        dated = day_of(first.partition(":")[2].strip(' ",')) if ":" in first else None
        return ReadList(kind=UK, dated=dated, entries=_uk(path, encoding))
    header = [cell.strip().strip('"') for cell in first.split(",")]
    if {"id", "schema", "name", "aliases"} <= set(header):
        return ReadList(kind=OPEN, dated=None, entries=_open(path, encoding))
    if {"recordId", "schema", "name"} <= set(header):
        return ReadList(kind=EU_JOURNAL, dated=None, entries=_journal(path, encoding))
    row = next(csv.reader([first]), [])
    if len(row) == SDN_COLUMNS and row[0].strip().isdigit():
        is_sdn = not path.stem.lower().startswith("cons")
        kind = OFAC if is_sdn else OFAC_CONS
        return ReadList(kind=kind, dated=None, entries=_ofac(path, encoding))
    raise SourceError(
        "no list known here: neither OFAC SDN, EU, UK, UN nor OpenSanctions",
        where=str(path),
        hint="its first line reads " + repr(first[:60]),
    )


def _rows(
    path: Path, encoding: str, *, delimiter: str = ",", skip: int = 0
) -> Iterator[Mapping[str, str]]:
    with opened(path, encoding) as lines:
        for _ in range(skip):
            lines.readline()
        reader = csv.DictReader(lines, delimiter=delimiter, restval="")
        try:
            reader.fieldnames = [name.strip() for name in reader.fieldnames or ()]
            yield from reader
        except csv.Error as error:
            raise SourceError(str(error), where=f"{path}, line {reader.line_num}") from None


def _cells(path: Path, encoding: str) -> Iterator[list[str]]:
    with opened(path, encoding) as lines:
        reader = csv.reader(lines)
        try:
            for row in reader:
                yield ["" if cell.strip() == NOTHING else cell.strip() for cell in row]
        except csv.Error as error:
            raise SourceError(str(error), where=f"{path}, line {reader.line_num}") from None


def _ofac(path: Path, encoding: str) -> Iterator[Entry]:
    """Return parties of SDN.CSV, with the names of ALT.CSV where it lies beside."""
    others = _ofac_aliases(path)
    for line, row in enumerate(_cells(path, encoding), start=1):
        if len(row) < SDN_COLUMNS:
            if "".join(row).strip("\x1a ") == "":
                continue
            raise SourceError(
                f"{len(row)} columns in place of {SDN_COLUMNS}", where=f"{path}, line {line}"
            )
        number, name, kind, programme, remarks = row[0], row[1], row[2], row[3], row[11]
        kind = kind.lower() or "entity"
        if kind == "individual":
            name = " ".join(reversed(name.split(",", 1)))
        inside = BRACKETED.findall(programme) or ([programme] if programme else [])
        yield Entry(
            id=number,
            kind=kind,
            names=clean_names(name, *others.get(number, ())),
            programme="; ".join(inside),
            imo=imo_numbers(" ".join(SHIP_REMARK.findall(remarks))),
        )


def _ofac_aliases(path: Path) -> dict[str, list[str]]:
    beside = {"sdn": "alt", "cons_prim": "cons_alt"}.get(path.stem.lower())
    if beside is None:
        return {}
    names: dict[str, list[str]] = {}
    for other in sorted(path.parent.iterdir()):
        if other.stem.lower() == beside and other.suffix.lower() == path.suffix.lower():
            for row in _cells(other, "utf-8" if _is_utf8(other) else "cp1252"):
                if len(row) > SDN_COLUMNS // 4:
                    names.setdefault(row[0], []).append(row[3])
    return names


def _is_utf8(path: Path) -> bool:
    try:
        path.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _eu(path: Path, encoding: str) -> Iterator[Entry]:
    held: list[Mapping[str, str]] = []
    for row in _rows(path, encoding, delimiter=";"):
        if held and row["Entity_LogicalId"] != held[0]["Entity_LogicalId"]:
            yield _eu_entry(held)
            held = []
        held.append(row)
    if held:
        yield _eu_entry(held)


def _eu_entry(rows: list[Mapping[str, str]]) -> Entry:
    first = rows[0]
    names = [
        row.get("NameAlias_WholeName") or " ".join(row.get(part, "") for part in EU_PARTS)
        for row in rows
    ]
    person = first.get("Entity_SubjectType", "").upper() in {"P", "PERSON"}
    return Entry(
        id=first.get("Entity_EU_ReferenceNumber") or first["Entity_LogicalId"],
        kind="individual" if person else "entity",
        names=clean_names(*names),
        programme=first.get("Entity_Regulation_Programme", ""),
        since=first.get("Entity_DesignationDate", ""),
    )


def _uk(path: Path, encoding: str) -> Iterator[Entry]:
    with path.open(encoding=encoding, newline="") as lines:
        skip = 0 if "Name 6" in lines.readline(65_536) else 1
    held: list[Mapping[str, str]] = []
    for row in _rows(path, encoding, skip=skip):
        if "Unique ID" not in row:
            raise SourceError("no column 'Unique ID'", where=str(path))
        if held and row["Unique ID"] != held[0]["Unique ID"]:
            yield _uk_entry(held)
            held = []
        held.append(row)
    if held:
        yield _uk_entry(held)


def _uk_entry(rows: list[Mapping[str, str]]) -> Entry:
    first = rows[0]
    names = []
    for row in rows:
        names.append(" ".join(row.get(part, "") for part in UK_PARTS))
        names.append(row.get("Name non-latin script", ""))
    kind = first.get("Designation Type", "").lower()
    day = day_of(first.get("Date Designated", ""))
    numbers = " ".join(row.get("IMO number", "").replace("IMO", " ") for row in rows)
    return Entry(
        id=first["Unique ID"],
        kind={"ship": "vessel", "": "entity"}.get(kind, kind),
        names=clean_names(*names),
        programme=first.get("Regime Name", ""),
        imo=imo_numbers(numbers),
        since=day.isoformat() if day else "",
    )


def _open(path: Path, encoding: str) -> Iterator[Entry]:
    for row in _rows(path, encoding):
        kind = _schema(row["schema"])
        numbers = row.get("identifiers", "").replace("IMO", " ") if kind == "vessel" else ""
        yield Entry(
            id=row["id"],
            kind=kind,
            names=clean_names(row["name"], *next(csv.reader([row["aliases"]], delimiter=";"), [])),
            programme=row.get("program_ids") or row.get("dataset", ""),
            imo=imo_numbers(numbers),
            since=row.get("first_seen", "")[:10],
        )


def _journal(path: Path, encoding: str) -> Iterator[Entry]:
    for row in _rows(path, encoding):
        others = f"{row.get('alias', '')};{row.get('previousName', '')}".split(";")
        yield Entry(
            id=row["recordId"],
            kind=_schema(row["schema"]),
            names=clean_names(row["name"], *others),
            programme=" ".join((row.get("programKey", ""), row.get("annex", ""))).strip(),
            imo=imo_numbers(row.get("imoNumber", "")),
            since=day.isoformat() if (day := day_of(row.get("startDate", ""))) else "",
        )


def _ftm(path: Path, encoding: str) -> Iterator[Entry]:
    with path.open(encoding=encoding) as lines:
        line = 0
        while text := lines.readline(LONGEST_LINE):
            line += 1
            try:
                row = json.loads(text)
                properties = row["properties"]
                if not row.get("target", True) or "name" not in properties:
                    continue
                names = [
                    str(name)
                    for key in ("name", "alias", "weakAlias", "previousName")
                    for name in properties.get(key, ())
                ]
                yield Entry(
                    id=str(row["id"]),
                    kind=_schema(str(row["schema"])),
                    names=clean_names(*names),
                    programme="; ".join(map(str, properties.get("programId", ()))),
                    imo=imo_numbers(" ".join(map(str, properties.get("imoNumber", ())))),
                    since=str(row.get("first_seen", ""))[:10],
                )
            except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
                raise SourceError(
                    "no entity of OpenSanctions", where=f"{path}, line {line}"
                ) from None


def _schema(name: str) -> str:
    return {"Person": "individual", "Vessel": "vessel", "Airplane": "aircraft"}.get(name, "entity")
