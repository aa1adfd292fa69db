"""All results of two studies, built by a worker for the room: compared, and searched for rows."""

from __future__ import annotations

import csv
import io
import logging
import os
import re
import subprocess
import sys
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pikepdf
import pytest
import urn_example
from room import Room, make_room
from room_crawl import crawled

from reports import jobs
from reports.pdf_text import pdf_pages
from reports.team.roles import Role
from survey import codes, opening, opening_record, studies
from survey.dataset import current_data_set
from survey.desk import Desk, Submission
from survey.items.base import Answer
from survey.questionnaire import Bundle

pytestmark = pytest.mark.full

STAFF, PUBLIC = "staff", "city"
PEOPLE = {"parks": 44, "library": 38, "schools": 52, "nest": 3}
"""Ballots by department; the three people of the last one alone choose ``owls``."""
RARE, WRITTEN = "Nesthocker-Zwergstelle", re.compile(rb"(Wunsch|Sorge|Eule) \d{5}")
YAML = """schema: 1
study:
  id: {id}
  title: {title}
  regime: {regime}
  access: {access}
  population: {population}
  opens: 2025-05-01T08:00:00+02:00
  closes: 2099-05-29T18:00:00+02:00
{frame}scales:
  pace:
    scored: true
    steps:
      - {{code: 1, label: sehr langsam}}
      - {{code: 2, label: langsam}}
      - {{code: 3, label: mittel}}
      - {{code: 4, label: schnell}}
      - {{code: 5, label: sehr schnell}}
pages:
  - id: first
    title: Themen
    items:
      - id: mood
        type: single
        title: Stimmung
        role: preference
        text: Wie ist die Stimmung in der Stadt?
        options:
          - {{code: good, label: Gut}}
          - {{code: poor, label: Schlecht}}
          - {{code: owls, label: Eulenhaft}}
          - {{code: else, label: Anders, other: true}}
      - id: pace
        type: rating
        title: Tempo
        role: assessment
        text: Wie schnell arbeitet die Verwaltung?
        scale: pace
{department}      - {{id: wish, type: text, text: Was wünschen Sie sich?, max_length: 200}}
"""
FRAME = "  headcounts: {file: heads.csv, date: 2026-01-01, source: Stellenplan, total: 300}\n"
DEPARTMENT = f"""      - id: department
        type: single
        role: department
        title: Dienststelle
        text: Wo arbeiten Sie?
        options:
          - {{code: parks, label: Grünflächenamt}}
          - {{code: library, label: Bibliothek}}
          - {{code: schools, label: Schulamt}}
          - {{code: nest, label: {RARE}}}
"""
HEADS = "department,headcount\nparks,100\nlibrary,80\nschools,116\nnest,4\n"


def staff_bundle() -> Bundle:
    text = YAML.format(
        id=STAFF, title="Was zuerst?", regime="census_attempt", access="codes", frame=FRAME,
        population="Alle Beschäftigten der Beispielstadt", department=DEPARTMENT,
    )  # fmt: skip
    return Bundle(text, {"heads.csv": HEADS}, "staff.yaml")


def public_bundle() -> Bundle:
    text = YAML.format(
        id=PUBLIC, title="Und Sie?", regime="open_participation", access="open", frame="",
        population="Alle, die mitmachen wollen", department="",
    )  # fmt: skip
    return Bundle(text, {}, "city.yaml")


def ballots() -> Iterator[dict[str, Answer]]:
    """What the staff answers; every text tells whose ballot it was."""
    number = 0
    for department, count in PEOPLE.items():
        for place in range(count):
            number += 1
            own: dict[str, Answer] = {
                "mood": "owls" if department == "nest" else ("good", "poor")[place % 2],
                "pace": str(1 + number % 5),
                "department": department,
                "wish": f"Wunsch {number:05d}",
            }
            if number in (3, 5):
                own["mood"] = {"else": f"Eule {number:05d}"}
            yield own


