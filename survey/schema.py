"""The tables of the urn.

Every table is clustered on its key (``WITHOUT ROWID``): a hidden row number would tell who
answered when. For the same reason no table has a column for time, address, agent or order;
the days of a study stand in its own text, and the day of the last participation count is a
day number. :mod:`survey.links` compares the names of tables and columns with the database at every
start.
"""

from __future__ import annotations

from sqlalchemy import (
    Boolean,
    Column,
    ForeignKeyConstraint,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
)

metadata = MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "fk": "fk_%(table_name)s_%(referred_table_name)s",
    }
)

studies = Table(
    "studies",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("state", String(8), nullable=False),
    Column("demo", Boolean, nullable=False),
    Column("bundle", Text, nullable=False),
    Column("study", Text, nullable=False),
    Column("instrument_hash", String(64), nullable=False),
    Column("padded_size", Integer, nullable=False),
    Column("recipients", Text, nullable=False),
    Column("host_key", String(64), nullable=False),
    Column("shown_count", Integer, nullable=False),
    Column("shown_day", Integer, nullable=False),
    sqlite_with_rowid=False,
)

versions = Table(
    "versions",
    metadata,
    Column("study_id", String(64), primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("instrument_hash", String(64), nullable=False),
    Column("bundle", Text, nullable=False),
    Column("reason", Text, nullable=False),
    ForeignKeyConstraint(["study_id"], ["studies.id"]),
    sqlite_with_rowid=False,
)
"""Versions of a questionnaire that were replaced while their study was open, and why."""

code_groups = Table(
    "code_groups",
    metadata,
    Column("study_id", String(64), primary_key=True),
    Column("name", String(64), primary_key=True),
    Column("issued", Integer, nullable=False),
    ForeignKeyConstraint(["study_id"], ["studies.id"]),
    sqlite_with_rowid=False,
)

codes = Table(
    "codes",
    metadata,
    Column("study_id", String(64), primary_key=True),
    Column("digest", LargeBinary(32), primary_key=True),
    Column("group_name", String(64), nullable=False),
    ForeignKeyConstraint(["study_id"], ["studies.id"]),
    sqlite_with_rowid=False,
)

ballots = Table(
    "ballots",
    metadata,
    Column("study_id", String(64), primary_key=True),
    Column("key_digest", LargeBinary(32), primary_key=True),
    Column("sealed", LargeBinary, nullable=False),
    ForeignKeyConstraint(["study_id"], ["studies.id"]),
    sqlite_with_rowid=False,
)
