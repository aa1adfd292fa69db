"""What the worker does: each task goes on from the record of its job, however that was left."""

from __future__ import annotations

import hashlib
import json
import logging
import shutil
from collections import Counter
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from reports.building import Document, build, documents, fitting_kinds
from reports.chart_store import charts_kept
from reports.dossiers import DOSSIERS as KINDS
from reports.errors import DossierError
from reports.estimates import Results
from reports.jobs import (
    CODES,
    DONE,
    DOSSIERS,
    EVERY,
    FAILED,
    PREVIEWS,
    REPORT,
    RESULTS,
    RUNNING,
    SUMS,
    Job,
    folder,
    keep,
    overview,
    printed_codes,
    read,
)
from reports.preview_store import keeper
from reports.releasing import released_results
from reports.slides import drawn, slides
from reports.surroundings import beside_of, warnings_of
from reports.table_formats import TABLE_FORMATS
from reports.upload_check import as_text, check_pdf
from survey import codes
from survey.code_batches import print_codes
from survey.code_cards import Form, Imprint
from survey.dataset import current_data_set
from survey.errors import SurveyError
from survey.files import write_aside
from survey.home import READY, Home
from survey.studies import load_study
from survey.traces import outline
from survey.translation import moment
from survey.welcome import voluntary

log = logging.getLogger("worker")

Told = Callable[[Job], None]
Move = Callable[[Job], Job]
"""Keeps a job that has moved on, and tells of it."""
Task = Callable[[Home, Job, Move, int], Job]

MOST_TRIES = 3
"""After so many workers that ended over a job, it is given up: something kills them."""

TABLES = {"csv": ".csv", "csv-de": "-excel.csv", "xlsx": ".xlsx", "datapackage": "-package.zip"}
"""Formats of the released table, and how their files end."""


def run(home: Home, id: str, *, told: Told = lambda _: None, processes: int = 0) -> Job:
    """Do what a job still lacks and record each step as soon as it is done.

    A job that has ended is left as it is. What the user can mend is recorded as its error; of a
    defect only the kind, because its message could quote anything.
    """
    path = folder(home) / f"{id}.json"
    job = read(path)
    if job.ended:
        return job

    def move(moved: Job) -> Job:
        keep(home, moved)
        told(moved)
        return moved

    if job.tries >= MOST_TRIES:
        said = f"{job.tries} workers have ended over this job, perhaps for want of memory"
        return move(replace(job, state=FAILED, error=said))
    job = move(replace(job, state=RUNNING, error="", tries=job.tries + 1))
    try:
        return move(replace(TASKS[job.task](home, job, move, processes), state=DONE))
    except SurveyError as error:
        return move(replace(read(path), state=FAILED, error=str(error)))
    except Exception as error:
        log.error("a defect in a job\n%s", outline(error))
        return move(replace(read(path), state=FAILED, error=f"defect: {type(error).__name__}"))


# -- dossiers ---------------------------------------------------------------------------------


def _dossiers(home: Home, job: Job, move: Move, processes: int) -> Job:
    results = released_results(home, job.study, now=datetime.now(UTC))
    return _documents(home, replace(job, at=0), results, move, processes)


def _documents(
    home: Home,
    job: Job,
    results: Results,
    move: Move,
    processes: int,
    previews: Path | None = None,
    more: int = 0,
) -> Job:
    """The job with every document written; ``more`` steps of it come after them."""
    data_set, partner = current_data_set(home, job.study), job.wanted.get("partner") or None
    beside = beside_of(home, data_set, datetime.now(UTC), partner)
    kinds = fitting_kinds(results, beside) if job.kinds == (EVERY,) else _kinds(job)
    wanted = documents(results, beside, kinds, job.unit)
    data, target, first = results.release.fingerprint, home.dossiers / job.study, job.at
    _clear(target)
    done = _standing(job, wanted) if job.data == data else {}
    total = first + len(wanted) + more
    job = move(replace(job, total=total, done=done, data=data, at=first + len(done)))
    left = [document for document in wanted if document.name not in done]

    def note(_done: int, _total: int, last: str, path: Path) -> None:
        nonlocal job
        found = {**job.done, last: str(path)}
        at = first + len(found)
        job = move(replace(job, done=found, at=at, total=max(job.total, at + more)))

    if left:
        shown = keeper(home, job.study, partner, tuple(warnings_of(results, beside)), None)
        with charts_kept(home, job.study, results.release.fingerprint):
            build(
                results, beside, left, target, progress=note, processes=processes or None,
                previews=previews, shown=shown,
            )  # fmt: skip
    return replace(job, total=job.at + more)


