"""The composition root: which boards there are, who listens to what, what is done later, which pages exist."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable, Mapping
from contextlib import asynccontextmanager, nullcontext
from datetime import timedelta

from fastapi import FastAPI
from starlette.types import ASGIApp

from shequtong.boards import ALL
from shequtong.boards.district import cascading as district_cascading
from shequtong.boards.district import keeping_up as district_keeping_up
from shequtong.boards.district import relaying as district_relaying
from shequtong.boards.district import routes as district
from shequtong.boards.guides import answer_pages as guides_answer_pages
from shequtong.boards.guides import missing as guides_missing
from shequtong.boards.guides import reviewing as guides_reviewing
from shequtong.boards.guides import routes as guides
from shequtong.boards.hall import amending_pages as hall_amending_pages
from shequtong.boards.hall import arguing_pages as hall_arguing_pages
from shequtong.boards.hall import consensus as hall_consensus
from shequtong.boards.hall import discussing as hall_discussing
from shequtong.boards.hall import judging as hall_judging
from shequtong.boards.hall import outcome_pages as hall_outcome_pages
from shequtong.boards.hall import outcomes as hall_outcomes
from shequtong.boards.hall import routes as hall
from shequtong.boards.hall import voting as hall_voting
from shequtong.boards.matters import open311
from shequtong.boards.matters import routes as matters
from shequtong.boards.notices import reminding as notices_reminding
from shequtong.boards.notices import routes as notices
from shequtong.boards.party import claiming as party_claiming
from shequtong.boards.party import routes as party
from shequtong.boards.party import wishing as party_wishing
from shequtong.boards.services import backing_up as services_backing_up
from shequtong.boards.services import desk_pages as services_desk_pages
from shequtong.boards.services import desks as services_desks
from shequtong.boards.services import publishing as services_publishing
from shequtong.boards.services import suggesting_pages as services_suggesting_pages
from shequtong.core.ballots import counting as ballots_counting
from shequtong.core.ballots import events as ballots_events
from shequtong.core.ballots import routes as ballots
from shequtong.core.books import questioning as books_questioning
from shequtong.core.books import routes as books
from shequtong.core.books import table_pages as books_tables
from shequtong.core.communities import arriving, departing, visiting
from shequtong.core.communities import events as communities_events
from shequtong.core.communities import routes as communities
from shequtong.core.covenants import enacting as covenants_enacting
from shequtong.core.covenants import events as covenants_events
from shequtong.core.covenants import routes as covenants
from shequtong.core.covenants import signing as covenants_signing
from shequtong.core.desk import routes as desk
from shequtong.core.desk import trays
from shequtong.core.duties import escalating, reckoning
from shequtong.core.duties import events as duty_events
from shequtong.core.duties import listening as duties
from shequtong.core.duties import routes as duty_pages
from shequtong.core.feeds import atom
from shequtong.core.feeds import routes as feeds
from shequtong.core.follows import following
from shequtong.core.follows import routes as follows
from shequtong.core.gatherings import events as gathering_events
from shequtong.core.gatherings import planning as gatherings_planning
from shequtong.core.gatherings import reminding as gatherings_reminding
from shequtong.core.gatherings import routes as gatherings
from shequtong.core.gatherings import showing as gatherings_showing
from shequtong.core.gatherings import signing_up as gatherings_signing_up
from shequtong.core.identity import events as identity_events
from shequtong.core.identity import routes as identity
from shequtong.core.identity import signing_in
from shequtong.core.identity.proving import Gate
from shequtong.core.media import routes as media
from shequtong.core.media import storing
from shequtong.core.moderation import events as moderation_events
from shequtong.core.moderation import holding
from shequtong.core.moderation import routes as moderation
from shequtong.core.notifications import listening
from shequtong.core.notifications import routes as notifications
from shequtong.core.polls import answering as polls_answering
from shequtong.core.polls import closing as polls_closing
from shequtong.core.polls import events as poll_events
from shequtong.core.polls import routes as polls
from shequtong.core.polls import showing as polls_showing
from shequtong.core.posts import bundling_pages as posts_bundling_pages
from shequtong.core.posts import clockwork, forgetting, hanging, rooms
from shequtong.core.posts import events as post_events
from shequtong.core.posts import naming_pages as posts_naming_pages
from shequtong.core.posts import objecting as posts_objecting
from shequtong.core.posts import objecting_pages as posts_objecting_pages
from shequtong.core.posts import paper_pages as posts_paper_pages
from shequtong.core.posts import routes as posts
from shequtong.core.privacy import retaining
from shequtong.core.privacy import routes as privacy
from shequtong.core.registry import forgetting as registry_forgetting
from shequtong.core.registry import keeping as registry_keeping
from shequtong.core.registry import rounds as registry_rounds
from shequtong.core.registry import routes as registry
from shequtong.core.search import events as search_events
from shequtong.core.search import indexing
from shequtong.core.search import routes as search
from shequtong.core.statistics import barometer, counting, recounting
from shequtong.core.statistics import routes as statistics
from shequtong.lib import (
    crypto,
    edge,
    events,
    health,
    holidays,
    leaving,
    logs,
    refusals,
    signposts,
    source,
    templates,
    web,
)
from shequtong.lib.db import Database
from shequtong.lib.jobs import Every, Task, Worker, working
from shequtong.lib.sessions import Sessions
from shequtong.lib.throttle import Throttle
from shequtong.settings import Settings

SUBSCRIBERS: Mapping[type, Iterable[events.Listener]] = {
    identity_events.PlacesAsked: (departing.tell_places,),
    identity_events.RowsAsked: (registry_forgetting.pack,),
    identity_events.FilesAsked: (storing.pack,),
    identity_events.ErasureAsked: (departing.find_obstacles,),
    identity_events.AccountErased: (
        departing.leave_everything,
        gatherings_signing_up.on_account_erased,
        polls_answering.forget,
        party_claiming.forget,
        party_wishing.forget,
        services_desks.on_account_erased,
        services_publishing.on_account_erased,
        duties.on_account_erased,
        following.forget,
        forgetting.forget,
        covenants_signing.forget,
        hall_discussing.forget,
        hall_judging.forget,
        registry_forgetting.on_account_erased,
        listening.on_account_erased,
    ),
    post_events.PostPublished: (
        holding.on_post_published,
        duties.on_post_published,
        indexing.on_post_published,
        listening.on_post_published,
    ),
    post_events.PostEdited: (holding.on_post_edited, indexing.on_post_edited),
    post_events.PostMoved: (
        duties.on_post_moved,
        counting.on_post_moved,
        indexing.on_post_moved,
        listening.on_post_moved,
        hall_consensus.on_post_moved,
    ),
    post_events.PostOpened: (listening.on_post_opened,),
    post_events.PostDeleted: (
        gatherings_planning.on_post_deleted,
        duties.on_post_deleted,
        indexing.on_post_deleted,
        listening.on_post_deleted,
    ),
    post_events.CommentWritten: (
        holding.on_comment_written,
        duties.on_comment_written,
        indexing.on_comment_said,
        listening.on_comment_written,
    ),
    post_events.CommentEdited: (
        hall_discussing.on_comment_edited,
        posts_objecting.on_comment_edited,
        books_questioning.on_comment_edited,
        holding.on_comment_edited,
        indexing.on_comment_said,
    ),
    post_events.AnswersOwed: (duties.on_answers_owed,),
    post_events.CommentDeleted: (
        indexing.on_comment_deleted,
        posts_objecting.on_comment_deleted,
        books_questioning.on_comment_deleted,
    ),
    post_events.TookPart: (
        duties.on_took_part,
        listening.on_took_part,
    ),
    post_events.Reacted: (listening.on_reacted,),
    post_events.PostsLinked: (listening.on_posts_linked,),
    post_events.VisibilityChanged: (
        holding.on_visibility_changed,
        duties.on_visibility_changed,
        posts_objecting.on_visibility_changed,
        books_questioning.on_visibility_changed,
        listening.on_visibility_changed,
    ),
    search_events.NothingFound: (guides_missing.on_nothing_found,),
    moderation_events.Released: (listening.on_released,),
    moderation_events.Decided: (listening.on_decided,),
    moderation_events.Appealed: (listening.on_appealed,),
    moderation_events.AppealDecided: (listening.on_appeal_decided,),
    ballots_events.RoundCounted: (hall_voting.on_round_counted,),
    covenants_events.ArticleChanged: (listening.on_article_changed,),
    covenants_events.ReviewDue: (listening.on_article_review_due,),
    communities_events.WhoStays: (registry_keeping.tell_who_stays,),
    communities_events.Applied: (listening.on_applied,),
    communities_events.Joined: (listening.on_joined,),
    communities_events.Refused: (listening.on_refused,),
    communities_events.Left: (gatherings_signing_up.on_left, listening.on_left),
    communities_events.Represents: (listening.on_represents,),
    communities_events.Appointed: (listening.on_appointed,),
    communities_events.OfficeEnded: (
        services_desks.on_office_ended,
        duties.on_office_ended,
        listening.on_office_ended,
    ),
    duty_events.DutiesChanged: (counting.on_duties_changed,),
    duty_events.DutyEnding: (listening.on_duty_ending,),
    duty_events.DutyRaised: (listening.on_duty_raised,),
    gathering_events.Planned: (party_claiming.on_planned, listening.on_planned),
    gathering_events.Cancelled: (listening.on_cancelled,),
    gathering_events.PlacesFound: (listening.on_places_found,),
    gathering_events.SoonDue: (listening.on_soon_due,),
    gathering_events.Missed: (listening.on_missed,),
    poll_events.PollClosed: (listening.on_poll_closed,),
}
"""Event to those who listen, in order; they run in the transaction that caused it."""

JOBS: Mapping[str, Task] = {
    "clean_photo": storing.clean_photo,
    "count_last_answers": hall_consensus.count_last_answers,
    storing.DISCARD: storing.discard_photos,
    "follow_bulletin": district_keeping_up.follow_bulletin,
    "index_everything": indexing.index_everything,
    retaining.JOB: retaining.forget_old,
    "recount": recounting.recount,
    "remind_committees": district_cascading.remind_committees,
    notices_reminding.JOB: notices_reminding.remind_on_last_day,
    "tell_committees": district_cascading.tell_committees,
}
"""Work by name, done after the request, at least once."""

ROUNDS = (
    Every(timedelta(minutes=1), clockwork.move_due_posts),
    Every(timedelta(minutes=1), escalating.remind),
    Every(timedelta(minutes=1), escalating.raise_overdue),
    Every(timedelta(minutes=1), reckoning.keep_to_the_calendar),
    Every(timedelta(minutes=1), ballots_counting.count_due_rounds),
    Every(timedelta(minutes=1), hall_consensus.renew_all),
    Every(timedelta(minutes=1), barometer.read_some),
    Every(timedelta(hours=1), covenants_enacting.remind),
    Every(timedelta(minutes=1), gatherings_reminding.remind_all),
    Every(timedelta(hours=1), guides_reviewing.remind),
    Every(timedelta(hours=1), hall_outcomes.remind),
    Every(timedelta(minutes=1), services_backing_up.call_all),
    Every(timedelta(minutes=1), polls_closing.close_due),
    Every(timedelta(days=1), retaining.begin),
)
"""Work that comes round by itself."""

LARGEST_BODY = 64 * 1024 * 1024
"""Bytes of a form: nine photos as they come from a good phone."""

HANGINGS = (
    hanging.Hanging("gathering", "gatherings/_panel.html", gatherings_showing.panel),
    hanging.Hanging("poll", "polls/_panel.html", polls_showing.panel),
)
"""What may hang on posts, in the order of the page."""

TRAYS = (
    trays.Tray("bulletins", "boards/district/_tray.html", district_relaying.waiting),
    trays.Tray("rounds", "registry/_tray.html", registry_rounds.overdue),
)
"""What boards lay on a committee's desk, in the order of the page."""

