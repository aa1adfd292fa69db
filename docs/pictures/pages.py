"""Take pictures of every kind of page and every state of it.

Usage: ``.venv/bin/python docs/pictures/pages.py [--all FOLDER]`` (test extra, chromium).

Without arguments the pictures of ``docs/pictures/pages/`` are made anew: each state on a phone
in light colours. With ``--all`` every width, in light and dark, goes to a folder of your own.
"""

from __future__ import annotations

import argparse
import io
import shutil
import sys
import tempfile
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, sync_playwright

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

from browser.serving import SWITCHES, served  # noqa: E402
from browser.states import STUDIES  # noqa: E402

WIDTHS = (320, 768, 1280)
COLOURS = 48
"""Enough for pages that are text on one ground; keeps a picture near 20 KB."""


def main() -> None:
    """Write the pictures that were asked for."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--all", type=Path, metavar="FOLDER", help="every width, light and dark")
    folder = parser.parse_args().all
    looks = [(w, s) for w in WIDTHS for s in ("light", "dark")] if folder else [(320, "light")]
    target = folder or HERE / "pages"
    target.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        program = shutil.which("chromium")
        browser = playwright.chromium.launch(executable_path=program, args=SWITCHES)
        for width, scheme in looks:
            for study in STUDIES:
                ending = f"-{width}-{scheme}" if folder else ""
                take(browser, study, width, scheme, target, ending)
        browser.close()


def take(
    browser: Browser, study: str, width: int, scheme: str, target: Path, ending: str = ""
) -> None:
    """Pictures of all states of one example study."""
    example = STUDIES[study]
    context = browser.new_context(
        viewport={"width": width, "height": 640},
        color_scheme=scheme,  # type: ignore[arg-type]
        locale="de-DE",
        reduced_motion="reduce",
    )
    home = tempfile.TemporaryDirectory()
    at_home = Path(home.name) / "home"
    with home, served(at_home, example.bundle(), demo=example.demo) as at:
        page = context.new_page()
        for number, state in enumerate(example.states(at, page, "de"), start=1):
            name = f"{study}-{number:02}-{state.replace(',', '').replace(' ', '-')}{ending}.png"
            save(page.screenshot(full_page=True), target / name)
    context.close()


def save(picture: bytes, path: Path) -> None:
    """A picture with few colours, written whole."""
    image = Image.open(io.BytesIO(picture)).convert("RGB").quantize(COLOURS)
    aside = path.with_suffix(".part")
    image.save(aside, "PNG", optimize=True)
    aside.replace(path)


if __name__ == "__main__":
    main()
