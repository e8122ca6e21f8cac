"""What each upload is for, so that a draft can be listed and gone on with."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Add the column; an upload that is there has no plan."""
    op.add_column("uploads", sa.Column("plan", sa.Text, nullable=False, server_default=""))