ROUTERS = (
    atom.router,
    feeds.router,
    follows.router,
    desk.router,
    duty_pages.router,
    registry.router,
    moderation.router,
    notifications.router,
    communities.router,
    media.router,
    matters.router,
    district.router,
    services_desk_pages.router,
    services_suggesting_pages.router,
    books_tables.router,
    books.router,
    covenants.router,
    open311.router,
    gatherings.router,
    guides.router,
    guides_answer_pages.router,
    posts_naming_pages.router,
    posts_bundling_pages.router,
    posts_objecting_pages.router,
    posts_paper_pages.router,
    polls.router,
    posts.router,
    ballots.router,
    notices.router,
    party.router,
    hall.router,
    hall_outcome_pages.router,
    hall_arguing_pages.router,
    hall_amending_pages.router,
    search.router,
    statistics.router,
    arriving.router,
    privacy.router,
    identity.router,
    health.router,
    signposts.router,
    source.router,
)
"""Pages in the order they are tried. Fixed words after /c/{code}/ come before boards."""

PROGRAMS = {open311.HERE: open311.refuse}
"""Where programs ask and no browser does, by the beginning of the address, and how they are refused."""

PATIENCE = 5.0
"""Seconds that a page waits for an answer of the database. Jobs and commands take their time."""


