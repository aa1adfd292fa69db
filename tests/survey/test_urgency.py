"""Who is on the way is served before who wants to begin, and nobody stands behind for ever."""

from __future__ import annotations

import selectors
import socket
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from types import SimpleNamespace
from typing import Any
from urllib.parse import urlencode

import pytest
from gunicorn import util  # type: ignore[import-untyped]
from gunicorn.config import Config  # type: ignore[import-untyped]
from respondent import open_bundle, sample_bundle

from survey.pace import ticket
from survey.page_state import LONGEST_CODE, StateBox, first_state
from survey.patience import LIMIT, LIMITS
from survey.questionnaire import Bundle, read_bundle
from survey.urgency import LOOKS, SMALL, Line, grace
from survey.waiting import SLOTS, Waiting
from survey.whole_answers import BURST, SWITCH, WholeAnswers

TINY = read_bundle(
    Bundle(
        """\
schema: 1
study:
  id: x
  title: X
  regime: open_participation
  access: open
  opening: all
  population: X
  closes: 2099-05-21T18:00:00+02:00
pages:
  - id: p
    title: P
    items:
      - {id: n, type: number, max: 1, text: N}
"""
    )
).instrument
ON_THE_WAY = {"state": "x" * 800, "go": "next"}
BEGIN = {"go": "begin", "code": "ABCD-EFGH-JKLM-N"}


def form(fields: dict[str, str]) -> bytes:
    body = urlencode(fields)
    head = "POST /s/x/ HTTP/1.1\r\nHost: umfrage.example.org\r\nX-Request-Start: t=1\r\n"
    return f"{head}Content-Length: {len(body)}\r\n\r\n{body}".encode()


LOOK = b"GET /s/x/ HTTP/1.1\r\nHost: umfrage.example.org\r\n\r\n"


class Held(WholeAnswers):
    """The worker, whose threads are the test: what waits is served when it says so."""

    def __init__(self) -> None:
        """It listens; nobody has come."""
        self.listening = socket.create_server(("127.0.0.1", 0))
        self.listening.setblocking(False)
        super().__init__(1, 0, [self.listening], None, 30, Config(), None)
        self.waiting = Waiting()
        self.due: list[Callable[[], None]] = []
        self.tpool = SimpleNamespace(submit=self.due.append)
        self.poller = selectors.DefaultSelector()
        self.method_queue.init()
        self.served: list[bytes] = []

    def handle(self, conn: Any) -> bool:
        """Note what was asked for."""
        self.served.append(conn.sock.recv(1 << 16))
        return False

    def serve(self) -> None:
        """Answer everybody who waits, one by one."""
        while self.due:
            self.due.pop()()
        for key, _ in self.poller.select(0):
            if key.fd == self.method_queue.fileno():
                key.data(key.fileobj)


@pytest.fixture
def worker(monkeypatch: pytest.MonkeyPatch) -> Iterator[Held]:
    # The browsers here hang up last, for which gunicorn would wait two seconds each.
    monkeypatch.setattr("gunicorn.util.close_graceful", util.close)
    one = Held()
    with one.listening, one.poller:
        one.poller.register(
            one.method_queue.fileno(), selectors.EVENT_READ, one.method_queue.run_callbacks
        )
        yield one
        end = time.monotonic() + 60
        while one.nr_conns > len(one.keepalived_conns) and time.monotonic() < end:
            one.serve()
        one.murder_keepalived(force=True)
        one.method_queue.close()
        one.tmp.close()


def come(worker: Held, stack: ExitStack, *sent: bytes) -> list[socket.socket]:
    """Connections over which each of these was sent, in this order."""
    made = []
    for data in sent:
        browser = stack.enter_context(socket.create_connection(worker.listening.getsockname()))
        browser.sendall(data)
        made.append(browser)
    return made


def taken_in(worker: Held, people: int) -> None:
    """Let the worker take in so many."""
    end = time.monotonic() + 60
    while worker.nr_conns < people and time.monotonic() < end:
        worker.accept(worker.listening)
    assert worker.nr_conns == people


def test_people_on_the_way_are_served_before_those_who_came_earlier_to_begin(worker: Held) -> None:
    again = {**BEGIN, "screen": "pause:busy:12"}
    order = [form(BEGIN), LOOK, form(again), form(ON_THE_WAY)]
    with ExitStack() as stack:
        come(worker, stack, *order)
        taken_in(worker, len(order))
        worker.serve()
    assert worker.served == [form(ON_THE_WAY), LOOK, form(again), form(BEGIN)]


