"""The doors of all studies: which can be entered now, and what the pages need behind them."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from functools import cached_property
from threading import Lock

from survey.desk import Desk
from survey.errors import PageStateError, StudyStateError
from survey.glances import Glance
from survey.home import Home
from survey.page_state import PageState, StateBox, state_size
from survey.screens import Screens
from survey.states import State
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

    def unfold(self, sent: str) -> tuple[Door, StateBox | None, PageState | None]:
        """A page state that was sent, with the door of the version that has sealed it.

        A page that was opened before the questionnaire was changed goes on in its own version;
        any other text belongs to the newest and is no page state.
        """
        for door in (self, *self.earlier) if sent else ():
            with suppress(PageStateError, StudyStateError):
                box = door.box()
                return door, box, box.open(sent)
        return self, None, None

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

    def prepare(self) -> None:
        """Make everything that requests would make the first time."""
        self.screens.prepare()
        for item in self.desk.instrument.items:
            _ = item.sendable, item.worded, item.clearable, item.own_questions
        _ = self._state_size

    def look(self, page: PageState) -> Glance:
        """What became of the ballot of a page state, seen now."""
        return self.desk.glance(page.ballot_key, page.code)

    def is_done(self, seen: Glance) -> bool:
        """Whether the answers of a page must not be shown any more: they are in the urn."""
        return not seen.is_live if self.desk.study.access is Access.CODES else seen.is_cast


@dataclass(frozen=True, slots=True)
class Entrance:
    """What stands behind one request: a door, and what one look at the database has told.

    ``page`` is the page state that was sent and ``seen`` what became of its ballot; both are
    missing where nothing was sent that this study has sealed.
    """

    door: Door
    state: State
    box: StateBox | None = None
    page: PageState | None = None
    seen: Glance | None = None


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

    def prepare(self) -> None:
        """Prepare all open studies."""
        for row in self.studies():
            if row.state == State.OPEN:
                self.find(row.id).prepare()

    def find(self, study_id: str) -> Door:
        """The door of a study; raises ``StudyStateError`` if there is none."""
        return self.enter(study_id).door

    def known(self, study_id: str) -> Door | None:
        """The door of a study that somebody has entered before; the database is not asked."""
        return self._known.get(study_id)

    def enter(self, study_id: str, sent: str = "") -> Entrance:
        """The way in for one request, whose form holds the page state ``sent``.

        Everything that the database knows about it is read at once, in one query. Raises
        ``StudyStateError`` if there is no such study.
        """
        if (known := self._known.get(study_id)) and (ready := self._look_in(known, sent)):
            return ready
        door = self._entered(study_id)
        return Entrance(door, door.desk.state)

    def _look_in(self, known: Door, sent: str) -> Entrance | None:
        """None if the questionnaire was changed since the door was prepared."""
        door, box, page = known.unfold(sent)
        seen = door.look(page) if page else known.desk.glance()
        if seen.version != known.desk.version:
            return None
        return Entrance(door, seen.state, box, page, seen if page else None)

    def _ready(self, study_id: str) -> Door | None:
        """A door that was prepared for the version that is asked now."""
        known = self._known.get(study_id)
        if known is None:
            return None
        return known if known.desk.glance().version == known.desk.version else None

    def _entered(self, study_id: str) -> Door:
        with self._lock:
            if ready := self._ready(study_id):
                return ready
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
