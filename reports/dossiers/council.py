"""The dossier for the council: public, at least eight pages, the first read in a minute."""

from __future__ import annotations

from itertools import product

from reports import rank_wording, summaries, typography, unit_rates, wording
from reports.beside import ALONE, Beside
from reports.dossier import (
    NEXT,
    Dossier,
    Facts,
    Points,
    Section,
    about,
    checked,
    fitting,
    known,
    shortened,
)
from reports.dossiers import (
    annex,
    chapters,
    comments,
    departments,
    imprint,
    open_council,
    process,
    scales,
)
from reports.errors import DossierError
from reports.estimates import Results
from reports.summaries import Ranking
from survey import __version__
from survey.codebook import Role, Scale
from survey.study import Regime

ROOM = (999, NEXT, 1)
"""Words that the next steps may have on the first page, at last only their first sentence."""

KIND = "council"
REGIMES = frozenset({Regime.CENSUS_ATTEMPT, Regime.OPEN_PARTICIPATION})
"""What the sentences of this kind are made for; intervals belong to the first alone."""


def council(
    results: Results,
    beside: Beside = ALONE,
    *,
    program: str = __version__,
    elsewhere: frozenset[str] = frozenset(),
) -> Dossier:
    """The council dossier of a study; raises ``DossierError`` for regimes that it is not for.

    ``elsewhere`` are questions of which a longer dossier around this one has numbers.
    """
    study = results.release.study
    if study.regime not in REGIMES:
        raise DossierError(
            "the council dossier is for studies that ask everybody or that everybody may answer; "
            f"{study.id} is {study.regime}"
        )
    _require_answers(results)
    found = chapters.rankings(results)
    shown = {ranking.question.id for ranking in found} | scales.shown(results)
    census = study.regime is Regime.CENSUS_ATTEMPT
    named, told = set(results.release.ballots) - {""}, set(results.release.texts)
    chosen = _census(results, found) if census else open_council.sections(results, found)
    sections = (
        *chosen,
        *comments.chapter(results),
        *process.where_it_stands(results, beside),
        *process.closed_loop(results, beside),
        annex.method(results),
        *(section for section in (annex.self_attack(results),) if section is not None),
        imprint.imprint(results, program, shown | named | told | elsewhere),
    )
    return checked(about(results, KIND, "Bericht an den Rat", sections, program))


def _census(results: Results, found: tuple[Ranking, ...]) -> tuple[Section, ...]:
    """The chapters of a census attempt before the annex."""
    return (
        _front(results, found),
        chapters.participation(results),
        _with_workplaces(results),
        *(chapters.ranking_chapter(results, ranking) for ranking in found),
        *scales.qualities(results),
        *scales.assessments(results),
        *scales.choices(results),
        *departments.departments(results),
    )


def _require_answers(results: Results) -> None:
    release = results.release
    minimum = release.rules.get("min_base", 10)
    everybody = release.ballots.get("", ())
    if not everybody or everybody[0][1] < minimum:
        few = f"fewer than {minimum} answers"
        raise DossierError(f"{release.study.id} has {few}; no dossier can be made of them")
    answered = (row for row in results.rows if row.item and row.statistic != "missing")
    if not any(row.value is not None for row in answered):
        few = f"{minimum} valid answers"
        raise DossierError(f"no question of {release.study.id} has {few}; there is nothing to show")


def _with_workplaces(results: Results) -> Section:
    reading = chapters.reading(results)
    blocks = (*reading.blocks, *chapters.workplaces(results))
    return Section(reading.id, reading.title, blocks)


