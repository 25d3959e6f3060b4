"""keep a covenant

Revision: 5e0b9c3f7a21
After: c41d7be0a9f3
"""

import sqlalchemy as sa
from alembic import op

revision = "5e0b9c3f7a21"
down_revision = "c41d7be0a9f3"
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
IN_FORCE = sa.text("ended_on IS NULL AND NOT reminded")


def upgrade() -> None:
    op.create_table(
        "covenant_article",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("review_on", sa.Date(), nullable=False),
        sa.Column("reviewed_on", sa.Date(), nullable=True),
        sa.Column("reminded", sa.Boolean(), nullable=False),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["code"], ["division.code"], name=op.f("fk_covenant_article_code_division")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_covenant_article")),
        sa.UniqueConstraint("code", "number", name=op.f("uq_covenant_article_code_number")),
    )
    op.create_index(
        "ix_covenant_article_review",
        "covenant_article",
        ["review_on"],
        sqlite_where=IN_FORCE,
        postgresql_where=IN_FORCE,
    )
    op.create_table(
        "covenant_version",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("article_id", NUMBER, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("words", sa.String(), nullable=False),
        sa.Column("post_id", NUMBER, nullable=False),
        sa.Column("round_number", sa.Integer(), nullable=False),
        sa.Column("in_force_on", sa.Date(), nullable=False),
        sa.Column("signatures", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["article_id"],
            ["covenant_article.id"],
            name=op.f("fk_covenant_version_article_id_covenant_article"),
        ),
        sa.ForeignKeyConstraint(["post_id"], ["post.id"], name=op.f("fk_covenant_version_post_id_post")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_covenant_version")),
        sa.UniqueConstraint("article_id", "number", name=op.f("uq_covenant_version_article_id_number")),
    )
    op.create_index("ix_covenant_version_post_id", "covenant_version", ["post_id"])
    op.create_table(
        "covenant_signature",
        sa.Column("version_id", NUMBER, nullable=False),
        sa.Column("dwelling_id", NUMBER, nullable=False),
        sa.Column("account_id", NUMBER, nullable=True),
        sa.Column("by_id", NUMBER, nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_covenant_signature_account_id_account")
        ),
        sa.ForeignKeyConstraint(["by_id"], ["account.id"], name=op.f("fk_covenant_signature_by_id_account")),
        sa.ForeignKeyConstraint(
            ["dwelling_id"], ["dwelling.id"], name=op.f("fk_covenant_signature_dwelling_id_dwelling")
        ),
        sa.ForeignKeyConstraint(
            ["version_id"],
            ["covenant_version.id"],
            name=op.f("fk_covenant_signature_version_id_covenant_version"),
        ),
        sa.PrimaryKeyConstraint("version_id", "dwelling_id", name=op.f("pk_covenant_signature")),
    )
    op.create_index("ix_covenant_signature_account_id", "covenant_signature", ["account_id"])
    op.add_column("hall_proposal", sa.Column("article", sa.Integer(), nullable=True))


def downgrade() -> None:
    op.drop_column("hall_proposal", "article")
    for name in ("covenant_signature", "covenant_version", "covenant_article"):
        op.drop_table(name)
