"""A page on the holder's own machine that opens a layer without a terminal.

It listens on 127.0.0.1 only, under an address with a random word that no other page can guess,
and loads nothing from outside. Keys stay in memory; what it writes lies in a folder for its
owner alone, which the command removes.
"""

from __future__ import annotations

import mimetypes
import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from http import HTTPStatus
from pathlib import Path

import pyrage
from flask import Flask, Response, abort, render_template, request, send_file

from survey import keys
from survey.errors import SurveyError
from survey.guard import is_from_here, protect
from survey.holder_turn import Outcome, Turn, take_turn
from survey.theme import load_theme

HOST = "127.0.0.1"
_KEY_LIMIT = 64 * 1024
_NAMES = {
    Outcome.NEXT_HOLDER: "{study}-weiter.urne",
    Outcome.DATA_SET: "{study}-datensatz.zip",
    Outcome.REHEARSAL_NEXT: "{study}-probe-weiter.urne",
    Outcome.REHEARSAL_DONE: "{study}-probe-ergebnis.json",
}


@dataclass
class _Turns:
    """The finished turns of this page by the random name of their file."""

    folder: Path
    known: dict[str, Turn] = field(default_factory=dict)


def create_holder_app(folder: Path, word: str, quit: Callable[[], None]) -> Flask:
    """The page under ``/WORD/``; ``quit`` is called when its reader has finished."""
    app = Flask(__name__, static_folder=None)
    theme, turns = load_theme(), _Turns(folder)
    start = f"/{word}/"
    app.before_request(_only_from_here)
    app.after_request(protect)
    app.jinja_env.globals.update(start=start, stylesheet=f"{start}static/{theme.stylesheet}")

    @app.get(start)
    def form() -> str:
        return render_template("holder/form.html", mistake="", part="")

    @app.post(start)
    def opened() -> str | tuple[str, int]:
        try:
            name, turn = _open(turns)
        except _MistakeError as error:
            told = render_template("holder/form.html", mistake=str(error), part=error.part)
            return told, HTTPStatus.UNPROCESSABLE_ENTITY
        file = _NAMES[turn.outcome].format(study=turn.study)
        return render_template("holder/done.html", turn=turn, name=name, file=file)

    @app.get(f"{start}datei/<name>")
    def download(name: str) -> Response:
        turn = turns.known.get(name) or abort(HTTPStatus.NOT_FOUND)
        file = _NAMES[turn.outcome].format(study=turn.study)
        return send_file(turn.out.resolve(), as_attachment=True, download_name=file, etag=False)

    @app.post(f"{start}ende")
    def end() -> str:
        quit()
        return render_template("holder/end.html")

    @app.get(f"{start}static/<path:name>")
    def static_file(name: str) -> Response:
        content = theme.files.get(name)
        if content is None:
            abort(HTTPStatus.NOT_FOUND)
        kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
        return Response(content, mimetype=kind)

    return app


class _MistakeError(Exception):
    """What the reader of the page can mend; ``part`` is the field that it is about."""

    def __init__(self, message: str, part: str) -> None:
        self.part = part
        super().__init__(message)


def _only_from_here() -> None:
    # Another site must not reach this page under a name of its own that leads to 127.0.0.1.
    if request.host.partition(":")[0] not in (HOST, "localhost"):
        abort(HTTPStatus.FORBIDDEN)
    if request.method not in ("GET", "HEAD") and not is_from_here(request):
        abort(HTTPStatus.FORBIDDEN)


def _open(turns: _Turns) -> tuple[str, Turn]:
    name = secrets.token_urlsafe(12)
    sent = request.files.get("urn")
    if sent is None or not sent.filename:
        raise _MistakeError("Wählen Sie die Urnendatei aus, die Sie bekommen haben.", "urn")
    identities = _identities()
    path, out = turns.folder / f"{name}.in", turns.folder / f"{name}.out"
    try:
        sent.save(path)
        turn = take_turn(path, identities, out)
    except SurveyError as error:
        raise _MistakeError(_said(str(error)), _part(str(error))) from None
    finally:
        path.unlink(missing_ok=True)
    turns.known[name] = turn
    return name, turn


def _identities() -> list[pyrage.x25519.Identity]:
    files = [file for file in request.files.getlist("keys") if file.filename]
    if not files:
        raise _MistakeError("Wählen Sie Ihre Schlüsseldatei aus.", "keys")
    passphrase = request.form.get("passphrase", "")
    found: list[pyrage.x25519.Identity] = []
    for file in files:
        name, content = str(file.filename), file.read(_KEY_LIMIT)
        if keys.needs_passphrase(content) and not passphrase:
            raise _MistakeError(f"{name} ist mit einem Passwort verschlossen.", "passphrase")
        try:
            found += keys.identities_in(content, name, passphrase)
        except SurveyError as error:
            wrong = "passphrase" in str(error)
            told = (
                f"Das Passwort öffnet {name} nicht."
                if wrong
                else f"{name} ist keine Schlüsseldatei."
            )
            raise _MistakeError(told, "passphrase" if wrong else "keys") from None
    return found


_TOLD = {
    "does not open the outermost layer": (
        "Jetzt ist jemand anderes an der Reihe: Die äußerste Schicht gehört zu einem anderen "
        "Schlüssel.",
        "keys",
    ),
    "must be named too": (
        "Für die Probe brauchen Sie beide Schlüsseldateien: die eigentliche und die für die Probe. "
        "Wählen Sie beide zusammen aus. Vielleicht ist auch jemand anderes an der Reihe.",
        "keys",
    ),
    "is not an exported urn": (
        "Das ist keine Urnendatei, oder sie ist beschädigt. Lassen Sie sie sich neu schicken.",
        "urn",
    ),
    "damaged": ("Die Datei ist beschädigt. Lassen Sie sie sich neu schicken.", "urn"),
    "test ballot": (
        "Ein Probe-Stimmzettel ließ sich nicht öffnen. Die Probe ist nicht bestanden; "
        "sagen Sie es dem Projektteam.",
        "urn",
    ),
}
"""Part of a message, what the page says for it, and the field that it is about."""


def _said(message: str) -> str:
    return next((told for sign, (told, _) in _TOLD.items() if sign in message), message)


def _part(message: str) -> str:
    return next((part for sign, (_, part) in _TOLD.items() if sign in message), "urn")
