"""Who may do what: roles, and the declaration that every view of the room carries.

Nothing is open that does not say so: a view without a declaration is refused, and a test
compares every route with what it declares.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from enum import StrEnum
from typing import Any, TypeVar

from reports.errors import ReportError

View = TypeVar("View", bound=Callable[..., Any])


class Role(StrEnum):
    """What a person of the team does; a person may have several, an auditor that one only."""

    AUTHOR = "author"
    FIELDWORK = "fieldwork"
    MODERATOR = "moderator"
    REPORTER = "reporter"
    AUDITOR = "auditor"


class Stage(StrEnum):
    """How far a person has come; a page that asks for less than ``FULL`` shows no study."""

    NONE = "none"
    PASSWORD = "password"  # noqa: S105 - a stage of signing in, not a password
    ENROL = "enrol"
    FULL = "full"


ALL = frozenset(Role)
_ATTRIBUTE = "declared_access"


class Access:
    """Who may see a view: people of some roles, or anybody at a stage of signing in."""

    def __init__(self, stage: Stage, roles: frozenset[Role] = frozenset()) -> None:
        self.stage, self.roles = stage, roles

    def admits(self, stage: Stage, roles: Iterable[Role]) -> bool:
        """Whether a person at a stage and with some roles may see the view."""
        if self.stage is Stage.NONE:
            return True
        return stage is self.stage and (stage is not Stage.FULL or bool(self.roles & set(roles)))


def for_roles(*roles: Role) -> Callable[[View], View]:
    """Declares a view for people with one of these roles, signed in with both factors."""
    return _declares(Access(Stage.FULL, frozenset(roles)))


def for_stage(stage: Stage) -> Callable[[View], View]:
    """Declares a view for a stage of signing in; with ``Stage.NONE`` for everybody."""
    return _declares(Access(stage, ALL if stage is Stage.FULL else frozenset()))


def declared(view: Callable[..., Any]) -> Access | None:
    """What a view declares; None if it declares nothing, which admits nobody."""
    return getattr(view, _ATTRIBUTE, None)


def read_roles(words: Iterable[str]) -> frozenset[Role]:
    """Roles by their names; raises ``ReportError`` for unknown ones and impossible company.

    >>> sorted(read_roles(["reporter", "moderator"]))
    [<Role.MODERATOR: 'moderator'>, <Role.REPORTER: 'reporter'>]
    """
    found = set()
    for word in words:
        if word not in [role.value for role in Role]:
            known = ", ".join(role.value for role in Role)
            raise ReportError(f"“{word}” is no role; known are {known}")
        found.add(Role(word))
    if not found:
        raise ReportError("an account needs at least one role")
    if Role.AUDITOR in found and len(found) > 1:
        raise ReportError("an auditor has no other role: nobody watches over their own acts")
    return frozenset(found)


def _declares(access: Access) -> Callable[[View], View]:
    def declare(view: View) -> View:
        setattr(view, _ATTRIBUTE, access)
        return view

    return declare
