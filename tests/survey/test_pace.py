"""Limits that slow down and never shut out, and keep no address."""

from __future__ import annotations

import pickle
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from html import unescape
from pathlib import Path
from re import findall, search

import html5lib
import pytest
from respondent import (
    ANSWERS,
    HERE,
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
from survey.app import create_app
from survey.errors import SetupError
from survey.home import Home
from survey.pace import DAY, LONGEST_WAIT, TICKET_LIFE, Budget, Pace, ticket
from survey.settings import Settings

NEIGHBOUR = "198.51.100.7"
KEY = bytes(range(32))
UNKNOWN = "2222-2222-2222-2"


class Clock:
    """The time that the pages see."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.start = datetime.now(UTC)
        self.seconds = 0.0
        monkeypatch.setattr(pages, "_now", lambda: self.start + timedelta(seconds=self.seconds))


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    return Clock(monkeypatch)


def public(path: Path, begins: int = 1) -> City:
    """A real study without codes, where four may begin at once and then one a minute."""
    city = make_city(path, open_bundle(), demo=False)
    app = create_app(Settings(path, begins_per_minute=begins))
    return City(city.home, app.test_client(use_cookies=False), city.study_id)


def kept(page: TestResponse) -> Fields:
    """What a page that asks for patience sends again."""
    pairs = findall(r'type="hidden" name="([^"]*)" value="([^"]*)"', page.text)
    return {name: unescape(value) for name, value in pairs}


def answered(city: City) -> TestResponse:
    page = city.begin()
    for fields in ANSWERS:
        page = city.turn(page, fields)
    return page


# -- budgets -------------------------------------------------------------------------------------


def test_a_burst_goes_through_and_then_one_every_so_often() -> None:
    pace = Pace({"begin": Budget(3, 10.0)})
    assert [pace.take("begin", "n", 0.0) for _ in range(5)] == [0, 0, 0, 10.0, 10.0]
    assert [pace.take("begin", "n", t) for t in (9.0, 10.0, 11.0)] == [5.0, 0, 9.0]
    assert [pace.take("begin", "n", 1000.0) for _ in range(4)] == [0, 0, 0, 10.0]


def test_nobody_waits_for_another_network_and_nobody_longer_than_a_minute() -> None:
    pace = Pace({"codes": Budget(1, 3600.0)})
    assert pace.take("codes", "left", 0.0) == 0
    assert pace.take("codes", "left", 0.0) == LONGEST_WAIT
    assert pace.take("codes", "right", 0.0) == 0


def test_a_ticket_is_good_after_its_wait_once_and_not_for_ever() -> None:
    pace = Pace()
    one = ticket(KEY, 50.0)
    assert not pace.redeem(KEY, one, 49.9)
    assert pace.redeem(KEY, one, 50.0)
    assert not pace.redeem(KEY, one, 51.0)
    assert not pace.redeem(KEY, ticket(KEY, 50.0), 50.0 + TICKET_LIFE)
    for forged in ("", "x", "ä", "A" * 64, ticket(bytes(32), 50.0)):
        assert not pace.redeem(KEY, forged, 60.0)


def test_no_address_is_kept_and_the_digests_of_two_days_cannot_be_joined() -> None:
    pace = Pace()
    marks: list[set[bytes]] = []
    for day in range(2):
        pace.take("begin", "192.0.2.0/24", day * DAY + 1)
        marks.append({mark for _, mark in pace._next})
    assert not marks[0] & marks[1]
    assert len(pace._next) == 1
    lock, pace._lock = pace._lock, None  # type: ignore[assignment]
    assert b"192.0.2" not in pickle.dumps(vars(pace))
    pace._lock = lock


def test_memory_is_bounded_however_many_networks_ask(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("survey.pace.MOST_NETWORKS", 50)
    pace = Pace({"begin": Budget(1, 100.0)})
    for number in range(500):
        pace.take("begin", str(number), float(number) / 1000)
    assert len(pace._next) <= 51


@pytest.mark.parametrize("given", ["", "0", "-1", "viele", "1.5"])
def test_a_pace_that_is_no_number_is_refused_with_its_name(given: str) -> None:
    with pytest.raises(SetupError, match="MEINUNGSBILD_BEGINS_PER_MINUTE"):
        Settings.from_environment({"MEINUNGSBILD_BEGINS_PER_MINUTE": given})


# -- beginning in an open study ------------------------------------------------------------------


def test_beyond_the_burst_people_wait_and_then_their_ballot_counts(
    tmp_path: Path, clock: Clock
) -> None:
    city = public(tmp_path / "home")
    for _ in range(4):
        assert city.begin().status_code == 200
    waiting = city.begin()
    assert (waiting.status_code, heading(waiting)) == (429, "Bitte einen Moment")
    seconds = int(waiting.headers["Retry-After"])
    assert f"etwa {seconds} Sekunden" in waiting.text
    assert city.send(kept(waiting)).status_code == 429
    clock.seconds = seconds
    page = city.send(kept(waiting))
    for fields in ANSWERS:
        page = city.turn(page, fields)
    clock.seconds += 30
    assert city.turn(page, {}, "submit").status_code == 200
    assert city.count() == 1


def test_a_script_casts_no_more_than_the_budget_while_people_behind_its_address_all_succeed(
    tmp_path: Path, clock: Clock
) -> None:
    city = public(tmp_path / "home", begins=6)
    people, cast = 10, 0
    reviews: list[TestResponse] = []
    for second in range(0, 120, 4):
        clock.seconds = second
        for _ in range(40):  # the script never reads a page that it gets
            page = city.begin()
            cast += page.status_code == 200
        if len(reviews) < people:
            waiting = city.begin()
            clock.seconds += int(waiting.headers.get("Retry-After", "0"))
            page = city.send(kept(waiting)) if waiting.status_code == 429 else waiting
            for fields in ANSWERS:
                page = city.turn(page, fields)
            reviews.append(page)
    clock.seconds = 400
    assert {city.turn(page, {}, "submit").status_code for page in reviews} == {200}
    assert city.count() == people
    assert cast <= 24 + 120 / 10 + people * LONGEST_WAIT / 10


def test_whoever_has_begun_is_never_slowed_by_others(tmp_path: Path, clock: Clock) -> None:
    city = public(tmp_path / "home")
    page = city.begin()
    assert [city.begin().status_code for _ in range(4)] == [200, 200, 200, 429]
    for fields in ANSWERS:
        page = city.turn(page, fields)
        assert page.status_code == 200
    clock.seconds = 20
    assert city.turn(page, {}, "submit").status_code == 200
    assert city.count() == 1


def test_in_a_reading_study_every_text_is_begun_at_the_same_pace(
    tmp_path: Path, clock: Clock
) -> None:
    city = make_city(tmp_path / "home", texts_bundle())
    app = create_app(Settings(city.home.path, begins_per_minute=1))
    city = City(city.home, app.test_client(use_cookies=False), city.study_id)
    page = city.send({"go": "read:t1"})
    statuses = []
    for text in ("t2", "t1", "t2", "t1"):
        waiting = city.turn(page, {}, "back")
        page = city.turn(waiting, {}, f"read:{text}")
        statuses.append(page.status_code)
    assert statuses == [200, 200, 200, 429]
    clock.seconds = 60
    assert city.send(kept(page)).status_code == 200


def test_the_header_of_a_stranger_buys_no_budget_but_that_of_our_proxy_counts(
    tmp_path: Path, clock: Clock
) -> None:
    city = public(tmp_path / "home")

    def begin(remote: str, named: str) -> int:
        headers = {**HERE, "X-Real-IP": named}
        answer = city.client.post(
            city.address,
            data={"go": "begin"},
            headers=headers,
            environ_base={"REMOTE_ADDR": remote},
        )
        return answer.status_code

    strangers = [begin("203.0.113.5", f"10.{n}.0.1") for n in range(5)]
    assert strangers == [200, 200, 200, 200, 429]
    proxied = [begin("127.0.0.1", f"10.{n}.0.1") for n in range(5)]
    assert proxied == [200] * 5


# -- guessing codes ------------------------------------------------------------------------------


def test_many_wrong_codes_are_slowed_and_a_right_one_still_gets_in(
    tmp_path: Path, clock: Clock
) -> None:
    city = make_city(tmp_path / "home", sample_bundle())
    (code,) = city.codes(1)
    statuses = [city.begin(UNKNOWN).status_code for _ in range(62)]
    assert statuses == [422] * 60 + [429] * 2
    waiting = city.begin(code)
    assert (waiting.status_code, heading(waiting)) == (429, "Bitte einen Moment")
    clock.seconds = int(waiting.headers["Retry-After"])
    assert heading(city.send(kept(waiting))) == "Themenfelder"


def test_used_and_unknown_codes_are_slowed_alike(tmp_path: Path, clock: Clock) -> None:
    city = make_city(tmp_path / "home", sample_bundle())
    (used,) = city.codes(1)
    city.turn(city.to_review(used), {}, "submit")
    for _ in range(60):
        city.begin(used)
    pages = [city.begin(code) for code in (used, UNKNOWN)]
    assert [page.status_code for page in pages] == [429, 429]
    assert len(pages[0].data) == len(pages[1].data)


def test_right_codes_and_typing_errors_cost_nothing(tmp_path: Path, clock: Clock) -> None:
    city = make_city(tmp_path / "home", sample_bundle())
    codes = city.codes(70)
    for code in codes:
        assert city.begin(code).status_code == 200
        assert city.begin("ABC").status_code == 422
    assert city.begin(codes[0]).status_code == 200


def test_guessing_the_first_code_of_forgotten_answers_is_slowed_too(
    tmp_path: Path, clock: Clock
) -> None:
    city = make_city(tmp_path / "home", sample_bundle())
    code, other = city.codes(2)
    forgotten = city.to_review(code)
    city.turn(city.to_review(code), {}, "submit")
    statuses = {
        city.turn(forgotten, {"code": other, "first_code": UNKNOWN}, "begin").status_code
        for _ in range(61)
    }
    assert statuses == {422, 429}


# -- programs ------------------------------------------------------------------------------------


def test_a_ballot_sent_at_once_waits_in_its_page_and_then_counts(
    tmp_path: Path, clock: Clock
) -> None:
    city = public(tmp_path / "home")
    review = answered(city)
    quick = city.turn(review, {}, "submit")
    assert (quick.status_code, heading(quick)) == (429, "Bitte einen Moment")
    assert "Das ging sehr schnell." in quick.text
    assert city.count() == 0
    clock.seconds = int(quick.headers["Retry-After"])
    assert heading(city.send(kept(quick))).startswith("Vielen Dank")
    assert city.count() == 1


def test_a_clock_that_was_set_back_or_ahead_keeps_nobody_waiting(
    tmp_path: Path, clock: Clock
) -> None:
    city = public(tmp_path / "home")
    clock.seconds = 7200
    before = [answered(city), answered(city)]
    clock.seconds = 0
    assert heading(city.turn(before[0], {}, "submit")).startswith("Vielen Dank")
    clock.seconds = 90_000
    assert heading(city.turn(before[1], {}, "submit")).startswith("Vielen Dank")
    assert city.begin().status_code == 200
    assert city.count() == 2


def test_nobody_is_too_quick_with_a_code_or_in_a_demo(tmp_path: Path) -> None:
    coded = make_city(tmp_path / "coded", sample_bundle())
    assert coded.turn(coded.to_review(*coded.codes(1)), {}, "submit").status_code == 200
    demo = make_city(tmp_path / "demo", open_bundle())
    assert demo.turn(demo.to_review(), {}, "submit").status_code == 200


def test_a_filled_trap_loses_no_ballot(tmp_path: Path, clock: Clock) -> None:
    city = public(tmp_path / "home")
    review = answered(city)
    assert 'name="homepage"' in review.text
    clock.seconds = 60
    asked = city.turn(review, {"homepage": "https://spam.example"}, "submit")
    assert (asked.status_code, city.count()) == (422, 0)
    assert "Ein Feld war ausgefüllt, das Menschen nicht sehen." in asked.text
    assert "spam" not in asked.text
    assert heading(city.send(kept(asked))).startswith("Vielen Dank")
    assert city.count() == 1


def test_the_trap_is_out_of_sight_hearing_and_reach(tmp_path: Path, clock: Clock) -> None:
    city = public(tmp_path / "home")
    (trap,) = findall(r'<div class="trap"[^>]*>.*?</div>', answered(city).text.replace("\n", ""))
    for words in ('aria-hidden="true"', 'tabindex="-1"', 'autocomplete="off"', "Bitte frei lassen"):
        assert words in trap
    address = findall(r'href="(/static/[^"]*\.css)"', city.client.get(city.address).text)[0]
    style = city.client.get(address)
    assert search(r"\.trap\s*{\s*display:\s*none;?\s*}", style.text)
    style.close()


def test_pages_that_ask_for_patience_are_valid_with_one_heading_in_every_language(
    tmp_path: Path, clock: Clock
) -> None:
    made = make_city(tmp_path / "home", journey_bundle(), demo=False)
    app = create_app(Settings(made.home.path, begins_per_minute=1))
    city = City(made.home, app.test_client(use_cookies=False), made.study_id)
    for language in ("de", "en", "de-leicht", "tr"):
        page = city.turn(city.begin(), {}, f"lang:{language}")
        while 'value="submit"' not in page.text:
            page = city.turn(page, {})
        clock.seconds += 240
        trapped = city.turn(page, {"homepage": "x"}, "submit")
        crowd = [city.send({"go": "begin", "lang": language}) for _ in range(5)][-1]
        clock.seconds += 240
        quick = city.turn(city.turn(city.begin(), {}, f"lang:{language}"), {})
        while 'value="submit"' not in quick.text:
            quick = city.turn(quick, {})
        quick = city.turn(quick, {}, "submit")
        for asked in (trapped, crowd, quick):
            html5lib.HTMLParser(strict=True).parse(asked.text)
            assert asked.text.count("<h1") == 1
            assert f'<html lang="{language.split("-")[0]}"' in asked.text
        assert [one.status_code for one in (trapped, crowd, quick)] == [422, 429, 429]


def test_there_is_no_trap_where_there_are_codes(tmp_path: Path) -> None:
    city = make_city(tmp_path / "home", sample_bundle())
    assert "homepage" not in city.to_review(city.codes(1)[0]).text


# -- what is left of all this --------------------------------------------------------------------


def test_no_time_and_no_network_is_in_a_ballot_or_in_any_file(tmp_path: Path, clock: Clock) -> None:
    city = public(tmp_path / "home")
    begun = int(clock.start.timestamp())
    review = answered(city)
    clock.seconds = 60
    city.client.post(
        city.address,
        data={"go": "submit", "state": kept(review)["state"]},
        headers={**HERE, "X-Real-IP": NEIGHBOUR},
    )
    assert city.count() == 1
    times = [str(begun + second).encode() for second in range(-2, 70)]
    for content in every_file(city.home):
        assert not any(time in content for time in times)
        assert NEIGHBOUR.encode() not in content


def every_file(home: Home) -> Iterator[bytes]:
    for path in sorted(home.path.rglob("*")):
        if path.is_file():
            yield path.read_bytes()
