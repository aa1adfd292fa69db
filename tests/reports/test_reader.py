"""A reader with patience: tries every world that agrees with what was published, in small cities.

Nothing of the gate is used but its output. The reader adds and subtracts (``attacker``), and
enumerates whole numbers for what stays hidden, between zero and the headcounts that everybody
may know.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import product
from pathlib import Path

import numpy as np
import pytest
from attacker import Attacker
from cityhall import SCALE, choice, names, store, study
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from reports.disclosure import release
from reports.tables import Release
from survey.codebook import Codebook, Role
from survey.study import Evaluation, Frame

FEW = settings(
    max_examples=50, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


def by_units(
    path: Path,
    ballots: Sequence[int],
    heads: Sequence[int],
    parents: Sequence[str],
    skipped: Sequence[int],
) -> Release:
    """A census of units below directorates; ``skipped`` ballots of each have no answer."""
    codes = [f"u{place}" for place in range(len(ballots))]
    above = dict(zip(codes, parents, strict=True))
    book = Codebook(
        "city", "0" * 64, "1", "de",
        (choice("department", names(codes, above), Role.DEPARTMENT),
         choice("q1", SCALE, Role.ASSESSMENT)),
    )  # fmt: skip
    frame = Frame(("department",), {(c,): n for c, n in zip(codes, heads, strict=True)})
    unit = np.repeat(np.arange(1, len(ballots) + 1), ballots)
    answers = [
        [-1] * few + [place % 5 + 1 for place in range(n - few)]
        for n, few in zip(ballots, skipped, strict=True)
    ]
    q1 = np.array([answer for found in answers for answer in found], dtype=np.int64)
    path.unlink(missing_ok=True)
    return release(store(path, study(frame), book, {"department": unit, "q1": q1}))


def worlds(total: int, caps: Sequence[int]) -> Iterator[tuple[int, ...]]:
    """All ways to spread a published sum over units of these headcounts."""
    for head in product(*(range(min(total, cap) + 1) for cap in caps[:-1])):
        last = total - sum(head)
        if 0 <= last <= caps[-1]:
            yield (*head, last)


@st.composite
def cities(draw: st.DrawFn) -> tuple[list[int], list[int], list[str], list[int]]:
    units = draw(st.integers(2, 6))
    ballots = draw(st.lists(st.integers(0, 25), min_size=units, max_size=units))
    rate = draw(st.sampled_from([1, 2, 4]))
    heads = [max(1, n * rate + draw(st.integers(0, 3))) for n in ballots]
    parents = draw(st.lists(st.sampled_from(["", "x", "y"]), min_size=units, max_size=units))
    skipped = [draw(st.integers(0, min(n, 6))) for n in ballots]
    return ballots, heads, parents, skipped


@FEW
@given(city=cities())
def test_no_hidden_unit_can_be_worked_out(
    tmp_path: Path, city: tuple[list[int], list[int], list[str], list[int]]
) -> None:
    ballots, heads, parents, skipped = city
    if not sum(ballots):
        return
    found = by_units(tmp_path / "set.zip", ballots, heads, parents, skipped)
    for domain, total in found.ballots["department"]:
        places = [int(code[1:]) for code in domain.members]
        if 0 < len(places) <= 4:
            caps = [heads[place] for place in places]
            possible = [set(values) for values in zip(*worlds(total, caps), strict=True)]
            for place, values in zip(places, possible, strict=True):
                assert ballots[place] in values
                assert len(values) >= min(5, heads[place] + 1) or ballots[place] >= 10


@pytest.mark.parametrize("rate", [0.05, 0.25, 0.5])
def test_of_ninety_offices_in_nine_directorates_none_is_recovered(
    tmp_path: Path, rate: float
) -> None:
    """Directorate totals are sums of what is shown; every hidden office stays one of many."""
    rng = np.random.default_rng(11)
    hidden = recovered = 0
    for draw in range(3):
        heads = np.maximum(8, rng.lognormal(4.8, 1.1, 90)).astype(int)
        ballots = rng.binomial(heads, rate)
        parents = [f"x{unit % 9}" for unit in range(90)]
        skipped = rng.binomial(ballots, 0.1)
        sizes, cast, few = heads.tolist(), ballots.tolist(), skipped.tolist()
        found = by_units(tmp_path / f"{draw}.zip", cast, sizes, parents, few)
        published = [(d, n) for d, n in found.ballots["department"] if d.members]
        table = found.tables["q1", "department"]
        published += [
            (d, int(n)) for d, n in zip(table.domains, table.base, strict=True) if d.members
        ]
        for domain, total in published:
            caps = [int(heads[int(code[1:])]) for code in domain.members]
            for cap in caps:
                low, high = max(0, total - (sum(caps) - cap)), min(cap, total)
                hidden += 1
                recovered += low == high or high - low + 1 < min(5, cap + 1)
        assert all(n >= 10 for _, n in found.ballots["department"])
    assert hidden > 0
    assert recovered == 0


@st.composite
def crossed(draw: st.DrawFn) -> NDArray[np.int64]:
    """Ballots by department (two and none), workplace (two and none) and leadership (two)."""
    counts = st.sampled_from([0, 1, 3, 6, 10, 14, 30])
    few = st.sampled_from([0, 1, 4])
    cells = np.zeros((3, 3, 2), dtype=np.int64)
    for place in np.ndindex(*cells.shape):
        cells[place] = draw(few if 2 in place[:2] else counts)
    return cells


def planned(
    path: Path, cells: NDArray[np.int64], seed: int, rules: dict[str, int] | None = None
) -> Release:
    heads: dict[tuple[str, ...], int] = {
        (f"d{d}", f"w{w}"): int(3 * cells[d, w].sum() + 5) for d in range(2) for w in range(2)
    }
    by = [("department",), ("workplace",), ("leader",), ("department", "leader")]
    made = replace(
        study(Frame(("department", "workplace"), heads), rules),
        evaluations=tuple(Evaluation(role="assessment", by=names) for names in by),
    )
    questions = (
        choice("department", names(["d0", "d1"]), Role.DEPARTMENT),
        choice("workplace", names(["w0", "w1"]), Role.WORKPLACE),
        choice("leader", names(["l0", "l1"]), Role.DEMOGRAPHIC),
        choice("q1", SCALE, Role.ASSESSMENT),
    )
    flat = np.repeat(np.arange(cells.size), cells.ravel())
    d, w, leader = np.unravel_index(flat, cells.shape)
    rng = np.random.default_rng(seed)
    columns = {
        "department": np.where(d == 2, -1, d + 1),
        "workplace": np.where(w == 2, -1, w + 1),
        "leader": leader + 1,
        "q1": np.where(rng.random(len(flat)) < 0.1, -1, rng.integers(1, 6, len(flat))),
    }
    path.unlink(missing_ok=True)
    return release(store(path, made, Codebook("city", "0" * 64, "1", "de", questions), columns))


CODES = {
    "department": ["d0", "d1", "no_answer"],
    "workplace": ["w0", "w1", "no_answer"],
    "leader": ["l0", "l1"],
}
CROSSED = settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


def isolated(path: Path, cells: NDArray[np.int64], seed: int, *, knows_empty: bool) -> list[object]:
    """What a reader isolates who may know which of the finest cells are empty."""
    if not cells.sum():
        return []
    keys = list(product(*CODES.values()))
    empty = {key for key, n in zip(keys, cells.ravel(), strict=True) if not n}
    attacker = Attacker(planned(path, cells, seed), CODES, empty if knows_empty else set())
    return list(attacker.isolated(["q1"]))


@CROSSED
@given(cells=crossed(), seed=st.integers(0, 99))
def test_no_subtraction_among_planned_crossings_isolates_one_to_nine_people(
    tmp_path: Path, cells: NDArray[np.int64], seed: int
) -> None:
    assert isolated(tmp_path / "set.zip", cells, seed, knows_empty=False) == []


@CROSSED
@given(cells=crossed(), seed=st.integers(0, 99))
def test_nor_for_a_reader_who_knows_which_of_the_finest_cells_are_empty(
    tmp_path: Path, cells: NDArray[np.int64], seed: int
) -> None:
    assert isolated(tmp_path / "set.zip", cells, seed, knows_empty=True) == []


@CROSSED
@given(cells=crossed(), seed=st.integers(0, 99), threshold=st.integers(11, 25))
def test_a_raised_threshold_shows_no_planned_table_that_a_lower_one_withholds(
    tmp_path: Path, cells: NDArray[np.int64], seed: int, threshold: int
) -> None:
    if not cells.sum():
        return
    low = planned(tmp_path / "set.zip", cells, seed)
    high = planned(tmp_path / "set.zip", cells, seed, {"min_base": threshold})
    before, after = (Attacker(found, CODES, set()) for found in (low, high))
    for key, table in high.tables.items():
        fine = [before.members(key[1], domain) for domain in low.tables[key].domains]
        for domain in table.domains:
            coarse = after.members(key[1], domain)
            assert coarse == frozenset().union(*(group for group in fine if group <= coarse))
        assert set(table.of_one_mind) <= set(low.tables[key].of_one_mind)


def test_three_tables_of_which_no_two_isolate_anybody_are_not_all_shown(tmp_path: Path) -> None:
    """Every unit is of one of two kinds by each attribute, and half of the combinations is empty.

    Whoever knows that adds both totals, subtracts the third, and has twice the six people.
    """
    cells = np.zeros((3, 3, 2), dtype=np.int64)
    cells[0, 0, 0], cells[0, 1, 1], cells[1, 0, 1], cells[1, 1, 0] = 40, 30, 50, 6
    assert isolated(tmp_path / "set.zip", cells, 1, knows_empty=True) == []
