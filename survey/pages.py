"""The addresses that a respondent reaches: the list of studies, and one address per study.

Every step is a POST to the study's address; :mod:`survey.walk` says what follows it.
"""

from __future__ import annotations

import gzip
from datetime import UTC, datetime
from functools import lru_cache, partial
from typing import IO, TYPE_CHECKING, NoReturn

from flask import Blueprint, Flask, Request, Response, current_app, redirect, request
from flask.globals import request_ctx
from werkzeug.datastructures import MultiDict
from werkzeug.exceptions import HTTPException, NotFound, RequestEntityTooLarge
from werkzeug.wrappers import Response as BaseResponse

from survey import links
from survey.doors import Door, Doors, Entrance, Passage
from survey.errors import PageStateError, StudyStateError
from survey.form_body import FORM, form_fields
from survey.languages import is_language
from survey.notices import DAMAGED, named, notice, status_of
from survey.oversize import first_part
from survey.pace import network
from survey.patience import HEADER_KEY, come_again, is_late
from survey.pauses import Pause, pause, paused
from survey.promise import promise_sheet
from survey.records import read_records
from survey.rendering import Filling
from survey.replies import Reply
from survey.screens import draw_general
from survey.states import State
from survey.studies import load_study
from survey.theme import Theme
from survey.translation import SOURCE, catalogue, interface
from survey.walk import CONFLICT, Walk

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment

blueprint = Blueprint("pages", __name__)


@blueprint.get("/")
def index() -> BaseResponse:
    """The list of studies; a single one is shown at once."""
    studies = _doors().studies()
    if len(studies) == 1:
        return redirect(f"/s/{studies[0].id}/")
    language = interface_language()
    _ = catalogue(language).gettext
    query = "" if language == SOURCE else f"?lang={language}"
    entries = [
        {
            "path": f"/s/{row.id}/{query}",
            "title": row.title,
            "note": "" if row.state == State.OPEN else _("beendet"),
        }
        for row in sorted(studies, key=lambda row: row.state != State.OPEN)
    ]
    flags = frozenset() if entries else frozenset({"none"})
    filling = Filling(lists={"studies": entries}, flags=flags)
    return _public(draw_general("index", theme(), filling, language))


@blueprint.get("/s/<study_id>")
def without_slash(study_id: str) -> BaseResponse:
    """The same address with its slash; relative, so that a proxy's https is kept."""
    return redirect(f"/s/{study_id}/", 308)


@blueprint.get("/s/<study_id>/")
def start(study_id: str) -> BaseResponse:
    """The start page of a study, or why it takes no answers."""
    entrance = _find(study_id)
    door, passage = entrance.door, entrance.door.passage(_now(), entrance.state)
    name = {Passage.OPEN: "start", Passage.WAITING: "waiting", Passage.CLOSED: "closed"}[passage]
    return _public(door.screens.draw(name, language=asked_language()))


@blueprint.get("/s/<study_id>/promise")
def promise(study_id: str) -> BaseResponse:
    """What a study promises and what not, drawn up from the study and this installation."""
    door = _find(study_id).door
    home, language = door.desk.home, door.screens.known(asked_language())
    stored, records = load_study(home, study_id), read_records(home, study_id)
    sheet = promise_sheet(stored, links.kind(home), records, language)
    return _public(door.screens.draw_promise(sheet, language))


@blueprint.post("/s/<study_id>/")
def step(study_id: str) -> BaseResponse:
    """One step of a respondent, where :mod:`survey.shortcut` has left it to the framework."""
    sent, app = request_ctx.request, request_ctx.app
    posted, cut = _posted(sent, app.config["MAX_CONTENT_LENGTH"])
    reply = replied(app, sent.environ, study_id, posted, cut)
    response = Response(reply.page, reply.status)
    if reply.retry_after:
        response.headers["Retry-After"] = reply.retry_after
    return response


def replied(
    app: Flask, environ: WSGIEnvironment, study_id: str, posted: MultiDict[str, str], cut: str = ""
) -> Reply:
    """What follows a form that was sent to a study; ``cut`` names the field that did not fit.

    Raises whatever the application has a page for, as every view does.
    """
    now, doors = _now(), app.extensions["doors"]
    said = environ.get(HEADER_KEY, "")
    if said and not cut and _is_late(said, now.timestamp(), posted):
        return _busy(doors, environ, study_id, posted)
    entrance = _find(study_id, posted.get("state", ""), doors)
    door = entrance.door
    passage = door.passage(now, entrance.state)
    language = door.screens.known(_said_language(environ, posted))
    if passage is not Passage.OPEN:
        name = "waiting" if passage is Passage.WAITING else "closed"
        return Reply(door.screens.draw(name, language=language), CONFLICT)
    look: Theme = app.extensions["theme"]
    if "screen" in posted and (kind := named(posted["screen"])) and (asked := _switched(posted)):
        return _told(look, door, kind, asked)
    try:
        where = partial(_network, environ, app.extensions["proxies"])
        walk = Walk(entrance, posted, language, now, app.extensions["pace"], where)
        return (walk.overlong(cut) or _too_large()) if cut else walk.answer()
    except PageStateError:
        if cut:
            _too_large()
        return _told(look, door, DAMAGED, language)
    except StudyStateError:
        return Reply(door.screens.draw("closed", language=language), CONFLICT)


