"""The shipped gunicorn and nginx: restarts lose nothing, and nobody's visit leaves a trace."""

from __future__ import annotations

import base64
import gzip
import hashlib
import re
import socket
import ssl
import subprocess
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

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
)
from servers import (
    ROOT,
    Answer,
    Gunicorn,
    Nginx,
    ask,
    free_port,
    gunicorn,
    nginx,
    nginx_program,
    write_nginx,
)

AGENT = "Sonderbrowser/7.3"
REFERRER = "https://intranet.example/amt67"
NOTHING: Mapping[str, str] = {}
TRACES = {
    "User-Agent": AGENT,
    "Referer": REFERRER,
    "Cookie": "tracker=8c1f",
    "Accept-Language": "x",
}


def plain(fields: Fields) -> dict[str, str]:
    return {name: value if isinstance(value, str) else value[0] for name, value in fields.items()}


@pytest.fixture
def city(tmp_path: Path) -> City:
    return make_city(tmp_path / "home", sample_bundle())


# -- a restart between two pages --------------------------------------------------------------


def test_a_killed_and_restarted_server_between_all_pages_loses_nothing_and_counts_once(
    city: City,
) -> None:
    (code,) = city.codes(1)
    with gunicorn(city.home.path) as server:

        def send(fields: Mapping[str, str]) -> Answer:
            answer = ask(server.port, city.address, fields, HERE)
            server.stop()
            server.start()
            return answer

        page = send({"go": "begin", "code": code})
        for fields in ANSWERS:
            page = send({"go": "next", "state": state_of(page), **plain(fields)})
        thanks = send({"go": "submit", "state": state_of(page)})
        assert heading(thanks).startswith("Vielen Dank")
        again = send({"go": "submit", "state": state_of(page)})
        assert again.data == thanks.data
        server.stop()
    (cast,) = city.ballots()
    assert set(cast.answers) == {"fields", "quality", "motto", "means", "words", "dept", "places"}
    assert server.said == b""


# -- nginx ----------------------------------------------------------------------------------------


@pytest.fixture
def program() -> str:
    found = nginx_program()
    if found is None:
        pytest.skip("no nginx: apt-get install nginx")
    return found


@dataclass(frozen=True)
class Host:
    """The whole of a respondents' host."""

    city: City
    backend: Gunicorn
    nginx: Nginx

    def send(
        self,
        fields: Mapping[str, str] | None = None,
        path: str = "",
        more: Mapping[str, str] = NOTHING,
    ) -> Answer:
        origin = f"https://127.0.0.1:{self.nginx.secure}"
        headers = {**TRACES, "Origin": origin, "Sec-Fetch-Site": "same-origin", **more}
        return ask(self.nginx.secure, path or self.city.address, fields, headers, secure=True)

    def files(self) -> Iterator[tuple[str, bytes]]:
        for folder in (self.nginx.folder, self.city.home.path):
            for path in sorted(folder.rglob("*")):
                if path.is_file() and path.name not in ("site.conf", "nginx.conf", "key.pem"):
                    yield str(path), path.read_bytes()


@pytest.fixture
def host(city: City, tmp_path: Path, program: str) -> Iterator[Host]:
    with (
        gunicorn(city.home.path) as backend,
        nginx(tmp_path / "nginx", backend.port) as front,
    ):
        yield Host(city, backend, front)


def test_the_shipped_site_is_accepted_as_it_is_but_for_places(tmp_path: Path, program: str) -> None:
    write_nginx(tmp_path / "nginx", free_port())
    command = [program, "-p", str(tmp_path / "nginx"), "-c", "nginx.conf", "-t"]
    checked = subprocess.run(command, capture_output=True, text=True)
    assert (checked.returncode, "warn" in checked.stderr) == (0, False), checked.stderr


