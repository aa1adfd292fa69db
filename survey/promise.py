"""The promise sheet: what a study stores, for whom, how long, and what it does not promise.

For respondents, the staff council and the data protection officer; drawn up from the study and
from how this installation is set up, so that it cannot say anything else than what holds. The
same value feeds a page of the public web process, in each language, and a PDF.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from survey.codebook import Role
from survey.codes import SMALLEST_GROUP
from survey.instrument import Instrument
from survey.languages import Language
from survey.records import Record
from survey.studies import StoredStudy
from survey.study import Access, OpeningRule, Study
from survey.translation import SOURCE, Translate, between_tags, day, later, marked, moment
from survey.translation import number as written

_THRESHOLDS = {"min_base": 10, "min_chapter": 20, "min_texts": 30}


@dataclass(frozen=True, slots=True)
class Table:
    """Rows under a head; the first cell of a row names it."""

    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Section:
    """A heading with sentences, points of a list, and at most one table."""

    title: str
    sentences: tuple[str, ...] = ()
    points: tuple[str, ...] = ()
    table: Table | None = None


@dataclass(frozen=True, slots=True)
class PromiseSheet:
    """Everything that the sheet says, in the order in which it is printed.

    ``language`` is what it has in its ``lang`` attribute.
    """

    study: str
    title: str
    sender: str
    warning: str
    lead: str
    sections: tuple[Section, ...]
    heading: str = ""
    language: str = SOURCE


def promise_sheet(
    stored: StoredStudy, database: str, records: Sequence[Record], language: str = ""
) -> PromiseSheet:
    """The sheet of a study in one of its languages; without one, in its first.

    ``database`` is ``sqlite`` or ``postgresql``. Raises ``KeyError`` for a language that the
    study does not have.
    """
    tag = language or stored.study.language
    (study, instrument), _ = stored.questionnaire.in_language(tag), between_tags(tag)
    return PromiseSheet(
        study.id,
        study.title,
        study.commissioner,
        _warning(study, _),
        _(
            "Dieses Blatt wird aus der Umfrage und aus der Einrichtung dieses Servers erzeugt. "
            "Es sagt, was gespeichert wird, wer was sehen kann und was nicht versprochen werden "
            "kann."
        ),
        (
            _purpose(study, _),
            _asked(instrument, _),
            _stored(study, _),
            _never(study, _),
            _holders(stored, records, study, _),
            _published(study, _),
            Section(_("Was nicht versprochen wird"), points=not_promised(study)),
            _checks(database, _),
        ),
        _("Was diese Umfrage verspricht und was nicht"),
        Language(tag).html,
    )


DATABASES = {
    "sqlite": later("SQLite, eine Datei auf diesem Server"),
    "postgresql": later("PostgreSQL auf einem eigenen Server"),
}


def _warning(study: Study, _: Translate) -> str:
    if study.demo:
        return _(
            "Vorführung: Die privaten Schlüssel liegen auf diesem Server, es gab keine "
            "Probeöffnung. Die Zusagen über Schlüssel gelten hier nicht."
        )
    if study.server_keys:
        return _(
            "Die privaten Schlüssel liegen auf diesem Server. Wer ihn betreibt, kann die Urne "
            "öffnen."
        )
    return ""


def _purpose(study: Study, _: Translate) -> Section:
    opens, closes = (
        marked(moment(time, study.language), study.language) for time in (study.opens, study.closes)
    )
    facts = (
        (_("Wer fragt: %(text)s"), study.commissioner),
        (_("Wer gefragt ist: %(text)s"), study.population),
        (_("Wozu: %(text)s"), study.purpose),
        (_("Beginn: %(text)s"), opens),
        (_("Ende: %(text)s"), closes),
        (_("Fragen: %(text)s"), study.contact),
    )
    points = tuple(sentence % {"text": text} for sentence, text in facts if text)
    return Section(_("Worum es geht"), points=points)


def _asked(instrument: Instrument, _: Translate) -> Section:
    items = [item for item in instrument.items if item.asks]
    about = [item.title or item.text for item in items if item.role in _ABOUT_PEOPLE]
    lengths = [length for item in items for length in item.text_lengths.values()]
    longest = written(max(lengths, default=0), instrument.language)
    points = (
        _("%(count)s Fragen, jede darf leer bleiben") % {"count": len(items)},
        _("Angaben zur Person oder Stelle: %(names)s") % {"names": "; ".join(about) or _("keine")},
        _("Freie Texte: %(count)s, jeder mit höchstens %(length)s Zeichen")
        % {"count": len(lengths), "length": longest}
        if lengths
        else _("keine freien Texte"),
    )
    return Section(_("Was gefragt wird"), points=points)


_ABOUT_PEOPLE = (Role.DEPARTMENT, Role.WORKPLACE, Role.DISTRICT, Role.DEMOGRAPHIC)


def _stored(study: Study, _: Translate) -> Section:
    code = (
        _("Zugangscode"),
        _(
            "Prüfwert (HMAC), nie der Code selbst; der Schlüssel dazu liegt außerhalb der "
            "Datenbank und der Sicherungen"
        ),
        _("bis der Code benutzt wird, sonst bis zur Öffnung"),
        _("niemand kann daraus einen Code lesen"),
    )
    rows = (
        (
            _("Stimmzettel"),
            _(
                "versiegelt, alle gleich lang, unter einem zufälligen Schlüssel, ohne Zeit und "
                "Reihenfolge"
            ),
            _("bis zur Öffnung, dann vernichtet"),
            _who_opens(study, _),
        ),
        *((code,) if study.access is Access.CODES else ()),
        (
            _("Zahl der Stimmzettel"),
            _("vor dem Ende abgerundet auf Zehner, einmal am Tag"),
            _("dauerhaft"),
            _("Projektteam"),
        ),
        (
            _("Datensatz nach der Öffnung"),
            _(
                "Antworten in gemischter Reihenfolge; freie Texte je Frage getrennt und eigens "
                "gemischt"
            ),
            retention(study, _),
            _("das Auswertungsprogramm; Menschen nur Zusammenfassungen"),
        ),
        (
            _("Protokolle"),
            _("Probeöffnung, Öffnung, Vernichtung der Schlüssel, Wiederherstellung, Löschung"),
            _("dauerhaft"),
            _("Projektteam, Personalrat, Datenschutz"),
        ),
    )
    head = (_("Was"), _("In welcher Form"), _("Wie lange"), _("Wer es sehen kann"))
    return Section(_("Was gespeichert wird"), table=Table(head, rows))


def _never(study: Study, _: Translate) -> Section:
    code = _(
        "welcher Code zu welchem Stimmzettel gehört: Der Code wird in demselben Schritt "
        "gelöscht, in dem der Stimmzettel abgelegt wird"
    )
    return Section(
        _("Was nie gespeichert wird"),
        points=(
            _("Name, Kennung, Internetadresse, Gerät, Browser, Herkunftsseite, Cookie"),
            _("Uhrzeit, Dauer und Reihenfolge des Antwortens"),
            _("angefangene Antworten: Bis zum Absenden liegen sie verschlüsselt nur im Browser"),
            *((code,) if study.access is Access.CODES else ()),
        ),
    )


def _holders(stored: StoredStudy, records: Sequence[Record], study: Study, _: Translate) -> Section:
    names = ", ".join(holder.holder for holder in stored.recipients)
    rule = (
        _(
            "Geöffnet wird nur gemeinsam: Jede Schlüsselperson nimmt auf dem eigenen Rechner "
            "eine Schicht ab."
        )
        if study.opening is OpeningRule.ALL
        else _(
            "Jede Schlüsselperson kann die Urne allein öffnen. Diese Regel wurde eigens gewählt."
        )
    )
    named = (
        _("Schlüsselpersonen: %(names)s.") % {"names": names}
        if names
        else _("Schlüsselpersonen sind noch nicht benannt.")
    )
    done = tuple(
        _(_ACTS[record.kind]) % {"day": day(record.day, study.language)}
        for record in records
        if record.kind in _ACTS
    )
    rehearsed = any(record.kind == "rehearsal" for record in records)
    waiting = study.access is Access.CODES and not study.demo and not rehearsed
    missing = _("Die Probeöffnung steht noch aus; vorher öffnet die Umfrage nicht.")
    sentences = (named, rule, *done, *((missing,) if waiting else ()))
    return Section(_("Wer die Urne öffnen kann"), sentences)


_ACTS = {
    "rehearsal": later("Probeöffnung bestanden am %(day)s."),
    "opened": later("Urne geöffnet am %(day)s."),
    "keys-destroyed": later("Schlüssel vernichtet am %(day)s."),
    "restored": later("Sicherung eingespielt am %(day)s."),
    "purged": later("Daten gelöscht am %(day)s."),
}


def _published(study: Study, _: Translate) -> Section:
    rules = {name: max(least, study.rules.get(name, 0)) for name, least in _THRESHOLDS.items()}
    groups = _(
        "Beteiligung je Bereich nur für Bereiche ab %(least)s Personen und nie so, dass 1 bis 9 "
        "Personen übrig bleiben."
    )
    return Section(
        _("Was veröffentlicht wird"),
        points=(
            _(
                "Kleinste Gruppe: %(min_base)s Antworten; eigene Mittelwerte ab %(min_chapter)s, "
                "freie Texte je Gruppe ab %(min_texts)s. Kleinere gehen in einer größeren "
                "Einheit auf."
            )
            % rules,
            _(
                "Auch aus Unterschieden zwischen Tabellen lassen sich keine 1 bis 9 Personen "
                "errechnen; das Programm greift jede Veröffentlichung vorher selbst an."
            ),
            _("Vor dem Ende gibt es keine Ergebnisse, auch nicht für die Leitung."),
            *((groups % {"least": SMALLEST_GROUP},) if study.access is Access.CODES else ()),
        ),
    )


def not_promised(study: Study) -> tuple[str, ...]:
    """What nobody must rely on, complete, in the words of the sheet and the study's language."""
    _ = between_tags(study.language)
    codes = study.access is Access.CODES
    return (
        _(
            "Schutz vor eingeworfenen Stimmzetteln durch die, die den Server verwalten oder "
            "unbenutzte Codes haben."
        )
        if codes
        else _(
            "Schutz vor mehrfachem Antworten: Ohne Codes zählt jeder Stimmzettel, nicht jede "
            "Person."
        ),
        _(
            "Schutz davor, dass jemand eine alte Sicherung einspielt und benutzte Codes damit "
            "wieder gelten; ein Einspielen über das Programm wird protokolliert."
        )
        if codes
        else _(
            "Schutz davor, dass jemand eine alte Sicherung einspielt; ein Einspielen über das "
            "Programm wird protokolliert."
        ),
        _(
            "Schutz vor verändertem Programm auf dem Server, vor Mitschnitten im Netz und vor "
            "abgefangenen Seiten zusammen mit dem Seitenschlüssel."
        ),
        _(
            "Verschwiegenheit, wenn alle Schlüsselpersonen zusammenwirken und eine Kopie der "
            "Urne von vor der Öffnung haben."
        )
        if study.opening is OpeningRule.ALL
        else _(
            "Verschwiegenheit, wenn eine Schlüsselperson eine Kopie der Urne von vor der "
            "Öffnung hat."
        ),
        _("Schutz vor dem Wiedererkennen am eigenen freien Text."),
        _("Schutz vor Blicken auf ein gemeinsam benutztes Gerät, auf dem eine Seite offen blieb."),
        _(
            "Dass die letzte Schlüsselperson den Datensatz nicht fälscht: Sie erzeugt ihn allein. "
            "Nachprüfbar wird er, wenn die Schlüsselpersonen die Urne gemeinsam noch einmal "
            "öffnen („survey urn verify“), bevor die Schlüssel vernichtet werden."
        ),
        _("Spätere Auskunft, Änderung oder Löschung: Niemand findet eine einzelne Antwort wieder."),
    )


def _checks(database: str, _: Translate) -> Section:
    return Section(
        _("Wie sich das prüfen lässt"),
        (
            _(
                "Einen Stimmzettel aus der Urne öffnet auch das unabhängige Programm „age“. "
                "„survey attack“ spielt die Angriffe nach und druckt ein Protokoll, „survey "
                "inspect“ nennt jede Tabelle und jede Spalte."
            ),
            _("Datenbank: %(name)s.") % {"name": _(DATABASES[database])},
        ),
    )


def _who_opens(study: Study, _: Translate) -> str:
    if study.demo or study.server_keys:
        return _("wer den Server betreibt")
    if study.opening is OpeningRule.ALL:
        return _("niemand allein; alle Schlüsselpersonen gemeinsam, nach dem Ende")
    return _("jede Schlüsselperson, nach dem Ende")


def retention(study: Study, _: Translate) -> str:
    """How long the data set is kept."""
    if study.delete_on:
        last = day(study.delete_on, study.language)
        return _("bis zum %(day)s, dann gelöscht („survey purge“)") % {"day": last}
    return study.retention or _("kein Löschtag genannt")
