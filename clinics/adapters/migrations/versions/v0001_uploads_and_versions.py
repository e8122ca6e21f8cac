"""Uploads and versions: what was received, and what was published from it."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Make both tables."""
    op.create_table(
        "uploads",
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("filename", sa.Text, nullable=False),
        sa.Column("received", sa.DateTime(timezone=True), nullable=False),
        sa.Column("size", sa.Integer, nullable=False),
        sa.Column("data", sa.LargeBinary, nullable=False),
        sa.PrimaryKeyConstraint("sha256", name="pk_uploads"),
    )
    op.create_table(
        "versions",
        sa.Column("number", sa.Integer, nullable=False, autoincrement=False),
        sa.Column("key", sa.Text, nullable=False),
        sa.Column("published", sa.DateTime(timezone=True), nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("who", sa.Text, nullable=False),
        sa.Column("note", sa.Text, nullable=False),
        sa.Column("clinics", sa.Integer, nullable=False),
        sa.Column("added", sa.Integer, nullable=False),
        sa.Column("changed", sa.Integer, nullable=False),
        sa.Column("removed", sa.Integer, nullable=False),
        sa.Column("upload_sha256", sa.String(64)),
        sa.Column("restored_from", sa.Integer),
        sa.Column("report", sa.LargeBinary, nullable=False),
        sa.Column("table", sa.LargeBinary, nullable=False),
        sa.PrimaryKeyConstraint("number", name="pk_versions"),
        sa.UniqueConstraint("key", name="uq_versions_key"),
        sa.ForeignKeyConstraint(
            ["upload_sha256"], ["uploads.sha256"], name="fk_versions_upload_sha256"
        ),
        sa.CheckConstraint("number >= 0", name="ck_versions_number_counts_up"),
    )
    op.create_index("ix_versions_upload_sha256", "versions", ["upload_sha256"])
