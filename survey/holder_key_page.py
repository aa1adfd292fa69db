"""The page on which a key holder makes keys: files to keep, a key sheet, one file to send.

The files lie in the page's folder until their reader ends it; then they are overwritten. Only
the public half is meant for anybody else.
"""

from __future__ import annotations

import re
import secrets
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path

from flask import Flask, Response, abort, render_template, request, send_file

from survey.errors import SurveyError
from survey.files import make_private_directory
from survey.holder_files import HolderFiles, check_number, create_holder_files, destroy_file
from survey.holder_mistake import MistakeError, spoken_language
from survey.keys import SHORTEST_PASSPHRASE, read_identities

_STUDY = re.compile(r"[a-z0-9][a-z0-9-]{0,63}")
_FOLDER = "keys"


@dataclass(frozen=True, slots=True)
class _Asked:
    """What was filled in."""

    study: str
    holder: str
    passphrase: str


def add_routes(app: Flask, folder: Path, address: str) -> None:
    """Add the page at ``address`` to an app; its files lie below ``folder``."""
    app.jinja_env.globals.update(key_page=address, least=SHORTEST_PASSPHRASE)

    @app.get(address)
    def key_form() -> str:
        return _form()

    @app.post(address)
    def key_made() -> str | tuple[str, int]:
        try:
            asked = _asked()
        except MistakeError as error:
            return _form(error), HTTPStatus.UNPROCESSABLE_ENTITY
        word = secrets.token_urlsafe(12)
        made = _made(folder / _FOLDER / word, asked)
        return render_template(
            "holder/key_made.html",
            word=word,
            study=asked.study,
            holder=asked.holder,
            key=made.key.name,
            rehearsal=made.rehearsal.name,
            public=made.public.name,
            sheet=_sheet(made, asked),
            check=check_number(asked.study, made.recipient),
        )

    @app.get(f"{address}/datei/<word>/<name>")
    def key_file(word: str, name: str) -> Response:
        found = {path.name: path for path in (folder / _FOLDER).glob(f"{word}/*")}
        if not re.fullmatch(r"[A-Za-z0-9_-]+", word) or name not in found:
            abort(HTTPStatus.NOT_FOUND)
        return send_file(found[name].resolve(), as_attachment=True, etag=False)


@contextmanager
def destroying(folder: Path) -> Iterator[None]:
    """Overwrites what the page has made below ``folder``, however it ends."""
    try:
        yield
    finally:
        for path in (folder / _FOLDER).rglob("*"):
            if path.is_file():
                destroy_file(path)


def _form(error: MistakeError | None = None) -> str:
    return render_template(
        "holder/key_form.html",
        mistake=error.said if error else "",
        part=error.part if error else "",
        study=request.values.get("study", ""),
        holder=request.form.get("holder", ""),
    )


def _asked() -> _Asked:
    study = request.form.get("study", "").strip()
    holder = request.form.get("holder", "").strip()
    passphrase = request.form.get("passphrase", "")
    if not _STUDY.fullmatch(study):
        raise MistakeError("bad_study", "study")
    if not holder or not holder.isprintable():
        raise MistakeError("bad_holder", "holder")
    if passphrase and len(passphrase) < SHORTEST_PASSPHRASE:
        raise MistakeError("too_short", "passphrase", least=SHORTEST_PASSPHRASE)
    if passphrase != request.form.get("again", ""):
        raise MistakeError("not_same", "again")
    return _Asked(study, holder, passphrase)


def _made(folder: Path, asked: _Asked) -> HolderFiles:
    make_private_directory(folder)
    path = folder / f"{asked.study}-{_slug(asked.holder)}.key"
    return create_holder_files(path, asked.study, asked.holder, asked.passphrase)


def _slug(holder: str) -> str:
    """A holder's name for a file name, so that two public files can lie in one folder."""
    plain = unicodedata.normalize("NFKD", holder.replace("ß", "ss")).encode("ascii", "ignore")
    return "-".join(re.findall(r"[a-z0-9]+", plain.decode().lower())) or "key"


def _sheet(made: HolderFiles, asked: _Asked) -> str:
    """The name of the key sheet; empty if it cannot be printed on this machine."""
    out = made.key.with_name(made.key.stem + ".sheet.pdf")
    [identity] = read_identities(made.key, lambda _: asked.passphrase)
    try:
        # Loaded only here: printing needs system libraries that a key does not.
        from survey.key_sheet import write_key_sheet

        write_key_sheet(
            out,
            asked.study,
            made.recipient,
            identity,
            locked=bool(asked.passphrase),
            language=spoken_language(),
        )
    except (OSError, ImportError, SurveyError):
        return ""
    return out.name
