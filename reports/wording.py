"""German sentences made from estimates by rule, and the words that a regime does not carry.

Sentences on rankings are in ``reports.rank_wording``.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum

from reports import typography
from reports.contrasts import Contrast
from reports.errors import DossierError
from reports.estimates import Estimate
from reports.summaries import Distribution
from reports.unit_rates import Unit
from survey.study import Access, Regime, Study

MARGIN = 0.03
"""Lead that an open study must show before it is worded as one; also the difference between
weighted and unweighted figures from which a value is said to depend on weighting."""

CLAIM = 0.05
"""Adjusted p-value below which a difference is claimed."""

FEW = 3
"""Up to this many things are named one by one in a sentence; more are counted."""

_ALWAYS = (
    r"repräsentativ", r"sieger(?!l)", r"gewinner", r"favorit", r"stimmten für", r"signifikan",
    r"fehlerspanne", r"\blieblings", r"statistisch (?:gesichert|belegt)", r"\bp-wert",
    r"die beschäftigten (?:wollen|wünschen|fordern|finden)", r"mehrheit der (?:beschäft|mitarb)",
    r"\b(?:is|are|was|were|be|not|statistically) representative\b",
    r"\brepresentative (?:result|survey|sample|study|picture|of all|for all)",
    r"significan(?:t|ce)", r"margin of error", r"\bwinner", r"favourite", r"voted for",
)  # fmt: skip
_OPT_IN = (
    r"±", r"\+/[-−–]", r"fehlertoleranz", r"stichprobenfehler", r"rücklauf", r"konfidenz",
    r"unschärfe", r"\bdie (?:kölner|bürger|einwohner)", r"mögliche plätze",
    r"plus[ /-]?minus", r"vertrauens(?:bereich|intervall)", r"schwankungsbreite",
    r"confidence (?:interval|level)", r"sampling error", r"response rate",
    r"possible (?:places|ranks)",
)  # fmt: skip

BANNED: Mapping[Regime, tuple[str, ...]] = {
    Regime.CENSUS_ATTEMPT: _ALWAYS,
    Regime.PROBABILITY_SAMPLE: _ALWAYS,
    Regime.OPEN_PARTICIPATION: _ALWAYS + _OPT_IN,
    Regime.SELF_SELECTED_READING: _ALWAYS + _OPT_IN,
}
"""What may not be said under a regime, in German and English, as patterns on even text."""

_NUMERALS = ("null", "einen", "zwei", "drei", "vier", "fünf", "sechs", "sieben", "acht")


@dataclass(frozen=True, slots=True)
class Sentence:
    """A text together with the orders it claims: pairs (before, after) of element names."""

    text: str
    orders: tuple[tuple[str, str], ...] = ()

    def __str__(self) -> str:
        return self.text


_INVISIBLE = dict.fromkeys(map(ord, "\u00ad\u200b\u200c\u200d\u2060\ufeff"))


def even(text: str) -> str:
    """A text in lower case with one kind of space and sign, without what nobody sees in it.

    >>> even("Mögliche\N{NO-BREAK SPACE} Plä\N{SOFT HYPHEN}tze")
    'mögliche plätze'
    """
    plain = unicodedata.normalize("NFKC", text).translate(_INVISIBLE)
    return " ".join(plain.lower().replace("\u2010", "-").split())


def check_words(texts: Iterable[str], regime: Regime) -> None:
    """Raise ``DossierError`` if a text holds a word that the regime does not carry.

    >>> check_words(["Beteiligung 24,7 %"], Regime.CENSUS_ATTEMPT)
    """
    for text in texts:
        plain = even(text)
        for pattern in BANNED[regime]:
            if found := re.search(pattern, plain):
                raise DossierError(
                    f"the regime {regime} does not carry the words “{found.group()}”: {text}"
                )


def named(text: str) -> str:
    """A label in German quotation marks.

    >>> named("verlässlich")
    '„verlässlich“'
    """
    return f"„{text}“"


def participation(study: Study, n: int, rate: Estimate | None) -> Sentence:
    """How many took part, out of how many if that is known."""
    if study.regime is Regime.SELF_SELECTED_READING:
        return Sentence(
            "Eingegangen ist eine Rückmeldung."
            if n == 1
            else f"Eingegangen sind {typography.count(n)} Rückmeldungen."
        )
    if study.regime is Regime.OPEN_PARTICIPATION and study.access is Access.OPEN:
        came = "Eingegangen ist ein Stimmzettel."
        return Sentence(
            f"{came if n == 1 else f'Eingegangen sind {typography.count(n)} Stimmzettel.'} Wie "
            "viele Menschen hätten teilnehmen können, ist nicht bekannt; einen Anteil gibt es "
            "deshalb nicht."
        )
    if study.regime is Regime.OPEN_PARTICIPATION or rate is None or rate.base_N is None:
        took = (
            "Teilgenommen hat eine Person."
            if n == 1
            else f"Teilgenommen haben {typography.count(n)} Personen."
        )
        return Sentence(
            f"{took} Wie viele hätten teilnehmen "
            "können, ist nicht bekannt; einen Anteil gibt es deshalb nicht."
        )
    if rate.value is None:
        return Sentence(
            f"Eingegangen sind {typography.count(n)} Stimmzettel, auf der Personalliste stehen nur "
            f"{typography.count(rate.base_N)} Personen. Eine Beteiligung lässt sich daraus nicht "
            "berechnen."
        )
    have = "hat" if n == 1 else "haben"
    return Sentence(
        f"{typography.count(n)} von {typography.count(rate.base_N)} Personen {have} geantwortet. "
        f"Das ist eine Beteiligung von {rate.printed}."
    )


def unheard(n: int, rate: Estimate | None) -> Sentence | None:
    """Whose views are not known; None if everybody answered or nobody knows how many did not."""
    silent = (rate.base_N or n) - n if rate is not None and rate.value is not None else 0
    if silent <= 0:
        return None
    if silent == 1:
        return Sentence("Wie die eine Person denkt, die nicht geantwortet hat.")
    return Sentence(
        f"Wie die {typography.count(silent)} Personen denken, die nicht geantwortet haben."
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
    if silent <= 0:
        return Sentence(
            f"Von allen {typography.count(people)} Personen liegt eine gültige Antwort vor; der "
            f"Anteil für {named(label)} ist {low.printed}, ohne jede Annahme."
        )
    whom = "die eine Person" if silent == 1 else f"die {typography.count(silent)} Personen"
    return Sentence(
        f"Ohne jede Annahme über {whom} ohne gültige Antwort "
        f"läge der Anteil für {named(label)} unter allen {typography.count(people)} zwischen "
        f"{low.printed} und {high.printed}."
    )


def judgement(row: Distribution, *, asked: str = "") -> Sentence:
    """Both ends of a scale, and how many gave no answer on it; ``asked`` is the wording."""
    if row.top2 is None or row.bottom2 is None:
        parts = [f"{code.label} {estimate.printed}" for code, estimate in row.steps]
        return Sentence(f"{named(row.label)}: {'; '.join(parts)}.")
    low, high = _ends(row, slice(0, 2)), _ends(row, slice(-2, None))
    silent = typography.listed([f"{e.printed} {text}" for text, e in row.missing])
    rest = f" Ohne Urteil: {silent}." if silent else ""
    start = f"{named(row.label or row.question.text)}{f' – {asked}' if asked else ':'}"
    return Sentence(f"{start} {row.top2.printed} sagen {high}, {row.bottom2.printed} {low}.{rest}")


def _ends(row: Distribution, part: slice) -> str:
    return " oder ".join(named(code.label.replace("\u00ad", "")) for code, _ in row.steps[part])


def gaps(
    first: Sequence[Distribution], second: Sequence[Distribution], *, brief: bool = False
) -> Sentence:
    """Which rows are more important than they are met today, by the answers of the same people.

    A row is named only if the difference holds in both columns with all claims of the dossier
    taken together; the rows of ``second`` carry it. ``brief`` leaves out where none is clear
    beside others, and who is compared.
    """
    pairs = list(zip(first, second, strict=True))
    found = [(named(one.label), _direction(one, other)) for one, other in pairs]
    kinds = {gap: [label for label, kind in found if kind is gap] for gap in Gap}
    parts = _directions(kinds, len(found), brief)
    if parts and kinds[Gap.ABOVE] + kinds[Gap.BELOW] and not brief:
        parts += _level_rows(kinds[Gap.NONE])
    if unsettled := kinds[Gap.WEIGHTING]:
        parts.append(f"Von der Gewichtung hängt der Vergleich ab bei {_names(unsettled)}.")
    unknown = kinds[Gap.UNKNOWN]
    if unknown:
        where = f"bei {_names(unknown)}" if len(unknown) < len(found) else "hier"
        parts.append(
            f"Ob sich Wichtigkeit und heutiger Stand unterscheiden, lässt sich {where} nicht "
            "beurteilen."
        )
    if len(unknown) < len(found):
        full = all(_is_full(row) for pair in pairs for row in pair)
        parts.append(EVERYBODY_ANSWERED if full else "" if brief else SAME_PEOPLE)
    return Sentence(" ".join(part for part in parts if part))


def _directions(kinds: Mapping[Gap, Sequence[str]], total: int, brief: bool) -> list[str]:
    """What is said on the rows that differ, or that none of all rows does."""
    above, below = kinds[Gap.ABOVE], kinds[Gap.BELOW]
    if len(kinds[Gap.NONE]) == total:
        none = "Bei der einen Qualität" if total == 1 else f"Bei keiner der {total} Qualitäten"
        clear = "nicht klar" if total == 1 else "klar"
        return [f"{none} unterscheiden sich Wichtigkeit und heutiger Stand {clear}."]
    parts = []
    if above:
        parts.append(f"Wichtiger als heute gelungen {_are(above, total)}.")
    if below and above:
        parts.append(f"Umgekehrt{':' if brief else ' ist es bei'} {_names(below)}.")
    elif below:
        parts.append(f"Heute besser gelungen als wichtig {_are(below, total)}.")
    return parts


def _level_rows(level: Sequence[str]) -> list[str]:
    """That the rows without a clear difference have none, where others have one."""
    where = f"Bei {_names(level)}" if len(level) <= FEW_LEVEL else f"Bei {counted(level)} weiteren"
    return [f"{where} ist kein klarer Unterschied zu erkennen."] if level else []


FEW_LEVEL = 3
"""Rows without a clear difference that are named; more are the others."""


EVERYBODY_ANSWERED = "Alle haben geantwortet; verglichen sind die Werte selbst."
SAME_PEOPLE = "Verglichen sind die Antworten derselben Personen."


class Gap(Enum):
    """How the first share of a row stands to the second."""

    ABOVE = "above"
    BELOW = "below"
    NONE = "none"
    WEIGHTING = "weighting"
    UNKNOWN = "unknown"


def _direction(one: Distribution, other: Distribution) -> Gap:
    gap = other.gap
    if _is_full(one) and _is_full(other) and gap is not None:
        return _side(-(gap.plain.value or 0.0))
    if gap is None or gap.weighted is None or gap.weighted.value is None:
        return Gap.UNKNOWN
    if gap.p is None or gap.p.value is None:
        return Gap.UNKNOWN
    if gap.p.value < CLAIM:
        return _side(-gap.weighted.value)
    apart = [_clear(row) for row in (gap.plain, gap.weighted)]
    return Gap.NONE if apart[0] == apart[1] else Gap.WEIGHTING


def _side(difference: float) -> Gap:
    if difference == 0:
        return Gap.NONE
    return Gap.ABOVE if difference > 0 else Gap.BELOW


def _clear(row: Estimate) -> int:
    """On which side of 0 a single interval lies; 0 if it holds 0."""
    if row.low is None or row.high is None:
        return 0
    return (row.low > 0) - (row.high < 0)


def _is_full(row: Distribution) -> bool:
    return row.plain_top2 is not None and row.plain_top2.method == "full_count"


def _are(things: Sequence[str], total: int) -> str:
    if total == 1:
        return f"ist {things[0]}"
    some = "ist eine" if len(things) == 1 else f"sind {counted(things)}"
    return f"{some} von {typography.count(total)} Qualitäten: {_names(things)}"


def _names(things: Sequence[str]) -> str:
    return typography.listed(things)


def counted(things: Sequence[str]) -> str:
    """How many things there are, as a number in print."""
    return typography.count(len(things))


def shares_of(choice: Distribution, names: Sequence[str]) -> Sentence | None:
    """The shares of some options in one sentence, for those that choose nothing."""
    found = [(code, estimate) for code, estimate in choice.steps if code.name in names]
    if not found:
        return None
    choose = (" wählen", *[""] * len(found))
    parts = [
        f"{named(code.label)}{word} {estimate.printed}"
        for word, (code, estimate) in zip(choose, found, strict=False)
    ]
    return Sentence(f"{typography.listed(parts)} der Antwortenden.")


def differing_units(contrasts: Sequence[Contrast], label: str) -> Sentence:
    """In how many units the difference to the rest holds, all comparisons taken together."""
    judged = [c for c in contrasts if c.p is not None and c.p.value is not None]
    carried = [contrast for contrast in judged if contrast.carried]
    total, rest = typography.count(len(judged)), "Rest der Verwaltung"
    if not judged:
        text = f"Ob sich Dienststellen vom {rest} unterscheiden, lässt sich nicht beurteilen."
    elif len(judged) == 1 and not carried:
        text = f"Bei der einen verglichenen Dienststelle ist kein klarer Unterschied zum {rest}"
        text += " zu erkennen."
    elif not carried:
        text = f"Bei keiner der {total} Dienststellen ist ein klarer Unterschied zum {rest} zu"
        text += " erkennen."
    else:
        more = sum((contrast.difference.value or 0.0) > 0 for contrast in carried)
        number = "einer" if len(carried) == 1 else typography.count(len(carried))
        where = f"{number} von {total} Dienststellen"
        if len(judged) == 1:
            where = "der einen verglichenen Dienststelle"
        text = (
            f"Bei {where} ist der Unterschied zum {rest} klar "
            f"({typography.count(more)} darüber, {typography.count(len(carried) - more)} darunter)."
        )
    return Sentence(f"{named(label)}: {text}")


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


def numeral(n: int) -> str:
    """A small number as a word (two to eight), any other in figures.

    >>> numeral(3), numeral(12)
    ('drei', '12')
    """
    return _NUMERALS[n] if 1 < n < len(_NUMERALS) else typography.count(n)
