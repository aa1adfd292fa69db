"""Shuffled pages and blocks, from the file by way of the pages to the counts of an opening."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from respondent import HERE, City, desk, heading, make_city, step
from werkzeug.test import TestResponse

from survey import ballot
from survey.ballot import Ballot
from survey.errors import AnswerError
from survey.page_state import PageState, StateBox, first_state
from survey.paper import sheets
from survey.paper_words import words
from survey.preview import Preview
from survey.questionnaire import Bundle, check_bundle, load_bundle, read_bundle
from survey.rows import read_columns
from survey.simulate import simulate_data_set
from survey.tally import Tally
from survey.versions import Kind, compare

BUNDLE = load_bundle(Path(__file__).parent.parent / "questionnaires" / "shuffled.yaml")
QUESTIONNAIRE = read_bundle(BUNDLE)
INSTRUMENT = QUESTIONNAIRE.instrument
PAGE, BLOCKS = "page:desks", "blocks:areas"
ORDERS = (
    ["light", "noise", "air"],
    ["noise", "air", "light"],
    ["air", "light", "noise"],
)
TITLES = (
    ["Am Schreibtisch", "Im Flur", "Im Garten"],
    ["Im Flur", "Im Garten", "Am Schreibtisch"],
    ["Im Garten", "Am Schreibtisch", "Im Flur"],
)


@pytest.fixture
def city(tmp_path: Path) -> City:
    return make_city(tmp_path / "home", BUNDLE)


def begun(city: City, blocks: int, page: int) -> TestResponse:
    """The first page of somebody for whom these orders were drawn."""
    state = first_state(INSTRUMENT, "de")
    state = replace(state, orders={PAGE: page, BLOCKS: blocks}, page=0)
    box = StateBox(desk(city).state_key, city.study_id, INSTRUMENT)
    sent = {"state": box.seal(state), "go": "lang:de", "lang": "de"}
    return city.client.post(city.address, data=sent, headers=HERE)


def asked(page: TestResponse) -> list[str]:
    return re.findall(r'id="(\w+)-frage"', page.text)


@pytest.mark.parametrize("drawn", [0, 1, 2])
def test_blocks_and_items_come_in_the_drawn_order_and_the_review_says_so(
    city: City, drawn: int
) -> None:
    page, titles = begun(city, drawn, drawn), []
    page = city.turn(page, {"house": "old"})
    while heading(page) != "Zum Schluss":
        titles.append(heading(page))
        assert step(page) == f"Seite {len(titles) + 1} von 5"
        if heading(page) == "Am Schreibtisch":
            assert asked(page) == ["about_desk", *ORDERS[drawn], "desk_wish"]
        page = city.turn(page, {"light": "4"})
    assert titles == TITLES[drawn]
    page = city.turn(page, {})
    shown = re.findall(r"<h2 class=\"kern-heading-medium\">([^<]*)</h2>", page.text)
    assert shown == ["Ihr Haus", *titles, "Zum Schluss"]
    own = [id for id in asked(page) if id in ORDERS[0]]
    assert own == ORDERS[drawn]
    empty = re.findall(r'href="#(\w+)-frage"', page.text)
    assert empty == [id for id in asked(page) if id not in ("house", "light")]
    for title in ["Zum Schluss", *reversed(titles), "Ihr Haus"]:
        page = city.turn(page, {}, "back")
        assert heading(page) == title


def test_a_page_that_an_answer_brings_up_comes_inside_its_block(city: City) -> None:
    page = city.turn(begun(city, 2, 0), {})
    assert heading(page) == "Im Garten"
    page = city.turn(city.turn(page, {}), {"light": "1"})
    assert (heading(page), step(page)) == ("Mehr zum Schreibtisch", "Seite 4 von 6")
    assert heading(city.turn(page, {})) == "Im Flur"


def test_a_mistake_keeps_the_order_and_is_named_in_it(city: City) -> None:
    page = city.turn(begun(city, 0, 2), {})
    page = city.turn(page, {"light": "9", "air": "9"})
    assert page.status_code == 422
    assert asked(page) == ["about_desk", *ORDERS[2], "desk_wish"]
    named = re.findall(r'<a class="kern-link" href="#(air|light)', page.text)
    assert named == ["air", "light"]


def test_the_orders_of_what_was_shown_are_sealed_with_the_answers(city: City) -> None:
    page = begun(city, 1, 2)
    for _ in range(5):
        page = city.turn(page, {"light": "4"})
    city.turn(page, {}, "submit")
    (cast,) = city.ballots()
    assert cast.orders == {PAGE: 2, BLOCKS: 1}
    assert cast.answers == {"light": "4"}


def test_orders_are_drawn_evenly_and_independently_of_each_other() -> None:
    drawn = [first_state(INSTRUMENT, "de") for _ in range(1800)]
    pairs = Counter((state.orders[PAGE], state.orders[BLOCKS]) for state in drawn)
    assert set(pairs) == {(page, block) for page in range(3) for block in range(3)}
    # Binomial with mean 200 and standard deviation 13.3: six of them either way.
    assert all(120 < count < 280 for count in pairs.values())
    assert {state.page for state in drawn} == {0}


def test_who_begins_with_a_block_begins_with_the_one_that_was_drawn() -> None:
    alone = replace(INSTRUMENT, pages=INSTRUMENT.pages[1:])
    first = {first_state(alone, "de").page for _ in range(100)}
    assert first == {0, 2, 3}


@pytest.mark.parametrize("orders", [{PAGE: 3}, {BLOCKS: -1}, {"desks": 0}, {"page:halls": 0}])
def test_an_order_that_cannot_have_been_shown_is_refused(orders: dict[str, int]) -> None:
    with pytest.raises(AnswerError, match="unknown order"):
        ballot.check_orders(INSTRUMENT, orders)


def test_the_opening_leaves_counts_by_order_and_no_order_in_any_row() -> None:
    host = Ed25519PrivateKey.generate()
    tally = Tally(QUESTIONNAIRE, host.public_key())
    size = ballot.padded_size(INSTRUMENT, "rooms")
    given: list[tuple[dict[str, str], dict[str, int]]] = [
        ({"light": "1", "seats": "4"}, {PAGE: 0, BLOCKS: 2}),
        ({"light": "4"}, {PAGE: 0, BLOCKS: 1}),
        ({"seats": "dk"}, {PAGE: 2, BLOCKS: 2}),
    ]
    for answers, orders in given:
        made = Ballot("rooms", INSTRUMENT.hash, ballot.new_key(), answers, orders)
        tally.add(ballot.encode(made, host, size))
    parted = tally.parted()
    assert parted.orders[PAGE]["shown"] == [2, 0, 1]
    assert parted.orders[PAGE]["values"]["light"] == [{"1": 1, "4": 1}, {}, {"-1": 1}]
    assert set(parted.orders[PAGE]["values"]) == {"light", "noise", "air"}
    assert parted.orders[BLOCKS]["shown"] == [0, 1, 2]
    assert parted.orders[BLOCKS]["values"]["seats"] == [{}, {"-1": 1}, {"-2": 1, "4": 1}]
    assert not any("order" in name or ":" in name for name in parted.columns)


def test_simulated_orders_are_counted_like_those_of_an_opening(tmp_path: Path) -> None:
    data_set = simulate_data_set(QUESTIONNAIRE, 300, 1, tmp_path / "data.zip")
    assert set(data_set.orders) == {PAGE, BLOCKS}
    columns = read_columns(data_set)
    for counted in data_set.orders.values():
        assert sum(counted["shown"]) == 300
        for name, by_order in counted["values"].items():
            total: Counter[str] = Counter()
            for counts in by_order:
                total.update(counts)
            assert total == Counter(str(value) for value in columns[name].tolist()), name


def test_paper_keeps_the_order_of_the_author() -> None:
    (sheet,) = sheets(INSTRUMENT, words("de"))
    ids = [item.id for page in sheet.pages for item in page.items]
    assert ids == [item.id for item in INSTRUMENT.items]


def test_the_preview_shows_every_order() -> None:
    preview = Preview(QUESTIONNAIRE)
    assert [preview.orders(name) for name in ("start", "page-1", "page-2", "review")] == [
        1,
        1,
        3,
        3,
    ]
    for drawn, order in enumerate(ORDERS):
        page = preview.draw("de", "page-2", "filled", drawn)
        assert [id for id in re.findall(r'id="(\w+)-frage"', page) if id in order] == order


def changed(old: str, new: str) -> Bundle:
    assert old in BUNDLE.main
    return replace(BUNDLE, main=BUNDLE.main.replace(old, new, 1))


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ("    shuffle: true\n", "", "page_shuffled"),
        ("text: Was fehlt am Platz?, keep: last", "text: Was fehlt am Platz?", "page_shuffled"),
        ("[desk, hall, garden]", "[hall, desk, garden]", "blocks"),
        ("    block: desk\n    when", "    when", "page_block"),
    ],
)
def test_a_change_of_what_is_shuffled_breaks(old: str, new: str, code: str) -> None:
    bundle = changed(old, new)
    if code == "page_block":
        # The page has to leave its block for good: it goes behind the last one.
        pages = bundle.main.split("  - id: desks_more")
        more, halls = pages[1].split("  - id: halls")
        main = (
            pages[0]
            + "  - id: halls"
            + halls.replace("  - id: end", f"  - id: desks_more{more}  - id: end")
        )
        bundle = replace(bundle, main=main)
    difference = compare(QUESTIONNAIRE, read_bundle(bundle))
    assert code in {change.code for change in difference.breaking}
    assert read_bundle(bundle).instrument.hash != INSTRUMENT.hash


def test_a_further_question_on_a_shuffled_page_breaks_unless_it_keeps_its_place() -> None:
    line = "      - {id: noise,"
    for keep, kind in (("", Kind.BREAKING), (", keep: first", Kind.ADDITIVE)):
        extra = f"      - {{id: heat, type: text, text: Wie warm ist es?{keep}}}\n"
        assert compare(QUESTIONNAIRE, read_bundle(changed(line, extra + line))).kind is kind


def test_keep_on_a_page_that_is_not_shuffled_is_noted() -> None:
    problems = check_bundle(changed("    shuffle: true\n", ""))
    assert [p.code for p in problems if p.code == "keep_unused"] == ["keep_unused"]


def test_no_state_is_longer_than_its_padding() -> None:
    box = StateBox(b"k" * 32, "rooms", INSTRUMENT)
    orders = {shuffle.name: len(shuffle.orders) - 1 for shuffle in INSTRUMENT.shuffles}
    (longest,) = INSTRUMENT.longest_by_text
    state = PageState("f" * 32, "de", answers=longest, orders=orders, ahead=tuple(range(6)))
    assert box.open(box.seal(state)).orders == orders
