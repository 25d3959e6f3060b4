"""send guides as tables

Revision: 8e4d20c7b1f6
After: 7e41c09ab2d6
"""

import sqlalchemy as sa
from alembic import op

revision = "8e4d20c7b1f6"
down_revision = "7e41c09ab2d6"
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.add_column("guides_guide", sa.Column("item_key", sa.String(), server_default="", nullable=False))
    op.add_column("guides_guide", sa.Column("also_called", sa.String(), server_default="", nullable=False))
    op.create_table(
        "guides_delivery",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("by_id", NUMBER, nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("rows", sa.JSON(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["by_id"], ["account.id"], name=op.f("fk_guides_delivery_by_id_account"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["code"], ["division.code"], name=op.f("fk_guides_delivery_code_division")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_guides_delivery")),
    )
    op.create_index("ix_guides_delivery_code", "guides_delivery", ["code", "id"])


def downgrade() -> None:
    op.drop_table("guides_delivery")
    for name in ("also_called", "item_key"):
        op.drop_column("guides_guide", name)
