"""Corrections, settled by the version that makes them; and what look-ups of addresses gave."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Make both tables."""
    op.create_table(
        "corrections",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("clinic_id", sa.Text, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("source", sa.Text, nullable=False),
        sa.Column("received", sa.DateTime(timezone=True), nullable=False),
        sa.Column("status", sa.String(20), nullable=False),
        sa.Column("handled", sa.DateTime(timezone=True)),
        sa.Column("who", sa.Text, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("version", sa.Integer),
        sa.PrimaryKeyConstraint("id", name="pk_corrections"),
        sa.ForeignKeyConstraint(["version"], ["versions.number"], name="fk_corrections_version"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_corrections_clinic_id", "corrections", ["clinic_id"])
    op.create_index("ix_corrections_status", "corrections", ["status"])
    op.create_table(
        "addresses",
        sa.Column("key", sa.Text, nullable=False),
        sa.Column("found", sa.DateTime(timezone=True), nullable=False),
        sa.Column("lat", sa.Double),
        sa.Column("lon", sa.Double),
        sa.PrimaryKeyConstraint("key", name="pk_addresses"),
    )
