"""keep a registry of residents

Revision: 6b633a34e848
After: 7a41c05d9e32
"""

import sqlalchemy as sa
from alembic import op

revision = "6b633a34e848"
down_revision = "7a41c05d9e32"
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "registry_delivery",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("by_id", NUMBER, nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("rows", sa.Text(), nullable=False),
        sa.Column("decided", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["by_id"], ["account.id"], name=op.f("fk_registry_delivery_by_id_account"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["code"], ["division.code"], name=op.f("fk_registry_delivery_code_division")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_registry_delivery")),
    )
    op.create_index("ix_registry_delivery_code", "registry_delivery", ["code", "id"])

    op.create_table(
        "registry_person",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("building_id", NUMBER, nullable=False),
        sa.Column("dwelling_id", NUMBER, nullable=False),
        sa.Column("household_id", NUMBER, nullable=True),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("name_index", sa.String(), nullable=False),
        sa.Column("phone", sa.Text(), nullable=True),
        sa.Column("phone_index", sa.String(), nullable=True),
        sa.Column("birth_year", sa.Integer(), nullable=True),
        sa.Column("relation", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("account_id", NUMBER, nullable=True),
        sa.Column("since", sa.Date(), nullable=True),
        sa.Column("left_on", sa.Date(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "state IN ('lives', 'owner', 'moved_out', 'died')", name=op.f("ck_registry_person_state")
        ),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["account.id"],
            name=op.f("fk_registry_person_account_id_account"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["building_id"], ["building.id"], name=op.f("fk_registry_person_building_id_building")
        ),
        sa.ForeignKeyConstraint(["code"], ["division.code"], name=op.f("fk_registry_person_code_division")),
        sa.ForeignKeyConstraint(
            ["dwelling_id"], ["dwelling.id"], name=op.f("fk_registry_person_dwelling_id_dwelling")
        ),
        sa.ForeignKeyConstraint(
            ["household_id"], ["household.id"], name=op.f("fk_registry_person_household_id_household")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_registry_person")),
    )
    op.create_index("ix_registry_person_account_id", "registry_person", ["account_id"])
    op.create_index("ix_registry_person_building", "registry_person", ["building_id", "state"])
    op.create_index("ix_registry_person_household_id", "registry_person", ["household_id"])
    op.create_index("ix_registry_person_name", "registry_person", ["code", "name_index"])
    op.create_index("ix_registry_person_phone", "registry_person", ["code", "phone_index"])
    op.create_index(
        "uq_registry_person_account", "registry_person", ["dwelling_id", "account_id"], unique=True
    )

    op.create_table(
        "registry_change",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("person_id", NUMBER, nullable=True),
        sa.Column("dwelling_id", NUMBER, nullable=True),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("overlay", sa.String(), nullable=False),
        sa.Column("facts", sa.Text(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("import_id", NUMBER, nullable=True),
        sa.Column("by_id", NUMBER, nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["by_id"], ["account.id"], name=op.f("fk_registry_change_by_id_account"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(["code"], ["division.code"], name=op.f("fk_registry_change_code_division")),
        sa.ForeignKeyConstraint(
            ["dwelling_id"], ["dwelling.id"], name=op.f("fk_registry_change_dwelling_id_dwelling")
        ),
        sa.ForeignKeyConstraint(
            ["import_id"], ["registry_change.id"], name=op.f("fk_registry_change_import_id_registry_change")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"],
            ["registry_person.id"],
            name=op.f("fk_registry_change_person_id_registry_person"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_registry_change")),
    )
    op.create_index("ix_registry_change_code", "registry_change", ["code", "id"])
    op.create_index("ix_registry_change_dwelling_id", "registry_change", ["dwelling_id", "id"])
    op.create_index("ix_registry_change_person_id", "registry_change", ["person_id", "id"])

    op.create_table(
        "registry_overlay",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("person_id", NUMBER, nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("until", sa.Date(), nullable=True),
        sa.Column("review_on", sa.Date(), nullable=False),
        sa.Column("by_id", NUMBER, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_by_id", NUMBER, nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["by_id"], ["account.id"], name=op.f("fk_registry_overlay_by_id_account")),
        sa.ForeignKeyConstraint(["code"], ["division.code"], name=op.f("fk_registry_overlay_code_division")),
        sa.ForeignKeyConstraint(
            ["ended_by_id"], ["account.id"], name=op.f("fk_registry_overlay_ended_by_id_account")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"],
            ["registry_person.id"],
            name=op.f("fk_registry_overlay_person_id_registry_person"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_registry_overlay")),
    )
    op.create_index("ix_registry_overlay_kind", "registry_overlay", ["code", "kind"])
    op.create_index("ix_registry_overlay_person_id", "registry_overlay", ["person_id"])

    with op.batch_alter_table("look") as table:
        table.add_column(sa.Column("person_id", NUMBER, nullable=True))
        table.alter_column("account_id", existing_type=NUMBER, nullable=True)
        table.create_check_constraint(
            op.f("ck_look_whose"), "account_id IS NOT NULL OR person_id IS NOT NULL"
        )
    op.create_index("ix_look_person_id", "look", ["person_id", "id"])


def downgrade() -> None:
    op.execute("DELETE FROM look WHERE account_id IS NULL")
    op.drop_index("ix_look_person_id", "look")
    with op.batch_alter_table("look") as table:
        table.drop_constraint(op.f("ck_look_whose"), type_="check")
        table.alter_column("account_id", existing_type=NUMBER, nullable=False)
        table.drop_column("person_id")
    for name in ("registry_overlay", "registry_change", "registry_person", "registry_delivery"):
        op.drop_table(name)
