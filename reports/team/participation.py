"""How many have taken part, no finer than the promise allows, and how precise that makes results.

While a study is open the total is shown in tens, renewed once a day (:func:`survey.urn.count`).
A reporting group's number is renewed once a day as well, only when at least ten new ballots have
come for certain, and never while one to nine of its people have not taken part.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from reports.team.store import FOLDER
from survey import codes, links
from survey.files import locked, make_private_directory, write_new
from survey.home import Home
from survey.states import State
from survey.studies import StoredStudy
from survey.study import Regime

STEP = 10
Z = 1.959963984540054
MORE = (0, 100, 300, 1000)
"""For how many further answers the precision is projected."""


@dataclass(frozen=True, slots=True)
class GroupCount:
    """A reporting group: codes issued, and ballots as they may be shown; None for none yet."""

    name: str
    issued: int
    shown: int | None


def renewed(shown: int, used: int, issued: int) -> int:
    """What is shown next of a group of which ``shown`` was shown last.

    A shown number stands for up to nine ballots more, so the next is due at nineteen more.

    >>> renewed(0, 9, 200), renewed(0, 14, 200), renewed(10, 28, 200), renewed(10, 29, 200)
    (0, 10, 10, 20)
    >>> renewed(150, 195, 200), renewed(150, 200, 200)
    (150, 200)
    """
    least = STEP if shown == 0 else shown + 2 * STEP - 1
    left = issued - used
    if used < least or 0 < left < STEP:
        return shown
    return used // STEP * STEP


def by_group(home: Home, stored: StoredStudy, now: datetime) -> tuple[GroupCount, ...]:
    """All reporting groups of the codes with what may be shown of each today."""
    study_id = stored.study.id
    groups = [
        (name, n) for name, n in codes.counts(home, study_id) if name not in ("", codes.PAPER)
    ]
    if not groups or stored.state not in (State.OPEN, State.CLOSED):
        return tuple(GroupCount(name, n, None) for name, n in groups)
    path = home.path / FOLDER / "participation" / f"{study_id}.json"
    make_private_directory(path.parent)
    with locked(path.with_suffix(".lock")):
        kept: dict[str, Any] = json.loads(path.read_text("utf-8")) if path.exists() else {}
        today = now.date().isoformat()
        if kept.get("day") != today:
            before: Mapping[str, int] = kept.get("shown", {})
            used = _used(home, study_id, groups)
            shown = {name: renewed(before.get(name, 0), used[name], n) for name, n in groups}
            kept = {"day": today, "shown": shown}
            path.unlink(missing_ok=True)
            write_new(path, lambda file: file.write(json.dumps(kept).encode()))
    return tuple(GroupCount(name, n, kept["shown"].get(name, 0)) for name, n in groups)


def _used(home: Home, study_id: str, groups: Sequence[tuple[str, int]]) -> dict[str, int]:
    query = "SELECT group_name, count(*) FROM codes WHERE study_id = :id GROUP BY group_name"
    with links.reading(home) as link:
        rows = link.all(query, {"id": study_id})
    left = {str(row[0]): int(row[1]) for row in rows}
    return {name: issued - left.get(name, 0) for name, issued in groups}


def half_width(n: int, population: int) -> float:
    """Half the width of a 95 % interval for a share of one half, in points of 100.

    Wilson's interval with ``n (N - 1) / (N - n)`` for the finite population, the one that the
    dossiers use; it holds if those who do not answer think like those who do.

    >>> round(half_width(384, 10**9), 1), round(half_width(500, 1000), 1), half_width(50, 50)
    (5.0, 3.1, 0.0)
    """
    if n >= population:
        return 0.0
    effective = n * (population - 1) / (population - n)
    return 100 * Z / (2 * math.sqrt(effective + Z * Z))


@dataclass(frozen=True, slots=True)
class Projection:
    """How precise the results of a group would be with so many more answers."""

    name: str
    people: int
    answers: int
    widths: tuple[float | None, ...]


def project(name: str, answers: int, people: int) -> Projection:
    """The projection of one group; None where there would be too few or too many answers.

    >>> [round(width, 1) for width in project("", 400, 1000).widths[:2]]
    [3.8, 3.1]
    """
    widths = tuple(
        half_width(answers + more, people) if 20 <= answers + more <= people else None
        for more in MORE
    )
    return Projection(name, people, answers, widths)


def projections(
    stored: StoredStudy, ballots: int, groups: Sequence[GroupCount]
) -> tuple[Projection, ...]:
    """The projections of an attempted census: all invited, then each reporting group."""
    if stored.study.regime is not Regime.CENSUS_ATTEMPT or stored.study.frame is None:
        return ()
    people = stored.study.frame.total
    own = [project(g.name, g.shown, g.issued) for g in groups if g.shown is not None]
    return (project("", ballots, people), *own)
