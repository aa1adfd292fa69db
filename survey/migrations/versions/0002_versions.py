"""Earlier versions of the questionnaires of open studies."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "versions",
        sa.Column("study_id", sa.String(64), nullable=False),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("instrument_hash", sa.String(64), nullable=False),
        sa.Column("bundle", sa.Text, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("study_id", "number", name="pk_versions"),
        sa.ForeignKeyConstraint(["study_id"], ["studies.id"], name="fk_versions_studies"),
        sqlite_with_rowid=False,
    )


def downgrade() -> None:
    op.drop_table("versions")
