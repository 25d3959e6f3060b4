"""Pages of joining, of households, and of those who look after a community."""

from shequtong.core.communities.routes import (
    claims,
    household,
    joining,
    keys,
    officers,
    people,
    places,
    settings,
)
from shequtong.lib.web import router as pages

router = pages()
for room in (joining, household, claims, people, places, settings, keys, officers):
    router.include_router(room.router)