def _front(results: Results, found: tuple[Ranking, ...]) -> Section:
    study = results.release.study
    period = ("Zeitraum", annex.period(results))
    findings = [_findings(results, found, **told) for told in _TOLD]
    taken = _taking_part(results)
    limits = Points(_cannot_say(results), "Was sie nicht zeigt")

    def version(
        shown: int,
        said: tuple[str, ...],
        question: str,
        sure: tuple[tuple[str, str], ...],
        next_steps: str,
    ) -> Section:
        told = Points(said[:shown], "Was die Umfrage zeigt", numbered=True)
        box = Facts((*taken, *sure), boxed=True)
        after = (Points((next_steps,), "Wie es weitergeht"),) if next_steps else ()
        parts = (
            *known(("Frage an den Rat", question), period),
            *((told,) if shown else ()),
            box,
            limits,
            *after,
        )
        return Section("auf-einen-blick", "Auf einen Blick", parts)

    # A page that would be too long first loses sentences on the next steps, then of the question,
    # then what is liked more than a choice that is ahead, then what is surely among the first,
    # then that the choice is surely ahead, then findings, the last first.
    counts, steps = range(len(findings[0]), -1, -1), [shortened(study.next_steps, n) for n in ROOM]
    questions = (study.council_question, shortened(study.council_question))
    sure = _sure(found)
    kept = ((findings[0], sure), (findings[1], sure), (findings[1], ()), (findings[2], ()))
    choices = product(counts, kept, questions, steps)
    return fitting(
        version(shown, said, question, box, after)
        for shown, (said, box), question, after in choices
    )


def _sure(found: tuple[Ranking, ...]) -> tuple[tuple[str, str], ...]:
    """Which fields are surely among the first."""
    for ranking in found[:1]:
        labels = [wording.named(ranked.label) for ranked in rank_wording.surely_first(ranking)]
        if ranking.question.depth > 1:
            head = f"Sicher unter den ersten {wording.numeral(ranking.question.depth)}"
            return ((head, typography.listed(labels) or "kein Feld"),)
    return ()


_TOLD = (
    {"most": True, "sure": True},
    {"most": False, "sure": True},
    {"most": False, "sure": False},
)
"""What is told of a choice that is ahead, from all of it to what a full page has room for."""


def _findings(
    results: Results, found: tuple[Ranking, ...], *, most: bool = True, sure: bool = True
) -> tuple[str, ...]:
    """At most three sentences that the estimates carry.

    Of a choice that is ahead also that it is ``sure``, and which proposal is liked ``most``.
    """
    findings = [rank_wording.lead(ranking).text for ranking in found[:1]]
    pair = scales.paired(results)
    if pair is not None:
        # How it was compared stands in the chapter.
        findings.append(wording.gaps(*pair, brief=True).text)
    for question in results.release.codebook.with_role(Role.PREFERENCE):
        if question.scale is Scale.NOMINAL:
            for choice in summaries.distributions(results, question):
                if lead := scales.choice_sentences(results, choice):
                    if not sure:
                        lead = lead.replace(f" {rank_wording.NO_OTHER}", "")
                    told = f"{question.title or 'Vorschläge'}: {lead}"
                    apart = scales.judged_apart(results, choice, most=most)
                    findings.append(f"{told} {apart}".strip())
    return tuple(findings + scales.assessed_sentences(results, brief=True))[:3]


def _taking_part(results: Results) -> tuple[tuple[str, str], ...]:
    n, rate = chapters.ballots(results), chapters.response_rate(results)
    entries = [("Geantwortet", typography.count(n))]
    if rate is not None and rate.value is not None and rate.base_N is not None:
        entries = [
            ("Geantwortet", f"{typography.count(n)} von {typography.count(rate.base_N)} Befragten"),
            ("Beteiligung", rate.printed),
        ]
    by = chapters.attribute(results, Role.WORKPLACE)
    units = chapters.floors(unit_rates.units(results, by)) if by else ()
    missing = wording.who_is_missing(units)
    if missing is not None:
        entries.append(("Wer fehlt", missing.text))
    return tuple(entries)


def _cannot_say(results: Results) -> tuple[str, ...]:
    n, rate = chapters.ballots(results), chapters.response_rate(results)
    unheard = wording.unheard(n, rate)
    return (
        *((unheard.text,) if unheard is not None else ()),
        "Wie gut die Verwaltung arbeitet: Gefragt sind Einschätzungen.",
        "Welche Dienststelle „besser“ ist: Unterschiede sind oft Zufall.",
    )
