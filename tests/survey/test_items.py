"""What every item type promises, for random items and random answers."""

from __future__ import annotations

import json
import string
from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from werkzeug.datastructures import MultiDict
from wtforms.form import BaseForm

from survey.codebook import Missing, Scale
from survey.items import ITEM_TYPES
from survey.items.base import Answer, Item, Option
from survey.items.grid import Grid
from survey.items.listed import in_order
from survey.items.multiple import Multiple
from survey.items.ranking import Ranking
from survey.items.text import Text, clean_text
from survey.orders import balanced_orders

codes = st.text(string.ascii_lowercase, min_size=1, max_size=6)
reasons = st.sets(st.sampled_from(["dont_know", "refused"]))


@st.composite
def options(draw: st.DrawFn, smallest: int = 2, largest: int = 7) -> list[Option]:
    names = draw(st.lists(codes, min_size=smallest, max_size=largest, unique=True))
    answers = [Option(code=name, label=f"Antwort {name}") for name in names]
    more = [Option(code=f"{name}_", label=name, missing=name) for name in draw(reasons)]
    return draw(st.permutations([*answers, *more]))


@st.composite
def items(draw: st.DrawFn) -> Item:
    kind = draw(st.sampled_from(sorted(ITEM_TYPES)))
    raw: dict[str, Any] = {"id": draw(codes), "type": kind, "text": "Was meinen Sie?"}
    raw["shuffle"] = draw(st.booleans())
    if kind == "grid":
        raw["rows"] = [o for o in draw(options()) if not o.missing]
        scales = draw(st.lists(options(), min_size=1, max_size=2))
        names = ["first", "second"]
        facets = [
            {"id": name, "text": name, "options": scale}
            for name, scale in zip(names, scales, strict=False)
        ]
        raw |= {"facets": facets} if draw(st.booleans()) else {"options": scales[0]}
    elif kind == "text":
        raw |= {"max_length": draw(st.integers(1, 60)), "shuffle": False}
    else:
        raw["options"] = draw(options())
    if kind == "ranking":
        elements = sum(not o.missing for o in raw["options"])
        raw["depth"] = draw(st.integers(0, elements))
    return ITEM_TYPES[kind].model_validate(raw)


def answers(item: Item) -> st.SearchStrategy[Answer]:
    """Allowed answers of an item."""
    if isinstance(item, Grid):
        cells = {
            key: st.sampled_from([o.code for o in part.options])
            for key, (part, _) in item.cells.items()
        }
        return st.fixed_dictionaries({}, optional=cells).filter(bool)
    if isinstance(item, Ranking):
        elements = [o.code for o in item.choices]
        orders = st.permutations(elements)
        placed = st.tuples(orders, st.integers(1, item.places)).map(lambda p: list(p[0])[: p[1]])
        offered = [o.code for o in item.reasons]
        return st.one_of(placed, st.sampled_from(offered)) if offered else placed
    if isinstance(item, Multiple):
        free = [o.code for o in item.choices]
        several = st.sets(st.sampled_from(free), min_size=1).map(
            lambda chosen: [code for code in free if code in chosen]
        )
        alone = [[o.code] for o in item.reasons]
        return st.one_of(several, st.sampled_from(alone)) if alone else several
    if isinstance(item, Text):
        letters = st.characters(codec="utf-8")
        texts = st.text(letters, max_size=item.max_length).map(clean_text)
        return texts.filter(bool)
    return st.sampled_from([option.code for option in item.options])  # type: ignore[attr-defined]


calm = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
"""A busy machine is no mistake of the code."""

item_and_answer = items().flatmap(lambda item: st.tuples(st.just(item), answers(item)))


def post(item: Item, values: Mapping[str, list[str]]) -> BaseForm:
    """The item's form as a browser would send it."""
    form = BaseForm(dict(item.fields()))  # type: ignore[arg-type]
    form.process(MultiDict([(name, text) for name, texts in values.items() for text in texts]))
    return form


def decode(item: Item, row: Mapping[str, int]) -> Answer | None:
    """The plain answer that a row of the data set stands for, by the codebook alone."""
    cells: dict[str, str] = {}
    placed: dict[int, str] = {}
    for question in item.questions():
        facet = question.id.removeprefix(item.id).removeprefix("_")
        for variable in question.variables:
            value = row[variable.name]
            names = {code.value: code.name for code in variable.codes}
            if value == Missing.SKIPPED:
                continue
            if question.scale in (Scale.RANK, Scale.CHECK) and value < 0:
                return names[value] if question.scale is Scale.RANK else [names[value]]
            if question.scale is Scale.RANK:
                placed |= {value: variable.element} if value else {}
            elif question.scale is Scale.CHECK:
                placed |= {len(placed): variable.element} if value else {}
            elif isinstance(item, Grid):
                cells[f"{facet}.{variable.element}" if facet else variable.element] = names[value]
            else:
                return names[value]
    return cells or [placed[place] for place in sorted(placed)] or None


