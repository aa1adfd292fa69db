"""Take the pictures of the guide for the first survey anew, and note what they show.

Usage: ``.venv/bin/python docs/pictures/guide.py`` (test extra, chromium, poppler-utils).

Beside the pictures, ``guide/sources.txt`` holds a digest of everything that they depend on; a test
fails when the pictures are older than that.
"""

from __future__ import annotations

import hashlib
import html
import re
import shlex
import shutil
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright
from werkzeug.serving import make_server

ROOT = Path(__file__).parents[2]
TARGET = Path(__file__).parent / "guide"
NOTE = TARGET / "sources.txt"
BIN = Path(sys.executable).parent
SWITCHES = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
TERMINALS = ("new", "check", "collect", "open", "report")
"""Names of the pictures of terminals, one for each step that a test runs."""
SEEN = (
    "survey/commands/new.py",
    "survey/commands/check.py",
    "survey/commands/study.py",
    "survey/commands/simulate.py",
    "survey/commands/urn.py",
    "reports/commands/audit.py",
    "reports/audit_words.py",
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
    """A digest of all sources, and of the commands in the guide, as they are now."""
    total = hashlib.sha256()
    for path in sources():
        total.update(path.relative_to(ROOT).as_posix().encode() + b"\0" + path.read_bytes())
    total.update(repr(list(steps())).encode())
    return total.hexdigest()


def steps() -> Iterator[list[str]]:
    """The commands of every step of the guide that a test runs, in order."""
    page = (ROOT / "docs" / "de" / "erste-umfrage.md").read_text("utf-8")
    for block in re.findall(r"^```sh\n(.*?)^```", page, flags=re.DOTALL | re.MULTILINE):
        yield block.splitlines()


def main() -> None:
    """Write the pictures, then the note."""
    TARGET.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        place = Path(folder)
        program = shutil.which("chromium")
        browser = playwright.chromium.launch(executable_path=program, args=SWITCHES)
        for name, commands in zip(TERMINALS, steps(), strict=True):
            said = "\n".join(f"$ {command}\n{run(place, command)}" for command in commands)
            picture_of_text(browser, said, TARGET / f"{name}.png", dark=True)
            if name == "new":
                written = (place / "arbeit" / "arbeit.yaml").read_text("utf-8")
                picture_of_text(browser, shown(written), TARGET / "file.png", dark=False)
                picture_of_page(browser, place / "arbeit" / "arbeit.yaml")
        browser.close()
        picture_of_dossier(place / "arbeit.pdf")
    NOTE.write_text(digest() + "\n", encoding="utf-8")


def run(place: Path, command: str) -> str:
    """What a command says on its standard output, run in a folder; raises if it fails."""
    program, *words = shlex.split(command)
    done = subprocess.run(
        [BIN / program, *words], cwd=place, check=True, stdout=subprocess.PIPE, text=True
    )
    return done.stdout


def shown(text: str) -> str:
    """The part of the questionnaire that has its first question."""
    lines = text.splitlines()
    first = next(number for number, line in enumerate(lines) if line.startswith("pages:"))
    return "\n".join(lines[first : first + 24])


def picture_of_text(browser: Browser, text: str, target: Path, *, dark: bool) -> None:
    """A text as a terminal (dark) or an editor (light) shows it."""
    ink, paper = ("#e8eaf0", "#171a2b") if dark else ("#171a2b", "#f6f7fa")
    style = f"margin:0;padding:18px 22px;font:15px/1.5 monospace;color:{ink};background:{paper};"
    page = browser.new_page(viewport={"width": 900, "height": 100})
    wrapped = "white-space:pre-wrap;overflow-wrap:anywhere"
    page.set_content(f'<pre style="{style}{wrapped}">{html.escape(text.strip())}</pre>')
    page.locator("pre").screenshot(path=target)
    page.close()


def picture_of_page(browser: Browser, questionnaire: Path) -> None:
    """The ranking on a phone, as the preview shows it."""
    from survey.preview import create_preview
    from survey.questionnaire import read_questionnaire

    app = create_preview(read_questionnaire(questionnaire))
    server = make_server("127.0.0.1", 0, app, threaded=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    page = browser.new_page(viewport={"width": 390, "height": 1000}, locale="de-DE")
    page.goto(f"http://127.0.0.1:{server.port}/")
    page.get_by_role("link", name="Was zuerst besser werden soll").first.click()
    page.screenshot(path=TARGET / "ranking.png")
    page.close()
    server.shutdown()


def picture_of_dossier(pdf: Path) -> None:
    """The first page of the council dossier."""
    target = TARGET / "dossier"
    command = ["pdftoppm", "-f", "1", "-l", "1", "-r", "75", "-png", "-singlefile", pdf, target]
    subprocess.run(command, check=True)


if __name__ == "__main__":
    main()
