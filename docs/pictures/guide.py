"""Take the pictures of the guide for the first survey anew, and note what they show.

Usage: ``.venv/bin/python docs/pictures/guide.py`` (test extra, chromium, poppler-utils).

Beside the pictures, ``guide/sources.txt`` holds a digest of everything that they depend on; a test
fails when the pictures are older than that.
"""

from __future__ import annotations

import hashlib
import shutil
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from pathlib import Path

from playwright.sync_api import sync_playwright
from werkzeug.serving import make_server

ROOT = Path(__file__).parents[2]
TARGET = Path(__file__).parent / "guide"
NOTE = TARGET / "sources.txt"
BIN = Path(sys.executable).parent
SWITCHES = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
SEEN = (
    "survey/templates/new/*",
    "survey/templates/*.html",
    "survey/templates/items/*",
    "survey/static/*.css",
    "reports/templates/dossier.html",
    "reports/styles/*",
    "reports/dossiers/council.py",
)
"""What can be seen on the pictures."""


def sources() -> Iterator[Path]:
    """Every file that decides what the pictures show, in a fixed order."""
    for pattern in SEEN:
        yield from sorted(path for path in ROOT.glob(pattern) if path.is_file())


def digest() -> str:
    """A digest of all sources as they are now."""
    total = hashlib.sha256()
    for path in sources():
        total.update(path.relative_to(ROOT).as_posix().encode() + b"\0" + path.read_bytes())
    return total.hexdigest()


def main() -> None:
    """Write the pictures, then the note."""
    TARGET.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        run(place, "survey", "new", "arbeit")
        picture_of_page(place / "arbeit" / "arbeit.yaml")
        for words in (
            "survey init",
            "survey study add arbeit/arbeit.yaml --demo",
            "survey study open arbeit",
            "survey simulate arbeit --responses 400 --seed 1",
            "survey study close arbeit --yes",
            "survey urn open-here arbeit",
            "reports dossier council arbeit --out arbeit.pdf",
        ):
            run(place, *words.split())
        picture_of_dossier(place / "arbeit.pdf")
    NOTE.write_text(digest() + "\n", encoding="utf-8")


def run(place: Path, program: str, *words: str) -> None:
    """Run a command in a folder; raises if it fails."""
    subprocess.run([BIN / program, *words], cwd=place, check=True, stdout=subprocess.DEVNULL)


def picture_of_page(questionnaire: Path) -> None:
    """The ranking on a phone, as the preview shows it."""
    from survey.preview import create_preview
    from survey.questionnaire import read_questionnaire

    app = create_preview(read_questionnaire(questionnaire))
    server = make_server("127.0.0.1", 0, app, threaded=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    with sync_playwright() as playwright:
        program = shutil.which("chromium")
        browser = playwright.chromium.launch(executable_path=program, args=SWITCHES)
        page = browser.new_page(viewport={"width": 390, "height": 1000}, locale="de-DE")
        page.goto(f"http://127.0.0.1:{server.port}/")
        page.get_by_role("link", name="Was zuerst besser werden soll").first.click()
        page.screenshot(path=TARGET / "ranking.png")
        browser.close()
    server.shutdown()


def picture_of_dossier(pdf: Path) -> None:
    """The first page of the council dossier."""
    target = TARGET / "dossier"
    command = ["pdftoppm", "-f", "1", "-l", "1", "-r", "75", "-png", "-singlefile", pdf, target]
    subprocess.run(command, check=True)


if __name__ == "__main__":
    main()
