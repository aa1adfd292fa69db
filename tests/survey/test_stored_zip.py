"""ZIP files of many stored parts: every other program reads them, damage is found."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest

from survey.stored_zip import StoredZip, read_stored

PARTS = {"ballots/000001.age": b"first", "größe.txt": b"", "last": bytes(range(256)) * 30}


def written(parts: dict[str, bytes]) -> io.BytesIO:
    file = io.BytesIO()
    with StoredZip(file) as archive:
        for name, content in parts.items():
            archive.add(name, content)
    return file


def test_the_standard_library_reads_what_was_written() -> None:
    with zipfile.ZipFile(written(PARTS)) as archive:
        assert archive.testzip() is None
        assert {name: archive.read(name) for name in archive.namelist()} == PARTS
        assert {entry.external_attr >> 16 for entry in archive.infolist()} == {0o600}


def test_more_parts_than_an_old_zip_file_may_have_are_all_there() -> None:
    many = {f"ballots/{number:06d}.age": b"%d" % number for number in range(65_540)}
    with zipfile.ZipFile(written(many)) as archive:
        assert len(archive.namelist()) == 65_540
        assert archive.read("ballots/065539.age") == b"65539"


def test_a_part_behind_four_gigabytes_is_found(tmp_path: Path) -> None:
    # A hole in the file stands for the parts before it; it takes no room on the disk.
    with (tmp_path / "far.zip").open("w+b") as file:
        file.seek(2**32 + 10)
        with StoredZip(file) as archive:
            archive.add("far", b"behind")
        with zipfile.ZipFile(file) as archive:
            entry = archive.getinfo("far")
            assert entry.header_offset == 2**32 + 10
            assert archive.read("far") == b"behind"
            assert read_stored(file, entry.header_offset, 6, entry.CRC) == b"behind"


def test_a_file_that_was_not_finished_is_no_archive() -> None:
    file = io.BytesIO()
    with pytest.raises(TypeError), StoredZip(file) as archive:
        archive.add("one", 1)  # type: ignore[arg-type]
    assert not zipfile.is_zipfile(file)


def test_every_part_is_read_and_every_damage_noticed() -> None:
    file = written(PARTS)
    with zipfile.ZipFile(file) as archive:
        for entry in archive.infolist():
            place = entry.header_offset, entry.file_size, entry.CRC
            assert read_stored(file, *place) == PARTS[entry.filename]
        last = archive.getinfo("last")
    place = last.header_offset, last.file_size, last.CRC
    whole = file.getvalue()
    for at in (last.header_offset, last.header_offset + 100):
        damaged = bytearray(whole)
        damaged[at] ^= 1
        with pytest.raises(ValueError, match="part"):
            read_stored(io.BytesIO(damaged), *place)
    with pytest.raises(ValueError, match="part"):
        read_stored(io.BytesIO(whole[: last.header_offset + 50]), *place)
    with pytest.raises(ValueError, match="part"):
        read_stored(io.BytesIO(b""), *place)
