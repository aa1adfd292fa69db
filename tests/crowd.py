"""A crowd that answers while a city's servers are harmed, and the city that it answers."""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.client import HTTPException
from pathlib import Path

import postgres
import pytest
from servers import Gunicorn

from survey import links
from survey.attack.installation import Installation
from survey.attack.opened import people_of_rows
from survey.attack.visitor import Page, Visitor

STUDY = "faults"
TOGETHER = 4
PATIENCE = 120.0


@dataclass
class Crowd:
    """People who answer at once, each patient until they are thanked.

    They come when they are let in, so that there is load at every harm however slow the machine.
    """

    port: int
    codes: list[str]
    together: int = TOGETHER
    """How many answer at the same time."""
    gathered: threading.Barrier | None = None
    """Where all wait for each other when they have begun."""
    thanked: int = 0
    refused: int = 0
    """Times that somebody was told to try again, or was told nothing at all."""
    statuses: dict[int, int] = field(default_factory=dict)
    """How often each status was answered."""
    unanswered: list[str] = field(default_factory=list)
    """What was raised instead of an answer."""
    _guard: threading.Lock = field(default_factory=threading.Lock)
    _admitted: threading.Semaphore = field(default_factory=lambda: threading.Semaphore(0))

    def let_in(self, people: int) -> None:
        """Let so many more begin."""
        if people:
            self._admitted.release(people)

    def answer(self) -> None:
        """Return when everybody has been thanked."""
        with ThreadPoolExecutor(self.together) as pool:
            list(pool.map(self._person, enumerate(self.codes)))

    def _person(self, drawn: tuple[int, str]) -> None:
        number, code = drawn
        assert self._admitted.acquire(timeout=4 * PATIENCE), "nobody was let in"
        visitor = Visitor(number, self.port, STUDY)
        page = self._until(lambda: visitor.begin(code))
        if self.gathered is not None:
            self.gathered.wait(PATIENCE)
        review = self._until(lambda: visitor.fill(page))
        thanks = self._until(lambda: visitor.submit(review))
        assert "Vielen Dank" in thanks.text
        with self._guard:
            self.thanked += 1

    def _until(self, act: Callable[[], Page]) -> Page:
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            try:
                page = act()
            except (OSError, HTTPException) as error:
                self.unanswered.append(repr(error))
                page = None
            with self._guard:
                status = page.status if page else 0
                self.statuses[status] = self.statuses.get(status, 0) + 1
            if page is not None and page.status == 200:
                return page
            # What is said while something is away keeps what was filled in.
            assert page is None or page.status == 503, page
            with self._guard:
                self.refused += 1
            time.sleep(0.1)
        raise TimeoutError("nobody answers any more")


@dataclass
class City:
    """A scratch installation with an open study, and its servers."""

    installation: Installation
    servers: Sequence[Gunicorn]
    codes: list[str]

    @property
    def server(self) -> Gunicorn:
        """The only server, or the first."""
        return self.servers[0]

    def tormented(
        self, times: int, harm: Callable[[], object], *, seed: int = 1, port: int = 0
    ) -> Crowd:
        """A crowd that has answered while ``harm`` was done ``times`` times.

        Before each harm the share before it has been thanked, and another is let in.
        """
        crowd, chance = Crowd(port or self.server.port, self.codes), random.Random(seed)
        share = len(self.codes) // (times + 1)
        with ThreadPoolExecutor(1) as aside:
            answering = aside.submit(crowd.answer)
            try:
                for done in range(times):
                    _wait_for(crowd, done * share, answering)
                    crowd.let_in(share)
                    time.sleep(chance.random() * 0.03)
                    harm()
                    self.adds_up()
            finally:
                crowd.let_in(len(self.codes))
            answering.result(PATIENCE)
        return crowd

    def adds_up(self) -> None:
        """Ballots and unused codes together are what was issued."""
        assert self.installation.balance(STUDY) == len(self.codes)

    def judged(self, crowd: Crowd) -> None:
        """Everybody was thanked, and the opened urn holds everybody exactly once."""
        assert crowd.thanked == len(self.codes)
        assert self.installation.count("codes", STUDY) == 0
        for server in self.servers:
            server.stop()
        self.installation.close(STUDY)
        _, data_set = self.installation.opened(STUDY, self.installation.exported(STUDY))
        assert sorted(people_of_rows(data_set)) == list(range(len(self.codes)))


def _wait_for(crowd: Crowd, thanked: int, answering: Future[None]) -> None:
    """Return when so many have been thanked; raise what has ended the crowd before."""
    end = time.monotonic() + PATIENCE
    while crowd.thanked < thanked:
        if answering.done():
            answering.result()
            raise AssertionError("the load has ended before the harm")
        if time.monotonic() > end:
            raise TimeoutError("the crowd does not get on")
        time.sleep(0.01)


@contextmanager
def city(place: Path, people: int, url: str = "", *, hosts: int = 1) -> Iterator[City]:
    """A city with as many codes as people, and as many hosts on one database."""
    installation = Installation(place / "scratch", url)
    installation.make()
    codes = installation.open(STUDY, people)
    servers = [Gunicorn(installation.home.path, workers=2) for _ in range(hosts)]
    try:
        for server in servers:
            server.start()
        yield City(installation, servers, codes)
    finally:
        for server in servers:
            server.stop()
        links.disconnect()


@contextmanager
def cluster_for(kind: str) -> Iterator[tuple[postgres.Cluster | None, str]]:
    """A cluster of its own that may be killed, and the address of a database in it."""
    if kind == "sqlite":
        yield None, ""
        return
    try:
        with postgres.own_cluster() as cluster:
            yield cluster, cluster.create()
    except postgres.MissingError as error:
        pytest.skip(str(error))
