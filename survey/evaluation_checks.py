"""Planned evaluations and weights: whether what they name exists, and whether groups are large."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from itertools import product

from survey.codebook import Role
from survey.document import Document
from survey.findings import WARNING, Finding, named, nearest
from survey.items.base import Item
from survey.items.single import Single
from survey.sections import EvaluationSection
from survey.study import Frame, WeightMethod
from survey.study_checks import RULES
from survey.yaml_source import Path

ATTRIBUTES = (Role.DEPARTMENT, Role.WORKPLACE, Role.DISTRICT, Role.DEMOGRAPHIC)
"""Roles of the questions that results can be split by; they make people recognisable."""

MOST_CROSSED = 2

Findings = Iterator[Finding]


def evaluation_checks(document: Document, items: Mapping[str, Item]) -> Findings:
    """Findings about planned evaluations; ``items`` are resolved, by id."""
    found = tuple(_plan_findings(document, items))
    yield from found
    if {finding.code for finding in found} <= {"no_such_role"} and not document.findings:
        yield from _unplanned(document)


def _unplanned(document: Document) -> Findings:
    """Questions that no planned evaluation takes up: what is not evaluated is not asked."""
    plans = document.study.evaluations if document.study else ()
    planned = {id for plan in plans for id in (*plan.items, *plan.by)}
    roles = {plan.role for plan in plans if plan.role}
    for placed in document.items if plans else ():
        item = placed.item
        if item.questions() and item.id not in planned and item.role not in roles:
            place = document.source.key(placed.path)
            yield Finding("unplanned", place.line, place.column, {"name": item.id})


def _plan_findings(document: Document, items: Mapping[str, Item]) -> Findings:
    for i, plan in enumerate(document.study.evaluations if document.study else ()):
        path: Path = ("study", "evaluations", i)
        if bool(plan.items) == bool(plan.role):
            yield document.finding("evaluation_what", path)
        for j, id in enumerate(plan.items):
            yield from _known(document, (*path, "items", j), id, items)
        roles = {item.role for item in items.values()}
        if plan.role and plan.role not in roles and not document.findings:
            yield document.finding("no_such_role", (*path, "role"), found=plan.role.value)
        yield from _groups(document, (*path, "by"), plan.by, items)


def _known(document: Document, path: Path, id: str, items: Mapping[str, Item]) -> Findings:
    if id not in items and not document.findings:
        yield document.finding("unknown_item", path, found=id, guess=nearest(id, items))


def _groups(
    document: Document, path: Path, by: Sequence[str], items: Mapping[str, Item]
) -> Findings:
    for j, id in enumerate(by):
        yield from _known(document, (*path, j), id, items)
        item = items.get(id)
        if item and not (isinstance(item, Single) and item.role in ATTRIBUTES):
            allowed = named(role.value for role in ATTRIBUTES)
            yield document.finding("no_attribute", (*path, j), found=id, allowed=allowed)
        if j == MOST_CROSSED:
            yield document.finding("three_attributes", (*path, j), found=id)


# -- weights --------------------------------------------------------------------------------


def weight_checks(document: Document, frame: Frame | None) -> Findings:
    """Findings about how headcounts make weights; ``frame`` is None if they cannot be read."""
    weights = document.study.weights if document.study else None
    if document.study is None or weights is None:
        return
    path: Path = ("study", "weights")
    if document.study.headcounts is None:
        place = document.source.key(path)
        yield Finding("weights_of_nothing", place.line, place.column)
        return
    if weights.method is not WeightMethod.RAKING:
        for name in ("margins", "most"):
            if getattr(weights, name):
                yield document.finding("raking_only", (*path, name), name=name)
    for i, id in enumerate(weights.margins):
        if frame is not None and id not in frame.variables:
            values = {"allowed": named(frame.variables), "guess": nearest(id, frame.variables)}
            yield document.finding("unknown_margin", (*path, "margins", i), found=id, **values)
        elif id in weights.margins[:i]:
            yield document.finding("margin_twice", (*path, "margins", i), found=id)


# -- how many answers a group can expect ----------------------------------------------------


def expected_cells(
    document: Document, items: Mapping[str, Item], frame: Frame | None
) -> Iterator[Finding]:
    """A note for each planned evaluation with groups below the minimum.

    Expected is headcount times expected rate, spread evenly over the answers of attributes
    without headcounts. Without planned evaluations every attribute is taken by itself.
    """
    study = document.study
    if study is None or frame is None:
        return
    limit = max(study.rules.get("min_base", 0), RULES["min_base"])
    for path, by in _plans(document, study.evaluations, items):
        expected = _expected(by, items, frame, study.expected_rate)
        small = {key: count for key, count in expected.items() if count < limit}
        if small:
            least = min(small, key=lambda key: small[key])
            values = {
                "rate": f"{study.expected_rate * 100:.0f}",
                "found": str(len(small)),
                "cells": str(len(expected)),
                "limit": str(limit),
                "name": named(least),
                "expected": str(math.floor(small[least])),
            }
            yield document.finding("small_cells", path, WARNING, **values)


def _plans(
    document: Document, plans: Sequence[EvaluationSection], items: Mapping[str, Item]
) -> Iterator[tuple[Path, tuple[str, ...]]]:
    """Place and attributes of every evaluation by groups, each combination once."""
    seen: set[frozenset[str]] = set()
    for i, plan in enumerate(plans):
        fit = all(isinstance(items.get(id), Single) for id in plan.by[:MOST_CROSSED])
        if plan.by and fit and frozenset(plan.by) not in seen:
            seen.add(frozenset(plan.by))
            yield ("study", "evaluations", i, "by"), plan.by[:MOST_CROSSED]
    if not plans:
        for placed in document.items:
            if placed.item.role in ATTRIBUTES and isinstance(items[placed.item.id], Single):
                yield (*placed.path, "role"), (placed.item.id,)


def _expected(
    by: Sequence[str], items: Mapping[str, Item], frame: Frame, rate: float
) -> dict[tuple[str, ...], float]:
    """Expected answers by the labels of a group; groups without people are left out."""
    known = [id for id in by if id in frame.variables]
    heads: dict[tuple[str, ...], int] = {}
    for key, count in frame.counts.items():
        cell = tuple(key[frame.variables.index(id)] for id in known)
        heads[cell] = heads.get(cell, 0) + count
    labels = [_labels(items[id]) for id in by]
    spread = math.prod(len(names) for id, names in zip(by, labels, strict=True) if id not in known)
    cells = {}
    for codes in product(*labels):
        cell = tuple(code for id, code in zip(by, codes, strict=True) if id in known)
        if heads.get(cell):
            shown = tuple(names[code] for names, code in zip(labels, codes, strict=True))
            cells[shown] = heads[cell] * rate / spread
    return cells


def _labels(item: Item) -> dict[str, str]:
    assert isinstance(item, Single)
    return {option.code: option.label for option in item.choices}
