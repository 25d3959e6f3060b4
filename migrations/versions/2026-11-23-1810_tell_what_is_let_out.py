"""tell what is let out

Revision: 32972dd4a9f1
After: fab05d39d535
"""

import sqlalchemy as sa
from alembic import op

revision = "32972dd4a9f1"
down_revision = "fab05d39d535"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("hold", schema=None) as batch_op:
        batch_op.add_column(sa.Column("unseen", sa.Boolean(), server_default=sa.false(), nullable=False))

    with op.batch_alter_table("notification", schema=None) as batch_op:
        batch_op.create_index(
            "ix_notification_about",
            ["post_id"],
            unique=False,
            sqlite_where=sa.text("read_at IS NULL"),
            postgresql_where=sa.text("read_at IS NULL"),
        )


def downgrade() -> None:
    with op.batch_alter_table("notification", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_notification_about",
            sqlite_where=sa.text("read_at IS NULL"),
            postgresql_where=sa.text("read_at IS NULL"),
        )

    with op.batch_alter_table("hold", schema=None) as batch_op:
        batch_op.drop_column("unseen")
