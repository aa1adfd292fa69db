"""The check before an upload: a good file passes, and each fault is found and named."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pikepdf
import pytest

from reports.page import Page
from reports.pdf import pdf_bytes
from reports.upload_check import Checked, as_text, check_pdf, verdict

HTML = """<!DOCTYPE html><html lang="de"><head><title>Probe</title></head><body><main>
<h1>Probe</h1><p>staff · Fragebogen 1 · Daten 1a2b3c4d · Meinungsbild</p>
<table><thead><tr><th>A</th></tr></thead><tbody><tr><td>b</td></tr></tbody></table>
</main></body></html>"""
OWN = {
    "Aufbau", "Kennzeichen Archiv", "Kennzeichen Barrierefreiheit", "Struktur", "Sprache", "Titel",
    "Bildbeschreibungen", "Tabellenköpfe", "Schriften", "Harmlos", "Größe", "Datensatz",
}  # fmt: skip


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("pdf") / "probe.pdf"
    path.write_bytes(pdf_bytes(Page(HTML, "", {})))
    return path


def failed(check: Checked) -> set[str]:
    return {point.name for point in check.points if point.holds is False}


def test_a_sound_pdf_lacks_only_the_table_that_its_numbers_stand_in(sound: Path) -> None:
    check = check_pdf(sound, "1a2b3c4d" + "0" * 56)
    assert failed(check) == {"Zahlen"}
    assert {p.name for p in check.points if p.holds} >= OWN
    assert verdict(check) == "nicht hochladen: Zahlen"


def test_another_data_set_is_noticed(sound: Path) -> None:
    assert "Datensatz" in failed(check_pdf(sound, "f" * 64))


def _silent(pdf: pikepdf.Pdf) -> None:
    del pdf.Root["/StructTreeRoot"]


def _wordless(pdf: pikepdf.Pdf) -> None:
    del pdf.Root["/Lang"]


def _unmarked(pdf: pikepdf.Pdf) -> None:
    del pdf.Root["/Metadata"]


def _armed(pdf: pikepdf.Pdf) -> None:
    action = pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS=pikepdf.String("1"))
    pdf.Root["/OpenAction"] = pdf.make_indirect(action)


def _loose(pdf: pikepdf.Pdf) -> None:
    for one in pdf.objects:
        if isinstance(one, pikepdf.Dictionary) and one.get("/Type") == "/FontDescriptor":
            for name in ("/FontFile", "/FontFile2", "/FontFile3"):
                if name in one:
                    del one[name]


@pytest.mark.parametrize(
    ("spoil", "found"),
    [
        (_silent, "Struktur"),
        (_wordless, "Sprache"),
        (_unmarked, "Kennzeichen Archiv"),
        (_unmarked, "Kennzeichen Barrierefreiheit"),
        (_armed, "Harmlos"),
        (_loose, "Schriften"),
    ],
)
def test_each_fault_is_named(
    sound: Path, tmp_path: Path, spoil: Callable[[pikepdf.Pdf], None], found: str
) -> None:
    with pikepdf.open(sound) as pdf:
        spoil(pdf)
        pdf.save(tmp_path / "spoiled.pdf")
    assert found in failed(check_pdf(tmp_path / "spoiled.pdf", "1a2b3c4d"))


def test_what_is_no_pdf_is_not_ready(tmp_path: Path) -> None:
    (tmp_path / "x.pdf").write_bytes(b"nothing")
    assert not check_pdf(tmp_path / "x.pdf", "1a2b3c4d").ready


@pytest.mark.parametrize(
    ("program", "holds", "words"),
    [
        ("", None, "nicht installiert"),
        ('echo "PASS $5 $2"', True, "bestanden"),
        ('echo "FAIL $5 $2"; exit 1', False, "nicht bestanden"),
        ("exit 7", None, "abgebrochen"),
        ("echo hello", None, "abgebrochen"),
    ],
)
def test_the_report_says_what_an_independent_judge_said_and_whether_there_was_one(
    sound: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    program: str,
    holds: bool | None,
    words: str,
) -> None:
    if program:
        (tmp_path / "verapdf").write_text(f"#!/bin/sh\n{program}\n")
        (tmp_path / "verapdf").chmod(0o700)
    # Java's own veraPDF may be installed on this machine; here the path decides.
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}/nowhere" if not program else
                       f"{tmp_path}{os.pathsep}/usr/bin{os.pathsep}/bin")  # fmt: skip
    check = check_pdf(sound, "1a2b3c4d")
    [point] = [p for p in check.points if p.name == "veraPDF PDF/UA-1"]
    assert (point.holds, words in point.found) == (holds, True)
    assert "veraPDF" in as_text("staff", [check])
    assert check.judged is (holds is not None)
