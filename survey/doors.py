"""The doors of all studies: which can be entered now, and what the pages need behind them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from threading import Lock

from survey import ballot, database, urn
from survey.desk import Desk
from survey.errors import StudyStateError
from survey.home import Home
from survey.page_state import PageState, StateBox
from survey.schema import State
from survey.screens import Screens
from survey.studies import StudyRow, list_studies
from survey.study import Access
from survey.theme import Theme


class Passage(Enum):
    """Whether answers are taken."""

    OPEN = "open"
    WAITING = "waiting"
    CLOSED = "closed"


@dataclass(frozen=True)
class Door:
    """One study as the pages see it."""

    desk: Desk
    screens: Screens

    def passage(self, now: datetime) -> Passage:
        """Whether the study takes answers at this time."""
        if self.desk.accepts(now):
            return Passage.OPEN
        opens = self.desk.study.opens
        early = opens is not None and now < opens
        return Passage.WAITING if early or self.desk.state is State.DRAFT else Passage.CLOSED

    def box(self) -> StateBox:
        """What seals and opens the page states; raises ``StudyStateError`` when closed."""
        return StateBox(self.desk.state_key, self.desk.study.id, self.desk.instrument)

    def is_done(self, state: PageState) -> bool:
        """Whether these answers must not be shown any more, because they are in the urn."""
        if self.desk.study.access is Access.CODES:
            return not self.desk.code_is_live(state.code)
        return self.is_cast(state)

    def is_cast(self, state: PageState) -> bool:
        """Whether a ballot under this state's key is in the urn."""
        with database.reading(self.desk.home) as connection:
            digest = ballot.key_digest(state.ballot_key)
            return urn.holds(connection, self.desk.study.id, digest)


class Doors:
    """All doors of an installation; a study that has opened is prepared once per process."""

    def __init__(self, home: Home, theme: Theme) -> None:
        self._home = home
        self._theme = theme
        self._known: dict[str, Door] = {}
        self._lock = Lock()

    def studies(self) -> tuple[StudyRow, ...]:
        """The studies that respondents may know of."""
        return tuple(row for row in list_studies(self._home) if row.state != State.DRAFT)

    def find(self, study_id: str) -> Door:
        """The door of a study; raises ``StudyStateError`` if there is none."""
        with self._lock:
            if study_id not in self._known:
                door = self._prepare(study_id)
                if door.desk.state is State.DRAFT:
                    return door  # its keys are not settled yet
                self._known[study_id] = door
            return self._known[study_id]

    def _prepare(self, study_id: str) -> Door:
        if study_id not in {row.id for row in list_studies(self._home)}:
            raise StudyStateError(f"there is no study {study_id}")
        desk = Desk.open(self._home, study_id)
        return Door(desk, Screens(desk.questionnaire, self._theme))
