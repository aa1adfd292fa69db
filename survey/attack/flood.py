"""T11: a script floods a study without codes from one address while slow people answer."""

from __future__ import annotations

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Event

from survey.attack.copies import copier
from survey.attack.findings import Finding, at_most, exactly, figure
from survey.attack.installation import Installation
from survey.attack.needles import Needles
from survey.attack.server import serving
from survey.attack.sizes import Sizes
from survey.attack.visitor import Page, Visitor

STUDY = "flood"
PEOPLE, ROBOTS = 10, 4
ROBOT = 17_000
PAUSE = 2.0
"""Seconds that a person takes for a page; far less than real people, to be quick."""
THANKS = 200


def play(installation: Installation, sizes: Sizes, tell: Callable[[], None]) -> list[Finding]:
    """Whether every person is thanked, and no address is kept."""
    installation.open(STUDY, 0, access="open")
    over = Event()
    with serving(installation, STUDY) as server, ThreadPoolExecutor(PEOPLE + ROBOTS) as pool:
        robot = Visitor(ROBOT, server.port, STUDY)
        posted = [pool.submit(_flood, robot, over) for _ in range(ROBOTS)]
        people = [Visitor(12_000 + number, server.port, STUDY) for number in range(PEOPLE)]
        sent = [pool.submit(_slowly, visitor) for visitor in people]
        thanked = sum(page.result().status == THANKS for page in sent)
        over.set()
        posts = sum(one.result() for one in posted)
    tell()
    stored = installation.count("ballots", STUDY)
    addresses = [visitor.address.encode() for visitor in (robot, *people)]
    needles = Needles({"addresses": addresses})
    found = [needles.hits(content) for _, content in copier(installation, STUDY).everything()]
    return [
        exactly("T11", "flood_people", f"{thanked} / {PEOPLE}", f"{PEOPLE} / {PEOPLE}"),
        figure("T11", "flood_robots", f"{max(0, stored - thanked)} / {posts}"),
        at_most("T11", "flood_addresses", sum(one["addresses"] for one in found), 0),
    ]


def _slowly(visitor: Visitor) -> Page:
    """Somebody who reads before pressing a button."""
    visitor.get()
    time.sleep(PAUSE)
    page = visitor.begin()
    time.sleep(PAUSE)
    page = visitor.fill(page)
    time.sleep(PAUSE)
    return visitor.submit(page)


def _flood(robot: Visitor, over: Event) -> int:
    """Number of ballots sent until told to stop."""
    posts = 0
    while not over.is_set():
        posts += 1
        try:
            robot.answer()
        except OSError:
            continue
    return posts
