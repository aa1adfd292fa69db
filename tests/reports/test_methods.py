"""The methods document and the register of statistics belong together."""

from __future__ import annotations

import inspect
import re
from pathlib import Path
from types import ModuleType

import pytest

from reports import raking
from reports.estimators import (
    STATISTICS,
    WEIGHTED,
    association,
    departments,
    group_places,
    is_statistic,
    opt_in,
    paired,
    reliability,
    response,
    screening,
    share_options,
    shares,
)


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


FAMILIES = (
    association, group_places, opt_in, paired, raking,
    reliability, response, screening, share_options,
)  # fmt: skip
"""Modules for analysts: each of their functions has a paragraph of its own."""

HELPERS = {
    "response_rate",
    "worst_case",
    "tipping_point",
    "item_moments",
    "moments_of",
    "collapsed",
    "raked_means",
    "cliffs_effect",
}


def functions(module: ModuleType) -> list[str]:
    members = inspect.getmembers(module, inspect.isfunction)
    return [
        name for name, f in members if f.__module__ == module.__name__ and not name.startswith("_")
    ]


@pytest.mark.parametrize("module", FAMILIES, ids=lambda module: module.__name__)
def test_every_function_for_analysts_is_explained_with_an_example(
    root: Path, module: ModuleType
) -> None:
    text = (root / "docs" / "METHODS.md").read_text(encoding="utf-8")
    for name in functions(module):
        if name in HELPERS:
            continue
        assert f"`{name}`" in text, name
        told = text.split(f"`{name}`", 1)[1]
        paragraph = re.split(r"\n(?:- `|## )", told, maxsplit=1)[0]
        assert "*Example*" in paragraph, name


@pytest.mark.parametrize(
    "module", [*FAMILIES, shares, departments], ids=lambda module: module.__name__
)
def test_every_function_has_an_example_that_runs(module: ModuleType) -> None:
    for name in functions(module):
        assert ">>>" in (getattr(module, name).__doc__ or ""), name
