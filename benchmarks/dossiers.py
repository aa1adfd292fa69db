"""How long dossiers take: CPU seconds, wall seconds and peak memory, each kind by itself.

python benchmarks/dossiers.py [RESPONSES]     all kinds of the staff study (default 5,430), about
                                              four minutes on two idle cores
python benchmarks/dossiers.py case CASE [RESPONSES]   one of counts, council, team, preview,
                                              departments (25) and many (60 departments)
python benchmarks/dossiers.py growth [--write]    time by pages, table rows and departments

``--write`` renews the second table of docs/PERFORMANCE.md.
Each case runs in a process of its own; its memory is that of the largest process, counting and
estimating among it. Wall seconds say something on an idle machine only; CPU seconds include
helper processes. Lines with a goal name it.
"""

from __future__ import annotations

import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from many_departments import staff_of

from reports.beside import ALONE
from reports.building import build, composed, documents
from reports.disclosure import release
from reports.dossier import Dossier, Paragraph, Section
from reports.drawn_once import shelf
from reports.estimates import Results
from reports.exhibits import Column, Grid
from reports.pdf import pdf_bytes
from reports.preview import preview
from reports.published import published
from reports.rendering import as_page
from reports.results import results_of
from survey.dataset import store_data_set
from survey.home import Home
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
    """Every case in a fresh process, so that its peak of memory is its own."""
    for case in CASES:
        subprocess.run([sys.executable, __file__, "case", case, str(responses)], check=True)


def case_counts(responses: int) -> None:
    """Counting and estimating."""
    measured(f"release and estimates, {responses:,} answers", lambda: staff(responses))


def case_council(responses: int) -> None:
    """The council dossier as PDF, and as HTML in the same process with its charts known."""
    results = staff(responses)
    (document,) = documents(results, ALONE, ["council"])
    tracer = published(results).tracer()
    with tempfile.TemporaryDirectory() as name:
        measured("council (goal: 15 s wall)",
                 lambda: build(results, ALONE, [document], Path(name), processes=1))  # fmt: skip
    known: dict[str, bytes] = {}
    for what in ("charts drawn", "charts known; goal: 2 s wall"):
        with shelf(known):
            measured(f"council as HTML, warm ({what})",
                     lambda: preview(composed(document, tracer)[0]))  # fmt: skip


def case_team(responses: int) -> None:
    """The report with everything in it."""
    results = staff(responses)
    (document,) = documents(results, ALONE, ["team"])
    with tempfile.TemporaryDirectory() as name:
        measured("team (goal: 45 s wall, 600 MiB)",
                 lambda: build(results, ALONE, [document], Path(name), processes=1))  # fmt: skip


def case_preview(responses: int) -> None:
    """The command for a preview in processes of its own, from nothing known to all known."""
    with tempfile.TemporaryDirectory() as name:
        home = Home(Path(name) / "home").ensure()
        questionnaire = read_questionnaire(ROOT / "questionnaires" / "vision" / "staff.yaml")
        simulate_data_set(questionnaire, responses, 7, Path(name) / "staff.zip")
        store_data_set(home, Path(name) / "staff.zip")
        command = [sys.executable, "-c", "from reports.cli import reports; reports()", "--home",
                   str(home.path), "dossier", "council", "vision-staff", "--html",
                   f"{name}/council.html"]  # fmt: skip
        # An installed program has its bytecode; a preview is not the time to compile it.
        own = [str(ROOT / package) for package in ("survey", "reports")]
        subprocess.run([sys.executable, "-m", "compileall", "-q", *own], check=True)
        show = partial(subprocess.run, command, check=True, capture_output=True, cwd=ROOT)
        measured("preview, first after the opening", show)
        shutil.copy(ROOT / "questionnaires" / "vision" / "staff.proceeding.yaml", home.path)
        (home.path / "proceedings").mkdir()
        (home.path / "staff.proceeding.yaml").rename(
            home.path / "proceedings" / "vision-staff.proceeding.yaml"
        )
        measured("preview after a change of the proceedings (goal: 2 s)", show)
        measured("preview, nothing changed (goal: 2 s)", show)


def case_departments(responses: int) -> None:
    """25 departments, by one process and by two helpers."""
    results = staff(responses)
    units = documents(results, ALONE, ["department"])[:25]
    with tempfile.TemporaryDirectory() as name:
        one = measured(f"{len(units)} departments, one process",
                       lambda: build(results, ALONE, units, Path(name), processes=1))  # fmt: skip
        two = measured(f"{len(units)} departments, two helpers (goal: 30 s wall)",
                       lambda: build(results, ALONE, units, Path(name), processes=2))  # fmt: skip
    print(f"two helpers build {one / two:.2f} times as many per second as one (goal: 1.5)")


def case_many(responses: int) -> None:
    """60 departments by two helpers."""
    with tempfile.TemporaryDirectory() as name:
        data = simulate_data_set(staff_of(60, Path(name)), responses, 7, Path(name) / "staff.zip")
        results = results_of(release(data))
        units = documents(results, ALONE, ["department"])
        measured(f"{len(units)} departments, two helpers (goal: 90 s, 600 MiB)",
                 lambda: build(results, ALONE, units, Path(name) / "out", processes=2))  # fmt: skip


CASES: dict[str, Callable[[int], None]] = {
    "counts": case_counts,
    "council": case_council,
    "team": case_team,
    "preview": case_preview,
    "departments": case_departments,
    "many": case_many,
}


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
    elif sys.argv[1:2] == ["case"]:
        CASES[sys.argv[2]](int(sys.argv[3]) if sys.argv[3:] else 5430)
        sys.exit()
    else:
        kinds(int(sys.argv[1]) if sys.argv[1:] else 5430)
    free = subprocess.run(["uptime"], capture_output=True, text=True, check=False).stdout.strip()
    print(free)
