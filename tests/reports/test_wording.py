from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

import dossier_example as example
import pytest
from hypothesis import given
from hypothesis import strategies as st

from reports import rank_wording, summaries, unit_rates, wording
from reports.contrasts import unit_contrasts
from reports.errors import DossierError
from reports.estimates import Estimate, Results
from reports.summaries import Distribution, Ranking
from reports.tables import Status
from survey.study import Regime

Span = tuple[int, int]
THREE = (0.55, 0.48, 0.44)


def ranking(
    shares: Sequence[float],
    places: Sequence[Span] | None = None,
    plain_places: Sequence[Span] | None = None,
    plain: Sequence[float] | None = None,
    depth: int = 3,
    regime: Regime = Regime.CENSUS_ATTEMPT,
    extra: Sequence[Estimate] = (),
) -> Ranking:
    if places is None:
        rows = [row for row in example.ranking_rows(shares) if "rank_set" not in row.statistic]
    else:
        rows = example.ranking_rows(shares, plain, places, plain_places)
    question = example.codebook().question("a1")
    kept = question.variables[: len(shares)]
    size = len(shares)
    question = replace(question, variables=kept, depth=depth if depth < size else size - 1)
    carried = example.carried((*rows, *extra), regime)
    return summaries.ranking(Results(example.release(regime), carried), question)


def unweighted(reason: str, places: Sequence[Span] = ((1, 1), (2, 2), (3, 3))) -> Ranking:
    """A census study whose places exist unweighted only."""
    rows = [row for row in example.ranking_rows(THREE, places=places) if "weigh" not in row.key[3]]
    absent = example.rank_set("a1", "service", 1, 1, "_weighted")
    rows.append(replace(absent, low=None, high=None, note=reason, status=Status.NOT_COMPUTABLE))
    question = example.codebook().question("a1")
    question = replace(question, variables=question.variables[:3], depth=2)
    return summaries.ranking(Results(example.release(), tuple(rows)), question)


def full(places: Sequence[Span]) -> Ranking:
    """A ranking in which every element is to be placed."""
    rows = example.ranking_rows(THREE, places=places)
    for element, value in zip(example.FIELDS, (0.4, 0.35, 0.25), strict=False):
        rows.append(example.share("a1", value, statistic="first", category=element))
        rows.append(example.share("a1", value, statistic="first_weighted", category=element))
    question = example.codebook().question("a1")
    question = replace(question, variables=question.variables[:3], depth=3)
    unique = {row.key: row for row in rows}
    return summaries.ranking(Results(example.release(), tuple(unique.values())), question)


def choice(places: Sequence[Span], plain_places: Sequence[Span] | None = None) -> Ranking:
    found = ranking(THREE, places, plain_places)
    return replace(found, question=replace(found.question, depth=0))


def scale(name: str) -> tuple[Distribution, ...]:
    results = example.results()
    return summaries.distributions(results, results.release.codebook.question(name))


