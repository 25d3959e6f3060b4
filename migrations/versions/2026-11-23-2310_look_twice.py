"""look twice at notices

Revision: 94c3e7b1fa60
After: 3f9a51c7e2d4
"""

import sqlalchemy as sa
from alembic import op

revision = "94c3e7b1fa60"
down_revision = "3f9a51c7e2d4"
branch_labels = None
depends_on = None


BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.add_column("division", sa.Column("second_look", sa.String(), server_default="", nullable=False))
    with op.batch_alter_table("notices_notice") as notice:
        notice.add_column(sa.Column("last_day_at", sa.DateTime(timezone=True), nullable=True))
        notice.add_column(sa.Column("released_by_id", BIG, nullable=True))
        notice.add_column(sa.Column("released_at", sa.DateTime(timezone=True), nullable=True))
        notice.add_column(sa.Column("alone", sa.Boolean(), server_default=sa.false(), nullable=False))
        notice.add_column(sa.Column("proposed", sa.JSON(), nullable=True))
        notice.create_foreign_key(
            "fk_notices_notice_released_by_id_account", "account", ["released_by_id"], ["id"]
        )


def downgrade() -> None:
    with op.batch_alter_table("notices_notice") as notice:
        notice.drop_constraint("fk_notices_notice_released_by_id_account", type_="foreignkey")
        for name in ("proposed", "alone", "released_at", "released_by_id", "last_day_at"):
            notice.drop_column(name)
    op.drop_column("division", "second_look")
