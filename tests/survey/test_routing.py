"""Routes through random questionnaires: what is hidden is never answered, sent or counted."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from survey import ballot
from survey.codebook import Missing
from survey.errors import AnswerError
from survey.instrument import BaseText, Instrument, Page
from survey.items import ITEM_TYPES
from survey.items.base import Answer, Item
from survey.page_state import REVIEW, PageState
from survey.piping import filled
from survey.route import Route
from survey.routing import Rule, holds
from survey.shuffles import BlockGroup

calm = settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))

CODES = ("a", "b", "c")
OPTIONS: list[dict[str, Any]] = [
    *({"code": code, "label": f"Antwort {code}"} for code in CODES),
    {"code": "other", "label": "anders", "other": True},
    {"code": "dk", "label": "weiß nicht", "missing": "dont_know"},
]
STEPS = [option for option in OPTIONS if "other" not in option]

ANSWERS: dict[str, list[Answer]] = {
    "single": ["a", "b", "c", "dk", "other", {"other": "Brief"}],
    "multiple": [["a"], ["a", "b"], ["c", "other"], {"a": "", "other": "Brief"}, ["dk"]],
    "ranking": [["a", "b"], ["c"], "dk"],
    "rating": ["a", "c", "dk"],
    "grid": [{"x": "a"}, {"x": "c", "y": "dk"}],
    "number": ["0", "3", "7", "dk"],
    "date": ["2024-01-01", "2026-05-05"],
    "text": ["Worte"],
    "passage": [{"stance": "a"}, {"comment": "Worte"}, {"stance": "b", "comment": "Worte"}],
}


def item(id: str, kind: str, **more: Any) -> Item:
    raw: dict[str, Any] = {"id": id, "type": kind, "text": "Frage?", **more}
    if kind in ("single", "multiple"):
        raw["options"] = OPTIONS
    elif kind in ("ranking", "rating", "passage"):
        raw["options"] = STEPS
    elif kind == "grid":
        rows = [{"code": "x", "label": "X"}, {"code": "y", "label": "Y"}]
        raw |= {"rows": rows, "options": STEPS}
    elif kind == "number":
        raw["options"] = STEPS[-1:]
    if kind == "passage":
        raw["passage"] = "Ein Absatz."
    return ITEM_TYPES[kind].model_validate(raw)


def leaves(earlier: list[Item]) -> st.SearchStrategy[dict[str, Any]]:
    """A question about any earlier item, sensible or not."""
    code = st.sampled_from([*CODES, "dk", "other"])
    operator = st.one_of(
        st.fixed_dictionaries({"is": code}),
        st.fixed_dictionaries({"is_not": code}),
        st.fixed_dictionaries({"in": st.lists(code, min_size=1)}),
        st.fixed_dictionaries({"any_of": st.lists(code, min_size=1)}),
        st.fixed_dictionaries({"all_of": st.lists(code, min_size=1)}),
        st.fixed_dictionaries({"answered": st.booleans()}),
        st.fixed_dictionaries({"count_at_least": st.integers(0, 3)}),
        st.fixed_dictionaries({"count_at_most": st.integers(0, 3)}),
    )
    sizes = st.sampled_from(["less", "at_most", "more", "at_least"])
    size = st.tuples(sizes, st.integers(-1, 8)).map(lambda pair: {pair[0]: pair[1]})
    sized = [one for one in earlier if one.type != "text"]
    any_leaf = st.tuples(st.sampled_from(earlier), operator)
    leaf = st.one_of(any_leaf, st.tuples(st.sampled_from(sized), size)) if sized else any_leaf
    return leaf.map(lambda pair: {"answer": pair[0].id, **pair[1]})


def rules(earlier: list[Item]) -> st.SearchStrategy[Rule | None]:
    if not earlier:
        return st.none()
    tree = st.recursive(
        leaves(earlier),
        lambda inner: st.one_of(
            st.lists(inner, min_size=1, max_size=3).map(lambda all_: {"all": all_}),
            st.lists(inner, min_size=1, max_size=3).map(lambda any_: {"any": any_}),
            inner.map(lambda one: {"not": one}),
        ),
        max_leaves=4,
    )
    return st.one_of(st.none(), tree.map(Rule.model_validate))


@st.composite
def instruments(draw: st.DrawFn) -> Instrument:
    texts = tuple(BaseText(id, id) for id in draw(st.sampled_from([(), ("t1", "t2")])))
    text = st.sampled_from(["", "t1", "t2"]) if texts else st.just("")
    pages: list[Page] = []
    blocks, common = draw(blocked()), draw(text)
    names = tuple(dict.fromkeys(filter(None, blocks)))
    groups = (BlockGroup("g", names),) if names else ()
    for number, block in enumerate(blocks):
        kinds = draw(st.lists(st.sampled_from([*sorted(ANSWERS), "info"]), min_size=1, max_size=3))
        # What stands in another block may come later, so that no rule asks about it.
        sure = [page for page in pages if not block or page.block in ("", block)]
        earlier = [one for page in sure for one in page.items if one.asks]
        when, items = draw(rules(earlier)), []
        for place, kind in enumerate(kinds):
            keep = draw(st.sampled_from([None, None, "first", "last"]))
            made = item(f"q{number}_{place}", kind, keep=keep)
            items.append(made.model_copy(update={"when": draw(rules(earlier))}))
        own = common if block else draw(text)
        made_page = Page(f"p{number}", f"Seite {number}", tuple(items), when=when, text=own)
        pages.append(replace(made_page, shuffle=draw(st.booleans()), block=block))
    return Instrument("1", "de", tuple(pages), texts=texts, blocks=groups)


@st.composite
def blocked(draw: st.DrawFn) -> list[str]:
    """The block of each page: none, or one to three blocks that stand beside each other."""
    sizes = draw(st.lists(st.integers(1, 2), max_size=3))
    inner = [f"b{number}" for number, size in enumerate(sizes) for _ in range(size)]
    return [*draw(around), *inner, *draw(around)] or [""]


around = st.lists(st.just(""), max_size=2)


@st.composite
def walks(draw: st.DrawFn) -> tuple[Instrument, dict[str, Answer], str]:
    """An instrument, answers to any of its items, and the text that is read."""
    instrument = draw(instruments())
    answers = {
        one.id: draw(st.sampled_from(ANSWERS[one.type]))
        for one in instrument.items
        if one.asks and draw(st.booleans())
    }
    read = [text.id for text in instrument.texts]
    return instrument, answers, draw(st.sampled_from(read)) if read else ""


@st.composite
def ways(draw: st.DrawFn) -> tuple[Route, dict[str, Answer]]:
    """A way in drawn orders, at its first page, and what is entered where it is asked."""
    instrument, answers, text = draw(walks())
    orders = {s.name: draw(st.integers(0, len(s.orders) - 1)) for s in instrument.shuffles}
    route = Route(instrument, PageState("ab" * 16, "de", orders=orders, text=text))
    return replace(route, state=replace(route.state, page=route.first)), answers


@calm
@given(ways())
def test_in_any_drawn_order_everything_that_is_shown_is_met_once_and_only_that_is_sent(
    way: tuple[Route, dict[str, Answer]],
) -> None:
    route, answers = way
    seen, met = [], []
    while route.state.page != REVIEW:
        seen.append(route.state.page)
        items = route.pages[route.state.page].items
        assert route.step == len(seen)
        met += [one.id for one in items]
        given = {one.id: answers[one.id] for one in items if one.id in answers}
        route = replace(route, state=replace(route.state, answers={**route.state.answers, **given}))
        route = replace(route, state=route.onward())
    assert len(met) == len(set(met))
    assert set(met) == route.shown
    assert seen == list(route.pages)
    instrument, text = route.instrument, route.state.text
    assert route.answers == instrument.pruned(answers, text=text)
    assert instrument.check_answers(route.answers, text=text) == route.answers
    assert ballot.check_orders(instrument, route.orders) == route.orders
    for place in reversed(seen):
        route = replace(route, state=route.backward())
        assert route.state.page == place


@calm
@given(ways())
def test_a_drawn_order_moves_nothing_but_what_may_change_places(
    way: tuple[Route, dict[str, Answer]],
) -> None:
    instrument, orders = way[0].instrument, way[0].state.orders
    places = instrument.places(orders)
    assert sorted(places) == list(range(len(instrument.pages)))
    for place, here in enumerate(places):
        page = instrument.pages[here]
        assert here == place or page.block
        items = [page.items[i] for i in page.item_places(orders)]
        kept = [one.keep for one in items if one.asks]
        assert sorted(items, key=lambda one: one.id) == list(page.items)
        if page.shuffle:
            rank = {"first": 0, None: 1, "last": 2}
            assert kept == sorted(kept, key=rank.__getitem__)
        else:
            assert items == list(page.items)
    for block in {page.block for page in instrument.pages} - {""}:
        own = [here for here in places if instrument.pages[here].block == block]
        start = places.index(own[0])
        assert own == sorted(own) == list(places[start : start + len(own)])


@calm
@given(walks())
def test_no_answer_of_a_hidden_item_is_ever_kept(
    walk: tuple[Instrument, dict[str, Answer], str],
) -> None:
    instrument, answers, text = walk
    kept = instrument.pruned(answers, text=text)
    shown = instrument.shown(kept, text=text)
    assert set(kept) <= shown
    assert shown == instrument.shown(answers, text=text)
    assert instrument.check_answers(kept, text=text) == kept
    assert instrument.pruned(kept, text=text) == kept


@calm
@given(walks())
def test_an_answer_to_a_hidden_item_is_refused(
    walk: tuple[Instrument, dict[str, Answer], str],
) -> None:
    instrument, answers, text = walk
    hidden = set(answers) - instrument.shown(answers, text=text)
    if not hidden:
        assert instrument.check_answers(answers, text=text) == answers
        return
    with pytest.raises(AnswerError, match="not shown"):
        instrument.check_answers(answers, text=text)


@calm
@given(walks())
def test_decoding_a_row_and_its_texts_gives_the_answers_again(
    walk: tuple[Instrument, dict[str, Answer], str],
) -> None:
    instrument, answers, text = walk
    kept = instrument.pruned(answers, text=text)
    row = instrument.encode(kept, text=text)
    assert instrument.decode(row, instrument.free_texts(kept)) == kept
    shown = instrument.shown(kept, text=text)
    for one in instrument.items:
        values = {row[name] for name in one.encode(None)}
        assert (
            values <= {Missing.NOT_SHOWN}
            if one.id not in shown
            else (Missing.NOT_SHOWN not in values)
        )
    assert list(row) == [variable.name for variable in instrument.codebook("s").variables]


@calm
@given(walks())
def test_new_words_change_neither_codes_nor_routes(
    walk: tuple[Instrument, dict[str, Answer], str],
) -> None:
    instrument, answers, text = walk

    def reworded(part: Any) -> Any:
        if isinstance(part, dict):
            return {k: "neu" if k in ("label", "text") else reworded(v) for k, v in part.items()}
        return [reworded(p) for p in part] if isinstance(part, (list, tuple)) else part

    pages = tuple(
        replace(
            page,
            title="neu",
            items=tuple(
                type(i).model_validate(reworded(i.model_dump(by_alias=True))) for i in page.items
            ),
        )
        for page in instrument.pages
    )
    other = replace(instrument, pages=pages)
    kept = instrument.pruned(answers, text=text)
    assert other.pruned(answers, text=text) == kept
    assert other.encode(kept, text=text) == instrument.encode(kept, text=text)


@calm
@given(walks())
def test_no_ballot_is_longer_than_the_padding(
    walk: tuple[Instrument, dict[str, Answer], str],
) -> None:
    instrument, answers, text = walk
    kept = instrument.pruned(answers, text=text)
    made = ballot.Ballot("s", instrument.hash, "f" * 32, kept, text=text)
    assert len(made.to_bytes()) < ballot.padded_size(instrument, "s")


@calm
@given(
    instruments(), st.dictionaries(st.sampled_from(["q0_0", "q1_0", "x"]), st.text() | st.none())
)
def test_whatever_a_ballot_holds_is_judged_without_an_exception(
    instrument: Instrument, answers: dict[str, Any]
) -> None:
    text = instrument.texts[0].id if instrument.texts else ""
    try:
        instrument.check_answers(answers, text=text)
    except AnswerError:
        return
    instrument.encode(answers, text=text)


# -- what single rules say ----------------------------------------------------------------

ITEMS = {kind: item(kind, kind) for kind in ANSWERS}


@pytest.mark.parametrize(
    ("rule", "answer", "true"),
    [
        ({"answer": "single", "is": "a"}, "a", True),
        ({"answer": "single", "is": "other"}, {"other": "Brief"}, True),
        ({"answer": "single", "is_not": "a"}, "b", True),
        ({"answer": "single", "is_not": "a"}, None, False),
        ({"answer": "single", "is": "dk"}, "dk", True),
        ({"answer": "single", "in": ["a", "b"]}, "c", False),
        ({"answer": "multiple", "any_of": ["a", "b"]}, ["b", "c"], True),
        ({"answer": "multiple", "all_of": ["a", "b"]}, ["b", "c"], False),
        ({"answer": "multiple", "count_at_least": 2}, {"a": "", "other": "x"}, True),
        ({"answer": "multiple", "count_at_most": 0}, None, False),
        ({"answer": "number", "at_most": 0}, "0", True),
        ({"answer": "number", "answered": True}, "0", True),
        ({"answer": "number", "more": 0}, "0", False),
        ({"answer": "number", "less": 5}, "dk", False),
        ({"answer": "number", "less": 5}, None, False),
        ({"answer": "date", "less": "2025-01-01"}, "2024-12-31", True),
        ({"answer": "date", "less": "2025-01-01"}, "2025-01-01", False),
        ({"answer": "rating", "at_least": 2}, "c", True),
        ({"answer": "rating", "at_least": 2}, "dk", False),
        ({"answer": "grid", "row": "x", "is": "a"}, {"x": "a", "y": "b"}, True),
        ({"answer": "grid", "row": "y", "answered": True}, {"x": "a"}, False),
        ({"answer": "passage", "is": "a"}, {"comment": "Worte"}, False),
        ({"answer": "text", "answered": False}, None, True),
        ({"not": {"answer": "single", "is": "a"}}, None, True),
    ],
)
def test_a_rule_says_what_it_reads_like(
    rule: dict[str, Any], answer: Answer | None, true: bool
) -> None:
    read = Rule.model_validate(rule)
    (id,) = read.asked
    assert holds(read, {} if answer is None else {id: answer}, ITEMS) is true
    assert Rule.model_validate(json.loads(read.model_dump_json(by_alias=True))) == read


@pytest.mark.parametrize(
    "rule",
    [
        {},
        {"answer": "a"},
        {"answer": "a", "is": "x", "is_not": "y"},
        {"is": "x"},
        {"all": []},
        {"all": [{"answer": "a", "is": "x"}], "any": [{"answer": "a", "is": "x"}]},
        {"answer": "a", "is": "__import__('os')"},
    ],
)
def test_anything_but_one_question_per_leaf_is_refused(rule: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        Rule.model_validate(rule)


def test_hidden_answers_open_no_further_pages() -> None:
    first, second, third = (item(id, "single") for id in ("one", "two", "three"))
    second = second.model_copy(update={"when": Rule(answer="one", **{"is": "a"})})
    third = third.model_copy(update={"when": Rule(answer="two", **{"is": "a"})})
    pages = tuple(Page(i.id, "", (i,)) for i in (first, second, third))
    instrument = Instrument("1", "de", pages)
    everything: dict[str, Answer] = {"one": "a", "two": "a", "three": "a"}
    assert instrument.pruned(everything) == everything
    assert instrument.pruned({**everything, "one": "b"}) == {"one": "b"}
    assert [page.id for page in instrument.path({"one": "b"})] == ["one"]


def test_a_reading_study_sends_one_text_at_a_time() -> None:
    pages = (
        Page("a", "", (item("one", "passage"),), text="t1"),
        Page("b", "", (item("two", "passage"),), text="t2"),
        Page("c", "", (item("who", "single"),)),
    )
    instrument = Instrument("1", "de", pages, texts=(BaseText("t1", "A"), BaseText("t2", "B")))
    assert [page.id for page in instrument.of_text("t1")] == ["a", "c"]
    given: dict[str, Answer] = {"one": {"stance": "a"}, "who": "b"}
    assert instrument.check_answers(given, text="t1") == given
    for text in ("t2", "", "t3"):
        with pytest.raises(AnswerError):
            instrument.check_answers(given, text=text)
    row = instrument.encode(given, text="t1")
    assert row["two"] == Missing.NOT_SHOWN
    assert set(instrument.longest_answers) in ({"one", "who"}, {"two", "who"})


def test_earlier_answers_stand_in_later_texts_and_not_in_the_codebook() -> None:
    asked = item("why", "text").model_copy(update={"text": "Warum {{how}}?"})
    pages = (Page("a", "", (item("how", "multiple"),)), Page("b", "", (asked,)))
    instrument = Instrument("1", "de", pages)
    words = instrument.spoken({"how": {"a": "", "other": "<b>Brief</b>"}})
    assert filled(asked.text, words) == "Warum Antwort a, <b>Brief</b>?"
    assert filled(asked.text, {}) == "Warum …?"
    assert instrument.codebook("s").question("why").text == "Warum …?"
