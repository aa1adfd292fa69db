"""SPSS and Stata files as R's haven reads them: codes, labels, order and every reason."""

from __future__ import annotations

import math
from dataclasses import replace
from pathlib import Path

import haven
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from row_tables import row_tables

from reports.row_export import exported
from reports.row_formats import FORMATS, RowTable
from reports.row_formats.as_dta import letters
from reports.row_formats.columns import Column
from reports.row_formats.limits import SPSS, STATA, fitted
from survey.questionnaire import read_questionnaire
from survey.simulate import simulate_data_set

FORMS = ("sav", "zsav", "dta")
STUDIES = ("staff", "public", "reading")
FIRST_DAY = -141_428
"""Day from which SPSS counts seconds, as R counts days."""


def holds(tables: list[RowTable], folder: Path) -> None:
    """Write every table in every format, read all in one run of R, compare everything."""
    written = [(table, form) for table in tables for form in FORMS]
    paths = []
    for number, (table, form) in enumerate(written):
        path = folder / f"rows-{number}.{form}"
        path.write_bytes(FORMATS[form].write(table))
        paths.append(path)
    for (table, form), columns in zip(written, haven.read(paths, folder), strict=True):
        fit = fitted(table.written, STATA if form == "dta" else SPSS, shorten=table.shorten)
        assert [c.name for c in columns] == [fit.names[c.name] for c in table.written]
        for column, read in zip(table.written, columns, strict=True):
            assert read.label == one_line(fit.labels[column.name])
            (in_stata if form == "dta" else in_spss)(column, read, dict(fit.values[column.name]))


def in_spss(column: Column, read: haven.Read, labels: dict[int, str]) -> None:
    """Reasons are values of their own within the missing range."""
    assert read.labels == {float(code): one_line(text) for code, text in labels.items()}
    lowest, highest = min(column.reasons), max(column.reasons)
    if column.kind != "day":
        assert read.missing_range == (lowest, highest)
        assert [round(v, column.decimals) for v in read.values] == pytest.approx(
            column.values.tolist(), abs=1e-9
        )
        return
    # What follows from a labelled date: R counts days, and so the seconds of the reasons, too.
    for value, own, gone in zip(read.values, column.values.tolist(), column.missing, strict=True):
        assert (round((value - FIRST_DAY) * 86_400) if gone else round(value)) == own


def in_stata(column: Column, read: haven.Read, labels: dict[int, str]) -> None:
    """Reasons are tagged missing values, .a to .d."""
    tags = letters(column)
    for value, tag, own in zip(read.values, read.tags, column.values.tolist(), strict=True):
        if own in tags and column.missing.any():
            assert math.isnan(value)
            assert tag == tags[own]
        else:
            assert value == pytest.approx(own)
    used = tags if column.missing.any() else {}
    expected = {float(c): one_line(t) for c, t in labels.items() if c not in column.reasons}
    expected |= {tags[c]: one_line(labels[c]) for c in used}  # type: ignore[misc]
    assert read.labels == expected


def one_line(text: str) -> str:
    return text.replace("\t", "\\t").replace("\n", "\\n")


@pytest.mark.parametrize("study", STUDIES)
def test_haven_reads_the_rows_of_the_studies_with_labels_and_reasons(
    study: str, root: Path, tmp_path: Path
) -> None:
    questionnaire = read_questionnaire(root / "questionnaires" / "vision" / f"{study}.yaml")
    data_set = simulate_data_set(questionnaire, 200, 3, tmp_path / "data.zip")
    holds([replace(exported(data_set)[0], shorten=True)], tmp_path)


@settings(
    max_examples=3, deadline=None, phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)  # fmt: skip
@given(tables=st.lists(row_tables(), min_size=4, max_size=4))
def test_haven_reads_random_rows_with_hostile_labels(
    tables: list[RowTable], tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("haven")
    holds([replace(table, shorten=True) for table in tables], folder)
