"""Pages on which something has failed speak another language at a press, and lose nothing."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from html import unescape
from pathlib import Path
from re import findall

import pytest
from respondent import HERE, City, heading, journey_bundle, make_city, state_of
from werkzeug.test import TestResponse

from survey import links
from survey.app import create_app
from survey.settings import Settings

Pairs = list[tuple[str, str]]


@pytest.fixture
def city(tmp_path: Path) -> City:
    """A real study without codes, where four may begin at once and then one a minute."""
    made = make_city(tmp_path / "home", journey_bundle(), demo=False)
    app = create_app(Settings(made.home.path, begins_per_minute=1))
    return City(made.home, app.test_client(use_cookies=False), made.study_id)


def hidden(page: TestResponse) -> Pairs:
    """The hidden fields of a page's form, in their order."""
    pairs = findall(r'type="hidden" name="([^"]*)" value="([^"]*)"', page.text)
    return [(name, unescape(value)) for name, value in pairs]


def press(city: City, page: TestResponse, go: str = "") -> TestResponse:
    """Send a page's form by a button, which stands before the hidden fields or is none."""
    pairs = [*([("go", go)] if go else []), *hidden(page)]
    data: dict[str, list[str]] = {}
    for name, value in pairs:
        data.setdefault(name, []).append(value)
    return city.client.post(city.address, data=data, headers=HERE)


def language(page: TestResponse) -> str:
    (found,) = findall(r'<html lang="([^"]*)"', page.text)
    return str(found)


def to_review(city: City) -> TestResponse:
    page = city.begin()
    while "Endgültig absenden" not in page.text:
        page = city.turn(page, {})
    return page


@contextmanager
def away(city: City) -> Iterator[None]:
    """The urn is not there for a while."""
    file = city.home.database_file
    aside = file.with_name("aside")
    links.disconnect()
    file.rename(aside)
    file.mkdir()
    try:
        yield
    finally:
        file.rmdir()
        aside.rename(file)


@pytest.mark.parametrize("trap", ["", "https://spam.example"], ids=["quick", "trap"])
def test_a_page_that_asks_for_patience_changes_its_language_and_sends_nothing_meanwhile(
    city: City, trap: str
) -> None:
    waiting = city.turn(to_review(city), {"homepage": trap} if trap else {}, "submit")
    assert (language(waiting), heading(waiting)) == ("de", "Bitte einen Moment")
    told = press(city, press(city, waiting, "lang:tr"), "lang:en")
    assert (language(told), heading(told)) == ("en", "One moment, please")
    assert told.status_code == waiting.status_code
    assert told.headers.get("Retry-After") == waiting.headers.get("Retry-After")
    assert {name for name, _ in hidden(told)} == {"lang", *(name for name, _ in hidden(waiting))}
    assert city.count() == 0
    after = press(city, told)
    assert language(after) == "en"
    assert city.count() == 0


def test_whoever_waits_to_begin_keeps_the_ticket_in_the_other_language(city: City) -> None:
    for _ in range(4):
        city.begin()
    waiting = city.begin()
    told = press(city, waiting, "lang:en")
    assert (told.status_code, language(told)) == (429, "en")
    assert dict(hidden(told))["ticket"] == dict(hidden(waiting))["ticket"]
    assert dict(hidden(told))["lang"] == "en"


def test_while_the_urn_is_away_the_page_changes_its_language_and_still_sends(city: City) -> None:
    page = city.begin()
    page = city.turn(page, {})
    with away(city):
        failed = city.turn(page, {"count": "7", "lang": "de"}, "next")
        told = press(city, press(city, failed, "lang:de-leicht"), "lang:en")
        assert (told.status_code, language(told)) == (503, "en")
    kept = dict(hidden(told))
    assert (kept["go"], kept["count"], kept["lang"]) == ("next", "7", "en")
    assert language(press(city, told)) == "en"
    with away(city):
        switching = city.turn(page, {"count": "7", "lang": "de"}, "lang:en")
        assert (switching.status_code, language(switching)) == (503, "en")
    again = press(city, switching)
    assert (language(again), heading(again)) == ("en", "Your journeys")
    assert 'value="7"' in again.text


def test_notices_change_their_language_whether_an_address_or_a_form_has_led_to_them(
    city: City,
) -> None:
    lost = city.client.get("/s/nowhere/?lang=en")
    assert (lost.status_code, language(lost)) == (404, "en")
    assert 'href="?lang=de-leicht"' in lost.text
    state = state_of(city.begin())
    damaged = city.send({"go": "next", "state": state[:-8] + "AAAAAAA=", "lang": "de"})
    told = press(city, damaged, "lang:en")
    assert (damaged.status_code, told.status_code, language(told)) == (400, 400, "en")
    assert f'href="{city.address}?lang=en"' in told.text
    foreign = city.client.post(
        city.address, data={"lang": "de"}, headers={**HERE, "Sec-Fetch-Site": "cross-site"}
    )
    told = press(city, foreign, "lang:en")
    assert (foreign.status_code, told.status_code, language(told)) == (403, 403, "en")


def test_the_list_of_studies_speaks_the_languages_of_the_interface(tmp_path: Path) -> None:
    client = create_app(Settings(tmp_path / "empty")).test_client()
    page = client.get("/?lang=en")
    assert language(page) == "en"
    assert "Surveys" in page.text
    assert 'href="?lang=de"' in page.text
    assert language(client.get("/?lang=nonsense")) == "de"
