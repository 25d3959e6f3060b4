"""count tries

Revision: 4be06c6f5a12
After: ca835863c0c4
"""

import sqlalchemy as sa
from alembic import op

revision = "4be06c6f5a12"
down_revision = "ca835863c0c4"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """For `lib.throttle` on PostgreSQL. Beside SQLite it keeps a file of its own."""
    if op.get_bind().dialect.name != "postgresql":
        return
    op.create_table(
        "throttle_try",
        sa.Column("key", sa.String(32), nullable=False),
        sa.Column("at", sa.Double(), nullable=False),
        prefixes=["UNLOGGED"],
    )
    op.create_index("ix_throttle_try_key_at", "throttle_try", ["key", "at"])


def downgrade() -> None:
    op.execute("DROP TABLE IF EXISTS throttle_try")