def _said_language(environ: WSGIEnvironment, posted: MultiDict[str, str]) -> str:
    # Asked for what is missing, Werkzeug makes an exception; hardly any form says a language.
    if "lang" in posted and (said := posted["lang"]):
        return said
    return Request(environ).args.get("lang", "") if environ.get("QUERY_STRING") else ""


def _posted(sent: Request, limit: int) -> tuple[MultiDict[str, str], str]:
    """The sent fields and, of a form beyond the limit, the name of the field that was cut."""
    try:
        return form_fields(sent, limit), ""
    except RequestEntityTooLarge:
        if sent.mimetype != FORM:
            raise
        body: IO[bytes] = sent.environ["wsgi.input"]
        return first_part(body, limit)


def _too_large() -> NoReturn:
    raise RequestEntityTooLarge


def _told(look: Theme, door: Door, kind: str, language: str) -> Reply:
    """A notice that answers a form of a study; it speaks a language of the interface."""
    path = door.screens.path(language)
    text = notice(look, kind, interface(language), path=path, sent=True)
    return Reply(text.encode(), status_of(kind))


def _pressed(posted: MultiDict[str, str]) -> str:
    return posted.get("go", "").partition(":")[0]


def _is_late(said: str, now: float, posted: MultiDict[str, str]) -> bool:
    return is_late(said, now, _pressed(posted), again=_asked_for(posted) > 0)


def _asked_for(posted: MultiDict[str, str]) -> float:
    """For how many seconds of patience the page has asked on which a button was pressed."""
    why, seconds = paused(posted.get("screen", "")) or (None, 0.0)
    return seconds if why is Pause.BUSY else 0.0


def _busy(
    doors: Doors, environ: WSGIEnvironment, study_id: str, posted: MultiDict[str, str]
) -> Reply:
    door = doors.known(study_id) or _find(study_id, "", doors).door
    return busy(door, posted, _said_language(environ, posted))


def busy(door: Door, posted: MultiDict[str, str], language: str) -> Reply:
    """The page that sends the same again a little later; made without asking the database."""
    language = door.screens.known(_switched(posted) or language)
    fields, seconds = posted.items(multi=True), come_again(_pressed(posted), _asked_for(posted))
    return pause(door.screens, Pause.BUSY, fields, language, seconds=seconds)


def _switched(posted: MultiDict[str, str]) -> str:
    """The language that the pressed button asks for; empty for every other button."""
    go, _, language = posted.get("go", "").partition(":")
    return language if go == "lang" else ""


def asked_language() -> str:
    """The language that a button asks for, or that the sent page or its address has; unchecked."""
    try:
        posted = _switched(request.form) or request.form.get("lang", "")
    except HTTPException:  # such as a body beyond the limit
        posted = ""
    return posted or request.args.get("lang", "")


def interface_language() -> str:
    """The language in which a page that belongs to no study speaks."""
    asked = asked_language()
    return interface(asked) if asked and is_language(asked) else SOURCE


def theme() -> Theme:
    """The look of this installation."""
    found: Theme = current_app.extensions["theme"]
    return found


def _doors() -> Doors:
    doors: Doors = current_app.extensions["doors"]
    return doors


def _network(environ: WSGIEnvironment, proxies: frozenset[str]) -> str:
    """Where a request came from; it is compared in memory and kept nowhere."""
    return network(environ.get("REMOTE_ADDR", ""), environ.get("HTTP_X_REAL_IP", ""), proxies)


def _find(study_id: str, sent: str = "", doors: Doors | None = None) -> Entrance:
    try:
        return (doors or _doors()).enter(study_id, sent)
    except StudyStateError:
        raise NotFound from None


def _now() -> datetime:
    return datetime.now(UTC)


def _public(text: str | bytes) -> Response:
    """A page that depends on nobody's answers; only such pages are compressed."""
    response = Response(text)
    response.vary.add("Accept-Encoding")
    if request.accept_encodings["gzip"] > 0:
        response.set_data(_compressed(response.get_data()))
        response.content_encoding = "gzip"
    return response


@lru_cache(maxsize=32)
def _compressed(page: bytes) -> bytes:
    """A page, compressed once for everybody: when a crowd comes, it is the start page they get."""
    return gzip.compress(page, 6, mtime=0)
