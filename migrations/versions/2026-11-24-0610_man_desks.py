"""man desks

Revision: 7be21d40c9a3
After: c41d7a90e5b8
"""

import sqlalchemy as sa
from alembic import op

revision = "7be21d40c9a3"
down_revision = "c41d7a90e5b8"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
CALLED = sa.text("call_backup_at IS NOT NULL")


def upgrade() -> None:
    op.add_column("post", sa.Column("deputy_id", ID, nullable=True))
    for column in (
        sa.Column("desk_name", sa.String(), server_default="", nullable=False),
        sa.Column("asked", sa.JSON(), server_default=sa.text("'[]'"), nullable=False),
        sa.Column("call_backup_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("offered_to", sa.String(), server_default="", nullable=False),
        sa.Column("offered_id", ID, nullable=True),
    ):
        op.add_column("service", column)
    op.create_index(
        "ix_service_call_backup_at",
        "service",
        ["call_backup_at"],
        sqlite_where=CALLED,
        postgresql_where=CALLED,
    )
    op.create_table(
        "service_desk",
        sa.Column("id", ID, nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        *(sa.Column(name, sa.String(), nullable=False) for name in ("key", "kind", "name", "about", "place")),
        sa.Column("phone", sa.String(), nullable=False),
        sa.Column("hours", sa.String(), nullable=False),
        sa.Column("closed", sa.Boolean(), nullable=False),
        sa.CheckConstraint(
            "kind IN ('police', 'doctor', 'lawyer', 'property', 'other')", name=op.f("ck_service_desk_kind")
        ),
        sa.ForeignKeyConstraint(["code"], ["division.code"], name=op.f("fk_service_desk_code_division")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_service_desk")),
        sa.UniqueConstraint("code", "key", name=op.f("uq_service_desk_code_key")),
    )
    op.create_table(
        "service_desk_person",
        sa.Column("id", ID, nullable=False),
        sa.Column("desk_id", ID, nullable=False),
        sa.Column("account_id", ID, nullable=False),
        sa.Column("backup", sa.Boolean(), nullable=False),
        sa.Column("weekdays", sa.JSON(), nullable=False),
        sa.Column("weeks", sa.String(), nullable=False),
        sa.Column("away_from", sa.Date(), nullable=True),
        sa.Column("away_until", sa.Date(), nullable=True),
        sa.CheckConstraint("weeks IN ('', 'odd', 'even')", name=op.f("ck_service_desk_person_weeks")),
        sa.CheckConstraint(
            "away_until IS NULL OR away_until >= away_from", name=op.f("ck_service_desk_person_away")
        ),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["account.id"],
            name=op.f("fk_service_desk_person_account_id_account"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["desk_id"],
            ["service_desk.id"],
            name=op.f("fk_service_desk_person_desk_id_service_desk"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_service_desk_person")),
        sa.UniqueConstraint("desk_id", "account_id", name=op.f("uq_service_desk_person_desk_id_account_id")),
    )
    op.create_index(op.f("ix_service_desk_person_account_id"), "service_desk_person", ["account_id"])


def downgrade() -> None:
    op.execute(
        "UPDATE post SET state = 'assigned', due_at = NULL WHERE board = 'services' AND state = 'handing'"
    )
    op.drop_table("service_desk_person")
    op.drop_table("service_desk")
    op.drop_index("ix_service_call_backup_at", "service")
    for column in ("offered_id", "offered_to", "call_backup_at", "asked", "desk_name"):
        op.drop_column("service", column)
    op.drop_column("post", "deputy_id")
