"""keep agreed points

Revision: 1f6ad38e5c92
After: a98d6533c471
"""

import sqlalchemy as sa
from alembic import op

revision = "1f6ad38e5c92"
down_revision = "a98d6533c471"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("matter", sa.Column("open_points", sa.Integer(), server_default="0", nullable=False))
    # Meetings of before: their points are open, for nobody could tick one off.
    connection = op.get_bind()
    record, matter = (
        sa.table("post_transition", sa.column("post_id"), sa.column("name"), sa.column("facts", sa.JSON)),
        sa.table("matter", sa.column("post_id"), sa.column("open_points")),
    )
    points: dict[int, int] = {}
    for row in connection.execute(sa.select(record.c.post_id, record.c.facts).where(record.c.name == "meet")):
        points[row.post_id] = points.get(row.post_id, 0) + len((row.facts or {}).get("points", ()))
    for post_id, number in points.items():
        connection.execute(sa.update(matter).where(matter.c.post_id == post_id).values(open_points=number))


def downgrade() -> None:
    op.drop_column("matter", "open_points")
