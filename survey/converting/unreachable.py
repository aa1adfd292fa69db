"""Rules that can never hold or that our language refuses are dropped, each with a note."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace

from survey.converting.plan import Plan
from survey.converting.source_model import Note, Outcome, note
from survey.errors import Problem
from survey.yaml_source import read_source

Checked = tuple[Mapping[str, str], tuple[Problem, ...]]
"""Files by name, and what the check says of them."""

MOST_ROUNDS = 4

_UNREACHABLE = ("unreachable", "unreachable_page")


def reachable(plan: Plan, check: Callable[[Plan], Checked]) -> tuple[Plan, Checked]:
    """The plan without such rules, and what the check says of it then."""
    checked = check(plan)
    for _ in range(MOST_ROUNDS):
        files, problems = checked
        ids = _with_bad_rules(next(iter(files.values())), problems)
        if not ids:
            break
        plan = _without(plan, ids)
        checked = check(plan)
    return plan, checked


def _with_bad_rules(main: str, problems: Sequence[Problem]) -> set[str]:
    """Ids of the items and pages whose rule the check refuses."""
    lines = [p.line for p in problems if p.code in _UNREACHABLE or p.code.startswith("rule_")]
    if not lines:
        return set()
    source = read_source(main)
    starts: dict[int, str] = {}
    for path, place in source.keys.items():
        if path[-1] == "when":
            owner = source.data
            for step in path[:-1]:
                owner = owner[step]
            starts[place.line] = owner["id"]
    return {starts[max(start for start in starts if start <= line)] for line in lines}


def _without(plan: Plan, ids: Collection[str]) -> Plan:
    dropped = {item.id: json.dumps(item.when) for item in plan.items if item.id in ids}
    notes = list(plan.notes)
    pages = []
    for page in plan.pages:
        if page.id in ids and page.when:
            rule = json.dumps(page.when)
            notes.append(note("page_condition_never", rule=rule, page=page.title[plan.main]))
            page = replace(page, when=None)
        items = [replace(item, when=None) if item.id in ids else item for item in page.items]
        pages.append(replace(page, items=tuple(items)))
    lines = []
    for line in plan.lines:
        own: list[Note] = [
            note("condition_never", rule=dropped[id]) for id in line.items if id in dropped
        ]
        if own:
            unique = tuple(dict.fromkeys((*line.notes, *own)))
            line = replace(line, outcome=Outcome.WITH_NOTE, notes=unique)
        lines.append(line)
    return replace(plan, pages=tuple(pages), lines=tuple(lines), notes=tuple(notes))
