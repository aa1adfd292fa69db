"""gunicorn for respondents, behind nginx: ``gunicorn -c deploy/gunicorn.conf.py wsgi:survey_app``.

The options are those of ``survey serve``: no access log, no word about who sent nonsense. What
differs between installations comes from the environment: ``MEINUNGSBILD_BIND`` (an address with
port, or ``unix:/run/meinungsbild/respondents.sock``) and ``WEB_CONCURRENCY`` (processes).
"""

import gc
import os

# What is imported stays: to look through it for garbage again and again is a tenth of the start.
gc.disable()

from survey.commands.serve import server_options  # noqa: E402

gc.freeze()
gc.enable()

globals().update(server_options("127.0.0.1", 8000))
bind = os.environ.get("MEINUNGSBILD_BIND", "127.0.0.1:8000")
workers = int(os.environ.get("WEB_CONCURRENCY", "2"))
umask = 0o007
