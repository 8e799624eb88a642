"""Options that several commands share: what is carried, when, and what the search may use."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import click

Command = TypeVar("Command", bound=Callable[..., Any])
UNITS = ("20ft", "40ft", "40hc", "45ft")
MODES = ("sea", "rail", "road", "iww", "ferry")
OBJECTIVES = ("time", "cost", "emissions", "distance", "generalized")

dataset_option = click.option("--dataset", metavar="DIR", help="Your own built dataset.")
parameters_option = click.option(
    "--parameters", metavar="FILE", help="Your own parameters (JSON or YAML), laid over the others."
)
via_option = click.option(
    "--via", multiple=True, metavar="ID",
    help="Place, terminal, crossing or passage to use (repeatable, in order).",
)  # fmt: skip


def cargo_options(command: Command) -> Command:
    """Add what is carried, when, what the search may use and what it minimises."""
    for decorate in reversed(
        (
            click.option("--unit", type=click.Choice(UNITS), default="40ft", show_default=True,
                         help="Unit load."),
            click.option("--units", type=int, default=1, show_default=True, metavar="N",
                         help="How many."),
            click.option("--tonnes", type=float, metavar="T",
                         help="Cargo mass in all, without tare.  [default: 10 t per TEU]"),
            click.option("--value-usd", type=float, metavar="V",
                         help="Cargo value.  [default: value of time of the goods class]"),
            click.option("--goods", default="general", show_default=True, metavar="CLASS",
                         help="general, reefer, dangerous, food, metals, oil, ..."),
            click.option("--depart", metavar="YYYY-MM-DD",
                         help="Readiness.  [default: the dataset's reference date, 2025-07-01]"),
            click.option("--mode", "modes", multiple=True, type=click.Choice(MODES),
                         help="Allow only these modes (repeatable)."),
            click.option("--avoid", multiple=True, metavar="ID",
                         help="Passage, country code, crossing or terminal not to use "
                         "(repeatable)."),
            click.option("--scope", type=click.Choice(("door", "terminal")), default="door",
                         show_default=True, help="Door to door, or terminal to terminal."),
            click.option("--objective", type=click.Choice(OBJECTIVES), default="generalized",
                         show_default=True, help="What the search minimises."),
            parameters_option,
            dataset_option,
        )
    ):  # fmt: skip
        command = decorate(command)
    return command
