"""read by author and by hand

Revision: aff4d9df1619
After: 838c57a5b491
"""

import sqlalchemy as sa
from alembic import op

revision = "aff4d9df1619"
down_revision = "838c57a5b491"
branch_labels = None
depends_on = None

ASSIGNED = sa.text("assignee_id IS NOT NULL AND deleted_at IS NULL")


def upgrade() -> None:
    """What somebody wrote, and what somebody has in hand, by last activity as every list is."""
    op.drop_index("ix_post_author", "post")
    op.create_index("ix_post_author", "post", ["author_id", "activity_at", "id"])
    op.create_index(
        "ix_post_assignee",
        "post",
        ["assignee_id", "activity_at", "id"],
        sqlite_where=ASSIGNED,
        postgresql_where=ASSIGNED,
    )


def downgrade() -> None:
    op.drop_index("ix_post_assignee", "post")
    op.drop_index("ix_post_author", "post")
    op.create_index("ix_post_author", "post", ["author_id", "id"])