def _standing(job: Job, wanted: tuple[Document, ...]) -> dict[str, str]:
    """The documents that an earlier worker has written; of those with several files all."""
    names = {document.name for document in wanted}
    known = {n: path for n, path in job.done.items() if Path(path).is_file()}
    return {name: path for name, path in known.items() if name in names}


def _kinds(job: Job) -> list[str]:
    if unknown := [kind for kind in job.kinds if kind not in KINDS]:
        raise DossierError(f"unknown kinds of dossier: {', '.join(unknown)}")
    return list(job.kinds)


def _clear(target: Path) -> None:
    """Remove what a killed process has left half written; its name begins with a dot."""
    for path in (*target.glob(".*-*"), *(target / READY).glob(".*-*")):
        with suppress(FileNotFoundError):
            path.unlink()


# -- everything about results -------------------------------------------------------------------


def _results(home: Home, job: Job, move: Move, processes: int) -> Job:
    """Tables, charts, dossiers with their previews, the check report and the checksums."""
    target, study = home.dossiers / job.study, job.study
    _clear(target)
    job = move(replace(job, at=0, total=job.total or 4))
    results = released_results(home, study, now=datetime.now(UTC))
    job = move(replace(job, at=1))
    for name, ending in TABLES.items():
        write_aside(target / f"{study}{ending}", TABLE_FORMATS[name].write(results))
    job = move(replace(job, at=2))
    for slide in slides(results):
        made = drawn(slide)
        write_aside(target / f"{study}-{made.name}.svg", made.svg)
        write_aside(target / f"{study}-{made.name}.png", made.png)
    write_aside(target / SUMS, sums(target).encode())
    job = move(replace(job, at=3))
    # A dossier with a number that has no address is refused: tables and charts stay then.
    job = move(_documents(home, job, results, move, processes, target / PREVIEWS, more=1))
    data = results.release.fingerprint
    paths = sorted(target.glob(f"*{data[:8]}*.pdf"))
    job, checks = replace(job, total=job.at + len(paths) + 1), []
    for path in paths:
        checks.append(check_pdf(path, data))
        job = move(replace(job, at=job.at + 1))
    write_aside(target / REPORT, as_text(study, checks).encode())
    write_aside(target / SUMS, sums(target).encode())
    statuses = Counter(row.status.value for row in results.rows)
    shown = {"checks": [check.raw() for check in checks], "statuses": dict(statuses)}
    write_aside(overview(home, study), json.dumps(shown, ensure_ascii=False).encode())
    return replace(job, at=job.total)


def sums(folder: Path) -> str:
    """The checksums of all files of a folder, as ``sha256sum --check`` reads them."""
    files = sorted(p for p in folder.iterdir() if p.is_file() and not p.name.startswith("."))
    named = [p for p in files if p.name != SUMS]
    return "".join(f"{hashlib.sha256(p.read_bytes()).hexdigest()}  {p.name}\n" for p in named)


# -- codes --------------------------------------------------------------------------------------


def _codes(home: Home, job: Job, move: Move, _processes: int) -> Job:
    """A ZIP file of printed codes; they are drawn anew unless they became valid before."""
    counts: dict[str, int] = dict(job.wanted["counts"])
    total, target = sum(counts.values()), printed_codes(home, job)
    out = target.with_suffix("")
    for left in target.parent.glob(f".{job.id}*"):
        shutil.rmtree(left) if left.is_dir() else left.unlink()
    issued = dict(codes.counts(home, job.study))
    if "issued" not in job.wanted:
        job = move(replace(job, total=total, wanted={**job.wanted, "issued": issued}))
    before: Mapping[str, int] = job.wanted["issued"]
    valid = all(issued.get(group, 0) == before.get(group, 0) + n for group, n in counts.items())
    if not target.exists() and not (valid and out.exists()):
        shutil.rmtree(out, ignore_errors=True)
        print_codes(
            home, job.study, counts, _imprint(home, job), Form(job.wanted["form"]), out,
            lambda done: move(replace(job, at=done)),
        )  # fmt: skip
    if out.exists():
        aside = target.with_name(f".{job.id}")
        made = Path(shutil.make_archive(str(aside), "zip", out))
        made.chmod(0o600)
        made.replace(target)
        shutil.rmtree(out)
    return replace(job, at=total, total=total)


def _imprint(home: Home, job: Job) -> Imprint:
    study = load_study(home, job.study).study
    return Imprint(
        title=study.title,
        address=f"{job.wanted['address'].rstrip('/')}/s/{study.id}/",
        sender=study.commissioner,
        contact=study.contact,
        closes=moment(study.closes, "de"),
        voluntary=voluntary(study),
        demo=study.demo,
    )


TASKS: dict[str, Task] = {DOSSIERS: _dossiers, RESULTS: _results, CODES: _codes}
"""What a job may be about, to what does it."""
