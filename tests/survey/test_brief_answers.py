"""What is said to a crowd before anything else is done, and that nothing else is said so."""

from __future__ import annotations

import time
from pathlib import Path
from types import SimpleNamespace
from urllib.parse import urlencode

import pytest
from respondent import City, make_city, open_bundle, sample_bundle

from survey import links
from survey.brief_answers import FRESH, BriefAnswers
from survey.patience import HEADER, SOONEST
from survey.urgency import AHEAD, CROWD, FULL, FULL_FOR_ALL

OWN = {"Host": "localhost", "Sec-Fetch-Site": "same-origin"}
FULL_HOUSE = 2 * FULL_FOR_ALL
BEGIN = {"lang": "de", "code": "ABCD-EFGH", "go": "begin"}


@pytest.fixture
def city(tmp_path: Path) -> City:
    one = make_city(tmp_path, open_bundle())
    one.begin()
    return one


def brief(city: City) -> BriefAnswers:
    found: BriefAnswers = city.client.application.extensions["brief"]
    return found


def lines(headers: dict[str, str]) -> str:
    return "".join(f"{name}: {value}\r\n" for name, value in headers.items())


def form(fields: dict[str, str], headers: dict[str, str] = OWN, path: str = "/s/sample/") -> bytes:
    body = urlencode(fields)
    sized = {"Content-Type": "application/x-www-form-urlencoded", "Content-Length": str(len(body))}
    return f"POST {path} HTTP/1.1\r\n{lines(sized | headers)}\r\n{body}".encode()


def look(path: str = "/s/sample/", headers: dict[str, str] = OWN) -> bytes:
    return f"GET {path} HTTP/1.1\r\n{lines(headers)}\r\n".encode()


def parted(answer: bytes | None) -> tuple[str, dict[str, str], str]:
    """Status, headers and text of an answer."""
    assert answer is not None
    head, _, body = answer.decode().partition("\r\n\r\n")
    status, *pairs = head.split("\r\n")
    return status, dict(pair.split(": ", 1) for pair in pairs), body


@pytest.mark.parametrize("language", ["de", "en", "de-leicht"])
def test_it_is_the_page_that_asks_for_patience_everywhere_else(city: City, language: str) -> None:
    fields = BEGIN | {"lang": language}
    status, headers, body = parted(brief(city).answer(form(fields), FULL_HOUSE, 0.0))
    usual = city.client.post(
        city.address, data=fields, headers={**OWN, HEADER: f"t={time.time() - 25:.3f}"}
    )
    assert status == f"HTTP/1.1 {usual.status}"
    seconds, others = headers["Retry-After"], usual.headers["Retry-After"]
    assert int(seconds) >= SOONEST
    assert int(headers["Content-Length"]) == len(body.encode())
    own = {"Date", "Connection", "Retry-After", "Content-Length"}
    assert {name: headers[name] for name in headers.keys() - own} == {
        name: value for name, value in usual.headers.items() if name not in own
    }
    for said, page in ((seconds, body), (others, usual.text)):
        assert page.count(said) >= 2
    assert _without(body, seconds) == _without(usual.text, others)
    assert 'name="code" value="ABCD-EFGH"' in body


def _without(page: str, seconds: str) -> str:
    return page.replace(f"pause:busy:{seconds}", "").replace(f" {seconds} ", " ")


def test_nobody_is_turned_away_while_there_is_room_and_who_has_waited_has_more(city: City) -> None:
    again = BEGIN | {"screen": "pause:busy:9"}
    for fields, most in ((BEGIN, 2 * FULL), (again, 2 * FULL_FOR_ALL)):
        assert brief(city).answer(form(fields), most - 1, 0.0) is None
        assert brief(city).answer(form(fields), most, 0.0)
    brief(city).processes = 8
    assert brief(city).answer(form(BEGIN), 8 * FULL - 1, 0.0) is None
    assert 2 * FULL > 500, "a crowd of 500 is no reason to turn anybody away"


