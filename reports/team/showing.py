"""What templates ask for: the areas of a study, rows of tables, texts of reminders."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from flask import url_for

from reports.ledger import Entry
from reports.team.guard import has_role
from reports.team.lifecycle import OFFICES
from reports.team.participation import GroupCount, Projection
from reports.team.progress_words import progress_said
from reports.team.result_files import point_rows, verdict_words
from reports.team.roles import Role
from reports.team.sessions import Other
from reports.team.words import _, language
from survey.paper_entry import Difference
from survey.records import Record
from survey.study import Access, Regime, Study
from survey.translation import moment, number


def areas(study_id: str) -> Iterator[tuple[str, str]]:
    """Addresses and names of the areas of a study that the person at hand may see."""
    yield url_for("study.show", study_id=study_id), _("Stand")
    yield url_for("study.questionnaire", study_id=study_id), _("Fragebogen")
    yield url_for("preview.index", study_id=study_id), _("Vorschau")
    if has_role(Role.FIELDWORK, Role.AUDITOR):
        yield url_for("fieldwork.show", study_id=study_id), _("Durchführung")
        yield url_for("opening.show", study_id=study_id), _("Öffnung der Urne")
    if has_role(Role.MODERATOR):
        yield url_for("texts.show", study_id=study_id), _("Freitexte")
    if has_role(Role.REPORTER, Role.AUDITOR):
        yield url_for("results.show", study_id=study_id), _("Auswertung")
    if has_role(Role.AUDITOR):
        yield url_for("oversight.show", study_id=study_id), _("Aufsicht")


def offices_words() -> list[tuple[str, str]]:
    """The offices that sign a questionnaire, for a field to choose from."""
    return [(office.value, _(label)) for office, label in OFFICES.items()]


def difference_rows(found: Iterable[Difference]) -> list[tuple[str, ...]]:
    """Differences of two typed stacks as rows."""
    return [(d.sheet, d.column or "–", d.first or "–", d.second or "–") for d in found]


def group_rows(groups: Iterable[GroupCount]) -> list[tuple[str, ...]]:
    """Reporting groups as rows."""
    return [
        (g.name, _number(g.issued), "–" if g.shown is None else _number(g.shown)) for g in groups
    ]


def issued_rows(issued: Iterable[tuple[str, int]]) -> list[tuple[str, ...]]:
    """Codes by group as rows."""
    words = {"": _("ohne Gruppe"), "paper": _("Papier")}
    return [(words.get(name, name), _number(count)) for name, count in issued]


def precision_head(more: Sequence[int]) -> list[str]:
    """The head of the table of expected precision."""
    return [
        _("Gruppe"),
        _("Antworten"),
        *(_("mit %(count)s mehr", count=_number(n)) if n else _("jetzt") for n in more),
    ]


def precision_rows(found: Iterable[Projection]) -> list[list[str]]:
    """Expected precision as rows."""
    return [
        [
            one.name or _("alle Eingeladenen"),
            _number(one.answers),
            *("–" if width is None else f"± {_decimal(width)}" for width in one.widths),
        ]
        for one in found
    ]


def entry_rows(entries: Iterable[Entry]) -> list[tuple[str, ...]]:
    """Entries of the ledger as rows."""
    kinds = {"release": _("Veröffentlichung"), "erratum": _("Berichtigung")}
    return [
        (
            str(e.number),
            e.time[:10],
            kinds.get(e.kind, e.kind),
            e.fingerprint[:16],
            str(len(e.tables)),
        )
        for e in entries
    ]


def record_rows(records: Iterable[Record]) -> list[tuple[str, ...]]:
    """Records of a study as rows."""
    return [(r.path.name[:4], r.day, r.kind) for r in records]


def export_rows(records: Iterable[Record]) -> list[tuple[str, ...]]:
    """Row-level exports as rows: when, in which role, why; never what."""
    return [
        (r.day, str(r.content.get("role", "–")), str(r.content.get("reason", "–"))) for r in records
    ]


def rejected_words(rejected: Mapping[str, int]) -> str:
    """How many ballots the opening rejected, by reason."""
    return ", ".join(f"{reason}: {count}" for reason, count in rejected.items()) or "0"


def reminders(study: Study, ballots: int) -> list[tuple[str, str]]:
    """Two texts that go to everybody, in the language of the page."""
    closes = moment(study.closes, language()) or "…"
    taken = _number(ballots)
    first = _(
        "Guten Tag,\n\nwir fragen: %(title)s. Wenn Sie schon teilgenommen haben: vielen Dank. "
        "Wenn nicht, freuen wir uns über Ihre Antwort. Die Teilnahme ist freiwillig und anonym; "
        "wer teilgenommen hat, wissen wir nicht. Deshalb geht diese Erinnerung an alle.\n\n"
        "Die Umfrage ist offen bis: %(closes)s.",
        title=study.title,
        closes=closes,
    )
    second = _(
        "Guten Tag,\n\ndie Umfrage „%(title)s“ endet bald: %(closes)s. Bisher liegen mindestens "
        "%(count)s Stimmzettel in der Urne. %(why)s Gelesen wird nichts, bevor die Urne geöffnet "
        "ist.\n\nDiese Erinnerung geht an alle, auch an alle, die schon geantwortet haben.",
        title=study.title,
        closes=closes,
        count=taken,
        why=_("Jede weitere Antwort macht das Ergebnis genauer, vor allem für kleine Ämter.")
        if study.regime is Regime.CENSUS_ATTEMPT
        else _("Jede weitere Stimme zählt mit."),
    )
    return [
        (_("Erste Erinnerung, nach einer Woche"), f"{first}\n\n{_way(study)}"),
        (_("Zweite, kurz vor Schluss"), f"{second}\n\n{_way(study)}"),
    ]


def _way(study: Study) -> str:
    """How people come to the survey, and whom they may ask."""
    address = f"[{_('Adresse der Umfrage')}]/s/{study.id}/"
    found = [_("Sie finden die Umfrage hier: %(address)s", address=address)]
    if study.access is Access.CODES:
        found.append(_("Sie brauchen dafür den Code von Ihrer Karte oder aus Ihrem Brief."))
    if study.contact:
        found.append(_("Fragen beantwortet: %(contact)s", contact=study.contact))
    return "\n".join(found)


def other_rows(found: Iterable[Other]) -> list[tuple[str, str]]:
    """Other sessions of a person as rows."""
    return [(moment(one.begun, language()), moment(one.seen, language())) for one in found]


def helpers() -> dict[str, Any]:
    """Every function above by its name."""
    made = (
        areas, offices_words, difference_rows, group_rows, issued_rows, precision_head,
        precision_rows, entry_rows, record_rows, export_rows, rejected_words, reminders,
        verdict_words, point_rows, other_rows, progress_said,
    )  # fmt: skip
    return {function.__name__: function for function in made}


def _number(value: int) -> str:
    return number(value, language())


def _decimal(value: float) -> str:
    text = f"{value:.1f}"
    return text if language() == "en" else text.replace(".", ",")
