"""ZIP files of many small parts that are stored as they are, written and read part by part.

The standard library's module keeps a few hundred bytes and spends some fifty microseconds per
part, which for an urn is more than opening a ballot takes. It still reads whatever is written
here, as every other ZIP program does. The format is PKWARE's APPNOTE 6.3, sections 4.3 and 4.5.3.
"""

from __future__ import annotations

import struct
import zlib
from types import TracebackType
from typing import IO

_LOCAL, _LISTED = struct.Struct("<4s5H3I2H"), struct.Struct("<4s6H3I5H2I")
_END, _WIDE_END = struct.Struct("<4s4H2IH"), struct.Struct("<4sQ2H2I4Q")
_WHERE, _FAR = struct.Struct("<4sIQI"), struct.Struct("<2HQ")
_UTF_8, _STORED, _LONG_AGO = 0x800, 0, 0x21
_PLAIN, _WIDE, _UNIX = 20, 45, 3 << 8
_OWNER = 0o600 << 16
_MOST_PARTS, _MOST_BYTES = 0xFFFF, 0xFFFFFFFF


class StoredZip:
    """Writes a ZIP file to an empty binary file; complete when the block has ended."""

    def __init__(self, file: IO[bytes]) -> None:
        """Nothing is written before the first part."""
        self._file, self._at = file, file.tell()
        self._list, self._parts = bytearray(), 0

    def __enter__(self) -> StoredZip:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: object, trace: TracebackType | None
    ) -> None:
        if kind is None:
            self._finish()

    def add(self, name: str, content: bytes) -> None:
        """Write one part; a name is used once."""
        called, size, sum_ = name.encode(), len(content), zlib.crc32(content)
        common = (_UTF_8, _STORED, 0, _LONG_AGO, sum_, size, size, len(called))
        self._file.write(_LOCAL.pack(b"PK\3\4", _PLAIN, *common, 0) + called + content)
        far = self._at >= _MOST_BYTES
        more = _FAR.pack(1, 8, self._at) if far else b""
        needed = _WIDE if far else _PLAIN
        place = min(self._at, _MOST_BYTES)
        self._list += _LISTED.pack(
            *(b"PK\1\2", _UNIX | needed, needed, *common, len(more), 0, 0, 0, _OWNER, place)
        )
        self._list += called + more
        self._at += _LOCAL.size + len(called) + size
        self._parts += 1

    def _finish(self) -> None:
        parts, size, start = self._parts, len(self._list), self._at
        self._file.write(self._list)
        if parts >= _MOST_PARTS or max(size, start) >= _MOST_BYTES:
            counts = (0, 0, parts, parts, size, start)
            self._file.write(_WIDE_END.pack(b"PK\6\6", 44, _UNIX | _WIDE, _WIDE, *counts))
            self._file.write(_WHERE.pack(b"PK\6\7", 0, start + size, 1))
        few = min(parts, _MOST_PARTS)
        reach = (min(size, _MOST_BYTES), min(start, _MOST_BYTES))
        self._file.write(_END.pack(b"PK\5\6", 0, 0, few, few, *reach, 0))


def read_stored(file: IO[bytes], start: int, size: int, sum_: int) -> bytes:
    """The part that begins at ``start``; raises ``ValueError`` if it is not what was listed."""
    file.seek(start)
    head = file.read(_LOCAL.size)
    if len(head) < _LOCAL.size or head[:4] != b"PK\3\4":
        raise ValueError("no part begins here")
    called, more = _LOCAL.unpack(head)[-2:]
    content = file.read(called + more + size)[called + more :]
    if len(content) != size or zlib.crc32(content) != sum_:
        raise ValueError("the part is not what was listed")
    return content
