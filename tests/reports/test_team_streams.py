"""Streams of progress never use up the threads that everybody else needs."""

from __future__ import annotations

import json
import socket
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
import urn_example
from room import Room, make_room
from room_process import ALONE, Served, process
from werkzeug.test import TestResponse

from reports import jobs, worker
from reports.jobs import Job
from reports.team.pages import jobs as page
from survey.commands.serve import server_options

STUDY = "staff"
THREADS = 8


@pytest.fixture
def room(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Room:
    """A room whose only job does not move, because nobody works at it."""
    monkeypatch.setattr(page, "wake", lambda _: False)
    made = make_room(tmp_path / "home")
    urn_example.add(made.home, STUDY)
    return made


def job_of(room: Room) -> Job:
    found: Job = jobs.new_job(
        room.home, STUDY, (), task=jobs.RESULTS, by="reporter", at=1, total=9, state=jobs.RUNNING
    )
    return found


def parts(answer: TestResponse) -> Iterator[Any]:
    """What a stream says, piece by piece, each when it is asked for."""
    return iter(answer.response)


def test_a_stream_beyond_the_bound_tells_the_state_once_and_asks_to_come_back(room: Room) -> None:
    address = f"/studies/{STUDY}/jobs/{job_of(room).id}/events"
    client = room.signed_in("reporter").client
    held = [client.get(address) for _ in range(page.MOST)]
    for stream in held:
        assert next(parts(stream)).startswith(b"data: ")
    beyond = client.get(address)
    retry, data = beyond.get_data(as_text=True).strip().split("\n")
    assert retry == f"retry: {page.LATER}"
    assert json.loads(data.removeprefix("data: "))["words"] == "Schritt 1 von 9"
    held[0].close()
    assert next(parts(client.get(address))).startswith(b"data: ")


def test_a_stream_that_nobody_reads_keeps_no_place(room: Room) -> None:
    address = f"/studies/{STUDY}/jobs/{job_of(room).id}/events"
    client = room.signed_in("reporter").client
    for _ in range(3 * page.MOST):
        assert client.head(address).status_code == 200
    assert next(parts(client.get(address))).startswith(b"data: ")


def test_a_browser_that_has_gone_is_noticed_while_its_job_does_not_move(
    room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(page, "BEAT", 0.0)
    monkeypatch.setattr(page, "PAUSE", 0.01)
    address = f"/studies/{STUDY}/jobs/{job_of(room).id}/events"
    stream = parts(room.signed_in("reporter").client.get(address))
    assert next(stream).startswith(b"data: ")
    assert next(stream) == b": \n\n"


def test_pages_are_answered_however_many_streams_are_asked_for(tmp_path: Path) -> None:
    room = make_room(tmp_path / "home")
    urn_example.add(room.home, STUDY)
    room.clock.time = time.time()
    options = server_options("127.0.0.1", 0)
    assert options["workers"] * options["threads"] == THREADS
    address = f"/team/studies/{STUDY}/jobs/{job_of(room).id}/events"
    word = room.signed_in("reporter").cookie()
    asked = f"GET {address} HTTP/1.1\r\nHost: x\r\nCookie: {ALONE}={word}\r\n\r\n".encode()
    # Where a worker is at it, the room starts none: the job stands still.
    with worker._alone(room.home), process(room, tmp_path / "log") as port, ExitStack() as stack:
        for _ in range(2 * THREADS):
            line = stack.enter_context(socket.create_connection(("127.0.0.1", port), 20))
            line.sendall(asked)
            assert b"200 OK" in line.recv(4000)
        for _ in range(THREADS):
            assert Served(port, word).get("/studies").status_code == 200
