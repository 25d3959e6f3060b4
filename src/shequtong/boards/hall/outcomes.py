"""What becomes of a topic that was adopted: an article of the covenant, a project, or a request to somebody else."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import select, update
from sqlmodel import Session

from shequtong.boards.hall import projects
from shequtong.boards.hall.forms import EnactForm, ExecuteForm
from shequtong.boards.hall.models import Proposal
from shequtong.core.ballots.mandating import find_holder
from shequtong.core.communities.standings import holders
from shequtong.core.covenants import enacting
from shequtong.core.notifications.telling import tell_about
from shequtong.core.posts.models import Post, PostTransition
from shequtong.core.posts.policy import Case
from shequtong.lib import clock
from shequtong.lib.forms import BoundForm
from shequtong.lib.i18n import gettext as _
from shequtong.lib.policy import Rule


def comes_to(outcome: str) -> Rule:
    """The topic named this outcome when its vote was opened."""
    return Rule(f"comes to a {outcome}", lambda case: case.detail.outcome == outcome)


covenant = comes_to("covenant")
project = comes_to("project")
referral = comes_to("referral")
AT_ONCE = 200


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


def execute(session: Session, case: Case, form: ExecuteForm, record: PostTransition) -> None:
    """Begin a project. A lead who is a neighbour here keeps its books too."""
    proposal: Proposal = case.detail
    proposal.lead, proposal.funder, proposal.due_on = form.lead, form.funder, form.due_on
    proposal.lead_id = find_holder(session, case.post.code, form.lead)
    proposal.budget_cents = None if form.budget is None else projects.cents(form.budget)
    record.facts = form.model_dump(mode="json")


def remind(session: Session) -> None:
    """Half a year after homes have judged it, tell the lead and the committee, once, to look at it again."""
    due = session.execute(
        select(Proposal, Post)
        .join(Post, Post.id == Proposal.post_id)
        .where(
            Proposal.review_on <= clock.today(),
            ~Proposal.review_told,
            Post.state == "rated",
            Post.deleted_at.is_(None),
        )
        .limit(AT_ONCE)
    ).all()
    for proposal, post in due:
        mine = Proposal.post_id == post.id, ~Proposal.review_told
        if session.execute(update(Proposal).where(*mine).values(review_told=True)).rowcount == 1:
            near = {*holders(session, post.code, ["clerk", "secretary"]), proposal.lead_id}
            tell_about(session, post, near, "look_again")