def furnish(settings: Settings, patience: float | None = None) -> Database:
    """Ready this process, web or worker or command, for one database and one set of keys."""
    crypto.use(crypto.Keyring(*settings.keys))
    storing.open_store(settings.media_url)
    holidays.use(settings.holidays)
    retaining.use(settings.retention)
    rooms.furnish(ALL)
    hanging.furnish(*HANGINGS)
    trays.furnish(*TRAYS)
    events.subscribe(SUBSCRIBERS)
    return Database(settings.database_url, sqlite_synchronous=settings.sqlite_synchronous, patience=patience)


class House(FastAPI):
    """FastAPI inside its edge: no answer, error pages included, leaves without passing it."""

    def build_middleware_stack(self) -> ASGIApp:
        settings: Settings = self.state.settings
        inside: ASGIApp = Sessions(super().build_middleware_stack(), signing_in.ABSOLUTE)
        if settings.enable_metrics:
            from shequtong.lib.metrics import Measured

            inside = Measured(inside)
        return edge.around(
            inside,
            hosts=settings.hosts,
            https=settings.https,
            largest_body=LARGEST_BODY,
            without_origin=PROGRAMS,
            refuse=refusals.at_the_edge,
        )


@asynccontextmanager
async def opening_hours(app: FastAPI) -> AsyncIterator[None]:
    """From the first request to the last; the worker, when there is one inside, keeps the same hours."""
    worker = create_worker(app.state.settings) if app.state.with_worker else None
    with leaving.announced(), working(worker) if worker else nullcontext():
        yield
    app.state.database.dispose()


