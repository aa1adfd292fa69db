"""The process that does one job: ``python -m reports.team.work HOME JOB``."""

from __future__ import annotations

import hashlib
import shutil
import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from reports.team import jobs
from reports.team.jobs import Job
from survey.errors import SurveyError
from survey.home import Home
from survey.studies import load_study
from survey.translation import moment
from survey.welcome import voluntary

SUMS = "SHA256SUMS.txt"
STEPS = 3
"""Release, tables and charts: what is done beside the dossiers."""
TABLES = {"csv": ".csv", "csv-de": "-excel.csv", "xlsx": ".xlsx", "datapackage": "-package.zip"}
"""Formats of the released table, and how their files end."""


def main(home_path: str, id: str) -> None:
    """Do a job and say in its file what has become of it."""
    home = Home(Path(home_path))
    job = jobs.load(home, id)
    if job is None:
        return
    refused = ""
    try:
        _WORK[job.kind](home, job)
    except SurveyError as error:
        refused = str(error)
    except Exception as error:  # the kind of a defect only: its message could quote anything
        refused = f"defect: {type(error).__name__}"
    last = jobs.load(home, id) or job
    jobs.save(home, replace(last, ended=True, refused=refused))


def _codes(home: Home, job: Job) -> None:
    from survey.code_batches import print_codes
    from survey.code_cards import Form, Imprint

    study = load_study(home, job.study).study
    imprint = Imprint(
        title=study.title,
        address=f"{job.wanted['address'].rstrip('/')}/s/{study.id}/",
        sender=study.commissioner,
        contact=study.contact,
        closes=moment(study.closes, "de"),
        voluntary=voluntary(study),
        demo=study.demo,
    )
    counts: dict[str, int] = dict(job.wanted["counts"])
    total, folder = sum(counts.values()), jobs.folder_of(home, job)
    jobs.step(home, job, 0, total)
    form = Form(job.wanted["form"])
    print_codes(
        home,
        study.id,
        counts,
        imprint,
        form,
        folder,
        lambda done: jobs.step(home, job, done, total),
    )
    shutil.make_archive(str(folder), "zip", folder)
    folder.with_suffix(".zip").chmod(0o600)
    shutil.rmtree(folder)


def _dossiers(home: Home, job: Job) -> None:
    from reports.commands.dossier import EVERY, written
    from reports.pdf import write_aside
    from reports.releasing import released_results
    from reports.slides import drawn, slides
    from reports.table_formats import TABLE_FORMATS

    folder, study = home.dossiers / job.study, job.study
    jobs.step(home, job, 0, STEPS)
    results = released_results(home, study, now=datetime.now(UTC))
    jobs.step(home, job, 1, STEPS)
    for name, ending in TABLES.items():
        write_aside(folder / f"{study}{ending}", TABLE_FORMATS[name].write(results))
    for slide in slides(results):
        made = drawn(slide)
        write_aside(folder / f"{study}-{made.name}.svg", made.svg)
        write_aside(folder / f"{study}-{made.name}.png", made.png)
    write_aside(folder / SUMS, sums(folder).encode())
    jobs.step(home, job, 2, STEPS)
    # Last, because a dossier with a number that has no address is refused: tables stay then.
    written(home, EVERY, study, folder, lambda done, of: jobs.step(home, job, done + 2, of + 3))
    write_aside(folder / SUMS, sums(folder).encode())


def sums(folder: Path) -> str:
    """The checksums of all files of a folder, as ``sha256sum --check`` reads them."""
    files = sorted(p for p in folder.iterdir() if p.is_file() and not p.name.startswith("."))
    named = [p for p in files if p.name != SUMS]
    return "".join(f"{hashlib.sha256(p.read_bytes()).hexdigest()}  {p.name}\n" for p in named)


_WORK: dict[str, Callable[[Home, Job], None]] = {jobs.CODES: _codes, jobs.DOSSIERS: _dossiers}

if __name__ == "__main__":
    main(*sys.argv[1:3])