@calm
@given(item_and_answer)
def test_an_answer_that_was_written_is_read_again(pair: tuple[Item, Answer]) -> None:
    item, answer = pair
    form = post(item, item.write(answer))
    assert form.validate(), form.errors
    assert not item.form_mistakes(form.data)
    assert item.read(form.data) == answer


@calm
@given(item_and_answer)
def test_what_a_form_can_send_has_no_mistakes(pair: tuple[Item, Answer]) -> None:
    item, answer = pair
    assert item.mistakes(answer) == ()
    assert item.mistakes(json.loads(json.dumps(answer))) == ()


@calm
@given(item_and_answer)
def test_decoding_what_was_encoded_is_the_identity(pair: tuple[Item, Answer]) -> None:
    item, answer = pair
    if not isinstance(item, Text):
        assert decode(item, item.encode(answer)) == answer


@calm
@given(item_and_answer)
def test_every_variable_of_the_codebook_gets_a_value_that_the_codebook_knows(
    pair: tuple[Item, Answer],
) -> None:
    item, answer = pair
    variables = [v for q in item.questions() for v in q.variables if v.scale is not Scale.TEXT]
    row, empty = item.encode(answer), item.encode(None)
    assert list(row) == list(empty) == [v.name for v in variables]
    assert set(empty.values()) <= {Missing.SKIPPED}
    for variable in variables:
        known = {code.value for code in variable.codes}
        assert row[variable.name] in known | {Missing.SKIPPED}


@calm
@given(item_and_answer)
def test_new_labels_change_no_code(pair: tuple[Item, Answer]) -> None:
    item, answer = pair

    def relabelled(part: Any) -> Any:
        if isinstance(part, dict):
            return {k: "neu" if k in ("label", "text") else relabelled(v) for k, v in part.items()}
        return [relabelled(p) for p in part] if isinstance(part, (list, tuple)) else part

    other = type(item).model_validate(relabelled(item.model_dump(by_alias=True)))
    assert other.encode(answer) == item.encode(answer)
    assert other.write(answer) == item.write(answer)


@calm
@given(items())
def test_an_untouched_form_is_no_answer(item: Item) -> None:
    form = post(item, {})
    assert form.validate(), form.errors
    assert item.read(form.data) is None
    assert not item.form_mistakes(form.data)


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | codes,
    lambda inner: st.lists(inner) | st.dictionaries(st.text() | codes, inner),
)


@calm
@given(items(), json_values)
def test_anything_that_json_can_hold_is_judged_without_an_exception(
    item: Item, answer: object
) -> None:
    if not item.mistakes(answer):
        item.encode(answer)  # type: ignore[arg-type]


@calm
@given(item_and_answer)
def test_no_answer_is_longer_than_the_longest(pair: tuple[Item, Answer]) -> None:
    item, answer = pair
    assert item.mistakes(item.longest()) == ()
    for ascii_only in (True, False):
        longest = json.dumps(item.longest(), ensure_ascii=ascii_only).encode()
        assert len(json.dumps(answer, ensure_ascii=ascii_only).encode()) <= len(longest)


@calm
@given(items())
def test_a_shown_order_moves_every_entry_once_and_leaves_reasons_at_the_end(item: Item) -> None:
    entries = item.rows if isinstance(item, Grid) else getattr(item, "options", ())
    for order in balanced_orders(item.list_length) if entries else ():
        shown = in_order(entries, order)
        assert sorted(o.code for o in shown) == sorted(o.code for o in entries)
        assert [o.stays_last for o in shown] == sorted(o.stays_last for o in shown)


# -- what a respondent is told ------------------------------------------------------------

TOPICS = Ranking.model_validate(
    {
        "id": "a1",
        "type": "ranking",
        "text": "Was zuerst?",
        "depth": 3,
        "options": [
            {"code": "service", "label": "Service"},
            {"code": "digital", "label": "Digitales"},
            {"code": "climate", "label": "Klima"},
            {"code": "staff", "label": "Personal"},
            {"code": "dont_know", "label": "Kann ich nicht beurteilen", "missing": "dont_know"},
        ],
    }
)


def test_a_tie_names_both_entries_and_the_place() -> None:
    found = TOPICS.form_mistakes({"a1.service": "2", "a1.climate": "2", "a1.staff": "1"})
    assert found == {
        "a1.climate": "„Service“ und „Klima“ stehen beide auf Platz 2. "
        "Bitte vergeben Sie jeden Platz nur einmal."
    }


