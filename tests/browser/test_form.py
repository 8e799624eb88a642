"""The form beyond its first line: ways, rules, and what the address bar keeps of them."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

pytestmark = pytest.mark.browser

FOUNDING = "/?from=Mumbai&to=Moscow"


def asked(page: Any, act: Any) -> dict[str, Any]:
    """Do something that asks the server anew; return the question once it is answered."""
    with page.expect_response("**/v1/comparisons*") as waiting:
        act()
    page.wait_for_function("() => window.ready")
    question: dict[str, Any] = json.loads(waiting.value.request.post_data)
    return question


def test_every_field_goes_from_the_address_to_the_server(open_page: Any) -> None:
    address = (
        "&t=12&usd=50000&goods=food&by=2025-10-01&scope=terminal&best=time&modes=sea,rail&via=suez"
        "&avoid=IQ;bosporus&law=us,eu&operator=A%20Line&vessel=Some%20Ship&flag=PA&seed=7"
    )
    page = open_page(FOUNDING + address)
    question = asked(page, lambda: page.click("#compare"))
    wanted = {
        "tonnes": 12, "value_usd": 50000, "goods": "food", "deadline": "2025-10-01",
        "scope": "terminal", "objective": "time", "modes": ["sea", "rail"], "via": ["suez"],
        "avoid": ["IQ", "bosporus"], "jurisdictions": ["us", "eu"], "operator": "A Line",
        "vessel": "Some Ship", "flag": "PA", "seed": 7,
    }  # fmt: skip
    assert {name: question[name] for name in wanted} == wanted
    assert page.locator("#more").is_visible()
    assert page.input_value("#flag") == "PA"
    assert "Suez Canal" in page.inner_text("#via-tokens")
    assert "Iraq" in page.inner_text("#avoid-tokens")
    kept = parse_qs(urlsplit(page.url).query)
    assert kept == {**parse_qs(address), "from": kept["from"], "to": kept["to"]} | {
        key: kept[key] for key in ("way",) if key in kept
    }


def test_passages_are_added_and_taken_away_by_keyboard(open_page: Any) -> None:
    page = open_page(FOUNDING)
    before = page.inner_text("#table")
    page.click("#more-toggle")
    page.focus("#avoid")
    page.keyboard.type("sue")
    page.wait_for_selector("#avoid-list [role=option]:has-text('Suez Canal')")
    page.keyboard.press("ArrowDown")
    question = asked(page, lambda: page.keyboard.press("Enter"))
    assert question["avoid"] == ["suez"]
    assert "avoid=suez" in page.url
    assert page.inner_text("#table") != before
    assert page.input_value("#avoid") == ""
    question = asked(page, lambda: page.keyboard.press("Backspace"))
    assert question["avoid"] == []
    assert page.inner_text("#table") == before


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ("&flag=P1", "flag"),
        ("&avoid=nowhere-at-all", "avoid"),
        ("&t=-3", "tonnes"),
        ("&by=2025-01-01", "deadline"),
        ("&goods=military", "goods"),
        ("&units=0", "units"),
    ],
)
def test_each_fault_stands_at_its_field(open_page: Any, given: str, field: str) -> None:
    page = open_page(FOUNDING + given)
    assert page.inner_text(f"#{field}-fault").strip()
    assert page.get_attribute(f"#{field}", "aria-invalid") == "true"
    assert page.get_attribute(f"#{field}", "aria-describedby") == f"{field}-fault"
    assert page.locator("tr[data-way]").count() == 0
    assert page.locator(".fault:visible").count() == 1


def test_what_has_no_way_says_why_and_shows_its_ends(open_page: Any) -> None:
    page = open_page("/?from=Almaty&to=Moscow&modes=sea")
    assert "No terminal there" in page.inner_text("#row-free")
    assert "No terminal there" in page.inner_text("#panel")
    pins = page.locator("#map .pin.k-end:not(.off)")
    assert pins.count() == 2
    apart = pins.nth(0).bounding_box()["x"] - pins.nth(1).bounding_box()["x"]
    assert abs(apart) > 150  # the window is set to them, not to the world


def test_a_field_put_right_is_asked_at_once(open_page: Any) -> None:
    page = open_page(FOUNDING + "&flag=P1&lang=fr")
    assert "code de pays" in page.inner_text("#flag-fault")
    page.fill("#flag", "PA")
    asked(page, lambda: page.press("#flag", "Tab"))
    assert page.locator("#flag-fault").is_hidden()
    assert page.locator("tr[data-way]").count() > 5


def test_refusals_name_fields_not_options(open_page: Any) -> None:
    page = open_page(FOUNDING + "&via=suez&avoid=suez")
    said = page.inner_text("#avoid-fault")
    assert "“By way of”" in said
    assert "--" not in said
