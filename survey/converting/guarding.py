"""Foreign files are read only if they are small, plain and what their name says.

Sizes are looked up before anything is read. No entity is expanded, no document type
declaration is accepted and nothing outside the file is ever asked for.
"""

from __future__ import annotations

import zipfile
from io import BytesIO
from pathlib import Path
from typing import Protocol
from xml.etree.ElementTree import ParseError

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import XMLParser

from survey.converting.source_model import Note, note

LARGEST = 8_000_000
"""Bytes of a file that is read; real questionnaires stay far below."""

LARGEST_UNPACKED = 10_000_000
"""Bytes of all tables of a workbook together once they are unpacked."""

MOST_PARTS = 400
"""Files inside a workbook."""

MOST_ELEMENTS = 400_000
"""XML elements of a file, or of all tables of a workbook together."""

DEEPEST = 60
"""Elements within elements; LimeSurvey needs five, a workbook about twenty."""

MOST_ATTRIBUTES = 64
"""Attributes of one element."""


class RefusedError(Exception):
    """A file that is not read, and why."""

    def __init__(self, reason: Note) -> None:
        self.reason = reason
        super().__init__(reason.code)


class Events(Protocol):
    """What a reader of XML is told, in the order of the file."""

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        """An element begins."""

    def end(self, tag: str) -> None:
        """An element ends."""

    def data(self, text: str) -> None:
        """Characters."""


class Ignored:
    """A reader that keeps nothing."""

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        """An element begins."""

    def end(self, tag: str) -> None:
        """An element ends."""

    def data(self, text: str) -> None:
        """Characters."""


class _Counting:
    """Passes events on until there are too many elements or they are nested too deeply."""

    def __init__(self, events: Events, allowed: int) -> None:
        self.events, self.left, self.depth = events, allowed, 0

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        self.left -= 1
        self.depth += 1
        if self.left < 0:
            raise RefusedError(note("too_many_elements", limit=MOST_ELEMENTS))
        if self.depth > DEEPEST or len(attributes) > MOST_ATTRIBUTES:
            raise RefusedError(note("too_deep"))
        self.events.start(tag, attributes)

    def end(self, tag: str) -> None:
        self.depth -= 1
        self.events.end(tag)

    def data(self, text: str) -> None:
        self.events.data(text)

    def close(self) -> int:
        return self.left


def read_bytes(path: Path) -> bytes:
    """The whole file; raises ``RefusedError`` if it is missing, no file, empty or too large."""
    try:
        if not path.is_file():
            raise RefusedError(note("no_file", name=path.name))
        size = path.stat().st_size
        if size > LARGEST:
            raise RefusedError(note("too_large", found=_mega(size), limit=_mega(LARGEST)))
        with path.open("rb") as file:
            content = file.read(LARGEST + 1)
    except OSError as error:
        raise RefusedError(note("unreadable", name=path.name, reason=error.strerror)) from None
    if len(content) > LARGEST:
        raise RefusedError(note("too_large", found="–", limit=_mega(LARGEST)))
    if not content.strip():
        raise RefusedError(note("empty_file"))
    return content


def _mega(size: int) -> str:
    return str(-(-size // 1_000_000))


def read_xml(content: bytes, events: Events, *, allowed: int = MOST_ELEMENTS) -> int:
    """Tells ``events`` what is in an XML text and returns how many elements were not used up.

    Raises ``RefusedError`` for entities, document types, references to outside and broken XML.
    """
    parser = XMLParser(
        target=_Counting(events, allowed),
        forbid_dtd=True,
        forbid_entities=True,
        forbid_external=True,
    )
    try:
        # All at once: in pieces, one very long tag would be read again with every piece.
        parser.feed(content)
        return int(parser.close())
    except DefusedXmlException:
        raise RefusedError(note("entities")) from None
    except (ParseError, LookupError, ValueError) as error:
        line, column = getattr(error, "position", (0, 0))
        raise RefusedError(note("broken_xml", line=line, column=column + 1)) from None


def check_workbook(content: bytes) -> None:
    """Raises ``RefusedError`` unless the bytes are a small workbook (.xlsx) of plain XML."""
    if content.startswith(b"\xd0\xcf\x11\xe0"):
        raise RefusedError(note("old_workbook"))
    try:
        with zipfile.ZipFile(BytesIO(content)) as archive:
            _check_parts(archive)
    except (zipfile.BadZipFile, zipfile.LargeZipFile, EOFError, OSError, ValueError):
        raise RefusedError(note("no_workbook")) from None
    except (NotImplementedError, RuntimeError):
        raise RefusedError(note("strange_workbook")) from None


def _check_parts(archive: zipfile.ZipFile) -> None:
    parts = archive.infolist()
    listed = {part.filename for part in parts}
    if not {"[Content_Types].xml", "xl/workbook.xml"} <= listed:
        raise RefusedError(note("no_workbook"))
    packing = {part.compress_type for part in parts}
    strange = packing - {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}
    if len(parts) > MOST_PARTS or len(listed) < len(parts) or strange:
        raise RefusedError(note("strange_workbook"))
    # Pictures and other binary parts are never unpacked, so they do not count.
    tables = [part for part in parts if part.filename.lower().endswith((".xml", ".rels", ".vml"))]
    unpacked = sum(part.file_size for part in tables)
    if unpacked > LARGEST_UNPACKED:
        limit = _mega(LARGEST_UNPACKED)
        raise RefusedError(note("unpacks_too_large", found=_mega(unpacked), limit=limit))
    left = MOST_ELEMENTS
    for part in tables:
        # Reading ends at the announced size, so a lying header gains nothing.
        left = read_xml(archive.read(part), Ignored(), allowed=left)
