"""The audit before a study begins: expected groups, expected uniques, and when it says no."""

from __future__ import annotations

import json
import math
import random
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from reports.audit import SILENT, Audit, audit, needed_rate
from reports.audit_words import lines
from survey.cli import survey
from survey.questionnaire import Bundle, load_bundle, read_bundle

VISION = Path(__file__).parents[2] / "questionnaires" / "vision"

YAML = """\
schema: 1
study:
  id: small
  title: Wie geht es?
  regime: census_attempt
  access: codes
  population: Alle
  opens: 2027-01-01T08:00:00+02:00
  closes: 2027-05-29T18:00:00+02:00
  expected_rate: 0.5
  headcounts: {file: heads.csv}
  evaluations:
    - {items: [mood], by: [unit]}
pages:
  - id: one
    title: Eins
    items:
      - {id: mood, type: single, text: Wie geht es?,
         options: [{code: good, label: gut}, {code: bad, label: schlecht}]}
      - id: unit
        type: single
        role: department
        text: Wo arbeiten Sie?
        options:
          - {code: parks, label: Grünflächen}
          - {code: roads, label: Straßen}
          - {code: tiny, label: Stab}
"""
HEADS = "unit,headcount\nparks,200\nroads,100\ntiny,12\n"


def bundle(main: str = YAML, heads: str = HEADS) -> Bundle:
    return Bundle(main, {"heads.csv": heads})


def audited(main: str = YAML, heads: str = HEADS, rate: float = 0.5) -> Audit:
    questionnaire = read_bundle(bundle(main, heads))
    return audit(questionnaire.study, questionnaire.codebook, rate)


def command(*arguments: str | Path) -> Result:
    return CliRunner().invoke(
        survey, ["audit", *map(str, arguments)], standalone_mode=False, catch_exceptions=False
    )


def test_a_promised_group_that_will_not_be_shown_fails_with_advice() -> None:
    found = audited()
    (split,) = found.splits
    assert [group.labels for group in split.lost] == [("Stab",)]
    assert found.fails
    text = "\n".join(lines(found, "de"))
    assert "Stab: 12 Personen, etwa 6 Antworten" in text
    assert "FEHLER" in text
    assert "Rat: eine größere Einheit nennen (parent)" in text
    assert text.endswith("bitte ändern, was oben mit FEHLER steht.")


def test_a_larger_unit_that_will_be_shown_mends_it_and_one_that_will_not_does_not() -> None:
    with_parent = YAML.replace("label: Stab", "label: Stab, parent: Leitung")
    assert audited(with_parent).fails
    both = with_parent.replace("label: Straßen", "label: Straßen, parent: Leitung")
    assert not audited(both).fails


def test_more_answers_mend_it_too() -> None:
    assert not audited(rate=0.95).fails
    assert needed_rate(12, 10) == pytest.approx(0.91, abs=0.02)
    assert not audited(heads=HEADS.replace("12", "60")).fails


def test_a_raised_threshold_is_what_counts() -> None:
    raised = YAML.replace("  headcounts:", "  rules: {min_base: 60}\n  headcounts:")
    (split,) = audited(raised).splits
    assert [group.labels for group in split.lost] == [("Stab",), ("Straßen",)]


def test_expected_uniques_are_those_that_draws_show() -> None:
    heads = "unit,headcount\nparks,20\nroads,6\ntiny,2\n"
    planned = YAML.replace("by: [unit]}\n", "by: [unit]}\n    - {items: [age]}\n")
    more = planned + (
        "      - {id: age, type: single, role: demographic, text: Wie alt sind Sie?,\n"
        "         options: [{code: a, label: bis 30}, {code: b, label: bis 50},"
        " {code: c, label: älter}]}\n"
    )
    found = audited(more, heads, 0.4).uniques
    assert found is not None
    rng, seen = random.Random(7), 0
    rounds = 4000
    for _ in range(rounds):
        cells: dict[tuple[int, int], int] = {}
        for unit, people in enumerate((20, 6, 2)):
            for _person in range(people):
                if rng.random() < 0.4:
                    cell = _or_nothing(rng, unit), _or_nothing(rng, rng.randrange(3))
                    cells[cell] = cells.get(cell, 0) + 1
        seen += sum(number == 1 for number in cells.values())
    # The standard deviation of one round is below 2, that of the mean below 0.04.
    assert found.expected == pytest.approx(seen / rounds, abs=0.15)
    assert found.answers == pytest.approx(28 * 0.4)
    assert audited(more, heads, 0.4).too_unique


def _or_nothing(rng: random.Random, code: int) -> int:
    """The code, or -1 for the share of people who leave the question empty."""
    return -1 if rng.random() < SILENT else code


def test_somebody_who_is_alone_on_the_staff_list_always_fails() -> None:
    heads = HEADS.replace("tiny,12", "tiny,1")
    found = audited(YAML.replace("label: Stab", "label: Stab, parent: Leitung"), heads)
    assert found.uniques is not None
    assert found.uniques.listed == 1
    assert found.fails
    assert "1. Wer die Liste kennt" in "\n".join(lines(found, "de"))


def test_a_full_response_without_gaps_is_still_a_number() -> None:
    questionnaire = read_bundle(bundle(heads="unit,headcount\nparks,20\nroads,6\ntiny,1\n"))
    found = audit(questionnaire.study, questionnaire.codebook, 1.0, silent=0.0).uniques
    assert found is not None
    assert found.expected == pytest.approx(1)


def test_groups_add_up_to_the_headcounts() -> None:
    questionnaire = read_bundle(load_bundle(VISION / "staff.yaml"))
    found = audit(questionnaire.study, questionnaire.codebook, 0.25)
    assert questionnaire.study.frame is not None
    for split in found.splits:
        people = sum(group.people for group in split.groups)
        assert people == pytest.approx(questionnaire.study.frame.total)


def test_without_headcounts_only_the_combinations_are_named() -> None:
    questionnaire = read_bundle(load_bundle(VISION / "public.yaml"))
    found = audit(questionnaire.study, questionnaire.codebook, 0.25)
    assert (found.splits, found.uniques, found.fails) == ((), None, False)
    asked = [q for q in questionnaire.codebook if q.role in ("district", "demographic")]
    assert found.combinations == math.prod(len(q.variables[0].answers) for q in asked)


def test_the_shipped_staff_study_passes_and_names_its_smallest_department() -> None:
    result = command(VISION / "staff.yaml")
    assert result.return_value == 0
    assert "wird sonst mit „Steuerung und Finanzen“ zusammengelegt" in result.output


def test_the_command_fails_with_status_1_in_german_english_and_json(tmp_path: Path) -> None:
    path = tmp_path / "small.yaml"
    path.write_text(YAML, "utf-8")
    (tmp_path / "heads.csv").write_text(HEADS, "utf-8")
    assert command(path).return_value == 1
    assert "nobody should be asked" in command(path, "--lang", "en").output
    result = command(path, "--format", "json")
    raw = json.loads(result.output)
    assert (result.return_value, raw["fails"], raw["rate"]) == (1, True, 0.5)
    lost = [g["labels"] for s in raw["splits"] for g in s["groups"] if g["lost"]]
    assert lost == [["Stab"]]
    assert command(path, "--rate", "0.95").return_value == 0


def test_every_sentence_exists_in_both_languages_and_fits() -> None:
    study = read_bundle(bundle())
    alone = replace(study.study, frame=None)
    for found in (audited(), audited(rate=0.95), audit(alone, study.codebook, 0.5)):
        assert len(list(lines(found, "de"))) == len(list(lines(found, "en")))
