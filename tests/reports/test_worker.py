"""Dossiers in the background: progress for each document, and nothing lost by a kill."""

from __future__ import annotations

import logging
import os
import signal
import subprocess
import sys
import time
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest
import urn_example
from click.testing import CliRunner, Result

from reports import tasks
from reports.cli import reports
from reports.errors import DossierError
from reports.jobs import (
    CODES,
    DONE,
    DOSSIERS,
    FAILED,
    RUNNING,
    Job,
    find,
    folder,
    jobs,
    keep,
    new_job,
    printed_codes,
)
from reports.tasks import run
from reports.worker import at_work, enqueue, wake, work
from survey import codes
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
    assert not [path for path in written.parent.rglob(".*") if path.is_file()]
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


def test_a_defect_ends_the_job_and_leaves_no_number_in_any_log(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
) -> None:
    def broken(*_: object, **__: object) -> object:
        raise ValueError("department 17 has 3 answers")

    caplog.set_level(logging.NOTSET)
    home = Home(tmp_path)
    job = enqueue(home, "nowhere", ("council",))
    monkeypatch.setattr("reports.tasks.released_results", broken)
    work(home, lambda job: print(job.line), once=True)
    (now,) = jobs(home)
    assert (now.id, now.state) == (job.id, FAILED)
    seen = caplog.text + "".join(capfd.readouterr()) + now.error
    assert "a defect in a job" in seen
    assert "broken" in seen
    assert "department 17" not in seen


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


def test_a_page_wakes_a_worker_that_ends_with_the_queue(tmp_path: Path) -> None:
    home = Home(tmp_path)
    assert not wake(home)
    job = enqueue(home, "nowhere", ("council",))
    assert wake(home)
    assert not wake(home), "one is on its way"
    for _ in range(600):
        found = find(home, job.id)
        assert found is not None
        if found.ended:
            break
        time.sleep(0.1)
    assert found is not None
    assert found.state == FAILED
    assert "nowhere" in found.error


def test_no_worker_is_woken_while_one_is_at_work(tmp_path: Path) -> None:
    home = Home(tmp_path)
    enqueue(home, "nowhere", ("council",))
    seen: list[tuple[bool, bool]] = []
    work(home, lambda _: seen.append((at_work(home), wake(home))), once=True)
    assert set(seen) == {(True, False)}
    assert not at_work(home)


def test_a_job_over_which_workers_end_is_given_up(tmp_path: Path) -> None:
    home = Home(tmp_path)
    job = keep(home, replace(new_job(home, "nowhere", ("council",)), state=RUNNING, tries=3))
    work(home, lambda _: None, once=True)
    found = find(home, job.id)
    assert found is not None
    assert (found.state, "3 workers" in found.error) == (FAILED, True)


def test_a_defect_ends_a_job_and_neither_record_nor_log_quotes_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(*_: object) -> Job:
        raise KeyError("Brunnen")

    monkeypatch.setitem(tasks.TASKS, DOSSIERS, broken)
    job = enqueue(Home(tmp_path), "nowhere", ("council",))
    work(Home(tmp_path), lambda _: None, once=True)
    found = find(Home(tmp_path), job.id)
    assert found is not None
    assert found.error == "defect: KeyError"
    assert "KeyError" in caplog.text
    assert "Brunnen" not in caplog.text


@pytest.mark.parametrize(
    "when", ["before it is printed", "before codes count", "before it is packed"]
)
def test_codes_of_an_interrupted_job_are_valid_and_neither_too_many_nor_unknown(
    tmp_path: Path, when: str
) -> None:
    home = Home(tmp_path / "home")
    urn_example.add(home, "staff")
    wanted = {"counts": {"": 60}, "form": "cards", "address": "https://umfrage.example"}
    job = new_job(home, "staff", (), task=CODES, wanted={**wanted, "issued": {}})
    out = printed_codes(home, job).with_suffix("")
    if when == "before codes count":  # the files are in place, the codes were never stored
        out.mkdir(parents=True)
        (out / "cards-001.pdf").write_bytes(b"useless")
    if when == "before it is packed":
        done = run(home, job.id)
        assert done.state == DONE
        with zipfile.ZipFile(printed_codes(home, job)) as archive:
            archive.extractall(out)
        printed_codes(home, job).unlink()
        keep(home, replace(done, state=RUNNING))
    assert run(home, job.id).state == DONE
    assert dict(codes.counts(home, "staff")) == {"": 60}
    with zipfile.ZipFile(printed_codes(home, job)) as archive:
        assert b"useless" not in [archive.read(name) for name in archive.namelist()]
        assert len(archive.namelist()) > 1
    assert not out.exists()
