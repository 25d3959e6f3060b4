"""import lines of books

Revision: c41d7a90e5b8
After: 94c3e7b1fa60
"""

from decimal import Decimal
from hashlib import blake2b

import sqlalchemy as sa
from alembic import op

revision = "c41d7a90e5b8"
down_revision = "94c3e7b1fa60"
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    for table in ("property_entry", "affairs_entry"):
        op.add_column(table, sa.Column("mark", sa.String(), server_default="", nullable=False))
        _recognise(table)
    op.create_table(
        "book_delivery",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("board", sa.String(), nullable=False),
        sa.Column("by_id", NUMBER, nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("rows", sa.JSON(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["by_id"], ["account.id"], name=op.f("fk_book_delivery_by_id_account"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["code"], ["division.code"], name=op.f("fk_book_delivery_code_division")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_book_delivery")),
    )
    op.create_index("ix_book_delivery_code", "book_delivery", ["code", "board", "id"])


def _recognise(table: str) -> None:
    """Lines that were entered by hand are known again in a table that is sent."""
    connection = op.get_bind()
    lines = connection.execute(
        sa.text(
            f"SELECT e.post_id, e.dated, p.title, e.direction, e.amount, e.with_whom FROM {table} e"
            " JOIN post p ON p.id = e.post_id WHERE p.kind = 'ledger' AND e.amount IS NOT NULL"
        )
    ).all()
    for line in lines:
        amount = Decimal(str(line.amount))
        told = (str(line.dated or ""), line.title, line.direction, f"{amount:.2f}", line.with_whom or "")
        mark = blake2b("\n".join(told).encode(), digest_size=12).hexdigest()
        connection.execute(
            sa.text(f"UPDATE {table} SET mark = :mark WHERE post_id = :id"),
            {"mark": mark, "id": line.post_id},
        )


def downgrade() -> None:
    op.drop_table("book_delivery")
    for table in ("affairs_entry", "property_entry"):
        op.drop_column(table, "mark")
