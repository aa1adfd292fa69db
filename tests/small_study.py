"""A small study with every item type, headcounts and codes, for tests of whole stages."""

from __future__ import annotations

from survey.codebook import Role
from survey.instrument import Instrument, Page, Questionnaire
from survey.items.base import Option
from survey.items.grid import Facet, Grid
from survey.items.multiple import Multiple
from survey.items.ranking import Ranking
from survey.items.rating import Rating
from survey.items.single import Single
from survey.items.text import Text
from survey.study import Access, Frame, OpeningRule, Regime, Study

HEADS: dict[tuple[str, ...], int] = {
    ("parks", "desk"): 61,
    ("parks", "outside"): 240,
    ("library", "desk"): 333,
    ("library", "outside"): 44,
    ("audit", "desk"): 9,
    ("schools", "desk"): 700,
    ("schools", "outside"): 613,
}


def options(*codes: str, missing: str = "") -> tuple[Option, ...]:
    made = [Option(code=code, label=f"Antwort {code}") for code in codes]
    if missing:
        made.append(Option(code="dk", label="weiß nicht", missing=missing))
    return tuple(made)


def steps(number: int) -> tuple[Option, ...]:
    made = [Option(code=f"s{i}", label=f"Stufe {i}", score=i) for i in range(1, number + 1)]
    return (*made, Option(code="dk", label="weiß nicht", missing="dont_know"))


ITEMS = (
    Ranking(
        id="topics",
        type="ranking",
        text="Was zuerst?",
        role=Role.RANKING,
        options=options("a", "b", "c", "d", "e", "f", missing="dont_know"),
        depth=3,
        shuffle=True,
    ),
    Ranking(id="order", type="ranking", text="Reihenfolge?", options=options("x", "y", "z")),
    Grid(
        id="quality",
        type="grid",
        text="Wie gut?",
        role=Role.ASSESSMENT,
        rows=options("fast", "fair", "kind"),
        facets=(
            Facet(id="importance", text="Wie wichtig?", options=steps(5)),
            Facet(id="today", text="Wie heute?", options=steps(5)),
        ),
        shuffle=True,
    ),
    Grid(id="plain", type="grid", text="?", rows=options("one", "two"), options=steps(4)),
    Rating(id="means", type="rating", text="Wie oft?", options=steps(5)),
    Multiple(
        id="ways",
        type="multiple",
        text="Welche Wege?",
        options=(
            *options("mail", "phone", "visit", missing="refused"),
            Option(code="none", label="keinen davon", exclusive=True),
        ),
        at_most=2,
    ),
    Single(id="motto", type="single", text="Welcher Satz?", options=options("m1", "m2", "m3")),
    Text(id="words", type="text", text="In eigenen Worten", max_length=60),
    Single(
        id="department",
        type="single",
        text="Wo?",
        role=Role.DEPARTMENT,
        options=options("parks", "library", "audit", "schools", missing="refused"),
    ),
    Single(
        id="workplace",
        type="single",
        text="Wie?",
        role=Role.WORKPLACE,
        options=options("desk", "outside", missing="refused"),
    ),
)


def small_questionnaire(*, framed: bool = True, demo: bool = False) -> Questionnaire:
    """The staff study with 2,000 people in seven strata, or the same questions without."""
    study = Study(
        id="small",
        title="Kleine Umfrage",
        regime=Regime.CENSUS_ATTEMPT if framed else Regime.OPEN_PARTICIPATION,
        access=Access.CODES if framed else Access.OPEN,
        opening=OpeningRule.ALL,
        population="alle Beschäftigten",
        opens=None,
        closes=None,
        frame=Frame(("department", "workplace"), HEADS, "2026-01-01", "Test") if framed else None,
        demo=demo,
    )
    pages = tuple(Page(f"p{i}", "", (item,)) for i, item in enumerate(ITEMS))
    return Questionnaire(study, Instrument("1", "de", pages))
