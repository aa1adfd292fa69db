"""The doors of all studies: which can be entered now, and what the pages need behind them."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from functools import cached_property
from threading import Lock

from survey import ballot, database, urn
from survey.desk import Desk
from survey.errors import PageStateError, StudyStateError
from survey.home import Home
from survey.page_state import PageState, StateBox, state_size
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
    earlier: tuple[Door, ...] = ()

    def behind(self, page_state: str | None) -> Door:
        """The door of the version that has sealed a page state.

        A page that was opened before the questionnaire was changed goes on in its own version;
        for any other text this is the newest.
        """
        if not page_state or not self.earlier:
            return self
        for door in (self, *self.earlier):
            with suppress(PageStateError):
                door.box().open(page_state)
                return door
        return self

    def passage(self, now: datetime, state: State) -> Passage:
        """Whether the study, which is in this state, takes answers at this time."""
        if self.desk.accepts_in(state, now):
            return Passage.OPEN
        opens = self.desk.study.opens
        early = opens is not None and now < opens
        return Passage.WAITING if early or state is State.DRAFT else Passage.CLOSED

    def box(self) -> StateBox:
        """What seals and opens the page states; raises ``StudyStateError`` when closed."""
        study, instrument = self.desk.study, self.desk.instrument
        return StateBox(self.desk.state_key, study.id, instrument, self._state_size)

    @cached_property
    def _state_size(self) -> int:
        return state_size(self.desk.instrument)

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
        return self.enter(study_id)[0]

    def enter(self, study_id: str) -> tuple[Door, State]:
        """The door of a study with the state that it is in now, read at once.

        Raises ``StudyStateError`` if there is none.
        """
        if ready := self._ready(study_id):
            return ready
        door = self._entered(study_id)
        return door, door.desk.state

    def _ready(self, study_id: str) -> tuple[Door, State] | None:
        """A door that was prepared for the version that is asked now, and the study's state."""
        known = self._known.get(study_id)
        if known is None:
            return None
        version, state = known.desk.glance()
        return (known, state) if version == known.desk.version else None

    def _entered(self, study_id: str) -> Door:
        with self._lock:
            if ready := self._ready(study_id):
                return ready[0]
            door = self._prepare(study_id)
            if door.desk.was_draft and door.desk.state is not State.DRAFT:
                door = self._prepare(study_id)  # it has opened meanwhile
            # The keys of a draft are not settled yet.
            if not door.desk.was_draft:
                self._known[study_id] = door
            return door

    def _prepare(self, study_id: str) -> Door:
        if study_id not in {row.id for row in list_studies(self._home)}:
            raise StudyStateError(f"there is no study {study_id}")
        desk = Desk.open(self._home, study_id)
        earlier = tuple(
            Door(older, Screens(older.questionnaire, self._theme))
            for older in desk.of_earlier_versions()
        )
        return Door(desk, Screens(desk.questionnaire, self._theme), earlier)
