"""One Chromium for all browser tests, and a city whose pages are really served."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from browser.serving import SWITCHES, Served, served
from playwright.sync_api import Browser, Page, sync_playwright


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


@pytest.fixture
def serve(tmp_path: Path) -> Iterator[Callable[..., Served]]:
    """Adds, opens and serves a study on a free port; a demo unless it is said otherwise."""
    with ExitStack() as stack:
        yield lambda bundle, demo=True, **more: stack.enter_context(
            served(tmp_path / "home", bundle, demo=demo, **more)
        )


@pytest.fixture
def tab(browser: Browser) -> Iterator[Callable[..., Page]]:
    """Opens a page in a context of its own."""
    with ExitStack() as stack:

        def open_tab(
            width: int = 1280,
            *,
            scripts: bool = True,
            scheme: str = "light",
            **more: Any,
        ) -> Page:
            context = browser.new_context(
                viewport={"width": width, "height": 800},
                java_script_enabled=scripts,
                color_scheme=scheme,  # type: ignore[arg-type]
                locale="de-DE",
                **more,
            )
            stack.callback(context.close)
            return context.new_page()

        yield open_tab
