"""pin on a plan

Revision: 93b5d07ef2a1
After: 5b0c9e7d31f4
"""

import sqlalchemy as sa
from alembic import op

revision = "93b5d07ef2a1"
down_revision = "5b0c9e7d31f4"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.add_column("matter", sa.Column("pin", sa.String(), server_default="", nullable=False))
    op.create_table(
        "compound_plan",
        sa.Column("compound_id", BIG, nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("photo_id", BIG, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["compound_id"], ["compound.id"], name="fk_compound_plan_compound_id_compound", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["code"], ["division.code"], name="fk_compound_plan_code_division"),
        sa.ForeignKeyConstraint(
            ["photo_id"], ["photo.id"], name="fk_compound_plan_photo_id_photo", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("compound_id", name="pk_compound_plan"),
    )
    op.create_index("ix_compound_plan_code", "compound_plan", ["code"])
    op.create_index("ix_compound_plan_photo_id", "compound_plan", ["photo_id"])


def downgrade() -> None:
    op.drop_table("compound_plan")
    op.drop_column("matter", "pin")
