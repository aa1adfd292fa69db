"""What the small script adds, and that it adds nothing else: the server's way stays the measure."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import nullcontext
from typing import Any

import pytest
from browser.states import enter, fill, press, tick
from playwright.sync_api import Dialog, Page, expect
from respondent import journey_bundle, sample_bundle, texts_bundle

from survey.questionnaire import Bundle

RANKING = """() => [...document.querySelectorAll("select")].map(select =>
    [select.name, select.value, select.closest(".card").classList.contains("placed")]).sort()"""
BUTTONS = """() => [...document.querySelectorAll(".clear")].map(one => one.hidden)"""

PRESSES = {
    "an empty list": ({}, "up:c up:b up:b up:a down:c down:c up:d up:d down:b down:d"),
    "a full list": ({"a": "1", "b": "2", "c": "3"}, "up:d down:a up:b down:d"),
    "ties": ({"d": "2", "b": "2", "a": "2", "c": "2"}, "up:a down:b"),
    "a gap": ({"c": "3"}, "up:b down:c up:c"),
}
"""Places chosen in the lists, then presses; up on a full list pushes an entry out."""


def moved(page: Page, places: dict[str, str], presses: str, *, sends: bool) -> list[object]:
    """Places and status line after each press, which ``sends`` the page or stays in it."""
    for code, place in places.items():
        page.locator(f'[name="fields.{code}"]').select_option(place)
    seen: list[object] = []
    for one in presses.split():
        action, code = one.split(":")
        with page.expect_navigation() if sends else nullcontext():
            page.locator(f'button[value="{action}:fields.{code}"]').click()
        seen += [page.evaluate(RANKING), page.get_by_role("status").inner_text()]
        seen.append(page.evaluate(BUTTONS))
    return seen


@pytest.mark.parametrize("case", PRESSES)
def test_a_rank_moved_by_the_script_ends_where_the_server_puts_it_in_the_same_words(
    case: str, serve: Callable[[Bundle], Any], tab: Callable[..., Page]
) -> None:
    served = serve(sample_bundle())
    scripted, plain = tab(), tab(scripts=False)
    for page, code in zip((scripted, plain), served.city.codes(2), strict=True):
        enter(page, served.url, code)
    requests: list[str] = []
    scripted.on("request", lambda request: requests.append(request.url))
    plain.on("request", lambda request: requests.append(f"plain {request.url}"))
    places, presses = PRESSES[case]
    by_script = moved(scripted, places, presses, sends=False)
    assert by_script == moved(plain, places, presses, sends=True)
    assert {url.split()[0] for url in requests} == {"plain"}


def test_a_rank_moved_by_the_script_takes_back_a_reason_keeps_the_focus_and_is_sent(
    serve: Callable[[Bundle], Any], tab: Callable[..., Page]
) -> None:
    served = serve(sample_bundle())
    page = tab()
    enter(page, served.url, served.city.codes(1)[0])
    tick(page, "fields", "dk")
    arrow = page.get_by_role("button", name="Ausstattung: höher")
    arrow.click()
    expect(arrow).to_be_focused()
    expect(page.get_by_label("Kann ich nicht beurteilen")).not_to_be_checked()
    press(page, "next")
    press(page, "back")
    expect(page.get_by_label("Ausstattung", exact=True)).to_have_value("1")


def test_on_a_page_with_mistakes_the_server_moves_the_rank(
    serve: Callable[[Bundle], Any], tab: Callable[..., Page]
) -> None:
    served = serve(sample_bundle())
    page = tab()
    enter(page, served.url, served.city.codes(1)[0])
    page.get_by_label("Ausstattung", exact=True).select_option("3")
    press(page, "next")
    expect(page.get_by_role("alert")).to_be_visible()
    press(page, "up:fields.c")
    expect(page.get_by_role("alert")).to_have_count(0)
    expect(page.get_by_label("Ausstattung", exact=True)).to_have_value("1")


def _noted_questions(page: Page) -> list[str]:
    """The kinds of dialogs that a page opens from now on; each is accepted."""
    asked: list[str] = []

    def accept(dialog: Dialog) -> None:
        asked.append(dialog.type)
        dialog.accept()

    page.on("dialog", accept)
    return asked


def test_leaving_with_answers_that_are_not_sent_asks_first(
    serve: Callable[[Bundle], Any], tab: Callable[..., Page]
) -> None:
    served = serve(journey_bundle())
    page = tab()
    asked = _noted_questions(page)
    page.goto(served.url)
    press(page, "begin")
    page.get_by_role("heading", level=1).click()
    page.reload()
    assert asked == []
    tick(page, "means", "bike")
    press(page, "next")
    press(page, "lang:en")
    assert asked == []
    page.get_by_role("heading", level=1).click()
    page.goto(served.url)
    assert asked == ["beforeunload"]
    press(page, "begin")
    tick(page, "means", "never")
    page.goto(served.url)
    assert asked == ["beforeunload"] * 2


def test_after_sending_nothing_asks(
    serve: Callable[[Bundle], Any], tab: Callable[..., Page]
) -> None:
    served = serve(texts_bundle())
    page = tab()
    asked = _noted_questions(page)
    page.goto(served.url)
    press(page, "read:t1")
    tick(page, "t1_1.stance", "fits")
    for go in ("next", "next", "submit"):
        press(page, go)
    page.get_by_role("heading", level=1).click()
    page.goto(served.url)
    assert asked == []


@pytest.mark.parametrize(
    ("language", "left", "over"),
    [
        ("de", "Noch 1 Zeichen möglich.", "1 Zeichen zu viel."),
        ("en", "Up to 1 more characters.", "1 characters too many."),
    ],
)
def test_the_script_says_how_much_may_still_be_written(
    language: str, left: str, over: str, serve: Callable[[Bundle], Any], tab: Callable[..., Page]
) -> None:
    served = serve(journey_bundle())
    page = tab()
    page.goto(f"{served.url}?lang={language}")
    press(page, "begin")
    tick(page, "means", "never")
    press(page, "next")
    status = page.locator('[data-field="wish"]')
    for length, sentence in ((100, ""), (199, left), (201, over)):
        fill(page, wish="😀" * length)
        expect(status).to_have_text(sentence)


def test_a_script_that_is_written_into_a_page_does_not_run(
    serve: Callable[[Bundle], Any], tab: Callable[..., Page]
) -> None:
    page = tab()
    page.goto(serve(journey_bundle()).url)
    page.evaluate("""() => {
        const inline = document.createElement("script"), foreign = document.createElement("script");
        inline.textContent = "document.title = 'ran'";
        foreign.src = "data:text/javascript,document.title='ran'";
        document.head.append(inline, foreign);
    }""")
    page.wait_for_timeout(200)
    assert page.title() == "Unterwegs in der Stadt"
