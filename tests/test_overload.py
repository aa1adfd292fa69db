"""More people than there is room for, slow senders, huge bodies: everybody is served in turn."""

from __future__ import annotations

import os
import signal
import socket
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from pathlib import Path
from threading import Barrier, Event

import pytest
from crowd import STUDY, City, Crowd, city
from servers import ask, nginx_program, several

from survey.attack.visitor import Visitor

SLOW = 64
QUEUE = 12
"""Seconds; longer than any press but the last may stand in the queue."""
CROWDS = [pytest.param(60, id="60"), pytest.param(500, id="500", marks=pytest.mark.full)]


@contextmanager
def fronted(tmp_path: Path, people: int) -> Iterator[tuple[City, int]]:
    """A city on SQLite, and the port of the nginx in front of it."""
    if nginx_program() is None:
        pytest.skip("no nginx: apt-get install nginx")
    with city(tmp_path, people) as one, several(tmp_path / "nginx", [one.server.port]) as port:
        yield one, port


@pytest.mark.parametrize("people", CROWDS)
def test_a_crowd_that_comes_all_at_once_is_thanked_without_an_error_page(
    people: int, tmp_path: Path
) -> None:
    with fronted(tmp_path, people) as (one, port):
        crowd = Crowd(port, one.codes, together=people)
        crowd.let_in(people)
        crowd.answer()
        # On a busy machine some are asked to come again; 503 is that page and no other here.
        assert set(crowd.statuses) <= {200, 503}
        assert crowd.statuses[200] == 3 * people
        one.judged(crowd)


def test_forms_that_stood_in_the_queue_for_too_long_come_back_and_nobody_is_lost(
    tmp_path: Path,
) -> None:
    people = 40
    with fronted(tmp_path, people) as (one, port), ThreadPoolExecutor(1) as aside:
        stopped = Event()

        def stop() -> None:
            _signal(one.server.processes, signal.SIGSTOP)
            stopped.set()

        # When everybody is on the way, nobody works for some seconds, and all send their form.
        crowd = Crowd(port, one.codes, together=people, gathered=Barrier(people, stop))
        crowd.let_in(people)
        answering = aside.submit(crowd.answer)
        assert stopped.wait(120)
        time.sleep(QUEUE)
        _signal(one.server.processes, signal.SIGCONT)
        answering.result(300)
        assert set(crowd.statuses) == {200, 503}
        assert crowd.statuses[200] == 3 * people
        one.judged(crowd)


def _signal(processes: list[int], what: signal.Signals) -> None:
    for process in processes:
        os.kill(process, what)


def test_half_sent_forms_and_huge_bodies_keep_nobody_from_answering(tmp_path: Path) -> None:
    with fronted(tmp_path, 1) as (one, port), ExitStack() as held:
        for _ in range(SLOW):
            held.enter_context(_half_sent(port))
        huge = [
            ask(port, f"/s/{STUDY}/", {"go": "next", "wish": "x" * 1_200_000}) for _ in range(8)
        ]
        assert {answer.status_code for answer in huge} == {413}
        thanks = Visitor(0, port, STUDY).answer(one.codes[0])
        assert "Vielen Dank" in thanks.text
        one.adds_up()


def _half_sent(port: int) -> socket.socket:
    """A connection that has sent the head of a form and the beginning of its body."""
    slow = socket.create_connection(("127.0.0.1", port), timeout=30)
    head = f"POST /s/{STUDY}/ HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nContent-Length: 9000\r\n"
    slow.sendall(f"{head}Content-Type: application/x-www-form-urlencoded\r\n\r\ngo=".encode())
    return slow
