"""German sentences where whoever wanted took part: a stated margin, no inference.

Everything is said of those who took part. An order is named only where the stated margin is
reached, together with the number of further ballots that would erase it.
"""

from __future__ import annotations

from collections.abc import Sequence

from reports.estimates import Estimate
from reports.stated_leads import StatedLead
from reports.summaries import Distribution, Ranking
from reports.wording import MARGIN, Sentence, named, numeral

MARGIN_NEEDS = 100
"""Ballots below which a stated margin says nothing."""

RULE = (
    f"Ein Vorsprung wird nur genannt, wenn er mindestens {numeral(round(MARGIN * 100))} "
    f"Prozentpunkte beträgt und mindestens {MARGIN_NEEDS} Antworten vorliegen. Das ist eine "
    "vorher festgelegte Regel und keine Aussage über Menschen, die nicht teilgenommen haben."
)

TOO_FEW = Sentence(
    f"Es gibt weniger als {MARGIN_NEEDS} Antworten; ein Vorsprung wird deshalb nicht genannt."
)
"""What is said where even a large difference is no stated lead."""


def is_stated(stated: StatedLead) -> bool:
    """Whether a lead reaches the stated margin with enough answers."""
    enough = (stated.lead.base_n or 0) >= MARGIN_NEEDS
    return enough and bool(stated.leader) and (stated.lead.value or 0.0) >= MARGIN - 1e-12


def lead(ranking: Ranking) -> Sentence:
    """Which element is named most, if the stated margin says so, and what would erase that."""
    shown = ranking.by_share
    if len(shown) < 2:
        return Sentence("Ein Vergleich ist nicht möglich: Es gibt nur eine Möglichkeit.")
    first, stated = shown[0], ranking.stated
    if (first.plain_share.base_n or 0) < MARGIN_NEEDS:
        return TOO_FEW
    if stated is None or not is_stated(stated) or stated.leader != first.element:
        return _level([e.label for e in ranking.elements if e in shown[:2]], len(shown))
    depth, nearest = ranking.question.depth, "das nächste Feld"
    how = f"unter den ersten {numeral(depth)} genannt" if depth > 1 else "als wichtigstes genannt"
    if ranking.full:
        how = "auf Platz\u00a01 gesetzt"
    elif not depth:
        how, nearest = "gewählt", "die nächste Antwort"
    return Sentence(
        f"Unter den Teilnehmenden wird {named(first.label)} am häufigsten {how} "
        f"({first.plain_share.printed} der gültigen Antworten). {_erased(stated, nearest)}",
        tuple((first.element, e.element) for e in ranking.elements if e is not first),
    )


def rated_lead(rows: Sequence[Distribution], stated: StatedLead | None) -> Sentence | None:
    """Which of several proposals that are judged one by one appeals most, if the margin says so.

    None without a comparison, and where a proposal has no two highest steps.
    """
    if len(rows) < 2 or stated is None or any(row.top2 is None for row in rows):
        return None
    ordered = sorted(rows, key=_agreement)
    first = ordered[0]
    if (stated.lead.base_n or 0) < MARGIN_NEEDS:
        return TOO_FEW
    if not is_stated(stated) or stated.leader != first.variable.element:
        return _level([row.label for row in rows if row in ordered[:2]], len(rows))
    share = first.top2.printed if first.top2 is not None else ""
    return Sentence(
        f"Unter den Teilnehmenden findet {named(first.label)} am häufigsten Zustimmung ({share}). "
        f"{_erased(stated, 'den nächsten Vorschlag')}",
        tuple((first.variable.element, row.variable.element) for row in ordered[1:]),
    )


def _agreement(row: Distribution) -> float:
    return -(row.top2.value or 0.0) if row.top2 is not None else 0.0


def _level(labels: Sequence[str], options: int) -> Sentence:
    one, other = (named(label) for label in labels[:2])
    if options == 2:
        return Sentence(
            f"Unter den Teilnehmenden gibt es zwischen {one} und {other} keinen klaren Unterschied."
        )
    return Sentence(
        "Unter den Teilnehmenden gibt es an der Spitze keinen klaren Unterschied, zum Beispiel "
        f"nicht zwischen {one} und {other}."
    )


def _erased(stated: StatedLead, nearest: str) -> str:
    if stated.erased_by.value == 1:
        return f"Ein zusätzlicher Stimmzettel für {nearest} höbe diesen Vorsprung auf."
    more = stated.erased_by.printed
    return f"{more} zusätzliche Stimmzettel für {nearest} höben diesen Vorsprung auf."


def both_ends(
    rows: Sequence[Distribution], most: int = 2, *, of: str = "Zeile", brief: bool = False
) -> Sentence | None:
    """How many agree with proposals and how many reject them: one by one, or as a range.

    ``most`` is the number of proposals that are named one by one, ``of`` what a range goes over;
    ``brief`` leaves its rejecting end out.
    """
    known = [
        (row, row.top2, row.bottom2)
        for row in rows
        if row.top2 is not None and row.bottom2 is not None
    ]
    if not known:
        return None
    high, low = _steps(rows[0], slice(-2, None)), _steps(rows[0], slice(0, 2))
    if len(known) <= most:
        parts = [
            f"{named(row.label)}: {top.printed} sagen {high}, {bottom.printed} {low}"
            for row, top, bottom in known
        ]
        return Sentence(f"{'; '.join(parts)}.")
    agreeing, rejecting = (
        sorted(((row.label, e) for row, *both in known for e in both[at : at + 1]), key=_share)
        for at in (0, 1)
    )
    text = f"Je nach {of} sagen {_between(agreeing)} {high}"
    if brief:
        return Sentence(f"{text}.")
    return Sentence(f"{text} und {_between(rejecting)} {low}.")


def _share(entry: tuple[str, Estimate]) -> float:
    return entry[1].value or 0.0


def _between(shares: Sequence[tuple[str, Estimate]]) -> str:
    """From the lowest to the highest of some shares, each with its label."""
    (one, low), (other, high) = shares[0], shares[-1]
    return f"{low.printed} ({named(one)}) bis {high.printed} ({named(other)})"


def _steps(row: Distribution, part: slice) -> str:
    return " oder ".join(named(code.label.replace("\u00ad", "")) for code, _ in row.steps[part])
