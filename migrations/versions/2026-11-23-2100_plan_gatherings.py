"""plan gatherings

Revision: 12adc5cd589f
After: 0d3c6a91be52
"""

import sqlalchemy as sa
from alembic import op

revision = "12adc5cd589f"
down_revision = "0d3c6a91be52"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "calendar_address",
        sa.Column("account_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["account.id"],
            name=op.f("fk_calendar_address_account_id_account"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("account_id", name=op.f("pk_calendar_address")),
        sa.UniqueConstraint("digest", name=op.f("uq_calendar_address_digest")),
    )
    op.create_table(
        "gathering",
        sa.Column("post_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("place", sa.String(), nullable=False),
        sa.Column("places", sa.Integer(), nullable=True),
        sa.Column("guests", sa.Integer(), nullable=False),
        sa.Column("taken", sa.Integer(), nullable=False),
        sa.Column("last_number", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("remind_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("state IN ('planned', 'cancelled')", name=op.f("ck_gathering_state")),
        sa.CheckConstraint("ends_at > starts_at", name=op.f("ck_gathering_ends_at")),
        sa.CheckConstraint("guests >= 0", name=op.f("ck_gathering_guests")),
        sa.CheckConstraint("places > 0", name=op.f("ck_gathering_places")),
        sa.CheckConstraint(
            "taken >= 0 AND (places IS NULL OR taken <= places)", name=op.f("ck_gathering_taken")
        ),
        sa.ForeignKeyConstraint(["code"], ["division.code"], name=op.f("fk_gathering_code_division")),
        sa.ForeignKeyConstraint(
            ["post_id"], ["post.id"], name=op.f("fk_gathering_post_id_post"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("post_id", name=op.f("pk_gathering")),
    )
    op.create_index("ix_gathering_code", "gathering", ["code", "starts_at", "post_id"], unique=False)
    op.create_index(
        "ix_gathering_remind_at",
        "gathering",
        ["remind_at"],
        unique=False,
        sqlite_where=sa.text("remind_at IS NOT NULL"),
        postgresql_where=sa.text("remind_at IS NOT NULL"),
    )
    op.create_table(
        "gathering_sign_up",
        sa.Column("post_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("account_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("guests", sa.Integer(), nullable=False),
        sa.Column("ticket", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("came_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("came_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("late", sa.Boolean(), nullable=False),
        sa.Column("missed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("missed_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.CheckConstraint(
            "state IN ('in', 'waiting', 'left', 'extra')", name=op.f("ck_gathering_sign_up_state")
        ),
        sa.CheckConstraint(
            "came_at IS NULL OR missed_at IS NULL", name=op.f("ck_gathering_sign_up_came_or_missed")
        ),
        sa.CheckConstraint("guests >= 0", name=op.f("ck_gathering_sign_up_guests")),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["account.id"],
            name=op.f("fk_gathering_sign_up_account_id_account"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["came_by_id"], ["account.id"], name=op.f("fk_gathering_sign_up_came_by_id_account")
        ),
        sa.ForeignKeyConstraint(
            ["missed_by_id"], ["account.id"], name=op.f("fk_gathering_sign_up_missed_by_id_account")
        ),
        sa.ForeignKeyConstraint(
            ["post_id"],
            ["gathering.post_id"],
            name=op.f("fk_gathering_sign_up_post_id_gathering"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("post_id", "account_id", name=op.f("pk_gathering_sign_up")),
        sa.UniqueConstraint("post_id", "ticket", name=op.f("uq_gathering_sign_up_post_id_ticket")),
    )
    op.create_index(
        "ix_gathering_sign_up_account_id", "gathering_sign_up", ["account_id", "post_id"], unique=False
    )
    op.create_index(
        "ix_gathering_sign_up_post_id", "gathering_sign_up", ["post_id", "state", "number"], unique=False
    )
    op.add_column("post", sa.Column("carries", sa.JSON(), server_default=sa.text("'[]'"), nullable=False))


def downgrade() -> None:
    op.drop_column("post", "carries")
    op.drop_index("ix_gathering_sign_up_post_id", table_name="gathering_sign_up")
    op.drop_index("ix_gathering_sign_up_account_id", table_name="gathering_sign_up")
    op.drop_table("gathering_sign_up")
    op.drop_index("ix_gathering_remind_at", table_name="gathering")
    op.drop_index("ix_gathering_code", table_name="gathering")
    op.drop_table("gathering")
    op.drop_table("calendar_address")
