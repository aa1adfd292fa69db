"""Several hosts on one database behind one nginx: one dies, all are renewed, nobody notices."""

from __future__ import annotations

import re
import shutil
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from itertools import cycle
from pathlib import Path

import pytest
from crowd import STUDY, City, city, cluster_for
from servers import ROOT, ask, nginx_program, several

from survey import studies
from survey.attack.opened import people_of_rows
from survey.attack.visitor import Page, Visitor

HOSTS = 3
TIMES = [pytest.param(1, id="1"), pytest.param(20, id="20", marks=pytest.mark.full)]


@contextmanager
def three_hosts(tmp_path: Path, people: int, left_out: int = 2) -> Iterator[tuple[City, int]]:
    """Three hosts on one PostgreSQL, and the port of the nginx in front of them."""
    if nginx_program() is None:
        pytest.skip("no nginx: apt-get install nginx")
    with (
        cluster_for("postgresql") as (_, url),
        city(tmp_path, people, url, hosts=HOSTS) as one,
        several(tmp_path / "nginx", [server.port for server in one.servers], left_out) as port,
    ):
        yield one, port


@pytest.mark.parametrize("times", TIMES)
def test_a_host_that_dies_under_load_shows_nobody_an_error_and_loses_no_ballot(
    times: int, tmp_path: Path
) -> None:
    with three_hosts(tmp_path, 12 * (times + 1)) as (one, port):
        turn = cycle(one.servers)

        def kill() -> None:
            """Kill the next host while people answer; they go on while it starts again."""
            server = next(turn)
            server.stop()
            server.start()

        crowd = one.tormented(times, kill, port=port)
        # Begin, fill and submit for each person, and not one that had to be repeated.
        assert crowd.statuses == {200: 3 * len(one.codes)}, crowd.unanswered
        one.judged(crowd)


def test_hosts_that_have_all_failed_a_moment_ago_are_asked_all_the_same(tmp_path: Path) -> None:
    with three_hosts(tmp_path, 1, left_out=600) as (one, port):
        for server in one.servers:
            server.stop()
            # Somebody's request comes to the dead host, which is left out from then on.
            asked = [ask(port, f"/s/{STUDY}/").status_code for _ in range(2 * HOSTS)]
            assert asked == [200] * len(asked)
            server.start()
        assert "Vielen Dank" in Visitor(0, port, STUDY).answer(one.codes[0]).text
        one.adds_up()


def test_hosts_renewed_one_by_one_keep_open_pages_and_serve_the_files_of_both_versions(
    tmp_path: Path,
) -> None:
    newer = _newer_program(tmp_path / "newer")
    with three_hosts(tmp_path, 6) as (one, port):
        people = [Visitor(number, port, STUDY) for number in range(6)]
        opened = [v.begin(code) for v, code in zip(people[:4], one.codes[:4], strict=True)]
        reviews = [v.fill(page) for v, page in zip(people[:2], opened[:2], strict=True)]
        _change_the_wording(one)
        sheets: set[str] = set()
        for server in one.servers:
            # As systemd does it: the others go on serving while one ends and begins anew.
            server.stop(signal.SIGTERM)
            sheets |= _seen(people[4], one.codes[4], port)
            server.root = newer
            server.start()
            sheets |= _seen(people[4], one.codes[4], port)
        assert len(sheets) == 2
        # Pages of the old version go on in it, whichever host they come to.
        filled = [v.fill(page) for v, page in zip(people[2:4], opened[2:], strict=True)]
        thanked = [v.submit(page) for v, page in zip(people[:4], [*reviews, *filled], strict=True)]
        thanked += [v.answer(code) for v, code in zip(people[4:], one.codes[4:], strict=True)]
        assert all("Vielen Dank" in page.text for page in thanked)
        one.adds_up()
        one.installation.close(STUDY)
        _, data_set = one.installation.opened(STUDY, one.installation.exported(STUDY))
        assert sorted(people_of_rows(data_set)) == list(range(6))


def _newer_program(place: Path) -> Path:
    """The program with another stylesheet, as the next version would have it."""
    shutil.copytree(ROOT / "survey", place / "survey", ignore=shutil.ignore_patterns("*.pyc"))
    shutil.copy(ROOT / "wsgi.py", place)
    with (place / "survey" / "static" / "survey.css").open("a") as file:
        file.write("\n.newer { color: inherit; }\n")
    return place


def _change_the_wording(one: City) -> None:
    before = one.installation.bundle(STUDY)
    after = replace(before, main=before.main.replace("Was zuerst?", "Was ist am wichtigsten?"))
    studies.update_study(one.installation.home, STUDY, after, reason="Verständlicher gefragt")


def _seen(visitor: Visitor, code: str, port: int) -> set[str]:
    """The stylesheets of a few pages, each in the newest wording and each to be had."""
    pages: list[Page] = [visitor.begin(code) for _ in range(2 * HOSTS)]
    assert all("Was ist am wichtigsten?" in page.text for page in pages)
    found = {sheet for page in pages for sheet in re.findall(r'"(/static/[^"]*\.css)"', page.text)}
    for sheet in found:
        assert [ask(port, sheet).status_code for _ in range(HOSTS)] == [200] * HOSTS
    return found
