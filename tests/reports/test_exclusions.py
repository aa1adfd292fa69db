"""Results "with and without" some ballots, given to somebody who subtracts them."""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import combinations, product
from pathlib import Path

import numpy as np
import pytest
from cityhall import SCALE, city_codebook, city_columns, city_frame, ranking, store, study
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from reports.disclosure import release
from reports.exclusions import Exclusion, told
from reports.ledger import Ledger
from reports.releasing import released_results
from reports.results import results_of
from reports.self_attack import Sheet, Together, attack
from reports.tables import EVERYBODY, WEIGHTING, Domain, Release
from survey.codebook import Codebook, Question, Role, Scale, Variable
from survey.dataset import store_data_set
from survey.home import Home

Masks = NDArray[np.bool_]
NOW = datetime(2027, 6, 1, 12, tzinfo=UTC)


def grid(name: str, rows: int) -> Question:
    """A list of ratings."""
    variables = tuple(
        Variable(f"{name}_{row}", f"Zeile {row}", Scale.ORDINAL, tuple(SCALE))
        for row in range(rows)
    )
    return Question(name, "Liste?", Scale.ORDINAL, Role.ASSESSMENT, variables, name)


def codebook() -> Codebook:
    """Two lists of four rows and a ranking: straight, repeated and untouched beside each other."""
    return Codebook(
        "city", "0" * 64, "1", "de", (grid("g", 4), grid("h", 4), ranking(["a", "b", "c", "d"], 2))
    )


def columns(seed: int, odd: dict[str, int], people: int = 240) -> dict[str, NDArray[np.int64]]:
    """Answers at random, with some straight lines, repeated patterns, untouched lists and gaps."""
    rng = np.random.default_rng(seed)
    found = {f"{g}_{r}": rng.integers(1, 6, people) for g in "gh" for r in range(4)}
    places = rng.permuted(np.tile([1, 2, 0, 0], (people, 1)), axis=1)
    found |= {f"r_{name}": places[:, i] for i, name in enumerate("abcd")}
    who = {name: rng.permutation(people)[:n] for name, n in odd.items()}
    for row in range(4):
        found[f"g_{row}"][who["straight"]] = 3
    for name in found:
        found[name][who["repeated"]] = found[name][0]
    for place, name in enumerate("abcd"):
        found[f"r_{name}"][who["untouched"]] = (1, 2, 0, 0)[place]
    for row in range(4):
        found[f"h_{row}"][who["skipped"]] = -1
    return found


def combinations_told(found: Release, data: dict[str, NDArray[np.int64]]) -> list[tuple[str, int]]:
    """Everything that inclusion and exclusion of two told results about one item leave."""
    masks = {}
    for joint in found.joint.values():
        if not joint.left_out.any():
            continue
        codes = np.stack([data[item] for item in joint.items])
        complete = (codes >= 0).all(axis=0)
        out = np.zeros(codes.shape[1], dtype=bool)
        inside = codes[:, complete]
        if joint.kind == "straight":
            out[complete] = (inside == inside[0]).all(axis=0)
        elif joint.kind == "untouched":
            wanted = shown_orders(found)
            out[complete] = [tuple(column) in wanted for column in inside.T.tolist()]
        else:
            seen = [tuple(column) for column in inside.T.tolist()]
            out[complete] = [seen.count(pattern) > 1 for pattern in seen]
        assert int(out.sum()) == int(joint.left_out[0])
        masks[joint.key] = (set(joint.items), complete, out)
    sets = []
    for name, (_, complete, out) in masks.items():
        sets += [(name, int(out.sum())), (name, int((complete & ~out).sum()))]
    for (one, a), (other, b) in combinations(masks.items(), 2):
        if not a[0] & b[0]:
            continue
        for first, second in product((a[2], ~a[2]), (b[2], ~b[2])):
            if not (first.all() and second.all()):
                sets.append((f"{one} and {other}", int((first & second & (a[2] | b[2])).sum())))
        both = a[1] & b[1]
        sets.append((f"{one} less {other}", int((a[2] & ~b[2] & both).sum())))
        sets.append((f"{other} less {one}", int((b[2] & ~a[2] & both).sum())))
    return sets


def shown_orders(found: Release) -> set[tuple[int, ...]]:
    """Rankings of the first two of four in each order that a list may have had."""
    from survey.orders import balanced_orders

    result = set()
    for order in {tuple(range(4)), *balanced_orders(4)}:
        rank = [0] * 4
        for place, element in enumerate(order[:2], start=1):
            rank[element] = place
        result.add(tuple(rank))
    return result


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    seed=st.integers(0, 9999),
    odd=st.fixed_dictionaries(
        {
            "straight": st.sampled_from([0, 4, 12, 25, 60]),
            "repeated": st.sampled_from([0, 5, 14, 40]),
            "untouched": st.sampled_from([0, 12, 40]),
            "skipped": st.sampled_from([0, 3, 30]),
        }
    ),
)
def test_no_combination_of_results_without_isolates_a_few(
    tmp_path: Path, seed: int, odd: dict[str, int]
) -> None:
    data = columns(seed, odd)
    path = tmp_path / "set.zip"
    path.unlink(missing_ok=True)
    found = release(store(path, study(None), codebook(), data))
    for name, people in combinations_told(found, data):
        assert people == 0 or people >= 10, (name, people)


