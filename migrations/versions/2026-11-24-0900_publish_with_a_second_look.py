"""publish with a second look

Revision: 3d9a5c17e0b4
After: 6b633a34e848
"""

import sqlalchemy as sa
from alembic import op

revision = "3d9a5c17e0b4"
down_revision = "6b633a34e848"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
WAS_PUBLISHED = """
UPDATE service SET answer_id = (
    SELECT max(link.child_id) FROM link JOIN post ON post.id = link.child_id
    WHERE link.parent_id = service.post_id AND post.board = 'services' AND post.kind = 'answer'
) WHERE consent AND post_id IN (SELECT id FROM post WHERE board = 'services' AND state = 'published')
"""
BACK = "UPDATE post SET state = 'closed' WHERE board = 'services' AND state IN ('drafted', 'looked_over')"


def upgrade() -> None:
    for column in (
        sa.Column("asked_again", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("draft_title", sa.String(), server_default="", nullable=False),
        sa.Column("draft_body", sa.String(), server_default="", nullable=False),
        sa.Column("draft_found", sa.JSON(), server_default=sa.text("'[]'"), nullable=False),
        sa.Column("drafter_id", ID, nullable=True),
        sa.Column("answer_id", ID, nullable=True),
    ):
        op.add_column("service", column)
    op.execute(WAS_PUBLISHED)


def downgrade() -> None:
    """Drafts that wait go back to the closed question, and are written anew."""
    op.execute(BACK)
    for name in ("answer_id", "drafter_id", "draft_found", "draft_body", "draft_title", "asked_again"):
        op.drop_column("service", name)
