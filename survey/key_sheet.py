"""The key sheet: a private key on paper, for the holder's safe, as text to type and as a code."""

from __future__ import annotations

import io
from pathlib import Path

import pyrage
import segno

from survey.holder_files import check_number, secret_lines
from survey.holder_words import words
from survey.keys import Recipient
from survey.print_pdf import print_pdf, templates, write_replacing


def write_key_sheet(
    out: Path,
    study_id: str,
    recipient: Recipient,
    identity: pyrage.x25519.Identity,
    *,
    locked: bool,
    language: str = "de",
) -> None:
    """Write the one-page PDF; ``locked`` says that the key file has a passphrase."""
    content = key_sheet_pdf(study_id, recipient, identity, locked=locked, language=language)
    write_replacing(out, content)
    out.chmod(0o600)


def key_sheet_pdf(
    study_id: str,
    recipient: Recipient,
    identity: pyrage.x25519.Identity,
    *,
    locked: bool,
    language: str = "de",
) -> bytes:
    """The PDF: who holds the key, what it opens, its lines with check characters, its picture."""
    say = words(language)
    html = (
        templates()
        .get_template("print/key_sheet.html")
        .render(
            study=study_id,
            recipient=recipient,
            check=check_number(study_id, recipient),
            lines=secret_lines(identity),
            locked=locked,
            say=say,
            language=language,
        )
    )
    sheet = templates().get_template("print/print.css")
    style = sheet.render(foot=f"{say['sheet']} · {study_id}", page_word=say["sheet_page"])
    return print_pdf(html, style, {"key.png": picture(str(identity))})


def picture(text: str, scale: int = 8) -> bytes:
    """A QR code with a quiet zone, as the bytes of a PNG file."""
    drawn = io.BytesIO()
    segno.make(text, error="m", micro=False).save(drawn, kind="png", scale=scale, border=4)
    return drawn.getvalue()
