"""Pages of what one must do, of replies and their templates, of hours of duty, and of visits at doors."""

from shequtong.core.duties.routes import hours, listings, lists, replies, visits
from shequtong.lib.web import router as pages

router = pages()
for room in (lists, listings, replies, hours, visits):
    router.include_router(room.router)
