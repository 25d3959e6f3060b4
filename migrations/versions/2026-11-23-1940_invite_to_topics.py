"""invite to topics

Revision: c41d7be0a9f3
After: 8d2f47a1c603
"""

import sqlalchemy as sa
from alembic import op

revision = "c41d7be0a9f3"
down_revision = "8d2f47a1c603"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for name in ("affected_places", "invited_offices"):
        op.add_column("hall_proposal", sa.Column(name, sa.JSON(), server_default="[]", nullable=False))


def downgrade() -> None:
    for name in ("invited_offices", "affected_places"):
        op.drop_column("hall_proposal", name)
