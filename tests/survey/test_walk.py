"""Routes, earlier answers in later texts, languages and reading studies, page by page."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from html import unescape
from pathlib import Path

import html5lib
import pytest
from respondent import (
    City,
    Fields,
    desk,
    heading,
    journey_bundle,
    make_city,
    state_of,
    step,
    texts_bundle,
    without_script,
)
from werkzeug.test import TestResponse

from survey.page_state import StateBox
from survey.studies import close_study

BIKE: Fields = {"means": "bike"}
LANGUAGES = ("de", "en", "de-leicht", "tr")


@pytest.fixture
def city(tmp_path: Path) -> City:
    return make_city(tmp_path / "home", journey_bundle())


@pytest.fixture
def library(tmp_path: Path) -> City:
    """A reading study."""
    return make_city(tmp_path / "home", texts_bundle())


def walk(city: City, *filled: Fields) -> TestResponse:
    """From the first page on, page after page filled and sent."""
    page = city.begin()
    for fields in filled:
        page = city.turn(page, fields)
    return page


def opened(city: City, page: TestResponse) -> dict[str, object]:
    """The answers that a page carries, hidden ones too."""
    box = StateBox(desk(city).state_key, city.study_id, desk(city).instrument)
    return dict(box.open(state_of(page)).answers)


def main(page: TestResponse) -> str:
    """What stands between the header and the footer."""
    text = unescape(page.text)
    return text[text.index("<main") : text.index("</main>")]


# -- routes --------------------------------------------------------------------------------


def test_pages_and_items_that_are_not_shown_are_left_out_forwards_and_back(city: City) -> None:
    page = walk(city, {"means": "never"})
    assert (heading(page), step(page)) == ("Vorschlag", "Seite 2 von 2")
    page = city.turn(page, {}, "back")
    assert (heading(page), step(page)) == ("Wege", "Seite 1 von 2")
    page = city.turn(page, {"means": "foot"})
    assert (heading(page), step(page)) == ("Ihre Wege", "Seite 2 von 3")
    assert 'name="count"' in page.text
    assert 'name="distance"' not in page.text
    page = city.turn(page, {})
    assert (heading(page), step(page)) == ("Vorschlag", "Seite 3 von 3")


def test_every_page_counts_only_what_is_shown_now(city: City) -> None:
    seen = [step(page) for page in (city.begin(), walk(city, BIKE), walk(city, BIKE, {}))]
    assert seen == ["Seite 1 von 3", "Seite 2 von 4", "Seite 3 von 4"]


def test_an_answer_on_a_path_that_was_left_is_kept_but_neither_shown_nor_sent(city: City) -> None:
    page = walk(city, BIKE, {"count": "3", "distance": "12,5"}, {"safety": "2"}, {"wish": "Mehr."})
    assert heading(page) == "Prüfen und absenden"
    page = city.turn(page, {}, "edit:0")
    page = city.turn(page, {"means": "never"})
    assert heading(page) == "Prüfen und absenden"
    assert "12,5" not in page.text
    assert "Ihre Wege" not in page.text
    assert "Sicherheit" not in page.text
    assert opened(city, page)["distance"] == "12.5"
    city.turn(page, {}, "submit")
    (cast,) = city.ballots()
    assert cast.answers == {"means": "never", "wish": "Mehr."}


def test_an_answer_on_a_path_that_was_left_is_back_when_the_path_is(city: City) -> None:
    page = walk(city, BIKE, {"distance": "12,5"}, {"safety": "2"})
    filled: tuple[Fields, ...] = ({}, {"safety": "2"}, {"distance": "12,5"})
    for fields in filled:
        page = city.turn(page, fields, "back")
    page = city.turn(city.turn(page, {"means": "never"}), {}, "back")
    page = city.turn(page, BIKE)
    assert 'value="12,5"' in page.text
    page = city.turn(page, {"distance": "12,5"})
    assert 'value="2" checked' in page.text


def test_a_field_that_is_not_shown_is_not_read(city: City) -> None:
    page = walk(city, {"means": "foot"}, {"distance": "7", "safety": "1", "count": "2"})
    assert opened(city, page) == {"means": "foot", "count": "2"}


def test_pages_that_a_change_brings_up_come_before_the_review(city: City) -> None:
    review = walk(city, {"means": "never"}, {"wish": "Mehr."})
    page = city.turn(city.turn(review, {}, "edit:0"), BIKE)
    assert heading(page) == "Ihre Wege"
    assert "Weiter zur Übersicht" in page.text
    page = city.turn(page, {"count": "1"})
    assert heading(page) == "Mit dem Rad"
    page = city.turn(page, {})
    assert heading(page) == "Prüfen und absenden"
    page = city.turn(city.turn(page, {}, "edit:0"), BIKE)
    assert heading(page) == "Prüfen und absenden"


def test_a_page_that_is_not_shown_cannot_be_changed_from_the_review(city: City) -> None:
    review = walk(city, {"means": "never"}, {})
    assert "edit:1" not in city.turn(review, {}).text.replace("hidden", "")
    assert heading(city.turn(review, {}, "edit:2")) == "Prüfen und absenden"


def test_back_from_the_review_leads_to_the_last_page_that_is_shown(city: City) -> None:
    assert heading(city.turn(walk(city, {"means": "never"}, {}), {}, "back")) == "Vorschlag"


# -- earlier answers ---------------------------------------------------------------------------


def test_a_later_text_shows_an_earlier_answer_escaped(city: City) -> None:
    page = walk(city, BIKE)
    assert "Es geht um: Rad &amp; Roller &lt;neu&gt;." in page.text
    assert "Wie viele Wege am Tag: Rad &amp; Roller &lt;neu&gt;?" in page.text
    words = '<b>Boot</b> & {{means}} "'
    page = walk(city, {"means": "other", "means.other": words})
    assert "&lt;b&gt;Boot&lt;/b&gt; &amp; {{means}} &quot;" in page.text
    assert "<b>" not in page.text


def test_an_unanswered_question_leaves_an_ellipsis(city: City) -> None:
    assert "Es geht um: …." in walk(city, {}).text


def test_the_review_shows_own_words_as_they_were_typed(city: City) -> None:
    page = walk(city, {"means": "foot"}, {}, {"wish": "{{means}} & <b>"})
    assert "{{means}} &amp; &lt;b&gt;" in page.text


def test_the_answer_is_mentioned_in_the_language_of_the_page(city: City) -> None:
    page = city.turn(walk(city, BIKE), {}, "lang:en")
    assert "This is about: Bicycle &amp; scooter &lt;new&gt;." in page.text


# -- the types -----------------------------------------------------------------------------------


def test_zero_is_an_answer_and_dates_and_own_words_come_back(city: City) -> None:
    first: Fields = {"reasons": ["quick", "more"], "reasons.more": "", "reasons.other": "Ruhe"}
    page = walk(
        city,
        {"means": "other", "means.other": "Boot", **first},
        {"count": "0", "last.day": "3", "last.month": "2", "last.year": "2027"},
        {"draft.stance": "change", "draft.comment": "Kürzer.", "wish": "Stege"},
    )
    text = main(page)
    for words in ("0 Wege", "3. Februar 2027", "Boot", "Ruhe", "ändern", "Kürzer.", "Stege"):
        assert words in text
    back = city.turn(page, {}, "edit:1")
    for field in ('name="count" value="0"', 'name="last.day" value="3"', 'value="2027"'):
        assert field in back.text
    assert 'name="means.other" value="Boot"' in city.turn(page, {}, "edit:0").text
    city.turn(page, {}, "submit")
    (cast,) = city.ballots()
    assert cast.answers == {
        "means": {"other": "Boot"},
        "reasons": {"quick": "", "more": "Ruhe"},
        "count": "0",
        "last": "2027-02-03",
        "draft": {"stance": "change", "comment": "Kürzer."},
        "wish": "Stege",
    }


def test_numbers_and_parts_of_a_date_ask_for_digits_and_no_stored_values(city: City) -> None:
    text = walk(city, BIKE).text
    fields = re.findall(r'<input class="kern-form-input__input"[^>]*>', text)
    modes = {re.findall(r'name="([^"]*)"', f)[0]: f for f in fields}
    assert 'inputmode="numeric"' in modes["count"]
    assert 'inputmode="decimal"' in modes["distance"]
    for part in ("last.day", "last.month", "last.year"):
        assert 'inputmode="numeric"' in modes[part]
        assert 'autocomplete="off"' in modes[part]


def test_a_passage_stands_beside_its_questions_with_its_number(city: City) -> None:
    text = walk(city, {"means": "never"}).text
    assert 'id="draft-nummer">Abschnitt 1</figcaption>' in text
    assert '<blockquote aria-labelledby="draft-nummer">Wer zu Fuß geht' in text
    assert '<span class="hidden">Abschnitt 1: </span>Wie stehen Sie' in text


def test_information_asks_nothing_and_is_not_in_the_review(city: City) -> None:
    first = city.begin()
    assert "Denken Sie bitte an die letzten vier Wochen." in first.text
    assert "Bevor es losgeht" not in walk(city, {"means": "never"}, {}).text


def test_only_what_cannot_be_emptied_by_hand_has_a_button_for_it(city: City) -> None:
    page = walk(city, {"means": "foot"})
    page = city.turn(page, {"count": "3", "last.reason": "dk"}, "lang:de")
    shown = re.findall(r'<div class="clear">\s*<button[^>]*value="clear:([^"]*)"', page.text)
    assert shown == ["last"]
    assert 'value="clear:distance"' not in page.text
    page = city.turn(page, {"count": "3", "last.day": "3", "last.reason": "dk"}, "clear:last")
    assert "checked" not in page.text
    assert 'name="last.day" value="3"' in page.text


def test_taking_back_a_choice_takes_its_own_words_too(city: City) -> None:
    page = city.turn(city.begin(), {"means": "other", "means.other": "Boot"}, "clear:means")
    assert "Boot" not in page.text
    assert "checked" not in page.text


@pytest.mark.parametrize(
    ("fields", "field", "words"),
    [
        ({"count": "41"}, "count", ("Möglich sind Zahlen von 0 bis 40", "numbers from 0 to 40")),
        ({"count": "viele"}, "count", ("eine Zahl in Ziffern", "a number in digits")),
        ({"count": "1", "count.reason": "dk"}, "count.reason", ("„weiß nicht“", "“don't know”")),
        ({"distance": "1,25"}, "distance", ("eine Stelle nach dem", "one decimal place")),
        ({"last.day": "1", "last.month": "2"}, "last.year", ("auch das Jahr", "the year too")),
        (
            {"last.day": "1", "last.month": "2", "last.year": "2025"},
            "last.day",
            ("vom 01.01.2026 bis zum 31.12.2027", "from 1 January 2026 to 31 December 2027"),
        ),
    ],
)
def test_a_mistake_is_said_at_its_field_in_the_language_of_the_page(
    city: City, fields: Fields, field: str, words: tuple[str, str]
) -> None:
    german = walk(city, BIKE)
    english = city.turn(german, {}, "lang:en")
    for page, sentence in zip((german, english), words, strict=True):
        wrong = city.turn(page, fields)
        assert wrong.status_code == 422
        text = unescape(wrong.text)
        assert f'href="#{field}"' in text
        assert f'id="{field}-fehler"' in text
        assert text.count(sentence) == 2


def test_a_mistake_is_said_in_plain_words_where_the_page_is_plain(city: City) -> None:
    page = city.turn(walk(city, BIKE), {"count": "41"}, "lang:de-leicht")
    page = city.turn(page, {"count": "41"})
    assert "Die Zahl muss zwischen 0 und 40 sein. Sie haben 41 geschrieben." in page.text


def test_forged_choices_are_refused_in_the_language_of_the_page(city: City) -> None:
    page = city.turn(city.turn(city.begin(), {}, "lang:en"), {"means": "forged"})
    assert "Not a valid choice." in page.text


# -- languages -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("language", "html", "title", "button"),
    [
        ("de", "de", "Unterwegs in der Stadt", "Umfrage beginnen"),
        ("en", "en", "Getting about in the city", "Begin the survey"),
        ("de-leicht", "de", "Wie kommen Sie durch die Stadt?", "Umfrage anfangen"),
        ("tr", "tr", "Şehirde yolda", "Begin the survey"),
        ("xx", "de", "Unterwegs in der Stadt", "Umfrage beginnen"),
        ("../../etc", "de", "Unterwegs in der Stadt", "Umfrage beginnen"),
    ],
)
def test_the_start_page_speaks_the_language_of_its_address(
    city: City, language: str, html: str, title: str, button: str
) -> None:
    page = city.client.get(f"{city.address}?lang={language}")
    assert f'<html lang="{html}">' in page.text
    assert (heading(page), button in page.text) == (title, True)


def test_the_start_page_links_every_language_with_its_name_in_itself(city: City) -> None:
    text = city.client.get(city.address).text
    assert '<a class="kern-link" href="?lang=en" lang="en" hreflang="en">English</a>' in text
    assert 'href="?lang=de-leicht" lang="de" hreflang="de">Einfache Sprache</a>' in text
    assert '<span class="kern-body kern-body--bold" lang="de" aria-current="true">Deutsch' in text


def test_a_survey_begun_in_a_language_goes_on_in_it_to_the_thanks_and_the_ballot(
    city: City,
) -> None:
    start = city.client.get(city.address + "?lang=en")
    (language,) = re.findall(r'name="lang" value="([^"]*)"', start.text)
    page = city.send({"go": "begin", "lang": language})
    for expected, fields in (
        ("Journeys", {"means": "never"}),
        ("Proposal", {"wish": "More."}),
        ("Check and send", {}),
    ):
        assert (heading(page), '<html lang="en">' in page.text) == (expected, True)
        go = "submit" if expected == "Check and send" else "next"
        page = city.turn(page, fields, go)
    assert heading(page) == "Thank you. Your answers have arrived."
    assert f'href="{city.address}?lang=en"' in page.text
    (cast,) = city.ballots()
    assert cast.language == "en"


def test_a_switch_keeps_the_page_and_everything_that_was_filled_in(city: City) -> None:
    page = walk(city, BIKE, {"count": "3"})
    page = city.turn(page, {}, "back")
    for language, title in (("en", "Your journeys"), ("tr", "Ihre Wege"), ("de", "Ihre Wege")):
        filled: Fields = {"count": "4", "distance": "unlesbar", "last.day": "9"}
        page = city.turn(page, filled, f"lang:{language}")
        assert page.status_code == 200
        assert title in heading(page)
        for field in ('name="count" value="4"', 'value="unlesbar"', 'name="last.day" value="9"'):
            assert field in page.text
    page = city.turn(city.turn(page, {"count": "4"}), {"safety": "1"})
    assert opened(city, page) == {"means": "bike", "count": "4", "safety": "1"}


def test_a_switch_on_the_review_keeps_it_and_says_the_answers_in_the_other_language(
    city: City,
) -> None:
    review = walk(city, BIKE, {"count": "0", "last.reason": "dk"}, {"safety": "3"}, {})
    text = main(city.turn(review, {}, "lang:en"))
    assert "Check and send" in text
    for words in ("Bicycle & scooter <new>", "0 journeys", "don't remember", "easy"):
        assert words in text
    assert "Wege" not in text


def test_an_unknown_language_changes_nothing(city: City) -> None:
    page = city.turn(walk(city, BIKE), {}, "lang:xx")
    assert heading(page) == "Ihre Wege"


def test_thanks_and_a_sent_page_can_be_read_in_another_language(city: City) -> None:
    review = walk(city, {"means": "never"}, {})
    thanks = city.turn(review, {}, "submit")
    assert 'value="lang:en"' in thanks.text
    again = city.send({"go": "lang:en", "lang": "de", "screen": "thanks"})
    assert heading(again) == "Thank you. Your answers have arrived."
    counted = city.turn(review, {}, "back")
    assert heading(counted) == "Diese Antworten sind schon abgesendet"
    again = city.send({"go": "lang:en", "lang": "de", "screen": "counted"})
    assert heading(again) == "These answers have been sent already"
    nowhere = city.send({"go": "lang:en", "lang": "de", "screen": "../review"})
    assert heading(nowhere) == "Getting about in the city"
    assert city.count() == 1


def test_what_goes_wrong_is_said_in_the_language_of_the_page(city: City) -> None:
    page = city.turn(walk(city, BIKE), {}, "lang:en")
    damaged = city.send({"go": "next", "lang": "en", "state": state_of(page)[:-8] + "AAAAAAAA"})
    assert heading(damaged) == "This page cannot be continued"
    assert f'href="{city.address}?lang=en"' in damaged.text
    missing = city.client.get("/s/nothing/?lang=en")
    assert heading(missing) == "This page does not exist"
    plain = city.client.get("/s/nothing/?lang=de-leicht")
    assert '<html lang="de">' in plain.text
    close_study(city.home, city.study_id, datetime.now(UTC))
    closed = city.turn(page, {"lang": "en"})
    assert (closed.status_code, heading(closed)) == (409, "The survey has ended")


def test_a_sample_says_so_and_marks_what_is_in_another_language(city: City) -> None:
    start = city.client.get(city.address + "?lang=tr")
    assert "This translation is not finished" in start.text
    page = city.turn(city.begin(), {}, "lang:tr")
    assert '<span lang="en">Continue</span>' in page.text
    assert '<legend class="kern-label kern-label--large">En çok neyle' in page.text
    assert '<span lang="de">Was spricht dafür?</span>' in page.text
    (title,) = re.findall(r"<title>(.*)</title>", page.text)
    assert title == "Yollar – Page 1 of 3 – Şehirde yolda"
    assert "This translation is not finished" not in city.turn(page, {}, "lang:en").text


def test_every_page_has_a_hidden_language_a_switch_and_valid_html_in_every_language(
    city: City,
) -> None:
    for language in LANGUAGES:
        page = city.turn(city.begin(), {}, f"lang:{language}")
        pages = [city.client.get(f"{city.address}?lang={language}"), page]
        for fields in (BIKE, {"count": "99"}, {"count": "1"}, {}, {}):
            page = city.turn(page, fields)
            pages.append(page)
        pages.append(city.turn(page, {}, "submit"))
        for page in pages:
            html5lib.HTMLParser(strict=True).parse(page.text)
            ids = re.findall(r'\bid="([^"]*)"', page.text)
            assert len(ids) == len(set(ids))
            described = re.findall(r'aria-(?:describedby|labelledby)="([^"]*)"', page.text)
            assert set(" ".join(described).split()) <= set(ids)
            assert set(re.findall(r'<label[^>]*for="([^"]*)"', page.text)) <= set(ids)
            assert page.text.count('aria-current="true"') == 1
            assert not re.search("[\x02\x03\x1f]", page.text)
            assert f'name="lang" value="{language}"' in page.text
            assert "Set-Cookie" not in page.headers
            assert not re.search(r"<script|style=|onclick", without_script(page))


def test_a_study_in_one_language_has_no_switch(library: City) -> None:
    text = library.client.get(library.address).text
    assert 'hreflang="en"' in text
    assert "Einfache Sprache" not in text


# -- reading studies -----------------------------------------------------------------------------


def read(library: City, page: TestResponse | None, text: str, *filled: Fields) -> TestResponse:
    """One text from its first page to what follows its sending."""
    go = f"read:{text}"
    page = library.turn(page, {}, go) if page else library.send({"go": go, "lang": "de"})
    for fields in filled:
        page = library.turn(page, fields)
    return library.turn(page, {}, "submit")


def test_the_start_page_lists_the_texts_with_title_and_minutes(library: City) -> None:
    text = main(library.client.get(library.address))
    assert "1. Klar & kurz schreiben" in text
    assert "etwa 3 Minuten" in text
    assert text.index('value="read:t1"') < text.index('value="read:t2"')
    assert 'value="begin"' not in text


def test_a_text_leads_through_its_pages_and_those_behind_every_text(library: City) -> None:
    page = library.send({"go": "read:t2"})
    assert (heading(page), step(page)) == ("Aus Fehlern lernen", "Seite 1 von 2")
    page = library.turn(page, {"t2_1.stance": "fits"})
    assert (heading(page), step(page)) == ("Zum Schluss", "Seite 2 von 2")
    page = library.turn(page, {"place": "desk"})
    assert heading(page) == "Prüfen und absenden"
    assert "Ihre Rückmeldung zum Text „Aus Fehlern lernen“" in page.text
    assert "Klar &amp; kurz" not in page.text


def test_every_text_is_a_ballot_of_its_own_with_a_fresh_key(library: City) -> None:
    page = read(library, None, "t1", {"t1_1.stance": "fits"}, {"place": "desk"})
    assert heading(page) == "Vielen Dank. Ihre Rückmeldung ist angekommen."
    assert library.count() == 1
    page = read(library, page, "t2", {"t2_1.comment": "Ja."}, {"place": "yard"})
    assert "Das waren alle." in page.text
    one, two = sorted(library.ballots(), key=lambda cast: cast.text)
    assert (one.text, one.answers) == ("t1", {"t1_1": {"stance": "fits"}, "place": "desk"})
    assert (two.text, two.answers) == ("t2", {"t2_1": {"comment": "Ja."}, "place": "yard"})
    assert one.key != two.key
    assert set(one.orders) == {"place"}


def test_the_overview_says_what_is_done_and_offers_what_is_left(library: City) -> None:
    text = main(read(library, None, "t1", {}, {}))
    assert "Abgesendet ist: „Klar & kurz schreiben“." in text
    assert "1 von 2 Texten haben Sie abgesendet." in text
    assert 'value="read:t1"' not in text
    assert 'value="read:t2"' in text
    assert "jederzeit aufhören" in text


def test_nothing_of_a_sent_text_is_carried_to_the_next(library: City) -> None:
    after = read(library, None, "t1", {"t1_1.comment": "Geheimnis"}, {"place": "yard"})
    assert opened(library, after) == {}
    page = library.turn(library.turn(after, {}, "read:t2"), {})
    assert "checked" not in page.text


def test_two_sends_of_one_text_store_one_ballot_and_say_the_same(library: City) -> None:
    page = library.turn(library.turn(library.send({"go": "read:t1"}), {}), {})
    first, second = (library.turn(page, {}, "submit") for _ in range(2))
    assert heading(first) == heading(second)
    assert library.count() == 1


def test_a_sent_text_cannot_be_shown_or_read_again_and_leads_to_the_others(library: City) -> None:
    first = library.send({"go": "read:t1"})
    review = library.turn(library.turn(first, {"t1_1.comment": "Geheimnis"}), {})
    after = library.turn(review, {}, "submit")
    back = library.turn(review, {}, "back")
    assert heading(back) == "Diese Antworten sind schon abgesendet"
    assert "Geheimnis" not in back.text
    overview = library.turn(back, {}, "texts")
    assert "1 von 2 Texten" in overview.text
    for page in (after, overview):
        assert heading(library.turn(page, {}, "read:t1")).startswith("Vielen Dank.")
    assert library.count() == 1


def test_a_begun_text_is_kept_until_another_is_chosen(library: City) -> None:
    page = library.turn(library.send({"go": "read:t1"}), {"t1_1.comment": "Halb."}, "back")
    assert heading(page) == "Die Texte"
    assert "„Klar &amp; kurz schreiben“ ist begonnen" in page.text
    assert "Halb." in library.turn(page, {}, "read:t1").text
    other = library.turn(page, {}, "read:t2")
    assert opened(library, other) == {}


def test_every_page_of_a_text_leads_to_the_list_with_what_was_answered_kept(
    library: City,
) -> None:
    page = library.send({"go": "read:t1"})
    review = library.turn(library.turn(page, {"t1_1.stance": "fits"}), {})
    assert "0 von 2 Texten haben Sie abgesendet." in page.text
    starts: tuple[tuple[TestResponse, Fields], ...] = (
        (page, {"t1_1.stance": "fits"}),
        (review, {}),
    )
    for start, fields in starts:
        overview = library.turn(start, fields, "texts")
        assert heading(overview) == "Die Texte"
        assert "ist begonnen und noch nicht abgesendet" in overview.text
        again = library.turn(overview, {}, "read:t1")
        assert re.search(r'value="fits" checked', again.text)
    assert library.count() == 0


def test_a_text_that_does_not_exist_leads_to_the_list(library: City) -> None:
    for go in ("read:t9", "read:", "begin", "next", "submit"):
        assert heading(library.send({"go": go})) == "Die Texte"
    page = library.send({"go": "read:t9"})
    for go in ("submit", "next", "back", "edit:0", "up:t1_1", "read:t9"):
        assert heading(library.turn(page, {}, go)) == "Die Texte"
    assert library.count() == 0


def test_the_overview_can_be_read_in_another_language_and_reading_goes_on_in_it(
    library: City,
) -> None:
    page = library.turn(read(library, None, "t1", {}, {}), {}, "lang:en")
    assert heading(page) == "Thank you. Your response has arrived."
    assert "Sent: “Writing clearly &amp; briefly”." in page.text
    read(library, page, "t2", {}, {})
    assert {cast.text: cast.language for cast in library.ballots()} == {"t1": "de", "t2": "en"}
