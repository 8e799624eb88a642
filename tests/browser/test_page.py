"""The page in a browser: what a reader sees, types, toggles, shares and takes away."""

from __future__ import annotations

import contextlib
import json
import re
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

pytestmark = pytest.mark.browser

FOUNDING = "/?from=Mumbai&to=Moscow"
AXE = Path(__file__).with_name("axe.min.js")
MOST_BYTES = 1_500_000


def drawn(page: Any) -> None:
    page.wait_for_function("() => window.ready")


def order(page: Any) -> list[str]:
    return page.eval_on_selector_all("tr[data-way]", "rows => rows.map(row => row.dataset.way)")


def changed(page: Any, act: Any) -> None:
    """Do something that asks the server anew, and wait until the answer is drawn."""
    with page.expect_response(re.compile("/v1/comparisons")):
        act()
    drawn(page)


def test_the_first_look_is_an_invitation(open_page: Any) -> None:
    page = open_page("/")
    assert "name two places" in page.inner_text("#table")
    changed(page, lambda: page.click("#table button"))
    assert len(order(page)) > 5
    assert "Mumbai" in page.title()


def test_rows_say_what_the_service_says(open_page: Any, server: Any) -> None:
    page = open_page(FOUNDING)
    answer = page.request.post(
        f"{server.address}/v1/comparisons", data={"origin": "Mumbai", "destination": "Moscow"}
    ).json()
    options = [o for o in answer["options"] if "(= " not in o["title"]]
    assert order(page) == [option["corridor"] for option in options]
    for option in options:
        row = page.inner_text(f"#row-{option['corridor']}")
        assert f"{option['lead_time_h']['p50'] / 24:.1f}" in row
        assert f"{option['emissions_wtw_kgco2e']['central'] / 1000:.2f}" in row


def test_the_page_is_light(open_page: Any, browser: Any, server: Any) -> None:
    context = browser.new_context()
    page = context.new_page()
    network = context.new_cdp_session(page)
    network.send("Network.enable")
    sizes: list[int] = []
    network.on("Network.loadingFinished", lambda event: sizes.append(event["encodedDataLength"]))
    page.goto(server.address + FOUNDING)
    drawn(page)
    assert 300_000 < sum(sizes) < MOST_BYTES
    context.close()
    open_page("/")


def test_places_are_suggested_in_any_script(open_page: Any) -> None:
    page = open_page("/")
    for typed, wanted in (
        ("Rotterd", "Rotterdam"),
        ("Москв", "Moscow"),
        ("مسکو", "Moscow"),
        ("मुंबई", "Mumbai"),
        ("上海", "Shanghai"),
    ):
        with page.expect_response("**/v1/places*"):
            page.fill("#origin", typed)
        page.wait_for_selector(f"#origin-list [role=option]:has-text('{wanted}')")
        assert page.get_attribute("#origin", "aria-expanded") == "true"
        names = page.locator("#origin-list [role=option]").all_inner_texts()
        assert any(wanted in name for name in names[:2])


def test_suggestions_are_chosen_by_keyboard(open_page: Any) -> None:
    page = open_page("/?to=Moscow")
    page.focus("#origin")
    page.keyboard.type("Chennai")
    page.wait_for_selector("#origin-list [role=option]")
    page.keyboard.press("ArrowDown")
    active = page.get_attribute("#origin", "aria-activedescendant")
    assert page.get_attribute(f"#{active}", "aria-selected") == "true"
    changed(page, lambda: page.keyboard.press("Enter"))
    assert page.input_value("#origin") == "Chennai, IN"
    assert order(page)
    page.keyboard.press("Escape")
    assert page.get_attribute("#origin", "aria-expanded") == "false"


def test_closing_suez_changes_order_and_says_so(open_page: Any) -> None:
    page = open_page(FOUNDING)
    before = order(page)
    changed(page, lambda: page.check("input[value=red-sea-diverted]", force=True))
    assert order(page) != before
    assert "scenario" in page.inner_text("#diff")
    assert page.locator(".delta.worse").count() > 0
    assert "red-sea-diverted" in page.url
    changed(page, lambda: page.uncheck("input[value=red-sea-diverted]", force=True))
    assert order(page) == before
    assert page.locator("#diff").is_hidden()
    assert page.locator(".delta").count() == 0


