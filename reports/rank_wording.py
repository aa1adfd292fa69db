"""German sentences on rankings: an order only where the possible places carry it.

Both columns must say so, weighted and unweighted; otherwise a sentence says that there is no
clear difference, that the answer depends on weighting, or that no order is named because
weighting was not possible.
"""

from __future__ import annotations

from collections.abc import Sequence
from enum import Enum
from itertools import pairwise

from reports import open_wording, typography
from reports.estimates import Estimate
from reports.summaries import Distribution, Places, Ranked, Ranking
from reports.wording import FEW, MARGIN, Sentence, counted, named, numeral, with_interval


class Order(Enum):
    """What the possible places say about two elements."""

    BEFORE = "before"
    AFTER = "after"
    WEIGHTING = "weighting"
    UNCLEAR = "unclear"
    UNKNOWN = "unknown"


def order(one: Ranked, other: Ranked) -> Order:
    """Which of two elements comes first, if both columns are there and say so."""
    if any(e.places is None or e.plain_places is None for e in (one, other)):
        return Order.UNKNOWN
    weighted = _relation(one.places, other.places)
    plain = _relation(one.plain_places, other.plain_places)
    if weighted is plain:
        return weighted
    return Order.WEIGHTING


def _relation(one: Places | None, other: Places | None) -> Order:
    if one is None or other is None:
        return Order.UNCLEAR
    if one.surely_before(other):
        return Order.BEFORE
    return Order.AFTER if other.surely_before(one) else Order.UNCLEAR


def with_places(ranked: Ranked) -> str:
    """A label with its possible places in brackets."""
    if ranked.places is None:
        return named(ranked.label)
    place = typography.place(ranked.places.low, ranked.places.high)
    return f"{named(ranked.label)} ({place.replace(' ', typography.NO_BREAK)})"


def lead(ranking: Ranking) -> Sentence:
    """Who is ahead, if anybody is; never more than the possible places carry."""
    if not ranking.census:
        return open_wording.lead(ranking)
    if not _judged(ranking):
        return _no_order(ranking)
    weighted = _leader(ranking, plain=False)
    plain = _leader(ranking, plain=True)
    if weighted is not None and weighted is plain:
        return _clear_lead(ranking, weighted)
    if weighted is not None or plain is not None:
        which = "Welches Feld" if ranking.question.depth else "Welche Antwort"
        return Sentence(
            f"{which} vorn liegt, hängt von der Gewichtung ab: {_both_columns(ranking)}"
        )
    none = "An der Spitze gibt es keinen klaren Unterschied."
    found = _candidates(ranking, plain=False)
    if len(found) == 1:
        none = f"{'Kein Feld' if ranking.question.depth else 'Keine Antwort'} liegt klar vor allen"
        none = f"{none} anderen."
    if found != _candidates(ranking, plain=True):
        return Sentence(f"{none} {_both_columns(ranking)}")
    come = "kommen" if len(found) > 1 else "kommt"
    return Sentence(
        f"{none} Für Platz\u00a01 {come} {typography.listed([with_places(e) for e in found])} "
        "infrage."
    )


class Top(Enum):
    """What may be said on the first place of a ranking."""

    LEAD = "lead"
    LEVEL = "level"
    WEIGHTING = "weighting"
    UNKNOWN = "unknown"


def top(ranking: Ranking) -> Top:
    """Which of the sentences of :func:`lead` holds, for texts in other words."""
    if lead(ranking).orders:
        return Top.LEAD
    if not ranking.census:
        return Top.LEVEL
    if not _judged(ranking):
        return Top.UNKNOWN
    leaders = [_leader(ranking, plain=column) for column in (False, True)]
    return Top.LEVEL if leaders == [None, None] else Top.WEIGHTING


def _judged(ranking: Ranking) -> bool:
    """Whether all elements have possible places in both columns."""
    return all(e.places is not None and e.plain_places is not None for e in ranking.elements)


def _no_order(ranking: Ranking) -> Sentence:
    why = f" ({ranking.unweighted})" if ranking.unweighted else ""
    return Sentence(
        f"Eine tragfähige Gewichtung war nicht möglich{why}; deshalb wird keine Reihenfolge "
        "genannt."
    )


def _leader(ranking: Ranking, *, plain: bool) -> Ranked | None:
    """The element whose places come before those of all others in one of the columns."""
    for one in ranking.elements:
        mine = _column(one, plain)
        others = (_column(e, plain) for e in ranking.elements if e is not one)
        if all(_relation(mine, places) is Order.BEFORE for places in others):
            return one
    return None


def _column(ranked: Ranked, plain: bool) -> Places | None:
    return ranked.plain_places if plain else ranked.places


