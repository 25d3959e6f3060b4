"""record claims

Revision: 83e48b205f56
After: 4be06c6f5a12
"""

import sqlalchemy as sa
from alembic import op

revision = "83e48b205f56"
down_revision = "4be06c6f5a12"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
REPRESENTS = sa.text("state = 'approved' AND representative")
PRESENT = sa.text("until IS NULL")


def upgrade() -> None:
    # What was never checked may be there twice: the eldest stays.
    op.execute(
        "UPDATE membership SET representative = false WHERE state = 'approved' AND representative AND id NOT IN "
        "(SELECT min(id) FROM membership WHERE state = 'approved' AND representative GROUP BY dwelling_id)"
    )
    op.execute(
        "UPDATE household SET until = since WHERE until IS NULL AND id NOT IN "
        "(SELECT min(id) FROM household WHERE until IS NULL GROUP BY dwelling_id)"
    )
    op.create_index(
        "uq_membership_representative",
        "membership",
        ["dwelling_id"],
        unique=True,
        sqlite_where=REPRESENTS,
        postgresql_where=REPRESENTS,
    )
    op.create_index(
        "uq_household_present",
        "household",
        ["dwelling_id"],
        unique=True,
        sqlite_where=PRESENT,
        postgresql_where=PRESENT,
    )
    op.create_table(
        "membership_transition",
        sa.Column("id", BIG, nullable=False),
        sa.Column("membership_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("source", sa.String(), nullable=True),
        sa.Column("target", sa.String(), nullable=False),
        sa.Column("by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["by_id"],
            ["account.id"],
            name=op.f("fk_membership_transition_by_id_account"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["membership_id"],
            ["membership.id"],
            name=op.f("fk_membership_transition_membership_id_membership"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_membership_transition")),
    )
    op.create_index(
        op.f("ix_membership_transition_membership_id"), "membership_transition", ["membership_id"]
    )
    with op.batch_alter_table("appointment") as appointment:
        appointment.add_column(sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True))
        appointment.add_column(
            sa.Column("ended_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True)
        )
        appointment.create_foreign_key(
            op.f("fk_appointment_ended_by_id_account"), "account", ["ended_by_id"], ["id"]
        )


def downgrade() -> None:
    with op.batch_alter_table("appointment") as appointment:
        appointment.drop_constraint(op.f("fk_appointment_ended_by_id_account"), type_="foreignkey")
        appointment.drop_column("ended_by_id")
        appointment.drop_column("ended_at")
    op.drop_table("membership_transition")
    op.drop_index("uq_household_present", "household")
    op.drop_index("uq_membership_representative", "membership")
