"""The history of the schema, applied by :func:`upgrade`."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

from survey import database, links
from survey.errors import SetupError
from survey.home import Home


def upgrade(home: Home) -> None:
    """Bring the database of a home to the newest schema; makes the home if there is none."""
    home.ensure()
    links.create(home)
    config = _config()
    with database.writing(home) as connection:
        found = MigrationContext.configure(connection).get_current_revision()
        if not is_known(found):
            raise SetupError(
                f"the tables have version {found}, which this program does not know: install the "
                "newer program that made them, or restore an older backup"
            )
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
    links.check(home)


def newest() -> str:
    """The version of the newest schema."""
    return str(ScriptDirectory.from_config(_config()).get_current_head())


def is_known(version: str | None) -> bool:
    """Whether this program has made or can renew tables of a version; None are no tables."""
    scripts = ScriptDirectory.from_config(_config()).walk_revisions()
    return version is None or version in {script.revision for script in scripts}


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent).replace("%", "%%"))
    return config
