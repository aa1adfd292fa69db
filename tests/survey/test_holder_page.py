"""The page on a holder's machine: from the urn to the data set without a terminal."""

from __future__ import annotations

import io
import re
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from urn_example import HOLDERS, NOW, add, desk_with_holders, fill, register_holders

from survey import opening, rehearsal, studies
from survey.dataset import read_data_set
from survey.holder_files import check_number, read_public
from survey.holder_key_page import destroying
from survey.holder_page import create_holder_app
from survey.holder_words import LANGUAGES, WORDS
from survey.home import Home
from survey.keys import create_holder_key, identities_in, needs_passphrase

WORD = "zufall"
START = f"/{WORD}/"
HERE = {"Sec-Fetch-Site": "same-origin"}


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path / "home")


@pytest.fixture
def ended() -> list[bool]:
    return []


@pytest.fixture
def client(tmp_path: Path, ended: list[bool]) -> FlaskClient:
    folder = tmp_path / "work"
    folder.mkdir()
    app = create_holder_app(folder, WORD, lambda: ended.append(True))
    client = app.test_client()
    client.environ_base["HTTP_HOST"] = "127.0.0.1:5000"
    return client


def send(client: FlaskClient, urn: Path | None, *keys: Path, passphrase: str = "") -> str:
    data: dict[str, object] = {"passphrase": passphrase}
    if urn:
        data["urn"] = (io.BytesIO(urn.read_bytes()), urn.name)
    data["keys"] = [(io.BytesIO(key.read_bytes()), key.name) for key in keys]
    answer = client.post(START, data=data, headers=HERE)
    assert answer.status_code in (200, 422)
    return answer.text


def fetched(client: FlaskClient, page: str, path: Path) -> Path:
    match = re.search(r'href="([^"]*/datei/[^"]+)"', page)
    assert match
    with client.get(match[1]) as answer:
        path.write_bytes(answer.data)
    return path


def test_two_holders_open_an_urn_by_the_page_alone(
    client: FlaskClient, home: Home, tmp_path: Path, ended: list[bool]
) -> None:
    holders = tmp_path / "holders"
    fill(desk_with_holders(home, holders, "staff"), 12)
    studies.close_study(home, "staff", NOW)
    opening.export_urn(home, "staff", tmp_path / "u0")
    first = send(client, tmp_path / "u0", holders / "council.key")
    assert "Ihre Schicht ist geöffnet" in first
    assert "nächste Schlüsselperson: project." in first
    second = send(client, fetched(client, first, tmp_path / "u1"), holders / "project.key")
    assert "Die Urne ist geöffnet" in second
    made = read_data_set(fetched(client, second, tmp_path / "u2"))
    assert made.fingerprint[:32] in second
    assert opening.import_data_set(home, "staff", made.path).fingerprint == made.fingerprint
    assert {path.suffix for path in (tmp_path / "work").iterdir()} == {".out"}
    assert "beendet" in client.post(f"{START}ende", headers=HERE).text
    assert ended == [True]


def test_a_rehearsal_goes_through_the_page_with_both_keys(
    client: FlaskClient, home: Home, tmp_path: Path
) -> None:
    holders = tmp_path / "holders"
    add(home, "staff")
    register_holders(home, holders, "staff")
    path = tmp_path / "r0"
    rehearsal.begin(home, "staff", path)
    page = send(client, path, holders / "council.key")
    assert "brauchen Sie beide Schlüsseldateien" in page
    for name in HOLDERS:
        page = send(client, path, holders / f"{name}.key", holders / f"{name}.rehearsal.key")
        assert "Die Probe hat geklappt" in page
        path = fetched(client, page, tmp_path / f"after-{name}")
    assert "Projektteam zurück" in page
    rehearsal.finish(home, "staff", path, NOW)


def test_mistakes_are_said_where_they_are_and_nothing_is_left(
    client: FlaskClient, home: Home, tmp_path: Path
) -> None:
    holders = tmp_path / "holders"
    fill(desk_with_holders(home, holders, "staff"), 1)
    studies.close_study(home, "staff", NOW)
    urn = tmp_path / "u0"
    opening.export_urn(home, "staff", urn)
    locked = tmp_path / "locked.key"
    create_holder_key(locked, "x", "vier kluge Worte")
    key, other = holders / "council.key", holders / "project.key"
    for page, part, told in (
        (send(client, None, key), "urn", "Wählen Sie die Urnendatei"),
        (send(client, urn), "keys", "Wählen Sie Ihre Schlüsseldatei"),
        (send(client, urn, other), "keys", "jemand anderes an der Reihe"),
        (send(client, key, key), "urn", "keine Urnendatei"),
        (send(client, urn, urn), "keys", "keine Schlüsseldatei"),
        (send(client, urn, locked), "passphrase", "mit einem Passwort verschlossen"),
        (send(client, urn, locked, passphrase="falsch"), "passphrase", "Passwort öffnet"),
    ):
        assert told in page
        assert f'href="#{part}"' in page
        assert "<title>Fehler:" in page
        assert 'aria-invalid="true"' in page
    assert not list((tmp_path / "work").iterdir())


