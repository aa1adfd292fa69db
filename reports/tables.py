"""What leaves the gate: sealed, frozen tables of exact counts.

Only ``reports.disclosure`` holds the seal, so nothing else can make one. Everything that is
printed, exported or estimated is a function of these values.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import InitVar, dataclass, field
from enum import StrEnum
from types import MappingProxyType
from typing import final

import numpy as np
from numpy.typing import NDArray

from reports.attack_protocol import Attack
from reports.errors import DisclosureError
from survey.codebook import Codebook, Question, Variable
from survey.study import Study

Counts = NDArray[np.int64]

_SEAL = object()


class Status(StrEnum):
    """What a reader sees of a unit; whether it is hidden first or second stays inside the gate."""

    PUBLISHED = "published"
    MERGED = "merged"
    HOMOGENEOUS = "homogeneous"
    NOT_SHOWN = "not_shown"
    NOT_ASKED = "not_asked"
    NOT_COMPUTABLE = "not_computable"


@dataclass(frozen=True, slots=True)
class Domain:
    """A group of people for which something is estimated.

    ``variable`` is the question id of the attribute, "a*b" for a crossing, "" for everybody.
    ``code`` is the code name ("a*b" codes joined by "*"), for a merged group a name made by
    the gate; ``members`` holds the codes that a merged group consists of. ``headcount`` is the
    number of people asked, None where it is not known (no statement, open studies).
    """

    variable: str
    code: str
    label: str
    headcount: int | None
    members: tuple[str, ...] = ()


EVERYBODY = ""
"""The domain variable and domain code of all respondents together."""


@final
@dataclass(frozen=True, slots=True)
class Table:
    """Exact counts of one variable by one attribute.

    ``domains`` holds the groups whose counts are released, merged groups among them;
    ``withheld`` the units that have no row of their own, with their status. ``values`` are the
    codes of the columns, answers first, then reasons for missing (negative). ``counts`` has
    shape (domains, values), unit: ballots; it is read-only. ``of_one_mind`` holds the base of
    each withheld unit in which at least 90 % gave the same answer, by its code.
    """

    question: Question
    variable: Variable
    by: str
    domains: tuple[Domain, ...]
    withheld: tuple[tuple[Domain, Status], ...]
    values: tuple[int, ...]
    counts: Counts
    of_one_mind: Mapping[str, int] = field(default_factory=dict)
    seal: InitVar[object] = None

    def __post_init__(self, seal: object) -> None:
        _require(seal)
        object.__setattr__(self, "counts", _frozen(self.counts))
        object.__setattr__(self, "of_one_mind", MappingProxyType(dict(self.of_one_mind)))

    @property
    def answers(self) -> Counts:
        """Counts of the answers only, shape (domains, answers)."""
        return self.counts[:, [v >= 0 for v in self.values]]

    @property
    def base(self) -> Counts:
        """Valid answers per domain, shape (domains,)."""
        total: Counts = self.answers.sum(axis=1)
        return total

    def row(self, code: str) -> int | None:
        """Place of a domain in the table, None if it has no row of its own."""
        for place, domain in enumerate(self.domains):
            if domain.code == code:
                return place
        return None


@final
@dataclass(frozen=True, slots=True)
class Joint:
    """Joint counts of several variables of one ballot, for estimators only.

    ``kind`` and ``name`` say what is counted (``reports.joint``), ``counts`` has a block per
    domain; for the kind "pairs", ``counts[d, i, j, r, s]`` is the number of ballots of domain d
    that put element i at place r and element j at place s (place 0: answered, not placed). No
    exhibit and no export accepts it. ``base`` (domains,) are the ballots with an answer to all
    of ``items``, ``left_out`` (domains,) those of them that a result "without" leaves out.
    ``withheld`` are the units that have no block of their own, for attributes only.
    """

    kind: str
    name: str
    question: Question
    by: str
    domains: tuple[Domain, ...]
    counts: Counts
    items: tuple[str, ...] = ()
    base: Counts = field(default_factory=lambda: np.zeros(0, dtype=np.int64))
    left_out: Counts = field(default_factory=lambda: np.zeros(0, dtype=np.int64))
    withheld: tuple[tuple[Domain, Status], ...] = ()
    seal: InitVar[object] = None

    def __post_init__(self, seal: object) -> None:
        _require(seal)
        for name in ("counts", "base", "left_out"):
            object.__setattr__(self, name, _frozen(getattr(self, name)))

    @property
    def key(self) -> str:
        """What stands for these counts where items have their names."""
        return f"{self.kind}{TOGETHER}{self.name}"


@dataclass(frozen=True, slots=True)
class Theme:
    """A theme of free texts: how many texts hold it, and sentences that say it in other words."""

    code: str
    label: str
    texts: int
    paraphrases: tuple[str, ...] = ()


@final
@dataclass(frozen=True, slots=True)
class Themes:
    """What two people have released of the free texts of one question, as it stands in the ledger.

    ``texts`` were sent, of which ``withheld`` are neither counted nor shown and ``redacted`` have
    places taken out; ``coded`` is the base of the themes, None where there are too few texts.
    ``others`` themes are joined with ``other_texts`` texts. ``alpha`` is Krippendorff's over the
    ``double_coded`` texts. ``quotes`` are texts that may be shown word by word, in an order of
    their own; nothing here has a department.
    """

    question: Question
    texts: int
    withheld: int
    redacted: int
    coded: int | None
    themes: tuple[Theme, ...]
    others: int
    other_texts: int | None
    double_coded: int
    alpha: float | None
    quotes: tuple[str, ...]
    seal: InitVar[object] = None

    def __post_init__(self, seal: object) -> None:
        _require(seal)


@final
@dataclass(frozen=True, slots=True)
class Release:
    """Everything that the gate lets out of one data set, at once.

    ``tables`` is keyed by (variable name, by) with by "" = everybody, a question id, or
    :data:`WEIGHTING`, or "a*b" for two crossed attributes; ``joint`` by (kind, name, by).
    ``ballots`` has one row per domain of a by: how many ballots were cast there (the base of
    response rates). ``rules`` are the thresholds used, ``report`` plain sentences on what was
    merged or withheld, ``attack`` the protocol of the self-attack, ``errata`` the reasons of
    corrections that were too small for new tables, ``texts`` the released themes by question.
    """

    study: Study
    codebook: Codebook
    fingerprint: str
    protocol: Mapping[str, object]
    tables: Mapping[tuple[str, str], Table]
    joint: Mapping[tuple[str, str, str], Joint]
    ballots: Mapping[str, tuple[tuple[Domain, int], ...]]
    withheld: Mapping[str, tuple[tuple[Domain, Status], ...]]
    orders: Mapping[str, object]
    rules: Mapping[str, int]
    report: tuple[str, ...]
    attack: Attack | None = None
    errata: tuple[str, ...] = ()
    texts: Mapping[str, Themes] = field(default_factory=dict)
    seal: InitVar[object] = None

    def __post_init__(self, seal: object) -> None:
        _require(seal)
        for name in (
            "protocol", "tables", "joint", "ballots", "withheld", "orders", "rules", "texts",
        ):  # fmt: skip
            object.__setattr__(self, name, MappingProxyType(dict(getattr(self, name))))

    @property
    def pairs(self) -> Mapping[tuple[str, str], Joint]:
        """The joint counts of rankings by (question id, by)."""
        found = self.joint.items()
        return {(name, by): joint for (kind, name, by), joint in found if kind == "pairs"}


WEIGHTING = "weighting"
"""The ``by`` of tables over the publishable weighting cells."""

CROSSED = "*"
"""What joins two question ids to the ``by`` of their crossing."""

TOGETHER = ":"
"""What joins kind and name of joint counts where items have their names."""


def _require(seal: object) -> None:
    if seal is not _SEAL:
        raise DisclosureError("only the gate makes released tables")


def _frozen(counts: Counts) -> Counts:
    copy = np.array(counts, dtype=np.int64)
    copy.setflags(write=False)
    return copy
