"""In at the door, one's own pages, and out again."""

from shequtong.core.identity.routes import data, door, me
from shequtong.lib.web import router as pages

router = pages()
for room in (door, me, data):
    router.include_router(room.router)
