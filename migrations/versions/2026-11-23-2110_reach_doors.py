"""reach doors

Revision: 5b8e02c7d1a4
After: 12adc5cd589f
"""

import sqlalchemy as sa
from alembic import op

revision = "5b8e02c7d1a4"
down_revision = "12adc5cd589f"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for name in ("places", "building_ids"):
        op.add_column("notices_notice", sa.Column(name, sa.JSON(), server_default="[]", nullable=False))
    op.add_column("notices_notice", sa.Column("concerns", sa.String(), server_default="", nullable=False))
    op.add_column("notices_notice", sa.Column("reminded_at", sa.DateTime(timezone=True)))
    notices = sa.table(
        "notices_notice",
        sa.column("post_id", sa.BigInteger()),
        sa.column("places", sa.JSON()),
        sa.column("building_ids", sa.JSON()),
    )
    aimed = sa.text("SELECT id, building_id FROM post WHERE board = 'notices' AND building_id IS NOT NULL")
    for post_id, building_id in op.get_bind().execute(aimed).all():
        known = {"places": [str(building_id)], "building_ids": [building_id]}
        op.execute(notices.update().where(notices.c.post_id == post_id).values(known))
    op.create_table(
        "notices_paper_confirmation",
        sa.Column("post_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("dwelling_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["post_id"], ["post.id"], name="fk_notices_paper_confirmation_post_id_post", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["dwelling_id"],
            ["dwelling.id"],
            name="fk_notices_paper_confirmation_dwelling_id_dwelling",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["by_id"], ["account.id"], name="fk_notices_paper_confirmation_by_id_account"
        ),
        sa.PrimaryKeyConstraint("post_id", "dwelling_id", name="pk_notices_paper_confirmation"),
    )
    op.create_index(
        "ix_notices_paper_confirmation_dwelling_id", "notices_paper_confirmation", ["dwelling_id"]
    )


def downgrade() -> None:
    op.drop_table("notices_paper_confirmation")
    for name in ("reminded_at", "concerns", "building_ids", "places"):
        op.drop_column("notices_notice", name)
