"""Every state of the respondent pages, through a client without cookies."""

from __future__ import annotations

import gzip
import re
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, datetime
from html import unescape
from pathlib import Path

import html5lib
import pytest
from respondent import (
    ANSWERS,
    HERE,
    City,
    Fields,
    heading,
    make_city,
    open_bundle,
    sample_bundle,
    state_of,
    without_script,
)
from werkzeug.test import TestResponse

from survey import links
from survey.app import create_app
from survey.errors import StudyStateError
from survey.promise import promise_sheet
from survey.settings import Settings
from survey.studies import add_study, close_study, load_study, open_study

UNKNOWN_CODE = "2222-2222-2222-2"


@pytest.fixture
def city(tmp_path: Path) -> City:
    return make_city(tmp_path / "home", sample_bundle())


@pytest.fixture
def square(tmp_path: Path) -> City:
    """A study without codes."""
    return make_city(tmp_path / "home", open_bundle(), demo=False)


def fetched(city: City, address: str) -> TestResponse:
    """A static file as a browser loads it; the file behind it is closed."""
    response = city.client.get(address, headers={"Accept-Encoding": "gzip"})
    assert response.data
    response.close()
    return response


def checked(text: str) -> set[tuple[str, str]]:
    """Name and value of everything that is ticked."""
    pattern = r'<input[^>]*name="([^"]*)" value="([^"]*)" checked'
    return set(re.findall(pattern, text))


# -- the whole way -------------------------------------------------------------------------


def test_a_person_answers_every_page_and_the_urn_holds_one_more_ballot(city: City) -> None:
    (code,) = city.codes(1)
    review = city.to_review(code)
    assert heading(review) == "Prüfen und absenden"
    assert city.count() == 0
    thanks = city.turn(review, {}, "submit")
    assert (thanks.status_code, city.count()) == (200, 1)
    assert "Vielen Dank" in heading(thanks)


def test_the_review_shows_every_answer_in_words(city: City) -> None:
    text = unescape(city.to_review(city.codes(1)[0]).text)
    for words in (
        'class="row">1:</span> Digitale Verfahren',
        'class="row">2:</span> Führung & Zusammenarbeit',
        'class="group">Wichtigkeit</span><span class="row">zügig:</span> sehr wichtig',
        'class="group">Heute</span><span class="row">zügig:</span> gar nicht gut',
        'class="row">Für alle da.</span> weiß nicht',
        "Weniger Wege & mehr <Zeit>.\nDanke!",
        "Grünflächen",
        "im Büro",
        "draußen",
    ):
        assert words in text


def test_everything_may_stay_empty_and_the_review_says_once_what_is(city: City) -> None:
    page = city.begin(city.codes(1)[0])
    for _ in ANSWERS:
        page = city.turn(page, {})
    assert heading(page) == "Prüfen und absenden"
    assert page.text.count("Noch ohne Antwort") == 1
    assert city.turn(page, {}, "submit").status_code == 200
    assert city.count() == 1


def test_a_full_review_does_not_speak_of_empty_questions(city: City) -> None:
    assert "Noch ohne Antwort" not in city.to_review(city.codes(1)[0]).text


def test_back_and_forth_keeps_what_was_answered(city: City) -> None:
    first = city.begin(city.codes(1)[0])
    second = city.turn(first, ANSWERS[0])
    again = city.turn(second, ANSWERS[1], "back")
    assert '<option value="1" selected>' in again.text
    second = city.turn(again, ANSWERS[0])
    assert ("quality.importance.quick", "3") in checked(second.text)
    assert ("motto.one", "dk") in checked(second.text)


def test_an_answer_changed_from_the_review_leads_back_to_the_review(city: City) -> None:
    review = city.to_review(city.codes(1)[0])
    page = city.turn(review, {}, "edit:3")
    assert heading(page) == "Angaben zur Arbeit"
    assert checked(page.text) == {("dept", "parks"), ("places", "office"), ("places", "outside")}
    assert "Weiter zur Übersicht" in page.text
    review = city.turn(page, {"dept": "library"})
    assert heading(review) == "Prüfen und absenden"
    assert "Büchereien" in review.text
    assert "im Büro" not in review.text


def test_one_answer_can_be_taken_back_without_losing_the_others_of_the_page(city: City) -> None:
    page = city.turn(city.to_review(city.codes(1)[0]), {}, "edit:2")
    page = city.turn(page, {"means": "2", "words": "bleibt"}, "clear:means")
    assert checked(page.text) == set()
    assert "bleibt</textarea>" in page.text


