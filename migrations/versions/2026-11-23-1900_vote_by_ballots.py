"""vote by ballots

The figures of earlier votes, typed in by staff, stay in the facts of their transitions. A proposal that is being
voted on goes back to its notice: its vote is opened anew, by ballots.

Triggers keep what a round was opened with, its roll and its record. A later migration that rebuilds one of these
tables on SQLite must make its triggers again.

Revision: 625b6f5f395b
After: 7c1f0a2be964
"""

from datetime import UTC, datetime

import sqlalchemy as sa
from alembic import op

revision = "625b6f5f395b"
down_revision = "7c1f0a2be964"
branch_labels = None
depends_on = None

KEPT = {
    "ballot_event": "",
    "ballot_roll": "",
    "ballot_voter": "",
    "ballot_round": (
        "OF post_id, number, code, question, options, rule, secret, papers, proxies, buildings, scope, "
        "opened_at, closes_at, roll_heads, roll_area"
    ),
}
"""Tables whose rows stay as they were written; of a round, the columns it was opened with."""


def upgrade() -> None:
    op.create_table(
        "ballot_round",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("post_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("question", sa.String(), nullable=False),
        sa.Column("options", sa.JSON(), nullable=False),
        sa.Column("rule", sa.String(), nullable=False),
        sa.Column("secret", sa.Boolean(), nullable=False),
        sa.Column("papers", sa.Boolean(), nullable=False),
        sa.Column("proxies", sa.Integer(), nullable=False),
        sa.Column("buildings", sa.JSON(), nullable=False),
        sa.Column("scope", sa.String(), nullable=False),
        sa.Column("place", sa.String(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closes_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("count_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("roll_heads", sa.Integer(), nullable=False),
        sa.Column("roll_area", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("voted_heads", sa.Integer(), nullable=False),
        sa.Column("voted_area", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("seal", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("counted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("result", sa.String(), nullable=False),
        sa.Column("carried", sa.String(), nullable=False),
        sa.Column("tally", sa.JSON(), nullable=False),
        sa.Column("pooled", sa.JSON(), nullable=False),
        sa.Column("digest", sa.String(), nullable=False),
        sa.CheckConstraint("state IN ('open', 'counted')", name=op.f("ck_ballot_round_state")),
        sa.CheckConstraint("NOT (secret AND papers)", name=op.f("ck_ballot_round_papers")),
        sa.CheckConstraint("proxies >= 0", name=op.f("ck_ballot_round_proxies")),
        sa.ForeignKeyConstraint(["code"], ["division.code"], name=op.f("fk_ballot_round_code_division")),
        sa.ForeignKeyConstraint(["post_id"], ["post.id"], name=op.f("fk_ballot_round_post_id_post")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ballot_round")),
        sa.UniqueConstraint("post_id", "number", name=op.f("uq_ballot_round_post_id_number")),
    )
    with op.batch_alter_table("ballot_round", schema=None) as batch_op:
        batch_op.create_index(
            "ix_ballot_round_due",
            ["count_at"],
            unique=False,
            sqlite_where=sa.text("state = 'open'"),
            postgresql_where=sa.text("state = 'open'"),
        )

    op.create_table(
        "ballot",
        sa.Column("round_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("dwelling_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("choice", sa.String(), nullable=False),
        sa.Column("by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["account.id"], name=op.f("fk_ballot_by_id_account")),
        sa.ForeignKeyConstraint(
            ["dwelling_id"], ["dwelling.id"], name=op.f("fk_ballot_dwelling_id_dwelling")
        ),
        sa.ForeignKeyConstraint(
            ["round_id"], ["ballot_round.id"], name=op.f("fk_ballot_round_id_ballot_round")
        ),
        sa.PrimaryKeyConstraint("round_id", "dwelling_id", name=op.f("pk_ballot")),
    )
    op.create_table(
        "ballot_event",
        sa.Column("round_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.Column("by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("previous", sa.String(), nullable=False),
        sa.Column("digest", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["account.id"], name=op.f("fk_ballot_event_by_id_account")),
        sa.ForeignKeyConstraint(
            ["round_id"], ["ballot_round.id"], name=op.f("fk_ballot_event_round_id_ballot_round")
        ),
        sa.PrimaryKeyConstraint("round_id", "number", name=op.f("pk_ballot_event")),
    )
    op.create_table(
        "ballot_mandate",
        sa.Column("round_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("dwelling_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("holder_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("given_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("on_paper", sa.Boolean(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["dwelling_id"], ["dwelling.id"], name=op.f("fk_ballot_mandate_dwelling_id_dwelling")
        ),
        sa.ForeignKeyConstraint(
            ["given_by_id"], ["account.id"], name=op.f("fk_ballot_mandate_given_by_id_account")
        ),
        sa.ForeignKeyConstraint(
            ["holder_id"], ["account.id"], name=op.f("fk_ballot_mandate_holder_id_account")
        ),
        sa.ForeignKeyConstraint(
            ["round_id"], ["ballot_round.id"], name=op.f("fk_ballot_mandate_round_id_ballot_round")
        ),
        sa.PrimaryKeyConstraint("round_id", "dwelling_id", name=op.f("pk_ballot_mandate")),
    )
    with op.batch_alter_table("ballot_mandate", schema=None) as batch_op:
        batch_op.create_index("ix_ballot_mandate_holder_id", ["holder_id", "round_id"], unique=False)

    op.create_table(
        "ballot_paper",
        sa.Column("round_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("dwelling_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("choice", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["account.id"], name=op.f("fk_ballot_paper_by_id_account")),
        sa.ForeignKeyConstraint(
            ["dwelling_id"], ["dwelling.id"], name=op.f("fk_ballot_paper_dwelling_id_dwelling")
        ),
        sa.ForeignKeyConstraint(
            ["round_id"], ["ballot_round.id"], name=op.f("fk_ballot_paper_round_id_ballot_round")
        ),
        sa.PrimaryKeyConstraint("round_id", "dwelling_id", "by_id", name=op.f("pk_ballot_paper")),
    )
    op.create_table(
        "ballot_roll",
        sa.Column("round_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("dwelling_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("building_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("area", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(
            ["building_id"], ["building.id"], name=op.f("fk_ballot_roll_building_id_building")
        ),
        sa.ForeignKeyConstraint(
            ["dwelling_id"], ["dwelling.id"], name=op.f("fk_ballot_roll_dwelling_id_dwelling")
        ),
        sa.ForeignKeyConstraint(
            ["round_id"], ["ballot_round.id"], name=op.f("fk_ballot_roll_round_id_ballot_round")
        ),
        sa.PrimaryKeyConstraint("round_id", "dwelling_id", name=op.f("pk_ballot_roll")),
        sa.UniqueConstraint("round_id", "number", name=op.f("uq_ballot_roll_round_id_number")),
    )
    op.create_table(
        "ballot_sealed",
        sa.Column(
            "id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False
        ),
        sa.Column("round_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["round_id"], ["ballot_round.id"], name=op.f("fk_ballot_sealed_round_id_ballot_round")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ballot_sealed")),
    )
    with op.batch_alter_table("ballot_sealed", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_ballot_sealed_round_id"), ["round_id"], unique=False)

    op.create_table(
        "ballot_secret",
        sa.Column("round_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("mark", sa.String(), nullable=False),
        sa.Column("choice", sa.String(), nullable=False),
        sa.Column("area", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.ForeignKeyConstraint(
            ["round_id"], ["ballot_round.id"], name=op.f("fk_ballot_secret_round_id_ballot_round")
        ),
        sa.PrimaryKeyConstraint("round_id", "mark", name=op.f("pk_ballot_secret")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "ballot_turnout",
        sa.Column("round_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("dwelling_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("way", sa.String(), nullable=False),
        sa.Column("on_day", sa.Date(), nullable=False),
        sa.Column("twice", sa.Boolean(), nullable=False),
        sa.CheckConstraint("way IN ('online', 'proxy', 'paper')", name=op.f("ck_ballot_turnout_way")),
        sa.ForeignKeyConstraint(
            ["dwelling_id"], ["dwelling.id"], name=op.f("fk_ballot_turnout_dwelling_id_dwelling")
        ),
        sa.ForeignKeyConstraint(
            ["round_id"], ["ballot_round.id"], name=op.f("fk_ballot_turnout_round_id_ballot_round")
        ),
        sa.PrimaryKeyConstraint("round_id", "dwelling_id", name=op.f("pk_ballot_turnout")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "ballot_voter",
        sa.Column("round_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("dwelling_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("account_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_ballot_voter_account_id_account")
        ),
        sa.ForeignKeyConstraint(
            ["dwelling_id"], ["dwelling.id"], name=op.f("fk_ballot_voter_dwelling_id_dwelling")
        ),
        sa.ForeignKeyConstraint(
            ["round_id"], ["ballot_round.id"], name=op.f("fk_ballot_voter_round_id_ballot_round")
        ),
        sa.PrimaryKeyConstraint("round_id", "dwelling_id", "account_id", name=op.f("pk_ballot_voter")),
    )
    with op.batch_alter_table("ballot_voter", schema=None) as batch_op:
        batch_op.create_index("ix_ballot_voter_account_id", ["account_id", "round_id"], unique=False)

    with op.batch_alter_table("hall_proposal", schema=None) as batch_op:
        batch_op.drop_column("area_for")
        batch_op.drop_column("area")
        batch_op.drop_column("area_voting")
        batch_op.drop_column("paper_record")
        batch_op.drop_column("vote_place")
        batch_op.drop_column("voting_rule")
        batch_op.drop_column("vote_until")
        batch_op.drop_column("dwellings_voting")
        batch_op.drop_column("dwellings")
        batch_op.drop_column("dwellings_for")

    back_to_notice(op.get_bind())
    keep_what_was_written(op.get_bind().dialect.name)


def back_to_notice(connection: sa.Connection) -> None:
    post = sa.table("post", sa.column("id"), sa.column("board"), sa.column("state"))
    proposal = sa.table("hall_proposal", sa.column("post_id"), sa.column("rounds"))
    record = sa.table(
        "post_transition",
        *(sa.column(name) for name in ("post_id", "name", "source", "target", "reason")),
        sa.column("facts", sa.JSON()),
        sa.column("at", sa.DateTime(timezone=True)),
    )
    voting = sa.select(post.c.id).where(post.c.board == "hall", post.c.state == "voting")
    moved = {"name": "give_notice", "source": "voting", "target": "notice", "reason": "", "facts": {}}
    for number in connection.scalars(voting).all():
        connection.execute(sa.insert(record).values(post_id=number, at=datetime.now(UTC), **moved))
        connection.execute(sa.update(proposal).where(proposal.c.post_id == number).values(rounds=0))
        connection.execute(sa.update(post).where(post.c.id == number).values(state="notice"))
    over = sa.select(post.c.id).where(post.c.board == "hall", post.c.state == "no_quorum")
    connection.execute(sa.update(proposal).where(proposal.c.post_id.in_(over)).values(rounds=2))


def keep_what_was_written(dialect: str) -> None:
    if dialect == "postgresql":
        op.execute(
            "CREATE OR REPLACE FUNCTION ballots_stay() RETURNS trigger LANGUAGE plpgsql AS "
            "$$ BEGIN RAISE EXCEPTION '% keeps what was written', TG_TABLE_NAME; END $$"
        )
    for table, columns in KEPT.items():
        for act in (f"UPDATE {columns}", "DELETE"):
            name = f"{table}_keeps_{act.split()[0].lower()}"
            if dialect == "postgresql":
                op.execute(
                    f"CREATE TRIGGER {name} BEFORE {act} ON {table} "
                    "FOR EACH ROW EXECUTE FUNCTION ballots_stay()"
                )
            else:
                op.execute(
                    f"CREATE TRIGGER {name} BEFORE {act} ON {table} "
                    f"BEGIN SELECT RAISE(ABORT, '{table} keeps what was written'); END"
                )


def downgrade() -> None:
    with op.batch_alter_table("hall_proposal", schema=None) as batch_op:
        batch_op.add_column(sa.Column("dwellings_for", sa.INTEGER(), nullable=True))
        batch_op.add_column(sa.Column("dwellings", sa.INTEGER(), nullable=True))
        batch_op.add_column(sa.Column("dwellings_voting", sa.INTEGER(), nullable=True))
        batch_op.add_column(sa.Column("vote_until", sa.DATE(), nullable=True))
        batch_op.add_column(sa.Column("voting_rule", sa.VARCHAR(), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("vote_place", sa.VARCHAR(), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("paper_record", sa.VARCHAR(), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("area_voting", sa.NUMERIC(precision=12, scale=2), nullable=True))
        batch_op.add_column(sa.Column("area", sa.NUMERIC(precision=12, scale=2), nullable=True))
        batch_op.add_column(sa.Column("area_for", sa.NUMERIC(precision=12, scale=2), nullable=True))

    with op.batch_alter_table("ballot_voter", schema=None) as batch_op:
        batch_op.drop_index("ix_ballot_voter_account_id")

    op.drop_table("ballot_voter")
    op.drop_table("ballot_turnout")
    op.drop_table("ballot_secret")
    with op.batch_alter_table("ballot_sealed", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_ballot_sealed_round_id"))

    op.drop_table("ballot_sealed")
    op.drop_table("ballot_roll")
    op.drop_table("ballot_paper")
    with op.batch_alter_table("ballot_mandate", schema=None) as batch_op:
        batch_op.drop_index("ix_ballot_mandate_holder_id")

    op.drop_table("ballot_mandate")
    op.drop_table("ballot_event")
    op.drop_table("ballot")
    with op.batch_alter_table("ballot_round", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_ballot_round_due",
            sqlite_where=sa.text("state = 'open'"),
            postgresql_where=sa.text("state = 'open'"),
        )

    op.drop_table("ballot_round")
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION ballots_stay()")
