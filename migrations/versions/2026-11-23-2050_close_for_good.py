"""close for good

Revision: 0d3c6a91be52
After: 93b5d07ef2a1
"""

import sqlalchemy as sa
from alembic import op

revision = "0d3c6a91be52"
down_revision = "93b5d07ef2a1"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("ballot_round", sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    op.drop_column("ballot_round", "closed_at")
