"""The dossier for the council: public, at least eight pages, the first read in a minute."""

from __future__ import annotations

from reports import rank_wording, summaries, typography, wording
from reports.dossier import Block, Dossier, Facts, Points, Section, checked
from reports.dossiers import annex, chapters
from reports.errors import DossierError
from reports.estimates import Results
from reports.summaries import Ranking
from survey import __version__
from survey.codebook import Role, Scale
from survey.study import Regime

KIND = "council"
REGIMES = frozenset({Regime.CENSUS_ATTEMPT})
"""What the sentences and intervals of this kind are made for."""


def council(results: Results, *, program: str = __version__) -> Dossier:
    """The council dossier of a census attempt; raises ``DossierError`` for other regimes."""
    release = results.release
    study = release.study
    if study.regime not in REGIMES:
        raise DossierError(
            "the council dossier evaluates studies that ask everybody of a known list; "
            f"{study.id} is {study.regime}"
        )
    found = chapters.rankings(results)
    sections = (
        _front(results, found),
        chapters.participation(results),
        _with_workplaces(results),
        *(chapters.ranking_chapter(results, ranking) for ranking in found),
        *chapters.qualities(results),
        *chapters.assessments(results),
        *chapters.choices(results),
        *annex.departments(results),
        annex.method(results),
        annex.imprint(results, program),
    )
    return checked(
        Dossier(
            kind=KIND,
            title=study.title,
            subtitle="Bericht an den Rat",
            study=study,
            sections=sections,
            fingerprint=release.fingerprint,
            questionnaire=release.codebook.version,
            program=program,
            day=study.closes.date() if study.closes else None,
        )
    )


def _with_workplaces(results: Results) -> Section:
    reading = chapters.reading(results)
    blocks = (*reading.blocks, *chapters.workplaces(results))
    return Section(reading.id, reading.title, blocks)


def _front(results: Results, found: tuple[Ranking, ...]) -> Section:
    study = results.release.study
    blocks: list[Block] = []
    if study.council_question:
        blocks.append(Facts((("Frage an den Rat", study.council_question),)))
    findings = _findings(results, found)
    blocks.append(Points(findings, "Was die Umfrage zeigt", numbered=True))
    blocks.append(Facts(_taking_part(results), boxed=True))
    blocks.append(Points(_cannot_say(results), "Was sie nicht zeigen kann"))
    if study.next_steps:
        blocks.append(Points((study.next_steps,), "Wie es weitergeht"))
    return Section("auf-einen-blick", "Auf einen Blick", tuple(blocks))


def _findings(results: Results, found: tuple[Ranking, ...]) -> tuple[str, ...]:
    """At most three sentences that the estimates carry."""
    findings = [rank_wording.lead(ranking).text for ranking in found[:1]]
    pair = summaries.paired_grids(results)
    if pair is not None:
        first, second = (summaries.distributions(results, question) for question in pair)
        if len(first) == len(second) and first:
            findings.append(wording.gaps(first, second).text)
    for question in results.release.codebook.with_role(Role.PREFERENCE):
        if question.scale is Scale.NOMINAL:
            for choice in summaries.distributions(results, question):
                if sentences := chapters.choice_sentences(results, choice):
                    findings.append(f"{question.title or 'Vorschläge'}: {sentences}")
    for row in _assessed(results):
        findings.append(row)
    return tuple(findings[:3])


def _assessed(results: Results) -> list[str]:
    found = []
    for question in results.release.codebook.with_role(Role.ASSESSMENT):
        if question.scale is Scale.ORDINAL and len(question.variables) == 1:
            rows = summaries.distributions(results, question)
            found += [wording.judgement(row).text for row in rows]
    return found


def _taking_part(results: Results) -> tuple[tuple[str, str], ...]:
    n, rate = chapters.ballots(results), chapters.response_rate(results)
    entries = [("Geantwortet", typography.count(n))]
    if rate is not None and rate.base_N is not None:
        entries = [
            ("Geantwortet", f"{typography.count(n)} von {typography.count(rate.base_N)} Befragten"),
            ("Beteiligung", rate.printed),
        ]
    by = chapters.attribute(results, Role.WORKPLACE)
    missing = wording.who_is_missing(summaries.units(results, by)) if by else None
    if missing is not None:
        entries.append(("Wer fehlt", missing.text))
    return tuple(entries)


def _cannot_say(results: Results) -> tuple[str, ...]:
    n, rate = chapters.ballots(results), chapters.response_rate(results)
    silent = (rate.base_N or n) - n if rate is not None else 0
    return (
        f"Wie die {typography.count(silent)} Personen denken, die nicht geantwortet haben.",
        "Wie gut die Verwaltung arbeitet: Gefragt sind Einschätzungen, keine Messungen.",
        "Welche Dienststelle „besser“ ist: Unterschiede zwischen ihnen sind oft Zufall.",
    )
