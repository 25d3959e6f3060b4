"""keep versions of guides

Revision: 5b1e7c40a9d2
After: c85e2b07d94a
"""

import json
from datetime import datetime

import sqlalchemy as sa
from alembic import op

revision = "5b1e7c40a9d2"
down_revision = "c85e2b07d94a"
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
NAMED = sa.text("item_id IS NOT NULL")
TOLD = "category materials steps place hours fee time_limit legal_basis owner".split()


def upgrade() -> None:
    with op.batch_alter_table("guides_guide") as table:
        table.add_column(sa.Column("version", sa.Integer(), server_default="0", nullable=False))
        table.add_column(sa.Column("checked_on", sa.Date(), nullable=True))
        table.add_column(sa.Column("warned", sa.Boolean(), server_default=sa.false(), nullable=False))
        table.add_column(sa.Column("item_id", NUMBER, nullable=True))
        table.create_foreign_key(
            op.f("fk_guides_guide_item_id_post"), "post", ["item_id"], ["id"], ondelete="SET NULL"
        )
    op.create_index(
        "ix_guides_guide_item_id", "guides_guide", ["item_id"], sqlite_where=NAMED, postgresql_where=NAMED
    )
    op.create_table(
        "guides_version",
        sa.Column("post_id", NUMBER, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.Column("by_id", NUMBER, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("worked", sa.Integer(), nullable=False),
        sa.Column("failed", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["account.id"], name=op.f("fk_guides_version_by_id_account")),
        sa.ForeignKeyConstraint(
            ["post_id"], ["post.id"], name=op.f("fk_guides_version_post_id_post"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("post_id", "number", name=op.f("pk_guides_version")),
    )
    _keep_first_versions()


def _keep_first_versions() -> None:
    """Items that went out already begin their history with what they say now."""
    connection = op.get_bind()
    told = ", ".join(f"g.{name}" for name in TOLD)
    out = connection.execute(
        sa.text(
            f"SELECT p.id, p.title, p.body, {told}, t.by_id, t.at FROM post p JOIN guides_guide g"
            " ON g.post_id = p.id JOIN post_transition t ON t.id = (SELECT max(x.id) FROM post_transition x"
            " WHERE x.post_id = p.id AND x.name = 'publish' AND x.source = 'reviewed') WHERE p.kind = 'item'"
        )
    ).mappings()
    for row in out.all():
        facts = {name: row[name] or "" for name in ("title", *TOLD[:1], "body", *TOLD[1:])}
        at = row["at"]
        moment = datetime.fromisoformat(at) if isinstance(at, str) else at
        connection.execute(
            sa.text(
                "INSERT INTO guides_version (post_id, number, facts, by_id, at, worked, failed)"
                " VALUES (:post_id, 1, :facts, :by_id, :at, 0, 0)"
            ),
            {"post_id": row["id"], "facts": json.dumps(facts), "by_id": row["by_id"], "at": at},
        )
        connection.execute(
            sa.text("UPDATE guides_guide SET version = 1, checked_on = :day WHERE post_id = :post_id"),
            {
                "day": moment.date().isoformat() if isinstance(at, str) else moment.date(),
                "post_id": row["id"],
            },
        )


def downgrade() -> None:
    op.drop_table("guides_version")
    op.drop_index("ix_guides_guide_item_id", "guides_guide")
    with op.batch_alter_table("guides_guide") as table:
        table.drop_constraint(op.f("fk_guides_guide_item_id_post"), type_="foreignkey")
        for name in ("item_id", "warned", "checked_on", "version"):
            table.drop_column(name)