def make(client: FlaskClient, **fields: str) -> tuple[int, str]:
    answer = client.post(f"{START}schluessel", data=fields, headers=HERE)
    return answer.status_code, answer.text


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_holder_makes_keys_by_the_page_alone_and_only_the_public_half_is_for_sending(
    client: FlaskClient, home: Home, tmp_path: Path, language: str
) -> None:
    add(home, "staff")
    words = "vier kluge Worte hier"
    filled = {"study": "staff", "holder": "Personalrat", "lang": language}
    status, page = make(client, **filled, passphrase=words, again=words)
    assert status == 200
    assert f'<html lang="{language}">' in page
    work = tmp_path / "work" / "keys"
    assert work.stat().st_mode & 0o077 == 0
    names = re.findall(rf'href="({START}schluessel/datei/[^"]+)"', page)
    files = {}
    for name in names:
        with client.get(name) as answer:
            assert answer.headers["Cache-Control"] == "no-store"
            files[name.rpartition("/")[2]] = answer.data
    key, rehearsed, sheet, public = files.values()
    assert [*files][-1] == "staff-personalrat.public.txt"
    secret = [key, rehearsed]
    assert needs_passphrase(key)
    assert not needs_passphrase(rehearsed)
    assert sheet.startswith(b"%PDF")
    assert b"AGE-SECRET-KEY" not in public
    assert not [one for one in secret if one in public]
    # What was saved is what the server and the opening take.
    path = tmp_path / "sent.public.txt"
    path.write_bytes(public)
    recipient = read_public(path, "staff")
    studies.register_recipient(home, "staff", recipient)
    assert check_number("staff", recipient) in page
    [identity] = identities_in(key, "saved.key", words)
    assert str(identity.to_public()) == recipient.key
    # A foreign name reaches no file.
    assert client.get(f"{START}schluessel/datei/../staff.key").status_code == 404
    assert client.get(f"{names[0]}x").status_code == 404


def test_mistakes_in_making_a_key_are_said_where_they_are_and_make_none(
    client: FlaskClient, tmp_path: Path
) -> None:
    good = {"study": "staff", "holder": "Personalrat", "passphrase": "", "again": ""}
    for change, part, told in (
        ({"study": "Staff!"}, "study", "kleinen Buchstaben"),
        ({"holder": " "}, "holder", "Ihren Namen"),
        ({"passphrase": "kurz", "again": "kurz"}, "passphrase", "weniger als 12 Zeichen"),
        ({"passphrase": "vier kluge Worte", "again": "andere"}, "again", "verschieden"),
        ({"again": "vier kluge Worte"}, "again", "verschieden"),
    ):
        status, page = make(client, **{**good, **change})
        assert status == 422
        assert told in page
        assert f'href="#{part}"' in page
        assert "<title>Fehler:" in page
        assert "vier kluge" not in page
    assert not list((tmp_path / "work").iterdir())


def test_made_keys_are_overwritten_when_the_page_ends(client: FlaskClient, tmp_path: Path) -> None:
    work = tmp_path / "work"
    with destroying(work):
        assert make(client, study="staff", holder="Personalrat")[0] == 200
        secret = next(work.rglob("*.key"))
        kept = secret.open("rb")
        content = kept.read()
        assert b"AGE-SECRET-KEY" in content
    with kept:
        kept.seek(0)
        assert b"AGE-SECRET-KEY" not in kept.read()
    assert not [path for path in work.rglob("*") if path.is_file()]


def test_the_page_speaks_the_language_of_the_browser_or_the_one_that_is_chosen(
    client: FlaskClient,
) -> None:
    for place in ("", "schluessel"):
        at = START + place
        assert '<html lang="de">' in client.get(at).text
        assert '<html lang="en">' in client.get(at, headers={"Accept-Language": "en-GB"}).text
        german = client.get(f"{at}?lang=de", headers={"Accept-Language": "en-GB"}).text
        assert '<html lang="de">' in german
        assert f'href="{at}?lang=en"' in german
    page = client.post(START, data={"lang": "en"}, headers=HERE).text
    assert "Choose the urn file that you were given." in page


def test_both_languages_have_every_sentence_with_the_same_holes() -> None:
    for name, said in WORDS.items():
        assert len(said) == len(LANGUAGES)
        assert all(said), name
        holes = [sorted(re.findall(r"%\((\w+)\)s", text)) for text in said]
        assert holes[0] == holes[1], name


def test_nobody_else_reaches_the_page(client: FlaskClient) -> None:
    assert client.get("/").status_code == 404
    assert client.get("/geraten/").status_code == 404
    assert client.get(START, headers={"Host": "evil.example"}).status_code == 403
    foreign = {"Sec-Fetch-Site": "cross-site"}
    assert client.post(f"{START}ende", headers=foreign).status_code == 403
    answer = client.get(START)
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
    assert answer.headers["Cache-Control"] == "no-store"
    assert "Set-Cookie" not in answer.headers
    assert "<script" not in answer.text
