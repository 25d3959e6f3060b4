"""gather what is followed

Revision: 3b1e5c0f7d22
After: 625b6f5f395b
"""

import sqlalchemy as sa
from alembic import op

revision = "3b1e5c0f7d22"
down_revision = "625b6f5f395b"
branch_labels = None
depends_on = None

KEPT = sa.text("deleted_at IS NULL")


def upgrade() -> None:
    """Indexes from which a feed is read without looking at the posts themselves."""
    op.drop_index("ix_post_author", "post")
    op.create_index(
        "ix_post_author",
        "post",
        ["author_id", "activity_at", "id"],
        sqlite_where=KEPT,
        postgresql_where=KEPT,
    )
    op.create_index("ix_follow_newest", "follow", ["account_id", "kind", "at", "target"])


def downgrade() -> None:
    op.drop_index("ix_follow_newest", "follow")
    op.drop_index("ix_post_author", "post")
    op.create_index("ix_post_author", "post", ["author_id", "activity_at", "id"])
