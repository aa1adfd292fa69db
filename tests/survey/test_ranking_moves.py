"""Moving ranks: whatever is pressed, the form holds a ranking without ties and gaps."""

from __future__ import annotations

from typing import cast

import pytest
from hypothesis import given
from hypothesis import strategies as st
from respondent import sample_questionnaire

from survey.forms import Values
from survey.items.ranking import Ranking
from survey.ranking_moves import move, placed

ITEM = cast(Ranking, sample_questionnaire().instrument.item("fields"))
CODES = [option.code for option in ITEM.choices]
FORMS = st.dictionaries(
    st.sampled_from([f"fields.{code}" for code in CODES]),
    st.lists(st.sampled_from(["", "1", "2", "3", "9", "x", "²", "99999999999"]), max_size=2),
)
PRESSES = st.lists(st.tuples(st.sampled_from(["up", "down"]), st.sampled_from(CODES)), min_size=1)


def form(*codes: str) -> Values:
    return {f"fields.{code}": [str(place)] for place, code in enumerate(codes, start=1)}


@given(FORMS, PRESSES)
def test_after_any_presses_the_form_is_an_allowed_ranking(
    values: Values, presses: list[tuple[str, str]]
) -> None:
    for action, code in presses:
        values = values | move(ITEM, values, code, action, "de").values
    ranked = placed(ITEM, values)
    assert {name: v for name, v in values.items() if v} == form(*ranked)
    assert not ranked or ITEM.mistakes(ranked) == ()


@given(st.permutations(CODES), st.integers(1, 3), st.integers(0, 2))
def test_down_undoes_up_inside_the_ranking(order: list[str], length: int, which: int) -> None:
    ranked = order[:length]
    code = ranked[which % length]
    if ranked[0] != code:
        up = move(ITEM, form(*ranked), code, "up", "de").values
        assert placed(ITEM, move(ITEM, up, code, "down", "de").values) == ranked


@pytest.mark.parametrize(
    ("before", "action", "code", "after"),
    [
        ("", "up", "c", "c"),
        ("a", "up", "c", "ac"),
        ("ac", "up", "c", "ca"),
        ("ca", "up", "c", "ca"),
        ("abc", "up", "d", "abd"),
        ("abc", "down", "a", "bac"),
        ("abc", "down", "c", "ab"),
        ("abc", "down", "d", "abc"),
    ],
)
def test_a_press_moves_one_place(before: str, action: str, code: str, after: str) -> None:
    moved = move(ITEM, form(*before), code, action, "de")
    assert "".join(placed(ITEM, moved.values)) == after
    assert moved.status.startswith("„")


def test_a_move_takes_back_a_reason() -> None:
    moved = move(ITEM, {"fields": ["dk"]}, "a", "up", "de")
    assert moved.values["fields"] == []