def test_a_made_up_move_changes_nothing_and_breaks_nothing(city: City) -> None:
    page = city.begin(city.codes(1)[0])
    for go in ("up:fields", "down:fields", "up:fields.nobody", "up:"):
        answer = city.turn(page, {}, go)
        assert answer.status_code == 200
        assert heading(answer) == heading(page)


def test_an_address_without_its_slash_leads_to_the_one_with_it_on_the_same_server(
    city: City,
) -> None:
    answer = city.client.get(city.address.rstrip("/"))
    assert answer.status_code == 308
    assert answer.headers["Location"] == city.address


# -- codes ---------------------------------------------------------------------------------


def test_a_used_code_gets_the_same_page_as_an_unknown_one(city: City) -> None:
    (code,) = city.codes(1)
    city.turn(city.to_review(code), {}, "submit")
    used, unknown = city.begin(code), city.begin(UNKNOWN_CODE)
    assert used.data == unknown.data
    assert used.status_code == unknown.status_code
    assert heading(used) == "Mit diesem Code geht es nicht weiter"
    assert city.count() == 1


def test_a_mistyped_code_is_called_a_typing_error_and_stays_in_the_field(city: City) -> None:
    (code,) = city.codes(1)
    typed = code[:-1] + ("2" if code[-1] != "2" else "3")
    page = city.begin(typed)
    assert page.status_code == 422
    assert "<title>Fehler: " in page.text
    assert "ist ein Tippfehler" in page.text
    assert f'value="{typed}"' in page.text
    assert 'aria-describedby="code-hinweis code-fehler"' in page.text


def test_an_empty_code_field_asks_for_the_code(city: City) -> None:
    assert "Bitte geben Sie Ihren Zugangscode ein." in city.begin("  ").text


def test_a_code_may_be_typed_small_and_without_hyphens(city: City) -> None:
    (code,) = city.codes(1)
    assert heading(city.begin(code.replace("-", "").lower())) == "Themenfelder"


def test_a_typing_error_in_the_second_code_keeps_the_answers_too(city: City) -> None:
    code, other = city.codes(2)
    review = city.to_review(code)
    city.turn(city.to_review(code), {}, "submit")
    page = city.turn(city.turn(review, {}, "submit"), {"code": "ABC"}, "begin")
    assert "ist ein Tippfehler" in page.text
    page = city.turn(page, {"code": other, "first_code": code}, "begin")
    assert "Grünflächen" in page.text


# -- resends, tabs, shared devices -----------------------------------------------------------


def test_two_sends_of_one_page_store_one_ballot_and_both_say_thanks(city: City) -> None:
    review = city.to_review(city.codes(1)[0])
    first, second = (city.turn(review, {}, "submit") for _ in range(2))
    assert first.data == second.data
    assert city.count() == 1


def test_two_tabs_with_one_code_store_one_ballot(city: City) -> None:
    (code,) = city.codes(1)
    left, right = city.to_review(code), city.to_review(code)
    assert city.turn(left, {}, "submit").status_code == 200
    assert city.turn(right, {}, "submit").status_code == 422
    assert city.count() == 1


def test_a_page_from_before_a_restart_of_the_server_goes_on(tmp_path: Path) -> None:
    before = make_city(tmp_path / "home", sample_bundle())
    review = before.to_review(before.codes(1)[0])
    after = City(before.home, create_app(Settings(before.home.path)).test_client(), "sample")
    assert after.turn(review, {}, "submit").status_code == 200
    assert after.count() == 1


def test_the_back_button_on_a_shared_device_shows_nobody_the_answers_of_another(
    city: City,
) -> None:
    code, other = city.codes(2)
    review = city.to_review(code)
    page_before = city.turn(review, {}, "back")
    city.turn(review, {}, "submit")
    for button in ("next", "back", "edit:3"):
        for page in (page_before, review):
            shown = city.turn(page, {}, button)
            assert "Grünflächen" not in shown.text
            assert "state" not in shown.text
    begun = city.turn(review, {"code": other}, "begin")
    assert heading(begun) == "Themenfelder"
    assert city.count() == 1


