"""Tables on a page: what gives way where the page is narrow."""

from __future__ import annotations

from landbridge.report.page import Column, Paper, listing, width_of


def test_headings_of_figures_fold_and_figures_never() -> None:
    rows = [
        {"corridor group": f"group {n}", "median absolute error %": 12.5 * n, **{
            f"another long heading {k}": 1234.5 for k in range(6)
        }}
        for n in range(2)
    ]  # fmt: skip
    columns = [Column(key=key, is_figure=key != "corridor group") for key in rows[0]]
    drawn = listing(rows, columns, Paper(width=80)).splitlines()
    assert all(width_of(line) <= 80 for line in drawn)
    assert sum("1,234.5" in line for line in drawn) == 2
    assert drawn[-2].count("1,234.5") == 6
    assert {"median", "absolute", "heading"} <= {word for line in drawn for word in line.split()}


def test_a_table_that_fits_keeps_its_headings_whole() -> None:
    drawn = listing([{"a long heading": 1.0}], [Column(key="a long heading", is_figure=True)],
                    Paper(width=80))  # fmt: skip
    assert drawn.splitlines()[0] == "a long heading"