def test_a_whole_survey_behind_nginx_leaves_no_trace_of_the_person_in_any_file(host: Host) -> None:
    (code,) = host.city.codes(1)
    pages = [host.send(), host.send({"go": "begin", "code": code})]
    for fields in ANSWERS:
        pages.append(host.send({"go": "next", "state": state_of(pages[-1]), **plain(fields)}))
    pages.append(host.send({"go": "submit", "state": state_of(pages[-1])}))
    assert heading(pages[-1]).startswith("Vielen Dank")
    mistakes = [
        host.send(path="/nothing/here"),
        host.send({"go": "begin", "code": "2222-2222-2222-2"}),
        host.send({"go": "submit", "state": "x"}),
        host.send({"go": "next", "words": "x" * 1_100_000}),
        host.send({}, more={"Sec-Fetch-Site": "cross-site"}),
    ]
    assert [one.status_code for one in mistakes] == [404, 422, 400, 413, 403]
    host.backend.stop()
    private = [
        b"127.0.0.1", AGENT.encode(), REFERRER.encode(), b"8c1f", code.encode(),
        code.replace("-", "").encode(), host.city.address.encode(), state_of(pages[2]).encode(),
        b"Wege & mehr", b"nothing/here",
    ]  # fmt: skip
    for name, content in host.files():
        assert [text for text in private if text in content] == [], name
    assert host.backend.said == b""
    assert host.city.count() == 1


def test_no_body_is_ever_written_to_a_file_of_nginx(host: Host) -> None:
    page = host.send({"go": "begin", "code": host.city.codes(1)[0]})
    for folder in ("client_body", "proxy"):
        (host.nginx.folder / folder).rename(host.nginx.folder / f"{folder}.away")
    long = {"go": "next", "state": state_of(page), "words": "ä" * 100_000}
    assert host.send(long).status_code in (200, 413)
    assert host.send({"go": "next", "state": state_of(page)}).status_code == 200


def raw(host: Host, said: bytes, *, secure: bool = True) -> bytes:
    """What nginx answers to these bytes; whatever it does with them."""
    port = host.nginx.secure if secure else host.nginx.plain
    with socket.create_connection(("127.0.0.1", port), timeout=30) as line:
        if not secure:
            return spoken(line, said)
        with unchecked().wrap_socket(line) as sealed:
            return spoken(sealed, said)


def spoken(line: socket.socket, said: bytes) -> bytes:
    try:
        line.sendall(said)
        return line.recv(64)
    except OSError:
        # It answered and closed the line before everything was said.
        return b""


def unchecked() -> ssl.SSLContext:
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    return context


def head(host: Host, *lines: str) -> bytes:
    first = (f"POST {host.city.address} HTTP/1.1", "Host: umfrage.example.org", *lines)
    return "\r\n".join((*first, "Connection: close", "", "")).encode()


def test_a_body_in_small_pieces_is_not_written_to_a_file_either(host: Host) -> None:
    (host.nginx.folder / "client_body").rename(host.nginx.folder / "client_body.away")
    # Framing makes six bytes of one, so that 300,000 do not fit into any buffer.
    pieces = b"1\r\nx\r\n" * 300_000 + b"0\r\n\r\n"
    assert raw(host, head(host, "Transfer-Encoding: chunked") + pieces).startswith(b"HTTP/1.1 411")
    most = b"go=next&words=".ljust(1024 * 1024, b"x")
    sized = head(host, f"Content-Length: {len(most)}", "Sec-Fetch-Site: same-origin")
    assert raw(host, sized + most).startswith(b"HTTP/1.1 4")
    assert host.city.count() == 0


def test_no_nonsense_makes_nginx_or_the_program_write_down_who_sent_it(host: Host) -> None:
    hello = b"\x16\x03\x01" + bytes(range(200))
    nonsense = [
        b"\x00\x01 / HTTP/9\r\n\r\n",
        b"GET / HTTP/1.1\r\n\r\n",
        b"GET /s/../../etc HTTP/1.1\r\nHost: a\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: a\r\nX: " + b"a" * 40_000 + b"\r\n\r\n",
        b"GET /" + b"a" * 40_000 + b" HTTP/1.1\r\nHost: a\r\n\r\n",
        head(host, "Content-Length: 1", "Content-Length: 2"),
    ]
    answers = [raw(host, one) for one in nonsense]
    answers += [raw(host, one, secure=False) for one in (*nonsense, hello)]
    # What is beyond every limit may find the line closed before it was said.
    assert {one[:10] for one in answers} <= {b"HTTP/1.1 4", b""}
    with socket.create_connection(("127.0.0.1", host.nginx.secure), timeout=30) as line:
        line.sendall(hello)  # a handshake that fails
        line.recv(64)
    for said in nonsense:  # straight to the program, as a neighbour on the same machine could
        with socket.create_connection(("127.0.0.1", host.backend.port), timeout=30) as line:
            line.sendall(said)
            line.recv(64)
    host.backend.stop()
    assert host.send({"go": "begin"}).status_code == 502
    assert host.backend.said == b""
    for name, content in host.files():
        assert b"127.0.0.1" not in content, name
    logs = [*(host.nginx.folder / "log").iterdir()]
    assert [path.read_bytes() for path in logs] == [b""] * len(logs)