def test_in_an_open_study_a_sent_page_counts_once_and_offers_to_start_anew(tmp_path: Path) -> None:
    square = make_city(tmp_path / "home", open_bundle())
    review = square.to_review()
    assert square.turn(review, {}, "submit").status_code == 200
    assert "Vielen Dank" in heading(square.turn(review, {}, "submit"))
    back = square.turn(review, {}, "back")
    assert heading(back) == "Diese Antworten sind schon abgesendet"
    assert "Grünflächen" not in back.text
    assert square.count() == 1
    assert square.turn(square.to_review(), {}, "submit").status_code == 200
    assert square.count() == 2


# -- ranking -------------------------------------------------------------------------------


def test_up_places_an_element_behind_the_others_and_says_so(city: City) -> None:
    page = city.turn(city.begin(city.codes(1)[0]), {"fields.b": "1"}, "up:fields.c")
    assert "„Ausstattung“ steht jetzt auf Platz 2 von 3." in page.text
    page = city.turn(page, {"fields.b": "1", "fields.c": "2"}, "up:fields.c")
    assert "„Ausstattung“ steht jetzt auf Platz 1 von 3." in page.text
    page = city.turn(page, {"fields.c": "1", "fields.b": "2"}, "down:fields.b")
    assert "„Digitale Verfahren“ hat jetzt keinen Platz." in page.text


def test_up_on_a_full_ranking_names_what_loses_its_place(city: City) -> None:
    full = {"fields.a": "1", "fields.b": "2", "fields.c": "3"}
    page = city.turn(city.begin(city.codes(1)[0]), full, "up:fields.d")
    text = unescape(page.text)
    assert "„Führung & Zusammenarbeit“ steht jetzt auf Platz 3 von 3." in text
    assert "„Ausstattung“ hat keinen Platz mehr." in text


def test_a_tie_names_both_elements_at_the_field_and_in_the_summary(city: City) -> None:
    page = city.turn(city.begin(city.codes(1)[0]), {"fields.a": "1", "fields.b": "1"})
    assert page.status_code == 422
    assert page.text.count("„Service und Erreichbarkeit“ und „Digitale Verfahren“ stehen") == 2
    assert 'href="#fields.b"' in page.text
    assert 'id="fields.b-fehler"' in page.text
    assert '<option value="1" selected>' in page.text


def test_a_gap_is_explained_and_moving_repairs_it(city: City) -> None:
    first = city.begin(city.codes(1)[0])
    page = city.turn(first, {"fields.a": "3"})
    assert "Platz 1 und Platz 2 sind noch frei." in page.text
    page = city.turn(page, {"fields.a": "3"}, "up:fields.b")
    assert "„Digitale Verfahren“ steht jetzt auf Platz 2 von 3." in page.text
    assert city.turn(page, {"fields.a": "1", "fields.b": "2"}).status_code == 200


def test_an_untouched_ranking_is_no_answer(city: City) -> None:
    page = city.turn(city.begin(city.codes(1)[0]), {f"fields.{c}": "" for c in "abcd"})
    for fields in ANSWERS[1:]:
        page = city.turn(page, fields)
    assert '<a class="kern-link" href="#fields-frage">Themenfelder</a>' in page.text


def test_the_shown_order_is_one_of_the_drawn_and_stays_for_the_person(city: City) -> None:
    def order(text: str) -> list[str]:
        return re.findall(r'<select[^>]*name="fields\.(.)"', text)

    codes = city.codes(12)
    begun = [city.begin(code) for code in codes]
    assert len({tuple(order(page.text)) for page in begun}) > 1
    page = city.turn(begun[0], {}, "up:fields.c")
    assert order(page.text) == order(begun[0].text)


# -- mistakes ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("place", "fields", "words"),
    [
        (2, {"words": "x" * 301}, "Bitte kürzen Sie ihn um 1 Zeichen"),
        (3, {"places": ["office", "neither"]}, "lässt sich nicht mit anderen Antworten"),
        (3, {"dept": "forged"}, "Keine gültige Auswahl"),
        (1, {"quality.today.quick": "9"}, "Keine gültige Auswahl"),
        (0, {"fields.a": "1", "fields": "dk"}, "Bitte entscheiden Sie sich"),
    ],
)
def test_a_mistake_is_said_in_german_at_its_field_and_nothing_is_lost(
    city: City, place: int, fields: Fields, words: str
) -> None:
    page = city.begin(city.codes(1)[0])
    for earlier in ANSWERS[:place]:
        page = city.turn(page, earlier)
    page = city.turn(page, fields)
    assert page.status_code == 422
    assert words in page.text
    assert page.text.index('id="fehler"') < page.text.index("<h1")
    (name,) = re.findall(r'<li><a class="kern-link" href="#([^"]*)">', page.text)
    assert f'id="{name}"' in page.text
    assert f'id="{name}-fehler"' in page.text


