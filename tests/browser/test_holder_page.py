"""The holders' page in a real browser: files are chosen, axe finds nothing, nothing is too wide."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Literal

import pytest
from axe_playwright_python.sync_playwright import Axe
from browser.test_accessibility import TAGS, WIDER
from playwright.sync_api import Browser, Page
from urn_example import NOW, desk_with_holders, environment, fill

from survey import opening, studies
from survey.home import Home

SIZES = [(320, 640), (768, 1024), (1280, 900)]


@pytest.fixture
def address(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[str]:
    """The page as a command serves it; when it is ended from outside nothing is left."""
    work = tmp_path / "work"
    work.mkdir()
    words = getattr(request, "param", ["urn", "open"])
    command = [sys.executable, "-m", "survey.cli", *words, "--page", "--no-browser"]
    place = {**environment(), "TMPDIR": str(work)}
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=place)
    assert process.stdout is not None
    line = process.stdout.readline().split()[-1]
    assert [path.name[:5] for path in work.iterdir()] == ["urne-"]
    yield line
    process.terminate()
    process.wait(timeout=20)
    process.stdout.close()
    assert not list(work.iterdir())


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_holder_opens_a_layer_in_a_browser(
    browser: Browser, address: str, tmp_path: Path, scheme: Literal["light", "dark"]
) -> None:
    home, holders = Home(tmp_path / "home"), tmp_path / "holders"
    fill(desk_with_holders(home, holders, "staff"), 3)
    studies.close_study(home, "staff", NOW)
    opening.export_urn(home, "staff", tmp_path / "u0")
    page = browser.new_page(color_scheme=scheme, accept_downloads=True, locale="de-DE")
    page.goto(address)
    judge(page)
    page.set_input_files("#urn", tmp_path / "u0")
    page.set_input_files("#keys", holders / "project.key")
    page.get_by_role("button", name="Öffnen").click()
    page.get_by_role("alert").wait_for()
    judge(page)
    page.set_input_files("#urn", tmp_path / "u0")
    page.set_input_files("#keys", holders / "council.key")
    page.get_by_role("button", name="Öffnen").click()
    page.get_by_role("heading", name="Ihre Schicht ist geöffnet").wait_for()
    judge(page)
    with page.expect_download() as download:
        page.get_by_role("link", name="staff-weiter.urne").click()
    assert Path(download.value.path()).read_bytes().startswith(b"PK")
    if scheme == "light":
        page.get_by_role("button", name="beenden").click()
        page.get_by_role("heading", name="Das Programm ist beendet").wait_for()
        judge(page)
    page.close()


@pytest.mark.parametrize("address", [["keys", "create"]], indirect=True)
def test_a_holder_makes_a_key_in_a_browser(browser: Browser, address: str) -> None:
    page = browser.new_page(accept_downloads=True, locale="de-DE")
    page.goto(address)
    judge(page)
    page.get_by_role("link", name="English").click()
    page.get_by_role("heading", name="Make your key").wait_for()
    judge(page)
    page.get_by_label("Id of the survey").fill("staff")
    page.get_by_label("Your name or office").fill("Staff council")
    page.get_by_label("3. Passphrase").fill("four clever words here")
    page.get_by_role("button", name="Make the key").click()
    page.get_by_role("alert").wait_for()
    judge(page)
    assert page.get_by_label("Id of the survey").input_value() == "staff"
    for label in ("3. Passphrase", "Passphrase once more"):
        page.get_by_label(label).fill("four clever words here")
    page.get_by_role("button", name="Make the key").click()
    page.get_by_role("heading", name="Your key is made").wait_for()
    judge(page)
    with page.expect_download() as download:
        page.get_by_role("link", name="staff-staff-council.public.txt").click()
    assert "holder: Staff council" in Path(download.value.path()).read_text("utf-8")
    page.close()


def judge(page: Page) -> None:
    for width, height in SIZES:
        page.set_viewport_size({"width": width, "height": height})
        assert page.evaluate(WIDER) <= 0, width
        found = Axe().run(page, options={"runOnly": TAGS}).response["violations"]
        assert [(fault["id"], fault["nodes"]) for fault in found] == []
