"""What may be: `screen` for saved plans and bare journeys, `lists` for public lists."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from landbridge.cli.journeys import today
from landbridge.cli.listings import write_rows
from landbridge.cli.output import Output, output_option
from landbridge.cli.progress import Progress

SCHEMA = "landbridge/screen/1"


@click.command()
@click.argument("file")
@click.option("--depart", metavar="YYYY-MM-DD", help="Judge by this day, not by the file's own.")
@click.option(
    "--jurisdiction",
    "jurisdictions",
    multiple=True,
    metavar="CODE",
    help="Judge by these measures, not by those the file asks for (repeatable).",
)
@click.option(
    "--format",
    "form",
    type=click.Choice(("table", "json")),
    help="Output.  [default: table for a plan, json for journeys]",
)
@output_option
def screen(
    file: str,
    depart: str | None,
    jurisdictions: tuple[str, ...],
    form: str | None,
    output_path: str | None,
) -> None:
    """Screen a saved plan or comparison, or a CSV of journeys.

    FILE is what --format json wrote, or a CSV with the columns id, origin_country,
    destination_country, goods, date, and any of via_countries, via_terminals, passages, modes,
    regions, attributes, jurisdiction (several values parted by "|"). A screen, not legal advice.
    """
    output = Output(output_path)
    from landbridge.compliance.measure import NOTICE
    from landbridge.compliance.rulebook import checked_codes, load_rulebook
    from landbridge.compliance.saved import read_saved
    from landbridge.compliance.screener import Screener
    from landbridge.report.ask import checked_date
    from landbridge.report.screening import screening_lines

    screener = Screener(load_rulebook())
    rulebook = screener.rulebook
    codes = checked_codes(jurisdictions, rulebook)
    with Progress() as progress:
        progress("screening")
        saved = read_saved(_path(file), rulebook, depart=checked_date(depart), codes=codes)
        found = [
            (item, screener.screening(item.journey, checked_codes(item.codes, rulebook), today()))
            for item in saved.journeys
        ]
    if form is None:
        form = "table" if saved.is_plan else "json"
    rows: list[dict[str, Any]] = []
    for item, screening in found:
        titles = {"title": item.title, "status": item.status} if saved.is_plan else {}
        rows.append({**screening.to_dict(), **titles})
    if form == "json":
        head = {"schema": SCHEMA, "rulebook": screener.digest, "notice": NOTICE}
        output.write_json({**head, "rows": rows})
        return
    from landbridge.report.page import Column, listing

    columns = [
        Column(key="id", is_fixed=True),
        *(Column(key=key) for key in ("verdict", "measures")),
    ]
    table = listing(
        [{**row, "measures": ", ".join(row["measures"])} for row in rows], columns, output.paper()
    )
    lines = screening_lines([screening for _, screening in found])
    output.write(table + output.paper().draw("", *lines))


@click.group()
def lists() -> None:
    """Import public lists of sanctioned parties, for the screen."""


@lists.command(name="import")
@click.argument("file")
@click.option(
    "--dated",
    metavar="YYYY-MM-DD",
    help="Day of the edition, where the file does not tell it.  [default: today]",
)
def import_(file: str, dated: str | None) -> None:
    """Read a list and keep it with date and digest.

    FILE is the OFAC SDN list (CSV, XML, advanced XML), the EU or UK list (CSV, XML), the UN list
    (XML) or OpenSanctions targets (simple CSV, entities JSON), as published. A list imported before
    is replaced.
    """
    from landbridge.compliance.lists.importer import import_list
    from landbridge.compliance.screener import lists_folder
    from landbridge.errors import DatasetError, RequestError
    from landbridge.report.ask import checked_date

    try:
        day = checked_date(dated) or today()
    except RequestError as error:
        raise RequestError(error.message, where="--dated", hint=error.hint) from None
    if day > today():
        raise RequestError(f"{day} lies ahead", where="--dated")
    folder = lists_folder()
    if folder is None:
        raise DatasetError("no folder can be written for lists", hint="set LANDBRIDGE_CACHE")
    with Progress() as progress:
        facts = import_list(_path(file), folder, day, progress)
    own = "its own date" if facts.is_own_date else "not told by the file"
    click.echo(
        f"{facts.key}: {facts.entries:,} entries, {facts.names:,} names, {facts.dated} ({own}), "
        f"digest {facts.digest}"
    )


@lists.command()
@click.option(
    "--format",
    "form",
    type=click.Choice(("table", "json", "csv")),
    default="table",
    show_default=True,
    help="Output.",
)
@output_option
def show(form: str, output_path: str | None) -> None:
    """Tell which lists are imported, of what day."""
    output = Output(output_path)
    from landbridge.compliance.lists.match import is_old
    from landbridge.compliance.rulebook import load_rulebook
    from landbridge.compliance.screener import Screener

    opened = Screener(load_rulebook()).lists
    rows = [
        {
            "id": facts.key, "publisher": facts.publisher, "title": facts.title,
            "jurisdiction": facts.jurisdiction, "dated": facts.dated.isoformat(),
            "is_old": is_old(facts, today()), "entries": facts.entries, "digest": facts.digest,
        }
        for facts in (opened.kept if opened is not None else ())
    ]  # fmt: skip
    if not rows and form == "table":
        output.write("No list is imported.\n")
        return
    write_rows(
        rows, name="lists", form=form, output=output, figures=("entries",),
        shown=("id", "publisher", "jurisdiction", "dated", "is_old", "entries"),
    )  # fmt: skip


@lists.command()
@click.argument("key")
def remove(key: str) -> None:
    """Forget an imported list (KEY as `lists show` tells it)."""
    from landbridge.compliance.lists.kept import SUFFIX
    from landbridge.compliance.screener import lists_folder
    from landbridge.errors import RequestError

    folder = lists_folder()
    known = sorted(path.stem for path in folder.glob(f"*{SUFFIX}")) if folder is not None else []
    if folder is None or key not in known:
        raise RequestError(
            f"no list '{key}' is imported", where="KEY", hint=", ".join(known) or "none is"
        )
    (folder / f"{key}{SUFFIX}").unlink()
    click.echo(f"{key} is forgotten")


def _path(file: str) -> Path:
    from landbridge.errors import RequestError

    if not file.strip() or "\0" in file:
        raise RequestError("no file name", where="FILE")
    return Path(file)