def test_columns_sort_and_weights_rank(open_page: Any) -> None:
    page = open_page(FOUNDING)
    own = order(page)

    def days() -> list[float]:
        shown = page.locator("tr[data-way] td:nth-child(2) .big").all_inner_texts()
        return [float(text.split()[0]) for text in shown]

    page.click("thead button:has-text('Days')")
    assert days() == sorted(days())
    page.click("thead button:has-text('Days')")
    assert days() == sorted(days(), reverse=True)
    page.click("thead button:has-text('Days')")
    assert order(page) == own
    page.click("#weights-menu summary")
    page.locator("#weights input").nth(0).fill("100")
    assert order(page) != own
    assert days() == sorted(days())
    assert "w=100,0,0" in page.url
    page.click("#weights-reset")
    assert order(page) == own


def test_every_figure_has_its_source(open_page: Any) -> None:
    page = open_page(FOUNDING + "&way=instc-west")
    page.click("#detail .head button:has-text('Sources')")
    page.wait_for_selector("#drawer .fact")
    grades = page.locator("#drawer .fact .tag").all_inner_texts()
    assert {"assumed", "published"} <= set(grades)
    kinds = [grade for grade in grades if grade in ("assumed", "estimated", "published")]
    assert kinds == sorted(kinds)  # assumed first
    assert page.locator("#drawer .cite a").count() > 3
    assert page.locator("#drawer a:not([rel~=noopener])").count() == 0
    page.keyboard.press("Escape")
    assert page.locator("#drawer").is_hidden()


def test_a_link_reproduces_the_answer(open_page: Any) -> None:
    page = open_page(FOUNDING)
    page.fill("#units", "3")
    changed(page, lambda: page.press("#units", "Tab"))
    changed(page, lambda: page.check("input[value=hormuz-closed-2026]", force=True))
    page.click("#row-suez-baltic .way")
    page.click("#tab-lawtab")
    asked = parse_qs(urlsplit(page.url).query)
    assert asked["units"] == ["3"]
    assert asked["way"] == ["suez-baltic"]
    path = page.url.split("/", 3)[3]
    again = open_page(f"/{path}")
    assert again.inner_text("#table") == page.inner_text("#table")
    assert again.input_value("#units") == "3"
    assert again.input_value("#origin") == "Mumbai, IN"
    assert again.get_attribute("#tab-lawtab", "aria-selected") == "true"
    assert again.inner_text("#panel") == page.inner_text("#panel")


def test_answers_can_be_taken_away(open_page: Any) -> None:
    page = open_page(FOUNDING)
    for kind, begins in (
        ("csv", "corridor,"),
        ("geojson", '{"type":"FeatureCollection"'),
        ("html", "<!DOCTYPE html>"),
        ("tcd", "<svg"),
        ("tornado", "<svg"),
    ):
        page.click("#download-menu summary")
        with page.expect_download() as waiting:
            page.click(f"[data-download={kind}]")
        path = Path(waiting.value.path())
        assert path.read_text(encoding="utf-8").startswith(begins)
        assert waiting.value.suggested_filename.startswith("landbridge-mumbai-moscow")


def test_charts_come_with_the_way(open_page: Any) -> None:
    page = open_page(FOUNDING + "&way=instc-west&tab=tcd")
    page.wait_for_selector("#panel svg")
    drawing = page.locator("#panel svg title").text_content()
    assert "INSTC, western branch" in drawing
    page.click("#tab-tornado")
    page.wait_for_selector("#panel svg")
    page.wait_for_function(
        "() => /moves/.test(document.querySelector('#panel svg title')?.textContent)"
    )


def test_itinerary_and_map_marks_tell_facts(open_page: Any) -> None:
    page = open_page(FOUNDING + "&way=instc-west")
    legs = page.locator(".legs li")
    assert legs.count() > 8
    page.click(".legs button:has-text('Astara') >> nth=-1")
    page.wait_for_selector(".maplibregl-popup-content h3")
    said = page.inner_text(".maplibregl-popup-content")
    assert "Astara" in said
    assert "INSTC, western branch" in said


