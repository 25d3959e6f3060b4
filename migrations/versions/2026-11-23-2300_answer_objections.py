"""answer objections one by one

What neighbours objected to in public notices was a participation with a note; now it is a comment that is answered.

Revision: 5be07c41d92f
After: 5b1e7c40a9d2
"""

from html import escape

import sqlalchemy as sa
from alembic import op

revision = "5be07c41d92f"
down_revision = "5b1e7c40a9d2"
branch_labels = None
depends_on = None

POST = sa.table("post", sa.column("id"), sa.column("board"), sa.column("comment_count"))
PART = sa.table(
    "participation",
    *map(sa.column, ("post_id", "name", "unit", "account_id", "building_id", "note")),
    sa.column("at", sa.DateTime(timezone=True)),
)
COMMENT = sa.table(
    "comment",
    *map(sa.column, ("post_id", "author_id", "author_role", "kind", "body", "rendered")),
    sa.column("moderation"),
    sa.column("created_at", sa.DateTime(timezone=True)),
)
NOTICES = sa.select(POST.c.id).where(POST.c.board == "notices")


def upgrade() -> None:
    connection = op.get_bind()
    objected = PART.c.name == "object", PART.c.post_id.in_(NOTICES)
    for row in connection.execute(sa.select(PART).where(*objected).order_by(PART.c.at)).all():
        connection.execute(
            COMMENT.insert().values(
                post_id=row.post_id,
                author_id=row.account_id,
                author_role="",
                kind="objection",
                body=row.note,
                rendered=f"<p>{escape(row.note)}</p>",
                moderation="clear",
                created_at=row.at,
            )
        )
        kept = POST.update().where(POST.c.id == row.post_id)
        connection.execute(kept.values(comment_count=POST.c.comment_count + 1))
    connection.execute(PART.delete().where(*objected))


def downgrade() -> None:
    """Objections and answers stay to be read, as comments below the notice."""
    kinds = COMMENT.c.kind.in_(("objection", "reply")), COMMENT.c.post_id.in_(NOTICES)
    op.execute(COMMENT.update().where(*kinds).values(kind=""))
