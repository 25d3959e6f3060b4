"""keep the taker's words; a listing's deal is the kind of its post

Revision: 81c7997d2225
After: d915d24f3b39
"""

import sqlalchemy as sa
from alembic import op

revision = "81c7997d2225"
down_revision = "d915d24f3b39"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("goods_listing") as table:
        table.add_column(sa.Column("message", sa.String(), nullable=False, server_default=""))
        table.drop_column("kind")
    with op.batch_alter_table("goods_listing") as table:
        table.alter_column("message", server_default=None)


def downgrade() -> None:
    with op.batch_alter_table("goods_listing") as table:
        table.add_column(sa.Column("kind", sa.String(), nullable=False, server_default=""))
        table.drop_column("message")
    op.execute(
        "UPDATE goods_listing SET kind = (SELECT kind FROM post WHERE post.id = goods_listing.post_id)"
    )
    with op.batch_alter_table("goods_listing") as table:
        table.alter_column("kind", server_default=None)
