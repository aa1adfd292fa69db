"""German sentences made from estimates by rule.

A sentence names an order only where the possible places carry it, weighted and unweighted;
otherwise it says that there is no clear difference, or that the answer depends on weighting.
Words that the study's regime does not allow cannot be built.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from itertools import pairwise

from reports import typography
from reports.errors import DossierError
from reports.estimates import Estimate
from reports.summaries import Contrast, Distribution, Places, Ranked, Ranking, Unit
from survey.study import Regime, Study

MARGIN = 0.03
"""Lead that an open study must show before it is worded as one; also the difference between
weighted and unweighted figures from which a value is said to depend on weighting."""

MARGIN_NEEDS = 100
"""Ballots below which an open study's margin says nothing."""

FEW = 3
"""Up to this many things are named one by one in a sentence; more are counted."""

_ALWAYS = (
    r"repräsentativ", r"\bsieger", r"\bgewinner", r"favorit", r"stimmten für", r"signifikan",
    r"fehlerspanne", r"\blieblings",
)  # fmt: skip
_OPT_IN = (
    r"±", r"\+/[-−–]", r"fehlertoleranz", r"stichprobenfehler", r"rücklauf", r"konfidenz",
    r"unschärfe", r"\bdie (?:kölner|bürger|einwohner)", r"mögliche plätze",
)  # fmt: skip
_CENSUS = (
    r"die beschäftigten (?:wollen|wünschen|fordern|finden)", r"mehrheit der (?:beschäft|mitarb)",
)  # fmt: skip

BANNED: Mapping[Regime, tuple[str, ...]] = {
    Regime.CENSUS_ATTEMPT: _ALWAYS + _CENSUS,
    Regime.PROBABILITY_SAMPLE: _ALWAYS + _CENSUS,
    Regime.OPEN_PARTICIPATION: _ALWAYS + _OPT_IN,
    Regime.SELF_SELECTED_READING: _ALWAYS + _OPT_IN,
}
"""What may not be said under a regime, as patterns on lower-case text."""

_NUMERALS = ("null", "einen", "zwei", "drei", "vier", "fünf", "sechs", "sieben", "acht")


@dataclass(frozen=True, slots=True)
class Sentence:
    """A text together with the orders it claims: pairs (before, after) of element names."""

    text: str
    orders: tuple[tuple[str, str], ...] = ()

    def __str__(self) -> str:
        return self.text


class Order(Enum):
    """What the possible places say about two elements."""

    BEFORE = "before"
    AFTER = "after"
    WEIGHTING = "weighting"
    UNCLEAR = "unclear"


def check_words(texts: Iterable[str], regime: Regime) -> None:
    """Raise ``DossierError`` if a text holds a word that the regime does not carry.

    >>> check_words(["Beteiligung 24,7 %"], Regime.CENSUS_ATTEMPT)
    """
    for text in texts:
        plain = text.replace("\u00ad", "").lower()
        for pattern in BANNED[regime]:
            if found := re.search(pattern, plain):
                raise DossierError(
                    f"the regime {regime} does not carry the words “{found.group()}”: {text}"
                )


def order(one: Ranked, other: Ranked) -> Order:
    """Which of two elements comes first, if both columns say so."""
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


def named(text: str) -> str:
    """A label in German quotation marks.

    >>> named("verlässlich")
    '„verlässlich“'
    """
    return f"„{text}“"


def with_places(ranked: Ranked) -> str:
    """A label with its possible places in brackets."""
    if ranked.places is None:
        return named(ranked.label)
    place = typography.place(ranked.places.low, ranked.places.high)
    return f"{named(ranked.label)} ({place.replace(' ', typography.NO_BREAK)})"


