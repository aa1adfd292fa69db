"""Take pictures of every kind of page and every state of it.

Usage: ``.venv/bin/python docs/pictures/pages.py [--all FOLDER]`` (test extra, chromium).

Without arguments the pictures of ``docs/pictures/pages/`` are made anew: each state on a phone
in light colours. With ``--all`` every width in light and dark, more contrast, forced colours, print
and double text size go to a folder of your own.

Beside the pictures, ``pages/sources.txt`` holds a digest of everything that they depend on; a test
fails when the pictures are older than that.
"""

from __future__ import annotations

import argparse
import hashlib
import io
import shutil
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

from browser.serving import SWITCHES, served  # noqa: E402
from browser.states import STUDIES  # noqa: E402

NOTE = HERE / "pages" / "sources.txt"
SEEN = (
    "survey/templates/*.html",
    "survey/templates/items/*",
    "survey/static/*.css",
    "survey/screens.py",
    "survey/welcome.py",
    "tests/browser/states.py",
    "tests/questionnaires/item_types.yaml",
    "tests/questionnaires/journey.yaml",
    "tests/questionnaires/texts.yaml",
)
"""What can be seen on the pictures."""


def digest() -> str:
    """A digest of everything that the pictures show, and of their names, as it is now."""
    total = hashlib.sha256()
    for pattern in SEEN:
        found = sorted(path for path in ROOT.glob(pattern) if path.is_file())
        assert found, pattern
        for path in found:
            total.update(path.relative_to(ROOT).as_posix().encode() + b"\0" + path.read_bytes())
    total.update(repr(sorted(path.name for path in NOTE.parent.glob("*.png"))).encode())
    return total.hexdigest()


@dataclass(frozen=True)
class Look:
    """How wide a window is, and what its owner's device asks for."""

    width: int
    scheme: Literal["light", "dark"] = "light"
    contrast: Literal["more"] | None = None
    forced: Literal["active"] | None = None
    media: Literal["print"] | None = None
    text: str = ""

    @property
    def name(self) -> str:
        """How the look is called in the name of a picture."""
        more = (self.contrast, "forced" if self.forced else None, self.media, self.text.rstrip("%"))
        return "-".join([str(self.width), self.scheme, *filter(None, more)])

    def put_on(self, page: Page) -> None:
        """Let a page look like this."""
        page.set_viewport_size({"width": self.width, "height": 640})
        page.emulate_media(
            color_scheme=self.scheme,
            contrast=self.contrast or "no-preference",
            forced_colors=self.forced or "none",
            media=self.media or "screen",
        )
        page.evaluate("size => { document.documentElement.style.fontSize = size }", self.text)


LOOKS = (
    Look(320),
    *(Look(w, s) for w in (320, 768, 1280) for s in ("light", "dark") if (w, s) != (320, "light")),
    Look(320, contrast="more"),
    Look(320, forced="active"),
    Look(320, "dark", forced="active"),
    Look(680, media="print"),
    Look(320, text="200%"),
)
COLOURS = 48
"""Enough for pages that are text on one ground; keeps a picture near 20 KB."""


def main() -> None:
    """Write the pictures that were asked for."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--all", type=Path, metavar="FOLDER", help="every width and look")
    parser.add_argument("--only", choices=STUDIES, help="the states of one example study")
    asked = parser.parse_args()
    target = asked.all or HERE / "pages"
    target.mkdir(parents=True, exist_ok=True)
    whole = not asked.all and not asked.only
    with sync_playwright() as playwright:
        program = shutil.which("chromium")
        browser = playwright.chromium.launch(executable_path=program, args=SWITCHES)
        for study in [asked.only] if asked.only else STUDIES:
            take(browser, study, LOOKS if asked.all else LOOKS[:1], target)
        browser.close()
    if whole:
        NOTE.write_text(digest() + "\n", encoding="utf-8")


def take(browser: Browser, study: str, looks: Sequence[Look], target: Path) -> None:
    """Pictures of all states of one example study, in every look that was asked for."""
    example = STUDIES[study]
    context = browser.new_context(locale="de-DE", reduced_motion="reduce")
    folder = tempfile.TemporaryDirectory()
    home = Path(folder.name) / "home"
    with folder, served(home, example.bundle(), demo=example.demo) as at:
        page = context.new_page()
        page.set_viewport_size({"width": looks[0].width, "height": 640})
        for number, state in enumerate(example.states(at, page, "de"), start=1):
            name = f"{study}-{number:02}-{state.replace(',', '').replace(' ', '-')}"
            for look in looks:
                look.put_on(page)
                ending = f"-{look.name}" if len(looks) > 1 else ""
                save(page.screenshot(full_page=True), target / f"{name}{ending}.png")
            looks[0].put_on(page)
    context.close()


def save(picture: bytes, path: Path) -> None:
    """A picture with few colours, written whole."""
    image = Image.open(io.BytesIO(picture)).convert("RGB").quantize(COLOURS)
    aside = path.with_suffix(".part")
    image.save(aside, "PNG", optimize=True)
    aside.replace(path)


if __name__ == "__main__":
    main()