def test_what_was_typed_comes_back_escaped(city: City) -> None:
    page = city.begin(city.codes(1)[0])
    for fields in ANSWERS[:2]:
        page = city.turn(page, fields)
    page = city.turn(page, {"words": '</textarea><script>"&' + "x" * 300})
    assert "<script" not in without_script(page)
    assert "&lt;/textarea&gt;&lt;script&gt;&quot;&amp;" in page.text


def test_a_tampered_state_is_refused_and_stores_nothing(city: City) -> None:
    state = state_of(city.to_review(city.codes(1)[0]))
    damaged = state[:50] + ("A" if state[50] != "A" else "B") + state[51:]
    page = city.send({"go": "submit", "state": damaged})
    assert page.status_code == 400
    assert "lässt sich nicht fortsetzen" in heading(page)
    assert city.count() == 0


def test_unknown_buttons_and_fields_do_no_harm(city: City) -> None:
    page = city.begin(city.codes(1)[0])
    for button in ("nonsense", "up:words", "up:", "clear:fields", "edit:99", "submit"):
        assert city.turn(page, {"stranger": "1"}, button).status_code == 200
    review = city.to_review(city.codes(1)[0])
    for button in ("edit:99", "edit:-1", "edit:", "up:fields.a", "next"):
        assert heading(city.turn(review, {}, button)) == "Prüfen und absenden"
    assert city.count() == 0


# -- who may send, what is sent back ---------------------------------------------------------


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://elsewhere.example", "Sec-Fetch-Site": "cross-site"},
        {"Origin": "https://elsewhere.example"},
        {"Origin": "null", "Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Origin": "http://localhost.elsewhere.example"},
    ],
)
def test_a_form_on_a_foreign_page_is_refused(city: City, headers: dict[str, str]) -> None:
    review = city.to_review(city.codes(1)[0])
    page = city.send({"go": "submit", "state": state_of(review)}, headers)
    assert page.status_code == 403
    assert city.count() == 0


@pytest.mark.parametrize(
    "headers",
    [{}, {"Origin": "null"}, {"Origin": "null", "Sec-Fetch-Site": "same-origin"}, HERE],
)
def test_old_and_new_browsers_on_our_page_are_let_in(city: City, headers: dict[str, str]) -> None:
    review = city.to_review(city.codes(1)[0])
    assert city.send({"go": "submit", "state": state_of(review)}, headers).status_code == 200
    assert city.count() == 1


def test_no_response_ever_sets_a_cookie_and_every_one_is_protected(city: City) -> None:
    (code,) = city.codes(1)
    first = city.begin(code)
    review = city.to_review(code)
    responses = [
        city.client.get("/"),
        city.client.get(city.address),
        city.client.get("/nowhere"),
        first,
        city.turn(first, {"fields.a": "1", "fields.b": "1"}),
        review,
        city.turn(review, {}, "submit"),
        city.begin(code),
        city.begin("typo"),
        city.send({"state": "x"}),
        city.send({}, {"Sec-Fetch-Site": "cross-site"}),
    ]
    for response in responses:
        assert "Set-Cookie" not in response.headers
        policy = response.headers["Content-Security-Policy"]
        assert policy.startswith("default-src 'none'; style-src 'self'; script-src 'self';")
        assert "unsafe" not in policy
        assert response.headers["X-Content-Type-Options"] == "nosniff"
        assert response.headers["Referrer-Policy"] == "no-referrer"
        assert response.headers["Cross-Origin-Opener-Policy"] == "same-origin"
        assert response.headers["Cache-Control"] == "no-store"
        assert not re.search(
            r"<script|style=|onclick|https?://(?!localhost)", without_script(response)
        )


def test_pages_with_answers_are_not_compressed_and_the_start_page_is(city: City) -> None:
    accepting = {**HERE, "Accept-Encoding": "gzip, br"}
    start = city.client.get(city.address, headers=accepting)
    assert start.headers["Content-Encoding"] == "gzip"
    first = city.send({"go": "begin", "code": city.codes(1)[0]}, accepting)
    assert "Content-Encoding" not in first.headers


def test_a_body_beyond_the_limit_is_refused_with_advice(city: City) -> None:
    page = city.send({"go": "next", "state": "x" * 300_000})
    assert page.status_code == 413
    assert heading(page) == "Das ist zu viel auf einmal"


