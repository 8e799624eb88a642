"""The marks on the map: reached, read and opened without a mouse."""

from __future__ import annotations

from typing import Any

import pytest

pytestmark = pytest.mark.browser

WEST = "/?from=Mumbai&to=Moscow&way=instc-west"


def focused(page: Any) -> str:
    name: str = page.evaluate("() => document.activeElement.getAttribute('aria-label') || ''")
    return name


def test_marks_are_reached_along_the_way_and_opened_by_keyboard(open_page: Any) -> None:
    page = open_page(WEST)
    pins = page.locator("#map [role=toolbar] button")
    assert pins.count() > 10
    assert page.locator("#map [role=toolbar] button[tabindex='0']").count() == 1
    page.locator("#map [role=toolbar] button[tabindex='0']").focus()
    assert "Mumbai" in focused(page)
    seen = [focused(page)]
    for _ in range(pins.count() - 1):
        page.keyboard.press("ArrowRight")
        seen.append(focused(page))
    assert len(set(seen)) == pins.count()  # each once
    own = [name for name in seen if "Hormuz" in name or "Astara" in name or "Samur" in name]
    assert ["Hormuz" in own[0], "Astara" in own[1], "Samur" in own[-1]] == [True] * 3
    page.keyboard.press("Home")
    page.keyboard.press("ArrowLeft")  # round to the last
    assert "Moscow" in focused(page)
    page.keyboard.press("Home")
    while "Astara" not in focused(page):
        page.keyboard.press("ArrowRight")
    name = focused(page)
    page.keyboard.press("Enter")
    popup = page.locator(".maplibregl-popup[role=dialog]")
    assert "Astara" in popup.get_attribute("aria-label")
    assert "INSTC, western branch" in popup.inner_text()
    page.keyboard.press("Escape")
    assert popup.count() == 0
    assert focused(page) == name  # back where the reader was


def test_a_mark_out_of_sight_is_shown_when_reached(open_page: Any) -> None:
    page = open_page(WEST)
    first = page.locator("#map [role=toolbar] button").first
    first.focus()
    for _ in range(page.locator("#map [role=toolbar] button").count()):
        page.keyboard.press("ArrowRight")
        inside = page.evaluate(
            """() => {
              const at = document.activeElement.getBoundingClientRect();
              const box = document.getElementById('map').getBoundingClientRect();
              return at.left >= box.left - 13 && at.right <= box.right + 13
                && at.top >= box.top - 13 && at.bottom <= box.bottom + 13
                && getComputedStyle(document.activeElement).opacity === '1';
            }"""
        )
        assert inside, focused(page)


def test_labels_of_the_map_do_not_overlap(open_page: Any) -> None:
    page = open_page(WEST)
    overlaps = page.evaluate(
        """() => {
          const shown = [...document.querySelectorAll('.pin-words, .country')].filter((one) =>
            one.textContent && getComputedStyle(one).visibility === 'visible'
            && !one.closest('.off'));
          const boxes = shown.map((one) => [one.textContent, one.getBoundingClientRect()]);
          const found = [];
          boxes.forEach(([a, p], k) => boxes.slice(k + 1).forEach(([b, q]) => {
            if (p.left < q.right - 1 && q.left < p.right - 1
              && p.top < q.bottom - 1 && q.top < p.bottom - 1) found.push([a, b]);
          }));
          return [boxes.length, found];
        }"""
    )
    assert overlaps[0] > 10
    assert overlaps[1] == []


def test_table_and_map_point_at_each_other(open_page: Any) -> None:
    page = open_page(WEST)
    badge = page.locator(".badge:not(.off):not(.lit)").first
    number = badge.inner_text()
    row = page.locator(f"tr[data-way]:has(.no:text-is('{number}'))")
    row.hover()
    page.wait_for_selector(f".badge.lit:text-is('{number}')")
    page.mouse.move(2, 2)
    page.wait_for_function(
        "number => [...document.querySelectorAll('.badge.lit')].every(b => b.innerText !== number)",
        arg=number,
    )
    box = badge.bounding_box()
    badge.click()
    page.wait_for_selector(f"tr.picked:has(.no:text-is('{number}'))")
    picked = page.get_attribute("tr.picked", "data-way")
    assert f"way={picked}" in page.url
    page.mouse.move(2, 2)
    # the line runs under its number: beside it the map answers for the row
    lit = False
    for dx, dy in ((16, 0), (-16, 0), (0, 16), (0, -16), (12, 12), (-12, -12), (12, -12)):
        page.mouse.move(box["x"] + 11 + dx, box["y"] + 11 + dy)
        page.wait_for_timeout(150)
        if page.locator("tr.lit").count():
            lit = True
            break
    assert lit


def test_more_room_is_given_and_taken_back(open_page: Any) -> None:
    page = open_page(WEST + "&tab=tcd")
    page.wait_for_selector("#panel svg")
    before = page.locator("#panel svg").bounding_box()["width"]
    page.click(".enlarge")
    assert page.locator("#panel svg").bounding_box()["width"] > before * 1.2
    assert page.locator("#results").is_hidden()
    page.click(".enlarge")
    assert page.locator("#results").is_visible()
    assert page.locator("#panel svg").bounding_box()["width"] == before


def test_a_popup_stands_inside_the_map_of_a_phone(open_page: Any) -> None:
    page = open_page(
        "/?from=Mumbai&to=Moscow&way=suez-baltic", width=390, height=844, is_mobile=True
    )
    for name in ("Suez Canal", "Great Belt", "Bab-el-Mandeb"):
        page.evaluate(
            "name => [...document.querySelectorAll('.pin')]"
            ".find(pin => pin.title.endsWith(name)).click()",
            name,
        )
        # the map may still be on its way to the corridor
        page.wait_for_function(
            """() => {
              const [popup, map] = [".maplibregl-popup-content", "#map"]
                .map(one => document.querySelector(one)?.getBoundingClientRect());
              return popup && popup.left >= map.left && popup.right <= map.right
                && popup.top >= map.top && popup.bottom <= map.bottom;
            }""",
            timeout=5000,
        )
