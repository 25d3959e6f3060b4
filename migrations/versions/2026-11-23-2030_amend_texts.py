"""amend texts

Going back, proposed changes are comments like others, and of all versions of a text the last one stays.

Revision: 5b0c9e7d31f4
After: 5c0e9d27b614
"""

import sqlalchemy as sa
from alembic import op

revision = "5b0c9e7d31f4"
down_revision = "5c0e9d27b614"
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "hall_amendment",
        sa.Column("comment_id", NUMBER, nullable=False),
        sa.Column("post_id", NUMBER, nullable=False),
        sa.Column("based_on", sa.Integer(), nullable=False),
        sa.Column("words", sa.String(), nullable=False),
        sa.Column("why", sa.String(), nullable=False),
        sa.Column("changes", sa.JSON(), nullable=False),
        sa.Column("accepted", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["comment_id"],
            ["hall_remark.comment_id"],
            name=op.f("fk_hall_amendment_comment_id_hall_remark"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["post_id"], ["post.id"], name=op.f("fk_hall_amendment_post_id_post"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("comment_id", name=op.f("pk_hall_amendment")),
    )
    op.create_index("ix_hall_amendment_post_id", "hall_amendment", ["post_id"])
    op.create_table(
        "hall_wording",
        sa.Column("post_id", NUMBER, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("words", sa.String(), nullable=False),
        sa.Column("why", sa.String(), nullable=False),
        sa.Column("changes", sa.JSON(), nullable=False),
        sa.Column("amendment_id", NUMBER, nullable=True),
        sa.Column("by_id", NUMBER, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["amendment_id"],
            ["hall_remark.comment_id"],
            name=op.f("fk_hall_wording_amendment_id_hall_remark"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(["by_id"], ["account.id"], name=op.f("fk_hall_wording_by_id_account")),
        sa.ForeignKeyConstraint(
            ["post_id"], ["post.id"], name=op.f("fk_hall_wording_post_id_post"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("post_id", "number", name=op.f("pk_hall_wording")),
    )


def downgrade() -> None:
    op.drop_table("hall_wording")
    op.drop_index("ix_hall_amendment_post_id", "hall_amendment")
    op.drop_table("hall_amendment")
