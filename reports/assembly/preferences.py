"""Rows of one ranking for everybody that follow from its duels and choice sets."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from reports import typography
from reports.assembly.rankings import KNOWN_ONLY, UNLINKED, ballots
from reports.assembly.rows import (
    OPT_IN,
    OVERFULL,
    Context,
    Figures,
    Place,
    Unit,
    absent,
    estimates,
    headcounts,
    overfull,
)
from reports.estimates import Estimate
from reports.estimators import SUFFIX, duels
from reports.estimators.concordance import concordance
from reports.estimators.design import Census, Floats, unanswered
from reports.estimators.plackett_luce import (
    Fit,
    Refusal,
    plackett_luce,
    quasi_variances,
    worth_interval,
)
from reports.preferences import ChoiceSets, Duels
from reports.tables import Domain, Joint, Status
from survey.codebook import Question

REFUSED = {
    Refusal.ONE_ELEMENT: "nur ein Element: nichts zu vergleichen",
    Refusal.NO_CHOICES: "keine gültigen Antworten",
    Refusal.NOT_CONNECTED: "ein Teil der Elemente wurde nie oder immer vorgezogen: kein Wert",
    Refusal.NOT_CONVERGED: "die Schätzung ist nicht zur Ruhe gekommen",
}
NO_SETS = "zu viele verschiedene Auswahlmengen für eine Schätzung"
TOO_MANY = f"mehr als {duels.KEMENY_MOST} Elemente: keine exakte Kemeny-Ordnung"
NO_WINNER = "kein Element gewinnt alle Vergleiche"
FIT_NEEDS_N = 30
TOO_FEW = f"weniger als {FIT_NEEDS_N} Antworten"
UNWEIGHTED_ONLY = (
    "nur ungewichtet: aus Anteilen so vieler gewichteter Vergleiche ließe sich auf einzelne Zellen "
    "schließen; die Reihenfolgen nach Mehrheiten gibt es gewichtet"
)
AS_MODEL = "Modell: die Auswahl hängt nicht davon ab, welche anderen Elemente zur Wahl stehen"


def as_duels(joint: Joint, n: int) -> Duels:
    """The duels of everybody as the gate sealed them; ``n`` complete ballots."""
    wins, ties, products, twice = joint.counts[0]
    return Duels(n, wins, ties, np.diagonal(twice), products)


def as_choice_sets(joint: Joint) -> ChoiceSets | None:
    """The choice sets of everybody as the gate sealed them; None if there were too many."""
    rows = joint.counts[0] if joint.counts.shape[0] else joint.counts.reshape(0, 1)
    if not rows.shape[0]:
        return None
    sets = rows[rows[:, -1] > 0]
    picked = rows[rows[:, -1] == 0][:, :-1]
    return ChoiceSets(sets[:, :-1].astype(bool), sets[:, -1], picked)


def preference_rows(
    context: Context, question: Question, base: float, duel: Joint, choices: Joint | None
) -> Iterator[Estimate]:
    """Ties, points, orders by majority, worths and concordance of one ranking, for everybody."""
    if not duel.domains:
        return
    domain, names = duel.domains[0], question.elements
    known = Place(question.id, (domain,), np.array([base]))
    n = int(ballots(question, duel, known)[0])
    found, known_only = as_duels(duel, n), question.task == KNOWN_ONLY
    place = Place(question.id, (domain,), np.array([float(n)]))
    yield from _tie_rows(context, place, names, found)
    if known_only:
        for name in names:
            yield absent(context, question.id, domain, "borda", name, n, UNLINKED)
    else:
        points = duels.borda(found.wins, found.ties, found.n)
        figures = Figures.only(points[None], "borda")
        yield from estimates(context, place, "borda", names, figures, Unit.SCORE)
    yield from _majority_rows(context, question, domain, found, n)
    yield from _worth_rows(context, question, domain, found, choices, n)
    if not known_only:
        yield from _concordance_rows(context, place, found)


def _tie_rows(
    context: Context, place: Place, names: tuple[str, ...], found: Duels
) -> Iterator[Estimate]:
    one, other = np.triu_indices(len(names), 1)
    n = max(found.n, 1)
    share = found.ties[one, other] / n if found.n else np.full(one.size, np.nan)
    categories = tuple(f"{names[i]}={names[j]}" for i, j in zip(one, other, strict=True))
    figures = Figures.only(share[None], "count")
    note = "gleichauf oder beide nicht platziert"
    yield from estimates(context, place, "pairwise_tie", categories, figures, Unit.SHARE, note)


def _majority_rows(
    context: Context, question: Question, domain: Domain, found: Duels, n: int
) -> Iterator[Estimate]:
    names, item = question.elements, question.id
    winner = duels.condorcet_winner(found.wins) if found.wins.any() else None
    sentence = duel_sentence(tuple(v.label for v in question.variables), found)
    for i, name in enumerate(names):
        value = float(i == winner)
        yield _flag(context, item, domain, "condorcet", name, value, n, sentence)
    smith = duels.smith_set(found.wins)
    for inside, name in zip(smith, names, strict=True):
        yield _flag(context, item, domain, "smith", name, float(inside), n, "")
    for name, (low, high) in zip(names, _ranges(*duels.schulze_places(found.wins)), strict=True):
        yield _range(context, item, domain, "schulze", name, low, high, n)
    if len(names) > duels.KEMENY_MOST:
        for name in names:
            yield absent(context, item, domain, "kemeny", name, n, TOO_MANY)
        return
    first, last, _ = duels.kemeny_places(found.wins)
    for name, (low, high) in zip(names, _ranges(first, last), strict=True):
        yield _range(context, item, domain, "kemeny", name, low, high, n)


def duel_sentence(labels: tuple[str, ...], found: Duels) -> str:
    """What may be said of the duels: a winner with its closest one, or that there is none.

    It tells how the ballots stand, not how everybody would; ties count for neither side.

    >>> wins = np.array([[0, 30], [40, 0]])
    >>> said = duel_sentence(("A", "B"), Duels(100, wins, np.diag([0, 0]), wins, wins))
    >>> said.split("; ")
    ['Auf den Stimmzetteln gewinnt „B“ jeden Vergleich', 'am knappsten gegen „A“: 40 zu 30.']
    """
    winner = duels.condorcet_winner(found.wins) if len(labels) > 1 and found.wins.any() else None
    if winner is None:
        return f"Auf den Stimmzetteln gilt: {NO_WINNER}."
    lead = (found.wins[winner] - found.wins[:, winner]).astype(float)
    lead[winner] = np.inf
    closest = np.flatnonzero(lead == lead.min())
    one = int(closest[0])
    ahead, behind = int(found.wins[winner, one]), int(found.wins[one, winner])
    level = int(found.ties[winner, one])
    tied = f", {level} gleichauf" if level else ""
    against = typography.listed([f"„{labels[i]}“" for i in closest])
    said = f"am knappsten gegen {against}: {ahead} zu {behind}{tied}"
    if closest.size > 1:
        said = f"am knappsten gegen {against}"
    return f"Auf den Stimmzetteln gewinnt „{labels[winner]}“ jeden Vergleich; {said}."


def _ranges(low: duels.Places, high: duels.Places) -> list[tuple[int, int]]:
    return list(zip(low.tolist(), high.tolist(), strict=True))


def _flag(
    context: Context, item: str, domain: Domain, statistic: str, name: str, value: float, n: int,
    note: str,
) -> Estimate:  # fmt: skip
    return Estimate(
        study=context.study, item=item, domain_variable=domain.variable, domain=domain.code,
        statistic=statistic, category=name, value=value, base_n=n, base_N=domain.headcount,
        method="majority", note=note, printed="ja" if value else "nein",
        status=Status.MERGED if domain.members else Status.PUBLISHED,
    )  # fmt: skip


def _range(
    context: Context, item: str, domain: Domain, statistic: str, name: str, low: int, high: int,
    n: int,
) -> Estimate:  # fmt: skip
    note = "" if low == high else f"die Plätze {low} bis {high} sind gleich gut begründet"
    return Estimate(
        study=context.study, item=item, domain_variable=domain.variable, domain=domain.code,
        statistic=statistic, category=name, value=float(low), base_n=n,
        base_N=domain.headcount, method=statistic, note=note,
        status=Status.MERGED if domain.members else Status.PUBLISHED,
        printed=typography.place(low, high),
    )  # fmt: skip


def weighted_majority_rows(
    context: Context, question: Question, domain: Domain, wins: Floats, base: int, note: str
) -> Iterator[Estimate]:
    """Orders by weighted majorities; ``wins`` (m, m) weighted shares that prefer one to another.

    Only what the majorities decide leaves: shares of single duels and worths stay unweighted,
    because choices are not counted cell by cell.
    """
    names, item = question.elements, question.id
    winner = duels.condorcet_winner(wins) if wins.any() else None
    smith = duels.smith_set(wins)
    flags = [("condorcet", [i == winner for i in range(len(names))]), ("smith", list(smith))]
    for statistic, values in flags:
        for name, value in zip(names, values, strict=True):
            row = _flag(context, item, domain, statistic, name, float(value), base, note)
            yield replace(row, statistic=statistic + SUFFIX)
    low, high = duels.schulze_places(wins)
    ranges = [("schulze", low, high)]
    if len(names) <= duels.KEMENY_MOST:
        ranges.append(("kemeny", *duels.kemeny_places(wins)[:2]))
    else:
        for name in names:
            yield absent(context, item, domain, "kemeny" + SUFFIX, name, base, TOO_MANY)
    for statistic, first, last in ranges:
        for name, (one, other) in zip(names, _ranges(first, last), strict=True):
            row = _range(context, item, domain, statistic, name, one, other, base)
            text = "; ".join(part for part in (row.note, note) if part)
            yield replace(row, statistic=statistic + SUFFIX, note=text)
    for statistic in ("pairwise", "worth"):
        yield absent(context, item, domain, statistic + SUFFIX, "", base, UNWEIGHTED_ONLY)


def _worth_rows(
    context: Context,
    question: Question,
    domain: Domain,
    found: Duels,
    choices: Joint | None,
    n: int,
) -> Iterator[Estimate]:
    item, names = question.id, question.elements
    counts = as_choice_sets(choices) if choices is not None else None
    fit = plackett_luce(counts, found.wins) if counts is not None else None
    if isinstance(fit, Fit) and n >= FIT_NEEDS_N:
        yield from worth_rows(context, item, domain, names, fit, n)
        return
    note = TOO_FEW if isinstance(fit, Fit) else REFUSED[fit] if fit is not None else NO_SETS
    for name in names:
        yield absent(context, item, domain, "worth", name, n, note)


def worth_rows(
    context: Context, item: str, domain: Domain, names: tuple[str, ...], fit: Fit, n: int
) -> Iterator[Estimate]:
    """Worths, tie parameters and, in a census attempt, quasi standard errors of log-worths."""
    place = Place(item, (domain,), np.array([float(n)]))
    many = overfull(context, domain, n)
    if isinstance(context.design, Census) and not many:
        rest = float(unanswered(n, headcounts((domain,)))[0])
        interval = Figures.of(worth_interval(context.design, fit, fit.cov * rest)).across()
        yield from estimates(context, place, "worth", names, interval, Unit.SHARE, AS_MODEL)
        quasi = quasi_variances(fit)
        if quasi is None or rest <= 0:
            note = "keine Quasi-Standardfehler: zu wenige Elemente oder keine Näherung"
            for name in names:
                yield absent(context, item, domain, "worth_quasi_se", name, n, note)
        else:
            figures = Figures.only(np.sqrt(quasi * rest)[None], "firth_de_menezes")
            yield from estimates(context, place, "worth_quasi_se", names, figures, Unit.PROBABILITY)
    else:
        note = OVERFULL if many else OPT_IN
        figures = Figures.only(fit.worth[None], "plackett_luce")
        yield from estimates(context, place, "worth", names, figures, Unit.SHARE, note)
    if fit.log_tie.size:
        sizes = tuple(str(d) for d in range(2, fit.log_tie.size + 2))
        figures = Figures.only(np.exp(fit.log_tie)[None], "davidson_luce")
        yield from estimates(context, place, "worth_tie", sizes, figures, Unit.SCORE)


def _concordance_rows(context: Context, place: Place, found: Duels) -> Iterator[Estimate]:
    c = concordance(found.n, found.twice, found.products)
    undefined = "alle Elemente gleichauf oder zu wenige Antworten"
    note = undefined if np.isnan(c.w) else ""
    figures = Figures.only([[c.w]], "kendall")
    yield from estimates(context, place, "kendall_w", ("",), figures, Unit.PLAIN, note)
    if isinstance(context.design, Census):
        figures = Figures.only([[c.p]], "friedman")
        yield from estimates(context, place, "friedman_p", ("",), figures, Unit.PROBABILITY, note)
    else:
        n = int(place.base[0])
        yield absent(context, place.item, place.domains[0], "friedman_p", "", n, OPT_IN)