GOLDEN = {
    "a clear lead": (
        ranking(THREE, ((1, 1), (2, 3), (2, 3))),
        "„Service und Erreichbarkeit“ liegt vorn: 55,0 % (53,7 bis 56,3 %) der Antworten nennen "
        "das Feld unter den ersten zwei. Kein anderes Feld kommt für Platz 1 infrage.",
    ),
    "a tie of two": (
        ranking(THREE, ((1, 2), (1, 2), (3, 3))),
        "An der Spitze gibt es keinen klaren Unterschied. Für Platz 1 kommen „Service und "
        "Erreichbarkeit“ (Platz 1 bis 2) und „Digitale Verfahren“ (Platz 1 bis 2) infrage.",
    ),
    "a tie of three": (
        ranking(THREE, ((1, 3), (1, 3), (1, 3))),
        "An der Spitze gibt es keinen klaren Unterschied. Für Platz 1 kommen „Service und "
        "Erreichbarkeit“ (Platz 1 bis 3), „Digitale Verfahren“ (Platz 1 bis 3) und „Ausstattung "
        "und Arbeitsorte“ (Platz 1 bis 3) infrage.",
    ),
    "a lead that the weights make": (
        ranking(THREE, ((1, 1), (2, 3), (2, 3)), ((1, 2), (1, 2), (3, 3))),
        "Welches Feld vorn liegt, hängt von der Gewichtung ab: Gewichtet kommt für Platz 1 "
        "„Service und Erreichbarkeit“ infrage, ungewichtet kommen „Service und Erreichbarkeit“ "
        "und „Digitale Verfahren“.",
    ),
    "a choice with a clear lead": (
        choice(((1, 1), (2, 3), (2, 3))),
        "„Service und Erreichbarkeit“ liegt vorn: 55,0 % (53,7 bis 56,3 %) der Antwortenden "
        "wählen das. Keine andere Antwort kommt für Platz 1 infrage.",
    ),
    "a choice that the weights turn round": (
        choice(((1, 1), (2, 2), (3, 3)), ((2, 2), (1, 1), (3, 3))),
        "Welche Antwort vorn liegt, hängt von der Gewichtung ab: Gewichtet kommt für Platz 1 "
        "„Service und Erreichbarkeit“ infrage, ungewichtet „Digitale Verfahren“.",
    ),
    "a lead that the weights turn round": (
        ranking(THREE, ((1, 1), (2, 2), (3, 3)), ((2, 2), (1, 1), (3, 3))),
        "Welches Feld vorn liegt, hängt von der Gewichtung ab: Gewichtet kommt für Platz 1 "
        "„Service und Erreichbarkeit“ infrage, ungewichtet „Digitale Verfahren“.",
    ),
    "a tie in one column and a longer one in the other": (
        ranking(THREE, ((1, 2), (1, 2), (3, 3)), ((1, 3), (1, 3), (1, 3))),
        "An der Spitze gibt es keinen klaren Unterschied. Gewichtet kommen für Platz 1 „Service "
        "und Erreichbarkeit“ und „Digitale Verfahren“ infrage, ungewichtet „Service und "
        "Erreichbarkeit“, „Digitale Verfahren“ und „Ausstattung und Arbeitsorte“.",
    ),
    "one candidate without a lead": (
        ranking(THREE, ((1, 2), (2, 3), (2, 3))),
        "Kein Feld liegt klar vor allen anderen. Für Platz 1 kommt „Service und Erreichbarkeit“ "
        "(Platz 1 bis 2) infrage.",
    ),
    "one first choice": (
        ranking(THREE, ((1, 1), (2, 3), (2, 3)), depth=1),
        "„Service und Erreichbarkeit“ liegt vorn: 55,0 % (53,7 bis 56,3 %) der Antworten nennen "
        "das Feld als wichtigstes. Kein anderes Feld kommt für Platz 1 infrage.",
    ),
    "a full ranking": (
        full(((1, 1), (2, 3), (2, 3))),
        "„Service und Erreichbarkeit“ liegt nach dem mittleren Rang vorn; 40,0 % (38,7 bis "
        "41,3 %) der Antworten setzen das Feld auf Platz 1. Kein anderes Feld kommt nach dem "
        "mittleren Rang für die Spitze infrage.",
    ),
    "a census study that could not be weighted": (
        unweighted("zu wenige Antworten für eine Gewichtung"),
        "Eine tragfähige Gewichtung war nicht möglich (zu wenige Antworten für eine Gewichtung); "
        "deshalb wird keine Reihenfolge genannt.",
    ),
    "an open study with a margin": (
        ranking((0.55, 0.48, 0.44), regime=Regime.OPEN_PARTICIPATION),
        "Unter den Teilnehmenden wird „Service und Erreichbarkeit“ am häufigsten unter den ersten "
        "zwei genannt (55,0 % der gültigen Antworten). 380 zusätzliche Stimmzettel für das "
        "nächste Feld höben diesen Vorsprung auf.",
    ),
    "an open study without a margin": (
        ranking((0.50, 0.48, 0.44), regime=Regime.OPEN_PARTICIPATION),
        "Unter den Teilnehmenden gibt es an der Spitze keinen klaren Unterschied, zum Beispiel "
        "nicht zwischen „Service und Erreichbarkeit“ und „Digitale Verfahren“.",
    ),
}


