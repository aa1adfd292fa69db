"""One Chromium for all browser tests, and a city whose pages are really served."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, sync_playwright
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


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Debian's Chromium; without it the browser tests are skipped, loudly."""
    program = shutil.which("chromium")
    if program is None:
        pytest.skip("no chromium: apt-get install chromium")
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=program, args=SWITCHES)
        yield opened
        opened.close()


@dataclass(frozen=True)
class Served:
    """A city with the address where its pages are served."""

    city: City
    url: str


class _Quiet(WSGIRequestHandler):
    def log(self, type: str, message: str, *args: object) -> None:
        """Keep the test report free of request lines."""


@pytest.fixture
def serve(tmp_path: Path) -> Iterator[Callable[[Bundle], Served]]:
    """Adds, opens and serves a demo study on a free port."""
    with ExitStack() as stack:

        def start(bundle: Bundle) -> Served:
            city = make_city(tmp_path / "home", bundle)
            app = create_app(Settings(city.home.path))
            server = make_server("127.0.0.1", 0, app, threaded=True, request_handler=_Quiet)
            thread = threading.Thread(target=server.serve_forever)
            thread.start()
            stack.callback(server.server_close)
            stack.callback(thread.join)
            stack.callback(server.shutdown)
            return Served(city, f"http://127.0.0.1:{server.port}{city.address}")

        yield start


@pytest.fixture
def tab(browser: Browser) -> Iterator[Callable[..., Page]]:
    """Opens a page in a context of its own."""
    with ExitStack() as stack:

        def open_tab(width: int = 1280, *, scripts: bool = True, scheme: str = "light") -> Page:
            context = browser.new_context(
                viewport={"width": width, "height": 800},
                java_script_enabled=scripts,
                color_scheme=scheme,  # type: ignore[arg-type]
                locale="de-DE",
            )
            stack.callback(context.close)
            return context.new_page()

        yield open_tab
