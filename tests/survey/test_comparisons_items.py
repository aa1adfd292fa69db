"""Best–worst, pairs and points: what is refused, shown, read again, stored and simulated."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import html5lib
import pytest
from werkzeug.datastructures import MultiDict

from survey.codebook import Missing, Scale
from survey.errors import DataError, Problem
from survey.forms import read_page, shown
from survey.importing import read_answers
from survey.instrument import Questionnaire
from survey.items.best_worst import BestWorst
from survey.items.points import Points
from survey.paper_items import parts
from survey.paper_words import words
from survey.plausible import faulty_form, plausible_answers
from survey.population import draw_population
from survey.questionnaire import Bundle, check_bundle, read_bundle
from survey.rendering import Filling
from survey.review import answer_lines
from survey.sample import draw_sample, plain_answers
from survey.screens import Screens
from survey.simulate import simulate_data_set
from survey.theme import load_theme

MAIN = """\
schema: 1
study:
  id: small
  title: Kleine Umfrage
  regime: open_participation
  access: open
  population: Alle
  closes: 2099-05-21T18:00:00+02:00
lists:
  fields:
    - {code: a, label: Service, help: Termine}
    - {code: b, label: Digitales}
    - {code: c, label: Orte}
    - {code: d, label: Personal}
    - {code: dk, label: Kann ich nicht beurteilen, missing: dont_know}
pages:
  - id: one
    title: Eins
    items:
      - id: weigh
        type: best_worst
        text: Was zählt in jeder Gruppe?
        best: am meisten
        worst: am wenigsten
        list: fields
        shuffle: true
      - {id: duel, type: pairwise, text: Was zählt mehr?, list: fields, equal: gleich}
      - {id: budget, type: points, text: Wie verteilen Sie?, list: fields, sum_to: 50}