def create_app(settings: Settings | None = None, *, with_worker: bool = False) -> FastAPI:
    """The web application."""
    settings = settings or Settings()
    app = House(
        title="Shequtong",
        openapi_url=None,
        docs_url=None,
        redoc_url=None,
        lifespan=opening_hours,
        max_body_size=LARGEST_BODY,
    )
    app.state.with_worker = with_worker
    app.state.settings = settings
    app.state.database = furnish(settings, PATIENCE)
    app.state.boards = ALL
    app.state.recognise = visiting.recognise
    app.state.programs = PROGRAMS
    app.state.throttle = Throttle(settings.database_url, crypto.keyring().derive("throttle"))
    app.state.gate = Gate(app.state.throttle)
    web.open_routes(app, ROUTERS)
    if settings.enable_metrics:
        from shequtong.lib import metrics

        web.open_routes(app, [metrics.router])
    app.mount("/static", templates.assets())
    refusals.install(app)
    web.refuse_undeclared(app)
    return app


def create_worker(settings: Settings, database: Database | None = None) -> Worker:
    """The worker of this database."""
    return Worker(database or furnish(settings), JOBS, ROUNDS)


def served() -> FastAPI:
    """The application as `shequtong serve` starts it, once in each process."""
    settings = Settings()
    logs.start(settings.log_level)
    return create_app(settings)


def served_with_worker() -> FastAPI:
    """The same with a worker inside."""
    settings = Settings()
    logs.start(settings.log_level)
    return create_app(settings, with_worker=True)
