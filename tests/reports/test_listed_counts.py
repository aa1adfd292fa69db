"""Counts of what a dossier lists are constants of the study that may be printed."""

from __future__ import annotations

import re
from dataclasses import replace

import dossier_example as example

from reports.dossiers import departments
from reports.listed_counts import listed_counts


def test_how_many_differences_were_tested_is_told_where_an_item_joins_groups_of_its_own() -> None:
    """Their tests belong to the family and to no unit: only the others are counted as units'."""
    found = example.results()
    joined = [row for row in found.rows if row.statistic == "diff_rest_p"][:7]
    rows = tuple(
        replace(row, domain=f"{row.domain}+other", note="über 1207 Vergleiche")
        if row in joined
        else row
        for row in found.rows
    )
    results = replace(found, rows=rows)
    compared = departments._compared(results, "a6")
    line = departments.checked_line(results, compared)
    told = re.findall(r"\d[\d\u202f]*", line)
    assert len(told) == 3
    counted = {constant.text for constant in listed_counts(results)}
    assert {number.replace("\u202f", " ") for number in told} <= {
        text.replace("\u202f", " ") for text in counted
    }
