"""The way through a questionnaire: for any answers, only what is shown counts."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st
from respondent import journey_bundle, texts_bundle

from survey.items.base import Answer
from survey.page_state import REVIEW, TEXTS, PageState, first_state
from survey.questionnaire import read_bundle
from survey.route import Route

JOURNEY = read_bundle(journey_bundle()).instrument
READING = read_bundle(texts_bundle()).instrument
MEANS = st.sampled_from(["foot", "bike", "never"])
ANSWERS = st.fixed_dictionaries(
    {},
    optional={
        "means": MEANS,
        "count": st.sampled_from(["0", "40", "dk"]),
        "distance": st.just("1.5"),
        "last": st.just("2027-02-03"),
        "safety": st.sampled_from(["1", "dk"]),
        "wish": st.text("abc", min_size=1, max_size=5),
    },
)


def route(answers: dict[str, Answer], page: int = 0, **state: object) -> Route:
    start = PageState("ab" * 16, "de", page=page, answers=answers)
    return Route(JOURNEY, replace(start, **state))  # type: ignore[arg-type]


@given(ANSWERS, st.integers(0, 3))
def test_for_any_answers_only_those_of_shown_items_are_sent_and_the_rest_is_kept(
    answers: dict[str, Answer], page: int
) -> None:
    way = route(answers, page)
    assert JOURNEY.check_answers(way.answers) == way.answers
    assert set(way.answers) == set(answers) & way.shown
    assert way.onward().answers == way.backward().answers == answers


@given(ANSWERS)
def test_onward_comes_by_every_shown_page_once_and_backward_comes_back(
    answers: dict[str, Answer],
) -> None:
    way, seen = route(answers), [0]
    while (state := way.onward()).page != REVIEW:
        assert way.step == len(seen)
        way = replace(way, state=state)
        seen.append(state.page)
    assert seen == list(way.pages)
    back = [state.page]
    while (state := replace(way, state=replace(way.state, page=back[-1])).backward()).page != 0:
        back.append(state.page)
    assert back == [REVIEW, *reversed(seen[1:])]


@given(ANSWERS, MEANS)
def test_a_change_from_the_review_leads_by_what_is_new_and_ends_at_the_review(
    answers: dict[str, Answer], means: str
) -> None:
    before = route(answers)
    way = route({**answers, "means": means}, returning=True)
    state, seen = way.returned(before), []
    while state.page != REVIEW:
        assert state.returning
        seen.append(state.page)
        stood = replace(way, state=state)
        state = stood.returned(stood)
    new = way.shown - before.shown
    assert seen == [p for p, page in way.pages.items() if any(i.id in new for i in page.items)]
    assert (state.returning, state.ahead) == (False, ())


def test_the_first_page_has_nothing_before_it_but_in_a_reading_study_the_list() -> None:
    assert route({}).before == 0
    start = first_state(READING, "de")
    assert start.page == TEXTS
    text = replace(start, text="t2", page=1)
    assert Route(READING, text).backward().page == TEXTS


def test_a_text_has_its_own_pages_and_those_behind_every_text() -> None:
    way = Route(READING, replace(first_state(READING, "de"), text="t2"))
    assert list(way.pages) == [1, 2]
    assert set(way.orders) == {"place"}
