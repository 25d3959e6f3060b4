"""Pages of the registry of residents: places and look-ups, people, the same person twice, lists, and visits."""

from shequtong.core.registry.routes import dwellings, lists, merging, people, visits
from shequtong.lib.web import router as pages

router = pages()
for room in (lists, visits, people, merging, dwellings):
    router.include_router(room.router)
