"""Signing in: password, then second factor; the first time by invitation; signing out."""

from __future__ import annotations

import io

import segno
from flask import Blueprint, g, redirect, render_template, request, url_for
from markupsafe import Markup
from werkzeug.wrappers import Response

from reports.errors import ReportError
from reports.team import accounts, guard, sessions, throttle
from reports.team.guard import clock, store
from reports.team.roles import Stage, for_stage
from reports.team.words import _, later

blueprint = Blueprint("sign_in", __name__)
_WRONG = later("Name oder Passwort stimmen nicht.")


@blueprint.get("/sign-in")
@for_stage(Stage.NONE)
def form() -> str:
    """Name and password."""
    return render_template("team/sign_in.html", mistakes={}, name="")


@blueprint.post("/sign-in")
@for_stage(Stage.NONE)
def password() -> Response | tuple[str, int]:
    """The first factor; what is wrong is never said in more detail than needed."""
    name = request.form.get("name", "").strip().casefold()[:100]
    given, now = request.form.get("password", ""), clock()
    pace, known = guard.pace(), _is_known(name)
    wait = throttle.password_wait(pace, name, guard.sender(), known, now)
    if wait:
        said = _(
            "Von hier kamen zu viele falsche Passwörter. Bitte warten Sie %(seconds)s Sekunden. "
            "In einem Browser, in dem Sie schon angemeldet waren, gilt das nicht.",
            seconds=round(wait) + 1,
        )
        return _again(name, said, 429)
    user = accounts.find(store(), name)
    right = accounts.is_password(store(), name, given)
    if not right or user is None or not user.ready:
        throttle.wrong_password(pace, name, guard.sender(), known, now)
        _log("sign_in.password", name if user else "", "refused")
        return _again(name, _(_WRONG), 422)
    _replace_session()
    guard.renew(sessions.begin(store(), user, Stage.PASSWORD, now))
    return redirect(url_for("sign_in.second"), 303)


@blueprint.get("/second-factor")
@for_stage(Stage.PASSWORD)
def second() -> str:
    """The second factor."""
    return render_template("team/second.html", mistakes={})


@blueprint.post("/second-factor")
@for_stage(Stage.PASSWORD)
def code() -> Response | tuple[str, int]:
    """A code of the authenticator or a recovery code lifts the session."""
    found, now = guard.session(), clock()
    name, known = found.user.name, _is_known(found.user.name)
    if not sessions.count_try(store(), found.digest):
        return redirect(url_for("sign_in.form"), 303)
    allowed = throttle.code_allowed(store(), name, known, now)
    given = request.form.get("code", "")
    if allowed and accounts.use_code(store(), name, given, now):
        _enter(name, now)
        return redirect(url_for("studies.index"), 303)
    _log("sign_in.code", name, "refused")
    said = _("Für dieses Konto wurden zu viele falsche Codes eingegeben. Später geht es neu.")
    if allowed:
        said = _wrong_code(name, given, now)
    return render_template("team/second.html", mistakes={"code": said}), 422


def _wrong_code(name: str, given: str, now: float) -> str:
    """What is said of a code that opens nothing; one that comes too late is no try to guess."""
    if accounts.is_beside(store(), name, given, now):
        return _(
            "Dieser Code gilt gerade nicht: Jeder gilt nur die 30 Sekunden, in denen die App ihn "
            "zeigt. Nehmen Sie den nächsten. Geschieht das öfter, geht die Uhr Ihres Geräts falsch."
        )
    throttle.wrong_code(store(), name, now)
    return _("Der Code stimmt nicht, oder er wurde schon benutzt. Warten Sie auf den nächsten.")


@blueprint.get("/invitation")
@for_stage(Stage.NONE)
def invitation() -> str:
    """The word of an invitation and a password of one's own."""
    return render_template("team/invitation.html", mistakes={}, word="")


