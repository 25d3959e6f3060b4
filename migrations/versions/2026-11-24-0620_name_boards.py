"""name boards

Revision: 7a41c05d9e32
After: 7be21d40c9a3
"""

import sqlalchemy as sa
from alembic import op

revision = "7a41c05d9e32"
down_revision = "7be21d40c9a3"
branch_labels = None
depends_on = None

DIVISION = sa.table("division", sa.column("code", sa.String), sa.column("boards_off", sa.JSON))
ESSENTIAL = {"district", "notices", "guides", "hall", "matters"}


def upgrade() -> None:
    op.add_column("division", sa.Column("board_names", sa.JSON(), server_default="{}", nullable=False))
    _open_again()


def _open_again() -> None:
    """Boards that nobody may hide any more are shown where they were hidden."""
    connection = op.get_bind()
    for code, off in connection.execute(sa.select(DIVISION.c.code, DIVISION.c.boards_off)).all():
        stays = [slug for slug in off if slug not in ESSENTIAL]
        if stays != off:
            connection.execute(sa.update(DIVISION).where(DIVISION.c.code == code).values(boards_off=stays))


def downgrade() -> None:
    op.drop_column("division", "board_names")
