"""What the roles are called on the pages."""

from __future__ import annotations

from reports.team.roles import Role
from reports.team.words import _, later

NAMES = {
    Role.AUTHOR: later("Fragebogen"),
    Role.FIELDWORK: later("Durchführung"),
    Role.MODERATOR: later("Freitexte"),
    Role.REPORTER: later("Auswertung"),
    Role.AUDITOR: later("Aufsicht"),
}


def role_name(role: Role) -> str:
    """The name of a role in the language of the request."""
    return _(NAMES[role])
