"""The dossier for the project team: everything, on pages that hold it."""

from __future__ import annotations

from typing import Any

import pymupdf
import pytest
from built_dossier import Builder, Built

from reports import unit_rates
from reports.estimates import Results
from reports.exhibits import Grid


@pytest.fixture(scope="module")
def team(built: Builder) -> Built:
    return built("team")


@pytest.fixture(scope="module")
def pages(team: Built) -> list[tuple[float, float, str]]:
    module: Any = pymupdf
    with module.open(team.path) as document:
        return [(page.rect.width, page.rect.height, page.get_text()) for page in document]


def grids(team: Built) -> dict[str, Grid]:
    return {b.id: b for s in team.dossier.sections for b in s.blocks if isinstance(b, Grid)}


def test_every_question_with_results_is_there_with_wording_and_base(
    team: Built, staff: Results
) -> None:
    sections = {section.id: section for section in team.dossier.sections}
    for question in staff.release.codebook:
        if not staff.select(question.variables[0].name, "share", "") and not staff.select(
            question.id, "top_k", ""
        ):
            continue
        text = "\n".join(sections[f"frage-{question.id}"].texts)
        assert question.text in text
        assert "gültige Antworten" in text


def test_tables_by_department_stand_on_landscape_pages(
    team: Built, pages: list[tuple[float, float, str]]
) -> None:
    wide = [text for width, height, text in pages if width > height]
    assert len(wide) >= 4
    tables = [grid for id, grid in grids(team).items() if id.startswith("by-")]
    assert len(tables) >= 4
    assert all("Nach Dienststelle" in text for text in wide)


def test_what_is_withheld_is_a_star_and_nothing_else(team: Built, staff: Results) -> None:
    hidden = {
        unit.domain.label for unit in unit_rates.units(staff, "department") if unit.answered is None
    }
    assert hidden
    for id, grid in grids(team).items():
        if id.startswith("by-"):
            for row in grid.rows:
                if row[0] in hidden:
                    assert set(row[1:]) <= {"*", "–"}, row


def test_the_chapters_that_the_team_needs_are_there(team: Built) -> None:
    ids = {section.id for section in team.dossier.sections}
    assert {
        "gewichtung", "pruefungen", "guete", "nicht-gezeigt", "methode", "selbstangriff", "glossar",
        "impressum", "dienststellen-punkte", "trichter",
    } <= ids  # fmt: skip
