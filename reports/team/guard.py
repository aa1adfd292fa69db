"""What every request to the room has to show before a view sees it.

Origin and a token in every form; a session at the stage that the view declares; a role that it
names. A view that declares nothing is refused. Every act of a person is written to the audit
log after it, whatever came of it.
"""

from __future__ import annotations

import hmac
import time
from datetime import UTC, datetime
from typing import Any

from flask import Flask, Response, current_app, g, redirect, request, url_for
from werkzeug.exceptions import Forbidden, NotFound
from werkzeug.wrappers import Response as BaseResponse

from reports.team.audit import AuditLog
from reports.team.roles import Access, Role, Stage, declared
from reports.team.sessions import IDLE, Session, find_session
from reports.team.store import Store, new_token
from reports.team.throttle import DEVICE_LIFE
from reports.team.words import LANGUAGES, SOURCE
from survey.guard import HEADERS, is_from_here, protect
from survey.home import Home
from survey.pace import Pace, network

SESSION, DEVICE, LANGUAGE = "__Secure-room", "__Secure-room-device", "__Secure-room-language"
"""Cookies of the room; respondents' pages have none, and these are not sent there."""
_SHARED, _ALONE = "__Secure-", "__Host-"
READS = ("GET", "HEAD")
POLICY = HEADERS["Content-Security-Policy"] + "; connect-src 'self'"


def install(app: Flask) -> None:
    """Put the guard in front of every view of an application and behind every answer."""
    app.before_request(_look)
    app.before_request(_judge)
    app.after_request(_log_act)
    app.after_request(_set_cookies)
    app.after_request(_protect)


# -- what views ask for -----------------------------------------------------------------------


def home() -> Home:
    """The home of the installation."""
    found: Home = current_app.extensions["home"]
    return found


def store() -> Store:
    """Accounts and sessions."""
    found: Store = current_app.extensions["store"]
    return found


def pace() -> Pace:
    """What slows guessing down, in the memory of this process."""
    found: Pace = current_app.extensions["pace"]
    return found


def log() -> AuditLog:
    """The audit log."""
    found: AuditLog = current_app.extensions["audit"]
    return found


def now() -> datetime:
    """The time of the request."""
    return datetime.fromtimestamp(clock(), UTC)


def clock() -> float:
    """The time of the request in seconds."""
    made: float = current_app.extensions.get("clock", time.time)()
    return made


def session() -> Session:
    """The session of the request; only in views that ask for a stage."""
    found: Session = g.session
    return found


def person() -> str:
    """The name under which the person at hand acts."""
    return session().user.name


def has_role(*roles: Role) -> bool:
    """Whether the person at hand has one of these roles."""
    found: Session | None = g.get("session")
    return found is not None and bool(set(roles) & found.user.roles)


def sender() -> str:
    """The network of the request, for the memory of this process only."""
    named = request.headers.get("X-Real-IP", "")
    return network(request.remote_addr or "", named, current_app.extensions["proxies"])


def noted(**details: str) -> None:
    """What the audit log says beside the name of the act."""
    g.setdefault("details", {}).update(details)


def noted_read(act: str, **details: str) -> None:
    """Let the audit log hold a request that only reads, such as a download."""
    g.read_act = act
    noted(**details)


def cookie_name(cookie: str, *, alone: bool | None = None) -> str:
    """The name of a cookie: bound to the host where nobody but the room is served there.

    >>> cookie_name(SESSION, alone=True), cookie_name(SESSION, alone=False)
    ('__Host-room', '__Secure-room')
    """
    bound = _is_alone() if alone is None else alone
    return cookie.replace(_SHARED, _ALONE, 1) if bound else cookie


def sent_cookie(cookie: str) -> str:
    """What the browser sent under the name of a cookie; empty if nothing."""
    return request.cookies.get(cookie_name(cookie), "")


def _is_alone() -> bool:
    return bool(current_app.extensions["alone"])


def renew(token: str) -> None:
    """Give the browser the word of another session."""
    g.new_token, g.token = token, token


def csrf_token() -> str:
    """What a form of this browser has to carry."""
    if not g.token:
        renew(new_token())
    return store().digest("csrf", g.token).hex()


# -- before and after -------------------------------------------------------------------------


def _look() -> None:
    g.language = _asked_language()
    g.token = sent_cookie(SESSION)[:100]
    g.session = find_session(store(), g.token, clock())


def _asked_language() -> str:
    asked = request.args.get("lang", "")
    if asked in LANGUAGES:
        g.new_language = asked
        return asked
    kept = sent_cookie(LANGUAGE)
    return kept if kept in LANGUAGES else SOURCE


def _judge() -> BaseResponse | None:
    if request.endpoint is None:
        raise request.routing_exception or NotFound()
    if request.method not in READS:
        _check_form()
    access = declared(current_app.view_functions[request.endpoint])
    if access is None:
        raise Forbidden
    return _admit(access)


def _check_form() -> None:
    sent, wanted = request.form.get("csrf", ""), ""
    if g.token:
        wanted = store().digest("csrf", g.token).hex()
    if not is_from_here(request.environ) or not wanted or not hmac.compare_digest(sent, wanted):
        g.stale = True
        raise Forbidden


def _admit(access: Access) -> BaseResponse | None:
    found: Session | None = g.session
    stage = found.stage if found else Stage.NONE
    if access.admits(stage, found.user.roles if found else ()):
        return None
    if found is None or stage is not Stage.FULL:
        g.session = None
        return redirect(url_for("sign_in.form"), 303)
    if access.stage is not Stage.FULL:  # such as the second factor, once it was given
        return redirect(url_for("studies.index"), 303)
    g.read_act = request.endpoint
    raise Forbidden


def _log_act(response: Response) -> Response:
    found: Session | None = g.get("session")
    if found is None or found.stage is not Stage.FULL:
        return response
    act = g.get("read_act") or (request.endpoint if request.method not in READS else "")
    if act:
        refused = response.status_code >= 400
        log().record(
            found.user.name,
            str(act),
            now(),
            study=str((request.view_args or {}).get("study_id", "")),
            outcome=f"refused {response.status_code}" if refused else "done",
            details=g.get("details"),
        )
    return response


def _set_cookies(response: Response) -> Response:
    common: dict[str, Any] = {
        "path": "/" if _is_alone() else f"{request.script_root}/",
        "secure": True,
        "httponly": True,
        "samesite": "Strict",
    }
    if token := g.get("new_token"):
        response.set_cookie(cookie_name(SESSION), token, **common)
    if g.get("ended"):
        response.delete_cookie(cookie_name(SESSION), **common)
    if device := g.get("new_device"):
        response.set_cookie(cookie_name(DEVICE), device, max_age=int(DEVICE_LIFE), **common)
    if chosen := g.get("new_language"):
        response.set_cookie(cookie_name(LANGUAGE), chosen, max_age=int(DEVICE_LIFE), **common)
    return response


def _protect(response: Response) -> Response:
    response = protect(response)
    response.headers["Content-Security-Policy"] = g.get("policy") or POLICY
    return response


IDLE_MINUTES = int(IDLE // 60)
