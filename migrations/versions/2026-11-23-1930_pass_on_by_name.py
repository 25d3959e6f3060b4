"""pass on by name

Revision: 8d2f47a1c603
After: aeaf3f3ade47
"""

import sqlalchemy as sa
from alembic import op

revision = "8d2f47a1c603"
down_revision = "aeaf3f3ade47"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Whom of an office a matter was passed to."""
    with op.batch_alter_table("matter") as table:
        table.add_column(
            sa.Column("given_to_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True)
        )
        table.create_foreign_key("fk_matter_given_to_id_account", "account", ["given_to_id"], ["id"])


def downgrade() -> None:
    with op.batch_alter_table("matter") as table:
        table.drop_constraint("fk_matter_given_to_id_account", type_="foreignkey")
        table.drop_column("given_to_id")
