"""Studies, codes and the urn."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "studies",
        sa.Column("id", sa.String(64), nullable=False),
        sa.Column("state", sa.String(8), nullable=False),
        sa.Column("demo", sa.Boolean, nullable=False),
        sa.Column("bundle", sa.Text, nullable=False),
        sa.Column("study", sa.Text, nullable=False),
        sa.Column("instrument_hash", sa.String(64), nullable=False),
        sa.Column("padded_size", sa.Integer, nullable=False),
        sa.Column("recipients", sa.Text, nullable=False),
        sa.Column("host_key", sa.String(64), nullable=False),
        sa.Column("shown_count", sa.Integer, nullable=False),
        sa.Column("shown_day", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_studies"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "code_groups",
        sa.Column("study_id", sa.String(64), nullable=False),
        sa.Column("name", sa.String(64), nullable=False),
        sa.Column("issued", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("study_id", "name", name="pk_code_groups"),
        sa.ForeignKeyConstraint(["study_id"], ["studies.id"], name="fk_code_groups_studies"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "codes",
        sa.Column("study_id", sa.String(64), nullable=False),
        sa.Column("digest", sa.LargeBinary(32), nullable=False),
        sa.Column("group_name", sa.String(64), nullable=False),
        sa.PrimaryKeyConstraint("study_id", "digest", name="pk_codes"),
        sa.ForeignKeyConstraint(["study_id"], ["studies.id"], name="fk_codes_studies"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "ballots",
        sa.Column("study_id", sa.String(64), nullable=False),
        sa.Column("key_digest", sa.LargeBinary(32), nullable=False),
        sa.Column("sealed", sa.LargeBinary, nullable=False),
        sa.PrimaryKeyConstraint("study_id", "key_digest", name="pk_ballots"),
        sa.ForeignKeyConstraint(["study_id"], ["studies.id"], name="fk_ballots_studies"),
        sqlite_with_rowid=False,
    )


def downgrade() -> None:
    for table in ("ballots", "codes", "code_groups", "studies"):
        op.drop_table(table)
