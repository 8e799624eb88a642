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
