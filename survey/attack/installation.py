"""A scratch installation to attack: a home, key holders outside it, studies and codes."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from survey import (
    codes,
    holder_files,
    keys,
    links,
    migrations,
    opening,
    rehearsal,
    sign_off,
    studies,
)
from survey.dataset import DataSet
from survey.errors import SetupError
from survey.home import Home
from survey.inventory import COLUMNS
from survey.questionnaire import Bundle
from survey.sign_off_record import Office
from survey.unsealing import Identities

HOLDERS = ("first holder", "last holder")
COUNTS = {
    "ballots": "SELECT count(*) FROM ballots WHERE study_id = :id",
    "codes": "SELECT count(*) FROM codes WHERE study_id = :id",
}

_YAML = """
schema: 1
study:
  id: {id}
  title: Angriff auf die Urne
  regime: open_participation
  access: {access}
  opening: all
  population: Erfundene Beschäftigte
  closes: {closes}
lists:
  topics:
    - {{code: wege, label: Kürzere Wege}}
    - {{code: zeit, label: Mehr Zeit}}
    - {{code: raum, label: Bessere Räume}}
    - {{code: team, label: Mehr Austausch}}
pages:
  - id: only
    title: Fragen
    items:
      - {{id: person, type: number, text: Die Nummer der Person?, max: 99999}}
      - {{id: topics, type: ranking, text: Was zuerst?, list: topics, depth: 2, shuffle: true,
         role: ranking}}
      - {{id: wish, type: text, text: Was wünschen Sie sich?, max_length: 1000}}
      - {{id: worry, type: text, text: Was macht Ihnen Sorgen?, max_length: 1000}}
"""


@dataclass(frozen=True)
class Installation:
    """A scratch directory with a home, and beside it what lies on the holders' machines."""

    place: Path
    database: str = ""
    now: datetime = field(default_factory=lambda: datetime.now(UTC))

    @property
    def home(self) -> Home:
        """The home that is attacked."""
        return Home(self.place / "home")

    @property
    def logs(self) -> Path:
        """What the servers write to their output."""
        return self.place / "logs"

    def make(self) -> None:
        """Secrets and tables; raises ``SetupError`` if the database holds tables already."""
        self.place.mkdir(parents=True, exist_ok=True)
        self.logs.mkdir(exist_ok=True)
        if self.database:
            self.home.set_database(self.database)
            if not links.is_empty(self.home):
                raise SetupError(
                    "an attack needs an empty database: it fills it, breaks it and empties it"
                )
        migrations.upgrade(self.home)

    def remove(self) -> None:
        """Everything that was made, the tables in a database outside the home included."""
        if self.database:
            with links.writing(self.home) as link:
                for name in COLUMNS:
                    link.change(f"DROP TABLE IF EXISTS {name} CASCADE")
        links.disconnect()
        shutil.rmtree(self.place, ignore_errors=True)

    def bundle(self, study_id: str, access: str = "codes") -> Bundle:
        """The questionnaire: who one is, a shuffled ranking and two free texts."""
        # Not at a time of day at which somebody answers: that is what is searched for.
        closes = (self.now + timedelta(days=30, minutes=-17)).isoformat(timespec="seconds")
        return Bundle(_YAML.format(id=study_id, access=access, closes=closes))

    def open(self, study_id: str, count: int, access: str = "codes") -> list[str]:
        """The codes of a study that was rehearsed and opened for answers."""
        studies.add_study(self.home, self.bundle(study_id, access), study_id=study_id)
        for holder in HOLDERS:
            made = holder_files.create_holder_files(self._key(study_id, holder), study_id, holder)
            studies.register_recipient(self.home, study_id, made.recipient)
        self._rehearse(study_id)
        issued = codes.issue(self.home, study_id, count) if access == "codes" else []
        for office in Office:
            person = f"Person of {office.value}"
            sign_off.sign(self.home, study_id, office, person, self.now.date(), self.now)
        studies.open_study(self.home, study_id, self.now)
        return issued

    def count(self, what: str, study_id: str) -> int:
        """Number of ballots or codes in the database, seen past the program."""
        with links.reading(self.home) as link:
            return link.number(COUNTS[what], {"id": study_id})

    def balance(self, study_id: str) -> int:
        """Ballots and unused codes together, in one look."""
        with links.reading(self.home) as link:
            return sum(link.number(query, {"id": study_id}) for query in COUNTS.values())

    def close(self, study_id: str) -> None:
        """Close a study."""
        studies.close_study(self.home, study_id, datetime.now(UTC))

    def exported(self, study_id: str) -> Path:
        """The urn of a closed study as the holders get it."""
        path = self.place / f"{study_id}-urn.zip"
        opening.export_urn(self.home, study_id, path)
        return path

    def identities(self, study_id: str, holder: str, *, real: bool = True) -> Identities:
        """The private key of a holder: the real one or the one that the rehearsal uses up."""
        path = self._key(study_id, holder)
        return keys.read_identities(path if real else path.with_suffix(".rehearsal.key"))

    def opened(self, study_id: str, urn: Path, turn: str = "0") -> tuple[Path, DataSet]:
        """What the last holder gets and what comes out, opened by both holders in turn."""
        between, out = (self.place / f"{study_id}-{turn}-{n}.zip" for n in (1, 2))
        opening.open_layer(urn, self.identities(study_id, HOLDERS[0]), between)
        data_set = opening.open_layer(between, self.identities(study_id, HOLDERS[1]), out)
        if data_set is None:
            raise SetupError("the urn has more layers than holders")
        return between, data_set

    def _key(self, study_id: str, holder: str) -> Path:
        return self.place / "holders" / holder.replace(" ", "-") / f"{study_id}.key"

    def _rehearse(self, study_id: str) -> None:
        paths = [self.place / "holders" / f"{study_id}-rehearsal-{n}" for n in range(3)]
        rehearsal.begin(self.home, study_id, paths[0])
        for holder, source, target in zip(HOLDERS, paths, paths[1:], strict=False):
            both = [self.identities(study_id, holder, real=real) for real in (True, False)]
            rehearsal.take_part(source, [key for found in both for key in found], target)
        rehearsal.finish(self.home, study_id, paths[-1], self.now)


def texts_of(person: int) -> Sequence[str]:
    """The two free texts of a person, which occur nowhere else."""
    return f"Wunsch der Person {person:05d}", f"Sorge der Person {person:05d}"
