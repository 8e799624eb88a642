"""What if: `scenario list`, `scenario diff`, `scenario sweep`, `scenario critical`."""

from __future__ import annotations

import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from landbridge.cli.journeys import load_case, today
from landbridge.cli.listings import form_options, write_rows
from landbridge.cli.options import cargo_options
from landbridge.cli.output import Output, output_option
from landbridge.cli.progress import Progress

if TYPE_CHECKING:
    from collections.abc import Sequence
    from types import TracebackType

    from landbridge.scenarios.scenario import Scenario

scenario_option = click.option(
    "--scenario", "scenarios", multiple=True, metavar="NAME|FILE",
    help="A bundled scenario or your own file (repeatable).",
)  # fmt: skip


@click.group()
def scenario() -> None:
    """Ask what if: what changes when a passage shuts, a railway opens, a toll rises."""


@scenario.command("list")
@form_options
def list_scenarios(form: str, output_path: str | None) -> None:
    """List the bundled scenarios, what each changes, and its sources."""
    output = Output(output_path)
    from landbridge.scenarios.load import bundled, bundled_names
    from landbridge.scenarios.words import do_of

    found = [bundled(name) for name in bundled_names()]
    rows = [
        {
            "name": one.name,
            "title": one.title,
            "changes": list(dict.fromkeys(do_of(change) for change in one.in_order)),
            "note": one.note,
            "sources": list(one.sources),
        }
        for one in found
    ]
    write_rows(
        rows, name="scenarios", form=form, output=output,
        shown=("name", "title", "changes", "sources"),
    )  # fmt: skip


@scenario.command()
@click.argument("origin")
@click.argument("destination")
@scenario_option
@cargo_options
@click.option(
    "--corridor",
    "corridors",
    multiple=True,
    metavar="ID",
    help="Only these corridors (repeatable).",
)
@click.option(
    "--seed", type=int, default=0, show_default=True, metavar="S", help="Luck of the draws."
)
@form_options
def diff(
    *,
    origin: str,
    destination: str,
    scenarios: tuple[str, ...],
    parameters: str | None,
    dataset: str | None,
    form: str,
    output_path: str | None,
    **asked: Any,  # noqa: ANN401 - handed on as typed
) -> None:
    """Set a comparison beside the same with scenarios: what changes per corridor, and why."""
    output = Output(output_path)
    chosen = _found(scenarios)
    with Progress() as progress:
        case = load_case(dataset, progress, parameters)
        from landbridge.report.difference import difference, difference_table
        from landbridge.report.whatif import WhatIf

        found = difference(
            WhatIf(case), origin, destination, scenarios=chosen, asked_on=today(), **asked
        )
    if form == "json":
        output.write_json(found.to_dict())
    elif form == "csv":
        output.write(found.to_csv())
    else:
        output.write(difference_table(found, output.paper()))


@scenario.command()
@click.argument("pairs", metavar="PAIRS.csv")
@scenario_option
@cargo_options
@click.option(
    "--threads",
    type=click.IntRange(min=1),
    metavar="N",
    help="Searches side by side.  [default: all processors]",
)
@click.option(
    "--format",
    "form",
    type=click.Choice(("csv", "parquet")),
    default="csv",
    show_default=True,
    help="Output; Parquet needs the extra 'geo'.",
)
@output_option
def sweep(
    *,
    pairs: str,
    scenarios: tuple[str, ...],
    parameters: str | None,
    dataset: str | None,
    threads: int | None,
    form: str,
    output_path: str | None,
    **asked: Any,  # noqa: ANN401 - handed on as typed
) -> None:
    """Answer many pairs under many scenarios, each by itself, and without any.

    PAIRS.csv has the columns origin and destination. Without --scenario, all bundled ones. The
    best way without a corridor rule is taken, and its expected values. Finished cells are kept in
    FILE.cells until the table is whole: a run that was broken off goes on where it stopped.
    """
    if output_path is None:
        raise click.UsageError("a sweep writes a file: name it with -o")
    output = Output(output_path)
    from landbridge.scenarios.load import bundled_names

    chosen = _found(scenarios or bundled_names())
    with Bar() as bar:
        from landbridge.report import sweep as many
        from landbridge.report.matrix import _threads_allowed, check_parquet
        from landbridge.report.pairs import read_pairs
        from landbridge.report.whatif import WhatIf

        if form == "parquet":
            check_parquet()
        what_if = WhatIf(load_case(dataset, bar, parameters))
        rows = read_pairs(
            _file(pairs), what_if.base.case, country_at=what_if.base.geography.country_at
        )
        job = many.make_sweep(what_if, rows, chosen, **asked)
        store = many.Store(Path(output_path + many.SUFFIX), job.digest)
        is_done = False
        try:
            cells = many.run(job, store, n_threads=threads or _threads_allowed(), progress=bar)
            if form == "csv":
                output.write(many.to_csv(job, cells))
            else:
                output.write_picture(many.to_parquet(job, cells))
            is_done = True
        finally:
            store.close(is_done=is_done)


