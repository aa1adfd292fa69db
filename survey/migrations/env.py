"""Runs migrations on the connection that :func:`survey.migrations.upgrade` hands over."""

from __future__ import annotations

from alembic import context

from survey.inventory import VERSION_TABLE
from survey.schema import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    version_table=VERSION_TABLE,
    render_as_batch=True,
)
context.run_migrations()
