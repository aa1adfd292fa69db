"""The gate: the only way from rows to tables.

``release`` counts everything that a study's plan may ever need, decides once which groups
may stand alone, and seals what it lets out. Counts leave exact or not at all. The rules:

* A group is published if at least ``min_base`` of its people answered the item.
* Smaller units are merged with siblings and published as a merged group, so no ballot is
  lost and every table adds up to the total. "No answer" to an attribute is a unit like any
  other. A unit of the staff list without a single ballot is merged as well: zero names
  nobody, but a pattern that tells 0 from 1 to 9 would make the others easier to guess.
* The groups of an item are unions of the groups of the ballots; weighting cells lie within
  departments. What can be subtracted from what is treated in ``reports.protection`` and
  ``reports.cells``.
* An attribute that would have a single group left is not shown at all.
* At most two attributes are crossed, and only where an evaluation is planned that says so.
  Tables that stand beside each other are compared pair by pair: what the groups of one leave
  of the groups of the other is nobody or enough.
* Joint counts leave below the level of everybody only if in every group those who answered
  one of the items but not all number 0 or at least ``min_base``.

* A group that is of one mind (``reports.homogeneity``) is merged for that item and leaves only
  its base and "at least 90 %".
* What would become a giveaway beside an earlier release is refused, and so is what the
  self-attack can work out.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from reports import counts
from reports.account import account
from reports.breakdowns import BALLOTS, Cut, Cuts
from reports.counted import Counted, Lent, counted
from reports.counts import Ints
from reports.differencing import compare, still_told
from reports.errors import DisclosureError
from reports.joint import KINDS
from reports.ledger import TEXTS, Entry, published, release_content
from reports.parting import group_of, grouped, parted
from reports.plan import Plan, default_plan
from reports.protection import MINIMUM
from reports.rules import thresholds
from reports.self_attack import Sheet, Together, attack
from reports.tables import (
    _SEAL,
    EVERYBODY,
    TOGETHER,
    Domain,
    Joint,
    Release,
    Status,
    Table,
    Theme,
    Themes,
)
from survey.codebook import Question, Role
from survey.dataset import DataSet
from survey.study import Study


def release(data_set: DataSet, plan: Plan | None = None, earlier: Sequence[Entry] = ()) -> Release:
    """Everything of the plan that may leave, sealed; without a plan the study's full plan.

    The protection is always that of the full plan, so that two smaller plans agree. ``earlier``
    are the entries of the ledger. Raises ``DisclosureError`` for rules below the defaults, for
    tables outside the full plan, for a release that together with an earlier one would single
    out a few, and for anything that the self-attack works out.
    """
    study, codebook = data_set.study, data_set.codebook
    full = default_plan(study, codebook)
    plan = full if plan is None else plan.within(full)
    rules = thresholds(study.rules)
    least = rules["min_base"]
    found = counted(counts.read(data_set), study, codebook, full)
    cuts = parted(found, study, full, least)
    told = _told(found, study, earlier, least)
    tables = {key: _table(found, cuts, *key, least) for key in plan.tables}
    draft = Release(
        study=study,
        codebook=codebook,
        fingerprint=data_set.fingerprint,
        protocol=data_set.protocol,
        tables=tables,
        joint={key: _joint(found, cuts, *key, told) for key in plan.joint},
        ballots={by: _ballots(found, cuts[by][BALLOTS], by) for by in cuts},
        withheld={by: cuts[by][BALLOTS].withheld for by in cuts},
        orders=data_set.orders,
        rules=rules,
        report=account(codebook, cuts, tables, rules),
        seal=_SEAL,
    )
    new = published(draft)
    compared = compare(study, data_set.fingerprint, new, Lent(found), earlier, MINIMUM)
    content = release_content(draft)["content"]
    own = min((entry.number for entry in earlier if entry.content == content), default=None)
    before = tuple(number for number in compared if own is None or number < own)
    return _attacked(draft, before, least)


def _attacked(draft: Release, compared: tuple[int, ...], least: int) -> Release:
    """The release with the protocol of its self-attack; raises what that has found."""
    together = _together(draft)
    found = attack(_sheets(draft), *_public(draft.study), MINIMUM, compared, together)
    if found.findings:
        first = found.findings[0]
        raise DisclosureError(
            "Diese Veröffentlichung ist abgelehnt: Der Selbstangriff kann aus den Tabellen nach "
            f"„{first.by or 'Insgesamt'}“ (Frage {first.item or 'abgegebene Bögen'}) auf eine zu "
            "kleine Gruppe schließen. Vorschlag: weniger Auswertungen nach Gruppen planen oder "
            f"min_base über {least} anheben."
        )
    return replace(draft, attack=found, seal=_SEAL)


def with_errata(released: Release, errata: tuple[str, ...]) -> Release:
    """The same release with the reasons of corrections that brought no new tables."""
    return replace(released, errata=errata, seal=_SEAL)


def with_texts(released: Release, entries: Iterable[Entry]) -> Release:
    """The same release with the free texts that the ledger holds of its data set, newest last."""
    known = {question.id: question for question in released.codebook}
    found = {
        raw["question"]: _themes(known[raw["question"]], raw)
        for entry in entries
        if entry.kind == TEXTS and entry.fingerprint == released.fingerprint
        for raw in entry.texts
        if raw["question"] in known
    }
    return replace(released, texts=found, seal=_SEAL)


def _themes(question: Question, raw: Mapping[str, Any]) -> Themes:
    agreement = raw["agreement"] or {"double_coded": 0, "alpha": None}
    themes = tuple(
        Theme(one["code"], one["label"], one["texts"], tuple(one["paraphrases"]))
        for one in raw["themes"]
    )
    numbers = (raw["texts"], raw["withheld"], raw["redacted"], raw["coded"])
    return Themes(
        question, *numbers, themes, raw["others"], raw["other_texts"],
        agreement["double_coded"], agreement["alpha"], tuple(raw["quotes"]), seal=_SEAL,
    )  # fmt: skip


def _sheets(draft: Release) -> list[Sheet]:
    found = [Sheet("", by, rows) for by, rows in draft.ballots.items()]
    for (name, by), table in draft.tables.items():
        bases = [int(n) for n in table.base]
        rows = tuple(zip(table.domains, bases, strict=True))
        found.append(Sheet(name, by, rows, table.of_one_mind))
    return found


def _together(draft: Release) -> list[Together]:
    return [
        Together(
            Sheet(joint.key, joint.by, tuple(zip(joint.domains, joint.base.tolist(), strict=True))),
            joint.items,
            tuple(joint.left_out.tolist()),
        )
        for joint in draft.joint.values()
    ]


def _public(
    study: Study,
) -> tuple[dict[str, dict[str, int]], dict[tuple[str, str], int]]:
    """Headcounts by attribute and by cell, as anybody may know them."""
    frame = study.frame
    if frame is None:
        return {}, {}
    heads = {name: frame.margin(name) for name in frame.variables}
    if len(frame.variables) < 2:
        return heads, {}
    cells: dict[tuple[str, str], int] = {}
    for key, number in frame.counts.items():
        for pair in ((key[0], key[1]), (key[1], key[0])):
            cells[pair] = cells.get(pair, 0) + number
    return heads, cells


def _table(counted: Counted, cuts: Mapping[str, Cuts], name: str, by: str, threshold: int) -> Table:
    question, variable = counted.owners[name]
    cut = cuts[by][name]
    cells = grouped(counted.tables[name, by], cut)
    if question.role is Role.DEMOGRAPHIC and _few(counted, name, cells, threshold):
        cut = Cut((), (), tuple((domain, Status.NOT_SHOWN) for domain in cut.domains))
        cells = cells[:0]
    values = counted.values[name]
    return Table(
        question,
        variable,
        by,
        cut.domains,
        cut.withheld,
        values,
        cells,
        cut.of_one_mind,
        seal=_SEAL,
    )


def _few(counted: Counted, name: str, cells: Ints, threshold: int) -> bool:
    """Whether an answer about the person itself was given by fewer people than a group needs."""
    answers = cells[:, [value >= 0 for value in counted.values[name]]]
    return bool(((answers > 0) & (answers < threshold)).any())


def _told(
    found: Counted, study: Study, earlier: Sequence[Entry], least: int
) -> frozenset[tuple[str, str]]:
    """The results "with and without" that may be told, beside each other and after all earlier."""
    named = {TOGETHER.join(key): key for key in found.told(least)}
    kept = still_told(study, named, Lent(found), earlier, MINIMUM)
    return frozenset(named[key] for key in kept)


def _joint(
    counted: Counted,
    cuts: Mapping[str, Cuts],
    kind: str,
    name: str,
    by: str,
    told: frozenset[tuple[str, str]],
) -> Joint:
    subset = counted.subsets[kind, name]
    cut = cuts[by][kind, name]
    index, units = counted.index[by]
    groups = group_of(cut, units)[index]
    out = counted.exclusions[kind, name].left_out if (kind, name) in told else None
    way = KINDS[kind].silent() if out is None and KINDS[kind].left_out else KINDS[kind]
    found = counted.raw.joint(way, subset, groups, len(cut.domains))
    used = counted.raw.complete(subset.variables) & (groups >= 0)
    base, left_out = (
        np.bincount(groups[mask], minlength=len(cut.domains)).astype(np.int64)
        for mask in (used, used & (False if out is None else out))
    )
    items = tuple(variable.name for variable in subset.variables)
    withheld = cut.withheld if KINDS[kind].by_group and by != EVERYBODY else ()
    return Joint(
        kind, name, subset.question, by, cut.domains, found, items, base, left_out,
        tuple((domain, _plain(status)) for domain, status in withheld), seal=_SEAL,
    )  # fmt: skip


def _plain(status: Status) -> Status:
    """The status of a unit in joint counts, which tell nothing of units of one mind."""
    return Status.MERGED if status is Status.HOMOGENEOUS else status


def _ballots(counted: Counted, cut: Cut, by: str) -> tuple[tuple[Domain, int], ...]:
    numbers = grouped(counted.ballots(by)[:, None], cut)[:, 0]
    return tuple(zip(cut.domains, numbers.tolist(), strict=True))