@pytest.mark.parametrize(
    "sent",
    [
        pytest.param(form({"go": "next"}), id="another button"),
        pytest.param(form({**BEGIN, "go": "lang:en"}), id="another language"),
        pytest.param(form(BEGIN, {**OWN, "Sec-Fetch-Site": "cross-site"}), id="another site"),
        pytest.param(form(BEGIN, {"Host": "a", "Origin": "https://b"}), id="another origin"),
        pytest.param(form(BEGIN, path="/s/other/"), id="another study"),
        pytest.param(form(BEGIN, path="/s/sample/promise"), id="another page"),
        pytest.param(form(BEGIN, {**OWN, "Connection": "close"}), id="closes"),
        pytest.param(form(BEGIN, {**OWN, "Expect": "100-continue"}), id="expects"),
        pytest.param(form(BEGIN, {**OWN, "host": "a"}), id="a header twice"),
        pytest.param(form(BEGIN)[:-1], id="not whole"),
        pytest.param(form(BEGIN) + b"&", id="more than whole"),
        pytest.param(form(BEGIN).replace(b"1.1", b"1.0", 1), id="older"),
        pytest.param(form(BEGIN).replace(b"x-www-form-urlencoded", b"json"), id="no form"),
        pytest.param(form(BEGIN).replace(b"POST", b"PUT"), id="another method"),
        pytest.param(b"\xff" + form(BEGIN), id="nonsense"),
        pytest.param(b"", id="nothing"),
    ],
)
def test_whatever_is_unusual_goes_the_usual_way(city: City, sent: bytes) -> None:
    assert brief(city).answer(sent, FULL_HOUSE, 0.0) is None


def test_to_turn_somebody_away_needs_no_database(city: City) -> None:
    links.disconnect()
    city.home.database_file.rename(city.home.path / "away")
    assert brief(city).answer(form(BEGIN), FULL_HOUSE, 0.0)


def test_an_old_browser_is_told_to_wait_too(city: City) -> None:
    assert brief(city).answer(form(BEGIN, {"Host": "localhost"}), FULL_HOUSE, 0.0)


def asked(method: str, uri: str, headers: dict[str, str] = OWN) -> SimpleNamespace:
    """A request as gunicorn has read it."""
    named = [(name.upper(), value) for name, value in headers.items()]
    return SimpleNamespace(method=method, uri=uri, headers=named)


def test_a_start_page_is_shown_as_it_was_a_moment_ago_to_a_crowd_alone(city: City) -> None:
    page = b"HTTP/1.1 200 OK\r\n\r\npage"
    answers = brief(city)
    answers.remember(asked("GET", "/s/sample/"), page, 100.0)
    assert answers.answer(look(), CROWD, 100.0 + FRESH / 2) == page
    assert answers.answer(look(), CROWD - 1, 100.0) is None
    assert answers.answer(look(), CROWD, 100.0 + FRESH) is None
    assert answers.answer(look("/s/sample/?lang=en"), CROWD, 100.0) is None
    assert answers.answer(look("/s/other/"), CROWD, 100.0) is None
    zipped = {**OWN, "Accept-Encoding": "gzip"}
    assert answers.answer(look(headers=zipped), CROWD, 100.0) is None
    answers.remember(asked("GET", "/s/sample/", zipped), page + b"zipped", 100.0)
    assert answers.answer(look(headers=zipped), CROWD, 100.0) == page + b"zipped"
    assert answers.answer(look(), CROWD, 100.0) == page


@pytest.mark.parametrize(
    ("method", "uri", "page"),
    [
        ("POST", "/s/sample/", b"HTTP/1.1 200 OK\r\n\r\nanswers of somebody"),
        ("HEAD", "/s/sample/", b"HTTP/1.1 200 OK\r\n\r\n"),
        ("GET", "/s/sample/promise", b"HTTP/1.1 200 OK\r\n\r\npromise"),
        ("GET", "/s/sample/?code=ABCD", b"HTTP/1.1 200 OK\r\n\r\npage"),
        ("GET", "/s/sample/", b"HTTP/1.1 503 Service Unavailable\r\n\r\naway"),
        ("GET", "/s/sample/", b""),
    ],
)
def test_nothing_but_start_pages_is_kept_for_others(
    city: City, method: str, uri: str, page: bytes
) -> None:
    answers = brief(city)
    answers.remember(asked(method, uri), page, 100.0)
    assert not answers._shown
    assert answers.answer(look(uri), CROWD, 100.0) is None


def test_start_pages_depend_on_nobody_so_one_can_be_shown_to_others(tmp_path: Path) -> None:
    city = make_city(tmp_path, sample_bundle())
    first = city.client.get(city.address)
    city.send({"go": "begin", "code": city.codes(1)[0]})
    people = {"X-Real-IP": "192.0.2.7", "Referer": "https://a.example/", "Cookie": "a=b"}
    again = city.client.get(city.address, headers=people)
    assert (again.data, list(again.headers)) == (first.data, list(first.headers))


def test_the_longest_request_to_begin_is_seen_whole(city: City) -> None:
    longest = BEGIN | {"screen": "pause:busy:90", "code": "ABCD-" * 16, "ticket": "x" * 60}
    usual = {"Accept": "text/html," * 12, "Sec-CH-UA": "x" * 120, "X-Request-Start": "t=1.000"}
    assert len(form(longest, OWN | usual)) < AHEAD
