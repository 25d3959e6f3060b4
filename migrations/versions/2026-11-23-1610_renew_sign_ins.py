"""renew sign ins

Revision: 993cc900e8e5
After: 50c59735b6be
"""

import sqlalchemy as sa
from alembic import op

revision = "993cc900e8e5"
down_revision = "50c59735b6be"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("sign_in", schema=None) as batch_op:
        batch_op.add_column(sa.Column("roles", sa.String(), server_default="", nullable=False))


def downgrade() -> None:
    with op.batch_alter_table("sign_in", schema=None) as batch_op:
        batch_op.drop_column("roles")
