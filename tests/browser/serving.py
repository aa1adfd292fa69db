"""A city whose pages are really served, on a free port of this machine."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from respondent import City, make_city
from werkzeug.serving import WSGIRequestHandler, make_server

from survey.app import create_app
from survey.questionnaire import Bundle
from survey.settings import Settings

SWITCHES = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
"""How Chromium is started: alone, and without anything that it would fetch for itself."""


@dataclass(frozen=True)
class Served:
    """A city with the address where its pages are served."""

    city: City
    url: str


class _Quiet(WSGIRequestHandler):
    def log(self, type: str, message: str, *args: object) -> None:
        """Keep the test report free of request lines."""


@contextmanager
def served(home: Path, bundle: Bundle) -> Iterator[Served]:
    """Adds, opens and serves a demo study."""
    city = make_city(home, bundle)
    app = create_app(Settings(city.home.path))
    server = make_server("127.0.0.1", 0, app, threaded=True, request_handler=_Quiet)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield Served(city, f"http://127.0.0.1:{server.port}{city.address}")
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
