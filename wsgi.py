"""Entry points for WSGI servers: ``wsgi:survey_app`` and ``wsgi:application``.

The home of the installation is taken from ``MEINUNGSBILD_HOME``; one that does not keep its
promise is not served.
"""

from __future__ import annotations

from survey.app import create_app
from survey.home import Home
from survey.settings import Settings
from survey.studies import check_installation

_settings = Settings.from_environment()
check_installation(Home(_settings.home))
survey_app = create_app(_settings)
application = survey_app
