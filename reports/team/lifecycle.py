"""Where a study stands, from draft to purged, and whether the next step is due.

Nothing of this is stored: it follows from the urn, the records and the ledger. Every step goes
through the same functions as the commands; what they would refuse is said here in the language
of the page.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from enum import StrEnum

from reports.errors import ReportError
from reports.ledger import RELEASE, Ledger
from reports.team.words import _, later
from survey import retention, sign_off_record
from survey.home import Home
from survey.records import read_records
from survey.rehearsal_record import rehearsed_on, terms
from survey.sign_off_record import Office
from survey.states import State
from survey.studies import StoredStudy, close_study, load_study, open_study
from survey.study import Access


class Step(StrEnum):
    """The life of a study, in its order."""

    DRAFT = "draft"
    SIGNED = "signed"
    OPEN = "open"
    CLOSED = "closed"
    OPENED = "opened"
    RELEASED = "released"
    PURGED = "purged"


LABELS = {
    Step.DRAFT: later("Entwurf"),
    Step.SIGNED: later("freigegeben"),
    Step.OPEN: later("offen"),
    Step.CLOSED: later("geschlossen"),
    Step.OPENED: later("geöffnet"),
    Step.RELEASED: later("veröffentlicht"),
    Step.PURGED: later("gelöscht"),
}
ORDER = tuple(Step)
OFFICES = {
    Office.DATA_PROTECTION: later("Datenschutzbeauftragte Person"),
    Office.STAFF_COUNCIL: later("Personalrat"),
}
AFTER_OPENING = frozenset({Step.OPENED, Step.RELEASED})


class StepError(ReportError):
    """A step that is not due yet, or not any more."""


def stage_of(home: Home, study_id: str) -> Step:
    """The last step that a study has taken; raises ``SurveyError`` if there is none."""
    stored = load_study(home, study_id)
    if read_records(home, study_id, retention.KIND):
        return Step.PURGED
    if stored.state is State.DRAFT:
        standing = sign_off_record.signatures(home, study_id, stored.bundle)
        return Step.SIGNED if len(standing) == len(Office) else Step.DRAFT
    if stored.state is State.OPENED:
        entries = Ledger(home).entries()
        released = any(e.kind == RELEASE and e.study == study_id for e in entries)
        return Step.RELEASED if released else Step.OPENED
    return Step(stored.state.value)


def require(home: Home, study_id: str, *steps: Step) -> Step:
    """The step of a study if it is one of these; else ``StepError`` that says where it stands."""
    found = stage_of(home, study_id)
    if found not in steps:
        wanted = _(" oder ").join(_("„%(step)s“", step=_(LABELS[step])) for step in steps)
        raise StepError(
            _(
                "Die Umfrage %(study)s ist „%(found)s“. Das geht nur, solange sie %(wanted)s ist.",
                study=study_id,
                found=_(LABELS[found]),
                wanted=wanted,
            )
        )
    return found


def needs_rehearsal(stored: StoredStudy) -> bool:
    """Whether a study opens only after a rehearsal with its key holders."""
    return stored.study.access is Access.CODES and not stored.study.demo


def rehearsed(home: Home, stored: StoredStudy) -> str:
    """The day (ISO 8601) of the rehearsal with the present key holders; empty if none passed."""
    rule = terms(stored.recipients, stored.study.opening.value, stored.host_key)
    return rehearsed_on(home, stored.study.id, rule)


def hindrances(home: Home, stored: StoredStudy, now: datetime) -> Iterator[str]:
    """Every reason why a draft cannot be opened for answers now."""
    for office in sign_off_record.missing(home, stored.study, stored.bundle):
        yield _("Es fehlt die Freigabe: %(office)s.", office=_(OFFICES[office]))
    if needs_rehearsal(stored):
        if len(stored.recipients) < 2:
            yield _("Es sind noch keine zwei Schlüsselpersonen angemeldet.")
        elif not rehearsed(home, stored):
            yield _("Die Probeöffnung mit den jetzigen Schlüsselpersonen fehlt noch.")
    closes = stored.study.closes
    if closes and closes <= now and not stored.study.demo:
        yield _("Der geplante Schluss ist schon vorbei: Ändern Sie die Termine im Fragebogen.")


def open_for_answers(home: Home, study_id: str, now: datetime) -> None:
    """Open a signed draft; raises ``StepError`` with every hindrance at once."""
    require(home, study_id, Step.DRAFT, Step.SIGNED)
    found = list(hindrances(home, load_study(home, study_id), now))
    if found:
        raise StepError("\n".join(found))
    open_study(home, study_id, now)


def close_for_good(home: Home, study_id: str, now: datetime) -> None:
    """Close an open study for good."""
    require(home, study_id, Step.OPEN, Step.CLOSED)
    close_study(home, study_id, now)


def purge(home: Home, study_id: str, now: datetime) -> None:
    """Delete the answers on the day that the study names; refuses before."""
    stored = load_study(home, study_id)
    if not is_due(stored, now.date()):
        raise StepError(
            _(
                "Gelöscht wird am Tag, den die Umfrage nennt: %(day)s.",
                day=stored.study.delete_on or "–",
            )
        )
    retention.purge(home, study_id, now)


def is_due(stored: StoredStudy, today: date) -> bool:
    """Whether the day of deletion has come."""
    day = stored.study.delete_on
    return bool(day) and date.fromisoformat(day) <= today
