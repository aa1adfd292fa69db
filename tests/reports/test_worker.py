"""Dossiers in the background: progress for each document, and nothing lost by a kill."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from reports.cli import reports
from reports.errors import DossierError
from reports.jobs import DONE, FAILED, folder, jobs, keep, new_job, run
from reports.worker import enqueue, work
from survey.dataset import store_data_set
from survey.home import Home
from survey.questionnaire import read_questionnaire
from survey.simulate import simulate_data_set


@pytest.fixture(scope="module")
def home(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Home:
    path = tmp_path_factory.mktemp("home")
    questionnaire = read_questionnaire(root / "questionnaires" / "vision" / "staff.yaml")
    simulate_data_set(questionnaire, 1200, 3, path / "staff.zip")
    store_data_set(Home(path), path / "staff.zip")
    return Home(path)


def called(home: Home, *arguments: str) -> Result:
    return CliRunner().invoke(reports, ["--home", str(home.path), *arguments])


def test_a_killed_worker_takes_its_job_up_again_and_leaves_no_half_file(home: Home) -> None:
    job = enqueue(home, "vision-staff", ("department", "council"), "youth")
    command = [sys.executable, "-m", "reports.cli", "--home", str(home.path), "worker", "--once"]
    first = subprocess.Popen(command, stdout=subprocess.DEVNULL, start_new_session=True)
    try:
        for _ in range(3000):
            (now,) = jobs(home)
            if now.done or first.poll() is not None:
                break
            time.sleep(0.1)
    finally:
        os.kill(first.pid, signal.SIGKILL)
        first.wait()
    (now,) = jobs(home)
    assert list(now.done) == ["department youth"]
    written = Path(now.done["department youth"])
    before = written.stat().st_mtime_ns
    half = written.parent / ".ratsdossier.pdf-half"
    half.write_bytes(b"%PDF")
    result = called(home, "worker", "--once")
    assert result.exit_code == 0, result.output
    (now,) = jobs(home)
    assert now.id == job.id
    assert now.state == DONE
    assert list(now.done) == ["department youth", "council"]
    assert written.stat().st_mtime_ns == before
    assert not list(written.parent.glob(".*"))
    assert all(Path(path).read_bytes().startswith(b"%PDF") for path in now.done.values())
    assert "done, 2 of 2" in called(home, "jobs").stdout


def test_a_finished_job_is_not_built_again(home: Home) -> None:
    job = keep(home, new_job(home, "vision-staff", ("council",)))
    (folder(home) / f"{job.id}.json").unlink()
    done = [job for job in jobs(home) if job.state == DONE]
    for one in done:
        assert run(home, one.id) == one


def test_a_job_that_cannot_be_built_says_why(tmp_path: Path) -> None:
    home = Home(tmp_path)
    enqueue(home, "nowhere", ("council",))
    work(home, lambda _: None, once=True)
    (job,) = jobs(home)
    assert job.state == FAILED
    assert "nowhere" in job.error
    assert "failed" in called(home, "jobs").stdout


def test_only_one_worker_is_at_work_for_a_home(tmp_path: Path) -> None:
    home = Home(tmp_path)
    enqueue(home, "nowhere", ("council",))
    refused: list[str] = []

    def second(_: object) -> None:
        with pytest.raises(DossierError) as caught:
            work(home, lambda _: None, once=True)
        refused.append(str(caught.value))

    work(home, second, once=True)
    assert refused
    assert all("another worker" in text for text in refused)


def test_a_broken_record_is_named(tmp_path: Path) -> None:
    home = Home(tmp_path)
    folder(home).mkdir(parents=True)
    (folder(home) / "x.json").write_text("{")
    with pytest.raises(DossierError, match=r"x\.json"):
        jobs(home)
