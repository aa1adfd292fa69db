"""Our questionnaires as XLSForm: pyxform accepts them, and what comes back is what can be said."""

from __future__ import annotations

import io
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from click.testing import CliRunner
from pyxform.xls2xform import convert as xform
from row_tables import NASTY

from survey.cli import survey
from survey.converting.conversion import convert, write_folder
from survey.converting.xlsform_losses import SENTENCES
from survey.converting.xlsform_writing import Form, as_form, as_workbook
from survey.instrument import Questionnaire
from survey.items.base import Item
from survey.questionnaire import Bundle, read_bundle, read_questionnaire

STUDIES = ("vision/staff.yaml", "vision/public.yaml", "vision/reading.yaml")
TESTED = ("item_types.yaml", "journey.yaml", "every_type.yaml")
TODAY = date(2026, 11, 1)
HEAD = """\
schema: 1
version: 1
study:
  id: small
  title: Klein
  regime: open_participation
  access: open
  population: alle
  closes: 2099-05-21T18:00:00+02:00
pages:
  - id: one
    title: Seite
    items:
"""


def files(root: Path) -> list[Path]:
    ours = [root / "questionnaires" / name for name in STUDIES]
    return [*ours, *(root / "tests" / "questionnaires" / name for name in TESTED)]


@pytest.fixture(params=range(len(STUDIES) + len(TESTED)))
def whole(request: pytest.FixtureRequest, root: Path) -> Questionnaire:
    return read_questionnaire(files(root)[request.param])


def small(*items: str) -> Questionnaire:
    body = "".join("      " + line + "\n" for item in items for line in item.splitlines())
    return read_bundle(Bundle(HEAD + body))


def back(form: Form, folder: Path) -> Questionnaire:
    """The questionnaire that our own converter makes of the form."""
    path = folder / "form.xlsx"
    path.write_bytes(as_workbook(form))
    conversion = convert(path, TODAY)
    assert conversion.errors == ()
    write_folder(conversion, folder / "out")
    return read_questionnaire(folder / "out" / f"{conversion.plan.study['id']}.yaml")


def test_pyxform_makes_a_form_of_every_questionnaire(whole: Questionnaire, tmp_path: Path) -> None:
    path = tmp_path / "form.xlsx"
    path.write_bytes(as_workbook(as_form(whole)))
    xml = xform(path, validate=False).xform
    for item in whole.instrument.items:
        if item.type in ("single", "rating", "multiple", "number", "text", "date", "ranking"):
            assert f"/{item.id}" in xml


def choices(item: Item) -> list[tuple[str, str]]:
    return [(o.code, o.label) for o in getattr(item, "options", ())]


def test_what_an_xlsform_can_say_comes_back(whole: Questionnaire, tmp_path: Path) -> None:
    form = as_form(whole)
    again = back(form, tmp_path)
    there = {item.id: item for item in again.instrument.items}
    assert set(again.languages) == set(whole.languages)
    told = {loss.name for loss in form.losses}
    for item in whole.instrument.items:
        if item.type in ("single", "multiple", "rating"):
            found = there[item.id]
            assert found.type == item.type
            assert found.text == item.text or item.id in told
            marked = {loss.name for loss in form.losses if loss.code == "marks"}
            assert choices(found) == choices(item) or item.id in marked
            keys = ("exclusive", "missing")
            for one, other in zip(found.options, item.options, strict=True):  # type: ignore[attr-defined]
                assert [getattr(one, k) for k in keys] == [getattr(other, k) for k in keys]
        elif item.type == "ranking":
            found = there[item.id]
            assert choices(found) == choices(item)[: len(choices(found))]
        elif item.type in ("number", "text"):
            found = there[item.id]
            for key in ("min", "max", "max_length"):
                assert getattr(found, key, None) == getattr(item, key, None)
        elif item.type == "grid":
            names = {v.name for q in item.questions() for v in q.variables}
            assert names <= set(there)
            assert item.id in told
        elif item.type not in ("date", "info"):
            assert item.id in told
            assert item.id not in there


