"""Entry points for WSGI servers: ``wsgi:survey_app`` and ``wsgi:application``.

The home of the installation is taken from ``MEINUNGSBILD_HOME``.
"""

from __future__ import annotations

from survey.app import create_app
from survey.settings import Settings

survey_app = create_app(Settings.from_environment())
application = survey_app
