"""read the barometer

Revision: 7d41f06ab3c8
After: 5b8e02c7d1a4
"""

import sqlalchemy as sa
from alembic import op

revision = "7d41f06ab3c8"
down_revision = "5b8e02c7d1a4"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """What is in it is read anew every morning."""
    op.create_table(
        "barometer",
        sa.Column("code", sa.String(length=12), nullable=False),
        sa.Column("read_on", sa.Date(), nullable=False),
        *(
            sa.Column(name, sa.Integer(), nullable=False)
            for name in ("homes", "staff", "buildings", "silent")
        ),
        sa.Column("told", sa.JSON(), nullable=False),
        sa.Column("words", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_barometer")),
    )


def downgrade() -> None:
    op.drop_table("barometer")