NAMED = {
    "options": {"option_keys", "reasons", "typed_reasons", "other", "marks"},
    "text": {"piping", "marks", "braces"},
    "depth": {"depth"},
    "other_length": {"other"},
}
"""Losses that account for a difference, besides being named as a key."""


def test_whatever_differs_after_the_round_trip_is_named(
    whole: Questionnaire, tmp_path: Path
) -> None:
    form = as_form(whole)
    again = {item.id: item for item in back(form, tmp_path).instrument.items}
    told: dict[str, set[str]] = {}
    for loss in form.losses:
        told.setdefault(loss.name, set()).add(loss.code)
        if loss.code == "keys":
            told[loss.name] |= set(dict(loss.values)["names"].split(", "))
    for page in whole.instrument.pages:
        for item in page.items:
            codes = told.get(item.id, set())
            if item.id not in again:
                assert codes & {"left_out", "grid"}
                continue
            own, other = item.model_dump(mode="json"), again[item.id].model_dump(mode="json")
            # An introduction becomes a text, and our converter makes it the help of what follows.
            # A help that only a translation has stands for all; the report of the way back says so.
            filled = "intro" in told.get(page.id, ()) or not own.get("help")
            for key in own.keys() - ({"help"} if filled else set()):
                assert own[key] == other.get(key) or codes & {key, *NAMED.get(key, ())}, (
                    item.id, key,
                )  # fmt: skip


def test_first_and_last_day_and_the_length_of_words_of_ones_own_come_back(tmp_path: Path) -> None:
    whole = small(
        "- {id: day, type: date, text: Wann?, min: 2026-01-01, max: 2027-12-31}",
        "- id: q\n  type: single\n  text: Was?\n  other_length: 40\n  options:\n"
        "    - {code: a, label: A}\n    - {code: o, label: anderes, other: true}",
    )
    again = back(as_form(whole), tmp_path).instrument
    day: Any = again.item("day")
    assert (str(day.min), str(day.max)) == ("2026-01-01", "2027-12-31")
    words: Any = again.item("q_other_text")
    assert words.max_length == 40


def test_rules_come_back_as_they_were(root: Path, tmp_path: Path) -> None:
    whole = read_questionnaire(root / "tests" / "questionnaires" / "journey.yaml")
    form = as_form(whole)
    again = back(form, tmp_path)
    there = {item.id: item for item in again.instrument.items}
    lost = {loss.name for loss in form.losses if loss.code == "rule"}
    ruled = [i for i in whole.instrument.items if i.when and i.id in there and i.id not in lost]
    assert ruled
    pages = {item.id: page for page in again.instrument.pages for item in page.items}
    assert all(there[item.id].when or pages[item.id].when for item in ruled)
    assert [there[item.id].when for item in ruled] == [item.when for item in ruled]


def test_every_language_is_a_column_with_its_tag(root: Path) -> None:
    whole = read_questionnaire(root / "questionnaires" / "vision" / "public.yaml")
    book = openpyxl.load_workbook(io.BytesIO(as_workbook(as_form(whole))))
    heads = [cell.value for cell in book["survey"][1]]
    assert {h for h in heads if str(h).startswith("label::")} == {
        "label::Deutsch (de)", "label::Einfache Sprache (de-leicht)", "label::English (en)",
        "label::Türkçe (tr)",
    }  # fmt: skip


def test_hostile_texts_are_texts_in_every_cell() -> None:
    texts = [text for text in NASTY if text.strip() and "\n" not in text and "\t" not in text]
    options = "\n".join(f"    - {{code: c{i}, label: {quoted(t)}}}" for i, t in enumerate(texts))
    whole = small(f"- id: q\n  type: single\n  text: {quoted('=1+1 ${x}')}\n  options:\n{options}")
    form = as_form(whole)
    book = openpyxl.load_workbook(io.BytesIO(as_workbook(form)))
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    assert not any(cell.data_type == "f" for cell in cells)
    assert {o.label for o in whole.instrument.item("q").options} <= {c.value for c in cells}  # type: ignore[attr-defined]
    assert "braces" in {loss.code for loss in form.losses}


def quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


@pytest.mark.parametrize(
    ("item", "code"),
    [
        ("- {id: q, type: number, text: Zahl?, decimals: 1, max: 9}", "keys"),
        ("- {id: q, type: text, text: Wort?, role: open_text}", "keys"),
        ("- id: q\n  type: points\n  text: Punkte?\n  sum_to: 10\n  options:\n"
         "    - {code: a, label: A}\n    - {code: b, label: B}", "left_out"),
        ("- id: q\n  type: ranking\n  text: Rang?\n  depth: 1\n  options:\n"
         "    - {code: a, label: A}\n    - {code: b, label: B}\n    - {code: c, label: C}",
         "depth"),
        ("- id: q\n  type: single\n  text: Was?\n  options:\n    - {code: a, label: A}\n"
         "    - {code: o, label: anderes, other: true}", "other"),
    ],
)  # fmt: skip
def test_what_is_lost_is_named(item: str, code: str) -> None:
    form = as_form(small(item))
    found: list[Any] = [loss for loss in form.losses if loss.name == "q"]
    assert code in {loss.code for loss in found}
    for loss in form.losses:
        for language in ("de", "en"):
            assert "{" not in loss.sentence(language).replace("${", "")


def test_every_kind_of_loss_has_two_languages() -> None:
    assert all(len(pair) == 2 and all(pair) for pair in SENTENCES.values())


def test_the_command_writes_a_new_file_and_names_losses(root: Path, tmp_path: Path) -> None:
    out = tmp_path / "form.xlsx"
    source = root / "questionnaires" / "vision" / "staff.yaml"
    arguments = ["convert", str(source), "--to", "xlsform", "--out", str(out), "--lang", "en"]
    result = CliRunner().invoke(survey, arguments, standalone_mode=False)
    assert result.exception is None, result.output
    assert "topics: The whole list has to be ranked there, not only the first 3." in result.output
    assert result.output.splitlines()[-1] == str(out)
    again = CliRunner().invoke(survey, arguments, standalone_mode=False)
    assert again.exception is not None


SIZES = """\
- {id: years, type: number, text: Jahre?, max: 60}
- {id: day, type: date, text: Seit wann?}
- {id: ways, type: multiple, text: Wie?, options: [{code: a, label: A}, {code: b, label: B}]}
"""
LATER = """\
  - id: two
    title: Zwei
    items:
      - {{id: q, type: text, text: Wort?, when: {rule}}}
"""


@pytest.mark.parametrize(
    "rule",
    [
        "{answer: years, at_least: 3}",
        "{answer: years, less: 3}",
        "{all: [{answer: years, more: 1}, {not: {answer: ways, is: a}}]}",
        "{answer: ways, all_of: [a, b]}",
        "{answer: ways, count_at_least: 2}",
        "{any: [{answer: years, answered: true}, {answer: ways, any_of: [a, b]}]}",
    ],
)
def test_a_rule_says_the_same_after_the_round_trip(tmp_path: Path, rule: str) -> None:
    body = "".join("      " + line + "\n" for line in SIZES.splitlines())
    whole = read_bundle(Bundle(HEAD + body + LATER.format(rule=rule)))
    form = as_form(whole)
    assert "rule" not in {loss.code for loss in form.losses}
    found = back(form, tmp_path).instrument
    own = whole.instrument.item("q").when
    again = found.item("q").when
    assert own is not None
    assert again is not None
    answers: list[dict[str, Any]] = [
        {"years": years, "ways": ways}
        for years in ("0", "1", "2", "3", "40")
        for ways in (["a"], ["b"], ["a", "b"])
    ]
    answers += [{"years": "3"}, {"ways": ["a"]}, {}]
    for given in answers:
        sees = ("q" in whole.instrument.shown(given), "q" in found.shown(given))
        assert sees[0] == sees[1], given
