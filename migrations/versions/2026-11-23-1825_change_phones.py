"""change phones

Revision: 7c1f0a2be964
After: 4bf77e58027c
"""

import sqlalchemy as sa
from alembic import op

revision = "7c1f0a2be964"
down_revision = "4bf77e58027c"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("account", schema=None) as batch_op:
        batch_op.add_column(sa.Column("phone_since", sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("account", schema=None) as batch_op:
        batch_op.drop_column("phone_since")