def test_a_first_visit_takes_at_most_four_requests_and_46_kilobytes(city: City) -> None:
    accepting = {"Accept-Encoding": "gzip"}
    start = city.client.get(city.address, headers=accepting)
    text = gzip.decompress(start.data).decode()
    linked = re.findall(r'(?:href|src)="(/static/[^"]*)"', text)
    files = [fetched(city, address) for address in linked]
    assert [file.status_code for file in files] == [200] * len(files)
    style = next(gzip.decompress(f.data).decode() for f in files if "css" in f.content_type)
    images = set(re.findall(r"url\(([^)]*)\)", style))
    files += [fetched(city, f"/static/{name}") for name in images]
    assert {file.status_code for file in files} == {200}
    assert len(linked) + 1 <= 4
    assert len(start.data) + sum(len(file.data) for file in files) <= 46_000
    for file in files:
        assert "immutable" in file.headers["Cache-Control"]
        assert "Set-Cookie" not in file.headers
        assert "Access-Control-Allow-Origin" not in file.headers


def test_further_pages_stay_below_12_kilobytes_compressed_and_64_on_the_wire(city: City) -> None:
    page = city.begin(city.codes(1)[0])
    for fields in ANSWERS:
        bare = page.text.replace(state_of(page), "")
        assert len(gzip.compress(bare.encode())) < 12_000
        assert len(page.data) < 64_000
        page = city.turn(page, fields)


# -- when it cannot go on --------------------------------------------------------------------


def test_a_closed_study_says_so_and_takes_nothing(city: City) -> None:
    review = city.to_review(city.codes(1)[0])
    close_study(city.home, city.study_id, datetime.now(UTC))
    assert heading(city.client.get(city.address)) == "Die Umfrage ist beendet"
    refused = city.turn(review, {}, "submit")
    assert (refused.status_code, heading(refused)) == (409, "Die Umfrage ist beendet")
    assert city.count() == 0


def test_a_draft_is_not_listed_and_says_that_it_has_not_begun(city: City) -> None:
    add_study(city.home, open_bundle(), study_id="later")
    assert heading(city.client.get("/s/later/")) == "Diese Umfrage hat noch nicht begonnen"
    assert city.client.get("/").headers["Location"] == city.address


def test_an_unknown_study_is_not_found(city: City) -> None:
    page = city.client.get("/s/nothing/")
    assert (page.status_code, heading(page)) == (404, "Diese Seite gibt es nicht")


def test_several_studies_are_listed_and_ended_ones_marked(city: City) -> None:
    add_study(city.home, open_bundle(), study_id="second", demo=True)
    open_study(city.home, "second", datetime.now(UTC))
    close_study(city.home, city.study_id, datetime.now(UTC))
    text = city.client.get("/").text
    assert text.index("/s/second/") < text.index(city.address)
    assert text.count("beendet") == 1


def test_an_installation_without_studies_says_so(tmp_path: Path) -> None:
    page = create_app(Settings(tmp_path / "empty")).test_client().get("/")
    assert "Zurzeit gibt es hier keine Umfrage." in page.text


def test_an_unreachable_urn_keeps_every_answer_in_the_page(city: City) -> None:
    page = city.begin(city.codes(1)[0])
    fields: Fields = {"fields.b": "1", "fields.d": "2"}
    file = city.home.database_file
    aside = file.with_name("aside")
    links.disconnect()
    file.rename(aside)
    file.mkdir()
    try:
        failed = city.turn(page, fields)
    finally:
        file.rmdir()
        aside.rename(file)
    assert failed.status_code == 503
    assert "Ihre Antworten sind nicht verloren" in failed.text
    assert failed.headers["Retry-After"]
    kept = dict(re.findall(r'type="hidden" name="([^"]*)" value="([^"]*)"', failed.text))
    assert kept == {"go": "next", "state": state_of(page), **fields}
    assert heading(city.send(kept)) == "Eigenschaften"


# -- the page as such -------------------------------------------------------------------------


