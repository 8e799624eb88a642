from __future__ import annotations

from dataclasses import replace

from fakes import answers
from landbridge.domain.itinerary import Flag
from landbridge.report.compare import compare
from landbridge.report.page import Paper
from landbridge.report.screening import (
    flag_lines,
    list_lines,
    screened_for,
    verdict_lines,
)
from landbridge.report.tables import comparison_table, plan_table

PORT = Flag(
    kind="sanctions", severity="prohibited", jurisdiction="eu", measure="SM033", since="2024-11-18",
    subject="PORT-ANZALI", text="Iran, Caspian ports - Any transaction",
    instrument="Reg. 2023/1529",
)  # fmt: skip
REMINDER = replace(PORT, severity="warning", measure="SM082", subject="RU", text="Russia - Check")
RECORD = replace(PORT, severity="none", measure="SM022", text="only if vessel listed is eu")
BANK = Flag(kind="settlement", severity="warning", subject="IN-IR", text="dollars: cut - no bank")
RUPEES = Flag(kind="settlement", severity="none", subject="IN-IR", text="rupees: open - UCO")
EDITION = replace(
    RECORD, measure="list:uk", text="screened against FCDO, of 2026-01-01; over 30 days old"
)


def test_verdicts_name_measure_and_options_once() -> None:
    options = [
        answers.itinerary("a", "One way", flags=(PORT, REMINDER)),
        answers.itinerary("b", "Other way", flags=(PORT,)),
    ]
    assert verdict_lines(options, ["eu"]) == [
        "Prohibited for eu by SM033 (PORT-ANZALI) Iran, Caspian ports: One way; Other way."
    ]
    assert verdict_lines(options, []) == [], "nobody asked"


def test_flags_are_told_in_full_where_asked_and_records_counted() -> None:
    way = answers.itinerary("a", "A", flags=(REMINDER, PORT, RECORD, BANK, RUPEES, answers.WAR))
    asked = flag_lines(way, ["eu"])
    assert asked[0].startswith("S!! sanctions (prohibited) eu, PORT-ANZALI, since 2024-11-18: ")
    assert "Any transaction" in asked[0]
    assert "(SM033, Reg. 2023/1529)" in asked[0]
    assert any("1 measure for the record" in line for line in asked)
    assert "X settlement IN-IR: dollars: cut; rupees: open" in asked
    assert any(line.startswith("W war risk") for line in asked)
    short = flag_lines(way, [])
    assert "Any transaction" not in short[0]


def test_editions_of_lists_stand_on_every_result() -> None:
    way = answers.itinerary("a", "A", flags=(EDITION,))
    told = "Screened against FCDO, of 2026-01-01; over 30 days old."
    assert list_lines([way, way]) == [told]
    assert flag_lines(way, []) == [told], "and it is no measure for the record"
    plan = answers.plan("free", "A", way)
    for text in (
        plan_table(plan, Paper(width=200)),
        comparison_table(compare([plan]), Paper(width=200)),
    ):
        assert told in text


def test_every_table_says_that_it_is_no_advice() -> None:
    bare = answers.plan("free", "A", answers.itinerary("free", "A"))
    for text in (
        plan_table(bare, Paper(width=200)), comparison_table(compare([bare]), Paper(width=200)),
    ):  # fmt: skip
        assert (
            "Screened for all jurisdictions, as warnings only. A screen, not legal advice." in text
        )
    assert screened_for(["eu", "us"]) == "Screened for eu, us. A screen, not legal advice."
    assert bare.to_dict()["notice"] == compare([bare]).to_dict()["notice"]
