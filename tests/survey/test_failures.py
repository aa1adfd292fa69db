"""What goes wrong with browsers, lines and shared devices: nothing is lost, nothing counts twice.

Every test counts the ballots in the urn. What only a real browser does is in
``tests/browser/test_failures.py``, a real restart of the server in ``test_restart.py``.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from respondent import (
    ANSWERS,
    City,
    Fields,
    heading,
    journey_bundle,
    make_city,
    open_bundle,
    sample_bundle,
    texts_bundle,
)
from werkzeug.test import TestResponse

from survey import pages

MARK = "Grünflächen"
"""What the example respondent has chosen as a department; no page says it to anybody else."""
ANSWERED: Fields = {"dept": "parks"}
BUTTONS = ("next", "back", "edit:3", "clear:dept", "submit", "lang:de", "anew", "begin")


@pytest.fixture
def city(tmp_path: Path) -> City:
    return make_city(tmp_path / "home", sample_bundle())


@pytest.fixture
def square(tmp_path: Path) -> City:
    """A study without codes."""
    return make_city(tmp_path / "home", open_bundle())


def every_page(city: City, code: str = "") -> Iterator[tuple[TestResponse, Fields]]:
    """The pages of a respondent with what is filled in on each, the review last."""
    page = city.begin(code)
    for fields in ANSWERS:
        yield page, fields
        page = city.turn(page, fields)
    yield page, {}


def departments(city: City) -> list[str]:
    return sorted(str(ballot.answers.get("dept")) for ballot in city.ballots())


# -- back, reload, double submit, tabs ------------------------------------------------------


def test_back_to_the_first_page_and_on_again_loses_nothing_and_counts_once(city: City) -> None:
    (code,) = city.codes(1)
    page = city.to_review(code)
    for fields in reversed(ANSWERS):
        page = city.turn(page, {}, "back") if "submit" in page.text else page
        assert heading(page) != "Prüfen und absenden"
        page = city.turn(page, fields, "back")
    for fields in ANSWERS:
        page = city.turn(page, fields)
    assert city.turn(page, {}, "submit").status_code == 200
    (cast,) = city.ballots()
    assert set(cast.answers) == {"fields", "quality", "motto", "means", "words", "dept", "places"}


def test_every_page_may_be_sent_twice_and_still_one_ballot_is_cast(city: City) -> None:
    (code,) = city.codes(1)
    for page, fields in every_page(city, code):
        go = "submit" if fields == {} else "next"
        first, again = city.turn(page, fields, go), city.turn(page, fields, go)
        assert (first.status_code, heading(first)) == (again.status_code, heading(again))
    assert city.count() == 1


@pytest.mark.parametrize("with_codes", [True, False])
def test_many_simultaneous_sends_of_one_page_cast_one_ballot(
    city: City, tmp_path: Path, with_codes: bool
) -> None:
    place = city if with_codes else make_city(tmp_path / "square", open_bundle())
    review = place.to_review(place.codes(1)[0] if with_codes else "")
    statuses: list[int] = []

    def send() -> None:
        client = place.client.application.test_client(use_cookies=False)
        one = City(place.home, client, place.study_id)
        statuses.append(one.turn(review, {}, "submit").status_code)

    threads = [threading.Thread(target=send) for _ in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (place.count(), statuses) == (1, [200] * 12)


def test_two_tabs_of_one_page_cast_the_first_that_is_sent(city: City) -> None:
    page = city.turn(city.to_review(city.codes(1)[0]), {}, "edit:3")
    left, right = city.turn(page, {"dept": "library"}), city.turn(page, ANSWERED)
    for tab in (left, right):
        assert heading(city.turn(tab, {}, "submit")).startswith("Vielen Dank")
    assert departments(city) == ["library"]


def test_two_tabs_begun_one_by_one_with_a_code_cast_one_ballot(city: City) -> None:
    (code,) = city.codes(1)
    left, right = city.to_review(code), city.to_review(code)
    assert city.turn(left, {}, "submit").status_code == 200
    assert heading(city.turn(right, {}, "submit")) == "Mit diesem Code geht es nicht weiter"
    assert city.count() == 1


def test_in_an_open_study_every_page_state_casts_one_ballot(square: City) -> None:
    left, right = square.to_review(), square.to_review()
    for tab in (left, right, left, right):
        assert square.turn(tab, {}, "submit").status_code == 200
    assert square.count() == 2


def test_in_a_reading_study_every_text_casts_one_ballot_however_often_it_is_sent(
    tmp_path: Path,
) -> None:
    city = make_city(tmp_path / "home", texts_bundle())
    page = city.send({"go": "read:t1"})
    review = city.turn(city.turn(page, {"t1_1.stance": "fits"}), {})
    first, again = city.turn(review, {}, "submit"), city.turn(review, {}, "submit")
    assert heading(first) == heading(again)
    assert city.count() == 1
    for tab in (first, again):
        page = city.turn(tab, {}, "read:t2")
        city.turn(city.turn(city.turn(page, {"t2_1.stance": "fits"}), {}), {}, "submit")
    assert sorted(ballot.text for ballot in city.ballots()) == ["t1", "t2", "t2"]


# -- time, languages, the server ----------------------------------------------------------------


def test_a_page_left_open_for_a_day_goes_on_and_casts_its_ballot(
    city: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    days = 0
    monkeypatch.setattr(pages, "_now", lambda: datetime.now(UTC) + timedelta(days=days))
    for page, fields in every_page(city, city.codes(1)[0]):
        days += 1
        last = city.turn(page, fields, "submit" if fields == {} else "next")
        assert last.status_code == 200
    assert days > len(ANSWERS)
    assert departments(city) == ["parks"]


def test_a_change_of_language_on_every_page_loses_nothing_and_counts_once(tmp_path: Path) -> None:
    city = make_city(tmp_path / "home", journey_bundle())
    filled: tuple[Fields, ...] = (
        {"means": "bike"},
        {"count": "3", "distance": "12.5"},
        {"safety": "2"},
        {"wish": "Mehr."},
    )
    page = city.begin()
    for fields in filled:
        for language in ("en", "de-leicht", "tr", "en"):
            page = city.turn(page, fields, f"lang:{language}")
        page = city.turn(page, fields)
    for language in ("de", "de-leicht", "tr", "en"):
        page = city.turn(page, {}, f"lang:{language}")
    city.turn(page, {}, "submit")
    (cast,) = city.ballots()
    assert cast.answers == {
        "means": "bike",
        "count": "3",
        "distance": "12.5",
        "safety": "2",
        "wish": "Mehr.",
    }
    assert cast.language == "en"


# -- two people, one device -----------------------------------------------------------------------


def test_on_a_shared_device_no_page_of_the_first_person_speaks_to_the_second(city: City) -> None:
    code, other = city.codes(2)
    history = list(every_page(city, code))
    city.turn(history[-1][0], {}, "submit")
    for page, fields in history:
        for button in BUTTONS:
            for typed in ({}, {"code": other}, {"code": code}):
                shown = city.turn(page, {**fields, **typed}, button)
                assert MARK not in shown.text
                assert "selected" not in shown.text
                assert "checked" not in shown.text
    assert city.count() == 1
    second = city.begin(other)
    assert "selected" not in second.text
    for fields in ({}, {}, {}, {"dept": "library"}):
        second = city.turn(second, fields)
    city.turn(second, {}, "submit")
    assert departments(city) == ["library", "parks"]


def test_the_second_person_may_go_on_from_any_page_that_the_first_has_left(city: City) -> None:
    codes = city.codes(6)
    history = [page for page, _ in every_page(city, codes[0])]
    city.turn(history[-1], {}, "submit")
    for page, code in zip(history, codes[1:], strict=True):
        begun = city.turn(page, {"code": code}, "begin")
        assert heading(begun) == "Themenfelder"
        for _ in ANSWERS:
            begun = city.turn(begun, {})
        assert city.turn(begun, {}, "submit").status_code == 200
    assert city.count() == 6


def test_unsent_answers_under_a_used_code_are_shown_to_nobody_with_another_code(
    city: City,
) -> None:
    code, other = city.codes(2)
    forgotten = city.to_review(code)
    city.turn(city.to_review(code), {}, "submit")
    for button in BUTTONS:
        refused = city.turn(forgotten, {}, button)
        assert MARK not in refused.text
        for proof in ("", other, "2222-2222-2222-2", "ABC"):
            asked = city.turn(refused, {"code": other, "first_code": proof}, "begin")
            assert MARK not in asked.text
    assert heading(city.turn(refused, {"code": other}, "anew")) == "Themenfelder"
    assert city.count() == 1


def test_whoever_has_both_codes_loses_nothing(city: City) -> None:
    code, other = city.codes(2)
    page = city.turn(city.to_review(code), {}, "edit:3")
    city.turn(city.to_review(code), {}, "submit")
    refused = city.turn(page, {"dept": "library", "places": "office"})
    assert heading(refused) == "Mit diesem Code geht es nicht weiter"
    asked = city.turn(refused, {"code": other}, "begin")
    assert asked.status_code == 422
    assert "mit dem diese Antworten begonnen wurden" in asked.text
    assert f'value="{other}"' in asked.text
    again = city.turn(asked, {"code": other, "first_code": code.lower()}, "begin")
    assert heading(again) == "Prüfen und absenden"
    assert "Büchereien" in again.text  # what was on the page when the code was refused
    assert city.turn(again, {}, "submit").status_code == 200
    assert departments(city) == ["library", "parks"]


def test_answers_wait_while_the_new_code_is_no_good_either(city: City) -> None:
    code, other, third = city.codes(3)
    refused = city.to_review(code)
    for used in (code, other):
        city.turn(city.to_review(used), {}, "submit")
    for typed in (code, other, "2222-2222-2222-2", "typo", ""):
        refused = city.turn(refused, {"code": typed, "first_code": code}, "begin")
        assert refused.status_code == 422
        assert MARK not in refused.text
    again = city.turn(refused, {"code": third, "first_code": code}, "begin")
    assert MARK in again.text
    city.turn(again, {}, "submit")
    assert city.count() == 3


def test_begun_without_an_answer_needs_no_second_code(city: City) -> None:
    code, other = city.codes(2)
    first = city.begin(code)
    city.turn(city.to_review(code), {}, "submit")
    refused = city.turn(first, {})
    assert 'name="first_code"' not in refused.text
    assert heading(city.turn(first, {"code": other}, "begin")) == "Themenfelder"
    assert city.count() == 1