def test_wrong_questions_are_answered_in_place(open_page: Any) -> None:
    page = open_page("/?from=Astara&to=Moscow")
    assert "several places" in page.inner_text("#origin-fault")
    assert page.get_attribute("#origin", "aria-invalid") == "true"
    assert "several places" in page.inner_text("#table")
    page.click("#origin-fault button")
    page.wait_for_selector("#origin-list [role=option]")
    changed(page, lambda: page.click("#origin-list [role=option] >> nth=0"))
    assert page.locator("#origin-fault").is_hidden()
    assert order(page)


def test_names_are_text_never_markup(open_page: Any) -> None:
    page = open_page("/?from=%3Cimg%20src%3Dx%20onerror%3Dwindow.hurt%3D1%3E&to=Moscow")
    assert "<img" in page.inner_text("#origin-fault")
    assert page.evaluate("() => window.hurt === undefined")


def test_the_server_may_go_and_come_back(browser: Any, server: Any) -> None:
    with contextlib.ExitStack() as stack:
        own = stack.enter_context(type(server)())
        context = stack.enter_context(contextlib.closing(browser.new_context()))
        page = context.new_page()
        page.goto(own.address + FOUNDING)
        drawn(page)
        before = page.inner_text("#table")
        own.stop()
        page.click("#compare")
        page.wait_for_selector("#banner:has-text('does not answer')")
        stack.enter_context(type(server)(own.port))
        page.wait_for_selector("#banner:has-text('answers again')", timeout=60_000)
        drawn(page)
        assert page.inner_text("#table") == before


def test_a_server_with_a_token_is_asked_with_it(browser: Any, server: Any) -> None:
    token = "letters-of-this-test-only"  # noqa: S105
    with contextlib.ExitStack() as stack:
        own = stack.enter_context(type(server)(token=token))
        context = stack.enter_context(contextlib.closing(browser.new_context()))
        page = context.new_page()
        page.goto(own.address + FOUNDING)
        page.fill("#banner input", token)
        page.press("#banner input", "Enter")
        page.wait_for_selector("#row-instc-west")
        drawn(page)
        assert page.locator("#banner").is_hidden()
        assert token not in page.url


def test_a_busy_server_is_asked_again(open_page: Any) -> None:
    page = open_page(FOUNDING)
    before = order(page)
    times: list[int] = []

    def refuse_once(route: Any) -> None:
        times.append(1)
        if len(times) > 1:
            route.continue_()
            return
        body = json.dumps({"title": "too many questions at once", "status": 503, "detail": "."})
        route.fulfill(status=503, headers={"Retry-After": "1"}, body=body)

    page.route("**/v1/comparisons*", refuse_once)
    page.click("#compare")
    page.wait_for_selector("#banner:has-text('busy')")
    drawn(page)
    assert len(times) == 2
    assert page.locator("#banner").is_hidden()
    assert order(page) == before


@pytest.mark.parametrize(
    ("code", "names", "chart"),
    [
        ("fr", ("Bombay", "Moscou", "Samour"), "jours depuis que la marchandise est prête"),
        ("ru", ("Мумбаи", "Москва", "Самур"), "дней с готовности груза"),
        ("fa", ("بمبئی", "مسکو", "سامور"), "روز از آماده‌شدن بار"),
        ("hi", ("मुंबई", "मॉस्को", "समूर"), "माल तैयार होने के बाद के दिन"),
    ],
)
def test_names_and_charts_speak_the_language(
    open_page: Any, server: Any, code: str, names: tuple[str, str, str], chart: str
) -> None:
    page = open_page(f"{FOUNDING}&way=instc-west&lang={code}")
    catalogue = page.request.get(f"{server.address}/web/texts.json").json()
    assert page.get_attribute("html", "lang") == code
    assert page.inner_text("#compare") == catalogue["compare"][code]
    assert catalogue["c.suez-baltic"][code] in page.inner_text("#table")
    origin, destination, crossing = names
    assert page.input_value("#origin") == f"{origin}, IN"
    assert origin in page.inner_text("#map .overlay")
    assert destination in page.title()
    assert crossing in page.inner_text("#panel")
    page.click("#tab-tcd")
    page.wait_for_selector("#panel svg")
    assert chart in page.locator("#panel svg").text_content()
    page.click("#download-menu summary")
    with page.expect_download() as waiting:
        page.click("[data-download=tcd]")
    taken = Path(waiting.value.path()).read_text(encoding="utf-8")
    assert chart in taken
    assert ('direction="rtl"' in taken) == (code == "fa")


