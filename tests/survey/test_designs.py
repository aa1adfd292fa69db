"""Designs are balanced: no entry is shown oftener than another, no pair meets oftener."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from survey.designs import balance, design, lengths, pairs, possible_degrees, sizes

KNOWN = [(entries, size) for entries in lengths() for size in sizes(entries)]


@pytest.mark.parametrize(("entries", "size"), KNOWN)
def test_every_known_design_is_balanced(entries: int, size: int) -> None:
    found = balance(design(entries, size), entries)
    assert found is not None
    assert found.size == size
    assert found.sets * size == entries * found.each
    assert found.each * (size - 1) == found.together * (entries - 1)


def test_eight_entries_need_fourteen_sets_of_four() -> None:
    found = balance(design(8), 8)
    assert found is not None
    assert (found.sets, found.size, found.each, found.together) == (14, 4, 7, 3)


def test_the_textbook_designs_have_their_textbook_sizes() -> None:
    expected = {
        (7, 3): (7, 1),
        (6, 3): (10, 2),
        (9, 3): (12, 1),
        (10, 4): (15, 2),
        (13, 4): (13, 1),
    }
    for (entries, size), (sets, together) in expected.items():
        found = balance(design(entries, size), entries)
        assert found is not None
        assert (found.sets, found.together) == (sets, together)


@given(st.sampled_from(KNOWN), st.data())
def test_a_design_without_one_of_its_sets_is_not_balanced(
    known: tuple[int, int], data: st.DataObject
) -> None:
    entries, size = known
    sets = list(design(entries, size))
    del sets[data.draw(st.integers(0, len(sets) - 1))]
    assert balance(sets, entries) is None


def test_what_no_design_is_known_for_gives_no_sets() -> None:
    assert design(12) == design(8, 3) == design(2) == ()
    assert sizes(12) == ()


def test_sets_that_miss_an_entry_or_repeat_one_are_not_balanced() -> None:
    assert balance([], 0) is None
    assert balance([(0, 0, 1)], 2) is None
    assert balance([(0, 1), (1, 2), (0, 2)], 4) is None
    assert balance([(0, 1, 2), (0, 1)], 3) is None


@given(st.integers(2, 15), st.integers(0, 16))
def test_in_pairs_every_entry_stands_equally_often_and_all_hang_together(
    entries: int, degree: int
) -> None:
    found = pairs(entries, degree)
    possible = degree in (0, entries - 1, *possible_degrees(entries))
    assert bool(found) == possible
    if not found:
        return
    assert len(set(found)) == len(found)
    each = Counter(place for pair in found for place in pair)
    assert set(each.values()) == {degree or entries - 1}
    reached, before = {0}, set[int]()
    while reached != before:
        before = set(reached)
        reached |= {place for pair in found if before & set(pair) for place in pair}
    assert reached == set(range(entries))
