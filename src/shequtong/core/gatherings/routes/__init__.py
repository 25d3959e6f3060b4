"""Planning a gathering, signing up, checking in, and calendars. The same pages on every board."""

from shequtong.core.gatherings.routes import calendars, checking_in, planning, signing_up
from shequtong.lib.web import router as pages

router = pages()
for room in (planning, signing_up, checking_in, calendars):
    router.include_router(room.router)
