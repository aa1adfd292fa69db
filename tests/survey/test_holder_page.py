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
from survey.holder_page import create_holder_app
from survey.home import Home
from survey.keys import create_holder_key

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