@scenario.command()
@click.argument("origin", metavar="ORIGIN|PAIRS.csv")
@click.argument("destination", required=False)
@scenario_option
@cargo_options
@form_options
def critical(
    *,
    origin: str,
    destination: str | None,
    scenarios: tuple[str, ...],
    parameters: str | None,
    dataset: str | None,
    form: str,
    output_path: str | None,
    **asked: Any,  # noqa: ANN401 - handed on as typed
) -> None:
    """Rank passages, crossings and terminals of the best way by what their loss costs.

    For one pair, or for a table of pairs (CSV with the columns origin, destination and maybe
    weight).
    """
    output = Output(output_path)
    with Progress() as progress:
        case = load_case(dataset, progress, parameters, scenarios)
        from landbridge.planning.plan import Planner
        from landbridge.report.critical import critical as rank
        from landbridge.report.critical import critical_table

        planner = Planner(case)
        if destination is None:
            from landbridge.report.pairs import read_pairs

            table = read_pairs(_file(origin), case, country_at=planner.geography.country_at)
            pairs = [(row.start, row.end, row.weight) for row in table]
        else:
            pairs = [(origin, destination, 1.0)]  # type: ignore[list-item]
        found = rank(planner, pairs, progress=progress, via=(), **asked)
    if form == "json":
        output.write_json(found.to_dict())
    elif form == "csv":
        output.write(found.to_csv())
    else:
        output.write(critical_table(found, output.paper()))


class Bar(Progress):
    """Progress in one line of a terminal that is written over; elsewhere, a line now and then."""

    EVERY_S = 10.0

    def __init__(self) -> None:
        super().__init__()
        self._is_terminal = sys.stderr.isatty()
        self._told_s = 0.0

    def __call__(self, text: str) -> None:
        """Say what is being done."""
        if not text.startswith("["):
            super().__call__(text)
            return
        now_s = time.monotonic()
        if self._is_terminal:
            sys.stderr.write(f"\r{text}")
            sys.stderr.flush()
        elif now_s - self._told_s >= self.EVERY_S:
            self._told_s = now_s
            super().__call__(text)

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Stop the clock, and end the line."""
        super().__exit__(kind, error, trace)
        if self._is_terminal:
            sys.stderr.write("\n")


def _found(names: Sequence[str]) -> list[Scenario]:
    """Return the scenarios that names and files mean; refuse none at all."""
    from landbridge.scenarios.load import bundled_names, find

    if not names:
        raise click.UsageError(
            f"name a scenario with --scenario: {', '.join(bundled_names())}, or a file"
        )
    return [find(name) for name in names]


def _file(name: str) -> Path:
    """Return the path of a table of pairs; refuse one that is not there."""
    from landbridge.errors import RequestError

    path = None if "\0" in name or not name.strip() else Path(name)
    if path is None or not path.is_file():
        raise RequestError(f"no file '{name}'", where="PAIRS.csv")
    return path


__all__ = ["scenario"]