def spaced(text: str) -> str:
    """The text with all kinds of spaces alike, so that golden sentences stay legible."""
    return re.sub(r"[\u00a0\u202f]", " ", text)


@pytest.mark.parametrize("case", GOLDEN)
def test_who_is_ahead_is_said_as_the_possible_places_allow(case: str) -> None:
    given_ranking, expected = GOLDEN[case]
    assert spaced(rank_wording.lead(given_ranking).text) == expected


def test_only_elements_that_cannot_leave_the_top_are_called_sure() -> None:
    four = ranking(
        (0.55, 0.48, 0.44, 0.43), ((1, 1), (2, 3), (2, 4), (3, 4)), ((1, 1), (2, 3), (2, 4), (3, 4))
    )
    assert spaced(rank_wording.surely_among_first(four).text) == (
        "Sicher unter den ersten drei Plätzen: „Service und Erreichbarkeit“ und „Digitale "
        "Verfahren“ (in der Reihenfolge des Fragebogens). Möglich ist auch „Ausstattung und "
        "Arbeitsorte“ oder „Führung und Zusammenarbeit“."
    )


def test_nothing_is_sure_when_every_place_is_possible() -> None:
    open_end = ranking((0.4, 0.4, 0.4, 0.4), ((1, 4),) * 4)
    text = rank_wording.surely_among_first(open_end).text
    assert text.startswith("Kein Feld steht sicher unter den ersten drei Plätzen.")


@pytest.mark.parametrize(
    ("places", "plain", "expected"),
    [
        (((1, 1), (2, 2)), ((1, 1), (2, 2)), "„Service und Erreichbarkeit“ liegt vor „Digitale"
         " Verfahren“."),
        (((1, 2), (1, 2)), ((1, 2), (1, 2)), "Zwischen „Service und Erreichbarkeit“ und „Digitale"
         " Verfahren“ gibt es keinen klaren Unterschied."),
        (((1, 1), (2, 2)), ((1, 2), (1, 2)), "Wie „Service und Erreichbarkeit“ und „Digitale"
         " Verfahren“ zueinander stehen, hängt von der Gewichtung ab."),
        (((2, 2), (1, 1)), ((2, 2), (1, 1)), "„Digitale Verfahren“ liegt vor „Service und"
         " Erreichbarkeit“."),
    ],
)  # fmt: skip
def test_two_elements_are_compared_by_both_columns(
    places: Sequence[Span], plain: Sequence[Span], expected: str
) -> None:
    one, other = ranking((0.5, 0.4), places, plain).elements
    assert rank_wording.pair(one, other).text == expected


spans = st.tuples(st.integers(1, 8), st.integers(1, 8)).map(lambda p: (min(p), max(p)))


@given(
    places=st.lists(spans, min_size=2, max_size=8),
    plain=st.lists(spans, min_size=8, max_size=8),
    shares=st.lists(st.floats(0.01, 0.99), min_size=8, max_size=8),
)
def test_no_sentence_names_an_order_that_the_rank_sets_do_not_carry(
    places: list[Span], plain: list[Span], shares: list[float]
) -> None:
    size = len(places)
    found = ranking(shares[:size], places, plain[:size])
    by_name = {ranked.element: ranked for ranked in found.elements}
    sentences = [
        rank_wording.lead(found),
        rank_wording.surely_among_first(found),
        rank_wording.neighbours(found),
        *(rank_wording.pair(a, b) for a in found.elements for b in found.elements if a is not b),
    ]
    for sentence in sentences:
        for before, after in sentence.orders:
            for column in ("places", "plain_places"):
                first, second = (getattr(by_name[name], column) for name in (before, after))
                assert first.high < second.low
        if re.search(r"liegt vor|Kein anderes|unterscheiden sich klar", sentence.text):
            assert sentence.orders
    sure = rank_wording.surely_among_first(found).text.partition("Möglich")[0]
    for ranked in found.elements:
        if f"„{ranked.label}“" in sure:
            assert max(ranked.places.high, ranked.plain_places.high) <= found.question.depth  # type: ignore[union-attr]