def test_two_results_without_that_differ_by_a_few_are_not_both_told(tmp_path: Path) -> None:
    """Sixty straight lists, and nearly the same sixty with one pattern for everything."""
    data = columns(1, {"straight": 0, "repeated": 60, "untouched": 0, "skipped": 0})
    straight = np.flatnonzero((data["g_0"] == data["g_0"][0]) & (data["h_3"] == data["h_3"][0]))
    for row in range(4):
        data[f"g_{row}"][straight] = 2
    data["h_0"][straight[:4]] = 6 - data["h_0"][straight[:4]]
    found = release(store(tmp_path / "set.zip", study(None), codebook(), data))
    assert found.joint["repeated", "", EVERYBODY].left_out[0] >= 10
    assert not found.joint["straight", "g", EVERYBODY].left_out.any()
    told = results_of(found).get("g", "straightlining")
    assert told.value is None
    assert "neben den übrigen" in told.note


@given(
    st.lists(st.lists(st.booleans(), min_size=40, max_size=40), min_size=1, max_size=4),
    st.lists(st.booleans(), min_size=40, max_size=40),
)
def test_what_is_told_can_be_told_in_any_order(masks: list[list[bool]], every: list[bool]) -> None:
    complete = np.array(every)
    found = [
        Exclusion(("k", str(n)), ("q",), complete, complete & np.array(mask))
        for n, mask in enumerate(masks)
    ]
    answered = {"q": np.ones(40, dtype=bool)}
    kept = [e for e in found if e.key in told(found, answered, 3)]
    assert told(list(reversed(kept)), answered, 3) == {e.key for e in kept}


def sheet(item: str, by: str, **rows: int) -> Sheet:
    return Sheet(item, by, tuple((Domain(by, code, code, None), n) for code, n in rows.items()))


@pytest.mark.parametrize(
    ("together", "what"),
    [
        # four people of the unit a answered q but not both
        ([Together(sheet("pairs:r", WEIGHTING, a=26, b=50), ("q",))], "difference"),
        # a result without seven people, and one that only seven people stay in
        ([Together(sheet("straight:q", "", all=80), ("q",), (7,))], "difference"),
        ([Together(sheet("straight:q", "", all=80), ("q",), (73,))], "difference"),
        # two results without that differ by three
        ([Together(sheet("straight:q", "", all=80), ("q",), (23,)),
          Together(sheet("repeated:", "", all=80), ("q", "p"), (20,))], "difference"),
    ],
)  # fmt: skip
def test_the_attack_finds_what_joint_counts_give_away(together: list[Together], what: str) -> None:
    sheets = [sheet("q", WEIGHTING, a=30, b=50), sheet("q", "", all=80)]
    found = attack(sheets, {}, {}, 10, (), together)
    assert what in {finding.what for finding in found.findings}
    assert not attack(sheets, {}, {}, 10).findings


def test_joint_counts_of_a_few_more_stop_the_release_if_the_gate_forgets(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from reports import parting
    from reports.errors import DisclosureError

    data = city_columns()
    data["r_a"] = np.where(np.arange(len(data["r_a"])) < 4, -1, data["r_a"])
    made = store(tmp_path / "set.zip", study(city_frame()), city_codebook(), data)
    release(made)
    monkeypatch.setattr(parting, "_narrow_joints", lambda *_: ())
    with pytest.raises(DisclosureError, match="Selbstangriff"):
        release(made)


def test_the_ledger_holds_who_was_left_out_and_a_later_release_keeps_it_back(
    tmp_path: Path,
) -> None:
    home = Home(tmp_path / "home")
    data = columns(1, {"straight": 40, "repeated": 0, "untouched": 0, "skipped": 0})

    def released(number: int, data: dict[str, NDArray[np.int64]]) -> Release:
        made = store(tmp_path / f"{number}.zip", study(None), codebook(), data)
        store_data_set(home, made.path)
        return released_results(home, "city", now=NOW).release

    first = released(1, data)
    (entry,) = Ledger(home).entries()
    recorded = {table.item: table.counts.tolist() for table in entry.tables}
    out = int(first.joint["straight", "g", EVERYBODY].left_out[0])
    assert recorded["straight:g"] == [[240 - out, out]]
    assert recorded["scale:h"] == [[240]]
    more = {name: np.concatenate([column, column[-14:]]) for name, column in data.items()}
    for row in range(4):  # of the fourteen more, three have straight lists
        more[f"g_{row}"][-3:] = 5
        more[f"g_{row}"][-14:-3] = 1 + row
    second = released(2, more)
    assert not second.joint["straight", "g", EVERYBODY].left_out.any()
    assert second.joint["straight", "g", EVERYBODY].base[0] == 254
