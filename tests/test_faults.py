"""Processes are killed under load, databases vanish, disks fill up: nothing thanked for is lost."""

from __future__ import annotations

import os
import resource
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import postgres
import pytest
from crowd import STUDY, City, city, cluster_for

from survey.attack.visitor import Visitor


@pytest.fixture(params=["sqlite", "postgresql"])
def kind(request: pytest.FixtureRequest) -> str:
    return str(request.param)


TIMES = [pytest.param(3, id="3"), pytest.param(40, id="40", marks=pytest.mark.full)]


@pytest.mark.parametrize("times", TIMES)
def test_killed_workers_lose_no_acknowledged_ballot(kind: str, times: int, tmp_path: Path) -> None:
    with cluster_for(kind) as (_, url), city(tmp_path, 8 * times, url) as one:
        killed = []
        crowd = one.tormented(times, lambda: killed.append(one.server.kill_workers()))
        assert sum(killed) >= times
        one.judged(crowd)


@pytest.mark.parametrize("times", TIMES)
def test_a_killed_tree_of_processes_loses_no_acknowledged_ballot(
    kind: str, times: int, tmp_path: Path
) -> None:
    with cluster_for(kind) as (_, url), city(tmp_path, 8 * times, url) as one:

        def cut() -> None:
            one.server.stop()
            one.adds_up()
            one.server.start()

        crowd = one.tormented(times, cut)
        assert crowd.refused > 0
        one.judged(crowd)


@pytest.mark.full
@pytest.mark.parametrize("times", TIMES)
def test_a_killed_database_loses_no_acknowledged_ballot(times: int, tmp_path: Path) -> None:
    with cluster_for("postgresql") as (cluster, url), city(tmp_path, 8 * times, url) as one:
        assert cluster is not None

        def cut() -> None:
            cluster.kill()
            time.sleep(0.2)
            cluster.start()

        crowd = one.tormented(times, cut)
        assert crowd.refused > 0
        one.judged(crowd)


def test_while_the_database_is_away_pages_keep_their_answers_and_go_on_afterwards(
    tmp_path: Path,
) -> None:
    with cluster_for("postgresql") as (cluster, url), city(tmp_path, 1, url) as one:
        assert cluster is not None
        visitor = Visitor(0, one.server.port, STUDY)
        review = visitor.fill(visitor.begin(one.codes[0]))
        cluster.stop()
        away = visitor.submit(review)
        assert away.status == 503
        assert away.state
        cluster.start()
        # Both the page that was refused and the one before it can be sent.
        assert "Vielen Dank" in visitor.submit(away).text
        assert "Vielen Dank" in visitor.submit(review).text
        one.adds_up()
        assert one.installation.count("ballots", STUDY) == 1


def _let_write(pids: list[int], *, nothing: bool) -> None:
    """Let processes write no byte to any file, or again as much as they like."""
    for pid in pids:
        _, most = resource.prlimit(pid, resource.RLIMIT_FSIZE)
        resource.prlimit(pid, resource.RLIMIT_FSIZE, (0 if nothing else most, most))


def test_where_no_byte_can_be_written_nobody_is_thanked_and_the_same_page_can_be_sent_later(
    tmp_path: Path,
) -> None:
    with city(tmp_path, 3) as one:
        people = [Visitor(number, one.server.port, STUDY) for number in range(3)]
        reviews = [v.fill(v.begin(code)) for v, code in zip(people, one.codes, strict=True)]
        _let_write(one.server.processes, nothing=True)
        refused = [v.submit(page) for v, page in zip(people, reviews, strict=True)]
        assert [page.status for page in refused] == [503] * 3
        assert all(page.state for page in refused)
        one.adds_up()
        assert one.installation.count("ballots", STUDY) == 0
        _let_write(one.server.processes, nothing=False)
        # The first sends the page that was refused, the others the one before it.
        sent = [refused[0], *reviews[1:]]
        for visitor, page in zip(people, sent, strict=True):
            assert "Vielen Dank" in visitor.submit(page).text
        one.adds_up()
        assert one.installation.count("ballots", STUDY) == 3


@contextmanager
def small_disk(place: Path, size: str) -> Iterator[Path]:
    """A disk of its own that can be filled up."""
    place.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(place)]
    if os.geteuid() or subprocess.run(command, capture_output=True, check=False).returncode:
        pytest.skip("only root can mount a small disk")
    try:
        yield place
    finally:
        subprocess.run(["umount", "--lazy", str(place)], check=True)


@contextmanager
def filled(disk: Path) -> Iterator[None]:
    """No byte is free on a disk."""
    filler = disk / "filler"
    with filler.open("wb", buffering=0) as file:
        for piece in (1 << 20, 1 << 12, 1):
            try:
                while True:
                    file.write(b"x" * piece)
            except OSError:
                continue
    try:
        yield
    finally:
        filler.unlink()


@pytest.mark.full
def test_a_full_disk_takes_no_code_and_the_page_can_be_sent_when_there_is_room(
    tmp_path: Path,
) -> None:
    with small_disk(tmp_path / "disk", "24m") as disk, city(disk, 3) as one:
        people = [Visitor(number, one.server.port, STUDY) for number in range(3)]
        reviews = [v.fill(v.begin(code)) for v, code in zip(people, one.codes, strict=True)]
        with filled(disk):
            refused = [v.submit(page) for v, page in zip(people, reviews, strict=True)]
            stored = one.installation.count("ballots", STUDY)
            # The log of the database may have had room for one.
            assert sum(page.status == 503 for page in refused) == 3 - stored
            assert all(page.state for page in refused if page.status == 503)
            assert stored < 3
            one.adds_up()
        for visitor, page in zip(people, reviews, strict=True):
            assert "Vielen Dank" in visitor.submit(page).text
        one.adds_up()
        assert one.installation.count("ballots", STUDY) == 3


@pytest.mark.full
def test_a_full_disk_under_the_server_loses_nothing_either(tmp_path: Path) -> None:
    # Not below the folder of the test: the server's user may not enter that.
    folder = tempfile.mkdtemp(prefix="disk-")
    Path(folder).chmod(0o755)
    try:
        with small_disk(Path(folder) / "disk", "400m") as disk:
            disk.chmod(0o755)
            with postgres.own_cluster(disk) as cluster:
                _full_server(cluster, disk, tmp_path)
    except postgres.MissingError as error:
        pytest.skip(str(error))
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _full_server(cluster: postgres.Cluster, disk: Path, tmp_path: Path) -> None:
    with city(tmp_path, 40, cluster.create()) as one:
        people = [Visitor(number, one.server.port, STUDY) for number in range(40)]
        reviews = [v.fill(v.begin(code)) for v, code in zip(people, one.codes, strict=True)]
        thanked = []
        with filled(disk):
            for visitor, page in zip(people, reviews, strict=True):
                answer = visitor.submit(page)
                assert answer.status in (200, 503)
                thanked.append(answer.status == 200)
        assert not all(thanked)
        _started_again(cluster, one)
        for visitor, page in zip(people, reviews, strict=True):
            assert "Vielen Dank" in visitor.submit(page).text
        one.adds_up()
        assert one.installation.count("ballots", STUDY) == 40


def _started_again(cluster: postgres.Cluster, one: City) -> None:
    """A server that ended for want of room is started, as systemd would."""
    with suppress(RuntimeError):
        # It says so if it runs already.
        cluster.start()
    one.adds_up()
