"""Pages of the registry of residents: places and look-ups, people, the same person twice, and lists."""

from shequtong.core.registry.routes import dwellings, lists, merging, people
from shequtong.lib.web import router as pages

router = pages()
for room in (lists, people, merging, dwellings):
    router.include_router(room.router)