def test_participation_says_how_many_of_how_many() -> None:
    rate = example.results().get("", "response_rate")
    text = wording.participation(example.study(), example.n, rate).text
    assert spaced(text) == (
        "5 430 von 22 000 Personen haben geantwortet. Das ist eine Beteiligung von 24,7 %."
    )


def test_an_open_study_has_no_response_rate() -> None:
    study = example.study(Regime.OPEN_PARTICIPATION)
    text = wording.participation(study, 2391, None).text
    assert spaced(text) == (
        "Teilgenommen haben 2 391 Personen. Wie viele hätten teilnehmen können, ist nicht "
        "bekannt; einen Anteil gibt es deshalb nicht."
    )


def test_a_reading_counts_replies_and_not_people() -> None:
    study = example.study(Regime.SELF_SELECTED_READING)
    assert wording.participation(study, 12, None).text == "Eingegangen sind 12 Rückmeldungen."


def test_the_silent_groups_are_named() -> None:
    sentence = wording.who_is_missing(unit_rates.units(example.results(), "a7"))
    assert sentence is not None
    assert spaced(sentence.text) == (
        "In der Gruppe „überwiegend ohne eigenen Computer“ haben 11,5 % geantwortet, in der "
        "Gruppe „überwiegend mit eigenem Computer“ 31,6 %."
    )


def test_the_worst_case_makes_no_assumption() -> None:
    low, high = example.share("a1", 0.15), example.share("a1", 0.90)
    assert spaced(wording.worst_case("Service", low, high).text) == (
        "Ohne jede Annahme über die 16 570 Personen ohne gültige Antwort läge der Anteil für "
        "„Service“ unter allen 22 000 zwischen 15,0 % und 90,0 %."
    )


def test_a_tipping_point_needs_a_lead() -> None:
    point = example.share("a1", 0.02, statistic="tipping_point")
    ahead = rank_wording.tipping(ranking(THREE, ((1, 1), (2, 3), (2, 3))), point)
    assert ahead is not None
    assert spaced(ahead.text) == (
        "Aufgehoben wäre der Vorsprung, wenn unter allen, die nicht geantwortet haben, das "
        "zweithäufigste Feld öfter genannt würde als das häufigste, und zwar um mindestens 2,0 % "
        "dieser Personen."
    )
    assert rank_wording.tipping(ranking(THREE, ((1, 2), (1, 2), (3, 3))), point) is None


def test_a_share_that_moves_by_weighting_is_marked() -> None:
    moved = ranking(THREE, ((1, 1), (2, 3), (2, 3)), plain=(0.50, 0.48, 0.44))
    sentence = rank_wording.weighting_matters(moved)
    assert sentence is not None
    assert sentence.text.startswith("Bei „Service und Erreichbarkeit“ unterscheiden sich")
    assert rank_wording.weighting_matters(ranking(THREE, ((1, 1), (2, 3), (2, 3)))) is None


def test_both_ends_of_a_scale_and_the_silent_stand_in_one_sentence() -> None:
    (row,) = scale("a3a")
    assert spaced(wording.judgement(row).text) == (
        "„Mittel“: 53,7 % sagen „meistens“ oder „immer“, 41,5 % „nie“ oder „selten“. Ohne Urteil: "
        "5,0 % weiß nicht und 1,2 % ohne Antwort."
    )


