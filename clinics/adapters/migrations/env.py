"""Run the steps on the connection that is given; Alembic executes this file for each upgrade."""

from __future__ import annotations

from alembic import context

# Alembic believes that SQLite cannot undo a change of tables. It can, once the driver is told to
# leave transactions alone, as `clinics.adapters.database` does.
context.configure(connection=context.config.attributes["connection"], transactional_ddl=True)
with context.begin_transaction():
    context.run_migrations()
