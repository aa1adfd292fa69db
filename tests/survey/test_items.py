"""What every item type promises, for random items and random answers."""

from __future__ import annotations

import hashlib
import json
import string
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from werkzeug.datastructures import MultiDict
from wtforms.form import BaseForm

from survey.codebook import Missing, Scale
from survey.items import ITEM_TYPES
from survey.items.base import Answer, Item, Option
from survey.items.best_worst import BestWorst
from survey.items.compared import Compared
from survey.items.grid import Grid
from survey.items.info import Info
from survey.items.listed import in_order
from survey.items.measured import Measured
from survey.items.multiple import Multiple
from survey.items.number import Number, read_number
from survey.items.open_choice import OpenChoice
from survey.items.pairwise import Pairwise
from survey.items.passage import Passage
from survey.items.points import Points
from survey.items.ranking import Ranking
from survey.items.single import Single
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
def limits(draw: st.DrawFn, kind: str) -> dict[str, Any]:
    if kind == "date":
        first, last = sorted(draw(st.tuples(days, days)))
        return {"min": first.isoformat(), "max": last.isoformat()}
    places = draw(st.integers(0, 3))
    numbers = st.integers(-3000, 3000).map(lambda n: str(Decimal(n).scaleb(-places)))
    low, high = sorted(draw(st.tuples(numbers, numbers)), key=Decimal)
    return {"min": low, "max": high, "decimals": places}


days = st.dates(date(1900, 1, 1), date(2199, 12, 31))


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
    elif kind in ("number", "date"):
        raw["options"] = [o for o in draw(options()) if o.missing]
        raw |= draw(limits(kind)) | {"shuffle": False}
    elif kind != "info":
        raw["options"] = draw(options())
    if kind in ("single", "multiple") and draw(st.booleans()):
        first = next(i for i, o in enumerate(raw["options"]) if not o.missing)
        raw["options"][first] = raw["options"][first].model_copy(update={"other": True})
        raw["other_length"] = draw(st.integers(20, 40))
    if kind == "best_worst":
        raw |= {"options": draw(options(smallest=4)), "best": "mehr", "worst": "weniger"}
    if kind == "pairwise" and draw(st.booleans()):
        raw["equal"] = "gleich"
    if kind == "points":
        raw["sum_to"] = draw(st.integers(1, 300))
    if kind == "passage":
        raw |= {"passage": "Ein Absatz.", "max_length": draw(st.integers(1, 30))}
    if kind == "ranking":
        elements = sum(not o.missing for o in raw["options"])
        raw["depth"] = draw(st.integers(0, elements))
    return ITEM_TYPES[kind].model_validate(raw)


def words(length: int) -> st.SearchStrategy[str]:
    return st.text(st.characters(codec="utf-8"), max_size=length).map(clean_text).filter(bool)


def answers(item: Item) -> st.SearchStrategy[Answer]:
    """Allowed answers of an item."""
    if isinstance(item, OpenChoice) and item.other:
        other = item.other.code
        texts = words(item.other_length)
        chosen = plain_answers(item)
        if isinstance(item, Single):
            return st.one_of(chosen, texts.map(lambda text: {other: text}))
        free = [o.code for o in item.options if not o.missing and o.code != other]
        beside = st.sets(st.sampled_from(free)) if free else st.just(set[str]())
        with_words = st.tuples(beside, texts).map(
            lambda pair: {
                o.code: pair[1] if o.code == other else ""
                for o in item.options
                if o.code in pair[0] or o.code == other
            }
        )
        return st.one_of(chosen, with_words)
    return plain_answers(item)


def plain_answers(item: Item) -> st.SearchStrategy[Answer]:
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
    if isinstance(item, Compared):
        return compared_answers(item)
    if isinstance(item, Multiple):
        free = [o.code for o in item.choices]
        several = st.sets(st.sampled_from(free), min_size=1).map(
            lambda chosen: [code for code in free if code in chosen]
        )
        alone = [[o.code] for o in item.reasons]
        return st.one_of(several, st.sampled_from(alone)) if alone else several
    if isinstance(item, Text):
        return words(item.max_length)
    if isinstance(item, Measured):
        typed = st.integers(*item.bounds).map(item.typed)
        return st.one_of(typed, st.sampled_from(list(item.by_code))) if item.by_code else typed
    if isinstance(item, Passage):
        parts = {
            "stance": st.sampled_from([o.code for o in item.options]),
            "comment": words(item.max_length),
        }
        return st.fixed_dictionaries({}, optional=parts).filter(bool)
    return st.sampled_from([option.code for option in item.options])  # type: ignore[attr-defined]


