"""plan visits

Revision: 5c0e8d21a7f3
After: 3d9a5c17e0b4
"""

import sqlalchemy as sa
from alembic import op

revision = "5c0e8d21a7f3"
down_revision = "3d9a5c17e0b4"
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def _belongs(table: str, column: str, to: str, **options: str) -> sa.ForeignKeyConstraint:
    other = to.split(".", maxsplit=1)[0]
    return sa.ForeignKeyConstraint([column], [to], name=op.f(f"fk_{table}_{column}_{other}"), **options)


def upgrade() -> None:
    plans, visits = "registry_visit_plan", "registry_visit"
    op.create_table(
        plans,
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("person_id", NUMBER, nullable=False),
        sa.Column("every_days", sa.Integer(), nullable=False),
        sa.Column("who_id", NUMBER, nullable=False),
        sa.Column("next_on", sa.Date(), nullable=False),
        sa.Column("by_id", NUMBER, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        _belongs(plans, "code", "division.code"),
        _belongs(plans, "person_id", "registry_person.id", ondelete="CASCADE"),
        _belongs(plans, "who_id", "account.id"),
        _belongs(plans, "by_id", "account.id"),
        sa.CheckConstraint("every_days > 0", name=op.f("ck_registry_visit_plan_every_days")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_registry_visit_plan")),
    )
    op.create_index("ix_registry_visit_plan_next", plans, ["code", "next_on"])
    op.create_index(
        "uq_registry_visit_plan_present",
        plans,
        ["person_id"],
        unique=True,
        sqlite_where=sa.text("ended_at IS NULL"),
        postgresql_where=sa.text("ended_at IS NULL"),
    )
    op.create_table(
        visits,
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("person_id", NUMBER, nullable=False),
        sa.Column("visited_on", sa.Date(), nullable=False),
        sa.Column("outcome", sa.String(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("by_id", NUMBER, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        _belongs(visits, "code", "division.code"),
        _belongs(visits, "person_id", "registry_person.id", ondelete="CASCADE"),
        _belongs(visits, "by_id", "account.id"),
        sa.CheckConstraint("outcome IN ('well', 'needs', 'absent')", name=op.f("ck_registry_visit_outcome")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_registry_visit")),
    )
    op.create_index("ix_registry_visit_person_id", visits, ["person_id", "visited_on"])


def downgrade() -> None:
    op.drop_table("registry_visit")
    op.drop_table("registry_visit_plan")
