"""Back, reload, double click, two tabs, a shared device: what a real browser does, by ballots."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from browser.states import away, enter, fill, press, tick
from browser.test_accessibility import Watch
from playwright.sync_api import Error, Page, expect
from respondent import open_bundle, sample_bundle

from survey.pace import BUDGETS, CODES, Budget
from survey.questionnaire import Bundle

Serve = Callable[[Bundle], Any]
Tab = Callable[..., Page]
OWN = "Mehr Bänke im Innenhof."
THANKS = "Vielen Dank. Ihre Antworten sind angekommen."
UNUSABLE = "Mit diesem Code geht es nicht weiter"
SCRIPTS = pytest.mark.parametrize("scripts", [True, False])


def to_review(page: Page, url: str, code: str = "") -> None:
    """Answer every page, with words that nobody else would write."""
    if code:
        enter(page, url, code)
    else:
        page.goto(url)
        press(page, "begin")
    page.locator('[name="fields.b"]').select_option("1")
    press(page, "next")
    press(page, "next")
    fill(page, words=OWN)
    press(page, "next")
    tick(page, "dept", "parks")
    press(page, "next")


def go_back(page: Page) -> Page:
    """The browser's back button, and "yes" where it asks whether to send again.

    Nothing of ours is in the browser's cache, so Chromium shows its own page first; the reload
    of that page is what a press on "send again" does.
    """
    try:
        page.go_back()
    except Error as refused:
        assert "ERR_CACHE_MISS" in str(refused)  # noqa: PT017
        confirm(page)
    return page


def confirm(page: Page) -> None:
    """Send again, as soon as the browser's own page is there."""
    for patience in range(40, -1, -1):
        try:
            page.reload()
            return
        except Error:
            if not patience:
                raise
            page.wait_for_timeout(250)


def heading(page: Page) -> str:
    return page.locator("h1").inner_text()


@SCRIPTS
def test_reload_of_the_thanks_page_sends_again_and_counts_once(
    serve: Serve, tab: Tab, scripts: bool
) -> None:
    served = serve(sample_bundle())
    page = tab(scripts=scripts)
    to_review(page, served.url, served.city.codes(1)[0])
    press(page, "submit")
    for _ in range(2):
        page.reload()
        assert heading(page) == THANKS
    assert served.city.count() == 1


@SCRIPTS
def test_reload_of_every_page_keeps_the_answers(serve: Serve, tab: Tab, scripts: bool) -> None:
    served = serve(sample_bundle())
    page = tab(scripts=scripts)
    enter(page, served.url, served.city.codes(1)[0])
    page.reload()
    page.locator('[name="fields.b"]').select_option("1")
    for _ in range(2):
        press(page, "next")
        page.reload()
    fill(page, words=OWN)
    press(page, "next")
    page.reload()
    press(page, "next")
    page.reload()
    expect(page.get_by_text(OWN)).to_be_visible()
    press(page, "submit")
    (cast,) = served.city.ballots()
    assert cast.answers["words"] == OWN


@SCRIPTS
def test_a_double_click_on_send_counts_once(serve: Serve, tab: Tab, scripts: bool) -> None:
    served = serve(open_bundle())
    page = tab(scripts=scripts)
    to_review(page, served.url)
    page.locator('button[value="submit"]:not([aria-hidden])').dblclick()
    expect(page.locator("h1")).to_have_text(THANKS)
    assert served.city.count() == 1


def test_two_tabs_of_one_person_count_once_and_the_second_says_so(serve: Serve, tab: Tab) -> None:
    served = serve(sample_bundle())
    (code,) = served.city.codes(1)
    left = tab(scripts=False)
    right = left.context.new_page()
    for page in (left, right):
        to_review(page, served.url, code)
    press(left, "submit")
    press(right, "submit")
    assert (heading(left), heading(right)) == (THANKS, UNUSABLE)
    assert served.city.count() == 1


@SCRIPTS
def test_the_browsers_back_button_loses_nothing_before_sending(
    serve: Serve, tab: Tab, scripts: bool
) -> None:
    served = serve(sample_bundle())
    page = tab(scripts=scripts)
    enter(page, served.url, served.city.codes(1)[0])
    page.locator('[name="fields.b"]').select_option("1")
    press(page, "next")
    press(page, "next")
    fill(page, words=OWN)
    press(page, "next")
    go_back(page)
    assert heading(page) == "Zum Schluss" or page.locator('[name="words"]').count()
    fill(page, words=OWN)
    press(page, "next")
    press(page, "next")
    press(page, "submit")
    (cast,) = served.city.ballots()
    assert cast.answers["words"] == OWN
    assert "fields" in cast.answers


@SCRIPTS
def test_back_on_a_shared_device_shows_the_second_person_nothing_of_the_first(
    serve: Serve, tab: Tab, scripts: bool
) -> None:
    served = serve(sample_bundle())
    code, other = served.city.codes(2)
    page = tab(scripts=scripts)
    to_review(page, served.url, code)
    press(page, "submit")
    for _ in range(4):
        go_back(page)
        text = page.content()
        assert OWN not in text
        assert "Grünflächen" not in text
    to_review(page, served.url, other)
    press(page, "submit")
    assert heading(page) == THANKS
    assert served.city.count() == 2


@SCRIPTS
def test_a_forgotten_second_tab_shows_the_next_person_nothing_and_takes_their_code(
    serve: Serve, tab: Tab, scripts: bool
) -> None:
    served = serve(sample_bundle())
    code, other = served.city.codes(2)
    page = tab(scripts=scripts)
    forgotten = page.context.new_page()
    for one in (forgotten, page):
        to_review(one, served.url, code)
    press(page, "submit")
    press(forgotten, "submit")
    assert heading(forgotten) == UNUSABLE
    fill(forgotten, code=other)
    press(forgotten, "begin")
    assert OWN not in forgotten.content()
    press(forgotten, "anew")
    assert heading(forgotten) == "Themenfelder"
    assert OWN not in forgotten.content()
    for _ in range(4):
        press(forgotten, "next")
    press(forgotten, "submit")
    assert served.city.count() == 2


def test_while_the_urn_is_away_the_page_keeps_everything_and_sends_it_later(
    serve: Serve, tab: Tab
) -> None:
    served = serve(sample_bundle())
    page = tab(scripts=False)
    to_review(page, served.url, served.city.codes(1)[0])
    with away(served.city.home):
        press(page, "submit")
        assert heading(page) == "Das hat gerade nicht geklappt"
    with page.expect_navigation():
        page.get_by_role("button", name="Noch einmal versuchen").click()
    assert heading(page) == THANKS
    assert served.city.count() == 1


def test_the_pages_of_these_failures_have_no_accessibility_fault(
    serve: Serve, tab: Tab, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(BUDGETS, CODES, Budget(2, 3600.0))
    served = serve(sample_bundle())
    code, other, third = served.city.codes(3)
    watch = Watch(tab(320))
    to_review(watch.page, served.url, code)
    served.city.turn(served.city.to_review(code), {}, "submit")
    press(watch.page, "submit")
    watch.judge("used code with unsent answers")
    fill(watch.page, code=other)
    press(watch.page, "begin")
    watch.judge("the first code is asked for")
    enter(watch.page, served.url, "2222-2222-2222-2")
    enter(watch.page, served.url, third)
    assert heading(watch.page) == "Bitte einen Moment"
    watch.judge("too many codes")
    watch.conclude(served.url)
