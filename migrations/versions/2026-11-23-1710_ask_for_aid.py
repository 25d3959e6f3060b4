"""ask for aid

Revision: 838c57a5b491
After: 993cc900e8e5
"""

import sqlalchemy as sa
from alembic import op

revision = "838c57a5b491"
down_revision = "993cc900e8e5"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "aid",
        sa.Column("post_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("help", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("place", sa.String(), nullable=False),
        sa.Column("vulnerable", sa.Boolean(), nullable=False),
        sa.Column("vouched_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("vouched_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("partner_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("message", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["partner_id"], ["account.id"], name=op.f("fk_aid_partner_id_account")),
        sa.ForeignKeyConstraint(
            ["post_id"], ["post.id"], name=op.f("fk_aid_post_id_post"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["vouched_by_id"], ["account.id"], name=op.f("fk_aid_vouched_by_id_account")),
        sa.PrimaryKeyConstraint("post_id", name=op.f("pk_aid")),
    )


def downgrade() -> None:
    op.drop_table("aid")
