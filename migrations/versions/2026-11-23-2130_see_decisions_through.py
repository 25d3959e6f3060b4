"""see decisions through

Revision: 91d4e6b7c250
After: 7d41f06ab3c8
"""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "91d4e6b7c250"
down_revision = "7d41f06ab3c8"
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
WAIT = timedelta(days=14)
HALF_A_YEAR = timedelta(days=183)

PROPOSAL = sa.table(
    "hall_proposal",
    sa.column("post_id", NUMBER),
    sa.column("budget", sa.Numeric(12, 2)),
    sa.column("budget_cents", NUMBER),
    sa.column("review_on", sa.Date()),
)
POST = sa.table(
    "post",
    sa.column("id", NUMBER),
    sa.column("board", sa.String()),
    sa.column("state", sa.String()),
    sa.column("due_at", sa.DateTime(timezone=True)),
)


def upgrade() -> None:
    """Money becomes whole cents. One person's rating is none of the homes', and is not kept.

    What waits for a judgement gets its 14 days from now, what was judged is looked at again in half a year.
    """
    with op.batch_alter_table("hall_proposal") as table:
        table.add_column(sa.Column("affected_buildings", sa.JSON(), server_default="[]", nullable=False))
        table.add_column(sa.Column("lead_id", NUMBER, nullable=True))
        table.add_column(sa.Column("funder", sa.String(), server_default="", nullable=False))
        table.add_column(sa.Column("budget_cents", NUMBER, nullable=True))
        table.add_column(sa.Column("spent_cents", NUMBER, server_default="0", nullable=False))
        table.add_column(sa.Column("referred_to", sa.String(), server_default="", nullable=False))
        table.add_column(sa.Column("answer", sa.String(), server_default="", nullable=False))
        table.add_column(sa.Column("rated_homes", sa.Integer(), server_default="0", nullable=False))
        table.add_column(sa.Column("rated_stars", sa.Integer(), server_default="0", nullable=False))
        table.add_column(sa.Column("review_on", sa.Date(), nullable=True))
        table.add_column(sa.Column("review_told", sa.Boolean(), server_default=sa.false(), nullable=False))
        table.create_foreign_key("fk_hall_proposal_lead_id_account", "account", ["lead_id"], ["id"])
    _copy(PROPOSAL.c.budget, PROPOSAL.c.budget_cents, lambda yuan: int(yuan * 100))
    with op.batch_alter_table("hall_proposal") as table:
        table.drop_column("budget")
        table.drop_column("rating")
    _set_clocks()
    op.create_table(
        "hall_milestone",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("post_id", NUMBER, nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("done_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(
            ["post_id"], ["post.id"], name=op.f("fk_hall_milestone_post_id_post"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hall_milestone")),
    )
    op.create_index("ix_hall_milestone_post_id", "hall_milestone", ["post_id"])
    op.create_table(
        "hall_expense",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("post_id", NUMBER, nullable=False),
        sa.Column("paid_on", sa.Date(), nullable=False),
        sa.Column("purpose", sa.String(), nullable=False),
        sa.Column("cents", NUMBER, nullable=False),
        sa.Column("by_id", NUMBER, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["account.id"], name=op.f("fk_hall_expense_by_id_account")),
        sa.ForeignKeyConstraint(
            ["post_id"], ["post.id"], name=op.f("fk_hall_expense_post_id_post"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hall_expense")),
    )
    op.create_index("ix_hall_expense_post_id", "hall_expense", ["post_id"])
    op.create_table(
        "hall_rating",
        sa.Column("post_id", NUMBER, nullable=False),
        sa.Column("dwelling_id", NUMBER, nullable=False),
        sa.Column("account_id", NUMBER, nullable=True),
        sa.Column("stars", sa.SmallInteger(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("stars BETWEEN 1 AND 5", name=op.f("ck_hall_rating_stars")),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_hall_rating_account_id_account")
        ),
        sa.ForeignKeyConstraint(
            ["dwelling_id"], ["dwelling.id"], name=op.f("fk_hall_rating_dwelling_id_dwelling")
        ),
        sa.ForeignKeyConstraint(
            ["post_id"], ["post.id"], name=op.f("fk_hall_rating_post_id_post"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("post_id", "dwelling_id", name=op.f("pk_hall_rating")),
    )
    op.create_index("ix_hall_rating_account_id", "hall_rating", ["account_id"])


def downgrade() -> None:
    for name in ("hall_rating", "hall_expense", "hall_milestone"):
        op.drop_table(name)
    with op.batch_alter_table("hall_proposal") as table:
        table.add_column(sa.Column("rating", sa.Integer(), nullable=True))
        table.add_column(sa.Column("budget", sa.Numeric(12, 2), nullable=True))
    _copy(PROPOSAL.c.budget_cents, PROPOSAL.c.budget, lambda cents: Decimal(cents) / 100)
    with op.batch_alter_table("hall_proposal") as table:
        table.drop_constraint("fk_hall_proposal_lead_id_account", type_="foreignkey")
        for name in (
            "review_told",
            "review_on",
            "rated_stars",
            "rated_homes",
            "answer",
            "referred_to",
            "spent_cents",
            "budget_cents",
            "funder",
            "lead_id",
            "affected_buildings",
        ):
            table.drop_column(name)
    op.execute(sa.update(POST).where(POST.c.board == "hall", POST.c.state == "delivered").values(due_at=None))


def _copy(source: Any, target: Any, as_target: Callable[[Any], Any]) -> None:
    """Row by row in Python: the databases divide and round money differently."""
    connection = op.get_bind()
    for row in connection.execute(sa.select(PROPOSAL.c.post_id, source).where(source.is_not(None))).all():
        mine = PROPOSAL.c.post_id == row.post_id
        connection.execute(sa.update(PROPOSAL).where(mine).values({target.name: as_target(row[1])}))


def _set_clocks() -> None:
    now = datetime.now(UTC)
    moment = now.replace(tzinfo=None) if op.get_bind().dialect.name == "sqlite" else now
    waiting = POST.c.board == "hall", POST.c.state == "delivered"
    op.execute(sa.update(POST).where(*waiting).values(due_at=moment + WAIT))
    judged = sa.select(POST.c.id).where(POST.c.board == "hall", POST.c.state == "rated")
    op.execute(
        sa.update(PROPOSAL).where(PROPOSAL.c.post_id.in_(judged)).values(review_on=now.date() + HALF_A_YEAR)
    )