def test_every_page_is_valid_html_with_unique_ids_and_one_heading(city: City) -> None:
    (code,) = city.codes(1)
    pages = [city.client.get(city.address), city.begin("typo"), city.begin(UNKNOWN_CODE)]
    page = city.begin(code)
    for fields in ANSWERS:
        pages.append(page)
        page = city.turn(page, fields)
    tie = city.turn(city.begin(code), {"fields.a": "1", "fields.b": "1"})
    pages += [page, tie, city.turn(page, {}, "submit"), city.client.get("/nowhere")]
    for page in pages:
        html5lib.HTMLParser(strict=True).parse(page.text)
        ids = re.findall(r'\bid="([^"]*)"', page.text)
        assert len(ids) == len(set(ids))
        assert page.text.count("<h1") == 1
        assert '<html lang="de">' in page.text
        described = " ".join(
            re.findall(r'(?:aria-describedby|aria-labelledby)="([^"]*)"', page.text)
        )
        assert set(described.split()) <= set(ids)
        assert set(re.findall(r'<label[^>]*for="([^"]*)"', page.text)) <= set(ids)
        assert not re.search("[\x02\x03\x1f]", page.text)


def test_the_first_button_of_every_form_means_onward(city: City) -> None:
    page = city.begin(city.codes(1)[0])
    for fields in ANSWERS:
        (first, *_) = re.findall(r'<button[^>]*name="go" value="([^"]*)"', page.text)
        assert first == "next"
        page = city.turn(page, fields)
    (first, *_) = re.findall(r'<button[^>]*name="go" value="([^"]*)"', page.text)
    assert first == "submit"


def test_the_start_page_says_what_a_study_owes(city: City) -> None:
    text = unescape(city.client.get(city.address).text)
    for words in (
        "Wir möchten wissen, was zuerst zählt.",
        "Die Teilnahme ist freiwillig.",
        "Beispielstadt",
        "alle Beschäftigten",
        "etwa 3 Minuten",
        "Donnerstag, 21. Mai 2099, 18:00 Uhr",
        "Telefon 0000\N{NO-BREAK SPACE}12345",
        "Die Antworten werden drei Jahre aufbewahrt.",
        "Gruppen ab zehn Antworten.",
        "nicht wiederfinden, ändern oder löschen",
        "Vorführung.",
        "Der Rat berät im Herbst",
    ):
        assert words in text


def test_a_study_that_is_no_demo_carries_no_banner_and_names_its_seal(square: City) -> None:
    text = square.client.get(square.address).text
    assert "Vorführung" not in text
    assert "versiegelt" in text
    assert 'name="code"' not in text


def test_the_start_page_links_a_sheet_drawn_from_the_study_that_says_what_is_not_promised(
    city: City,
) -> None:
    start = city.client.get(city.address)
    (link,) = re.findall(r'href="(/s/[^"]*/promise)"', start.text)
    sheet = city.client.get(link)
    assert (sheet.status_code, heading(sheet)) == (
        200,
        "Was diese Umfrage verspricht und was nicht",
    )
    stored = load_study(city.home, city.study_id)
    said = promise_sheet(stored, links.kind(city.home), ())
    text = unescape(sheet.text)
    for section in said.sections:
        assert section.title in text
        assert all(point in text for point in section.points)
    assert "Was nicht versprochen wird" in text
    assert city.client.get("/s/nothing/promise").status_code == 404


def test_a_start_page_without_announced_minutes_names_the_estimate(tmp_path: Path) -> None:
    bundle = open_bundle()
    silent = replace(bundle, main=bundle.main.replace("  minutes: 3\n", ""))
    text = make_city(tmp_path / "home", silent).client.get("/s/sample/").text
    (minutes,) = re.findall(r"etwa (\d+) Minuten", text)
    assert 2 <= int(minutes) <= 6


def test_thanks_carry_no_number_no_code_and_no_answer(city: City) -> None:
    (code,) = city.codes(1)
    text = city.turn(city.to_review(code), {}, "submit").text
    main = text[text.index("<main") : text.index("</main>")]
    assert not re.search(r"\d", re.sub(r"<[^>]*>", "", main))
    assert code not in text
    assert "Grünflächen" not in text


def test_the_door_of_an_unknown_study_stays_shut(city: City) -> None:
    with pytest.raises(StudyStateError):
        city.client.application.extensions["doors"].find("nothing")


def test_the_web_process_imports_no_statistics_no_pdf_and_no_sqlalchemy() -> None:
    script = (
        "import sys, survey.app, survey.commands.serve; "
        "print(*(n for n in ('numpy', 'scipy', 'pandas', 'statsmodels', 'matplotlib', "
        "'weasyprint', 'reports', 'sqlalchemy', 'asyncio') if n in sys.modules))"
    )
    result = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True)
    assert (result.returncode, result.stdout.strip()) == (0, "")
