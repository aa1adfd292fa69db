"""Make the pictures of the documentation anew from the shipped staff survey.

Usage: ``.venv/bin/python docs/pictures/make.py`` (needs the test extra, chromium, poppler-utils).
"""

from __future__ import annotations

import hashlib
import re
import shutil
import subprocess
import sys
import tempfile
import threading
from pathlib import Path

from playwright.sync_api import sync_playwright
from werkzeug.serving import make_server

HERE = Path(__file__).parent
BIN = Path(sys.executable).parent
SWITCHES = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
DOSSIER_PAGE = 4
NOTE = HERE / "sources.txt"
SEEN = (
    "questionnaires/vision/staff.yaml",
    "survey/templates/page.html",
    "survey/templates/items/ranking.html",
    "survey/static/*.css",
    "reports/styles/*",
)
"""What can be seen on the pictures; a test fails when they are older than that."""


def digest() -> str:
    """A digest of everything that the pictures show, as it is now."""
    total = hashlib.sha256()
    for pattern in SEEN:
        for path in sorted((HERE.parents[1]).glob(pattern)):
            total.update(path.name.encode() + b"\0" + path.read_bytes())
    return total.hexdigest()


def main() -> None:
    """Write page.png and dossier.png beside this file, then the note."""
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder) / "home"
        said = run(BIN / "survey", "--home", home, "demo").stdout
        code = re.findall(r"^ {4}(\S+)$", said, flags=re.MULTILINE)[0]
        picture_of_page(home, code)
        picture_of_dossier(home, Path(folder) / "council.pdf")
    NOTE.write_text(digest() + "\n", encoding="utf-8")


def run(*command: Path | str) -> subprocess.CompletedProcess[str]:
    """What a command said; raises if it failed."""
    words = [str(word) for word in command]
    return subprocess.run(words, check=True, stdout=subprocess.PIPE, text=True)


def picture_of_page(home: Path, code: str) -> None:
    """The ranking question on a phone, two places given."""
    from survey.app import create_app
    from survey.settings import Settings

    server = make_server("127.0.0.1", 0, create_app(Settings(home)), threaded=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    with sync_playwright() as playwright:
        program = shutil.which("chromium")
        browser = playwright.chromium.launch(executable_path=program, args=SWITCHES)
        page = browser.new_page(viewport={"width": 390, "height": 1500}, locale="de-DE")
        page.goto(f"http://127.0.0.1:{server.port}/s/vision-staff-try/")
        page.get_by_label("Ihr Zugangscode").fill(code)
        with page.expect_navigation():
            page.keyboard.press("Enter")
        selects = page.locator("select")
        selects.nth(1).select_option("1")
        selects.nth(2).select_option("2")
        page.screenshot(path=HERE / "page.png")
        browser.close()
    server.shutdown()


def picture_of_dossier(home: Path, pdf: Path) -> None:
    """The page of the council dossier with the ranking and the possible places."""
    run(BIN / "reports", "--home", home, "dossier", "council", "vision-staff", "--out", pdf)
    page = str(DOSSIER_PAGE)
    target = HERE / "dossier"
    run("pdftoppm", "-f", page, "-l", page, "-r", "75", "-png", "-singlefile", pdf, target)


if __name__ == "__main__":
    main()
