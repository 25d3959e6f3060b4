"""ask in polls

Revision: a98d6533c471
After: 91d4e6b7c250
"""

import sqlalchemy as sa
from alembic import op

revision = "a98d6533c471"
down_revision = "91d4e6b7c250"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "poll",
        sa.Column("post_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("unit", sa.String(), nullable=False),
        sa.Column("shows", sa.String(), nullable=False),
        sa.Column("closes_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answered", sa.Integer(), nullable=False),
        sa.CheckConstraint("shows IN ('answered', 'closed')", name=op.f("ck_poll_shows")),
        sa.CheckConstraint("state = 'draft' OR closes_at IS NOT NULL", name=op.f("ck_poll_closes_at")),
        sa.CheckConstraint("state IN ('draft', 'open', 'closed')", name=op.f("ck_poll_state")),
        sa.CheckConstraint("unit IN ('person', 'household')", name=op.f("ck_poll_unit")),
        sa.ForeignKeyConstraint(["code"], ["division.code"], name=op.f("fk_poll_code_division")),
        sa.ForeignKeyConstraint(
            ["post_id"], ["post.id"], name=op.f("fk_poll_post_id_post"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("post_id", name=op.f("pk_poll")),
    )
    op.create_index(
        "ix_poll_due",
        "poll",
        ["closes_at"],
        unique=False,
        sqlite_where=sa.text("state = 'open'"),
        postgresql_where=sa.text("state = 'open'"),
    )
    op.create_table(
        "poll_question",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("post_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("words", sa.String(), nullable=False),
        sa.Column("options", sa.JSON(), nullable=False),
        sa.CheckConstraint(
            "kind IN ('single', 'several', 'ranked', 'text')", name=op.f("ck_poll_question_kind")
        ),
        sa.ForeignKeyConstraint(
            ["post_id"], ["poll.post_id"], name=op.f("fk_poll_question_post_id_poll"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_poll_question")),
        sa.UniqueConstraint("post_id", "number", name=op.f("uq_poll_question_post_id_number")),
    )
    op.create_table(
        "poll_sheet",
        sa.Column("post_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("unit", sa.String(), nullable=False),
        sa.Column("account_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("building_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("tenure", sa.String(), nullable=False),
        sa.Column("answers", sa.JSON(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_poll_sheet_account_id_account"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["building_id"], ["building.id"], name=op.f("fk_poll_sheet_building_id_building")
        ),
        sa.ForeignKeyConstraint(
            ["post_id"], ["poll.post_id"], name=op.f("fk_poll_sheet_post_id_poll"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("post_id", "unit", name=op.f("pk_poll_sheet")),
    )
    op.create_index("ix_poll_sheet_account_id", "poll_sheet", ["account_id"], unique=False)


def downgrade() -> None:
    op.drop_index("ix_poll_sheet_account_id", table_name="poll_sheet")
    op.drop_table("poll_sheet")
    op.drop_table("poll_question")
    op.drop_index("ix_poll_due", table_name="poll")
    op.drop_table("poll")
