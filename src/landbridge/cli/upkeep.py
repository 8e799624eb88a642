"""Looking after the data: `validate`, `data build`, `data check`, `data info`, `warmup`."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Any

import click

from landbridge.cli.journeys import load_case
from landbridge.cli.listings import form_options, write_rows
from landbridge.cli.options import dataset_option
from landbridge.cli.output import Output, output_option
from landbridge.cli.progress import Progress

FOUND_PROBLEMS = 3
BUILD_EXTRA = ("geopandas", "pandas", "pyarrow", "scipy", "shapely")


@click.command()
@click.argument("what", type=click.Choice(("distances", "times")), required=False)
@dataset_option
@click.option("--format", "form", type=click.Choice(("table", "json", "csv", "html")),
              default="table", show_default=True, help="Output.")  # fmt: skip
@output_option
def validate(what: str | None, dataset: str | None, form: str, output_path: str | None) -> int:
    """Run published figures again; show the error (both kinds if none is named)."""
    output = Output(output_path)
    kinds = ("distances", "times") if what is None else (what,)
    reports: dict[str, dict[str, Any]] = {}
    with Progress() as progress:
        case = load_case(dataset, progress)
        if "distances" in kinds:
            from landbridge.validation import distances

            progress("running the published distances again")
            reports["distances"] = distances.run(case).to_dict()
        if "times" in kinds:
            from landbridge.validation import times

            progress("running the published journeys again")
            reports["times"] = times.run(case).to_dict()
    if form == "json":
        output.write_json(reports if what is None else reports[what])
    elif form == "html":
        from landbridge.validation.page import validation_page

        output.write(validation_page(reports, digest=case.dataset.digest))
    elif form == "csv":
        from landbridge.report.csvtable import rows_csv

        tables = [rows_csv(report["rows"], list(report["rows"][0])) for report in reports.values()]
        output.write("\n".join(tables))
    else:
        from landbridge.cli import scores

        text = {"distances": scores.distances_text, "times": scores.times_text}
        paper = output.paper()
        output.write("\n".join(text[name](report, paper) for name, report in reports.items()))
    has_found = any(
        report.get("problems") or report.get("missed_targets") for report in reports.values()
    )
    return FOUND_PROBLEMS if has_found else 0


@click.group()
def data() -> None:
    """Build a dataset, check it, or describe it."""


@data.command()
@click.option("--raw", metavar="DIR", default="data/raw", show_default=True, help="Raw sources.")
@click.option("--curated", metavar="DIR", default="data/curated", show_default=True,
              help="Tables made by hand.")  # fmt: skip
@click.option("--out", metavar="DIR", required=True, help="Where the dataset is put.")
@click.option("--packed", metavar="FILE", help="Also pack it into one file, as in the package.")
def build(raw: str, curated: str, out: str, packed: str | None) -> None:
    """Build a dataset from raw files (needs the extra `build`)."""
    from landbridge.errors import RequestError

    for where, folder in (("--raw", raw), ("--curated", curated)):
        if "\0" in folder or not Path(folder).is_dir():
            raise RequestError(f"no folder '{folder}'", where=where)
    if "\0" in out or not out.strip() or Path(out).is_file():
        raise RequestError(f"'{out}' cannot be a folder", where="--out")
    # what lies there is replaced as a whole: never touch a folder that holds something else
    if Path(out).is_dir() and not Path(out, "manifest.json").is_file() and any(Path(out).iterdir()):
        raise RequestError(
            f"'{out}' holds something else than a dataset", where="--out", hint="name a new folder"
        )
    try:
        from landbridge.planning.walks import order_of
        from landbridge.sources.assembly import build_dataset

        with Progress() as progress:
            digest = build_dataset(Path(raw), Path(curated), Path(out), progress, order_of)
            if packed is not None:
                from landbridge.dataset.storage import pack

                progress("pack")
                pack(Path(out), Path(packed))
    except ModuleNotFoundError as error:
        if error.name is None or error.name.split(".")[0] not in BUILD_EXTRA:
            raise
        raise RequestError(
            f"building needs {error.name}", where="data build",
            hint="pip install 'landbridge[build]'",
        ) from None  # fmt: skip

    click.echo(f"built {out}: dataset {digest[:12]}")


@data.command()
@dataset_option
@form_options
def check(dataset: str | None, form: str, output_path: str | None) -> int:
    """Find problems in a dataset; exit status 3 if there are errors (warnings are listed)."""
    from landbridge.dataset.check import check_dataset
    from landbridge.errors import DatasetError

    output = Output(output_path)
    problems: list[dict[str, object]]
    with Progress() as progress:
        try:
            case = load_case(dataset, progress)
            progress("checking the dataset")
            problems = [asdict(problem) for problem in check_dataset(case.dataset)]
        except DatasetError as error:
            problems = [
                {"kind": "unreadable", "where": error.where, "text": text, "severity": "error"}
                for text in error.problems or (error.message,)
            ]
    write_rows(
        problems, name="problems", form=form, output=output,
        shown=("severity", "kind", "where", "text"),
    )  # fmt: skip
    return FOUND_PROBLEMS if any(row["severity"] == "error" for row in problems) else 0


@data.command()
@dataset_option
@form_options
def info(dataset: str | None, form: str, output_path: str | None) -> None:
    """Tell the digest, counts and licences of a dataset."""
    output = Output(output_path)
    with Progress() as progress:
        case = load_case(dataset, progress)
        from landbridge.dataset.info import dataset_info

        facts = dataset_info(case.dataset)
    if form == "json":
        output.write_json(facts)
        return
    rows = [{"fact": key, "value": value} for key, value in _flat(facts)]
    write_rows(rows, name="facts", form=form, output=output, shown=("fact", "value"))


@click.command()
@dataset_option
def warmup(dataset: str | None) -> None:
    """Unpack and compile all that answers need."""
    with Progress() as progress:
        case = load_case(dataset, progress)
        from landbridge.models import shuffle  # noqa: F401 - its kernel registers itself
        from landbridge.planning.walks import warm_hierarchies
        from landbridge.report import ask
        from landbridge.routing import contracted, native, pareto, tree  # noqa: F401 - kernels

        progress("compiling the kernels")
        ask.compare("Mumbai", "Moscow", case=case)
        progress(f"compiling {pareto.__name__.rpartition('.')[2]} sets")
        for kernel in native.REGISTRY:
            kernel.load()
        progress("compiling large matrices")
        warm_hierarchies()
    click.echo(f"ready: dataset {case.dataset.digest[:12]}")


def _flat(value: object, prefix: str = "") -> list[tuple[str, object]]:
    """Return a nested object as dotted names and values."""
    if isinstance(value, dict):
        pairs: list[tuple[str, object]] = []
        for key, item in value.items():
            pairs += _flat(item, f"{prefix}.{key}" if prefix else str(key))
        return pairs
    if isinstance(value, list | tuple) and any(isinstance(item, dict) for item in value):
        pairs = []
        for number, item in enumerate(value, start=1):
            pairs += _flat(item, f"{prefix}.{number}")
        return pairs
    return [(prefix, value)]
