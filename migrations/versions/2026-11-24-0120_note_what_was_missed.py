"""note what was missed

Revision: c3f9a6e1d508
After: 8e4d20c7b1f6
"""

import sqlalchemy as sa
from alembic import op

revision = "c3f9a6e1d508"
down_revision = "8e4d20c7b1f6"
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.add_column("guides_guide", sa.Column("uses", sa.Integer(), server_default="0", nullable=False))
    op.create_table(
        "guides_missed",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("words", sa.String(), nullable=False),
        sa.Column("people", sa.Integer(), nullable=False),
        sa.Column("last_on", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(["code"], ["division.code"], name=op.f("fk_guides_missed_code_division")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_guides_missed")),
        sa.UniqueConstraint("code", "words", name=op.f("uq_guides_missed_code_words")),
    )
    op.create_table(
        "guides_missed_by",
        sa.Column("missed_id", NUMBER, nullable=False),
        sa.Column("mark", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["missed_id"],
            ["guides_missed.id"],
            name=op.f("fk_guides_missed_by_missed_id_guides_missed"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("missed_id", "mark", name=op.f("pk_guides_missed_by")),
    )


def downgrade() -> None:
    op.drop_table("guides_missed_by")
    op.drop_table("guides_missed")
    op.drop_column("guides_guide", "uses")
