"""list duties

Revision: d71b5e0c92a4
After: c3f9a6e1d508
"""

import sqlalchemy as sa
from alembic import op

revision = "d71b5e0c92a4"
down_revision = "c3f9a6e1d508"
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "duty_line",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("office", sa.String(), nullable=False),
        sa.Column("words", sa.String(), nullable=False),
        sa.Column("board", sa.String(), nullable=False),
        sa.Column("post_id", NUMBER, nullable=True),
        sa.ForeignKeyConstraint(["code"], ["division.code"], name=op.f("fk_duty_line_code_division")),
        sa.ForeignKeyConstraint(
            ["post_id"], ["post.id"], name=op.f("fk_duty_line_post_id_post"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_duty_line")),
    )
    op.create_index("ix_duty_line_code", "duty_line", ["code", "office", "id"])


def downgrade() -> None:
    op.drop_table("duty_line")