def open_study(room: Room, bundle: Bundle, answers: list[dict[str, Answer]]) -> None:
    """A demo study is filled, closed and opened."""
    study = studies.add_study(room.home, bundle, demo=True)
    studies.open_study(room.home, study.id, urn_example.NOW)
    desk = Desk.open(room.home, study.id)
    drawn = codes.issue(room.home, study.id, len(answers)) if study.id == STAFF else []
    sent = [
        Submission(given, {}, **({"code": drawn[place]} if drawn else {}))
        for place, given in enumerate(answers)
    ]
    assert desk.cast_many(sent, urn_example.NOW) == len(answers)
    studies.close_study(room.home, study.id, urn_example.NOW)
    data_set = opening.open_on_server(room.home, study.id)
    opening_record.record_opening(room.home, data_set, urn_example.NOW)


@dataclass
class Built:
    """A room in which everything was built, and what the worker has said meanwhile."""

    room: Room
    said: bytes
    pages: str


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Built]:
    room = make_room(tmp_path_factory.mktemp("built") / "home")
    open_study(room, staff_bundle(), list(ballots()))
    public: list[dict[str, Answer]] = [
        {"mood": ("good", "poor", "good")[n % 3], "pace": str(1 + n % 5), "wish": f"Sorge {n:05d}"}
        for n in range(130)
    ]
    open_study(room, public_bundle(), public)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("reports.team.orders.wake", lambda _: False)
        patch.setattr("reports.team.pages.jobs.wake", lambda _: False)
        reporter = room.signed_in("reporter")
        sent = reporter.post(f"/studies/{STAFF}/results/build", {"partner": PUBLIC})
        assert sent.status_code == 303
        worker = subprocess.run(
            [sys.executable, "-m", "reports.cli", "--home", room.home.path, "worker", "--once"],
            env={**os.environ, "LOGLEVEL": "DEBUG"},
            capture_output=True,
            check=True,
        )
        (job,) = jobs.of_study(room.home, STAFF, jobs.RESULTS)
        assert (job.state, job.error) == (jobs.DONE, "")
        pages = reporter.get(f"/studies/{STAFF}/results").get_data(as_text=True)
        yield Built(room, worker.stdout + worker.stderr, pages)


# -- the comparison of staff and public --------------------------------------------------------


def test_the_room_builds_the_comparison_that_was_chosen_and_names_both_studies(
    built: Built, tmp_path: Path
) -> None:
    (link,) = re.findall(r'href="([^"]*/results/files/vergleich-[^"]+\.pdf)"', built.pages)
    (seen,) = re.findall(r'href="([^"]*/results/preview/vergleich-[^"]+)"', built.pages)
    reporter = built.room.signed_in("reporter")
    shown = reporter.get(seen).get_data(as_text=True)
    assert "Beschäftigte und Öffentlichkeit nebeneinander" in shown
    assert "Wie ist die Stimmung" in shown
    path = tmp_path / "vergleich.pdf"
    path.write_bytes(reporter.get(link).data)
    told = "".join(page.text for page in pdf_pages(path))
    for study in (STAFF, PUBLIC):
        fingerprint = current_data_set(built.room.home, study).fingerprint
        assert fingerprint[:8] in told
    assert "nie zu einer Zahl vermengt" in " ".join(told.split())


def test_every_report_of_the_build_is_ready_for_upload_and_the_annex_is_among_them(
    built: Built,
) -> None:
    kinds = set(re.findall(r"/results/files/(\w+)-staff[^\"]*\.pdf", built.pages))
    assert kinds >= {
        "ratsdossier", "gesamtbericht", "dienststelle", "ergebnisbrief", "vergleich",
        "methodenanhang",
    }  # fmt: skip
    assert "Nicht hochladen" not in built.pages
    assert built.pages.count("Bereit zum Hochladen") == built.pages.count(".pdf</a> ")


def test_a_study_of_the_same_kind_is_offered_to_nobody_for_a_comparison(built: Built) -> None:
    answer = built.room.signed_in("reporter").post(
        f"/studies/{STAFF}/results/build", {"partner": STAFF}
    )
    assert answer.status_code == 409


# -- no row of anybody -------------------------------------------------------------------------