def test_those_who_choose_nothing_are_named() -> None:
    (choice,) = scale("a4b")
    sentence = wording.shares_of(choice, ("none", "unneeded"))
    assert sentence is not None
    assert spaced(sentence.text) == (
        "„keinen davon“ wählen 11,0 % und „ich finde ein Motto unnötig“ 15,0 % der Antwortenden."
    )


def test_without_a_weighted_column_no_sentence_claims_an_order() -> None:
    found = unweighted("keine Gewichtungszellen freigegeben")
    one, other = found.elements[:2]
    said = [
        rank_wording.lead(found),
        rank_wording.surely_among_first(found),
        rank_wording.neighbours(found),
        rank_wording.pair(one, other),
    ]
    assert one.places is None
    assert not any(sentence.orders for sentence in said)
    assert [sentence.text.endswith("nicht beurteilen.") for sentence in said[1:]] == [True] * 3
    point = example.share("a1", 0.02, statistic="tipping_point")
    assert rank_wording.tipping(found, point) is None


def test_a_row_without_a_title_is_named_by_its_question() -> None:
    (found,) = scale("a3a")
    text = wording.judgement(replace(found, label="")).text
    assert text.startswith(f"„{found.question.text}“: ")


def test_depth_one_speaks_of_the_first_place() -> None:
    found = ranking(THREE, ((1, 1), (2, 3), (2, 3)), depth=1)
    assert spaced(rank_wording.surely_among_first(found).text) == (
        "Sicher auf Platz 1: „Service und Erreichbarkeit“."
    )


def test_units_without_a_p_value_are_not_called_alike() -> None:
    contrasts = unit_contrasts(example.results(), "a1", "a6", "service")
    unjudged = [replace(contrast, p=None) for contrast in contrasts]
    for nothing in (unjudged, []):
        assert wording.differing_units(nothing, "Service").text == (
            "„Service“: Ob sich Dienststellen vom Rest der Verwaltung unterscheiden, lässt sich "
            "nicht beurteilen."
        )
    one = [contrast for contrast in contrasts if contrast.carried][:1]
    assert (
        "Bei der einen verglichenen Dienststelle ist"
        in wording.differing_units(one, "Service").text
    )


def test_units_are_counted_but_never_ranked() -> None:
    contrasts = unit_contrasts(example.results(), "a1", "a6", "service")
    text = wording.differing_units(contrasts, "Service").text
    assert text == (
        "„Service“: Bei 5 von 23 Dienststellen ist der Unterschied zum Rest der Verwaltung klar "
        "(2 darüber, 3 darunter)."
    )


@pytest.mark.parametrize(
    "text",
    [
        "Die Umfrage ist repräsentativ.", "Der Sieger steht fest.", "44 % ± 2", "44 % +/- 2",
        "ein signifikanter Unterschied", "Rücklaufquote 25 %", "44 % stimmten für A",
        "Fehlertoleranz 2 Punkte", "die Kölner*innen wünschen", "das 95-%-Konfidenzintervall",
        "der Unschärfebereich", "re\u00adprä\u00adsentativ", "der Favorit",
    ],
)  # fmt: skip
@pytest.mark.parametrize("regime", [Regime.OPEN_PARTICIPATION, Regime.SELF_SELECTED_READING])
def test_an_open_study_cannot_say_what_it_does_not_carry(text: str, regime: Regime) -> None:
    with pytest.raises(DossierError):
        wording.check_words([text], regime)


@pytest.mark.parametrize(
    "text", ["Die Umfrage ist repräsentativ.", "Die Beschäftigten wollen mehr.", "Sieger"]
)
def test_a_census_attempt_does_not_speak_for_everybody(text: str) -> None:
    with pytest.raises(DossierError):
        wording.check_words([text], Regime.CENSUS_ATTEMPT)


def test_a_census_attempt_may_print_its_response_rate() -> None:
    wording.check_words(["Rücklaufquote 24,7 %"], Regime.CENSUS_ATTEMPT)
