"""A dossier as one HTML file for the screen: the same model, pictures and fonts inside it."""

from __future__ import annotations

import re
from base64 import b64encode

from reports.dossier import Dossier
from reports.fonts import FAMILY, font_files
from reports.page import ASSET, Page
from reports.rendering import as_page

SCREEN = """
html { background: #e9e9e9; }
body { max-width: 166mm; margin: 8mm auto; padding: 12mm 22mm; background: white; }
.marks { color: #444; font-size: 9.5pt; border-bottom: 0.3mm solid #8a8a8a; padding-bottom: 2mm; }
.exhibit img { width: 100%; height: auto; }
@media (max-width: 210mm) { body { margin: 0; padding: 5mm; max-width: none; overflow-wrap: anywhere; } .exhibit { overflow-x: auto; } .facts th { width: 30%; overflow-wrap: break-word; } }
"""  # noqa: E501


_CORNER = re.compile(r'<th scope="col"([^>]*)>(?:&nbsp;|\xa0|\s)*</th>')


def preview(dossier: Dossier, page: Page | None = None) -> str:
    """The HTML of a dossier with everything in it; opens nothing from outside.

    ``page`` is the dossier as a page where that was made before.
    """
    page = page or as_page(dossier)
    html = page.html
    for name, picture in page.pictures.items():
        html = html.replace(f'"{ASSET}{name}"', f'"{_inline("image/svg+xml", picture)}"')
    # On a screen an empty corner of a table is read out as a heading without a name.
    html = _CORNER.sub(r"<td\1></td>", html)
    style = f"{_faces()}\n{page.style}\n{SCREEN}"
    sources = dossier.source.splitlines()
    marks = " · ".join(text for text in (dossier.mark, dossier.edition, *sources) if text)
    html = html.replace("</head>", f"<style>\n{style}\n</style>\n</head>", 1)
    return html.replace("<main>", f'<main>\n<p class="marks">Vorschau · {marks}</p>', 1)


def _faces() -> str:
    faces = []
    for cut, path in font_files().items():
        font = _inline("font/ttf", path.read_bytes())
        look = f"font-weight: {cut.weight}; font-style: {cut.style};"
        faces.append(f'@font-face {{ font-family: "{FAMILY}"; src: url("{font}"); {look} }}')
    return "\n".join(faces)


def _inline(kind: str, content: bytes) -> str:
    return f"data:{kind};base64,{b64encode(content).decode()}"
