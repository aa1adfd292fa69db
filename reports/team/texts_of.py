"""The moderation room as the pages use it: kept in memory per data set, one act at a time."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from threading import Lock

from markupsafe import Markup, escape

from reports.errors import ReportError
from reports.moderation.flags import Flag, Kind
from reports.moderation.release import agreement
from reports.moderation.room import Room
from reports.moderation.state import NO_THEME, SETTLED, QuestionState, Status
from reports.team.words import _, later
from survey.dataset import current_data_set
from survey.home import Home

STATUS_WORDS = {
    Status.OPEN: later("offen"),
    Status.ONE: later("eine Person"),
    Status.DISPUTED: later("strittig"),
    Status.CLEAN: later("unverändert"),
    Status.REDACTED: later("geschwärzt"),
    Status.WITHHELD: later("zurückgehalten"),
}
KIND_WORDS = {
    Kind.NAME: later("Name"),
    Kind.CONTACT: later("Kontakt"),
    Kind.TITLE: later("Funktion"),
    Kind.UNIT: later("Stelle im Haus"),
    Kind.DATE: later("Zeitangabe"),
    Kind.SITUATION: later("erkennbare Lage"),
}
_rooms: dict[str, tuple[Room, Lock]] = {}
_lock = Lock()


@contextmanager
def held(home: Home, study_id: str, today: date) -> Iterator[Room]:
    """The room of a study's newest data set, for one request at a time."""
    data_set = current_data_set(home, study_id)
    key = f"{home.path} {study_id} {data_set.fingerprint}"
    with _lock:
        if key not in _rooms:
            for old in [k for k in _rooms if k.startswith(f"{home.path} {study_id} ")]:
                del _rooms[old]
            _rooms[key] = Room.of(home, data_set, today), Lock()
        room, lock = _rooms[key]
    with lock:
        room.today = today
        yield room


def question_state(room: Room, question: str) -> QuestionState:
    """Where a question stands."""
    return room.state().get(question) or QuestionState()


def next_for(room: Room, question: str, person: str, after: int = 0) -> int:
    """The next text that waits for this person, behind a number; 0 if none does."""
    state, total = question_state(room, question), len(room.texts[question])
    order: list[int] = [*range(after + 1, total + 1), *range(1, min(after, total) + 1)]
    for number in order:
        text = state.text(number)
        waits = text.status not in SETTLED and person not in text.judgements
        if waits or text.status is Status.DISPUTED:
            return number
    return 0


def marked(written: str, flags: Sequence[Flag]) -> Markup:
    """A text with its flagged places marked."""
    parts: list[str] = []
    place = 0
    for flag in flags:
        if flag.start < place:
            continue
        parts.append(escape(written[place : flag.start]))
        parts.append(Markup("<mark>{}</mark>").format(written[flag.start : flag.end]))
        place = flag.end
    return Markup("").join([*parts, escape(written[place:])])


@dataclass(frozen=True, slots=True)
class ThemeRow:
    """A theme of the frame with the texts that hold it, and how far coders agree."""

    code: str
    label: str
    texts: int
    alpha: float | None


def theme_rows(room: Room, question: str) -> tuple[list[ThemeRow], float | None, int]:
    """Counted themes, alpha over all, and how many texts two people have coded."""
    state = question_state(room, question)
    found = agreement(state)
    coded = [text.themes for text in state.texts.values() if text.themes is not None]
    labels = {code: theme.label for code, theme in state.themes.items()}
    rows = [
        ThemeRow(code, label, sum(code in themes for themes in coded), found.by_theme.get(code))
        for code, label in (*labels.items(), (NO_THEME, _("keinem Thema zugeordnet")))
    ]
    return rows, found.alpha, found.double_coded


def spans_of(written: str, chosen: Sequence[str], words: str) -> list[Flag]:
    """Places to take out: chosen flags (START-END:KIND), and every place of typed words."""
    spans = []
    for value in chosen:
        try:
            range_, kind = value.split(":")
            start, end = (int(part) for part in range_.split("-"))
            spans.append(Flag(start, end, Kind(kind)))
        except ValueError:
            raise ReportError(_("Diese Stelle gibt es nicht.")) from None
    for word in filter(None, (part.strip() for part in words.split("|"))):
        start = written.find(word)
        if start < 0:
            raise ReportError(_("„%(words)s“ steht nicht so im Text.", words=word))
        while start >= 0:
            spans.append(Flag(start, start + len(word), Kind.SITUATION))
            start = written.find(word, start + len(word))
    return spans
