"""A city whose pages are really served, on a free port of this machine."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from respondent import City, make_city
from werkzeug.serving import WSGIRequestHandler, make_server

from survey.app import create_app
from survey.pace import Pace, network
from survey.questionnaire import Bundle
from survey.settings import Settings
from survey.web_font import SYSTEM_FONT

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
    """A city with the address where its pages are served, and how fast they may be asked."""

    city: City
    url: str
    pace: Pace

    def crowd(self, budget: str) -> None:
        """Many more others from the browser's network than a budget admits."""
        here, now = network("127.0.0.1", "", frozenset()), time.time()
        for _ in range(2 * self.pace.budgets[budget].burst):
            self.pace.spend(budget, here, now)


class _Quiet(WSGIRequestHandler):
    def log(self, type: str, message: str, *args: object) -> None:
        """Keep the test report free of request lines."""


@contextmanager
def served(
    home: Path, bundle: Bundle, *, demo: bool = True, font: str = SYSTEM_FONT
) -> Iterator[Served]:
    """Adds, opens and serves a study."""
    city = make_city(home, bundle, demo=demo)
    app = create_app(Settings(city.home.path, font=font))
    server = make_server("127.0.0.1", 0, app, threaded=True, request_handler=_Quiet)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        at = f"http://127.0.0.1:{server.port}{city.address}"
        yield Served(city, at, app.extensions["pace"])
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
