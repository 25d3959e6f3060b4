"""remind in time

Revision: c85e2b07d94a
After: 1f6ad38e5c92
"""

import sqlalchemy as sa
from alembic import op

revision = "c85e2b07d94a"
down_revision = "1f6ad38e5c92"
branch_labels = None
depends_on = None

RUNS = sa.text("done_at IS NULL AND warn_at IS NOT NULL")


def upgrade() -> None:
    op.add_column("duty", sa.Column("given", sa.Integer(), server_default="0", nullable=False))
    op.add_column("duty", sa.Column("warn_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("duty", sa.Column("warned", sa.Boolean(), server_default=sa.false(), nullable=False))
    op.create_index("ix_duty_warn", "duty", ["warn_at"], sqlite_where=RUNS, postgresql_where=RUNS)


def downgrade() -> None:
    op.drop_index("ix_duty_warn", "duty")
    for name in ("warned", "warn_at", "given"):
        op.drop_column("duty", name)
