"""T7: somebody who tries codes, and wants to know which have been used."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from statistics import median

from survey.attack.findings import Finding, exactly, figure
from survey.attack.installation import Installation
from survey.attack.server import serving
from survey.attack.sizes import Sizes
from survey.attack.visitor import Page, Visitor
from survey.codes import new_code

STUDY = "guesser"
TRIES = 20


def play(installation: Installation, sizes: Sizes, tell: Callable[[], None]) -> list[Finding]:
    """Whether a used and an unknown code differ in status, text or size of what comes back."""
    used = installation.open(STUDY, TRIES + 2)
    spare = [used.pop(), used.pop()]
    unknown = [new_code() for _ in used]
    with serving(installation, STUDY) as server:
        people = [Visitor(9000 + number, server.port, STUDY) for number in range(TRIES)]
        for visitor, code in zip(people, used, strict=True):
            visitor.answer(code)
        typed = {name: _typed(people, tried) for name, tried in _both(used, unknown)}
        tell()
        # At the last step: filled in with a code that was live, then used by somebody else.
        reader = people[0]
        review = reader.fill(reader.begin(spare[0]))
        people[1].answer(spare[0])
        late = reader.submit(review)
        wrong = reader.begin("ABCD-EFGH-JKLM-2")
    return [
        exactly("T7", "same_answer", _differences(typed), 0),
        figure("T7", "late_answer", late.status),
        figure("T7", "mistyped", wrong.status),
        figure("T7", "times", " / ".join(f"{1000 * t:.1f} ms" for _, t in typed.values())),
    ]


def _both(used: Sequence[str], unknown: Sequence[str]) -> Sequence[tuple[str, Sequence[str]]]:
    return ("used", used), ("unknown", unknown)


def _typed(people: Sequence[Visitor], tried: Sequence[str]) -> tuple[list[Page], float]:
    pages, times = [], []
    for visitor, code in zip(people, tried, strict=True):
        start = time.perf_counter()
        pages.append(visitor.begin(code))
        times.append(time.perf_counter() - start)
    return pages, median(times)


def _differences(typed: dict[str, tuple[list[Page], float]]) -> int:
    """How many kinds of answers there are beyond the one that all codes must get."""
    kinds = {
        (page.status, page.without_state, len(page.text), len(page.headers))
        for pages, _ in typed.values()
        for page in pages
    }
    return len(kinds) - 1
