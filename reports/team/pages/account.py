"""One's own account: password, recovery codes, other sessions."""

from __future__ import annotations

from flask import Blueprint, render_template, request

from reports.team import accounts, guard, sessions
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
    """A new password, by the old one."""
    old, new = request.form.get("old", ""), request.form.get("new", "")
    if new != request.form.get("again", ""):
        return _page({"again": _("Die beiden Passwörter sind verschieden.")}), 422
    found = guard.session()
    why = accounts.change_password(store(), found.user.name, old, new, found.digest)
    if why:
        return _page({"old" if "jetzige" in why else "new": _(why)}), 422
    return _page({}, _("Das Passwort ist geändert. Alle anderen Sitzungen sind beendet."))


@blueprint.post("/account/recovery")
@for_stage(Stage.FULL)
def recovery() -> str | tuple[str, int]:
    """New recovery codes, by the password."""
    name = guard.person()
    if not accounts.is_password(store(), name, request.form.get("password", "")):
        return _page({"password": _("Das jetzige Passwort stimmt nicht.")}), 422
    return render_template("team/recovery.html", codes=accounts.new_recovery_codes(store(), name))


@blueprint.post("/account/sessions")
@for_stage(Stage.FULL)
def end_others() -> str:
    """End all other sessions."""
    sessions.end_others(store(), guard.session())
    return _page({}, _("Alle anderen Sitzungen sind beendet."))


def _page(mistakes: dict[str, str], done: str = "") -> str:
    found = guard.session()
    return render_template(
        "team/account.html",
        mistakes=mistakes,
        done=done,
        left=accounts.recovery_left(store(), found.user.name),
        others=sessions.count_others(store(), found, clock()),
    )