def test_every_connection_is_answered_once_and_given_up_after_its_answer(worker: Held) -> None:
    with ExitStack() as stack:
        browsers = come(worker, stack, *[form(BEGIN), form(ON_THE_WAY)] * BURST)
        taken_in(worker, 2 * BURST)
        worker.serve()
        assert sorted(worker.served) == sorted([form(BEGIN), form(ON_THE_WAY)] * BURST)
        end = time.monotonic() + 60
        while worker.nr_conns and time.monotonic() < end:
            worker.serve()
        assert worker.nr_conns == 0
        for browser in browsers:
            browser.settimeout(60)
            assert browser.recv(9) == b""


def test_no_page_is_begun_while_a_crowd_is_taken_in(
    worker: Held, monkeypatch: pytest.MonkeyPatch
) -> None:
    may_begin: list[bool] = []
    enqueue = worker.enqueue_req

    def noted(conn: Any) -> None:
        may_begin.append(worker.all_seen.is_set())
        enqueue(conn)

    crowd = 2 * BURST
    monkeypatch.setattr("survey.whole_answers.CROWD", crowd)
    monkeypatch.setattr(worker, "enqueue_req", noted)
    with ExitStack() as stack:
        come(worker, stack, *[form(BEGIN)] * crowd, form(ON_THE_WAY))
        worker.accept(worker.listening)
        assert may_begin == [True] * BURST + [False] * (crowd - BURST)
        assert worker.all_seen.is_set()
        taken_in(worker, crowd + 1)
        worker.serve()
    assert worker.served[0] == form(ON_THE_WAY)


def test_pages_are_begun_after_a_crowd_that_was_less_than_there_is_room_for_and_no_room_is_left(
    worker: Held,
) -> None:
    with ExitStack() as stack:
        come(worker, stack, *[form(BEGIN)] * (BURST + 2))
        worker.worker_connections = BURST + 1
        worker.accept(worker.listening)
        assert worker.nr_conns == BURST + 1
        assert worker.all_seen.is_set()
        worker.worker_connections += 1
        worker.accept(worker.listening)
        worker.accept(worker.listening)
        assert worker.all_seen.is_set()
        worker.serve()
    assert len(worker.served) == BURST + 2


def test_who_has_not_sent_anything_yet_occupies_nobody_until_it_comes(worker: Held) -> None:
    with ExitStack() as stack:
        (slow,) = come(worker, stack, b"")
        taken_in(worker, 1)
        assert not worker.due
        (conn,) = worker.pending_conns
        slow.sendall(form(ON_THE_WAY))
        for key, _ in worker.poller.select(60):
            key.data(key.fileobj)
        assert not worker.pending_conns
        assert conn.data_ready
        worker.serve()
    assert worker.served == [form(ON_THE_WAY)]


def test_who_hangs_up_without_having_asked_is_not_counted_among_those_who_wait(
    worker: Held,
) -> None:
    with ExitStack() as stack:
        come(worker, stack, form(ON_THE_WAY))
        idle = come(worker, stack, b"", b"")
        taken_in(worker, 3)
        for browser in idle:
            browser.close()
        while worker.pending_conns:
            for key, _ in worker.poller.select(60):
                key.data(key.fileobj)
        assert worker.waiting.total() == 1
        assert len(worker.due) == 1
        worker.serve()
    assert worker.served == [form(ON_THE_WAY)]


def test_nothing_is_made_for_who_has_left_but_what_was_on_its_way_to_the_urn_is_taken(
    worker: Held,
) -> None:
    sent = [b"", form(BEGIN), LOOK, form(ON_THE_WAY)]
    with ExitStack() as stack:
        for browser in come(worker, stack, *sent):
            browser.close()
        come(worker, stack, form(BEGIN))
        taken_in(worker, 5)
        worker.serve()
    assert worker.served == [form(ON_THE_WAY), form(BEGIN)]
    assert worker.nr_conns == 0


class Brief:
    """Says the same to all who want to begin when so many wait."""

    def __init__(self, full: int) -> None:
        """Nobody has been answered."""
        self.full = full
        self.remembered: list[bytes] = []

    def answer(self, sent: bytes, waiting: int, now: float) -> bytes | None:
        """The answer."""
        return b"later" if waiting >= self.full and sent.startswith(b"POST") else None

    def remember(self, request: Any, answer: bytes, now: float) -> None:
        """Note it."""
        self.remembered.append(answer)


