"""Forty situations with the German sentence that each of them must give."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import replace

import dossier_example as example
import pytest
from hypothesis import given
from hypothesis import strategies as st

from reports import open_wording, rank_wording, summaries, typography, unit_rates, wording
from reports.contrasts import unit_contrasts
from reports.estimates import Estimate, Results
from reports.stated_leads import StatedLead
from reports.summaries import Distribution, Ranking
from reports.tables import Domain, Status
from reports.unit_rates import Unit
from survey.study import Access, Regime

Spans = Sequence[tuple[int, int]]
THREE = (0.55, 0.48, 0.44)
CLEAR: Spans = ((1, 1), (2, 3), (2, 3))
OPEN = Regime.OPEN_PARTICIPATION


def ranking(
    places: Spans | None = CLEAR,
    plain: Spans | None = None,
    *,
    shares: Sequence[float] = THREE,
    plain_shares: Sequence[float] | None = None,
    depth: int = 2,
    regime: Regime = Regime.CENSUS_ATTEMPT,
    base: int = example.n,
) -> Ranking:
    """A ranking of the first fields; without places in a study that carries none."""
    anywhere = ((1, len(shares)),) * len(shares)
    rows = example.ranking_rows(shares, plain_shares, places or anywhere, plain)
    if places is None:
        rows = [row for row in rows if "rank_set" not in row.statistic]
    rows = [replace(row, base_n=base) for row in rows]
    if base < 100:
        rows = [
            replace(r, printed=typography.percent(r.value, base)) if r.value is not None else r
            for r in rows
        ]
    question = example.codebook().question("a1")
    question = replace(question, variables=question.variables[: len(shares)], depth=depth)
    kept = example.carried(rows, regime)
    return summaries.ranking(Results(example.release(regime), kept), question)


def lead(*args: Spans | None, **named: object) -> str:
    return rank_wording.lead(ranking(*args, **named)).text  # type: ignore[arg-type]


def pair(places: Spans, plain: Spans) -> str:
    one, other = ranking(places, plain, shares=(0.5, 0.4), depth=1).elements
    return rank_wording.pair(one, other).text


def choice(
    places: Spans | None,
    plain: Spans | None = None,
    regime: Regime = Regime.CENSUS_ATTEMPT,
) -> str:
    found = ranking(places, plain, regime=regime)
    return rank_wording.lead(replace(found, question=replace(found.question, depth=0))).text


def share(value: float, base: int = 2391) -> Estimate:
    row = example.share("q", value, base, None)
    return replace(row, se=None, low=None, high=None, level=None)


def drafts(tops: Sequence[float], bottoms: Sequence[float], base: int = 2391) -> list[Distribution]:
    """Proposals judged one by one."""
    (whole,) = (d for d in scale("a3a"))
    return [
        replace(
            whole,
            label=f"Entwurf {'ABCDE'[i]}",
            variable=replace(whole.variable, element="abcde"[i]),
            top2=share(top, base),
            bottom2=share(bottom, base),
        )
        for i, (top, bottom) in enumerate(zip(tops, bottoms, strict=True))
    ]


def scale(name: str) -> tuple[Distribution, ...]:
    results = example.results()
    return summaries.distributions(results, results.release.codebook.question(name))


def stated(leader: str, ahead: float, more: int, base: int = 2391) -> StatedLead:
    row = replace(share(ahead, base), statistic="lead", category=leader)
    erased = replace(row, statistic="erased_by", value=float(more), printed=typography.count(more))
    return StatedLead(leader, row, erased)


def rated(tops: Sequence[float], leader: str, ahead: float, more: int, base: int = 2391) -> str:
    rows = drafts(tops, [0.3] * len(tops), base)
    found = open_wording.rated_lead(rows, stated(leader, ahead, more, base))
    return found.text if found is not None else ""


def ends(tops: Sequence[float], bottoms: Sequence[float]) -> str:
    found = open_wording.both_ends(drafts(tops, bottoms))
    return found.text if found is not None else ""


def tipping(value: float, places: Spans = CLEAR, depth: int = 2) -> str:
    point = replace(share(value), statistic="tipping_point")
    shown = ranking(places)
    asked = replace(shown, question=replace(shown.question, depth=depth))
    found = rank_wording.tipping(asked, point)
    return found.text if found is not None else ""


def bounds(n: int, people: int, low: float, high: float) -> str:
    one, two = (replace(share(v, n), base_n=n, base_N=people) for v in (low, high))
    return wording.worst_case("Service", one, two).text


def took_part(
    n: int,
    people: int | None,
    regime: Regime = Regime.CENSUS_ATTEMPT,
    access: Access = Access.CODES,
) -> str:
    study = replace(example.study(regime), access=access)
    rate = None if people is None else example.share("", n / people, n, people)
    return wording.participation(study, n, rate).text


def overfull() -> str:
    rate = replace(example.share("", 1.0, 130, 120), value=None)
    return wording.participation(example.study(), 130, rate).text


def unheard(n: int, people: int) -> str:
    found = wording.unheard(n, example.share("", n / people, n, people))
    return found.text if found is not None else ""


def contrasts(p: float) -> str:
    results = example.results()
    rows = tuple(replace(r, value=p) if r.statistic == "diff_rest_p" else r for r in results)
    found = unit_contrasts(replace(results, rows=rows), "a1", "a6", "service")
    return wording.differing_units(found, "Service").text


def groups() -> str:
    units = unit_rates.units(example.results(), "a7")
    found = wording.who_is_missing(units)
    return found.text if found is not None else ""


def withheld() -> str:
    unit = Unit(Domain("a7", "x", "Archiv", 9), None, None, Status.NOT_SHOWN)
    found = wording.who_is_missing([unit])
    return found.text if found is not None else ""


def spread() -> str:
    found = wording.range_of_rates(unit_rates.units(example.results(), "a6"))
    return found.text if found is not None else ""


def judgement(name: str) -> str:
    return wording.judgement(scale(name)[0]).text


def motto() -> str:
    (row,) = scale("a4b")
    found = wording.shares_of(row, ("none", "unneeded"))
    return found.text if found is not None else ""


SITUATIONS: dict[str, Callable[[], str]] = {
    "a clear lead": lambda: lead(),
    "a tie of two": lambda: lead(((1, 2), (1, 2), (3, 3))),
    "a tie of three": lambda: lead(((1, 3),) * 3),
    "one candidate without a lead": lambda: lead(((1, 2), (2, 3), (2, 3))),
    "a lead that only the weights make": lambda: lead(CLEAR, ((1, 2), (1, 2), (3, 3))),
    "a lead that only the unweighted figures have": lambda: lead(((1, 2), (1, 2), (3, 3)), CLEAR),
    "a lead that the weights turn round": lambda: lead(CLEAR, ((2, 3), (1, 1), (2, 3))),
    "a tie that is longer without weights": lambda: lead(((1, 2), (1, 2), (3, 3)), ((1, 3),) * 3),
    "no possible places": lambda: lead(None),
    "a first choice": lambda: lead(depth=1),
    "tiny n": lambda: lead(base=40, shares=(0.55, 0.30, 0.15)),
    "a choice with a clear lead": lambda: choice(CLEAR),
    "a choice without a lead": lambda: choice(((1, 2), (1, 2), (3, 3))),
    "a choice that depends on weighting": lambda: choice(CLEAR, ((1, 2), (1, 2), (3, 3))),
    "two fields in order": lambda: pair(((1, 1), (2, 2)), ((1, 1), (2, 2))),
    "two fields without order": lambda: pair(((1, 2), (1, 2)), ((1, 2), (1, 2))),
    "two fields that depend on weighting": lambda: pair(((1, 1), (2, 2)), ((1, 2), (1, 2))),
    "an open study with a lead": lambda: lead(None, regime=OPEN),
    "an open study below the margin": lambda: lead(None, regime=OPEN, shares=(0.50, 0.48, 0.44)),
    "an open study level at the top": lambda: lead(None, regime=OPEN, shares=(0.5, 0.5, 0.4)),
    "an open study with too few answers": lambda: lead(None, regime=OPEN, base=80),
    "an open choice with a lead": lambda: choice(None, regime=OPEN),
    "two drafts without a difference": lambda: rated((0.438, 0.433), "a", 0.005, 22),
    "two drafts with a lead": lambda: rated((0.5, 0.4), "a", 0.1, 479),
    "a lead that one ballot would erase": lambda: rated((0.5, 0.4), "a", 0.1, 1),
    "three drafts without a difference": lambda: rated((0.44, 0.43, 0.2), "a", 0.01, 43),
    "two drafts and the third that rejects": lambda: ends((0.438, 0.433), (0.338, 0.342)),
    "many drafts as a range": lambda: ends((0.44, 0.43, 0.2), (0.3, 0.4, 0.6)),
    "a tipping point": lambda: tipping(0.083),
    "a tipping point of a choice": lambda: tipping(0.083, depth=0),
    "a lead that silence cannot turn round": lambda: tipping(1.4),
    "no tipping point without a lead": lambda: tipping(0.083, ((1, 3),) * 3),
    "worst-case bounds": lambda: bounds(5430, 22000, 0.136, 0.889),
    "worst case of a census that all answered": lambda: bounds(120, 120, 0.55, 0.55),
    "taking part in a census attempt": lambda: took_part(5430, 22000),
    "more ballots than people": overfull,
    "taking part without codes": lambda: took_part(2391, None, OPEN, Access.OPEN),
    "replies to texts": lambda: took_part(204, None, Regime.SELF_SELECTED_READING),
    "one person who did not answer": lambda: unheard(119, 120),
    "everybody answered": lambda: unheard(120, 120),
    "departments without a clear difference": lambda: contrasts(0.4),
    "departments with clear differences": lambda: contrasts(0.001),
    "groups that answered less": groups,
    "a withheld group": withheld,
    "rates from where to where": spread,
    "a scale with both ends": lambda: judgement("a3b"),
    "those who want none of it": motto,
}

EXPECTED = {
    "a clear lead": (
        "„Service und Erreichbarkeit“ liegt vorn: 55,0 % (53,7 bis 56,3 %) der Antworten "
        "nennen das Feld unter den ersten zwei. Kein anderes Feld kommt für Platz 1 infrage."
    ),
    "a tie of two": (
        "An der Spitze gibt es keinen klaren Unterschied. Für Platz 1 kommen „Service und "
        "Erreichbarkeit“ (Platz 1 bis 2) und „Digitale Verfahren“ (Platz 1 bis 2) infrage."
    ),
    "a tie of three": (
        "An der Spitze gibt es keinen klaren Unterschied. Für Platz 1 kommen „Service und "
        "Erreichbarkeit“ (Platz 1 bis 3), „Digitale Verfahren“ (Platz 1 bis 3) und "
        "„Ausstattung und Arbeitsorte“ (Platz 1 bis 3) infrage."
    ),
    "one candidate without a lead": (
        "Kein Feld liegt klar vor allen anderen. Für Platz 1 kommt „Service und "
        "Erreichbarkeit“ (Platz 1 bis 2) infrage."
    ),
    "a lead that only the weights make": (
        "Welches Feld vorn liegt, hängt von der Gewichtung ab: Gewichtet kommt für Platz 1 "
        "„Service und Erreichbarkeit“ infrage, ungewichtet kommen „Service und "
        "Erreichbarkeit“ und „Digitale Verfahren“."
    ),
    "a lead that only the unweighted figures have": (
        "Welches Feld vorn liegt, hängt von der Gewichtung ab: Gewichtet kommen für Platz 1 "
        "„Service und Erreichbarkeit“ und „Digitale Verfahren“ infrage, ungewichtet kommt "
        "„Service und Erreichbarkeit“."
    ),
    "a lead that the weights turn round": (
        "Welches Feld vorn liegt, hängt von der Gewichtung ab: Gewichtet kommt für Platz 1 "
        "„Service und Erreichbarkeit“ infrage, ungewichtet „Digitale Verfahren“."
    ),
    "a tie that is longer without weights": (
        "An der Spitze gibt es keinen klaren Unterschied. Gewichtet kommen für Platz 1 "
        "„Service und Erreichbarkeit“ und „Digitale Verfahren“ infrage, ungewichtet „Service "
        "und Erreichbarkeit“, „Digitale Verfahren“ und „Ausstattung und Arbeitsorte“."
    ),
    "no possible places": (
        "Eine tragfähige Gewichtung war nicht möglich; deshalb wird keine Reihenfolge genannt."
    ),
    "a first choice": (
        "„Service und Erreichbarkeit“ liegt vorn: 55,0 % (53,7 bis 56,3 %) der Antworten "
        "nennen das Feld als wichtigstes. Kein anderes Feld kommt für Platz 1 infrage."
    ),
    "tiny n": (
        "„Service und Erreichbarkeit“ liegt vorn: 55 % (54 bis 56 %) der Antworten nennen das"
        " Feld unter den ersten zwei. Kein anderes Feld kommt für Platz 1 infrage."
    ),
    "a choice with a clear lead": (
        "„Service und Erreichbarkeit“ liegt vorn: 55,0 % (53,7 bis 56,3 %) der Antwortenden "
        "wählen das. Keine andere Antwort kommt für Platz 1 infrage."
    ),
    "a choice without a lead": (
        "An der Spitze gibt es keinen klaren Unterschied. Für Platz 1 kommen „Service und "
        "Erreichbarkeit“ (Platz 1 bis 2) und „Digitale Verfahren“ (Platz 1 bis 2) infrage."
    ),
    "a choice that depends on weighting": (
        "Welche Antwort vorn liegt, hängt von der Gewichtung ab: Gewichtet kommt für Platz 1 "
        "„Service und Erreichbarkeit“ infrage, ungewichtet kommen „Service und "
        "Erreichbarkeit“ und „Digitale Verfahren“."
    ),
    "two fields in order": "„Service und Erreichbarkeit“ liegt vor „Digitale Verfahren“.",
    "two fields without order": (
        "Zwischen „Service und Erreichbarkeit“ und „Digitale Verfahren“ gibt es keinen klaren"
        " Unterschied."
    ),
    "two fields that depend on weighting": (
        "Wie „Service und Erreichbarkeit“ und „Digitale Verfahren“ zueinander stehen, hängt "
        "von der Gewichtung ab."
    ),
    "an open study with a lead": (
        "Unter den Teilnehmenden wird „Service und Erreichbarkeit“ am häufigsten unter den "
        "ersten zwei genannt (55,0 % der gültigen Antworten). 380 zusätzliche Stimmzettel für "
        "das nächste Feld höben diesen Vorsprung auf."
    ),
    "an open study below the margin": (
        "Unter den Teilnehmenden gibt es an der Spitze keinen klaren Unterschied, zum "
        "Beispiel nicht zwischen „Service und Erreichbarkeit“ und „Digitale Verfahren“."
    ),
    "an open study level at the top": (
        "Unter den Teilnehmenden gibt es an der Spitze keinen klaren Unterschied, zum "
        "Beispiel nicht zwischen „Service und Erreichbarkeit“ und „Digitale Verfahren“."
    ),
    "an open study with too few answers": (
        "Es gibt weniger als 100 Antworten; ein Vorsprung wird deshalb nicht genannt."
    ),
    "an open choice with a lead": (
        "Unter den Teilnehmenden wird „Service und Erreichbarkeit“ am häufigsten gewählt "
        "(55,0 % der gültigen Antworten). 380 zusätzliche Stimmzettel für die nächste Antwort "
        "höben diesen Vorsprung auf."
    ),
    "two drafts without a difference": (
        "Unter den Teilnehmenden gibt es zwischen „Entwurf A“ und „Entwurf B“ keinen klaren "
        "Unterschied."
    ),
    "two drafts with a lead": (
        "Unter den Teilnehmenden findet „Entwurf A“ am häufigsten Zustimmung (50,0 %). 479 "
        "zusätzliche Stimmzettel für den nächsten Vorschlag höben diesen Vorsprung auf."
    ),
    "a lead that one ballot would erase": (
        "Unter den Teilnehmenden findet „Entwurf A“ am häufigsten Zustimmung (50,0 %). Ein "
        "zusätzlicher Stimmzettel für den nächsten Vorschlag höbe diesen Vorsprung auf."
    ),
    "three drafts without a difference": (
        "Unter den Teilnehmenden gibt es an der Spitze keinen klaren Unterschied, zum "
        "Beispiel nicht zwischen „Entwurf A“ und „Entwurf B“."
    ),
    "two drafts and the third that rejects": (
        "„Entwurf A“: 43,8 % sagen „meistens“ oder „immer“, 33,8 % „nie“ oder „selten“; "
        "„Entwurf B“: 43,3 % sagen „meistens“ oder „immer“, 34,2 % „nie“ oder „selten“."
    ),
    "many drafts as a range": (
        "Je nach Zeile sagen 20,0 % („Entwurf C“) bis 44,0 % („Entwurf A“) „meistens“ oder „immer“ "
        "und 30,0 % („Entwurf A“) bis 60,0 % („Entwurf C“) „nie“ oder „selten“."
    ),
    "a tipping point": (
        "Aufgehoben wäre der Vorsprung, wenn unter allen, die nicht geantwortet haben, das "
        "zweithäufigste Feld öfter genannt würde als das häufigste, und zwar um mindestens 8,3 % "
        "dieser Personen."
    ),
    "a tipping point of a choice": (
        "Aufgehoben wäre der Vorsprung, wenn unter allen, die nicht geantwortet haben, die "
        "zweithäufigste Antwort öfter gewählt würde als die häufigste, und zwar um mindestens "
        "8,3 % dieser Personen."
    ),
    "a lead that silence cannot turn round": (
        "Auch alle, die nicht geantwortet haben, könnten das nicht umkehren."
    ),
    "no tipping point without a lead": "",
    "worst-case bounds": (
        "Ohne jede Annahme über die 16 570 Personen ohne gültige Antwort läge der Anteil für "
        "„Service“ unter allen 22 000 zwischen 13,6 % und 88,9 %."
    ),
    "worst case of a census that all answered": (
        "Von allen 120 Personen liegt eine gültige Antwort vor; der Anteil für „Service“ ist "
        "55,0 %, ohne jede Annahme."
    ),
    "taking part in a census attempt": (
        "5 430 von 22 000 Personen haben geantwortet. Das ist eine Beteiligung von 24,7 %."
    ),
    "more ballots than people": (
        "Eingegangen sind 130 Stimmzettel, auf der Personalliste stehen nur 120 Personen. "
        "Eine Beteiligung lässt sich daraus nicht berechnen."
    ),
    "taking part without codes": (
        "Eingegangen sind 2 391 Stimmzettel. Wie viele Menschen hätten teilnehmen können, ist"
        " nicht bekannt; einen Anteil gibt es deshalb nicht."
    ),
    "replies to texts": "Eingegangen sind 204 Rückmeldungen.",
    "one person who did not answer": "Wie die eine Person denkt, die nicht geantwortet hat.",
    "everybody answered": "",
    "departments without a clear difference": (
        "„Service“: Bei keiner der 23 Dienststellen ist ein klarer Unterschied zum Rest der "
        "Verwaltung zu erkennen."
    ),
    "departments with clear differences": (
        "„Service“: Bei 23 von 23 Dienststellen ist der Unterschied zum Rest der Verwaltung "
        "klar (11 darüber, 12 darunter)."
    ),
    "groups that answered less": (
        "In der Gruppe „überwiegend ohne eigenen Computer“ haben 11,5 % geantwortet, in der "
        "Gruppe „überwiegend mit eigenem Computer“ 31,6 %."
    ),
    "a withheld group": "",
    "rates from where to where": (
        "Zwischen den Dienststellen reicht die Beteiligung von 16,1 % bis 38 %."
    ),
    "a scale with both ends": (
        "„Informiert über die Verwaltungsvision“: 53,7 % sagen „eher leicht“ oder „sehr "
        "leicht“, 41,5 % „sehr schwer“ oder „eher schwer“. Ohne Urteil: 5,0 % weiß nicht und "
        "1,2 % ohne Antwort."
    ),
    "those who want none of it": (
        "„keinen davon“ wählen 11,0 % und „ich finde ein Motto unnötig“ 15,0 % der Antwortenden."
    ),
}


def spaced(text: str) -> str:
    """The text with all kinds of spaces alike, so that golden sentences stay legible."""
    return re.sub(r"[\u00a0\u202f]", " ", text)


@pytest.mark.parametrize("situation", SITUATIONS)
def test_each_situation_gives_its_sentence(situation: str) -> None:
    assert spaced(SITUATIONS[situation]()) == EXPECTED[situation]


def test_there_are_forty_situations_and_each_has_its_sentence() -> None:
    assert len(SITUATIONS) >= 40
    assert list(SITUATIONS) == list(EXPECTED)


ORDER = re.compile(
    r"(?<!Kein Feld )(?<!Keine Antwort )liegt (?:klar )?vor|am häufigsten|"
    r"Kein anderes|Keine andere|höben|höbe"
)
"""Words that claim an order."""


@pytest.mark.parametrize("situation", SITUATIONS)
def test_no_sentence_without_a_clear_difference_names_an_order(situation: str) -> None:
    text = spaced(SITUATIONS[situation]())
    none = ("keinen klaren Unterschied", "klar vor allen anderen", "ein Vorsprung wird deshalb")
    if any(words in text for words in none) or "hängt von der Gewichtung ab" in text:
        assert not ORDER.search(text)


@given(
    shares=st.lists(st.integers(1, 600), min_size=2, max_size=6),
    base=st.integers(601, 900) | st.integers(20, 99),
)
def test_no_open_sentence_names_an_order_that_the_stated_margin_does_not_carry(
    shares: list[int], base: int
) -> None:
    values = [min(count / base, 1.0) for count in shares]
    found = ranking(None, shares=values, regime=OPEN, base=base, depth=1)
    sentence = rank_wording.lead(found)
    ordered = sorted(values, reverse=True)
    carried = base >= 100 and ordered[0] - ordered[1] >= wording.MARGIN - 1e-9
    assert bool(sentence.orders) == bool(ORDER.search(sentence.text))
    assert not sentence.orders or carried
    for before, after in sentence.orders:
        by_name = {e.element: e.plain_share.value or 0.0 for e in found.elements}
        assert by_name[before] - by_name[after] >= wording.MARGIN - 1e-9


@given(
    tops=st.lists(st.integers(0, 100), min_size=2, max_size=5),
    margin=st.sampled_from([0.0, 0.029, 0.03, 0.2]),
    base=st.sampled_from([50, 99, 100, 900]),
)
def test_no_sentence_on_proposals_names_an_order_below_the_margin(
    tops: list[int], margin: float, base: int
) -> None:
    rows = drafts([top / 100 for top in tops], [0.0] * len(tops), base)
    leader = max(rows, key=lambda row: (row.top2.value or 0.0) if row.top2 else 0.0)
    sentence = open_wording.rated_lead(rows, stated(leader.variable.element, margin, 5, base))
    assert sentence is not None
    if margin < wording.MARGIN or base < open_wording.MARGIN_NEEDS:
        assert not sentence.orders
        assert not ORDER.search(sentence.text)


def liked(tops: Sequence[float], plain: Sequence[float], *, wide: float, base: int = 2391) -> str:
    """What is said of the last proposal, of which the others may be liked more."""
    rows = [
        replace(row, top2=around(top, wide, base), plain_top2=around(even, wide, base))
        for row, top, even in zip(drafts(tops, [0.3] * len(tops)), tops, plain, strict=True)
    ]
    found = rank_wording.liked_more(rows[-1], rows, census=wide > 0)
    return found.text.replace("\u00a0", " ") if found is not None else ""


def around(value: float, wide: float, base: int) -> Estimate:
    row = share(value, base)
    return replace(row, low=value - wide, high=value + wide) if wide else row


def test_who_is_ahead_and_less_liked_than_another_is_said_to_be() -> None:
    assert liked([0.695, 0.427, 0.322], [0.7, 0.46, 0.27], wide=0.03) == (
        "Mehr Zustimmung: „Entwurf A“ (69,5 %)."
    )
    assert liked([0.747, 0.249], [0.747, 0.249], wide=0.0) == (
        "Mehr Zustimmung: „Entwurf A“ (74,7 %)."
    )


def test_no_proposal_is_liked_more_where_intervals_meet_or_the_margin_is_not_reached() -> None:
    assert liked([0.36, 0.32], [0.4, 0.2], wide=0.03) == ""
    assert liked([0.4, 0.2], [0.36, 0.32], wide=0.03) == ""
    assert liked([0.345, 0.32], [0.345, 0.32], wide=0.0) == ""
    assert liked([0.7, 0.3], [0.7, 0.3], wide=0.0, base=99) == ""
