"""answer in time

Revision: 4bf77e58027c
After: 32972dd4a9f1
"""

import sqlalchemy as sa
from alembic import op

revision = "4bf77e58027c"
down_revision = "32972dd4a9f1"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Clocks for what is owed to those who post. What is open already gets one when it next moves."""
    op.create_table(
        "duty_time",
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("board", sa.String(), nullable=False),
        sa.Column("category", sa.String(), nullable=False),
        sa.Column("first_reply", sa.Integer(), nullable=False),
        sa.Column("resolve", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "first_reply BETWEEN 1 AND 999 AND resolve BETWEEN 1 AND 999", name=op.f("ck_duty_time_hours")
        ),
        sa.ForeignKeyConstraint(["code"], ["division.code"], name=op.f("fk_duty_time_code_division")),
        sa.PrimaryKeyConstraint("code", "board", "category", name=op.f("pk_duty_time")),
    )
    op.create_table(
        "reply_template",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("words", sa.String(), nullable=False),
        sa.Column("by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["account.id"], name=op.f("fk_reply_template_by_id_account")),
        sa.ForeignKeyConstraint(["code"], ["division.code"], name=op.f("fk_reply_template_code_division")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reply_template")),
    )
    with op.batch_alter_table("reply_template", schema=None) as batch_op:
        batch_op.create_index("ix_reply_template_code", ["code", "title"], unique=False)

    op.create_table(
        "duty",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("post_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("category", sa.String(), nullable=False),
        sa.Column("owner_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("counted_from", sa.DateTime(timezone=True), nullable=False),
        sa.Column("left", sa.Integer(), nullable=False),
        sa.Column("promised_on", sa.Date(), nullable=True),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("paused_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("outcome", sa.String(), nullable=False),
        sa.Column("level", sa.Integer(), nullable=False),
        sa.Column("raise_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("calendar", sa.String(), nullable=False),
        sa.CheckConstraint("kind IN ('first_reply', 'resolve')", name=op.f("ck_duty_kind")),
        sa.CheckConstraint("outcome IN ('', 'kept', 'late', 'dropped')", name=op.f("ck_duty_outcome")),
        sa.CheckConstraint("(due_at IS NULL) = (paused_at IS NOT NULL)", name=op.f("ck_duty_runs_or_rests")),
        sa.CheckConstraint("level BETWEEN 0 AND 3", name=op.f("ck_duty_level")),
        sa.ForeignKeyConstraint(["code"], ["division.code"], name=op.f("fk_duty_code_division")),
        sa.ForeignKeyConstraint(
            ["owner_id"], ["account.id"], name=op.f("fk_duty_owner_id_account"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["post_id"], ["post.id"], name=op.f("fk_duty_post_id_post"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_duty")),
    )
    with op.batch_alter_table("duty", schema=None) as batch_op:
        batch_op.create_index(
            "ix_duty_desk",
            ["code", "due_at", "id"],
            unique=False,
            sqlite_where=sa.text("done_at IS NULL"),
            postgresql_where=sa.text("done_at IS NULL"),
        )
        batch_op.create_index(
            "ix_duty_owner",
            ["owner_id", "due_at", "id"],
            unique=False,
            sqlite_where=sa.text("done_at IS NULL"),
            postgresql_where=sa.text("done_at IS NULL"),
        )
        batch_op.create_index("ix_duty_post_id", ["post_id", "id"], unique=False)
        batch_op.create_index(
            "ix_duty_raise",
            ["raise_at"],
            unique=False,
            sqlite_where=sa.text("done_at IS NULL AND raise_at IS NOT NULL"),
            postgresql_where=sa.text("done_at IS NULL AND raise_at IS NOT NULL"),
        )
        batch_op.create_index(
            "ix_duty_raised",
            ["code", "level"],
            unique=False,
            sqlite_where=sa.text("done_at IS NULL AND level > 1"),
            postgresql_where=sa.text("done_at IS NULL AND level > 1"),
        )
        batch_op.create_index(
            "uq_duty_open",
            ["post_id", "kind"],
            unique=True,
            sqlite_where=sa.text("done_at IS NULL"),
            postgresql_where=sa.text("done_at IS NULL"),
        )

    op.create_table(
        "home_visit",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("dwelling_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("visited_on", sa.Date(), nullable=False),
        sa.Column("by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("again_on", sa.Date(), nullable=True),
        sa.Column("again_done_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("again_done_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["again_done_by_id"], ["account.id"], name=op.f("fk_home_visit_again_done_by_id_account")
        ),
        sa.ForeignKeyConstraint(["by_id"], ["account.id"], name=op.f("fk_home_visit_by_id_account")),
        sa.ForeignKeyConstraint(["code"], ["division.code"], name=op.f("fk_home_visit_code_division")),
        sa.ForeignKeyConstraint(
            ["dwelling_id"], ["dwelling.id"], name=op.f("fk_home_visit_dwelling_id_dwelling")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_home_visit")),
    )
    with op.batch_alter_table("home_visit", schema=None) as batch_op:
        batch_op.create_index(
            "ix_home_visit_again",
            ["code", "again_on"],
            unique=False,
            sqlite_where=sa.text("again_on IS NOT NULL AND again_done_at IS NULL"),
            postgresql_where=sa.text("again_on IS NOT NULL AND again_done_at IS NULL"),
        )
        batch_op.create_index("ix_home_visit_code", ["code", "visited_on", "id"], unique=False)
        batch_op.create_index(batch_op.f("ix_home_visit_dwelling_id"), ["dwelling_id"], unique=False)

    op.add_column("division", sa.Column("roster", sa.String(), server_default="", nullable=False))
    op.add_column("post", sa.Column("owed", sa.String(), server_default="", nullable=False))
    op.add_column("post", sa.Column("owed_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column(
        "post", sa.Column("owed_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True)
    )
    op.add_column("post", sa.Column("raised", sa.String(), server_default="", nullable=False))


def downgrade() -> None:
    for name in ("raised", "owed_by_id", "owed_at", "owed"):
        op.drop_column("post", name)
    op.drop_column("division", "roster")

    with op.batch_alter_table("home_visit", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_home_visit_dwelling_id"))
        batch_op.drop_index("ix_home_visit_code")
        batch_op.drop_index(
            "ix_home_visit_again",
            sqlite_where=sa.text("again_on IS NOT NULL AND again_done_at IS NULL"),
            postgresql_where=sa.text("again_on IS NOT NULL AND again_done_at IS NULL"),
        )

    op.drop_table("home_visit")
    with op.batch_alter_table("duty", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_duty_open",
            sqlite_where=sa.text("done_at IS NULL"),
            postgresql_where=sa.text("done_at IS NULL"),
        )
        batch_op.drop_index(
            "ix_duty_raised",
            sqlite_where=sa.text("done_at IS NULL AND level > 1"),
            postgresql_where=sa.text("done_at IS NULL AND level > 1"),
        )
        batch_op.drop_index(
            "ix_duty_raise",
            sqlite_where=sa.text("done_at IS NULL AND raise_at IS NOT NULL"),
            postgresql_where=sa.text("done_at IS NULL AND raise_at IS NOT NULL"),
        )
        batch_op.drop_index("ix_duty_post_id")
        batch_op.drop_index(
            "ix_duty_owner",
            sqlite_where=sa.text("done_at IS NULL"),
            postgresql_where=sa.text("done_at IS NULL"),
        )
        batch_op.drop_index(
            "ix_duty_desk",
            sqlite_where=sa.text("done_at IS NULL"),
            postgresql_where=sa.text("done_at IS NULL"),
        )

    op.drop_table("duty")
    with op.batch_alter_table("reply_template", schema=None) as batch_op:
        batch_op.drop_index("ix_reply_template_code")

    op.drop_table("reply_template")
    op.drop_table("duty_time")
