"""The server keeps no trace of who asks."""

from __future__ import annotations

import logging

import pytest
from gunicorn.config import Config  # type: ignore[import-untyped]
from respondent import City, make_city, open_bundle
from sqlalchemy.exc import OperationalError

from survey.app import create_app
from survey.commands.serve import server_options
from survey.errors import SetupError
from survey.settings import Settings


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
        raise OperationalError("INSERT", {"answer": "Brunnen"}, ValueError("Brunnen"))

    @app.get("/unsafe")
    def unsafe() -> str:
        raise SetupError("the secret code-key is missing")

    page = app.test_client().get("/unsafe")
    assert page.status_code == 503
    assert "SetupError the secret code-key is missing" in caplog.text
    page = app.test_client().get("/failing", environ_base={"REMOTE_ADDR": "192.0.2.7"})
    assert page.status_code == 503
    assert "the urn does not answer: OperationalError" in caplog.text
    assert "Brunnen" not in caplog.text
    assert "192.0.2.7" not in caplog.text
