"""Processes are killed under load, databases vanish, disks fill up: nothing thanked for is lost."""

from __future__ import annotations

import os
import random
import shutil
import subprocess
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.client import HTTPException
from pathlib import Path

import postgres
import pytest
from servers import Gunicorn

from survey import database
from survey.attack.installation import Installation
from survey.attack.opened import people_of_rows
from survey.attack.visitor import Page, Visitor

STUDY = "faults"
TOGETHER = 4
PATIENCE = 120.0


@dataclass
class Crowd:
    """People who answer at once, each patient until they are thanked."""

    port: int
    codes: list[str]
    thanked: int = 0
    refused: int = 0
    """Times that somebody was told to try again, or was told nothing at all."""
    _guard: threading.Lock = field(default_factory=threading.Lock)

    def answer(self) -> None:
        """Return when everybody has been thanked."""
        with ThreadPoolExecutor(TOGETHER) as pool:
            list(pool.map(self._person, enumerate(self.codes)))

    def _person(self, drawn: tuple[int, str]) -> None:
        number, code = drawn
        visitor = Visitor(number, self.port, STUDY)
        page = self._until(lambda: visitor.begin(code))
        review = self._until(lambda: visitor.fill(page))
        thanks = self._until(lambda: visitor.submit(review))
        assert "Vielen Dank" in thanks.text
        with self._guard:
            self.thanked += 1

    def _until(self, act: Callable[[], Page]) -> Page:
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            try:
                page = act()
            except (OSError, HTTPException):
                page = None
            if page is not None and page.status == 200:
                return page
            # What is said while something is away keeps what was filled in.
            assert page is None or page.status == 503, page
            with self._guard:
                self.refused += 1
            time.sleep(0.1)
        raise TimeoutError("nobody answers any more")


@dataclass
class City:
    """A scratch installation with an open study, and its server."""

    installation: Installation
    server: Gunicorn
    codes: list[str]

    def tormented(self, times: int, harm: Callable[[], None], *, seed: int = 1) -> Crowd:
        """A crowd that has answered while ``harm`` was done ``times`` times."""
        crowd, chance = Crowd(self.server.port, self.codes), random.Random(seed)
        answering = threading.Thread(target=crowd.answer)
        answering.start()
        for done in range(times):
            # Spread over the whole of the load, so that there is load at every harm.
            while crowd.thanked < done * len(self.codes) // (times + 1) and answering.is_alive():
                time.sleep(0.01)
            time.sleep(chance.random() * 0.03)
            assert answering.is_alive(), "the load has ended before the harm"
            harm()
            self.adds_up()
        answering.join(PATIENCE)
        assert not answering.is_alive()
        return crowd

    def adds_up(self) -> None:
        """Ballots and unused codes together are what was issued."""
        assert self.installation.balance(STUDY) == len(self.codes)

    def judged(self, crowd: Crowd) -> None:
        """Everybody was thanked, and the opened urn holds everybody exactly once."""
        assert crowd.thanked == len(self.codes)
        assert self.installation.count("codes", STUDY) == 0
        self.server.stop()
        self.installation.close(STUDY)
        _, data_set = self.installation.opened(STUDY, self.installation.exported(STUDY))
        assert sorted(people_of_rows(data_set)) == list(range(len(self.codes)))


@contextmanager
def city(place: Path, people: int, url: str = "") -> Iterator[City]:
    """A city with as many codes as people."""
    installation = Installation(place / "scratch", url)
    installation.make()
    codes = installation.open(STUDY, people)
    server = Gunicorn(installation.home.path, workers=2)
    try:
        server.start()
        yield City(installation, server, codes)
    finally:
        server.stop()
        database.engine(installation.home).dispose()


@pytest.fixture(params=["sqlite", "postgresql"])
def kind(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@contextmanager
def cluster_for(kind: str) -> Iterator[tuple[postgres.Cluster | None, str]]:
    """A cluster of its own that may be killed, and the address of a database in it."""
    if kind == "sqlite":
        yield None, ""
        return
    try:
        with postgres.own_cluster() as cluster:
            yield cluster, cluster.create()
    except postgres.MissingError as error:
        pytest.skip(str(error))


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
