"""Where a study stands, from draft to purged, and whether the next step is due.

Nothing of this is stored: it follows from the urn, the records and the ledger.
"""

from __future__ import annotations

from enum import StrEnum

from reports.ledger import RELEASE, Ledger
from reports.team.words import later
from survey import retention, sign_off
from survey.home import Home
from survey.records import read_records
from survey.schema import State
from survey.studies import load_study


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


def stage_of(home: Home, study_id: str) -> Step:
    """The last step that a study has taken; raises ``SurveyError`` if there is none."""
    stored = load_study(home, study_id)
    if read_records(home, study_id, retention.KIND):
        return Step.PURGED
    if stored.state is State.DRAFT:
        return Step.SIGNED if not sign_off.missing(home, stored) else Step.DRAFT
    if stored.state is State.OPENED:
        entries = Ledger(home).entries()
        released = any(e.kind == RELEASE and e.study == study_id for e in entries)
        return Step.RELEASED if released else Step.OPENED
    return Step(stored.state.value)
