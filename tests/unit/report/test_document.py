from __future__ import annotations

import base64
import hashlib
import re
import subprocess
import sys
from dataclasses import replace
from html.parser import HTMLParser

import pytest

from fakes import answers
from landbridge.domain.applied import Applied
from landbridge.domain.itinerary import Blocker, Flag, Plan
from landbridge.domain.network import Place
from landbridge.report.compare import Comparison, compare
from landbridge.report.document import Chart, page, render

VOID = {"meta", "br", "img", "link", "input", "hr"}
HOSTILE = '</title><script>alert("x")</script><img src=x onerror=alert(1)>'


class Page(HTMLParser):
    """Reads a page: checks that tags pair up, keeps scripts, links, ids and texts."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str, str]] = []
        self.words: list[str] = []
        self.scripts: list[str] = []
        self.feed(text)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += [(tag, key, value or "") for key, value in attrs]
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += [(tag, key, value or "") for key, value in attrs]

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        inside = self.open[-1] if self.open else ""
        if inside == "script":
            self.scripts.append(data)
        elif inside != "style":
            self.words.append(data)

    @property
    def text(self) -> str:
        return re.sub(r"\s+", " ", "".join(self.words))

    def values(self, *keys: str) -> list[tuple[str, str]]:
        return [(tag, value) for tag, key, value in self.attributes if key in keys]


def comparison(**given: object) -> Comparison:
    """Return the made-up comparison; `free` goes as `suez-baltic` does, the others elsewhere."""
    made = compare(answers.plans())
    options = tuple(
        replace(
            option, legs=tuple(replace(leg, distance_km=option.distance_km) for leg in option.legs)
        )
        for option in made.options
    )
    return replace(made, **{"options": options, **given})


def test_a_comparison_says_the_answer_the_figures_and_the_credits() -> None:
    read = Page(render(comparison()))
    assert "Mumbai, IN → Moscow, RU" in read.text
    assert "Suez to the Baltic" in read.text
    assert "37.0 days in the median (P10 to P90: 27.8 to 55.5)" in read.text
    assert "The fastest is INSTC, western branch: 33.0 days, 4.0 sooner" in read.text
    assert "prohibited" in read.text
    assert "A screen, not legal advice." in read.text
    assert "© OpenStreetMap contributors" in read.text
    assert "Open Database License" in read.text
    assert "c" * 16 in read.text  # the digest of the case
    assert "Northern Sea Route" in read.text  # not shown, and why
    assert read.tags.count("h1") == 1


def test_ids_are_unique_and_every_link_within_the_page_ends_somewhere() -> None:
    read = Page(render(comparison()))
    ids = [value for _, value in read.values("id")]
    assert len(ids) == len(set(ids))
    within = {value[1:] for _, value in read.values("href") if value.startswith("#")}
    assert within - {"base"} <= set(ids)
    assert "way1" in within


def test_nothing_is_loaded_from_elsewhere() -> None:
    text = render(comparison())
    read = Page(text)
    for tag, value in read.values("src", "href", "xlink:href", "action", "data", "poster"):
        assert value.startswith("#") or (tag == "a" and value.startswith("https://")), value
    assert "@import" not in text
    assert "url(" not in text
    assert not {"link", "iframe", "object", "embed", "img", "base"} & set(read.tags)


def test_the_policy_allows_the_one_script_and_no_other() -> None:
    read = Page(render(comparison()))
    (script,) = read.scripts
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    (policy,) = (value for _, value in read.values("content") if "default-src" in value)
    assert f"'sha256-{digest}'" in policy
    assert "default-src 'none'" in policy
    assert "unsafe-inline'; script" not in policy.partition("script-src")[2]


def test_hostile_names_and_texts_stay_text() -> None:
    place = Place(id=f"X{HOSTILE}", name=HOSTILE, country="<b>", lat=19.0, lon=72.9, kind="town")
    flag = Flag(
        kind="sanctions", severity="warning", text=f"{HOSTILE} javascript:alert(1)",
        subject=HOSTILE, jurisdiction=HOSTILE, measure=HOSTILE, instrument=HOSTILE,
        since=HOSTILE, evidence=f'https://x.org/"onclick="{HOSTILE} javascript:alert(2)',
    )  # fmt: skip
    leg = replace(
        answers.leg("haul", "rail", place, answers.MOSCOW, km=900.0, passages=(HOSTILE,)),
        service=HOSTILE,
    )
    odd = replace(
        answers.itinerary("free", HOSTILE), legs=(leg,), flags=(flag,), passages=(HOSTILE,),
        countries=(HOSTILE,), blockers=(Blocker(kind=HOSTILE, what=HOSTILE, why=HOSTILE),),
    )  # fmt: skip
    asked = answers.request(origin=place)
    read = Page(render(comparison(options=(odd,), request=asked)))
    assert len(read.scripts) == 1
    assert "img" not in read.tags
    assert not [key for _, key, _ in read.attributes if key.startswith("on")]
    assert not [value for _, value in read.values("href") if "javascript" in value.lower()]
    assert HOSTILE in "".join(read.words)


def test_marks_that_turn_the_writing_and_letters_not_allowed_are_dropped() -> None:
    place = replace(answers.MUMBAI, name="Bom\u202ebay\x00\x07 بمبئی")
    text = render(comparison(request=answers.request(origin=place)))
    assert not re.search("[\x00\x07\u202e]", text)
    assert "<bdi>Bombay" in text
    assert "بمبئی" in text


def test_the_same_answer_gives_the_same_bytes_and_stays_small() -> None:
    first, second = render(comparison()), render(comparison())
    assert first == second
    assert len(first.encode()) < 1_500_000


def test_ways_that_are_the_same_share_a_number() -> None:
    read = Page(render(comparison()))
    numbers = [value for tag, value in read.values("data-option") if tag == "tr"]
    assert numbers == ["1", "1", "2", "3"]
    assert "Of 2 ways compared (1 more is prohibited or closed), " in read.text


def test_a_plan_without_a_way_says_why() -> None:
    blocker = Blocker(kind="season", what="northeast", why="closed 1 December to 30 June")
    read = Page(render(answers.plan("nsr", "Northern Sea Route", blockers=(blocker,))))
    assert "No way through: northeast: closed 1 December to 30 June." in read.text
    assert "svg" not in read.tags


def test_several_itineraries_of_a_plan_are_told_apart() -> None:
    ways = [answers.itinerary("free", "Best", km=km, usd=km) for km in (7000.0, 8000.0)]
    plan: Plan = answers.plan("free", "Best", *ways)
    read = Page(render(plan))
    assert "Best (1)" in read.text
    assert "Best (2)" in read.text


def test_charts_are_shown_where_given() -> None:
    chart = Chart(title="Steps", svg="<svg><g/></svg>", note="Up & down")
    text = render(comparison(), charts=[chart])
    assert "<svg><g/></svg>" in text
    assert "Up &amp; down" in text


@pytest.mark.parametrize("title", ["Validation", HOSTILE])
def test_the_frame_serves_any_report(title: str) -> None:
    read = Page(page(title, "<p>two rows</p>", kicker="Published journeys re-run"))
    assert "two rows" in read.text
    assert title in "".join(read.words)
    assert len(read.scripts) == 1


def test_a_comparison_writes_itself() -> None:
    # the fakes' digest is not the embedded one's: no case is assumed
    assert "Mumbai" in comparison().to_html()


def test_what_is_prohibited_is_never_called_the_best() -> None:
    options = tuple(replace(o, status="prohibited") for o in comparison().options)
    asked = replace(answers.request(), jurisdictions=("eu",))
    read = Page(render(comparison(options=options, request=asked)))
    assert "No way is open as asked: all 3 found are prohibited for eu or closed." in read.text
    for word in ("comes out best", "The fastest", "The cheapest", "best of its column"):
        assert word not in read.text


def test_what_a_pareto_way_is_best_in_is_told() -> None:
    way = replace(answers.itinerary("free", "Best"), best_in=("cost", "time for its cost"))
    read = Page(render(answers.plan("free", "Best", way)))
    assert "best in: cost, time for its cost" in read.text


def test_tables_do_not_load_the_document() -> None:
    code = (
        "import sys; import landbridge.report.tables, landbridge.report.compare; "
        "print([name for name in sys.modules if 'report.html' in name or 'document' in name])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], check=True, capture_output=True, text=True, timeout=60
    )
    assert done.stdout.strip() == "[]"


def test_the_source_of_a_dated_fact_is_cited_in_full() -> None:
    flag = Flag(kind="war_risk", severity="warning", text="attacks", evidence="EV029")
    way = replace(answers.itinerary("free", "Best"), flags=(flag,))
    read = Page(render(answers.plan("free", "Best", way)))
    assert "L. San Simon" in read.text
    assert ("a", "https://") in [(tag, value[:8]) for tag, value in read.values("href")]


def test_what_a_scenario_changed_stands_first_and_in_full() -> None:
    change = Applied(
        scenario="suez-closed", do="close", subject="suez", text="Suez Canal closed",
        reason="a ship <aground>", date_from="2025-07-01",
    )  # fmt: skip
    provenance = replace(answers.PROVENANCE, changes=(change,))
    text = render(comparison(provenance=provenance))
    read = Page(text)
    assert read.text.index("Scenario suez-closed: Suez Canal closed.") < read.text.index(
        "Of 2 ways"
    )
    assert "a ship <aground>" in read.text