def unpacked(name: str, content: bytes) -> Iterator[tuple[str, bytes]]:
    """Content with everything that is packed inside of it, such as parts of a workbook."""
    yield name, content
    if content[:2] == b"PK":
        packed = zipfile.ZipFile(io.BytesIO(content))
        for part in packed.namelist():
            yield from unpacked(f"{name}/{part}", packed.read(part))
    elif content[:5] == b"%PDF-":
        with pikepdf.open(io.BytesIO(content)) as pdf:
            for number, found in enumerate(pdf.objects):
                if isinstance(found, pikepdf.Stream):
                    yield f"{name}/{number}", _stream(found)
    elif content[:2] in (b"\x1f\x8b", b"\x78\x9c"):
        yield f"{name}/unpacked", zlib.decompress(content, 47)


def _stream(found: Any) -> bytes:
    try:
        return bytes(found.read_bytes())
    except pikepdf.PdfError:
        return bytes(found.read_raw_bytes())


def outputs(room: Room) -> Mapping[str, bytes]:
    """Every file that room and worker have written, without the answers themselves."""
    kept = ("datasets/", "secrets/")
    files = {
        str(path.relative_to(room.home.path)): path.read_bytes()
        for path in room.home.path.rglob("*")
        if path.is_file()
    }
    return {name: content for name, content in files.items() if not name.startswith(kept)}


def leaks(parts: Iterator[tuple[str, bytes]], rows: bytes) -> list[str]:
    """The parts that hold what somebody wrote, or rows as the data set stores them."""
    return [
        name
        for name, part in parts
        if WRITTEN.search(part) or WRITTEN.search(part.replace(b"\0", b"")) or rows in part
    ]


def rows_of(room: Room) -> bytes:
    data = zipfile.ZipFile(current_data_set(room.home, STAFF).path).read("answers.dta")
    return data[-300:-30]


def test_the_search_finds_what_it_looks_for(built: Built) -> None:
    path = current_data_set(built.room.home, STAFF).path
    found = leaks(unpacked("data set", path.read_bytes()), rows_of(built.room))
    assert "data set/answers.dta" in found
    assert len(found) > 1


def test_no_file_of_a_full_build_holds_a_text_or_a_row(built: Built) -> None:
    files = outputs(built.room)
    places = {name.partition("/")[0] for name in files}
    assert {"dossiers", "jobs", "ledger", "team"} <= places
    assert sum(name.endswith(".pdf") for name in files) >= 6
    rows = rows_of(built.room)
    for name, content in files.items():
        assert leaks(unpacked(name, content), rows) == []


def test_the_worker_has_said_nothing_that_anybody_wrote(
    built: Built, caplog: pytest.LogCaptureFixture
) -> None:
    assert not WRITTEN.search(built.said)
    assert RARE.encode() not in built.said
    assert b"Traceback" not in built.said
    with caplog.at_level(logging.DEBUG):
        crawled(built.room, Role.REPORTER, STAFF)
    assert not WRITTEN.search(caplog.text.encode())


def test_three_people_who_answered_alike_are_told_apart_in_no_table(built: Built) -> None:
    tables = [name for name in outputs(built.room) if name.endswith(".csv")]
    assert len(tables) > 3
    (path,) = built.room.home.dossiers.rglob("staff.csv")
    rows = list(csv.DictReader(io.StringIO(path.read_text("utf-8"))))
    alone = [r for r in rows if r["domain"] == "nest" or r["domain"].startswith("nest*")]
    assert not [r for r in alone if r["value"] or r["printed"] or r["base_n"]]
    assert "library+nest" in {r["domain"] for r in rows}
    small = [r for r in rows if r["base_n"] and 0 < float(r["base_n"]) < 10]
    assert not [r for r in small if r["domain"]]


@pytest.mark.parametrize("role", list(Role))
def test_no_page_and_download_after_a_full_build_holds_a_row(built: Built, role: Role) -> None:
    seen = crawled(built.room, role, STAFF)
    if role in (Role.REPORTER, Role.AUDITOR):
        assert sum(path.endswith(".pdf") for path in seen) >= 6
    rows = rows_of(built.room)
    for path, content in seen.items():
        if not (role is Role.MODERATOR and "/texts" in path):
            assert leaks(unpacked(path, content), rows) == []
