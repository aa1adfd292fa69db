"""The words of the start page: what a study owes its respondents before the first question."""

from __future__ import annotations

from survey.study import Access, OpeningRule, Phase, Study
from survey.translation import Translate, between_tags, day, marked, moment

Promise = tuple[str, tuple[str, ...]]
"""A heading and its sentences."""


def voluntary(study: Study) -> str:
    """The sentence in the box: taking part is free."""
    _ = between_tags(study.language)
    return study.welcome.get("voluntary") or _(
        "Die Teilnahme ist freiwillig. Wer nicht teilnimmt, hat keinen Nachteil. "
        "Jede Frage darf leer bleiben."
    )


def facts(study: Study, estimated: int = 0) -> tuple[tuple[str, str], ...]:
    """Names and texts of the short facts: who asks, whom, how long, until when.

    ``estimated`` are the minutes that stand in where the study announces none.
    """
    _ = between_tags(study.language)
    announced = study.minutes or estimated
    minutes = _("etwa %(minutes)s Minuten") % {"minutes": announced} if announced else ""
    pairs = (
        (_("Wer fragt"), study.welcome.get("who_asks") or study.commissioner),
        (_("Wer gefragt ist"), study.population),
        (_("Dauer"), minutes),
        (_("Ende der Umfrage"), marked(moment(study.closes, study.language), study.language)),
        (_("Fragen zur Umfrage"), study.contact),
    )
    return tuple((name, text) for name, text in pairs if text)


def steps(study: Study) -> tuple[tuple[str, str, str], ...]:
    """Title, time and state of every step of the process that the study belongs to."""
    return tuple(
        (phase.title, _period(phase, study.language), phase.state) for phase in study.phases
    )


def _period(phase: Phase, language: str) -> str:
    start, end = day(phase.start, language), day(phase.end, language)
    _ = between_tags(language)
    return _("%(start)s bis %(end)s") % {"start": start, "end": end}


def promises(study: Study) -> tuple[Promise, ...]:
    """What is stored, what is not, who opens the urn, what follows."""
    _ = between_tags(study.language)
    given = study.welcome.get
    return tuple(
        (title, texts)
        for title, texts in (
            (_("Was gespeichert wird"), _stored(study, _)),
            (_("Was nicht gespeichert wird"), _not_stored(study, _)),
            (_("Wer die Antworten öffnen kann"), _opened(study, _)),
            (_("Was ausgewertet wird"), _own(given("evaluation"))),
            (_("Was danach geschieht"), _own(given("publication"), study.next_steps)),
            (_("Kein späteres Löschen"), _final(study, _)),
        )
        if texts
    )


def _own(*texts: str | None) -> tuple[str, ...]:
    return tuple(text for text in texts if text)


def _stored(study: Study, _: Translate) -> tuple[str, ...]:
    return (
        study.welcome.get("stored")
        or _("Ihre Antworten, sobald Sie „Endgültig absenden“ drücken. Vorher nichts."),
        _("In welcher Reihenfolge Sie gemischte Listen gesehen haben, getrennt ausgezählt."),
        *_own(study.retention),
    )


def _not_stored(study: Study, _: Translate) -> tuple[str, ...]:
    code = (
        _("Ihr Zugangscode: Er wird beim Absenden gelöscht und steht nie bei den Antworten.")
        if study.access is Access.CODES
        else _("Etwas, woran wir Sie wiedererkennen: keine Anmeldung, kein Cookie.")
    )
    own = study.welcome.get("not_stored")
    return (own or _("Name, Kennung, Internetadresse (IP), Gerät und Uhrzeit."), code)


def _opened(study: Study, _: Translate) -> tuple[str, ...]:
    if study.demo:
        return (
            _(
                "Dies ist eine Vorführung: Die Schlüssel liegen auf diesem Server. Bei einer "
                "echten Umfrage mit Zugangscodes ist das ausgeschlossen."
            ),
        )
    if study.server_keys:
        return (
            _(
                "Jede Antwort wird beim Absenden versiegelt. Die Schlüssel dazu liegen bei dieser "
                "Umfrage auf dem Server. Wer den Server betreibt, könnte die Urne also öffnen."
            ),
            _("Vorgesehen ist das erst nach dem Ende, in gemischter Reihenfolge."),
        )
    sealed = _(
        "Jede Antwort wird beim Absenden versiegelt. "
        "Danach kann auch der Server sie nicht mehr lesen."
    )
    if study.opening is OpeningRule.ALL:
        opened = _(
            "Nach dem Ende öffnen die benannten Stellen die Urne nur gemeinsam, "
            "in gemischter Reihenfolge."
        )
    else:
        opened = _(
            "Nach dem Ende kann jede der benannten Stellen die Urne öffnen, "
            "in gemischter Reihenfolge."
        )
    return (sealed, opened)


def _final(study: Study, _: Translate) -> tuple[str, ...]:
    return (
        study.welcome.get("no_deletion")
        or _(
            "Weil niemand weiß, welche Antworten von Ihnen sind, lassen sie sich nach dem "
            "Absenden nicht wiederfinden, ändern oder löschen."
        ),
    )
