"""The history of the schema, applied by :func:`upgrade`."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory

from survey import database
from survey.home import Home


def upgrade(home: Home) -> None:
    """Bring the database of a home to the newest schema; makes the home if there is none."""
    home.ensure()
    database.create(home)
    config = _config()
    with database.writing(home) as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
    database.check(home)


def newest() -> str:
    """The version of the newest schema."""
    return str(ScriptDirectory.from_config(_config()).get_current_head())


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent).replace("%", "%%"))
    return config
