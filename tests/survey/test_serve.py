"""The server keeps no trace of who asks."""

from __future__ import annotations

import ctypes
import logging
import os
import sqlite3
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from gunicorn.config import Config  # type: ignore[import-untyped]
from respondent import City, make_city, open_bundle

from survey import links, screens
from survey.app import create_app, prepare
from survey.commands.serve import server_options
from survey.errors import DatabaseError, SetupError
from survey.settings import Settings

ROOT = Path(__file__).parent.parent.parent


def test_gunicorn_knows_every_option_and_writes_no_access_log() -> None:
    config = Config()
    for name, value in server_options("127.0.0.1", 8000).items():
        config.set(name, value)
    assert config.accesslog is None
    assert config.address == [("127.0.0.1", 8000)]
    assert logging.getLevelName(config.loglevel.upper()) >= logging.ERROR


def test_a_failure_is_logged_without_values_and_without_an_address(
    tmp_path_factory: pytest.TempPathFactory, caplog: pytest.LogCaptureFixture
) -> None:
    city: City = make_city(tmp_path_factory.mktemp("city"), open_bundle())
    app = create_app(Settings(city.home.path))

    @app.get("/failing")
    def failing() -> str:
        raise DatabaseError(sqlite3.OperationalError("Brunnen"))

    @app.get("/unsafe")
    def unsafe() -> str:
        raise SetupError("the secret code-key is missing")

    page = app.test_client().get("/unsafe")
    assert page.status_code == 503
    assert "SetupError the secret code-key is missing" in caplog.text
    page = app.test_client().get("/failing", environ_base={"REMOTE_ADDR": "192.0.2.7"})
    assert page.status_code == 503
    assert "the urn does not answer: DatabaseError OperationalError" in caplog.text
    assert "Brunnen" not in caplog.text
    assert "192.0.2.7" not in caplog.text


def test_what_workers_share_is_made_before_there_are_any(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    city = make_city(tmp_path, open_bundle())
    app = create_app(Settings(city.home.path))
    prepare(app)
    links.disconnect()
    monkeypatch.setattr(screens, "compile_page", lambda *_, **__: pytest.fail("made too late"))
    city = replace(city, client=app.test_client(use_cookies=False))
    assert "Vielen Dank" in city.turn(city.to_review(), {}, "submit").text


def test_what_is_loaded_before_there_are_workers_is_left_alone_by_the_collector(
    tmp_path: Path,
) -> None:
    # A collector that visits what processes share writes to it, and each gets a copy of its own.
    city = make_city(tmp_path, open_bundle())
    script = (
        "import gc, runpy; from types import SimpleNamespace as Of\n"
        "options = runpy.run_path('deploy/gunicorn.conf.py')\n"
        "loaded = gc.get_freeze_count()\n"
        "import wsgi; app = wsgi.survey_app\n"
        "options['when_ready'](Of(LISTENERS=[], app=Of(wsgi=lambda: app)))\n"
        "print(gc.isenabled(), loaded > 10_000, gc.get_freeze_count() > loaded + 1_000,\n"
        "      len(gc.get_objects()) < 1_000)"
    )
    done = subprocess.run(
        [sys.executable, "-c", script],
        cwd=ROOT,
        env=os.environ | {"MEINUNGSBILD_HOME": str(city.home.path)},
        capture_output=True,
        text=True,
    )
    assert (done.stdout.split(), done.stderr) == (["True"] * 4, "")


@pytest.mark.skipif(
    not hasattr(ctypes.CDLL(None), "malloc_trim"), reason="this C library hands back nothing"
)
def test_memory_that_nothing_uses_is_handed_back_before_there_are_workers(tmp_path: Path) -> None:
    city = make_city(tmp_path, open_bundle())
    script = (
        "import re, runpy; from pathlib import Path; from types import SimpleNamespace as Of\n"
        "options = runpy.run_path('deploy/gunicorn.conf.py')\n"
        "import wsgi; app = wsgi.survey_app\n"
        "def kept():\n"
        "    text = Path('/proc/self/smaps_rollup').read_text()\n"
        "    return int(re.search(r'Anonymous: +([0-9]+)', text)[1]) // 1024\n"
        "used = [bytes(50_000) for _ in range(2_000)]\n"
        "del used[:-1]  # the last one keeps the heap as high as it is\n"
        "before = kept()\n"
        "options['when_ready'](Of(LISTENERS=[], app=Of(wsgi=lambda: app)))\n"
        "print(before - kept() > 50)"
    )
    done = subprocess.run(
        [sys.executable, "-c", script],
        cwd=ROOT,
        env=os.environ | {"MEINUNGSBILD_HOME": str(city.home.path)},
        capture_output=True,
        text=True,
    )
    assert (done.stdout.split(), done.stderr) == (["True"], "")


def test_a_worker_takes_over_neither_connection_nor_lock(tmp_path: Path) -> None:
    city = make_city(tmp_path, open_bundle())
    script = (
        "import os, sys; from pathlib import Path; from survey import links\n"
        "from survey.home import Home; from survey.studies import list_studies\n"
        "home = Home(Path(sys.argv[1])); rows = list_studies(home)\n"
        "place = links.source(links.address(home))\n"
        "assert place._idle\n"
        "place.turn.acquire()  # a writer at work in the process that stays\n"
        "child = os.fork()\n"
        "if not child:\n"
        "    fresh = not place._idle\n"
        "    with links.writing(home) as link:\n"
        "        found = link.number('SELECT 1') == 1\n"
        "    os._exit(0 if fresh and found and list_studies(home) == rows else 1)\n"
        "print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), len(list_studies(home)))"
    )
    command = [sys.executable, "-c", script, str(city.home.path)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=60)
    assert (done.stdout.split(), done.stderr) == (["0", "1"], "")


def test_a_server_starts_while_the_database_is_away(tmp_path: Path) -> None:
    city = make_city(tmp_path, open_bundle())
    app = create_app(Settings(city.home.path))
    links.disconnect()
    city.home.database_file.rename(tmp_path / "away")
    prepare(app)
    links.disconnect()
    (tmp_path / "away").rename(city.home.database_file)
    assert app.test_client().get(city.address).status_code == 200
