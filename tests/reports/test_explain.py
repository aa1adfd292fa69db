"""What stands behind one number, from released things only."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from reports.derivation import explained
from reports.errors import EstimateError
from reports.estimates import Results
from reports.estimators import STATISTICS
from reports.row_numbers import address


def facts(results: Results, name: str) -> dict[str, str]:
    lines = explained(results, name).splitlines()
    return {line.split("  ")[0].strip(): line.split("  ", 1)[1].strip() for line in lines}


def test_a_share_is_its_numerator_divided_by_its_denominator(staff: Results) -> None:
    shares = [row for row in staff.select(statistic="share") if row.value is not None]
    for row in shares[:: len(shares) // 40]:
        found = facts(staff, address(row))
        up, down = (int(found[part].split()[0]) for part in ("numerator", "denominator"))
        assert up / down == pytest.approx(row.value), address(row)
        assert down == row.base_n


def test_the_response_rate_is_ballots_by_people(staff: Results) -> None:
    found = facts(staff, "-/response_rate")
    assert found["numerator"] == "3000 ballots"
    assert found["denominator"] == "22000 people"
    assert found["method"] == "docs/METHODS.md#response_rate"


def test_a_weighted_share_names_its_weights_and_the_unweighted_one(staff: Results) -> None:
    plain = staff.get("topics", "top_k", "service")
    found = facts(staff, "topics/top_k_weighted/service")
    assert "department x workplace" in found["weights"]
    assert plain.printed in found["weights"]


def test_every_row_can_be_explained_and_leads_to_a_section(staff: Results, root: Path) -> None:
    sections = set(re.findall(r"(?m)^## (\S+)$", (root / "docs" / "METHODS.md").read_text()))
    assert set(STATISTICS) <= sections
    for row in staff.rows[::400]:
        found = facts(staff, address(row))
        assert found["method"].split("#")[1] in sections


def test_what_is_not_shown_stays_so(staff: Results) -> None:
    hidden = [row for row in staff if row.value is None and row.low is None and row.domain]
    assert hidden
    for row in hidden[:: max(1, len(hidden) // 20)]:
        found = facts(staff, address(row))
        assert "numerator" not in found
        assert found["status"].startswith(row.status.value)


def test_an_unknown_address_is_told_the_nearest(staff: Results) -> None:
    with pytest.raises(EstimateError, match="topics/top_k/service"):
        explained(staff, "topics/top_k/servise")
