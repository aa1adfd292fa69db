"""What strangers may try on the respondents' process, and that it has nothing but its pages."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from respondent import HERE, City, heading, make_city, open_bundle, sample_bundle, state_of

from survey.app import create_app
from survey.settings import Settings

ROOT = Path(__file__).parents[2]
SECURITY = ROOT / "docs" / "SECURITY.md"
METHODS = ("PUT", "PATCH", "DELETE", "TRACE", "CONNECT", "PROPFIND")


@pytest.fixture
def city(tmp_path: Path) -> City:
    return make_city(tmp_path / "home", sample_bundle())


# -- what there is ---------------------------------------------------------------------------------


def test_the_process_has_the_respondents_addresses_and_no_other(city: City) -> None:
    rules = {rule.rule for rule in city.client.application.url_map.iter_rules()}
    assert rules == {"/", "/s/<study_id>", "/s/<study_id>/", "/s/<study_id>/promise"}


def test_no_debugger_and_no_test_mode_is_on(city: City) -> None:
    app = create_app(Settings(city.home.path))
    assert (app.debug, app.testing, app.config["PROPAGATE_EXCEPTIONS"]) == (False, False, None)
    assert app.secret_key is None  # no session could be signed


@pytest.mark.parametrize("method", METHODS)
def test_only_get_and_post_are_answered(city: City, method: str) -> None:
    for path in ("/", city.address):
        answer = city.client.open(path, method=method, headers=HERE)
        assert answer.status_code == 405
        assert answer.headers["Content-Security-Policy"]


@pytest.mark.parametrize(
    "path",
    [
        "/static/",
        "/static/../secrets/code-key",
        "/static/%2e%2e/secrets/code-key",
        "/static/..%2fsecrets%2fcode-key",
        "/static//etc/passwd",
        "/secrets/code-key",
        "/urn.sqlite",
        "/.git/config",
        "/console",
        "/team/",
    ],
)
def test_no_file_of_the_installation_and_no_listing_can_be_fetched(city: City, path: str) -> None:
    answer = city.client.get(path)
    assert answer.status_code == 404
    assert heading(answer) == "Diese Seite gibt es nicht"


def test_every_static_file_is_typed_and_bound_to_this_site(city: City) -> None:
    text = city.client.get(city.address).text
    found = re.findall(r'(?:href|src)="(/static/[^"]*)"', text)
    kinds = {"css": "text/css", "js": "text/javascript", "svg": "image/svg+xml"}
    assert {path.rsplit(".", 1)[1] for path in found} == set(kinds)
    for path in found:
        answer = city.client.get(path)
        assert answer.headers["Content-Type"].split(";")[0] == kinds[path.rsplit(".", 1)[1]]
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Cross-Origin-Resource-Policy"] == "same-origin"
        assert "Access-Control-Allow-Origin" not in answer.headers
        answer.close()


def test_every_page_names_its_kind_and_its_characters(city: City) -> None:
    review = city.to_review(city.codes(1)[0])
    for answer in (
        city.client.get(city.address),
        city.client.get("/nothing"),
        review,
        city.turn(review, {}, "submit"),
        city.send({"state": "x"}),
    ):
        assert answer.headers["Content-Type"] == "text/html; charset=utf-8"
        policy = answer.headers["Content-Security-Policy"]
        assert "object-src 'none'" in policy
        assert "base-uri 'none'" in policy
        assert "frame-ancestors 'none'" in policy


# -- what strangers may try ------------------------------------------------------------------------


def test_no_other_site_may_read_an_answer(city: City) -> None:
    foreign = {"Origin": "https://elsewhere.example", "Access-Control-Request-Method": "POST"}
    for method in ("GET", "OPTIONS"):
        answer = city.client.open(city.address, method=method, headers=foreign)
        assert not [name for name, _ in answer.headers if name.startswith("Access-Control")]


def test_what_stands_in_the_address_never_replaces_what_was_sent(city: City) -> None:
    review = city.to_review(city.codes(1)[0])
    address = f"{city.address}?go=submit&state={state_of(review)}&code=x&screen=thanks"
    assert city.client.get(address).status_code == 200
    answer = city.client.post(address, data={"go": "next", "state": state_of(review)}, headers=HERE)
    assert heading(answer) == "Prüfen und absenden"
    assert city.client.post(address, data={}, headers=HERE).status_code == 422
    assert city.count() == 0


def test_a_field_that_is_sent_twice_counts_as_its_first(city: City) -> None:
    review = city.to_review(city.codes(1)[0])
    sent = {"go": ["next", "submit"], "state": [state_of(review), "x"]}
    assert heading(city.send(sent)) == "Prüfen und absenden"
    assert city.count() == 0


def test_sending_is_possible_from_the_review_only(city: City) -> None:
    page = city.begin(city.codes(1)[0])
    assert heading(city.turn(page, {}, "submit")) != "Vielen Dank. Ihre Antworten sind angekommen."
    assert city.count() == 0


@pytest.mark.parametrize(
    "hostile",
    [
        "' OR 1=1 --",
        "x'); DROP TABLE ballots; --",
        "%00",
        "\x00",
        "{{7*7}}",
        "../../etc",
        "ä" * 5000,
    ],
)
def test_hostile_words_are_words_wherever_they_are_put(city: City, hostile: str) -> None:
    (code,) = city.codes(1)
    page = city.begin(code)
    for field in ("go", "state", "lang", "screen", "code", "fields.a", "stranger"):
        answer = city.send({"go": "next", "state": state_of(page), field: hostile})
        assert answer.status_code in (200, 400, 422)
        assert "49" not in re.sub(r'value="[^"]*"|[\w-]+\.(css|svg|js)', "", answer.text)
    assert city.client.get("/s/" + hostile.replace("\x00", "") + "/").status_code == 404
    assert city.client.get(city.address, query_string={"lang": hostile}).status_code == 200
    assert city.turn(city.to_review(code), {}, "submit").status_code == 200
    assert city.count() == 1


def test_a_redirect_never_leaves_this_host(tmp_path: Path) -> None:
    city = make_city(tmp_path / "home", open_bundle())
    for path in ("/", "/s/sample", "//elsewhere.example/s/sample"):
        answer = city.client.get(path, headers={"Host": "elsewhere.example"})
        assert answer.headers.get("Location", "/s/").startswith("/s/")


def test_a_defect_says_nothing_about_itself_to_the_sender(
    city: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    def failing(*_: object) -> None:
        raise ValueError("inner matter")

    monkeypatch.setattr("survey.walk.Walk.answer", failing)
    answer = city.send({"go": "next"})
    assert answer.status_code == 500
    for word in ("inner matter", "Traceback", "ValueError", "survey/", ".py"):
        assert word not in answer.text


# -- the list itself ------------------------------------------------------------------------------


def named_tests() -> list[tuple[str, str]]:
    """Requirement and test of every row of the list."""
    rows = re.findall(r"^\| (\d+\.\d+\.\d+) \|.*\|([^|]*)\|$", SECURITY.read_text("utf-8"), re.M)
    return [(number, name) for number, cell in rows for name in re.findall(r"`(test_\w+)`", cell)]


def test_every_requirement_in_the_list_names_tests_that_exist() -> None:
    text = SECURITY.read_text("utf-8")
    rows = re.findall(r"^\| (\d+\.\d+\.\d+) \|", text, re.M)
    assert len(rows) == len(set(rows)) > 50
    assert set(rows) == {number for number, _ in named_tests()}
    files = (ROOT / "tests").rglob("test_*.py")
    defined = {n for f in files for n in re.findall(r"^def (test_\w+)", f.read_text("utf-8"), re.M)}
    assert [(number, name) for number, name in named_tests() if name not in defined] == []
    assert set(re.findall(r"`(test_\w+)`", text)) <= defined
    # The team's room has a list of its own.
    room = re.findall(r"^\| V\d+\.\d+\.\d+ \|.*\|([^|]*)\|$", text, re.M)
    assert len(room) == len(re.findall(r"^\| V\d", text, re.M)) > 30
    assert [cell for cell in room if not re.search(r"`test_\w+`", cell)] == []


def test_the_shipped_host_speaks_current_encryption_only() -> None:
    text = (ROOT / "deploy" / "nginx.conf").read_text("utf-8")
    assert re.findall(r"ssl_protocols ([^;]*);", text) == ["TLSv1.2 TLSv1.3"]
    (ciphers,) = re.findall(r"ssl_ciphers ([^;]*);", text)
    assert all(re.match(r"ECDHE-.*(GCM|CHACHA20)", cipher) for cipher in ciphers.split(":"))
