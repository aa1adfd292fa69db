"""German sentences made from estimates by rule, and the words that a regime does not carry.

Sentences on rankings are in ``reports.rank_wording``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from reports import typography
from reports.errors import DossierError
from reports.estimates import Estimate
from reports.summaries import Contrast, Distribution, Unit
from survey.study import Regime, Study

MARGIN = 0.03
"""Lead that an open study must show before it is worded as one; also the difference between
weighted and unweighted figures from which a value is said to depend on weighting."""

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


def named(text: str) -> str:
    """A label in German quotation marks.

    >>> named("verlässlich")
    '„verlässlich“'
    """
    return f"„{text}“"


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
            f"Wichtiger als heute gelungen sind {counted(above)} von {total} Qualitäten: "
            f"{typography.listed(above)}."
        )
    if below:
        parts.append(f"Umgekehrt ist es bei {counted(below)}: {typography.listed(below)}.")
    return Sentence(" ".join(parts))


def counted(things: Sequence[str]) -> str:
    """How many things there are, as a number in print."""
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


def numeral(n: int) -> str:
    """A small number as a word (two to eight), any other in figures.

    >>> numeral(3), numeral(12)
    ('drei', '12')
    """
    return _NUMERALS[n] if 1 < n < len(_NUMERALS) else typography.count(n)
