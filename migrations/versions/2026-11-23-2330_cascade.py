"""cascade

Revision: 7e41c09ab2d6
After: 5be07c41d92f
"""

import sqlalchemy as sa
from alembic import op

revision = "7e41c09ab2d6"
down_revision = "5be07c41d92f"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
SHARED = """
    INSERT INTO district_addressee (post_id, code, state, told_at, done_at, by_id, note, edition)
    SELECT post.id, division.code,
           CASE part.name WHEN 'relay' THEN 'relayed' WHEN 'set_aside' THEN 'not_applicable' ELSE 'told' END,
           post.created_at, part.at, part.account_id, coalesce(part.note, ''), 1
    FROM post
    JOIN division ON division.level = 'committee' AND division.ended_at IS NULL
     AND substr(division.code, 1, length(post.code)) = post.code
    LEFT JOIN participation AS part ON part.post_id = post.id AND part.unit = 'c' || division.code
     AND part.name IN ('relay', 'set_aside')
    WHERE post.board = 'district' AND post.deleted_at IS NULL AND post.state IN ('live', 'corrected')
    ON CONFLICT DO NOTHING
"""


def upgrade() -> None:
    add = [
        sa.Column("whom", sa.String(), server_default="all", nullable=False),
        sa.Column("aim", sa.JSON(), server_default="[]", nullable=False),
        sa.Column("until", sa.Date()),
        sa.Column("hours", sa.Integer(), server_default="24", nullable=False),
        sa.Column("edition", sa.Integer(), server_default="1", nullable=False),
        sa.Column("reminded_at", sa.DateTime(timezone=True)),
    ]
    for column in add:
        op.add_column("district_bulletin", column)
    op.create_table(
        "district_addressee",
        sa.Column("post_id", ID, nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("told_at", sa.DateTime(timezone=True)),
        sa.Column("done_at", sa.DateTime(timezone=True)),
        sa.Column("by_id", ID),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("notice_id", ID),
        sa.Column("edition", sa.Integer(), nullable=False),
        sa.Column("reminded_at", sa.DateTime(timezone=True)),
        sa.CheckConstraint(
            "state IN ('waiting', 'told', 'relayed', 'not_applicable')", name="ck_district_addressee_state"
        ),
        sa.ForeignKeyConstraint(
            ["post_id"], ["post.id"], name="fk_district_addressee_post_id_post", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["code"], ["division.code"], name="fk_district_addressee_code_division"),
        sa.ForeignKeyConstraint(
            ["by_id"], ["account.id"], name="fk_district_addressee_by_id_account", ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["notice_id"], ["post.id"], name="fk_district_addressee_notice_id_post", ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("post_id", "code", name="pk_district_addressee"),
    )
    op.create_index("ix_district_addressee_code", "district_addressee", ["code", "state"])
    op.create_index("uq_district_addressee_notice", "district_addressee", ["notice_id"], unique=True)
    with op.batch_alter_table("notices_notice") as table:
        table.add_column(sa.Column("source_id", ID))
        table.add_column(sa.Column("word", sa.String(), server_default="", nullable=False))
        table.add_column(sa.Column("correction", sa.String(), server_default="", nullable=False))
        table.create_foreign_key(
            "fk_notices_notice_source_id_post", "post", ["source_id"], ["id"], ondelete="SET NULL"
        )
    op.execute(SHARED)
    op.execute("UPDATE post SET kind = 'info' WHERE board = 'district' AND kind = ''")


def downgrade() -> None:
    op.execute("UPDATE post SET kind = '' WHERE board = 'district'")
    with op.batch_alter_table("notices_notice") as table:
        table.drop_constraint("fk_notices_notice_source_id_post", type_="foreignkey")
        for name in ("correction", "word", "source_id"):
            table.drop_column(name)
    op.drop_table("district_addressee")
    for name in ("reminded_at", "edition", "hours", "until", "aim", "whom"):
        op.drop_column("district_bulletin", name)
