"""T6: the server is killed in the middle of storing, again and again."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor

from survey.attack.findings import Finding, at_most, exactly, figure
from survey.attack.installation import Installation
from survey.attack.server import Server, serving
from survey.attack.sizes import Sizes
from survey.attack.visitor import Page, Visitor

STUDY = "kills"
TOGETHER = 4
LONGEST = 0.03
"""Seconds between the sending and the kill, at most: some ballots are stored, some are not."""


def play(installation: Installation, sizes: Sizes, tell: Callable[[], None]) -> list[Finding]:
    """Whether unused codes and ballots always add up, and every page can be sent again."""
    drawn = installation.open(STUDY, TOGETHER * sizes.kills)
    broken = cut = killed = 0
    chance = random.Random(1)
    with serving(installation, STUDY) as server:
        for number in range(sizes.kills):
            mine = drawn[TOGETHER * number : TOGETHER * (number + 1)]
            pages = [
                (visitor, visitor.fill(visitor.begin(code)))
                for place, code in enumerate(mine)
                for visitor in [Visitor(5000 + TOGETHER * number + place, server.port, STUDY)]
            ]
            lost, dead = _killed(server, pages, chance)
            cut, killed = cut + lost, killed + (dead > 0)
            broken += installation.balance(STUDY) != len(drawn)
            server.wait()
            for visitor, page in pages:
                _again(server, visitor, page)
            broken += installation.balance(STUDY) != len(drawn)
            tell()
    return [
        at_most("T6", "kills", broken, 0, kills=str(sizes.kills)),
        figure("T6", "cut_off", f"{cut} / {len(drawn)}"),
        exactly("T6", "killed", killed, sizes.kills),
        exactly("T6", "resent", installation.count("ballots", STUDY), len(drawn)),
    ]


def _killed(
    server: Server, pages: Sequence[tuple[Visitor, Page]], chance: random.Random
) -> tuple[int, int]:
    """How many sendings got no answer, and how many workers were killed meanwhile."""
    with ThreadPoolExecutor(len(pages)) as pool:
        sent: list[Future[Page]] = [pool.submit(v.submit, page) for v, page in pages]
        time.sleep(chance.random() * LONGEST)
        dead = server.kill_workers()
    return sum(one.exception() is not None for one in sent), dead


def _again(server: Server, visitor: Visitor, page: Page) -> None:
    """Send a page as a person would who saw no answer."""
    for _ in range(100):
        try:
            visitor.submit(page)
        except OSError:
            time.sleep(0.05)
            server.wait()
        else:
            return
