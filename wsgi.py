"""Entry points for WSGI servers: ``wsgi:survey_app``, ``wsgi:team_app``, ``wsgi:application``.

``survey_app`` is the respondents' pages, ``team_app`` the project team's room, ``application``
both, with the room under ``/team/``. Each is made when it is asked for: a process that serves
respondents alone never loads the other half. The home of the installation is taken from
``MEINUNGSBILD_HOME``; one that does not keep its promise is not served.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

from survey.home import Home
from survey.settings import Settings
from survey.studies import check_installation

_settings = Settings.from_environment()
check_installation(Home(_settings.home))


@cache
def _survey_app() -> Any:
    from survey.app import create_app

    return create_app(_settings)


@cache
def _team_app(*, alone: bool = True) -> Any:
    from reports.team.app import create_team_app

    return create_team_app(_settings, alone=alone)


@cache
def _application() -> Any:
    from werkzeug.middleware.dispatcher import DispatcherMiddleware

    return DispatcherMiddleware(_survey_app(), {"/team": _team_app(alone=False)})


_MADE: dict[str, Callable[[], Any]] = {
    "survey_app": _survey_app,
    "team_app": _team_app,
    "application": _application,
}


def __getattr__(name: str) -> Any:
    if name not in _MADE:
        raise AttributeError(name)
    return _MADE[name]()
