"""Many to many: `matrix`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from landbridge.cli.journeys import load_case
from landbridge.cli.options import cargo_options, via_option
from landbridge.cli.output import Output, output_option
from landbridge.cli.progress import Progress

FORMATS = ("csv", "npy", "parquet")


@click.command(
    epilog="The lists are CSV with a header: a column 'place' (a name, UN/LOCODE, id or "
    "\"lat,lon\"), or 'lat' and 'lon'; and 'id', if rows go by another name."
)
@click.argument("origins", metavar="ORIGINS.csv")
@click.argument("destinations", metavar="[DESTINATIONS.csv]", required=False)
@cargo_options
@via_option
@click.option(
    "--threads",
    type=click.IntRange(min=1),
    metavar="N",
    help="Searches side by side.  [default: all processors]",
)
@click.option(
    "--legs", "legs_path", metavar="FILE", help="Also write the legs of all ways, as CSV."
)
@click.option(
    "--format",
    "form",
    type=click.Choice(FORMATS),
    default="csv",
    show_default=True,
    help="Output; npy and parquet need -o.",
)
@output_option
def matrix(
    *,
    origins: str,
    destinations: str | None,
    form: str,
    output_path: str | None,
    legs_path: str | None,
    dataset: str | None,
    parameters: str | None,
    **asked: Any,  # noqa: ANN401 - handed on as typed
) -> None:
    """Set expected lead time, cost, CO2e and distance of many pairs out in rows.

    Every place of ORIGINS to every place of DESTINATIONS, or to every other of ORIGINS. Each pair
    gets what `plan` expects of it with no corridor. Pairs are not screened: `plan` does that.
    """
    output = Output(output_path)
    legs_output = None if legs_path is None else Output(legs_path)
    if form != "csv" and output_path is None:
        raise click.UsageError(f"--format {form} writes no text: name a file with -o")
    with Progress() as progress:
        from landbridge.report import matrix as many

        if form == "parquet":
            many.check_parquet()
        starts = many.read_places(_file(origins), where="ORIGINS")
        ends = None
        if destinations is not None:
            ends = many.read_places(_file(destinations), where="DESTINATIONS")
        case = load_case(dataset, progress, parameters)
        found = many.matrix(
            starts, ends, with_legs=legs_path is not None, progress=progress, case=case, **asked
        )
        legs = found.legs_csv() if legs_output is not None else ""
    if form == "csv":
        output.write(found.to_csv())
    else:
        output.write_picture(found.to_npy() if form == "npy" else found.to_parquet())
    if legs_output is not None:
        legs_output.write(legs)
    click.echo(many.NOTICE, err=True)


def _file(name: str) -> Path:
    """Return the path of a list; refuse one that is not there."""
    from landbridge.errors import RequestError

    path = None if "\0" in name or not name.strip() else Path(name)
    if path is None or not path.is_file():
        raise RequestError(f"no file '{name}'", where="matrix")
    return path
