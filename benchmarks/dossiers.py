"""How long dossiers take: CPU seconds, wall seconds and peak memory, each kind by itself.

python benchmarks/dossiers.py [RESPONSES]     all kinds of the staff study (default 5,430)
python benchmarks/dossiers.py growth [--write]    time by pages, table rows and departments

``--write`` renews the second table of docs/PERFORMANCE.md.
Wall seconds say something on an idle machine only; CPU seconds include helper processes.
"""

from __future__ import annotations

import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from reports.beside import ALONE
from reports.building import build, composed, documents
from reports.disclosure import release
from reports.dossier import Dossier, Paragraph, Section
from reports.estimates import Results
from reports.exhibits import Column, Grid
from reports.pdf import pdf_bytes
from reports.preview import preview
from reports.published import published
from reports.rendering import as_page
from reports.results import results_of
from survey.questionnaire import read_questionnaire
from survey.simulate import simulate_data_set

ROOT = Path(__file__).parent.parent
PAGE = ROOT / "docs" / "PERFORMANCE.md"
BEGIN, END = "<!-- grown: begin -->", "<!-- grown: end -->"
GROWN: list[str] = []
"""Lines of the table, in the order in which they were measured."""


def measured(what: str, do: Callable[[], object]) -> float:
    """Print and return the wall seconds of something, with its CPU seconds."""
    start, own, helpers = time.perf_counter(), time.process_time(), _of_helpers()
    do()
    wall = time.perf_counter() - start
    cpu = time.process_time() - own + _of_helpers() - helpers
    peak = max(resource.getrusage(who).ru_maxrss for who in
               (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)) / 1024  # fmt: skip
    print(f"{what:<46} {cpu:7.1f} s CPU {wall:7.1f} s wall {peak:6.0f} MiB", flush=True)
    GROWN.append(f"| {what} | {cpu:.1f} s | {peak:.0f} MiB |\n")
    return wall


def _of_helpers() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def staff(responses: int) -> Results:
    """The estimates of simulated answers to the shipped staff questionnaire.

    Its 22,000 people are multiplied where there are more answers.
    """
    questionnaire = read_questionnaire(ROOT / "questionnaires" / "vision" / "staff.yaml")
    frame = questionnaire.study.frame
    if frame is not None and responses > frame.total:
        times = -(-responses * 10 // (frame.total * 9))
        counts = {group: people * times for group, people in frame.counts.items()}
        study = replace(questionnaire.study, frame=replace(frame, counts=counts))
        questionnaire = replace(questionnaire, study=study)
    with tempfile.TemporaryDirectory() as folder:
        data = simulate_data_set(questionnaire, responses, 7, Path(folder) / "staff.zip")
        return results_of(release(data))


def kinds(responses: int) -> None:
    """Counting and estimating, then every kind, warm."""
    found: list[Results] = []
    measured(
        f"release and estimates, {responses:,} answers", lambda: found.append(staff(responses))
    )
    (results,) = found
    tracer = published(results).tracer()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for kind in ("council", "team"):
            (document,) = documents(results, ALONE, [kind])
            measured(kind, lambda d=document: build(results, ALONE, [d], folder, processes=1))  # type: ignore[misc]
        (document,) = documents(results, ALONE, ["council"])
        measured("council as HTML", lambda: preview(composed(document, tracer)[0]))
        units = documents(results, ALONE, ["department"])
        one = measured(f"{len(units)} departments, one process",
                       lambda: build(results, ALONE, units, folder, processes=1))  # fmt: skip
        two = measured(f"{len(units)} departments, two helpers",
                       lambda: build(results, ALONE, units, folder, processes=2))  # fmt: skip
        print(f"two helpers build {one / two:.2f} times as many per second as one process")


def council(responses: int) -> None:
    """The council dossier of so many answers, counting beside setting."""
    found: list[Results] = []
    measured(
        f"council, {responses:,} answers: counts and estimates",
        lambda: found.append(staff(responses)),
    )
    (document,) = documents(found[0], ALONE, ["council"])
    with tempfile.TemporaryDirectory() as name:
        measured(
            f"council, {responses:,} answers: composed and set",
            lambda: build(found[0], ALONE, [document], Path(name), processes=1),
        )


def growth() -> None:
    """Time of setting pages by number of text pages, and of table rows."""
    for size in (1_000, 100_000):
        council(size)
    results = staff(5430)
    (document,) = documents(results, ALONE, ["council"])
    model = document.compose()[0]
    for pages in (10, 30, 90):
        text = "Wort " * 430
        sections = tuple(Section(f"s{i}", "Text", (Paragraph(text),)) for i in range(pages))
        measured(f"text pages: {pages}", lambda s=sections: _set(model, s))  # type: ignore[misc]
    for rows in (60, 180, 540):
        grid = Grid(
            id="rows", caption="Tabelle", columns=tuple(Column(f"S{i}") for i in range(10)),
            rows=tuple(tuple(f"{r},{c} %" for c in range(10)) for r in range(rows)),
        )  # fmt: skip
        section = (Section("t", "Tabelle", (grid,)),)
        measured(f"table rows (10 columns): {rows}", lambda s=section: _set(model, s))  # type: ignore[misc]
    units = documents(results, ALONE, ["department"])
    with tempfile.TemporaryDirectory() as name:
        for count in (3, 6):
            measured(f"departments: {count}",
                     lambda n=count: build(results, ALONE, units[:n], Path(name), processes=1))  # type: ignore[misc]  # fmt: skip


def _set(model: Dossier, sections: tuple[Section, ...]) -> bytes:
    return pdf_bytes(as_page(replace(model, sections=sections)))


def write() -> None:
    """Put the lines between the marks of docs/PERFORMANCE.md, written aside and renamed."""
    before, _, rest = PAGE.read_text("utf-8").partition(BEGIN)
    after = rest.partition(END)[2]
    load = ", ".join(f"{one:.1f}" for one in os.getloadavg())
    day = datetime.now(UTC).date().isoformat()
    head = "| what | CPU | peak so far |\n|---|---|---|\n"
    note = f"\n{day}, {os.cpu_count()} cores, load of the machine at the end {load}.\n"
    aside = PAGE.with_suffix(".new")
    aside.write_text(f"{before}{BEGIN}\n{head}{''.join(GROWN)}{note}{END}{after}", "utf-8")
    aside.replace(PAGE)


if __name__ == "__main__":
    if sys.argv[1:2] == ["growth"]:
        growth()
        if "--write" in sys.argv[2:]:
            write()
    else:
        kinds(int(sys.argv[1]) if sys.argv[1:] else 5430)
    free = subprocess.run(["uptime"], capture_output=True, text=True, check=False).stdout.strip()
    print(free)
