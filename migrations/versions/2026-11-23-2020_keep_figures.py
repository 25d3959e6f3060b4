"""keep figures

What was posted before is counted by a job of the first worker that starts.

Revision: 5c0e9d27b614
After: 6e1a90c4d2b7
"""

from datetime import UTC, datetime

import sqlalchemy as sa
from alembic import op

revision = "5c0e9d27b614"
down_revision = "6e1a90c4d2b7"
branch_labels = None
depends_on = None

MEASURES = (
    "received",
    "replied_in_time",
    "replied_late",
    "answered_in_time",
    "answered_late",
    "reopened",
    "ratings",
    "rating_sum",
)
NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "counted_post",
        sa.Column("post_id", NUMBER, nullable=False),
        sa.Column("weights", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["post_id"], ["post.id"], name=op.f("fk_counted_post_post_id_post"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("post_id", name=op.f("pk_counted_post")),
    )
    op.create_table(
        "week_tally",
        sa.Column("code", sa.String(length=12), nullable=False),
        sa.Column("week", sa.Date(), nullable=False),
        sa.Column("board", sa.String(), nullable=False),
        sa.Column("category", sa.String(), nullable=False),
        *(sa.Column(measure, sa.Integer(), nullable=False) for measure in MEASURES),
        sa.PrimaryKeyConstraint("code", "week", "board", "category", name=op.f("pk_week_tally")),
    )
    op.create_table(
        "open_tally",
        sa.Column("code", sa.String(length=12), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("board", sa.String(), nullable=False),
        sa.Column("category", sa.String(), nullable=False),
        sa.Column("posts", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("code", "due_on", "board", "category", name=op.f("pk_open_tally")),
    )
    for table, day in (("week_tally", "week"), ("open_tally", "due_on")):
        everything = sa.text("board = ''")
        op.create_index(
            f"ix_{table}_all", table, ["code", day], sqlite_where=everything, postgresql_where=everything
        )
    op.create_index(
        "ix_post_owed",
        "post",
        ["owed_at", "code"],
        sqlite_where=sa.text("owed_at IS NOT NULL"),
        postgresql_where=sa.text("owed_at IS NOT NULL"),
    )
    _count_what_is_there()


def _count_what_is_there() -> None:
    if op.get_bind().scalar(sa.text("SELECT EXISTS (SELECT 1 FROM post)")):
        job = sa.table(
            "job",
            sa.column("name", sa.String),
            sa.column("payload", sa.JSON),
            sa.column("run_at", sa.DateTime(timezone=True)),
            sa.column("tries", sa.Integer),
        )
        op.execute(job.insert().values(name="recount", payload={}, run_at=datetime.now(UTC), tries=0))


def downgrade() -> None:
    op.execute("DELETE FROM job WHERE name = 'recount'")
    op.drop_index("ix_post_owed", "post")
    for table in ("week_tally", "open_tally"):
        op.drop_index(f"ix_{table}_all", table)
    op.drop_table("open_tally")
    op.drop_table("week_tally")
    op.drop_table("counted_post")
