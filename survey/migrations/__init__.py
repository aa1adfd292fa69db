"""The history of the schema, applied by :func:`upgrade`."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config

from survey import database
from survey.home import Home


def upgrade(home: Home) -> None:
    """Bring the database of a home to the newest schema; makes the home if there is none."""
    home.ensure()
    database.create(home)
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent).replace("%", "%%"))
    with database.writing(home) as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
    database.check(home)