def test_refusals_speak_the_language(open_page: Any) -> None:
    page = open_page("/?from=Astara&to=Moscow&lang=ru")
    assert page.inner_text("#origin-fault").startswith("«Astara» — несколько мест")
    assert "TOWN-" in page.inner_text("#origin-fault")  # what is to be typed stays as it is


def test_the_language_changes_in_place(open_page: Any) -> None:
    page = open_page(FOUNDING + "&way=instc-west")
    assert page.input_value("#origin") == "Mumbai, IN"
    page.select_option("#language", "ru")
    page.wait_for_selector("#row-instc-west:has-text('западная ветвь')")
    assert page.input_value("#origin") == "Мумбаи, IN"
    assert "lang=ru" in page.url
    page.select_option("#language", "en")
    page.wait_for_selector("#row-instc-west:has-text('western branch')")
    assert page.input_value("#origin") == "Mumbai, IN"
    assert "Moscow" in page.inner_text("#map .overlay")


def test_persian_runs_from_right_to_left(open_page: Any) -> None:
    page = open_page(f"{FOUNDING}&lang=fa")
    assert page.get_attribute("html", "dir") == "rtl"
    results, map_ = page.locator("#results").bounding_box(), page.locator("#map").bounding_box()
    assert results["x"] > map_["x"]
    assert re.search("[۰-۹]", page.inner_text("#table"))
    wide = page.evaluate("() => document.documentElement.scrollWidth - innerWidth")
    assert wide <= 0


def test_a_phone_needs_no_sideways_scroll(open_page: Any) -> None:
    page = open_page(FOUNDING, width=390, height=844, is_mobile=True, has_touch=True)
    assert page.evaluate("() => document.documentElement.scrollWidth") <= 390
    for selector in ("#compare", "#map", "#row-instc-west", "#detail"):
        box = page.locator(selector).bounding_box()
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= 390
    page.tap("#row-instc-west .way")
    assert "INSTC" in page.inner_text("#detail-title")


@pytest.mark.parametrize(
    ("path", "options"),
    [
        (FOUNDING, {}),
        (FOUNDING + "&if=suez-blocked-2021&tab=lawtab", {"color_scheme": "dark"}),
        (FOUNDING + "&lang=fa&law=us", {}),
        (FOUNDING + "&tab=tcd", {"width": 390, "height": 844}),
        (FOUNDING + "&via=suez&flag=PA&lang=hi", {"width": 390, "height": 844}),
        ("/", {}),
        ("/?from=Astara&to=Moscow", {"color_scheme": "dark"}),
    ],
)
def test_axe_finds_nothing_serious(open_page: Any, path: str, options: dict[str, Any]) -> None:
    page = open_page(path, bypass_csp=True, **options)
    page.add_script_tag(content=AXE.read_text(encoding="utf-8"))
    found = page.evaluate("async () => (await axe.run()).violations")
    serious = [
        (rule["id"], [node["html"][:120] for node in rule["nodes"]][:4])
        for rule in found
        if rule["impact"] in ("serious", "critical")
    ]
    assert serious == [], json.dumps(serious, indent=1)


def test_no_file_beside_the_page_is_served(open_page: Any, server: Any) -> None:
    page = open_page("/")
    for path in ("/web/../api/app.py", "/web/%2e%2e/api/app.py", "/web/vendor", "/web/nothing.js"):
        assert page.request.get(server.address + path).status == 404
    policy = page.request.get(server.address + "/").headers["content-security-policy"]
    assert "default-src 'self'" in policy
    assert "unsafe-eval" not in policy
