"""The exported urn: one ZIP file with a header and one age file per ballot.

Plain enough that a key holder can take a ballot out and open it with any age program.
"""

from __future__ import annotations

import json
import secrets
import zipfile
import zlib
from array import array
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import IO, Any

from survey.errors import SurveyError
from survey.files import write_new
from survey.keys import Recipient
from survey.questionnaire import Bundle
from survey.stored_zip import StoredZip, read_stored
from survey.study import Study

HEADER = "urn.json"
_ENCRYPTED = 1
_DAMAGE = (zipfile.BadZipFile, zlib.error, EOFError, OSError, RuntimeError, ValueError)
"""What a ZIP file raises whose parts are cut, changed, packed in odd ways or encrypted."""


@dataclass(frozen=True, slots=True)
class UrnHeader:
    """What an exported urn says about itself.

    ``earlier`` holds hash, text and reason of the versions that were replaced while the study
    was open. ``layers`` holds the public keys of the layers that are still on, outermost first;
    ``digest`` is the SHA-256 of the urn's content on the server. Only a rehearsal has
    ``checks``: a token sealed to each holder's key (age file in Base64), and ``proofs``: the
    tokens that were opened, both by the holder's public key.
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
    checks: dict[str, str] = field(default_factory=dict)
    proofs: dict[str, str] = field(default_factory=dict)

    def to_json(self) -> str:
        """A stable text; :meth:`from_json` reads it back."""
        raw = {name: getattr(self, name) for name in self.__slots__}
        raw["holders"] = [asdict(holder) for holder in self.holders]
        return json.dumps(raw, ensure_ascii=False, indent=1)

    @classmethod
    def from_json(cls, text: str) -> UrnHeader:
        """The header that :meth:`to_json` wrote; raises ``ValueError`` and others."""
        raw: dict[str, Any] = json.loads(text)
        raw["holders"] = tuple(Recipient(**holder) for holder in raw["holders"])
        raw["layers"] = tuple(tuple(layer) for layer in raw["layers"])
        raw["earlier"] = tuple(tuple(version) for version in raw.get("earlier", ()))
        header = cls(**raw)
        header.check()
        return header

    def check(self) -> None:
        """Raise ``ValueError`` and others if a part is not of the kind that an export writes."""
        Study.from_json(self.study)
        for bundle in (self.bundle, *(text for _, text, _ in self.earlier)):
            read = Bundle.from_json(bundle)
            _require(read.main, *read.files, *read.files.values())
        _require(self.instrument_hash, self.host_key, self.rule, self.digest)
        _require(*(word for hash, _, why in self.earlier for word in (hash, why)))
        _require(*(word for holder in self.holders for word in asdict(holder).values()))
        _require(*(key for layer in self.layers for key in layer))
        _require(*self.rejected, *self.checks, *self.checks.values())
        _require(*self.proofs, *self.proofs.values())
        _require(self.ballots, *self.rejected.values(), kind=int)
        if not self.layers or not all(self.layers):
            raise ValueError("no layer is left")


def _require(*values: object, kind: type = str) -> None:
    if not all(isinstance(value, kind) for value in values):
        raise TypeError("a part of the header is of another kind")


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
        except (KeyError, TypeError, AttributeError, *_DAMAGE):
            raise SurveyError(f"{path} is not an exported urn or a damaged file") from None
        yield header, _Places(archive, path).ballots()


class _Places:
    """Where the ballots lie in an archive, in a few bytes each.

    The archive's own list, a hundred MB for 200,000 ballots, is emptied.
    """

    def __init__(self, archive: zipfile.ZipFile, path: Path) -> None:
        if archive.fp is None:
            raise ValueError("the archive is closed")
        self._file, self._path = archive.fp, path
        entries = [entry for entry in archive.infolist() if entry.filename != HEADER]
        for entry in entries:
            # Ballots are stored as they are; what would unpack to more is nobody's ballot.
            if entry.compress_type != zipfile.ZIP_STORED or entry.flag_bits & _ENCRYPTED:
                raise self._damage(entry.filename)
        self._names = [entry.filename for entry in entries]
        self._starts = array("Q", (entry.header_offset for entry in entries))
        self._sizes = array("Q", (entry.file_size for entry in entries))
        self._sums = array("L", (entry.CRC for entry in entries))
        archive.filelist.clear()
        archive.NameToInfo.clear()

    def ballots(self) -> Iterator[bytes]:
        """The ballots in a fresh random order."""
        order = array("L", range(len(self._names)))
        secrets.SystemRandom().shuffle(order)
        for place in order:
            yield self._ballot(place)

    def _ballot(self, place: int) -> bytes:
        try:
            start, size = self._starts[place], self._sizes[place]
            return read_stored(self._file, start, size, self._sums[place])
        except _DAMAGE:
            raise self._damage(self._names[place]) from None

    def _damage(self, name: str) -> SurveyError:
        return SurveyError(f"{self._path} is a damaged file: {name} cannot be read")


def write_urn_file(out: Path, ballots: Iterable[bytes], header: Callable[[], UrnHeader]) -> None:
    """Write a new urn file; the header is asked for when the last ballot has been written."""

    def write(file: IO[bytes]) -> None:
        with StoredZip(file) as archive:
            for number, sealed in enumerate(ballots, start=1):
                archive.add(f"ballots/{number:06d}.age", sealed)
            archive.add(HEADER, header().to_json().encode())

    write_new(out, write)
