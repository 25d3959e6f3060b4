"""claim work and adopt wishes

Revision: 5d1f0c77a2e9
After: d71b5e0c92a4
"""

import sqlalchemy as sa
from alembic import op

revision = "5d1f0c77a2e9"
down_revision = "d71b5e0c92a4"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
A_WISH = "board = 'party' AND kind = 'wish'"
CLAIMED = "id IN (SELECT post_id FROM party_deed WHERE adopter_id IS NOT NULL)"
BEFORE = (
    ("asked", "draft"),
    ("wished", "live"),
    ("adopted", "live"),
    ("fulfilled", "live"),
    ("thanked", "done"),
)
"""States of wishes and what they were called when wishes went the way of all deeds."""


def upgrade() -> None:
    with op.batch_alter_table("party_deed") as deed:
        deed.add_column(sa.Column("unconfirmed", sa.Integer(), server_default=sa.text("0"), nullable=False))
        deed.add_column(sa.Column("whose", sa.String(), server_default="", nullable=False))
        for name in ("asked_by_id", "adopter_id"):
            deed.add_column(sa.Column(name, ID, nullable=True))
            deed.create_foreign_key(op.f(f"fk_party_deed_{name}_account"), "account", [name], ["id"])
            deed.create_index(op.f(f"ix_party_deed_{name}"), [name])
    op.create_table(
        "party_wisher",
        sa.Column("id", ID, nullable=False),
        sa.Column("post_id", ID, nullable=False),
        sa.Column("account_id", ID, nullable=True),
        sa.Column("person", sa.Text(), nullable=False),
        sa.Column("door", sa.Text(), nullable=False),
        sa.Column("shares", sa.Boolean(), nullable=False),
        _refers("party_wisher", "account_id", "account", "SET NULL"),
        _refers("party_wisher", "post_id", "post"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_party_wisher")),
        sa.UniqueConstraint("post_id", name=op.f("uq_party_wisher_post_id")),
    )
    op.create_index(op.f("ix_party_wisher_account_id"), "party_wisher", ["account_id"])
    _between("party_claim", "post", sa.Column("badge", sa.Text(), nullable=False))
    op.create_table(
        "party_work",
        sa.Column("id", ID, nullable=False),
        sa.Column("post_id", ID, nullable=False),
        sa.Column("account_id", ID, nullable=False),
        sa.Column("done_on", sa.Date(), nullable=False),
        sa.Column("words", sa.String(), nullable=False),
        sa.Column("photos", sa.JSON(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("answer", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_by_id", ID, nullable=True),
        sa.CheckConstraint("state IN ('noted', 'confirmed', 'returned')", name=op.f("ck_party_work_state")),
        _refers("party_work", "account_id", "account"),
        sa.ForeignKeyConstraint(
            ["decided_by_id"], ["account.id"], name=op.f("fk_party_work_decided_by_id_account")
        ),
        _refers("party_work", "post_id", "post"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_party_work")),
    )
    op.create_index("ix_party_work_post_id", "party_work", ["post_id", "id"])
    op.create_index("ix_party_work_account_id", "party_work", ["account_id"])
    _between("party_served", "work", at="party_work")
    _between(
        "party_thanks",
        "post",
        sa.Column("stars", sa.Integer(), nullable=False),
        sa.Column("words", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("stars BETWEEN 1 AND 5", name=op.f("ck_party_thanks_stars")),
    )
    _send_wishes_their_own_way()


def _send_wishes_their_own_way() -> None:
    """A wish somebody has claimed is adopted by the first who did; its planner stands for who asked."""
    wishes = f"post_id IN (SELECT id FROM post WHERE {A_WISH})"
    first = (
        "SELECT min(account_id) FROM participation p WHERE p.post_id = party_deed.post_id AND p.name = 'claim'"
        " AND p.at = (SELECT min(at) FROM participation q WHERE q.post_id = p.post_id AND q.name = 'claim')"
    )
    op.execute(
        f"UPDATE party_deed SET adopter_id = ({first}), whose = 'other', places = 1, claimed = 0,"
        f" asked_by_id = (SELECT author_id FROM post WHERE post.id = party_deed.post_id) WHERE {wishes}"
    )
    op.execute(f"DELETE FROM participation WHERE name = 'claim' AND {wishes}")
    op.execute(f"UPDATE post SET state = 'asked' WHERE {A_WISH} AND state = 'draft'")
    op.execute(f"UPDATE post SET state = 'adopted' WHERE {A_WISH} AND state = 'live' AND {CLAIMED}")
    op.execute(f"UPDATE post SET state = 'wished' WHERE {A_WISH} AND state = 'live'")


def downgrade() -> None:
    op.execute(
        "INSERT INTO participation (post_id, name, unit, account_id, note, at)"
        " SELECT d.post_id, 'claim', 'a' || d.adopter_id, d.adopter_id, '', p.activity_at"
        " FROM party_deed d JOIN post p ON p.id = d.post_id WHERE d.adopter_id IS NOT NULL"
    )
    op.execute("UPDATE party_deed SET claimed = 1 WHERE adopter_id IS NOT NULL")
    for now, then in BEFORE:
        op.execute(f"UPDATE post SET state = '{then}' WHERE {A_WISH} AND state = '{now}'")
    op.execute(f"UPDATE post SET state = 'archived' WHERE {A_WISH} AND state IN ('refused', 'withdrawn')")
    op.execute("DELETE FROM participation WHERE name IN ('served', 'rate')")
    for name in ("party_thanks", "party_served", "party_work", "party_claim", "party_wisher"):
        op.drop_table(name)
    with op.batch_alter_table("party_deed") as deed:
        for name in ("adopter_id", "asked_by_id"):
            deed.drop_index(op.f(f"ix_party_deed_{name}"))
            deed.drop_constraint(op.f(f"fk_party_deed_{name}_account"), type_="foreignkey")
            deed.drop_column(name)
        deed.drop_column("whose")
        deed.drop_column("unconfirmed")


def _refers(table: str, column: str, target: str, ondelete: str = "CASCADE") -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_{table}_{column}_{target}")
    return sa.ForeignKeyConstraint([column], [f"{target}.id"], name=name, ondelete=ondelete)


def _between(table: str, one: str, *columns: sa.schema.SchemaItem, at: str = "") -> None:
    """A table of one thing and one account, with these columns more."""
    op.create_table(
        table,
        sa.Column(f"{one}_id", ID, nullable=False),
        sa.Column("account_id", ID, nullable=False),
        *columns,
        _refers(table, f"{one}_id", at or one),
        _refers(table, "account_id", "account"),
        sa.PrimaryKeyConstraint(f"{one}_id", "account_id", name=op.f(f"pk_{table}")),
    )
    op.create_index(op.f(f"ix_{table}_account_id"), table, ["account_id"])
