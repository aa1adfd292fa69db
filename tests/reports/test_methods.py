"""The methods document and the register of statistics belong together."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from reports.estimators import STATISTICS, WEIGHTED, is_statistic


def sections(root: Path) -> dict[str, str]:
    text = (root / "docs" / "METHODS.md").read_text(encoding="utf-8")
    parts = re.split(r"^## (.+)$", text, flags=re.MULTILINE)
    return dict(zip(parts[1::2], parts[2::2], strict=True))


@pytest.mark.parametrize("name", STATISTICS)
def test_every_statistic_has_a_section_with_an_example(root: Path, name: str) -> None:
    found = sections(root)
    assert name in found
    if name not in ("bottom2", "weight_max"):
        assert "*Example*" in found[name]


def test_every_section_of_a_statistic_is_registered(root: Path) -> None:
    names = {title for title in sections(root) if re.fullmatch(r"[a-z0-9_]+", title)}
    assert names == set(STATISTICS)


def test_weighted_statistics_are_explained(root: Path) -> None:
    assert set(WEIGHTED) <= set(STATISTICS)
    assert all(is_statistic(f"{name}_weighted") for name in WEIGHTED)
    assert "Korn and Graubard 1998" in sections(root)["Weighting"]


def test_links_inside_the_document_lead_somewhere(root: Path) -> None:
    text = (root / "docs" / "METHODS.md").read_text(encoding="utf-8")
    targets = set(re.findall(r"\]\(#([^)]+)\)", text))
    assert targets <= {title.lower().replace(" ", "-") for title in sections(root)}
