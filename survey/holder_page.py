"""A page on the holder's own machine that makes keys and opens a layer without a terminal.

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

from survey import holder_key_page, keys
from survey.errors import SurveyError
from survey.guard import is_from_here, protect
from survey.holder_mistake import MistakeError, spoken_language
from survey.holder_turn import Turn, take_turn
from survey.holder_words import NAMES, words
from survey.theme import load_theme

HOST = "127.0.0.1"
_KEY_LIMIT = 64 * 1024


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
    app.after_request(_kept_nowhere)
    app.jinja_env.globals.update(
        start=start, names=NAMES, stylesheet=f"{start}static/{theme.stylesheet}"
    )
    app.context_processor(_spoken)
    holder_key_page.add_routes(app, folder, f"{start}schluessel")

    @app.get(start)
    def form() -> str:
        return render_template("holder/form.html", mistake="", part="")

    @app.post(start)
    def opened() -> str | tuple[str, int]:
        try:
            name, turn = _open(turns)
        except MistakeError as error:
            told = render_template("holder/form.html", mistake=error.said, part=error.part)
            return told, HTTPStatus.UNPROCESSABLE_ENTITY
        return render_template("holder/done.html", turn=turn, name=name, file=_file_name(turn))

    @app.get(f"{start}datei/<name>")
    def download(name: str) -> Response:
        turn = turns.known.get(name) or abort(HTTPStatus.NOT_FOUND)
        file = _file_name(turn)
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


def _spoken() -> dict[str, object]:
    language = spoken_language()
    return {"language": language, "say": words(language)}


def _kept_nowhere(response: Response) -> Response:
    # Files that are sent have a rule of their own; a browser must not keep a second copy of one.
    response.headers["Cache-Control"] = "no-store"
    return response


def _file_name(turn: Turn) -> str:
    name = words(spoken_language())[f"file_{turn.outcome.value}"]
    return name % {"study": turn.study}


def _only_from_here() -> None:
    # Another site must not reach this page under a name of its own that leads to 127.0.0.1.
    if request.host.partition(":")[0] not in (HOST, "localhost"):
        abort(HTTPStatus.FORBIDDEN)
    if request.method not in ("GET", "HEAD") and not is_from_here(request.environ):
        abort(HTTPStatus.FORBIDDEN)


def _open(turns: _Turns) -> tuple[str, Turn]:
    name = secrets.token_urlsafe(12)
    sent = request.files.get("urn")
    if sent is None or not sent.filename:
        raise MistakeError("no_urn", "urn")
    identities = _identities()
    path, out = turns.folder / f"{name}.in", turns.folder / f"{name}.out"
    try:
        sent.save(path)
        turn = take_turn(path, identities, out)
    except SurveyError as error:
        raise _mistake(str(error)) from None
    finally:
        path.unlink(missing_ok=True)
    turns.known[name] = turn
    return name, turn


def _identities() -> list[pyrage.x25519.Identity]:
    files = [file for file in request.files.getlist("keys") if file.filename]
    if not files:
        raise MistakeError("no_key", "keys")
    passphrase = request.form.get("passphrase", "")
    found: list[pyrage.x25519.Identity] = []
    for file in files:
        name, content = str(file.filename), file.read(_KEY_LIMIT)
        if keys.needs_passphrase(content) and not passphrase:
            raise MistakeError("locked", "passphrase", file=name)
        try:
            found += keys.identities_in(content, name, passphrase)
        except SurveyError as error:
            if "passphrase" in str(error):
                raise MistakeError("wrong_passphrase", "passphrase", file=name) from None
            raise MistakeError("no_key_file", "keys", file=name) from None
    return found


_TOLD = {
    "does not open the outermost layer": ("other_turn", "keys"),
    "must be named too": ("both_keys", "keys"),
    "is not an exported urn": ("not_urn", "urn"),
    "damaged": ("damaged", "urn"),
    "test ballot": ("test_failed", "urn"),
}
"""Part of a message, what the page says for it, and the field that it is about."""


def _mistake(message: str) -> MistakeError:
    found = (told for sign, told in _TOLD.items() if sign in message)
    code, part = next(found, ("", "urn"))
    return MistakeError(code, part, plain=message)