def test_a_gap_names_the_free_place() -> None:
    found = TOPICS.form_mistakes({"a1.service": "1", "a1.climate": "3"})
    assert list(found) == ["a1.climate"]
    assert found["a1.climate"].startswith("Platz 2 ist noch frei.")
    found = TOPICS.form_mistakes({"a1.climate": "3"})
    assert found["a1.climate"].startswith("Platz 1 und Platz 2 sind noch frei.")


def test_a_tie_and_a_gap_are_both_told() -> None:
    found = TOPICS.form_mistakes({"a1.service": "1", "a1.digital": "1", "a1.staff": "3"})
    assert set(found) == {"a1.digital", "a1.staff"}


def test_a_ranking_with_a_tie_or_a_gap_gives_no_answer() -> None:
    assert TOPICS.read({"a1.service": "2", "a1.climate": "2"}) is None
    assert TOPICS.read({"a1.service": "2"}) is None


def test_a_prefix_of_the_places_is_an_answer() -> None:
    assert TOPICS.read({"a1.climate": "1", "a1.service": "2"}) == ["climate", "service"]
    assert TOPICS.encode(["climate", "service"]) == {
        "a1_service": 2,
        "a1_digital": 0,
        "a1_climate": 1,
        "a1_staff": 0,
    }


def test_a_reason_beside_places_asks_for_a_decision() -> None:
    found = TOPICS.form_mistakes({"a1.service": "1", "a1": "dont_know"})
    assert "„Kann ich nicht beurteilen“" in found["a1"]
    assert TOPICS.form_mistakes({"a1": "dont_know", "a1.service": ""}) == {}
    assert TOPICS.read({"a1": "dont_know", "a1.service": ""}) == "dont_know"


def test_a_reason_stands_in_every_variable_of_a_ranking() -> None:
    assert set(TOPICS.encode("dont_know").values()) == {Missing.DONT_KNOW}
    assert set(TOPICS.encode(None).values()) == {Missing.SKIPPED}


@pytest.mark.parametrize(
    ("answer", "part"),
    [
        (["service", "service"], "„Service“ steht zugleich auf Platz 1 und Platz 2."),
        (["service", "digital", "climate", "staff"], "Es gibt nur 3 Plätze"),
        (["service", "parks"], "gehört nicht zu den angebotenen"),
        (["dont_know"], "gehört nicht zu den angebotenen"),
        ([], "gehört nicht zu den angebotenen"),
        ("service", "gehört nicht zu den angebotenen"),
    ],
)
def test_a_wrong_ranking_is_refused_with_a_sentence(answer: object, part: str) -> None:
    assert part in " ".join(TOPICS.mistakes(answer))


def test_an_option_that_excludes_others_says_so_by_name() -> None:
    item = Multiple.model_validate(
        {
            "id": "m",
            "type": "multiple",
            "text": "Was davon?",
            "at_most": 2,
            "options": [
                {"code": "a", "label": "A"},
                {"code": "b", "label": "B"},
                {"code": "c", "label": "C"},
                {"code": "none", "label": "nichts davon", "exclusive": True},
                {"code": "dk", "label": "weiß nicht", "missing": "dont_know"},
            ],
        }
    )
    assert "„nichts davon“" in item.form_mistakes({"m": ["a", "none"]})["m"]
    assert "„weiß nicht“" in item.form_mistakes({"m": ["a", "dk"]})["m"]
    assert "höchstens 2" in item.form_mistakes({"m": ["a", "b", "c"]})["m"]
    assert item.encode(["none"]) == {"m_a": 0, "m_b": 0, "m_c": 0, "m_none": 1}
    assert set(item.encode(["dk"]).values()) == {Missing.DONT_KNOW}


def test_a_text_is_cleaned_before_its_length_counts() -> None:
    item = Text.model_validate({"id": "t", "type": "text", "text": "?", "max_length": 5})
    assert item.read({"t": "  a\r\nb\x00\x1b \ud800"}) == "a\nb"
    assert item.form_mistakes({"t": "12345   "}) == {}
    assert "kürzen Sie ihn um 2 Zeichen" in item.form_mistakes({"t": "1234567"})["t"]
    assert item.read({"t": " \r\n\t"}) is None
    assert item.mistakes("a\x00") != ()
    assert item.mistakes("a\ud800") != ()


@calm
@given(st.text(st.characters()))
def test_cleaning_a_clean_text_changes_nothing(text: str) -> None:
    once = clean_text(text)
    assert clean_text(once) == once
    once.encode("utf-8")


def test_large_numbers_of_characters_are_grouped() -> None:
    item = Text.model_validate({"id": "t", "type": "text", "text": "?"})
    (sentence,) = item.mistakes("x" * 1043)
    assert "1\u202f043 Zeichen" in sentence
