"""find words

Revision: 6d2f0c81b7a4
After: 81c7997d2225
"""

from datetime import UTC, datetime

import sqlalchemy as sa
from alembic import op

revision = "6d2f0c81b7a4"
down_revision = "81c7997d2225"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Full-text search. What was written before is indexed by a job, in pieces, while people read."""
    if op.get_bind().dialect.name == "sqlite":
        _sqlite()
    else:
        _postgresql()
    _index_what_is_there()


def _sqlite() -> None:
    """FTS5 without a copy of the text, where SQLite can delete from such a table."""
    version = tuple(int(n) for n in op.get_bind().scalar(sa.text("SELECT sqlite_version()")).split("."))
    lean = "content='', contentless_delete=1, " if version >= (3, 43) else ""
    tokenizer = "unicode61 remove_diacritics 0 categories ''L* N* Co Cn''"
    for name, columns in (("search_post", "marks, title, words"), ("search_comment", "marks, words")):
        op.execute(f"CREATE VIRTUAL TABLE {name} USING fts5({columns}, {lean}tokenize='{tokenizer}')")


def _postgresql() -> None:
    for name, of, columns in (
        ("search_post", "post", ("title", "words")),
        ("search_comment", "comment", ("words",)),
    ):
        listed = ", ".join(f"{column} tsvector NOT NULL" for column in columns)
        op.execute(
            f"CREATE TABLE {name} (id bigint PRIMARY KEY REFERENCES {of} (id) ON DELETE CASCADE, {listed})"
        )
        op.execute(f"CREATE INDEX ix_{name}_words ON {name} USING gin ({', '.join(columns)})")


def _index_what_is_there() -> None:
    connection = op.get_bind()
    if connection.scalar(sa.text("SELECT EXISTS (SELECT 1 FROM post)")):
        job = sa.table(
            "job",
            sa.column("name", sa.String),
            sa.column("payload", sa.JSON),
            sa.column("run_at", sa.DateTime(timezone=True)),
            sa.column("tries", sa.Integer),
        )
        when = datetime.now(UTC)
        op.execute(job.insert().values(name="index_everything", payload={"after": 0}, run_at=when, tries=0))


def downgrade() -> None:
    op.execute("DELETE FROM job WHERE name = 'index_everything'")
    op.execute("DROP TABLE search_comment")
    op.execute("DROP TABLE search_post")
