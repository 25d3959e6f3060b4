"""discuss in statements

Statements, arguments and objections are comments of a kind. Going back, they are comments like others.

Revision: aeaf3f3ade47
After: 3b1e5c0f7d22
"""

import sqlalchemy as sa
from alembic import op

revision = "aeaf3f3ade47"
down_revision = "3b1e5c0f7d22"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "hall_consensus",
        sa.Column("post_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("answers", sa.Integer(), nullable=False),
        sa.Column("counted", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("found", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["post_id"], ["post.id"], name=op.f("fk_hall_consensus_post_id_post"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("post_id", name=op.f("pk_hall_consensus")),
    )
    op.create_table(
        "hall_remark",
        sa.Column("comment_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("post_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("option", sa.Integer(), nullable=True),
        sa.Column("reply_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("answers", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["comment_id"], ["comment.id"], name=op.f("fk_hall_remark_comment_id_comment"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["post_id"], ["post.id"], name=op.f("fk_hall_remark_post_id_post"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["reply_id"], ["comment.id"], name=op.f("fk_hall_remark_reply_id_comment"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("comment_id", name=op.f("pk_hall_remark")),
    )
    op.create_index("ix_hall_remark_post_id", "hall_remark", ["post_id", "answers", "comment_id"])

    op.create_table(
        "hall_answer",
        sa.Column("comment_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("account_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("post_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("choice", sa.SmallInteger(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("choice IN (1, 0, -1)", name=op.f("ck_hall_answer_choice")),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_hall_answer_account_id_account"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["comment_id"],
            ["hall_remark.comment_id"],
            name=op.f("fk_hall_answer_comment_id_hall_remark"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["post_id"], ["post.id"], name=op.f("fk_hall_answer_post_id_post"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("comment_id", "account_id", name=op.f("pk_hall_answer")),
    )
    op.create_index("ix_hall_answer_account_id", "hall_answer", ["account_id"])
    op.create_index("ix_hall_answer_post_id", "hall_answer", ["post_id", "at"])

    op.add_column("comment", sa.Column("kind", sa.String(), server_default="", nullable=False))


def downgrade() -> None:
    op.drop_column("comment", "kind")

    op.drop_index("ix_hall_answer_post_id", "hall_answer")
    op.drop_index("ix_hall_answer_account_id", "hall_answer")

    op.drop_table("hall_answer")
    op.drop_index("ix_hall_remark_post_id", "hall_remark")

    op.drop_table("hall_remark")
    op.drop_table("hall_consensus")
