"""A whole survey by keyboard alone, without scripts and without a cookie."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise
from typing import Any

import pytest
from browser.states import shipped
from playwright.sync_api import Page, expect
from respondent import journey_bundle, sample_bundle, texts_bundle

from survey.questionnaire import Bundle

FOCUSED = """() => {
    const e = document.activeElement, s = getComputedStyle(e), box = e.getBoundingClientRect();
    return {tag: e.tagName, type: e.type || "", name: e.name || "", value: e.value || "",
            id: e.id, outline: s.outlineStyle + " " + s.outlineWidth,
            text: (e.textContent || "").trim(), top: box.top + scrollY,
            shown: box.width > 0 && box.bottom > 0 && box.top < innerHeight,
            place: [...document.querySelectorAll("*")].indexOf(e)};
}"""
MOST_STOPS = 400
SAME_ROW = 40
"""Pixels by which a stop may begin higher than the one before it: they stand side by side."""
TYPED = {"count": "0", "last.day": "3", "last.month": "2", "last.year": "2027"}
"""What is typed into one-line fields."""


Stop = dict[str, Any]
"""What has the focus, and where."""


def focused(page: Page) -> Stop:
    found: Stop = page.evaluate(FOCUSED)
    if not found["shown"]:  # scrolling to it may take a frame
        page.wait_for_timeout(200)
        found = page.evaluate(FOCUSED)
    return found


def send(page: Page) -> None:
    """Press Enter and wait for the page that answers."""
    with page.expect_navigation():
        page.keyboard.press("Enter")


def walk(page: Page, seen: list[Stop]) -> None:
    """Tab through one page, answer what comes, press the button onward."""
    placed, answered = 0, set()
    for _ in range(MOST_STOPS):
        page.keyboard.press("Tab")
        at = focused(page)
        seen.append(at)
        if at["tag"] == "SELECT" and placed < 3:
            placed += 1
            answered.add(at["name"].split(".")[0])
            for _ in range(placed):
                page.keyboard.press("ArrowDown")
        elif at["type"] in ("radio", "checkbox") and at["name"].split(".reason")[0] not in answered:
            answered.add(at["name"])
            page.keyboard.press("Space")
        elif at["tag"] == "TEXTAREA":
            page.keyboard.type("Weniger Formulare.")
        elif at["name"] in TYPED:
            answered.add(at["name"].split(".")[0])
            page.keyboard.type(TYPED[at["name"]])
        elif at["tag"] == "BUTTON" and at["value"] in ("next", "submit"):
            send(page)
            return
    raise AssertionError("the button onward cannot be reached by keyboard")


def check_order(stops: list[Stop]) -> None:
    """The focus goes through a page from top to bottom, past nothing twice, always to be seen."""
    assert stops[0]["text"] == "Zum Inhalt springen"
    for before, after in pairwise(stops):
        assert after["place"] > before["place"], (before, after)
        assert after["top"] >= before["top"] - SAME_ROW, (before, after)
    for stop in stops:
        assert stop["shown"], stop
        assert stop["outline"].split()[0] in ("solid", "double", "auto"), stop
        assert float(stop["outline"].split()[1].removesuffix("px")) >= 2, stop


def begin(page: Page, url: str, code: str) -> None:
    page.goto(url)
    page.get_by_label("Ihr Zugangscode").focus()
    page.keyboard.type(code)
    send(page)


def begin_open(page: Page, url: str, go: str) -> None:
    """Begin a study without codes."""
    page.goto(url)
    page.locator(f'button[value="{go}"]').focus()
    send(page)


@pytest.mark.parametrize("name", ["sample", "staff"])
def test_a_survey_is_answered_by_keyboard_alone_without_scripts(
    name: str, serve: Callable[[Bundle], Any], tab: Callable[..., Page]
) -> None:
    served = serve(sample_bundle() if name == "sample" else shipped(name))
    (code,) = served.city.codes(1)
    page, seen = tab(scripts=False), list[Stop]()
    begin(page, served.url, code)
    review = page.get_by_role("heading", level=1, name="Prüfen und absenden")
    heading = page.get_by_role("heading", level=1)
    titles = [heading.inner_text()]
    while not review.is_visible():
        stops: list[Stop] = []
        walk(page, stops)
        check_order(stops)
        seen += stops
        expect(heading).not_to_have_text(titles[-1])
        titles.append(heading.inner_text())
    expect(page.get_by_text("Noch ohne Antwort")).to_have_count(0)
    assert served.city.count() == 0
    walk(page, seen)
    expect(page.get_by_role("heading", level=1)).to_contain_text("Vielen Dank")
    assert served.city.count() == 1
    assert page.context.cookies() == []
    assert all(stop["outline"] != "none 0px" for stop in seen if stop["tag"] != "BODY"), seen

    begin(page, served.url, code)
    expect(heading).to_have_text("Mit diesem Code geht es nicht weiter")
    assert served.city.count() == 1


@pytest.mark.parametrize(
    ("bundle", "go"), [(journey_bundle, "begin"), (texts_bundle, "read:t1")], ids=["types", "text"]
)
def test_every_other_type_is_answered_by_keyboard_alone_without_scripts(
    bundle: Callable[[], Bundle], go: str, serve: Callable[[Bundle], Any], tab: Callable[..., Page]
) -> None:
    served = serve(bundle())
    page, seen = tab(scripts=False), []  # type: ignore[var-annotated]
    begin_open(page, served.url, go)
    review = page.get_by_role("heading", level=1, name="Prüfen und absenden")
    while not review.is_visible():
        walk(page, seen)
        expect(page.get_by_role("alert")).to_have_count(0)
    expect(page.get_by_text("Noch ohne Antwort")).to_have_count(0)
    walk(page, seen)
    expect(page.get_by_role("heading", level=1)).to_contain_text("Vielen Dank")
    assert served.city.count() == 1
    assert all(stop["outline"] != "none 0px" for stop in seen if stop["tag"] != "BODY"), seen


def test_enter_in_a_field_goes_on_and_never_switches_the_language(
    serve: Callable[[Bundle], Any], tab: Callable[..., Page]
) -> None:
    served = serve(journey_bundle())
    page = tab(scripts=False)
    begin_open(page, served.url, "begin")
    page.get_by_label("Rad & Roller").check()
    page.locator('[name="means.other"]').focus()
    send(page)
    heading = page.get_by_role("heading", level=1)
    expect(heading).to_have_text("Ihre Wege")
    page.locator('[name="count"]').focus()
    page.keyboard.type("7")
    page.get_by_role("button", name="English").focus()
    send(page)
    expect(heading).to_have_text("Your journeys")
    expect(page.locator('[name="count"]')).to_have_value("7")
    page.locator('[name="count"]').focus()
    send(page)
    expect(heading).to_have_text("By bicycle")


def test_enter_in_a_field_goes_on_and_never_moves_a_rank(
    serve: Callable[[Bundle], Any], tab: Callable[..., Page]
) -> None:
    served = serve(sample_bundle())
    page = tab(scripts=False)
    begin(page, served.url, served.city.codes(1)[0])
    page.get_by_label("Kann ich nicht beurteilen").focus()
    page.keyboard.press("Space")
    send(page)
    expect(page.get_by_role("heading", level=1)).to_have_text("Eigenschaften")


def test_a_moved_element_keeps_the_focus_and_says_where_it_stands(
    serve: Callable[[Bundle], Any], tab: Callable[..., Page]
) -> None:
    served = serve(sample_bundle())
    page = tab(scripts=False)
    begin(page, served.url, served.city.codes(1)[0])
    for place in (1, 1):
        page.get_by_role("button", name="Ausstattung: höher").focus()
        send(page)
        expect(page.get_by_role("status")).to_have_text(
            f"„Ausstattung“ steht jetzt auf Platz {place} von 3."
        )
    assert focused(page)["id"] == "fields.c-up"
    expect(page.get_by_label("Ausstattung", exact=True)).to_have_value("1")
    described = page.get_by_role("button", name="Ausstattung: höher")
    expect(described).to_have_accessible_description("„Ausstattung“ steht jetzt auf Platz 1 von 3.")


def test_after_a_mistake_the_focus_is_on_the_summary_and_its_link_leads_to_the_field(
    serve: Callable[[Bundle], Any], tab: Callable[..., Page]
) -> None:
    served = serve(sample_bundle())
    page = tab(scripts=False)
    begin(page, served.url, served.city.codes(1)[0])
    for label in ("Service und Erreichbarkeit", "Digitale Verfahren"):
        page.get_by_label(label, exact=True).select_option("1")
    page.get_by_role("button", name="Weiter").click()
    expect(page.get_by_role("alert")).to_be_visible()
    expect(page).to_have_title("Fehler: Themenfelder – Seite 1 von 4 – Wie arbeiten wir morgen?")
    assert focused(page)["id"] == "fehler"
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_label("Digitale Verfahren", exact=True)).to_be_focused()


def test_a_typing_error_in_the_code_moves_the_focus_to_the_summary(
    serve: Callable[[Bundle], Any], tab: Callable[..., Page]
) -> None:
    served = serve(sample_bundle())
    page = tab(scripts=False)
    begin(page, served.url, "ABCD")
    expect(page.get_by_role("alert")).to_contain_text("Tippfehler")
    assert focused(page)["id"] == "fehler"
