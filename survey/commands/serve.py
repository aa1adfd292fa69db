"""``survey serve``: the respondent pages on this machine."""

from __future__ import annotations

import ctypes
import gc
from dataclasses import replace
from typing import Any

import click
from flask import Flask
from gunicorn.app.base import BaseApplication  # type: ignore[import-untyped]

from survey import links
from survey.app import create_app, prepare
from survey.home import Home
from survey.settings import Settings
from survey.studies import check_installation
from survey.whole_answers import make_room


class Server(BaseApplication):  # type: ignore[misc]
    """gunicorn with settings that keep no address and no line per request."""

    def __init__(self, app: Flask, options: dict[str, Any]) -> None:
        self._app = app
        self._options = options
        super().__init__()

    def load_config(self) -> None:
        """Take over the options."""
        for name, value in self._options.items():
            self.cfg.set(name, value)

    def load(self) -> Flask:
        """The application that every worker serves."""
        return self._app


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535))
@click.pass_obj
def serve(home: Home, host: str, port: int) -> None:
    """Show the pages of all open studies to respondents, until interrupted.

    For a real study put nginx in front: it ends TLS and waits for slow clients.
    """
    check_installation(home)
    app = create_app(replace(Settings.from_environment(), home=home.path))
    click.echo(f"http://{host}:{port}/")
    Server(app, server_options(host, port)).run()


def server_options(host: str, port: int) -> dict[str, Any]:
    """gunicorn's settings: two workers, no access log, and no word about who sent nonsense."""
    return {
        "bind": f"{host}:{port}",
        "workers": 2,
        "threads": 4,
        "worker_class": "survey.whole_answers.WholeAnswers",
        "backlog": 4096,
        "worker_connections": 4096,
        "accesslog": None,
        "loglevel": "error",
        "forwarded_allow_ips": "",
        "control_socket_disable": True,
        "preload_app": True,
        "when_ready": _share,
    }


def _share(server: Any) -> None:
    """Make once, before there are workers, what all of them need, and let them share its memory."""
    make_room(server.LISTENERS)
    prepare(server.app.wsgi())
    # Connections are every process's own.
    links.disconnect()
    gc.collect()
    hand_back()
    # Objects that the collector never visits again keep their pages common to all processes.
    gc.freeze()


def hand_back() -> None:
    """Give the system the memory that was used to load and prepare, and that nothing needs now."""
    library = ctypes.CDLL(None)
    # Not every C library has it.
    if hasattr(library, "malloc_trim"):
        library.malloc_trim(0)
