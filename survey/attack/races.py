"""T5: one code sent by many at once, from many pages and from one page again and again."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from survey.attack.findings import Finding, exactly
from survey.attack.installation import Installation
from survey.attack.server import Server, serving
from survey.attack.sizes import Sizes
from survey.attack.visitor import Page, Visitor

STUDY = "races"


def play(installation: Installation, sizes: Sizes, tell: Callable[[], None]) -> list[Finding]:
    """Whether every round leaves exactly one ballot and uses up exactly one code."""
    drawn = installation.open(STUDY, sizes.rounds)
    sound = 0
    with serving(installation, STUDY) as server:
        for round_, code in enumerate(drawn):
            before = installation.count("ballots", STUDY)
            reviews = _reviews(server, code, round_, sizes.posts)
            answered = at_once([_sending(visitor, page) for visitor, page in reviews])
            added = installation.count("ballots", STUDY) - before
            balanced = installation.balance(STUDY) == sizes.rounds
            sound += added == 1 and balanced and len(answered) == sizes.posts
            tell()
    rounds = f"{sizes.rounds} / {sizes.rounds}"
    found = f"{sound} / {sizes.rounds}"
    return [exactly("T5", "races", found, rounds, posts=str(sizes.posts))]


def at_once(acts: Sequence[Callable[[], Page]]) -> list[Page]:
    """What came of acts that start at the same moment; an act that failed leaves nothing."""
    gate = Barrier(len(acts))

    def run(act: Callable[[], Page]) -> Page | None:
        gate.wait()
        try:
            return act()
        except OSError:
            return None

    with ThreadPoolExecutor(len(acts)) as pool:
        return [page for page in pool.map(run, acts) if page is not None]


def _reviews(server: Server, code: str, round_: int, posts: int) -> list[tuple[Visitor, Page]]:
    """Pages ready to be sent: of as many people in even rounds, of one in odd rounds."""
    people = posts if round_ % 2 == 0 else 1
    made = []
    for number in range(people):
        visitor = Visitor(1000 + round_ * posts + number, server.port, STUDY)
        made.append((visitor, visitor.fill(visitor.begin(code))))
    return made * (posts // people)


def _sending(visitor: Visitor, page: Page) -> Callable[[], Page]:
    return lambda: visitor.submit(page)