"""


def small() -> Questionnaire:
    return read_bundle(Bundle(MAIN))


def problems(old: str, new: str) -> list[Problem]:
    assert old in MAIN
    found = check_bundle(Bundle(MAIN.replace(old, new)))
    return [problem for problem in found if problem.severity == "error"]


FILLED = {
    "weigh.s1.best": "a",
    "weigh.s1.worst": "c",
    "weigh.s3.worst": "d",
    "duel.p1": "equal",
    "duel.p4": "d",
    "budget.a": "30",
    "budget.b": "20",
    "budget.c": "0",
}
ANSWERS = {
    "weigh": {"s1.best": "a", "s1.worst": "c", "s3.worst": "d"},
    "duel": {"p1": "equal", "p4": "d"},
    "budget": {"a": "30", "b": "20", "c": "0", "d": "0"},
}


def test_the_questionnaire_is_without_mistakes() -> None:
    assert problems("", "") == []


def test_a_filled_page_is_read_stored_and_shown_again() -> None:
    instrument = small().instrument
    reading = read_page(instrument.pages[0], MultiDict(FILLED), "de")
    assert not reading.mistakes
    assert reading.answers == ANSWERS
    row = instrument.encode(reading.answers)
    assert row["weigh_s1_best"] == 1
    assert row["weigh_s1_worst"] == 3
    assert row["weigh_s3_best"] == Missing.SKIPPED
    assert row["duel_p1"] == 0
    assert (row["budget_a"], row["budget_c"]) == (30, 0)
    assert instrument.decode(row, {}) == ANSWERS
    again = MultiDict(
        (k, v) for k, vs in shown(instrument.pages[0].items, ANSWERS).items() for v in vs
    )
    assert read_page(instrument.pages[0], again, "de").answers == ANSWERS


def test_a_reason_stands_for_the_whole_item() -> None:
    instrument = small().instrument
    reading = read_page(instrument.pages[0], MultiDict(dict.fromkeys(ANSWERS, "dk")), "de")
    assert reading.answers == dict.fromkeys(ANSWERS, "dk")
    row = instrument.encode(reading.answers)
    assert set(row.values()) == {Missing.DONT_KNOW}
    assert instrument.decode(row, {}) == reading.answers
    for item in instrument.items:
        (line,) = answer_lines(item, "dk")
        assert line["text"] == "Kann ich nicht beurteilen"


@pytest.mark.parametrize(
    ("filled", "name", "sentence"),
    [
        ({"weigh.s2.best": "b", "weigh.s2.worst": "b"}, "weigh.s2.worst", "nicht zugleich"),
        ({"weigh.s1.best": "a", "weigh": "dk"}, "weigh", "für eines von beiden"),
        ({"duel.p1": "a", "duel": "dk"}, "duel", "für eines von beiden"),
        ({"budget.a": "30"}, "budget.a", "Es fehlen 20."),
        ({"budget.b": "30", "budget.c": "21"}, "budget.b", "Das sind 1 zu viel."),
        ({"budget.a": "-5", "budget.b": "55"}, "budget.a", "ganze Zahl"),
        ({"budget.a": "12,5"}, "budget.a", "ganze Zahl"),
        ({"budget.a": "0"}, "budget.a", "Es fehlen 50."),
    ],
)
def test_what_cannot_be_taken_is_said_at_its_field(
    filled: dict[str, str], name: str, sentence: str
) -> None:
    page = small().instrument.pages[0]
    reading = read_page(page, MultiDict(filled), "de")
    assert list(reading.mistakes) == [name]
    assert sentence in reading.mistakes[name]
    assert not reading.answers


def test_every_field_has_one_label_and_mistakes_describe_it_in_every_order() -> None:
    questionnaire = small()
    fields = {name for item in questionnaire.instrument.items for name in item.fields()}
    screens = Screens(questionnaire, load_theme())
    mistakes = dict.fromkeys(fields | set(ANSWERS), "Das geht so nicht.")
    values = {name: [text] for name, text in FILLED.items()}
    for order in range(4):
        filling = Filling(values=values, mistakes=mistakes, orders={"weigh": order})
        html = screens.draw_page(0, filling).decode()
        tree = html5lib.parse(html, namespaceHTMLElements=False)
        ids = [element.get("id") for element in tree.iter() if element.get("id")]
        assert len(ids) == len(set(ids))
        labelled = [label.get("for") for label in tree.iter("label")]
        inputs = [i for i in tree.iter("input") if i.get("type") in ("radio", "text")]
        assert {i.get("name") for i in inputs} == fields
        assert Counter(labelled) == Counter(i.get("id") for i in inputs)
        for element in tree.iter():
            for target in (element.get("aria-describedby") or "").split():
                assert target in ids, target
        assert {f"{name}-fehler" for name in mistakes} <= set(ids)
        checked = {(i.get("name"), i.get("value")) for i in inputs if "checked" in i.attrib}
        assert checked == {(n, v) for n, v in FILLED.items() if not n.startswith("budget")}


def test_entries_of_a_set_follow_the_shown_order() -> None:
    item = small().instrument.item("weigh")
    assert isinstance(item, BestWorst)
    backwards = tuple(reversed(item.choices))
    assert [o.code for o in item.in_group("s1", backwards)] == ["c", "b", "a"]


def test_lists_and_sizes_without_a_balanced_design_are_refused_at_their_place() -> None:
    (problem,) = problems("        shuffle: true\n", "        per_set: 2\n")
    assert (problem.code, problem.line, problem.column) == ("design_size", 26, 18)
    assert "dieser Größe: 3" in problem.message
    entry = "    - {code: d, label: Personal}\n"
    (problem,) = problems(entry, "")
    assert (problem.code, problem.line) == ("design_unknown", 24)
    assert "4, 5, 6, 7, 8, 9, 10, 11, 13" in problem.message


def test_sets_of_ones_own_have_to_be_balanced() -> None:
    good = "sets: [[a, b, c], [b, c, d], [c, d, a], [d, a, b]]"
    assert problems("shuffle: true", good) == []
    for bad in ("sets: [[a, b, c], [b, c, d]]", good.replace("d, a, b", "d, a, x")):
        (problem,) = problems("shuffle: true", bad)
        assert (problem.code, problem.line) == ("sets_unbalanced", 26)
        assert "gleich oft" in problem.message


def test_pairs_that_cannot_be_balanced_and_a_taken_code_are_refused() -> None:
    assert problems("equal: gleich", "each: 2") == []
    (problem,) = problems("equal: gleich", "each: 7")
    assert (problem.code, problem.line) == ("pairs_unbalanced", 27)
    assert "Möglich ist: 2" in problem.message
    (problem,) = problems("code: a,", "code: equal,")
    assert (problem.code, problem.line) == ("equal_taken", 27)


def test_a_rule_about_a_comparison_is_not_called_unreachable() -> None:
    page = "  - id: two\n    title: Zwei\n    items:\n      - {id: why, type: text, text: Warum?, "
    rule = page + "when: {answer: weigh, answered: true}}\n"
    found = check_bundle(Bundle(MAIN + rule))
    assert [p.code for p in found if p.severity == "error"] == []


def test_invented_comparisons_are_allowed_answers_and_points_add_up() -> None:
    questionnaire = small()
    instrument = questionnaire.instrument
    sample = draw_sample(draw_population(questionnaire, 7, 600), 200, 7)
    given = [person.answers for person in plain_answers(sample)]
    for answers in given:
        for id, answer in answers.items():
            assert instrument.item(id).mistakes(answer) == ()
    rows = [instrument.encode(answers) for answers in given]
    for name, column in sample.columns.items():
        assert [row[name] for row in rows] == column.tolist()
    assert {"dk"} < {str(answers.get("budget")) for answers in given}
    assert len({row["weigh_s1_best"] for row in rows}) > 2


def test_a_simulated_data_set_is_written(tmp_path: Path) -> None:
    data = simulate_data_set(small(), 50, 1, tmp_path / "data.zip")
    codebook = small().codebook
    assert [q.scale for q in codebook] == [Scale.NOMINAL, Scale.NOMINAL, Scale.NUMBER]
    assert len(codebook.variables) == 8 + 6 + 4
    assert data.path.exists()


def imported(path: Path, **cells: str) -> dict[str, list[int]]:
    names = [variable.name for variable in small().codebook.variables]
    row = ",".join(cells.get(name, "") for name in names)
    path.write_text(",".join(names) + "\n" + row + "\n", "utf-8")
    return {name: column.tolist() for name, column in read_answers(path, small()).columns.items()}


def test_comparisons_are_imported_and_judged_like_those_of_a_page(tmp_path: Path) -> None:
    path = tmp_path / "answers.csv"
    points = {"budget_a": "30", "budget_b": "20", "budget_c": "0", "budget_d": "0"}
    columns = imported(path, weigh_s1_best="a", weigh_s1_worst="c", duel_p1="equal", **points)
    assert (columns["weigh_s1_worst"], columns["duel_p1"]) == ([3], [0])
    assert (columns["budget_b"], columns["budget_d"]) == ([20], [0])
    for cells, said in (
        ({**points, "budget_c": "1"}, "Das sind 1 zu viel"),
        ({"weigh_s1_best": "a", "weigh_s1_worst": "a"}, "nicht zugleich"),
        ({"duel_p1": "a", "duel_p2": "dk"}, "a reason stands beside an answer"),
        ({"budget_a": "50"}, "gehört nicht zu den angebotenen"),
        ({"weigh_s1_best": "d"}, "is no code"),
    ):
        with pytest.raises(DataError, match=said):
            imported(path, **cells)


def test_a_preview_has_plausible_answers_and_mistakes_for_them() -> None:
    page = small().instrument.pages[0]
    for item in page.items:
        answer = plausible_answers([item], "de")[item.id]
        assert item.mistakes(answer) == ()
        assert answer_lines(item, answer)
    assert "budget.a" in read_page(page, faulty_form(page.items), "de").mistakes


def test_comparisons_can_be_printed() -> None:
    for item in small().instrument.items:
        assert parts(item, words("de"))


def test_the_longest_points_use_up_the_sum() -> None:
    options = [{"code": c, "label": c} for c in "abcd"]
    for total in (1, 9, 10, 39, 40, 100, 1000, 10_000):
        raw = {"id": "p", "type": "points", "text": "?", "options": options, "sum_to": total}
        longest = Points.model_validate(raw).longest()
        assert isinstance(longest, dict)
        assert sum(map(int, longest.values())) == total