def _candidates(ranking: Ranking, *, plain: bool) -> list[Ranked]:
    columns = ((e, _column(e, plain)) for e in ranking.elements)
    return [e for e, places in columns if places is not None and places.low == 1]


def _both_columns(ranking: Ranking) -> str:
    """Who may be first, weighted and unweighted."""
    weighted, plain = (_candidates(ranking, plain=column) for column in (False, True))
    come = ["kommen" if len(found) > 1 else "kommt" for found in (weighted, plain)]
    first, second = (
        typography.listed([named(e.label) for e in found]) for found in (weighted, plain)
    )
    again = "" if come[0] == come[1] else f" {come[1]}"
    return f"Gewichtet {come[0]} für Platz\u00a01 {first} infrage, ungewichtet{again} {second}."


NO_OTHER = "Keine andere Antwort kommt für Platz\u00a01 infrage."
"""What a clear lead of an answer means; a full first page leaves it to the chapter."""


def _clear_lead(ranking: Ranking, first: Ranked) -> Sentence:
    depth = ranking.question.depth
    ahead = tuple((first.element, e.element) for e in ranking.elements if e is not first)
    if not depth:
        return Sentence(
            f"{named(first.label)} liegt vorn: {with_interval(first.share)} der Antwortenden "
            f"wählen das. {NO_OTHER}",
            ahead,
        )
    if ranking.full:
        return Sentence(
            f"{named(first.label)} liegt nach dem mittleren Rang vorn; "
            f"{with_interval(first.share)} der Antworten setzen das Feld auf Platz\u00a01. Kein "
            "anderes Feld kommt nach dem mittleren Rang für die Spitze infrage.",
            ahead,
        )
    how = "als wichtigstes" if depth == 1 else f"unter den ersten {numeral(depth)}"
    return Sentence(
        f"{named(first.label)} liegt vorn: {with_interval(first.share)} der Antworten nennen das "
        f"Feld {how}. Kein anderes Feld kommt für Platz\u00a01 infrage.",
        ahead,
    )


def pair(one: Ranked, other: Ranked) -> Sentence:
    """How two elements stand to each other."""
    match order(one, other):
        case Order.BEFORE:
            return Sentence(
                f"{named(one.label)} liegt vor {named(other.label)}.",
                ((one.element, other.element),),
            )
        case Order.AFTER:
            return pair(other, one)
        case Order.WEIGHTING:
            return Sentence(
                f"Wie {named(one.label)} und {named(other.label)} zueinander stehen, hängt von "
                "der Gewichtung ab."
            )
        case Order.UNCLEAR:
            return Sentence(
                f"Zwischen {named(one.label)} und {named(other.label)} gibt es keinen klaren "
                "Unterschied."
            )
        case Order.UNKNOWN:
            return Sentence(
                f"Ob sich {named(one.label)} und {named(other.label)} klar unterscheiden, lässt "
                "sich nicht beurteilen."
            )


def neighbours(ranking: Ranking) -> Sentence:
    """Which neighbours of the chart cannot be told apart."""
    if not _judged(ranking):
        return Sentence(
            "Ob sich Felder, die im Bild untereinander stehen, klar unterscheiden, lässt sich "
            "nicht beurteilen."
        )
    shown = ranking.by_share
    relations = [(one, other, order(one, other)) for one, other in pairwise(shown)]
    unclear = _couples(relations, Order.UNCLEAR)
    weighting = _couples(relations, Order.WEIGHTING)
    turned = [pair(one, other) for one, other, found in relations if found is Order.AFTER]
    if not unclear and not weighting and not turned:
        return Sentence(
            "Je zwei Felder, die im Bild untereinander stehen, unterscheiden sich klar.",
            tuple((a.element, b.element) for a, b in pairwise(shown)),
        )
    parts = []
    if unclear:
        parts.append(f"Keinen klaren Unterschied gibt es zwischen {_joined(unclear)}.")
    if weighting:
        parts.append(f"Von der Gewichtung hängt die Reihenfolge ab bei {_joined(weighting)}.")
    orders = tuple(claim for sentence in turned for claim in sentence.orders)
    return Sentence(" ".join((*parts, *(sentence.text for sentence in turned))), orders)


def _couples(relations: Sequence[tuple[Ranked, Ranked, Order]], kind: Order) -> list[str]:
    return [
        f"{named(one.label)} und {named(other.label)}"
        for one, other, relation in relations
        if relation is kind
    ]


def _joined(couples: Sequence[str]) -> str:
    """Couples that contain “und” themselves, told apart by “sowie”."""
    return ", ".join(couples[:-1]) + (" sowie " if couples[1:] else "") + couples[-1]