def compared_answers(item: Compared) -> st.SearchStrategy[Answer]:
    offered = [st.just(o.code) for o in item.reasons]
    if isinstance(item, Points):
        cuts = st.lists(
            st.integers(0, item.sum_to),
            min_size=len(item.choices) - 1,
            max_size=len(item.choices) - 1,
        )
        shares = cuts.map(sorted).map(lambda c: [0, *c, item.sum_to])
        filled = shares.map(
            lambda c: {
                o.code: str(high - low)
                for o, low, high in zip(item.choices, c[:-1], c[1:], strict=True)
            }
        )
        return st.one_of(filled, *offered)
    if isinstance(item, BestWorst):
        cells = {
            key: st.sampled_from([o.code for o in item.groups[key.split(".")[0]]])
            for key in item.judgements
        }
        distinct = st.fixed_dictionaries({}, optional=cells).map(
            lambda given: {
                key: code
                for key, code in given.items()
                if key.endswith("best") or given.get(key.replace("worst", "best")) != code
            }
        )
        return st.one_of(distinct.filter(bool), *offered)
    assert isinstance(item, Pairwise)
    pairs = {n: st.sampled_from([o.code for o in both]) for n, both in item.offered.items()}
    return st.one_of(st.fixed_dictionaries({}, optional=pairs).filter(bool), *offered)


calm = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
"""A busy machine is no mistake of the code."""

item_and_answer = (
    items().filter(lambda i: i.asks).flatmap(lambda item: st.tuples(st.just(item), answers(item)))
)


def post(item: Item, values: Mapping[str, list[str]]) -> BaseForm:
    """The item's form as a browser would send it."""
    form = BaseForm(dict(item.fields()))  # type: ignore[arg-type]
    form.process(MultiDict([(name, text) for name, texts in values.items() for text in texts]))
    return form


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
    assert item.decode(item.encode(answer), item.texts(answer)) == answer
    assert item.decode(item.encode(None), {}) is None


@calm
@given(item_and_answer)
def test_what_was_not_shown_decodes_to_no_answer(pair: tuple[Item, Answer]) -> None:
    item, _ = pair
    assert item.decode(dict.fromkeys(item.encode(None), int(Missing.NOT_SHOWN)), {}) is None


@calm
@given(item_and_answer)
def test_texts_are_those_that_the_codebook_stores_apart(pair: tuple[Item, Answer]) -> None:
    item, answer = pair
    free = {q.id for q in item.questions() if q.scale is Scale.TEXT}
    assert set(item.texts(answer)) <= set(item.text_lengths) == free
    for id, text in item.texts(answer).items():
        assert 0 < len(text) <= item.text_lengths[id]


@calm
@given(item_and_answer)
def test_every_answer_can_be_put_into_words(pair: tuple[Item, Answer]) -> None:
    item, answer = pair
    assert item.spoken(answer)
    assert item.spoken(answer, "en")


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
        counted = variable.scale is Scale.NUMBER and row[variable.name] >= 0
        assert counted or row[variable.name] in known | {Missing.SKIPPED}


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
    listed = not isinstance(item, Measured)
    entries = (
        item.rows if isinstance(item, Grid) else getattr(item, "options", ()) if listed else ()
    )
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


# -- numbers, dates, passages and words of one's own --------------------------------------

YEARS = Number.model_validate(
    {
        "id": "n",
        "type": "number",
        "text": "Seit wie vielen Jahren?",
        "max": 60,
        "unit": "Jahre",
        "options": [{"code": "dk", "label": "weiß nicht", "missing": "dont_know"}],
    }
)


def test_zero_is_an_answer_and_not_a_gap() -> None:
    assert YEARS.read({"n": "0"}) == "0"
    assert YEARS.mistakes("0") == ()
    assert YEARS.encode("0") == {"n": 0}
    assert YEARS.decode({"n": 0}, {}) == "0"
    assert YEARS.encode(None) == {"n": Missing.SKIPPED}
    assert YEARS.write("0") == {"n": ["0"]}
    assert YEARS.spoken("0") == "0 Jahre"


def test_a_reason_beside_a_number_asks_for_a_decision() -> None:
    assert YEARS.read({"n": "", "n.reason": "dk"}) == "dk"
    assert YEARS.encode("dk") == {"n": Missing.DONT_KNOW}
    assert "eines von beiden" in YEARS.form_mistakes({"n": "0", "n.reason": "dk"})["n.reason"]


@pytest.mark.parametrize(
    ("typed", "part"),
    [
        ("61", "Zahlen von 0 bis 60, angegeben ist 61"),
        ("-1", "angegeben ist −1"),
        ("1,5", "ganze Zahl"),
        ("viele", "in Ziffern"),
        ("1e3", "in Ziffern"),
        ("٣", "in Ziffern"),
        ("1,234", "ohne Trennzeichen"),
    ],
)
def test_what_is_no_number_is_told_in_a_sentence(typed: str, part: str) -> None:
    assert part in YEARS.form_mistakes({"n": typed})["n"]


