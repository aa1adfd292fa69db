"""The exported urn: one ZIP file with a header and one age file per ballot.

Plain enough that a key holder can take a ballot out and open it with any age program.
"""

from __future__ import annotations

import json
import secrets
import zipfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import IO, Any

from survey.errors import SurveyError
from survey.files import write_new
from survey.keys import Recipient

HEADER = "urn.json"


@dataclass(frozen=True, slots=True)
class UrnHeader:
    """What an exported urn says about itself.

    ``earlier`` holds hash, text and reason of the versions that were replaced while the study
    was open. ``layers`` holds the public keys of the layers that are still on, outermost first;
    ``digest`` is the SHA-256 of the urn's content on the server.
    """

    study: str
    bundle: str
    instrument_hash: str
    host_key: str
    holders: tuple[Recipient, ...]
    rule: str
    layers: tuple[tuple[str, ...], ...]
    ballots: int
    digest: str
    rejected: dict[str, int] = field(default_factory=dict)
    earlier: tuple[tuple[str, str, str], ...] = ()

    def to_json(self) -> str:
        """A stable text; :meth:`from_json` reads it back."""
        raw = {name: getattr(self, name) for name in self.__slots__}
        raw["holders"] = [asdict(holder) for holder in self.holders]
        return json.dumps(raw, ensure_ascii=False, indent=1)

    @classmethod
    def from_json(cls, text: str) -> UrnHeader:
        """The header that :meth:`to_json` wrote."""
        raw: dict[str, Any] = json.loads(text)
        raw["holders"] = tuple(Recipient(**holder) for holder in raw["holders"])
        raw["layers"] = tuple(tuple(layer) for layer in raw["layers"])
        raw["earlier"] = tuple(tuple(version) for version in raw.get("earlier", ()))
        return cls(**raw)


@contextmanager
def read_urn_file(path: Path) -> Iterator[tuple[UrnHeader, Iterator[bytes]]]:
    """The header and the ballots in a fresh random order; raises ``SurveyError``."""
    try:
        archive = zipfile.ZipFile(path)
    except OSError as error:
        raise SurveyError(f"{path} cannot be read: {error.strerror}") from None
    except zipfile.BadZipFile:
        raise SurveyError(f"{path} is not an exported urn") from None
    with archive:
        try:
            header = UrnHeader.from_json(archive.read(HEADER).decode())
        except (KeyError, ValueError, TypeError):
            raise SurveyError(f"{path} is not an exported urn") from None
        names = [name for name in archive.namelist() if name != HEADER]
        secrets.SystemRandom().shuffle(names)
        yield header, (archive.read(name) for name in names)


def write_urn_file(out: Path, ballots: Iterable[bytes], header: Callable[[], UrnHeader]) -> None:
    """Write a new urn file; the header is asked for when the last ballot has been written."""

    def write(file: IO[bytes]) -> None:
        with zipfile.ZipFile(file, "w", zipfile.ZIP_STORED) as archive:
            for number, sealed in enumerate(ballots, start=1):
                archive.writestr(zipfile.ZipInfo(f"ballots/{number:06d}.age"), sealed)
            archive.writestr(zipfile.ZipInfo(HEADER), header().to_json())

    write_new(out, write)
