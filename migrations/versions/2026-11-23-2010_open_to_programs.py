"""open to programs

Revision: 6e1a90c4d2b7
After: 5e0b9c3f7a21
"""

import sqlalchemy as sa
from alembic import op

revision = "6e1a90c4d2b7"
down_revision = "5e0b9c3f7a21"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.add_column(
        "division", sa.Column("shares_matters", sa.Boolean(), server_default=sa.false(), nullable=False)
    )
    op.create_table(
        "api_key",
        sa.Column("id", BIG, nullable=False),
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("account_id", BIG, nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("by_id", BIG, nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_on", sa.Date(), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_by_id", BIG, nullable=True),
        sa.ForeignKeyConstraint(["code"], ["division.code"], name="fk_api_key_code_division"),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name="fk_api_key_account_id_account", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["by_id"], ["account.id"], name="fk_api_key_by_id_account", ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["ended_by_id"], ["account.id"], name="fk_api_key_ended_by_id_account", ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_api_key"),
    )
    op.create_index("uq_api_key_digest", "api_key", ["digest"], unique=True)
    op.create_index("ix_api_key_code", "api_key", ["code"])
    op.create_index("ix_api_key_account_id", "api_key", ["account_id"])


def downgrade() -> None:
    op.drop_table("api_key")
    op.drop_column("division", "shares_matters")
