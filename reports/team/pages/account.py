"""One's own account: password, recovery codes, other sessions.

Whoever changes how one signs in shows both factors again, and so a browser that was left open is
of no use to somebody else.
"""

from __future__ import annotations

from collections.abc import Callable

from flask import Blueprint, abort, render_template, request

from reports.team import accounts, guard, sessions, throttle
from reports.team.guard import clock, store
from reports.team.roles import Stage, for_stage
from reports.team.words import _

blueprint = Blueprint("account", __name__)


@blueprint.get("/account")
@for_stage(Stage.FULL)
def show() -> str:
    """What belongs to the account."""
    return _page({})


@blueprint.post("/account/password")
@for_stage(Stage.FULL)
def password() -> str | tuple[str, int]:
    """A new password, by both factors."""
    old, new = request.form.get("old", ""), request.form.get("new", "")
    name = guard.person()
    if new != request.form.get("again", ""):
        return _page({"again": _("Die beiden Passwörter sind verschieden.")}), 422
    if why := accounts.check_new_password(name, new):
        return _page({"new": _(why)}), 422
    if mistakes := _unproven("old", "code", accounts.use_code):
        return _page(mistakes), 422
    why = accounts.change_password(store(), name, old, new, guard.session().digest)
    if why:
        return _page({"old": _(why)}), 422
    return _page({}, _("Das Passwort ist geändert. Alle anderen Sitzungen sind beendet."))


@blueprint.post("/account/recovery")
@for_stage(Stage.FULL)
def recovery() -> str | tuple[str, int]:
    """New recovery codes, by both factors."""
    if mistakes := _unproven("password", "proof", accounts.use_code):
        return _page(mistakes), 422
    drawn = accounts.new_recovery_codes(store(), guard.person())
    return render_template("team/recovery.html", codes=drawn)


@blueprint.post("/account/sessions")
@for_stage(Stage.FULL)
def end_others() -> str | tuple[str, int]:
    """End all other sessions, by the password."""
    if mistakes := _unproven("here", "", None):
        return _page(mistakes), 422
    sessions.end_others(store(), guard.session())
    return _page({}, _("Alle anderen Sitzungen sind beendet."))


def _unproven(password: str, code: str, use: Callable[..., bool] | None) -> dict[str, str]:
    """What is wrong with the factors that a form carries; five tries end the session."""
    found, name = guard.session(), guard.person()
    if not sessions.count_try(store(), found.digest):
        abort(403)
    if not accounts.is_password(store(), name, request.form.get(password, "")):
        return {password: _("Das jetzige Passwort stimmt nicht.")}
    if use is not None and not use(store(), name, request.form.get(code, ""), clock()):
        throttle.wrong_code(store(), name, clock())
        return {code: _("Der Code stimmt nicht, oder er wurde schon benutzt.")}
    sessions.forget_tries(store(), found.digest)
    return {}


def _page(mistakes: dict[str, str], done: str = "") -> str:
    found = guard.session()
    return render_template(
        "team/account.html",
        mistakes=mistakes,
        done=done,
        left=accounts.recovery_left(store(), found.user.name),
        others=sessions.others(store(), found, clock()),
    )
