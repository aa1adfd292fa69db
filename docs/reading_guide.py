"""Print the page for councillors, ``de/dossier-lesen.md``, as an accessible PDF of four pages.

Usage: ``.venv/bin/python docs/reading_guide.py``. A test fails when the PDF is older than the page.
"""

from __future__ import annotations

import re
from pathlib import Path

from markdown import markdown

from survey.print_pdf import print_pdf, templates, write_replacing

HERE = Path(__file__).parent
PAGE = HERE / "de" / "dossier-lesen.md"
PDF = HERE / "de" / "dossier-lesen.pdf"
STYLE = """
html { font-size: 12.5pt; line-height: 1.45; hyphens: auto; }
h2 { font-size: 16pt; margin: 3mm 0 3mm; break-before: page; }
h1 + p + h2 { break-before: avoid; }
h3 { font-size: 13.5pt; margin: 5mm 0 1.5mm; break-after: avoid; }
p, li { margin-bottom: 2.4mm; }
th:first-child, td:first-child { width: 60mm; }
img { width: 100%; margin: 2mm 0 3mm; }
"""


def text() -> str:
    """The page without the link to its own PDF."""
    return re.sub(r" \[[^\]]+\]\(dossier-lesen\.pdf\)\.", "", PAGE.read_text("utf-8"))


def whole_document() -> str:
    """The whole document; its pictures are named ``paper:NAME``."""
    body = markdown(text(), extensions=["tables"], output_format="html")
    body = re.sub(r'src="[^"]*/([\w.-]+)"', r'src="paper:\1"', body)
    head = '<head><meta charset="utf-8"><title>Das Dossier lesen</title></head>'
    return f'<!doctype html><html lang="de">{head}<body>{body}</body></html>'


def main() -> None:
    """Write the PDF; an earlier one is replaced."""
    style = (
        templates().get_template("print/print.css").render(foot="Meinungsbild · Das Dossier lesen")
    )
    pictures = {path.name: path.read_bytes() for path in (HERE / "pictures").glob("*.svg")}
    write_replacing(PDF, print_pdf(whole_document(), style + STYLE, pictures))


if __name__ == "__main__":
    main()