@pytest.mark.parametrize(
    ("typed", "decimals", "read"),
    [
        ("1.234", 0, "1234"),
        ("1 234 567", 0, "1234567"),
        ("1.234.567,89", 2, "1234567.89"),
        ("1,234,567.89", 2, "1234567.89"),
        ("007", 0, "7"),
        ("12,50", 2, "12.5"),
        ("0,125", 3, "0.125"),
        ("1,234", 3, "1.234"),
        ("−3", 0, "-3"),
        ("0,0", 1, "0"),
    ],
)
def test_numbers_are_read_as_people_write_them(typed: str, decimals: int, read: str) -> None:
    assert read_number(typed, decimals) == read


def test_a_date_is_asked_for_in_three_fields_and_each_mistake_has_its_own() -> None:
    item = ITEM_TYPES["date"].model_validate(
        {"id": "d", "type": "date", "text": "Wann?", "min": "2020-01-01", "max": "2027-12-31"}
    )
    given = {"d.day": "29", "d.month": "2", "d.year": "2024"}
    assert item.read(given) == "2024-02-29"
    assert item.spoken("2024-02-29") == "29. Februar 2024"
    assert item.write("2024-02-09") == {"d.day": ["9"], "d.month": ["2"], "d.year": ["2024"]}
    assert item.form_mistakes({**given, "d.year": "2023"}) == {"d.day": "Diesen Tag gibt es nicht."}
    assert "vier Ziffern" in item.form_mistakes({**given, "d.year": "24"})["d.year"]
    assert "auch den Monat" in item.form_mistakes({**given, "d.month": ""})["d.month"]
    assert "vom 01.01.2020 bis" in item.form_mistakes({**given, "d.year": "2016"})["d.day"]
    assert item.mistakes("2024-2-29") != ()


def test_a_passage_keeps_stance_and_comment_apart_and_names_its_text() -> None:
    item = ITEM_TYPES["passage"].model_validate(
        {
            "id": "p",
            "type": "passage",
            "text": "Wie stehen Sie dazu?",
            "passage": "Die Stadt ist für alle da.",
            "options": [{"code": "keep", "label": "so lassen"}, {"code": "drop", "label": "weg"}],
        }
    )
    answer = item.read({"p.stance": "keep", "p.comment": " gut "})
    assert answer == {"stance": "keep", "comment": "gut"}
    assert item.encode(answer) == {"p": 1}
    assert item.texts(answer) == {"p_comment": "gut"}
    stance, comment = item.questions()
    digest = hashlib.sha256("Die Stadt ist für alle da.".encode()).hexdigest()
    assert stance.base == comment.base == f"sha256:{digest}"
    assert item.read({"p.comment": "nur Worte"}) == {"comment": "nur Worte"}
    assert item.encode({"comment": "nur Worte"}) == {"p": Missing.SKIPPED}


WAYS = [
    {"code": "a", "label": "Telefon"},
    {"code": "other", "label": "anders", "other": True},
    {"code": "none", "label": "gar nicht", "exclusive": True},
]


def test_words_of_ones_own_choose_their_option_and_are_stored_apart() -> None:
    item = Single.model_validate({"id": "s", "type": "single", "text": "Wie?", "options": WAYS})
    assert item.read({"s": "", "s.other": "Brief"}) == {"other": "Brief"}
    assert item.read({"s": "other", "s.other": " "}) == "other"
    assert item.encode({"other": "Brief"}) == item.encode("other") == {"s": 2}
    assert item.texts({"other": "Brief"}) == {"s_other_text": "Brief"}
    assert item.spoken({"other": "Brief"}) == "Brief"
    assert "„Telefon“" in item.form_mistakes({"s": "a", "s.other": "Brief"})["s.other"]
    assert item.mistakes({"a": "Brief"}) != ()
    assert item.mistakes({"other": "x" * 201}) != ()


def test_words_of_ones_own_stand_beside_other_choices() -> None:
    item = Multiple.model_validate({"id": "m", "type": "multiple", "text": "?", "options": WAYS})
    answer = item.read({"m": ["a"], "m.other": "Brief"})
    assert answer == {"a": "", "other": "Brief"}
    assert item.encode(answer) == {"m_a": 1, "m_other": 1, "m_none": 0}
    names = [v.name for q in item.questions() for v in q.variables]
    assert len(set(names)) == len(names) == 4
    assert "gar nicht" in item.form_mistakes({"m": ["none"], "m.other": "Brief"})["m"]
    assert item.mistakes({"a": "Brief", "other": ""}) != ()


def test_information_takes_no_answer() -> None:
    item = Info.model_validate({"id": "i", "type": "info", "text": "Gut zu wissen."})
    assert not item.asks
    assert item.mistakes("x") != ()
    assert item.questions() == ()
