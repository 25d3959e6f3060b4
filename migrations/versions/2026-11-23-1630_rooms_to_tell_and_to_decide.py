"""Tables of the five rooms in which a community is told, asked and decides; pins lead a board.

Revision: 7c1f0e2b9a41
After: 6d2f0c81b7a4
"""

import sqlalchemy as sa
from alembic import op

revision = "7c1f0e2b9a41"
down_revision = "6d2f0c81b7a4"
branch_labels = None
depends_on = None

KEPT = sa.text("deleted_at IS NULL")


def upgrade() -> None:
    op.create_table(
        "district_bulletin",
        sa.Column("post_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("topic", sa.String(), nullable=False),
        sa.Column("issued_by", sa.String(), nullable=False),
        sa.Column("contact", sa.String(), nullable=False),
        sa.Column("valid_until", sa.Date(), nullable=True),
        sa.Column("correction", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["post_id"], ["post.id"], name=op.f("fk_district_bulletin_post_id_post"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("post_id", name=op.f("pk_district_bulletin")),
    )
    op.create_table(
        "guides_guide",
        sa.Column("post_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("category", sa.String(), nullable=False),
        sa.Column("materials", sa.String(), nullable=False),
        sa.Column("steps", sa.String(), nullable=False),
        sa.Column("place", sa.String(), nullable=False),
        sa.Column("hours", sa.String(), nullable=False),
        sa.Column("fee", sa.String(), nullable=False),
        sa.Column("time_limit", sa.String(), nullable=False),
        sa.Column("legal_basis", sa.String(), nullable=False),
        sa.Column("owner", sa.String(), nullable=False),
        sa.Column("review_on", sa.Date(), nullable=True),
        sa.Column("answer", sa.String(), nullable=False),
        sa.Column("answered_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.ForeignKeyConstraint(
            ["answered_by_id"], ["account.id"], name=op.f("fk_guides_guide_answered_by_id_account")
        ),
        sa.ForeignKeyConstraint(
            ["post_id"], ["post.id"], name=op.f("fk_guides_guide_post_id_post"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("post_id", name=op.f("pk_guides_guide")),
    )
    op.create_table(
        "hall_proposal",
        sa.Column("post_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("topic", sa.String(), nullable=False),
        sa.Column("change", sa.String(), nullable=False),
        sa.Column("cosigners", sa.Integer(), nullable=False),
        sa.Column("cosigning_buildings", sa.Integer(), nullable=False),
        sa.Column("refused_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("refusal_reason", sa.String(), nullable=False),
        sa.Column("refusal", sa.String(), nullable=False),
        sa.Column("appeal", sa.String(), nullable=False),
        sa.Column("appeal_answer", sa.String(), nullable=False),
        sa.Column("options", sa.String(), nullable=False),
        sa.Column("cost", sa.String(), nullable=False),
        sa.Column("affected", sa.String(), nullable=False),
        sa.Column("invited", sa.String(), nullable=False),
        sa.Column("minutes", sa.String(), nullable=False),
        sa.Column("wording", sa.String(), nullable=False),
        sa.Column("objections_until", sa.Date(), nullable=True),
        sa.Column("objections", sa.String(), nullable=False),
        sa.Column("voting_rule", sa.String(), nullable=False),
        sa.Column("vote_until", sa.Date(), nullable=True),
        sa.Column("vote_place", sa.String(), nullable=False),
        sa.Column("rounds", sa.Integer(), nullable=False),
        sa.Column("dwellings", sa.Integer(), nullable=True),
        sa.Column("dwellings_voting", sa.Integer(), nullable=True),
        sa.Column("dwellings_for", sa.Integer(), nullable=True),
        sa.Column("area", sa.Numeric(precision=12, scale=2), nullable=True),
        sa.Column("area_voting", sa.Numeric(precision=12, scale=2), nullable=True),
        sa.Column("area_for", sa.Numeric(precision=12, scale=2), nullable=True),
        sa.Column("paper_record", sa.String(), nullable=False),
        sa.Column("outcome", sa.String(), nullable=False),
        sa.Column("outcome_text", sa.String(), nullable=False),
        sa.Column("lead", sa.String(), nullable=False),
        sa.Column("budget", sa.Numeric(precision=12, scale=2), nullable=True),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("report", sa.String(), nullable=False),
        sa.Column("rating", sa.Integer(), nullable=True),
        sa.Column("review", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["post_id"], ["post.id"], name=op.f("fk_hall_proposal_post_id_post"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["refused_by_id"], ["account.id"], name=op.f("fk_hall_proposal_refused_by_id_account")
        ),
        sa.PrimaryKeyConstraint("post_id", name=op.f("pk_hall_proposal")),
    )
    op.create_table(
        "notices_notice",
        sa.Column("post_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("until", sa.Date(), nullable=True),
        sa.Column("answer", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["post_id"], ["post.id"], name=op.f("fk_notices_notice_post_id_post"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("post_id", name=op.f("pk_notices_notice")),
    )
    op.create_table(
        "party_deed",
        sa.Column("post_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("place", sa.String(), nullable=False),
        sa.Column("places", sa.Integer(), nullable=True),
        sa.Column("contact", sa.String(), nullable=False),
        sa.Column("claimed", sa.Integer(), nullable=False),
        sa.Column("report", sa.String(), nullable=False),
        sa.Column("came", sa.Integer(), nullable=True),
        sa.CheckConstraint("places IS NULL OR claimed <= places", name=op.f("ck_party_deed_places")),
        sa.ForeignKeyConstraint(
            ["post_id"], ["post.id"], name=op.f("fk_party_deed_post_id_post"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("post_id", name=op.f("pk_party_deed")),
    )
    op.drop_index("ix_post_board", table_name="post")
    op.create_index(
        "ix_post_board",
        "post",
        ["code", "board", "pinned", "activity_at", "id"],
        sqlite_where=KEPT,
        postgresql_where=KEPT,
    )


def downgrade() -> None:
    op.drop_index("ix_post_board", table_name="post")
    op.create_index(
        "ix_post_board",
        "post",
        ["code", "board", "activity_at", "id"],
        sqlite_where=KEPT,
        postgresql_where=KEPT,
    )
    op.drop_table("party_deed")
    op.drop_table("notices_notice")
    op.drop_table("hall_proposal")
    op.drop_table("guides_guide")
    op.drop_table("district_bulletin")