def lead(ranking: Ranking) -> Sentence:
    """Who is ahead, if anybody is; never more than the possible places carry."""
    if any(e.places is None or e.plain_places is None for e in ranking.elements):
        return _open_lead(ranking)
    weighted = _leader(ranking, plain=False)
    plain = _leader(ranking, plain=True)
    if weighted is not None and weighted is plain:
        return _clear_lead(ranking, weighted)
    if weighted is not None or plain is not None:
        return Sentence(
            "Welches Feld vorn liegt, hängt von der Gewichtung ab: Gewichtet kommt für "
            f"Platz\u00a01 {_first_places(ranking, plain=False)} infrage, ungewichtet "
            f"{_first_places(ranking, plain=True)}."
        )
    candidates = [e for e in ranking.elements if e.places is not None and e.places.low == 1]
    return Sentence(
        "An der Spitze gibt es keinen klaren Unterschied. Für Platz\u00a01 kommen "
        f"{typography.listed([with_places(e) for e in candidates])} infrage."
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


def _first_places(ranking: Ranking, *, plain: bool) -> str:
    columns = ((e, _column(e, plain)) for e in ranking.elements)
    found = [named(e.label) for e, places in columns if places is not None and places.low == 1]
    return typography.listed(found)


def _clear_lead(ranking: Ranking, first: Ranked) -> Sentence:
    depth = ranking.question.depth
    return Sentence(
        f"{named(first.label)} liegt vorn: {with_interval(first.share)} der Antworten nennen das "
        f"Feld unter den ersten {_numeral(depth)}. Kein anderes Feld kommt für Platz\u00a01 "
        "infrage.",
        tuple((first.element, e.element) for e in ranking.elements if e is not first),
    )


def _open_lead(ranking: Ranking) -> Sentence:
    """The wording of an open study: a stated margin, no inference, and what would erase it."""
    first, second = ranking.by_share[:2]
    n = first.plain_share.base_n or 0
    ahead = (first.plain_share.value or 0.0) - (second.plain_share.value or 0.0)
    if n < MARGIN_NEEDS or ahead < MARGIN:
        both = [e.label for e in ranking.elements if e in (first, second)]
        return Sentence(
            "Unter den Teilnehmenden gibt es an der Spitze keinen klaren Unterschied, zum "
            f"Beispiel nicht zwischen {named(both[0])} und {named(both[1])}."
        )
    added = round(ahead * n)
    return Sentence(
        f"Unter den Teilnehmenden wird {named(first.label)} am häufigsten genannt "
        f"({first.plain_share.printed}). {typography.count(added)} zusätzliche Stimmzettel für "
        "das nächste Feld höben diesen Vorsprung auf.",
        tuple((first.element, e.element) for e in ranking.elements if e is not first),
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


def neighbours(ranking: Ranking) -> Sentence:
    """Which neighbours of the chart cannot be told apart."""
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


def surely_among_first(ranking: Ranking) -> Sentence:
    """Which elements are among the first k whatever happens, and which may be."""
    depth = ranking.question.depth
    sure, maybe = [], []
    for ranked in ranking.elements:
        columns = [p for p in (ranked.places, ranked.plain_places) if p is not None]
        if columns and all(places.high <= depth for places in columns):
            sure.append(named(ranked.label))
        elif any(places.low <= depth for places in columns):
            maybe.append(named(ranked.label))
    first = f"unter den ersten {_numeral(depth)} Plätzen"
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
    moved = [
        named(ranked.label)
        for ranked in ranking.elements
        if abs((ranked.share.value or 0.0) - (ranked.plain_share.value or 0.0)) > MARGIN
    ]
    if not moved:
        return None
    total = typography.count(len(ranking.elements))
    few = len(moved) <= FEW
    where = typography.listed(moved) if few else f"{_counted(moved)} von {total} Feldern"
    return Sentence(
        f"Bei {where} unterscheiden sich gewichteter und ungewichteter Anteil um mehr als "
        f"{_numeral(round(MARGIN * 100))} Punkte; solche Werte hängen von der Gewichtung ab."
    )


def participation(study: Study, n: int, rate: Estimate | None) -> Sentence:
    """How many took part, out of how many if that is known."""
    if study.regime is Regime.SELF_SELECTED_READING:
        return Sentence(f"Eingegangen sind {typography.count(n)} Rückmeldungen.")
    if study.regime is Regime.OPEN_PARTICIPATION or rate is None or rate.base_N is None:
        return Sentence(
            f"Teilgenommen haben {typography.count(n)} Personen. Wie viele hätten teilnehmen "
            "können, ist nicht bekannt; einen Anteil gibt es deshalb nicht."
        )
    return Sentence(
        f"{typography.count(n)} von {typography.count(rate.base_N)} Personen haben geantwortet. "
        f"Das ist eine Beteiligung von {rate.printed}."
    )


def who_is_missing(units: Sequence[Unit]) -> Sentence | None:
    """The groups with the lowest and the highest response rate; None if fewer than two."""
    rated = [(unit, unit.rate) for unit in units if unit.rate is not None]
    if len(rated) < 2:
        return None
    ordered = sorted(rated, key=lambda entry: entry[1].value or 0.0)
    (low, low_rate), (high, high_rate) = ordered[0], ordered[-1]
    if low_rate.printed == high_rate.printed:
        return None
    return Sentence(
        f"In der Gruppe {named(low.domain.label)} haben {low_rate.printed} geantwortet, in der "
        f"Gruppe {named(high.domain.label)} {high_rate.printed}."
    )


def range_of_rates(units: Sequence[Unit]) -> Sentence | None:
    """From where to where the response rates reach, without names."""
    rates = sorted(
        (unit.rate for unit in units if unit.rate is not None), key=lambda rate: rate.value or 0.0
    )
    if len(rates) < 2:
        return None
    return Sentence(
        f"Zwischen den Dienststellen reicht die Beteiligung von {rates[0].printed} bis "
        f"{rates[-1].printed}."
    )


def worst_case(label: str, low: Estimate, high: Estimate) -> Sentence:
    """What remains without any assumption on those who did not answer."""
    people, silent = low.base_N or 0, (low.base_N or 0) - (low.base_n or 0)
    return Sentence(
        f"Ohne jede Annahme über die {typography.count(silent)} Personen ohne gültige Antwort "
        f"läge der Anteil für {named(label)} unter allen {typography.count(people)} zwischen "
        f"{low.printed} und {high.printed}."
    )


def tipping(ranking: Ranking, point: Estimate | None) -> Sentence | None:
    """How differently the silent would have to think to erase a lead; None without a lead."""
    if point is None or point.value is None or not lead(ranking).orders:
        return None
    if point.value > 1:
        return Sentence("Auch alle, die nicht geantwortet haben, könnten das nicht umkehren.")
    return Sentence(
        "Aufgehoben wäre der Vorsprung, wenn unter allen, die nicht geantwortet haben, das "
        f"zweithäufigste Feld um {point.printed} dieser Personen häufiger genannt würde."
    )


def judgement(row: Distribution, *, asked: str = "") -> Sentence:
    """Both ends of a scale, and how many gave no answer on it; ``asked`` is the wording."""
    if row.top2 is None or row.bottom2 is None:
        parts = [f"{code.label} {estimate.printed}" for code, estimate in row.steps]
        return Sentence(f"{named(row.label)}: {'; '.join(parts)}.")
    low, high = _ends(row, slice(0, 2)), _ends(row, slice(-2, None))
    silent = typography.listed([f"{e.printed} {text}" for text, e in row.missing])
    rest = f" Ohne Urteil: {silent}." if silent else ""
    start = f"{named(row.label)}{f' – {asked}' if asked else ':'}"
    return Sentence(f"{start} {row.top2.printed} sagen {high}, {row.bottom2.printed} {low}.{rest}")


def _ends(row: Distribution, part: slice) -> str:
    return " oder ".join(named(code.label.replace("\u00ad", "")) for code, _ in row.steps[part])


def gaps(first: Sequence[Distribution], second: Sequence[Distribution]) -> Sentence:
    """Which rows have a first share above the second with room between the intervals."""
    apart = [_apart(one.top2, other.top2) for one, other in zip(first, second, strict=True)]
    above = [named(row.label) for row, sign in zip(first, apart, strict=True) if sign > 0]
    below = [named(row.label) for row, sign in zip(first, apart, strict=True) if sign < 0]
    total = typography.count(len(apart))
    if not above and not below:
        return Sentence(
            f"Bei keiner der {total} Qualitäten unterscheiden sich Wichtigkeit und heutiger Stand "
            "klar."
        )
    parts = []
    if above:
        parts.append(
            f"Wichtiger als heute gelungen sind {_counted(above)} von {total} Qualitäten: "
            f"{typography.listed(above)}."
        )
    if below:
        parts.append(f"Umgekehrt ist es bei {_counted(below)}: {typography.listed(below)}.")
    return Sentence(" ".join(parts))


def _counted(things: Sequence[str]) -> str:
    return typography.count(len(things))


def _apart(one: Estimate | None, other: Estimate | None) -> int:
    """1 if the first interval lies above the second, -1 if below, 0 if they touch.

    Two intervals that do not touch differ whatever the correlation of the two answers: the
    standard error of the difference is at most the sum of both.
    """
    if one is None or other is None:
        return 0
    if one.low is None or one.high is None or other.low is None or other.high is None:
        return 0
    return (one.low > other.high) - (one.high < other.low)


def shares_of(choice: Distribution, names: Sequence[str]) -> Sentence | None:
    """The shares of some options in one sentence, for those that choose nothing."""
    found = [(code, estimate) for code, estimate in choice.steps if code.name in names]
    if not found:
        return None
    parts = [f"{named(code.label)} wählen {estimate.printed}" for code, estimate in found]
    return Sentence(f"{typography.listed(parts)} der Antwortenden.")


def differing_units(contrasts: Sequence[Contrast], label: str) -> Sentence:
    """In how many units the difference to the rest holds, all comparisons taken together."""
    carried = [contrast for contrast in contrasts if contrast.carried]
    total = typography.count(len(contrasts))
    if not carried:
        return Sentence(
            f"{named(label)}: Bei keiner der {total} Dienststellen ist ein klarer Unterschied zum "
            "Rest der Verwaltung zu erkennen."
        )
    more = sum((contrast.difference.value or 0.0) > 0 for contrast in carried)
    return Sentence(
        f"{named(label)}: Bei {typography.count(len(carried))} von {total} Dienststellen ist der "
        f"Unterschied zum Rest der Verwaltung klar ({typography.count(more)} darüber, "
        f"{typography.count(len(carried) - more)} darunter)."
    )


def with_interval(share: Estimate) -> str:
    """A printed share with the limits of its interval, where it has one."""
    if share.low is None or share.high is None:
        return share.printed
    return f"{share.printed} ({interval(share)})"


def interval(share: Estimate) -> str:
    """The limits of an interval; "–" where there is none."""
    if share.low is None or share.high is None:
        return "–"
    base = share.base_n or 0
    low, high = typography.percent(share.low, base), typography.percent(share.high, base)
    return f"{low.removesuffix(typography.NO_BREAK + '%')} bis {high}"


def _numeral(n: int) -> str:
    return _NUMERALS[n] if 1 < n < len(_NUMERALS) else typography.count(n)
