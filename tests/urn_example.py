"""A small staff study and open study, for tests of the urn."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from survey import codes, holder_files, keys, rehearsal, sign_off, studies
from survey.desk import Desk, Submission
from survey.home import Home
from survey.instrument import Questionnaire
from survey.items.base import Answer
from survey.questionnaire import Bundle, read_bundle
from survey.sign_off_record import missing
from survey.study import Study

NOW = datetime(2026, 5, 4, 12, 0, tzinfo=UTC)

YAML = """
schema: 1
study:
  id: staff
  title: Was zuerst?
  regime: {regime}
  access: {access}
  opening: {opening}
  population: Alle Beschäftigten
  opens: 2025-05-01T08:00:00+02:00
  closes: 2099-05-29T18:00:00+02:00
lists:
  topics:
    - {{code: wege, label: Kürzere Wege}}
    - {{code: zeit, label: Mehr Zeit}}
    - {{code: raum, label: Bessere Räume}}
    - {{code: team, label: Mehr Austausch}}
pages:
  - id: first
    title: Themen
    items:
      - {{id: topics, type: ranking, text: Was ist am wichtigsten?, list: topics, depth: 2,
         shuffle: true, role: ranking}}
      - id: mood
        type: single
        text: Wie ist die Stimmung?
        options:
          - {{code: good, label: Gut}}
          - {{code: fair, label: Mittel}}
          - {{code: poor, label: Schlecht}}
          - {{code: dk, label: Weiß nicht, missing: dont_know}}
      - {{id: wish, type: text, text: Was wünschen Sie sich?, max_length: 200}}
      - {{id: worry, type: text, text: Was macht Ihnen Sorgen?, max_length: 200}}
"""


class Told:
    """Progress that a test reads: labels with what was told under each."""

    def __init__(self) -> None:
        """Nothing told yet."""
        self.steps: dict[str, list[int]] = {}

    @contextmanager
    def __call__(self, label: str, total: int) -> Iterator[Callable[[int], None]]:
        """As ``survey.progress.progress``."""
        yield self.steps.setdefault(label, []).append


HOLDERS = ("council", "project")
MOODS = ("good", "fair", "poor", "dk")
TOPICS = ("wege", "zeit", "raum", "team")


def bundle(access: str = "codes", opening: str = "all") -> Bundle:
    """The questionnaire as text."""
    regime = "open_participation"
    return Bundle(YAML.format(regime=regime, access=access, opening=opening))


def questionnaire(study_id: str, access: str = "codes", opening: str = "all") -> Questionnaire:
    """The questionnaire as it reads."""
    return read_bundle(bundle(access, opening), study_id=study_id)


def add(
    home: Home, study_id: str, *, access: str = "codes", opening: str = "all", demo: bool = False
) -> Study:
    """A draft of the study."""
    return studies.add_study(home, bundle(access, opening), study_id=study_id, demo=demo)


def opened_desk(home: Home, study_id: str, *, access: str = "codes", opening: str = "all") -> Desk:
    """The desk of an open demo study whose keys lie in the home."""
    add(home, study_id, access=access, opening=opening, demo=True)
    studies.open_study(home, study_id, NOW)
    return Desk.open(home, study_id)


def desk_with_holders(home: Home, holders: Path, study_id: str) -> Desk:
    """The desk of a real code study; the holders' key files lie outside the home."""
    add(home, study_id)
    register_holders(home, holders, study_id)
    rehearse(home, holders, study_id)
    open_signed(home, study_id)
    return Desk.open(home, study_id)


def sign(home: Home, study_id: str) -> None:
    """The offices that have not signed a draft do so."""
    stored = studies.load_study(home, study_id)
    for office in missing(home, stored.study, stored.bundle):
        sign_off.sign(home, study_id, office, f"Person of {office.value}", NOW.date(), NOW)


def open_signed(home: Home, study_id: str, now: datetime = NOW) -> None:
    """A draft is signed and opened."""
    sign(home, study_id)
    studies.open_study(home, study_id, now)


def register_holders(home: Home, holders: Path, study_id: str) -> None:
    """Two key holders of a draft, whose files lie outside the home."""
    for name in HOLDERS:
        made = holder_files.create_holder_files(holders / f"{name}.key", study_id, name)
        studies.register_recipient(home, study_id, made.recipient)


def identities(holders: Path, name: str, *, both: bool = True) -> list[Any]:
    """The private keys of a holder, with the one for the rehearsal if ``both``."""
    endings = (".key", ".rehearsal.key") if both else (".key",)
    return [key for end in endings for key in keys.read_identities(holders / f"{name}{end}")]


def rehearse(home: Home, holders: Path, study_id: str) -> None:
    """A rehearsal that passes; nothing of it is left."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "0"
        rehearsal.begin(home, study_id, path, count=2)
        for place, name in enumerate(HOLDERS, start=1):
            out = Path(folder) / str(place)
            rehearsal.take_part(path, identities(holders, name), out)
            path = out
        rehearsal.finish(home, study_id, path, NOW)


def answers(number: int) -> dict[str, Answer]:
    """Allowed answers that tell which number they were made from."""
    ranked = [TOPICS[number % 4], TOPICS[(number + 1 + number // 4 % 3) % 4]]
    return {
        "topics": ranked,
        "mood": MOODS[number % 3],
        "wish": f"Wunsch {number:05d}",
        "worry": f"Sorge {number:05d}",
    }


def submissions(drawn: Iterable[str]) -> list[Submission]:
    """One submission per code, in the order of the codes."""
    return [
        Submission(answers(number), {"topics": number % 4}, code=code)
        for number, code in enumerate(drawn)
    ]


def fill(desk: Desk, count: int) -> list[str]:
    """Cast this many ballots; the codes that were used."""
    drawn = codes.issue(desk.home, desk.study.id, count)
    assert desk.cast_many(submissions(drawn), NOW) == count
    return drawn


def files_of(directory: Path) -> dict[Path, bytes]:
    """The bytes of all files below a directory."""
    return {path: path.read_bytes() for path in directory.rglob("*") if path.is_file()}


def environment() -> dict[str, str]:
    """The environment of a process that runs one of the modules beside this one."""
    tests = Path(__file__).parent
    return {**os.environ, "PYTHONPATH": os.pathsep.join([str(tests.parent), str(tests)])}