@blueprint.post("/invitation")
@for_stage(Stage.NONE)
def accept() -> Response | tuple[str, int]:
    """Takes an invitation; the second factor comes next."""
    word, given = request.form.get("word", "").strip(), request.form.get("password", "")
    mistakes: dict[str, str] = {}
    name, now, pace = "", clock(), guard.pace()
    if pace.wait(throttle.NETWORK, guard.sender(), now):
        mistakes["word"] = _("Bitte warten Sie einen Augenblick.")
    elif given != request.form.get("again", ""):
        mistakes["again"] = _("Die beiden Passwörter sind verschieden.")
    else:
        try:
            name = accounts.accept(store(), word, given, now)
        except ReportError as error:
            mistakes["password"] = _(str(error))
        else:
            if not name:
                pace.spend(throttle.NETWORK, guard.sender(), now)
                mistakes["word"] = _(
                    "Diese Einladung gilt nicht (mehr). Bitten Sie den Betrieb um eine neue."
                )
    user = accounts.find(store(), name)
    if mistakes or user is None:
        return render_template("team/invitation.html", mistakes=mistakes, word=word), 422
    _replace_session()
    pending = accounts.new_secret()
    guard.renew(sessions.begin(store(), user, Stage.ENROL, now, pending))
    return redirect(url_for("sign_in.enrol"), 303)


@blueprint.get("/enrol")
@for_stage(Stage.ENROL)
def enrol() -> str:
    """The secret for the authenticator, as QR code and in letters."""
    return _enrol_page({})


@blueprint.post("/enrol")
@for_stage(Stage.ENROL)
def enrolled() -> str | tuple[str, int] | Response:
    """The authenticator proves that it has the secret; recovery codes are shown once."""
    found, now = guard.session(), clock()
    if not sessions.count_try(store(), found.digest):
        return redirect(url_for("sign_in.form"), 303)
    name, given = found.user.name, request.form.get("code", "").replace(" ", "")
    drawn = accounts.enrol(store(), name, found.pending, given, now)
    if not drawn:
        return _enrol_page(
            {"code": _("Der Code passt nicht. Stimmt die Uhrzeit auf Ihrem Gerät?")}
        ), 422
    _enter(name, now)
    guard.log().record(name, "sign_in.enrolled", guard.now())
    return render_template("team/recovery.html", codes=drawn)


@blueprint.post("/sign-out")
@for_stage(Stage.FULL)
def sign_out() -> Response:
    """Ends the session on the server and in the browser."""
    sessions.end(store(), guard.session().digest)
    g.ended = True
    return redirect(url_for("sign_in.form"), 303)


def _again(name: str, said: str, status: int) -> tuple[str, int]:
    return render_template("team/sign_in.html", mistakes={"name": said}, name=name), status


def _enrol_page(mistakes: dict[str, str]) -> str:
    found = guard.session()
    picture = io.BytesIO()
    made = segno.make(accounts.address(found.user.name, found.pending), error="m")
    made.save(picture, kind="svg", scale=5, border=4, light="#fff", xmldecl=False, svgclass="qr")
    groups = [found.pending[start : start + 4] for start in range(0, len(found.pending), 4)]
    svg = Markup(picture.getvalue().decode()) if not mistakes.get("-") else ""  # noqa: S704
    return render_template("team/enrol.html", mistakes=mistakes, picture=svg, groups=groups)


def _is_known(name: str) -> bool:
    return throttle.is_device(store(), name, guard.sent_cookie(guard.DEVICE), clock())


def _replace_session() -> None:
    """Nobody goes on in a session that was there before."""
    if g.session is not None:
        sessions.end(store(), g.session.digest)


def _enter(name: str, now: float) -> None:
    """A new, whole session; the one that only knew the password ends."""
    found = guard.session()
    sessions.end(store(), found.digest)
    user = accounts.find(store(), name)
    assert user is not None
    guard.renew(sessions.begin(store(), user, Stage.FULL, now))
    if not _is_known(name):
        g.new_device = throttle.new_device(store(), name, now)
    failed = throttle.take_failed(store(), name)
    _log("sign_in.entered", name, "done", {"wrong_codes_before": str(failed)} if failed else None)


def _log(act: str, name: str, outcome: str, details: dict[str, str] | None = None) -> None:
    guard.log().record(name or "unknown", act, guard.now(), outcome=outcome, details=details)
