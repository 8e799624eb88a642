"""The data that answers rest on: `places`, `corridors`, `passages`, `parameters`, `events`, ..."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar

import click

from landbridge.cli.journeys import load_case
from landbridge.cli.options import dataset_option, parameters_option
from landbridge.cli.output import Output, output_option
from landbridge.cli.progress import Progress

Command = TypeVar("Command", bound=Callable[..., Any])
Row = Mapping[str, object]
MATCHES_SHOWN = 10
_PLACE_COLUMNS = ("id", "name", "region", "country", "kind", "lat", "lon", "reason")


def form_options(command: Command) -> Command:
    """Add `--format` and `-o`."""
    form = click.option(
        "--format", "form", type=click.Choice(("table", "json", "csv")), default="table",
        show_default=True, help="Output.",
    )  # fmt: skip
    return form(output_option(command))


def write_rows(
    rows: Sequence[Row],
    *,
    name: str,
    form: str,
    output: Output,
    shown: Sequence[str],
    figures: Sequence[str] = (),
    about: Mapping[str, object] | None = None,
) -> None:
    """Write rows as a table of the `shown` columns, or all of them as JSON or CSV."""
    if form == "json":
        output.write_json({**(about or {}), name: [dict(row) for row in rows]})
    elif form == "csv":
        from landbridge.report.csvtable import rows_csv

        output.write(rows_csv(rows, list(rows[0]) if rows else list(shown)))
    else:
        from landbridge.report.page import Column, listing

        columns = [Column(key=key, is_figure=key in figures, is_fixed=key == "id") for key in shown]
        output.write(listing(rows, columns, output.paper()))


@click.command()
@click.argument("query")
@dataset_option
@form_options
def places(query: str, dataset: str | None, form: str, output_path: str | None) -> None:
    """Show what a name, code, id or "lat,lon" means."""
    output = Output(output_path)
    with Progress() as progress:
        matches = load_case(dataset, progress).gazetteer.search(query, MATCHES_SHOWN)
    rows = [
        {
            **match.place.to_dict(),
            "region": match.region,
            "score": match.score,
            "reason": match.reason,
        }
        for match in matches
    ]
    write_rows(
        rows, name="places", form=form, output=output, about={"query": query},
        shown=[key for key in _PLACE_COLUMNS if key != "region" or any(r[key] for r in rows)],
        figures=("lat", "lon"),
    )  # fmt: skip


@click.command()
@dataset_option
@form_options
def corridors(dataset: str | None, form: str, output_path: str | None) -> None:
    """List the corridors and their rules."""
    from dataclasses import asdict

    output = Output(output_path)
    with Progress() as progress:
        case = load_case(dataset, progress)
        from landbridge.report.ask import by_id

        known = by_id(case.dataset.corridors)
    rows = [asdict(known[key]) for key in sorted(known)]
    if form != "json":
        for row in rows:
            row["required"] = " > ".join("|".join(step) for step in row["required"])
            row["modes"] = " > ".join("|".join(step) or "any" for step in row["modes"])
    write_rows(
        rows, name="corridors", form=form, output=output,
        shown=("id", "title", "required", "forbidden", "note"),
    )  # fmt: skip


@click.command()
@dataset_option
@form_options
def passages(dataset: str | None, form: str, output_path: str | None) -> None:
    """List the named straits and canals."""
    from dataclasses import asdict

    output = Output(output_path)
    with Progress() as progress:
        case = load_case(dataset, progress)
        from landbridge.report.ask import by_id
        from landbridge.report.compare import nan_to_none

        known = by_id(case.dataset.passages)
    rows = [nan_to_none(asdict(known[key])) for key in sorted(known)]
    shown: tuple[str, ...] = ("id", "name", "length_km", "max_draught_m", "season_open",
                              "season_close", "status", "restriction", "evidence")  # fmt: skip
    if form == "table":
        rows = [
            {**row, "season": " to ".join(day for day in seasons if day), "km": row["length_km"],
             "draught_m": row["max_draught_m"]}
            for row in rows
            for seasons in [(row["season_open"], row["season_close"])]
        ]  # fmt: skip
        shown = ("id", "km", "draught_m", "season", "status", "restriction", "evidence")
    write_rows(
        rows, name="passages", form=form, output=output, shown=shown, figures=("km", "draught_m"),
    )  # fmt: skip


@click.command()
@click.argument("pattern", required=False)
@click.option("--mode", metavar="M", help="Only those of rail, road, sea, terminal, border, ...")
@click.option("--country", metavar="CC", help="Only those of this country (ISO code).")
@click.option("--key", metavar="KEY", help="Only those of this place, crossing, pair, group, ...")
@click.option(
    "--quality",
    type=click.Choice(("published", "estimated", "assumed")),
    help="Only those of this quality.",
)
@click.option("--source", "evidence", metavar="ID", help="Only those that cite this evidence.")
@click.option("--unit", metavar="U", help="Only those in this unit (USD/km, h, ...).")
@parameters_option
@form_options
def parameters(
    pattern: str | None,
    mode: str | None,
    country: str | None,
    key: str | None,
    quality: str | None,
    evidence: str | None,
    unit: str | None,
    parameters: str | None,
    form: str,
    output_path: str | None,
) -> None:
    """List the coefficients, each with evidence.

    PATTERN is a part of the name, or has * and ? in it: dwell, "sea.rate.*".
    """
    from landbridge.parameters import load_defaults
    from landbridge.parameters.select import as_row, select

    output = Output(output_path)
    chosen = load_defaults()
    if parameters is not None:
        from landbridge.cli.journeys import parameter_file
        from landbridge.parameters.overlay import read_overlay

        chosen = chosen.overlaid(read_overlay(parameter_file(parameters), chosen))
    rows = select(
        chosen, pattern=pattern, mode=mode, country=country, key=key, quality=quality,
        evidence=evidence, unit=unit,
    )  # fmt: skip
    write_rows(
        [as_row(row) for row in rows],
        name="parameters", form=form, output=output,
        shown=("name", "key", "low", "central", "high", "unit", "quality", "evidence"),
        figures=("low", "central", "high"),
    )  # fmt: skip


@click.command()
@click.option("--kind", metavar="KIND", help="disruption, link_opened, sanction, service, ...")
@click.option("--effect", metavar="EFFECT", help="opens, closes, diverts, restricts, ...")
@click.option("--about", metavar="ID", help="Only those about this id or country, or that name it.")
@click.option("--on", metavar="YYYY-MM-DD", help="Only those that hold on this day.")
@dataset_option
@form_options
def events(
    kind: str | None,
    effect: str | None,
    about: str | None,
    on: str | None,
    dataset: str | None,
    form: str,
    output_path: str | None,
) -> None:
    """List the dated facts: what opened, closed or was avoided, from when to when."""
    output = Output(output_path)
    with Progress() as progress:
        case = load_case(dataset, progress)
        from landbridge.report.dates import chosen_facts

        facts = chosen_facts(case.dataset, kind=kind, effect=effect, about=about, on=on)
    rows = [fact.to_dict() for fact in facts]
    shown: tuple[str, ...] = tuple(rows[0]) if rows else ("id",)
    if form == "table":
        rows = [{**row, "what": row["text"], "source": fact.cited}
                for row, fact in zip(rows, facts, strict=True)]  # fmt: skip
        shown = ("id", "from", "to", "effect", "subjects", "what", "source")
    write_rows(rows, name="events", form=form, output=output, shown=shown)


@click.command()
@dataset_option
@form_options
def sources(dataset: str | None, form: str, output_path: str | None) -> None:
    """List the sources of network and figures."""
    from dataclasses import asdict

    from landbridge.evidence import sources as figure_sources

    output = Output(output_path)
    from landbridge.dataset.info import dataset_sources

    with Progress() as progress:
        load_case(dataset, progress)
    network = dataset_sources()
    figures = figure_sources()
    rows = [asdict(figures[key]) for key in sorted(figures)]
    if form == "json":
        output.write_json({"network": network, "figures": rows})
        return
    if form == "table" and network:
        write_rows(
            network, name="network", form=form, output=output,
            shown=("id", "part", "title", "publisher", "licence", "attribution"),
        )  # fmt: skip
    write_rows(
        rows, name="figures", form=form, output=output,
        shown=("id", "item", "value", "unit", "year", "publisher", "source_kind", "trust"),
    )  # fmt: skip
