"""The study: who is asked, under which regime, when, and with which promises."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType
from typing import Any


class Regime(StrEnum):
    """What the answers can be evidence for; fixed in the file, never chosen at report time."""

    CENSUS_ATTEMPT = "census_attempt"
    OPEN_PARTICIPATION = "open_participation"
    SELF_SELECTED_READING = "self_selected_reading"
    PROBABILITY_SAMPLE = "probability_sample"


class Access(StrEnum):
    """How a person gets in."""

    CODES = "codes"
    OPEN = "open"


class OpeningRule(StrEnum):
    """Who is needed to open the urn."""

    ALL = "all"
    ANY = "any"


class WeightMethod(StrEnum):
    """How weights come from headcounts."""

    POST_STRATIFICATION = "post_stratification"
    RAKING = "raking"


@dataclass(frozen=True, slots=True)
class Weights:
    """How a study is weighted: by cells of the headcounts, or to some of their margins.

    ``margins`` names variables of the headcounts, none of them means all. ``most`` cuts weights
    at that multiple of their mean; None leaves them as they are.
    """

    method: WeightMethod = WeightMethod.POST_STRATIFICATION
    margins: tuple[str, ...] = ()
    most: float | None = None


@dataclass(frozen=True, slots=True)
class Frame:
    """Known headcounts by the crossing of one or two variables (question ids) of the codebook.

    ``counts`` is keyed by the code names in the order of ``variables``; ``date`` is the key
    date of the staff list and ``source`` says where it comes from.

    >>> frame = Frame(("department", "workplace"), {("parks", "desk"): 30, ("parks", "yard"): 70})
    >>> frame.total, frame.margin("department")
    (100, {'parks': 100})
    """

    variables: tuple[str, ...]
    counts: Mapping[tuple[str, ...], int]
    date: str = ""
    source: str = ""

    def __post_init__(self) -> None:
        object.__setattr__(self, "counts", MappingProxyType(dict(self.counts)))

    @property
    def total(self) -> int:
        """Number of people asked."""
        return sum(self.counts.values())

    def margin(self, variable: str) -> dict[str, int]:
        """Headcounts by one of the frame's variables."""
        place = self.variables.index(variable)
        totals: dict[str, int] = {}
        for key, count in self.counts.items():
            totals[key[place]] = totals.get(key[place], 0) + count
        return totals


@dataclass(frozen=True, slots=True)
class Phase:
    """One step of the whole process, so that page and dossier can show where it stands."""

    title: str
    start: str
    end: str
    state: str = ""


@dataclass(frozen=True, slots=True)
class Evaluation:
    """One planned evaluation: items by id or by role, for groups of at most two attributes."""

    items: tuple[str, ...] = ()
    role: str = ""
    by: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Study:
    """Everything about a study except its questions.

    ``opens`` and ``closes`` carry a time zone. ``welcome`` holds the texts that the start page
    owes the respondent (purpose, who_asks, evaluation, not_stored, publication …), ``rules``
    the thresholds of the disclosure gate, which may only be raised. ``delete_on`` is the day (ISO
    8601) on which the answers are deleted. ``evaluations`` are the
    planned ones; ``review_group`` names who has reviewed the plain-language text.
    ``composition`` holds population numbers of one question where nobody was invited: context
    beside the answers, never a base for rates or weights. ``weights`` says how the headcounts
    make weights. ``server_keys`` says that the private
    keys lay on the server when the study opened, which its start page owns up to.
    """

    id: str
    title: str
    regime: Regime
    access: Access
    opening: OpeningRule
    population: str
    opens: datetime | None
    closes: datetime | None
    language: str = "de"
    frame: Frame | None = None
    contact: str = ""
    commissioner: str = ""
    purpose: str = ""
    retention: str = ""
    delete_on: str = ""
    council_question: str = ""
    council_paper: str = ""
    next_steps: str = ""
    minutes: int = 0
    welcome: Mapping[str, str] = field(default_factory=dict)
    phases: tuple[Phase, ...] = ()
    rules: Mapping[str, int] = field(default_factory=dict)
    evaluations: tuple[Evaluation, ...] = ()
    review_group: str = ""
    composition: Frame | None = None
    weights: Weights = field(default_factory=Weights)
    demo: bool = False
    simulation: bool = False
    server_keys: bool = False

    def to_json(self) -> str:
        """A stable text of the study; :meth:`from_json` reads it back."""
        raw = {name: getattr(self, name) for name in self.__slots__}
        raw["opens"] = self.opens.isoformat() if self.opens else None
        raw["closes"] = self.closes.isoformat() if self.closes else None
        raw["frame"] = _frame_to_raw(self.frame)
        raw["composition"] = _frame_to_raw(self.composition)
        raw["phases"] = [asdict(phase) for phase in self.phases]
        raw["evaluations"] = [asdict(evaluation) for evaluation in self.evaluations]
        raw["welcome"], raw["rules"] = dict(self.welcome), dict(self.rules)
        raw["weights"] = asdict(self.weights)
        if self.weights == Weights():  # what is usual is not written: older files stay as they are
            del raw["weights"]
        return json.dumps(raw, ensure_ascii=False, indent=1)

    @classmethod
    def from_json(cls, text: str) -> Study:
        """The study that :meth:`to_json` wrote."""
        raw: dict[str, Any] = json.loads(text)
        for name in ("opens", "closes"):
            raw[name] = datetime.fromisoformat(raw[name]) if raw[name] else None
        raw["regime"], raw["access"] = Regime(raw["regime"]), Access(raw["access"])
        raw["opening"] = OpeningRule(raw["opening"])
        raw["phases"] = tuple(Phase(**phase) for phase in raw["phases"])
        raw["evaluations"] = tuple(_evaluation(e) for e in raw.get("evaluations", ()))
        raw["frame"] = _frame_from_raw(raw["frame"])
        raw["composition"] = _frame_from_raw(raw.get("composition"))
        raw["weights"] = _weights(raw.get("weights"))
        return cls(**raw)


def _evaluation(raw: Mapping[str, Any]) -> Evaluation:
    return Evaluation(tuple(raw["items"]), raw["role"], tuple(raw["by"]))


def _weights(raw: Mapping[str, Any] | None) -> Weights:
    if raw is None:
        return Weights()
    return Weights(WeightMethod(raw["method"]), tuple(raw["margins"]), raw["most"])


def _frame_to_raw(frame: Frame | None) -> dict[str, Any] | None:
    if frame is None:
        return None
    rows = [[*key, count] for key, count in frame.counts.items()]
    rest = {"date": frame.date, "source": frame.source}
    return {"variables": list(frame.variables), "counts": rows, **rest}


def _frame_from_raw(raw: Mapping[str, Any] | None) -> Frame | None:
    if raw is None:
        return None
    counts = {tuple(row[:-1]): int(row[-1]) for row in raw["counts"]}
    return Frame(tuple(raw["variables"]), counts, raw["date"], raw["source"])


def is_within_dates(study: Study, now: datetime) -> bool:
    """Whether a study takes answers at this time; the dates of a demo are only for show."""
    if study.demo:
        return True
    after = study.opens is None or study.opens <= now
    return after and (study.closes is None or now < study.closes)
