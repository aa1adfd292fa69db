"""What pages and whole submissions cost a server, against a hello-world under the same server.

    python benchmarks/served_speed.py [ROUNDS]

Starts gunicorn with the shipped settings twice, once with the smallest Flask application and once
with a study of 40 questions on 12 pages (codes, routes, a mention, shuffled lists) beside one with
40 questions on one page. Prints CPU milliseconds of the server's processes, ratios, and memory.
CPU, not time: the machine may be busy. Requests alternate between both servers, round by round, and
the median of the rounds counts.
"""

from __future__ import annotations

import re
import statistics
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime
from html import unescape
from pathlib import Path

import long_study
import page_speed
from served import HELLO, Browser, Served, serving

from survey import codes, migrations, studies
from survey.home import Home
from survey.questionnaire import Bundle

REQUESTS = 40
"""Requests of each kind in a round."""
_STATE = re.compile(r'name="state" value="([^"]*)"')


@dataclass(frozen=True)
class Measured:
    """CPU milliseconds: of one request to hello-world, of pages, of a whole submission."""

    hello: float
    shown: float
    sent: float
    mistaken: float
    submission: float
    requests: int
    megabytes: float
    start_seconds: float

    def lines(self) -> Iterator[str]:
        """One line per goal."""
        floor = self.requests * self.hello
        yield f"hello world, one request        {self.hello:7.2f} ms CPU"
        for name, value in (
            ("page of 40 questions, shown    ", self.shown),
            ("page of 40 questions, answered ", self.sent),
            ("the same with a mistake        ", self.mistaken),
        ):
            yield f"{name} {value:7.2f} ms CPU   {value / self.hello:5.2f} × hello world (goal 2)"
        yield f"mistake against answered page   {self.mistaken / self.sent:7.2f} ×        (goal 2)"
        yield (
            f"submission, {self.requests} requests         {self.submission:7.2f} ms CPU   "
            f"{self.submission / floor:5.2f} × as many hello worlds (goal 4; 35 ms)"
        )
        yield f"memory of the server            {self.megabytes:7.0f} MB        (goal 120)"
        yield f"start of the server             {self.start_seconds:7.2f} s         (goal 1)"


def state_in(page: str) -> str:
    """The sealed page state in a page."""
    found = _STATE.search(page)
    assert found is not None, page
    return unescape(found[1])


def prepare(home: Home, people: int) -> list[str]:
    """The codes of the long study; both studies are open afterwards."""
    migrations.upgrade(home)
    for text in (long_study.questionnaire(), page_speed.questionnaire(40)):
        # As a demo it needs neither holders nor a rehearsal; pages and ballots cost the same.
        study = studies.add_study(home, Bundle(text), demo=True)
        if study.id == long_study.STUDY:
            issued = codes.issue(home, study.id, people)
        studies.open_study(home, study.id, datetime.now(UTC))
    return issued


def submit(browser: Browser, code: str, seed: int) -> int:
    """Number of requests of one person, from the start page to the thanks."""
    path, asked = f"/s/{long_study.STUDY}/", 2
    browser.get(path)
    _, page = browser.post(path, {"go": "begin", "code": code})
    for place in range(long_study.PAGES):
        fields = {"go": "next", "state": state_in(page), **long_study.answers(place, seed)}
        status, page = browser.post(path, fields)
        assert status == 200, page
        asked += 1
    status, page = browser.post(path, {"go": "submit", "state": state_in(page)})
    assert "Vielen Dank" in page
    return asked + 1


def per_request(server: Served, act: Callable[[], object], times: int = REQUESTS) -> float:
    """CPU milliseconds of one act."""
    before = server.cpu
    for _ in range(times):
        act()
    return (server.cpu - before) / times * 1000


def measure(rounds: int = 7, submissions: int = 10) -> Measured:
    """Medians of so many rounds."""
    with tempfile.TemporaryDirectory() as name, ExitStack() as stack:
        folder = Path(name)
        home = Home(folder / "home")
        issued = iter(prepare(home, rounds * submissions + 5))
        plain = stack.enter_context(serving(HELLO, folder))
        ours = stack.enter_context(serving("wsgi:survey_app", folder, home.path))
        base, browser = Browser(plain.port), Browser(ours.port)
        form = {f"a{n}": str(n % 5 + 1) for n in range(40)}
        path = "/s/speed/"
        _, first = browser.post(path, {"go": "begin"})
        onward = {"go": "next", "state": state_in(first), **form}
        acts: dict[str, Callable[[], object]] = {
            "shown": lambda: browser.post(path, {"go": "lang:de", "state": onward["state"]}),
            "sent": lambda: browser.post(path, onward),
            "mistaken": lambda: browser.post(path, onward | {"a0": "forged"}),
        }
        for seed in range(5):
            requests = submit(browser, next(issued), seed)
        found: dict[str, list[float]] = {name: [] for name in ("hello", "submission", *acts)}
        for _ in range(rounds):
            found["hello"].append(per_request(plain, lambda: base.get("/"), 3 * REQUESTS))
            for name_of, act in acts.items():
                found[name_of].append(per_request(ours, act))
            found["submission"].append(
                per_request(ours, lambda: submit(browser, next(issued), 3), submissions)
            )
        medians = {key: statistics.median(values) for key, values in found.items()}
        return Measured(
            **medians,
            requests=requests,
            megabytes=ours.megabytes,
            start_seconds=ours.start_seconds,
        )


def main(rounds: int = 7) -> None:
    """Print times and ratios."""
    for line in measure(rounds).lines():
        print(line)


if __name__ == "__main__":
    main(*map(int, sys.argv[1:2]))
