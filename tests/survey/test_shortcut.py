"""A form gets the same answer by the shorter way as through the whole framework."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path

import pytest
from flask import Flask
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
)
from werkzeug.datastructures import Headers
from werkzeug.test import TestResponse

from survey import pages
from survey.errors import DatabaseError
from survey.form_body import FORM
from survey.studies import close_study
from survey.walk import Walk

LONG = {**HERE, "Content-Type": f"{FORM};charset=utf-8"}
"""What no browser sends, so that it is left to the framework."""
SHORT = {**HERE, "Content-Type": FORM}


@pytest.fixture
def city(tmp_path: Path) -> City:
    made = make_city(tmp_path / "home", sample_bundle())
    made.client.get(made.address)  # so that the study is known
    return made


def both(city: City, fields: Fields, status: int = 200) -> TestResponse:
    """The answer to a form, after it was found to be the same by both ways."""
    short, long = city.send(fields, SHORT), city.send(fields, LONG)
    assert comparable(short) == comparable(long)
    assert short.status_code == status, short.text
    return short


def comparable(answer: TestResponse) -> tuple[str, Headers, str]:
    """Status, headers and text, but for what is drawn anew for each answer."""
    text = re.sub(r'name="(state|ticket)" value="[^"]*"', "", answer.text)
    return answer.status, Headers(sorted(answer.headers)), text


def test_every_step_has_the_same_answer_by_both_ways(city: City) -> None:
    page = city.begin(city.codes(1)[0])
    for fields in ANSWERS:
        state = {"state": state_of(page)}
        for go in ("lang:en", "up:x", "clear:dept", "back"):
            both(city, {"go": go, **state, **fields})
        page = both(city, {"go": "next", **state, **fields})
    assert heading(page) == "Prüfen und absenden"
    state = {"state": state_of(page)}
    both(city, {"go": "edit:1", **state})
    thanks = both(city, {"go": "submit", **state})
    assert "Vielen Dank" in thanks.text
    assert city.count() == 1


def test_mistakes_and_what_is_no_page_of_ours_have_the_same_answer_by_both_ways(
    city: City,
) -> None:
    page = city.begin(city.codes(1)[0])
    both(city, {"go": "next", "state": state_of(page), "fields.a": "forged"}, 422)
    both(city, {"go": "begin", "code": "ABC"}, 422)
    both(city, {"go": "begin", "code": "2222-2222-2222-2"}, 422)
    both(city, {}, 422)
    both(city, {"state": "x"}, 400)
    both(city, {"state": "x", "screen": "notice:damaged", "go": "lang:en"}, 400)
    both(city, {"go": "next", "state": state_of(page), "a": ["grün & blau", "+", "%zz"]})


def test_an_address_with_a_language_is_understood_by_both_ways(city: City) -> None:
    found = [
        city.client.post(f"{city.address}?lang=en", data={"go": "begin"}, headers=way)
        for way in (SHORT, LONG)
    ]
    assert comparable(found[0]) == comparable(found[1])


def test_a_closed_study_says_so_by_both_ways(city: City) -> None:
    page = city.begin(city.codes(1)[0])
    close_study(city.home, city.study_id, datetime.now(UTC))
    both(city, {"go": "next", "state": state_of(page)}, 409)


def test_who_is_late_is_asked_for_patience_by_both_ways(
    city: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pages, "come_again", lambda *_: 7.0)
    said = {"X-Request-Start": f"t={pages._now().timestamp() - 30:.3f}"}
    answers = [city.send({"go": "begin"}, way | said) for way in (SHORT, LONG)]
    assert comparable(answers[0]) == comparable(answers[1])
    assert answers[0].status_code == 503
    assert answers[0].headers["Retry-After"] == "7"


@pytest.mark.parametrize(
    ("failure", "status"),
    [(OSError("disk"), 503), (DatabaseError(OSError()), 503), (KeyError("x"), 500)],
)
def test_what_goes_wrong_has_the_page_that_keeps_everything(
    city: City, monkeypatch: pytest.MonkeyPatch, failure: Exception, status: int
) -> None:
    tried: list[Walk] = []

    def failing(step: Walk) -> None:
        tried.append(step)
        raise failure

    monkeypatch.setattr(Walk, "answer", failing)
    kept = both(city, {"go": "next", "state": "s", "words": "Brunnen & Bänke"}, status)
    assert "Brunnen &amp; Bänke" in kept.text
    assert len(tried) == 2  # once by each way


def test_a_form_of_another_site_is_refused_by_both_ways(city: City) -> None:
    for foreign in (
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site", "Origin": "http://localhost"},
        {"Origin": "https://elsewhere.example"},
    ):
        for kind in (FORM, LONG["Content-Type"]):
            answer = city.send({"go": "begin"}, {**foreign, "Content-Type": kind})
            assert answer.status_code == 403


def test_every_step_of_a_ballot_is_answered_before_the_framework(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    city = make_city(tmp_path / "home", open_bundle())
    city.client.get(city.address)

    def asked(*_: object) -> None:
        raise AssertionError("the framework was asked")

    monkeypatch.setattr(Flask, "full_dispatch_request", asked)
    assert "Vielen Dank" in city.turn(city.to_review(), {}, "submit").text
    old_browser = city.send({"go": "begin"}, {"Content-Type": FORM})
    assert old_browser.status_code == 200


@pytest.mark.parametrize(
    "path", ["/s/other/", "/s//", "/s/", "/s/sample", "/s/sample/promise", "/"]
)
def test_other_addresses_are_left_to_the_framework(city: City, path: str) -> None:
    answers = [city.client.post(path, data={"go": "begin"}, headers=way) for way in (SHORT, LONG)]
    assert comparable(answers[0]) == comparable(answers[1])
    assert answers[0].status_code in (308, 404, 405)


def test_a_form_that_breaks_off_is_no_step(city: City) -> None:
    more = {"CONTENT_LENGTH": "800"}
    for way in (SHORT, LONG):
        answer = city.client.post(
            city.address, data=b"go=begin", headers=way, environ_overrides=more
        )
        assert answer.status_code == 400
