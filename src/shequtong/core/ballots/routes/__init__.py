"""Voting on a post, entering paper, and counting again. The same pages on every board."""

from shequtong.core.ballots.routes import paper, results, sheets, voting
from shequtong.lib.web import router as pages

router = pages()
for room in (voting, paper, sheets, results):
    router.include_router(room.router)
