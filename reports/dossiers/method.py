"""The method annex as a document of its own: how numbers came about, and no results."""

from __future__ import annotations

from reports import typography, wording
from reports.beside import ALONE, Beside
from reports.dossier import Block, Dossier, Facts, Paragraph, Points, Section, about, checked
from reports.dossiers import annex, chapters, check_annex, imprint
from reports.dossiers.scales import is_census
from reports.estimates import Results
from survey import __version__
from survey.study import Regime

KIND = "method"
REGIMES = frozenset(
    {Regime.CENSUS_ATTEMPT, Regime.OPEN_PARTICIPATION, Regime.SELF_SELECTED_READING}
)


def method(results: Results, _beside: Beside = ALONE, *, program: str = __version__) -> Dossier:
    """The annex of all dossiers of a study, for those who check how they were made."""
    release = results.release
    study = release.study
    attack = annex.self_attack(results)
    rated = study.regime is not Regime.SELF_SELECTED_READING
    sections = (
        _front(results),
        annex.method(results),
        *(check_annex.weights(results) if is_census(results) else ()),
        *(check_annex.tests(results) if is_census(results) else ()),
        *(check_annex.quality(results) if rated else ()),
        check_annex.withheld(results),
        *((attack,) if attack is not None else ()),
        *((check_annex.glossary(results),) if rated else ()),
        imprint.imprint(results, program, {question.id for question in release.codebook}),
    )
    return checked(about(results, KIND, "Methodenanhang zu allen Berichten", sections, program))


def _front(results: Results) -> Section:
    """What the annex is for, and with which files its reader goes on."""
    release = results.release
    facts = (
        ("Zeitraum", annex.period(results)),
        ("Stimmzettel", typography.count(chapters.ballots(results))),
        ("Prüfsumme der Daten", imprint.grouped(release.fingerprint)),
    )
    blocks: list[Block] = [
        Paragraph(
            "Dieser Anhang sagt, wie die Zahlen aller Berichte dieser Umfrage entstanden sind, was "
            "sie nicht zeigen können und was die Befragten schützt. Die Ergebnisse selbst "
            "stehen in den Berichten.",
            "lead",
        ),
        Facts(tuple(entry for entry in facts if entry[1]), boxed=True),
        Points(_checks(), "Womit sich jede Zahl nachprüfen lässt"),
    ]
    return Section("auf-einen-blick", "Wozu dieser Anhang da ist", tuple(blocks))


def _checks() -> tuple[str, ...]:
    return (
        f"Die Tabelle neben den Berichten ({wording.named('tabelle')}) enthält jede gedruckte "
        f"Zahl; das Codebuch ({wording.named('codebuch')}) erklärt Spalten, Kennzahlen und Namen.",
        "Zahlen, die keine Ergebnisse sind, stehen mit ihrem Grund in der Datei der Konstanten.",
        "Die Prüfsumme der Daten steht auf jeder Seite jedes Berichts. Ist sie überall gleich, "
        "gehören die Berichte zu denselben Antworten.",
    )