def test_only_what_depends_on_nobody_is_compressed(host: Host) -> None:
    start = host.send(more={"Accept-Encoding": "gzip"})
    assert start.headers["Content-Encoding"] == "gzip"
    (style,) = re.findall(r'href="(/static/[^"]*\.css)"', gzip.decompress(start.data).decode())
    assert host.send(path=style, more={"Accept-Encoding": "gzip"}).headers["Content-Encoding"]
    page = host.send(
        {"go": "begin", "code": host.city.codes(1)[0]}, more={"Accept-Encoding": "gzip"}
    )
    assert page.status_code == 200
    assert "Content-Encoding" not in page.headers


def test_every_answer_of_the_host_demands_encryption_and_names_no_version(host: Host) -> None:
    answers = [
        host.send(),
        host.send({"go": "begin", "code": "typo"}),
        host.send(path="/static/nothing"),
        host.send(path="/nothing"),
        host.send(path="/notices/away.html"),
        host.send({"words": "x" * 1_100_000}),
    ]
    assert [one.status_code for one in answers] == [200, 422, 404, 404, 404, 413]
    for answer in answers:
        age = re.search(
            r"max-age=(\d+); includeSubDomains", answer.headers["Strict-Transport-Security"]
        )
        assert age
        assert int(age[1]) >= 31_536_000
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Content-Security-Policy"].startswith("default-src 'none'")
        assert answer.headers["Content-Type"] == "text/html; charset=utf-8"
        assert "Set-Cookie" not in answer.headers
        assert not re.search(r"\d", answer.headers["Server"])
    plainly = ask(host.nginx.plain, "/s/sample/?lang=de")
    assert plainly.status_code == 308
    assert plainly.headers["Location"] == "https://umfrage.example.org/s/sample/?lang=de"


def test_while_the_program_is_away_a_page_says_how_nothing_is_lost(host: Host) -> None:
    page = host.send({"go": "begin", "code": host.city.codes(1)[0]})
    sent = {"go": "next", "state": state_of(page), "fields.b": "1"}
    host.backend.stop()
    away = host.send(sent)
    assert (away.status_code, heading(away)) == (502, "Gerade nicht erreichbar")
    assert away.headers["Cache-Control"] == "no-store"
    host.backend.start()
    assert heading(host.send(sent)) == "Eigenschaften"


def test_the_sender_cannot_choose_the_network_that_is_slowed(
    tmp_path: Path, program: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MEINUNGSBILD_BEGINS_PER_MINUTE", "1")
    city = make_city(tmp_path / "home", open_bundle())
    with (
        gunicorn(city.home.path) as backend,
        nginx(tmp_path / "nginx", backend.port) as front,
    ):
        host = Host(city, backend, front)
        forged = [
            host.send(
                {"go": "begin"}, more={"X-Real-IP": f"10.{n}.0.1", "X-Forwarded-For": "10.9.9.9"}
            )
            for n in range(5)
        ]
    assert [one.status_code for one in forged] == [200, 200, 200, 200, 429]


def test_the_notices_of_nginx_are_whole_pages_in_two_languages() -> None:
    notices = sorted((ROOT / "deploy" / "notices").glob("*.html"))
    policy = (ROOT / "deploy" / "nginx.conf").read_text("utf-8")
    assert [path.stem for path in notices] == ["away", "missing", "too-large"]
    for path in notices:
        text = path.read_text("utf-8")
        assert text.count("<h1>") == 1
        assert '<section lang="en">' in text
        assert not re.search(r"<script|style=|https?:", text)
        (style,) = re.findall(r"<style>(.*?)</style>", text)
        allowed = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
        assert f"style-src 'sha256-{allowed}'" in policy
