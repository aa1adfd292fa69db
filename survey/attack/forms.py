"""T8: a browser that keeps nothing and runs nothing, and a form that is left open."""

from __future__ import annotations

from collections.abc import Callable

from survey.attack.findings import Finding, at_most, exactly
from survey.attack.installation import Installation
from survey.attack.server import serving
from survey.attack.sizes import Sizes
from survey.attack.visitor import Page, Visitor

STUDY = "forms"
PEOPLE = 3


def play(installation: Installation, sizes: Sizes, tell: Callable[[], None]) -> list[Finding]:
    """Whether answers arrive without cookies, and after the server was started anew."""
    drawn = installation.open(STUDY, PEOPLE)
    pages: list[Page] = []
    with serving(installation, STUDY) as server:
        people = [Visitor(9500 + number, server.port, STUDY) for number in range(PEOPLE)]
        pages += [visitor.get() for visitor in people]
        left = [one.fill(one.begin(code)) for one, code in zip(people, drawn, strict=True)]
        pages += left
    tell()
    with serving(installation, STUDY) as server:
        people = [Visitor(visitor.number, server.port, STUDY) for visitor in people]
        sent = [visitor.submit(page) for visitor, page in zip(people, left, strict=True)]
        pages += sent
    kept = [name for page in pages for name, _ in page.headers if name.lower() == "set-cookie"]
    cached = sum(("Cache-Control", "no-store") not in page.headers for page in pages[PEOPLE:])
    return [
        at_most("T8", "cookies", len(kept), 0),
        at_most("T8", "cached", cached, 0),
        exactly("T8", "left_open", installation.count("ballots", STUDY), PEOPLE),
    ]