def test_who_finds_no_room_is_told_at_once_and_keeps_the_connection(worker: Held) -> None:
    worker.brief = Brief(2)
    with ExitStack() as stack:
        come(worker, stack, form(BEGIN), LOOK)
        taken_in(worker, 2)
        (late,) = come(worker, stack, form(BEGIN))
        taken_in(worker, 3)
        late.settimeout(60)
        assert late.recv(99) == b"later"
        worker.serve()
        assert worker.served == [LOOK, form(BEGIN)]
        # Its next request finds room and is answered on the same connection.
        while worker.method_queue._queue.qsize() or not worker.keepalived_conns:
            worker.serve()
        late.sendall(form(ON_THE_WAY))
        for key, _ in worker.poller.select(60):
            key.data(key.fileobj)
        worker.serve()
        assert worker.served[2:] == [form(ON_THE_WAY)]


def test_people_on_the_way_join_however_many_wait(worker: Held) -> None:
    worker.brief = Brief(0)
    with ExitStack() as stack:
        come(worker, stack, form(ON_THE_WAY), form(BEGIN), form(ON_THE_WAY))
        taken_in(worker, 3)
        worker.serve()
    assert worker.served == [form(ON_THE_WAY)] * 2


def test_a_fault_in_a_brief_answer_stops_nobody(worker: Held) -> None:
    worker.brief = object()
    with ExitStack() as stack:
        come(worker, stack, form(BEGIN))
        taken_in(worker, 1)
        worker.serve()
    assert worker.served == [form(BEGIN)]


def test_what_waits_in_all_processes_counts(worker: Held) -> None:
    other = SLOTS + 5
    with ExitStack() as stack:
        worker.waiting.say(other, 3)
        worker.brief = Brief(4)
        come(worker, stack, form(BEGIN), form(BEGIN))
        taken_in(worker, 2)
        worker.serve()
    assert worker.served == [form(BEGIN)]


def test_whoever_has_stood_for_long_enough_is_next_whatever_comes() -> None:
    line: Line[str] = Line()
    line.join("begin", 10.0 + grace(form(BEGIN)))
    line.join("look", 10.0 + grace(LOOK))
    for second in (10.1, 10.3, 12.0):
        line.join(f"way {second}", second + grace(form(ON_THE_WAY)))
    taken = [line.take() for _ in range(5)]
    assert taken == ["way 10.1", "look", "way 10.3", "begin", "way 12.0"]
    with pytest.raises(IndexError):
        line.take()


def test_nobody_who_wants_to_begin_stands_back_longer_than_begins_are_taken() -> None:
    assert 0 < LOOKS < grace(form({**BEGIN, "screen": "pause:busy:9"}))
    # Beginnings give way while all others still have seconds to spare.
    assert grace(form(BEGIN)) < LIMITS["begin"] < LIMIT < LIMITS["submit"]


@pytest.mark.parametrize("bundle", [open_bundle, sample_bundle])
def test_a_form_says_by_its_size_whether_somebody_is_on_the_way(
    bundle: Callable[[], Bundle],
) -> None:
    instrument = read_bundle(bundle()).instrument
    state = StateBox(bytes(32), "sample", instrument).seal(first_state(instrument, "de"))
    assert grace(form({"state": state, "go": "next"})) == 0
    longest = {"lang": "de-leicht", "code": LONGEST_CODE, "screen": "pause:busy:90", "go": "begin"}
    assert grace(form({**longest, "ticket": ticket(bytes(32), 1e10)})) > 0


def test_no_page_state_is_so_short_that_its_form_is_taken_for_a_beginning() -> None:
    # Of so few blocks no state consists: what it always holds fills one already.
    state = StateBox(bytes(32), "x", TINY).seal(first_state(TINY, "de"))
    assert len(state) > SMALL


def test_who_takes_requests_in_waits_for_no_page_that_is_being_made(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    before = sys.getswitchinterval()
    said = []
    monkeypatch.setattr(
        "gunicorn.workers.gthread.ThreadWorker.init_process",
        lambda _: said.append(sys.getswitchinterval()),
    )
    try:
        WholeAnswers.init_process(object.__new__(WholeAnswers))
    finally:
        sys.setswitchinterval(before)
    assert said == [pytest.approx(SWITCH)]
    assert before > SWITCH
