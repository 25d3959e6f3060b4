"""keep books by the year

Revision: 3f9a51c7e2d4
After: 5d1f0c77a2e9
"""

from html import escape

import sqlalchemy as sa
from alembic import op

revision = "3f9a51c7e2d4"
down_revision = "5d1f0c77a2e9"
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
YUAN = sa.Numeric(14, 2)
BOOKS = "('property', 'affairs')"


def upgrade() -> None:
    for table in ("property_entry", "affairs_entry"):
        op.add_column(table, sa.Column("category", sa.String(), server_default="other", nullable=False))
    for table, more in (("book_plan", ("direction", "category")), ("book_opening", ())):
        op.create_table(
            table,
            sa.Column("code", sa.String(), nullable=False),
            sa.Column("board", sa.String(), nullable=False),
            sa.Column("year", sa.Integer(), nullable=False),
            *(sa.Column(name, sa.String(), nullable=False) for name in more),
            sa.Column("amount", YUAN, nullable=False),
            sa.ForeignKeyConstraint(["code"], ["division.code"], name=op.f(f"fk_{table}_code_division")),
            sa.PrimaryKeyConstraint("code", "board", "year", *more, name=op.f(f"pk_{table}")),
        )
    op.create_table(
        "book_change",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("board", sa.String(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("direction", sa.String(), nullable=False),
        sa.Column("category", sa.String(), nullable=False),
        sa.Column("before", YUAN, nullable=True),
        sa.Column("after", YUAN, nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("by_id", NUMBER, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["account.id"], name=op.f("fk_book_change_by_id_account")),
        sa.ForeignKeyConstraint(["code"], ["division.code"], name=op.f("fk_book_change_code_division")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_book_change")),
    )
    op.create_index("ix_book_change_code", "book_change", ["code", "board", "year", "id"])
    _rename_state("archived", "cancelled", "archive", "cancel")
    _give_questions_a_place()


def _rename_state(before: str, after: str, move: str, into: str) -> None:
    """A line of a ledger that was archived had been entered wrongly: that is called cancelled now."""
    lines = f"SELECT id FROM post WHERE board IN {BOOKS} AND kind = 'ledger'"
    for statement in (
        f"UPDATE post_transition SET name = '{into}', target = '{after}'"
        f" WHERE name = '{move}' AND target = '{before}' AND post_id IN ({lines})",
        f"UPDATE post SET state = '{after}' WHERE state = '{before}' AND id IN ({lines})",
    ):
        op.execute(sa.text(statement))


def _give_questions_a_place() -> None:
    """Questions and answers were reasons in the record; they become comments, each answer beneath its question."""
    connection = op.get_bind()
    asked = connection.execute(
        sa.text(
            "SELECT t.id, t.post_id, t.name, t.by_id, t.reason, t.at FROM post_transition t JOIN post p"
            f" ON p.id = t.post_id WHERE p.board IN {BOOKS} AND t.name IN ('question', 'answer')"
            " AND t.reason <> '' AND t.by_id IS NOT NULL ORDER BY t.id"
        )
    ).all()
    above: dict[int, int] = {}
    for row in asked:
        number = connection.execute(
            sa.text(
                "INSERT INTO comment (post_id, parent_id, author_id, author_role, kind, body, rendered,"
                " moderation, created_at) VALUES (:post_id, :parent_id, :by_id, '', :kind, :body, :rendered,"
                " 'clear', :at) RETURNING id"
            ),
            {
                "post_id": row.post_id,
                "parent_id": above.get(row.post_id) if row.name == "answer" else None,
                "by_id": row.by_id,
                "kind": row.name,
                "body": row.reason,
                "rendered": f"<p>{escape(row.reason)}</p>",
                "at": row.at,
            },
        ).scalar_one()
        if row.name == "question":
            above[row.post_id] = number
        connection.execute(
            sa.text("UPDATE post SET comment_count = comment_count + 1 WHERE id = :id"), {"id": row.post_id}
        )
        connection.execute(sa.text("UPDATE post_transition SET reason = '' WHERE id = :id"), {"id": row.id})


def downgrade() -> None:
    _put_questions_back()
    _rename_state("cancelled", "archived", "cancel", "archive")
    op.drop_table("book_change")
    op.drop_table("book_opening")
    op.drop_table("book_plan")
    for table in ("affairs_entry", "property_entry"):
        op.drop_column(table, "category")


def _put_questions_back() -> None:
    """Each goes into the step of the record that was taken with it; steps of our own time go with their words."""
    connection = op.get_bind()
    places = f"SELECT id FROM post WHERE board IN {BOOKS}"
    said = connection.execute(
        sa.text(
            "SELECT id, post_id, kind, author_id, body FROM comment"
            f" WHERE kind IN ('question', 'answer') AND post_id IN ({places}) ORDER BY id"
        )
    ).all()
    for row in said:
        step = connection.execute(
            sa.text(
                "SELECT min(id) FROM post_transition WHERE post_id = :post_id AND by_id = :by_id"
                " AND name = :kind AND reason = ''"
            ),
            {"post_id": row.post_id, "by_id": row.author_id, "kind": row.kind},
        ).scalar()
        if step is not None:
            connection.execute(
                sa.text("UPDATE post_transition SET reason = :body WHERE id = :id"),
                {"body": row.body, "id": step},
            )
        connection.execute(
            sa.text("UPDATE post SET comment_count = comment_count - 1 WHERE id = :id"), {"id": row.post_id}
        )
    for kind in ("answer", "question"):
        connection.execute(sa.text(f"DELETE FROM comment WHERE kind = '{kind}' AND post_id IN ({places})"))
    connection.execute(
        sa.text(
            "DELETE FROM post_transition WHERE name IN ('ask_too', 'reopen', 'settle', 'unask', 'correct')"
            f" AND post_id IN ({places})"
        )
    )