def surely_first(ranking: Ranking) -> tuple[Ranked, ...]:
    """The elements that both columns keep among the first k, in the questionnaire's order."""
    depth = ranking.question.depth
    if ranking.full or not _judged(ranking):
        return ()
    return tuple(
        ranked
        for ranked in ranking.elements
        if all(p is not None and p.high <= depth for p in (ranked.places, ranked.plain_places))
    )


def surely_among_first(ranking: Ranking) -> Sentence:
    """Which elements are among the first k whatever happens, and which may be."""
    depth = ranking.question.depth
    first = "auf Platz\u00a01" if depth == 1 else f"unter den ersten {numeral(depth)} Plätzen"
    if ranking.full:
        return Sentence("Alle Felder waren zu ordnen; die Plätze folgen dem mittleren Rang.")
    if not _judged(ranking):
        return Sentence(f"Welche Felder sicher {first} stehen, lässt sich nicht beurteilen.")
    certain = surely_first(ranking)
    sure = [named(ranked.label) for ranked in certain]
    maybe = [
        named(ranked.label)
        for ranked in ranking.elements
        if ranked not in certain
        and any(p is not None and p.low <= depth for p in (ranked.places, ranked.plain_places))
    ]
    text = (
        f"Sicher {first}: {typography.listed(sure)} (in der Reihenfolge des Fragebogens)."
        if len(sure) > 1
        else f"Sicher {first}: {sure[0]}."
        if sure
        else f"Kein Feld steht sicher {first}."
    )
    also = "auch " if sure else ""
    rest = f" Möglich ist {also}{typography.listed(maybe, 'oder')}." if maybe else ""
    return Sentence(text + rest)


def weighting_matters(ranking: Ranking) -> Sentence | None:
    """Which shares move by more than the margin when weighted; None if none does."""
    if not ranking.weighted:
        return None
    moved = [
        named(ranked.label)
        for ranked in ranking.elements
        if abs((ranked.share.value or 0.0) - (ranked.plain_share.value or 0.0)) > MARGIN
    ]
    if not moved:
        return None
    total = typography.count(len(ranking.elements))
    few = len(moved) <= FEW
    where = typography.listed(moved) if few else f"{counted(moved)} von {total} Feldern"
    return Sentence(
        f"Bei {where} unterscheiden sich gewichteter und ungewichteter Anteil um mehr als "
        f"{numeral(round(MARGIN * 100))} Punkte; solche Werte hängen von der Gewichtung ab."
    )


def liked_more(
    first: Distribution, rows: Sequence[Distribution], *, census: bool
) -> Sentence | None:
    """Which proposal finds most agreement by itself, where it is surely more than ``first`` does.

    In a census attempt both intervals, weighted and unweighted, have to lie apart; where nothing
    is inferred, the shares by the stated margin. None if no proposal is liked that much more.
    """
    above = [row for row in rows if _agrees_more(row, first, census=census)]
    if not above:
        return None
    most = max(above, key=lambda row: (row.top2.value or 0.0) if row.top2 is not None else 0.0)
    share = most.top2.printed if most.top2 is not None else ""
    return Sentence(
        f"Mehr Zustimmung: {named(most.label)} ({share}).",
        ((most.variable.element, first.variable.element),),
    )


def _agrees_more(row: Distribution, first: Distribution, *, census: bool) -> bool:
    pairs = ((row.top2, first.top2), (row.plain_top2, first.plain_top2))
    for one, other in pairs:
        if one is None or other is None or one.value is None or other.value is None:
            return False
        if not census:
            bases = min(one.base_n or 0, other.base_n or 0)
            if bases < open_wording.MARGIN_NEEDS or one.value - other.value < MARGIN - 1e-12:
                return False
        elif one.low is None or other.high is None or one.low <= other.high:
            return False
    return True


def tipping(ranking: Ranking, point: Estimate | None) -> Sentence | None:
    """How differently the silent would have to think to erase a lead; None without a lead."""
    if point is None or point.value is None or not lead(ranking).orders:
        return None
    if point.value > 1:
        return Sentence("Auch alle, die nicht geantwortet haben, könnten das nicht umkehren.")
    second, how, first = ("das zweithäufigste Feld", "genannt", "das häufigste")
    if not ranking.question.depth:
        second, how, first = ("die zweithäufigste Antwort", "gewählt", "die häufigste")
    return Sentence(
        f"Aufgehoben wäre der Vorsprung, wenn unter allen, die nicht geantwortet haben, {second} "
        f"öfter {how} würde als {first}, und zwar um mindestens {point.printed} dieser Personen."
    )
