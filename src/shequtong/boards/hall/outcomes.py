"""What becomes of a topic that was adopted: an article of the covenant, a project, or a request to somebody else."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlmodel import Session

from shequtong.boards.hall.forms import EnactForm
from shequtong.core.covenants import enacting
from shequtong.core.posts.models import PostTransition
from shequtong.core.posts.policy import Case
from shequtong.lib import clock
from shequtong.lib.forms import BoundForm
from shequtong.lib.i18n import gettext as _
from shequtong.lib.policy import Rule


def comes_to(outcome: str) -> Rule:
    """The topic named this outcome when its vote was opened."""
    return Rule(f"comes to a {outcome}", lambda case: case.detail.outcome == outcome)


covenant = comes_to("covenant")
elsewise = ~covenant


def as_proposed(case: Case) -> dict[str, Any]:
    """What somebody who writes an article begins with: the topic's title, today, and a look at it after a year."""
    today = clock.today()
    again = date(today.year + 1, today.month, min(today.day, 28))
    return {"article_title": case.post.title[:60], "in_force_on": today, "review_on": again}


def check_article(session: Session, case: Case, form: BoundForm[EnactForm]) -> None:
    """Refuse what names no article that holds."""
    given = form.value
    if given.review_on <= given.in_force_on:
        form.refuse("review_on", _("Choose a day after the one from which it holds"))
    elif given.ends and given.changes is None:
        form.refuse("changes", _("Write the number of the article that ends"))
    elif given.changes is not None:
        article = enacting.find(session, case.post.code, given.changes)
        if article is None or article.ended_on is not None:
            form.refuse("changes", _("The covenant has no such article"))


def enact(session: Session, case: Case, form: EnactForm, record: PostTransition) -> None:
    """Write the text that was voted on, and no other, into the covenant."""
    decision = enacting.Decision(
        title=form.article_title,
        words=case.detail.outcome_text,
        round_number=case.detail.rounds,
        in_force_on=form.in_force_on,
        review_on=form.review_on,
        changes=form.changes,
        ends=form.ends,
    )
    article = enacting.enact(session, case.post, decision, case.actor)
    case.detail.article = article.number
    record.facts = form.model_dump(mode="json") | {"article": article.number}
