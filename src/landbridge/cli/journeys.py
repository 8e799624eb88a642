"""The main job: `compare` and `plan`."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from landbridge.cli.options import cargo_options, via_option
from landbridge.cli.output import Output, output_option
from landbridge.cli.progress import Progress

if TYPE_CHECKING:
    from landbridge.scenarios.case import Case

Command = TypeVar("Command", bound=Callable[..., Any])
FORMATS = ("table", "json", "csv", "geojson", "html")
WITH_SHAPES = ("geojson", "html")
"""Forms that draw the ways."""
CHARTS = ("tcd", "tornado")
EXPLAINED = ("table", "json")
"""Forms in which figures can be explained."""

PLACE_HELP = """ORIGIN and DESTINATION are names in any script ("Mumbai", "Astara, IR"),
    UN/LOCODEs (INNSA), ids of terminals or crossings, or "lat,lon"."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """The options that `compare` and `plan` share, as typed."""

    origin: str
    destination: str
    unit: str
    units: int
    tonnes: float | None
    value_usd: float | None
    goods: str
    depart: str | None
    modes: tuple[str, ...]
    via: tuple[str, ...]
    avoid: tuple[str, ...]
    scope: str
    objective: str
    corridors: tuple[str, ...]
    jurisdictions: tuple[str, ...]
    operator: str
    flag: str
    vessel: str
    scenarios: tuple[str, ...]
    samples: int
    seed: int
    deadline: str | None


def question_options(command: Command) -> Command:
    """Add the arguments and options of a question."""
    for decorate in reversed(
        (
            click.argument("origin"),
            click.argument("destination"),
            cargo_options,
            via_option,
            click.option("--corridor", "corridors", multiple=True, metavar="ID",
                         help="Only these corridors (repeatable)."),
            click.option("--jurisdiction", "jurisdictions", multiple=True, metavar="CODE",
                         help="Whose measures decide the status: us, eu, uk, un, ... "
                         "(repeatable).  [default: all, as warnings]"),
            click.option("--operator", default="", metavar="NAME",
                         help="Who carries: for the screen."),
            click.option("--flag", default="", metavar="CC",
                         help="Under which flag (without water: where trucks are registered): "
                         "for the screen."),
            click.option("--vessel", default="", metavar="NAME|IMO",
                         help="On which ship: for the screen."),
            click.option("--scenario", "scenarios", multiple=True, metavar="NAME|FILE",
                         help="A what-if: a bundled scenario or your own file (repeatable, in "
                         "order)."),
            click.option("--samples", type=int, default=2000, show_default=True, metavar="N",
                         help="Draws behind percentiles and chances."),
            click.option("--seed", type=int, default=0, show_default=True, metavar="S",
                         help="Luck of the draws."),
            click.option("--deadline", metavar="YYYY-MM-DD",
                         help="Show the probability of arriving by this day."),
            click.option("--format", "form", type=click.Choice(FORMATS), default="table",
                         show_default=True, help="Output."),
            click.option("--chart", type=click.Choice(CHARTS),
                         help="A picture in place of a table: time-cost-distance, or what moves "
                         "time and cost. -o FILE.svg or FILE.png; else SVG to stdout."),
            output_option,
        )
    ):  # fmt: skip
        command = decorate(command)
    return command


@click.command(epilog=PLACE_HELP)
@question_options
@click.option("--all", "show_all", is_flag=True, help="Rows also for corridors that do not apply.")
def compare(
    *,
    dataset: str | None,
    parameters: str | None,
    form: str,
    output_path: str | None,
    show_all: bool,
    chart: str | None,
    **typed: Any,  # noqa: ANN401
) -> None:
    """Set corridors side by side: the main job."""
    question, output = Question(**typed), Output(output_path)
    render_chart = checked_chart(chart, form, output_path)
    with Progress() as progress:
        case = load_case(dataset, progress, parameters, question.scenarios)
        from landbridge.report import ask

        answer = ask.compare(
            question.origin, question.destination, unit=question.unit, units=question.units,
            tonnes=question.tonnes, value_usd=question.value_usd, goods=question.goods,
            depart=question.depart, modes=question.modes, via=question.via,
            avoid=question.avoid, scope=question.scope, objective=question.objective,
            corridors=question.corridors, jurisdictions=question.jurisdictions,
            operator=question.operator, flag=question.flag, vessel=question.vessel,
            samples=question.samples, seed=question.seed, deadline=question.deadline,
            asked_on=today(), show_all=show_all, with_shapes=form in WITH_SHAPES, case=case,
        )  # fmt: skip
    if chart is not None:
        from landbridge.report.pictures import chart_of_comparison

        output.write_picture(render_chart(chart_of_comparison(chart, answer, case)))
    elif form == "json":
        output.write_json(answer.to_dict())
    elif form == "csv":
        from landbridge.report.csvtable import itineraries_csv

        output.write(itineraries_csv(answer.options))
    elif form == "geojson":
        from landbridge.report.geojson import itineraries_geojson

        output.write_json(
            itineraries_geojson(
                answer.options, request=answer.request, provenance=answer.provenance
            )
        )
    elif form == "html":
        from landbridge.report.document import render

        output.write_html(render(answer, case=case))
    else:
        from landbridge.report.tables import comparison_table

        output.write(comparison_table(answer, output.paper()))


@click.command(epilog=PLACE_HELP)
@question_options
@click.option("--explain", is_flag=True, help="Show where each figure comes from, leg by leg.")
@click.option(
    "--pareto",
    is_flag=True,
    help="Show every itinerary that no other beats in time, cost and emissions.",
)
@click.option(
    "--epsilon",
    type=float,
    metavar="E",
    help="With --pareto: how much worse in time and cost, as a share, an itinerary may "
    "be than one it stands for; twice that in emissions; 0 is exact.  [default: 0.01]",
)
@click.option(
    "--alternatives",
    type=int,
    metavar="K",
    help="Show up to K itineraries that differ in passages, crossings, terminals, modes "
    "or services.",
)
def plan(
    *,
    dataset: str | None,
    parameters: str | None,
    form: str,
    output_path: str | None,
    explain: bool,
    pareto: bool,
    epsilon: float | None,
    alternatives: int | None,
    chart: str | None,
    **typed: Any,  # noqa: ANN401
) -> None:
    """Show the best itinerary, leg by leg; or a Pareto set, or alternatives."""
    question, output = Question(**typed), Output(output_path)
    if explain and form not in EXPLAINED:
        raise click.UsageError(f"--explain goes with --format {' or '.join(EXPLAINED)}")
    render_chart = checked_chart(chart, form, output_path)
    with Progress() as progress:
        case = load_case(dataset, progress, parameters, question.scenarios)
        from landbridge.report import ask

        answer = ask.plan(
            question.origin, question.destination, unit=question.unit, units=question.units,
            tonnes=question.tonnes, value_usd=question.value_usd, goods=question.goods,
            depart=question.depart, modes=question.modes, via=question.via,
            avoid=question.avoid, scope=question.scope, objective=question.objective,
            corridors=question.corridors, jurisdictions=question.jurisdictions,
            operator=question.operator, flag=question.flag, vessel=question.vessel,
            samples=question.samples, seed=question.seed, deadline=question.deadline,
            asked_on=today(), with_shapes=form in WITH_SHAPES, case=case, pareto=pareto,
            epsilon=epsilon, alternatives=alternatives,
        )  # fmt: skip
        basis = ask.basis_for(case, answer.itineraries, request=answer.request)
    if chart is not None:
        from landbridge.report.pictures import chart_of_plan

        output.write_picture(render_chart(chart_of_plan(chart, answer, case)))
    elif form == "json" and explain:
        from landbridge.report.explain import explained_dict

        output.write_json(explained_dict(answer, case.parameters))
    elif form == "json":
        output.write_json(answer.to_dict())
    elif form == "csv":
        from landbridge.report.csvtable import legs_csv

        output.write(legs_csv(answer.itineraries))
    elif form == "geojson":
        from landbridge.report.geojson import itineraries_geojson

        output.write_json(
            itineraries_geojson(
                answer.itineraries, request=answer.request, provenance=answer.provenance
            )
        )
    elif form == "html":
        from landbridge.report.document import render

        output.write_html(render(answer, case=case))
    else:
        from landbridge.report.tables import plan_table

        if answer.selection is None:
            text = plan_table(answer, output.paper(), basis=basis)
        else:
            from landbridge.report.choices import choices_table

            text = choices_table(answer, answer.selection, output.paper(), basis=basis)
        if explain:
            from landbridge.report.explain import explained_table

            text += "\n" + explained_table(
                answer, case.parameters, output.paper(), services=case.dataset.services
            )
        output.write(text)


def checked_chart(chart: str | None, form: str, path: str | None) -> Callable[[Any], str | bytes]:
    """Return what turns a drawing into the file asked for; refuse what does not go together."""
    if chart is None:
        return str
    if form != "table":
        raise click.UsageError("--chart draws a picture; it does not go with --format")
    from landbridge.report.pictures import charter

    return charter(chart, path)


def today() -> date:
    """Return the day on which the question is asked."""
    return datetime.now(tz=UTC).date()


def load_case(
    dataset: str | None,
    progress: Callable[[str], None],
    parameters: str | None = None,
    scenarios: Sequence[str] = (),
) -> Case:
    """Return the case of the embedded dataset, or of the one in this folder.

    `parameters` names a file to be laid over the parameters of the package, `scenarios` names or
    files of scenarios to be applied in order.
    """
    if scenarios:
        from landbridge.scenarios.load import applied_to, find

        found = [find(name) for name in scenarios]
        return applied_to(load_case(dataset, progress, parameters), found)
    from landbridge.cache import cache_folder, unusable_cache
    from landbridge.errors import RequestError
    from landbridge.scenarios.case import Case

    if unusable := unusable_cache():
        click.echo(
            f"landbridge: LANDBRIDGE_CACHE: '{unusable}' cannot be written; "
            f"{cache_folder()} is used",
            err=True,
        )
    overlay = None if parameters is None else parameter_file(parameters)
    if dataset is None:
        return Case.load(progress=progress, parameters=overlay)
    folder = None if "\0" in dataset or not dataset.strip() else Path(dataset)
    if folder is None or not folder.is_dir():
        raise RequestError(
            f"no folder '{dataset}'", where="--dataset", hint="'landbridge data build' makes one"
        )
    return Case.load(folder, progress=progress, parameters=overlay)


def parameter_file(name: str) -> Path:
    """Return the path of a file of parameters; refuse one that is not there."""
    from landbridge.errors import RequestError

    path = None if "\0" in name or not name.strip() else Path(name)
    if path is None or not path.is_file():
        raise RequestError(f"no file '{name}'", where="--parameters")
    return path
