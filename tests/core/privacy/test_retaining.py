"""What has been kept for its time is forgotten by a job, in small steps that can be cut short."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import func, select, update
from tests.cast import HOME, Browser, number_of
from tests.core.media.test_storing import picture, send

from shequtong.core.communities.models import Dwelling, Membership
from shequtong.core.duties.models import HomeVisit
from shequtong.core.identity.models import Account, Look, OneTimeLink, SignIn, Submission
from shequtong.core.notifications.models import Notification
from shequtong.core.posts.models import Comment, Post
from shequtong.core.privacy import retaining
from shequtong.lib import clock
from shequtong.lib.jobs import Job

NOW = clock.now()
DAY = timedelta(days=1)


def forget(app, most=retaining.BATCH):
    with app.state.database.writing() as session:
        return {name: rows for name, rows in retaining.forget_some(session, most).items() if rows}


def count(session, table):
    return session.scalar(select(func.count()).select_from(table))


def put(app, *rows):
    with app.state.database.writing() as session:
        for row in rows:
            session.add(row)


def test_each_thing_goes_when_its_time_has_passed_and_not_a_day_before(app, cast, db):
    me, clerk = cast.resident.id, cast.clerk.id
    flat = db.scalar(select(Dwelling.id))
    with clock.at(NOW):
        put(
            app,
            Look(account_id=me, by_id=clerk, what="phone", reason="核对", at=NOW),
            OneTimeLink(digest="d" * 64, account_id=me, expires_at=NOW),
            Submission(account_id=me, once="o" * 20, location="/", at=NOW),
            Notification(account_id=me, kind="joined", subject="join:1", at=NOW, read_at=NOW),
            HomeVisit(
                code=HOME, dwelling_id=flat, visited_on=date(2026, 1, 1), by_id=clerk, note="好", at=NOW
            ),
            Job(name="recount", payload={}, run_at=NOW, done_at=NOW),
        )
    watched = {"look", "one_time_link", "submission", "notification_read", "home_visit", "job_done"}
    periods = {period.name: retaining.days(period) for period in retaining.PERIODS if period.name in watched}
    assert set(periods) == watched
    gone: set[str] = set()
    for name, days in sorted(periods.items(), key=lambda one: one[1]):
        with clock.at(NOW + days * DAY - timedelta(minutes=1)):
            assert not watched & set(forget(app)), name
        with clock.at(NOW + days * DAY + timedelta(minutes=1)):
            went = watched & set(forget(app))
            assert name in went or name in gone
            gone |= went
    assert gone == watched
    db.rollback()
    assert [count(db, table) for table in (Look, OneTimeLink, Submission, HomeVisit, Job)] == [0] * 5


def test_an_unused_sign_in_goes_and_one_in_use_stays(app, cast, db):
    cast.resident.get("/me")
    cast.neighbor.get("/me")
    with app.state.database.writing() as session:
        old = clock.now() - timedelta(days=40)
        session.execute(update(SignIn).where(SignIn.account_id == cast.neighbor.id).values(seen_at=old))
    assert forget(app) == {"sign_in": 1}
    assert cast.resident.get("/me").status_code == 200


def test_a_draft_that_was_left_and_what_was_deleted_lose_their_words(app, cast, db):
    cot = {"title": "没写完的话", "kind": "give", "category": "baby", "body": "", "draft": "1"}
    draft = number_of(cast.resident.submit(f"/c/{HOME}/goods/new", cot))
    talk = number_of(cast.resident.submit(f"/c/{HOME}/talk/new", {"title": "删掉的话", "body": "……"}))
    said = cast.neighbor.submit(f"/c/{HOME}/talk/{talk}/comments", {"body": "也会删掉"}).headers["location"]
    comment = int(said.rsplit("-", 1)[1])
    kept = number_of(cast.resident.submit(f"/c/{HOME}/talk/new", {"title": "留下的话", "body": "……"}))
    with app.state.database.writing() as session:
        for table, number in ((Post, talk), (Comment, comment)):
            session.get(table, number).deleted_at = clock.now()
    with clock.at(NOW + 181 * DAY):
        assert {"post_deleted": 1, "comment_deleted": 1}.items() <= forget(app).items()
        assert not {"post_deleted", "comment_deleted"} & set(forget(app))
    with clock.at(NOW + 366 * DAY):
        assert forget(app)["draft"] == 1
    db.rollback()
    titles = {number: db.get(Post, number).title for number in (draft, talk, kept)}
    assert titles == {draft: "", talk: "", kept: "留下的话"}
    assert db.get(Comment, comment).body == ""
    assert "留下的话" in Browser(app, "neighbor").get(f"/c/{HOME}/talk/{kept}").text


def test_files_of_a_deleted_photo_outlive_a_round_that_was_undone_and_go_after_one_that_held(
    app, worker, cast, tmp_path
):
    talk = number_of(send(cast.resident, picture(40, 30)))
    worker.run_waiting()
    with app.state.database.writing() as session:
        session.get(Post, talk).deleted_at = clock.now()

    def files():
        return sorted(file.name for file in (tmp_path / "media").rglob("*.webp"))

    there = files()
    assert there == ["card.webp", "page.webp"]
    with clock.at(NOW + 181 * DAY):
        with pytest.raises(ZeroDivisionError), app.state.database.writing() as session:
            assert retaining.forget_some(session)["photo"] == 1
            raise ZeroDivisionError
        assert files() == there
        assert forget(app)["photo"] == 1
        worker.run_waiting()
        assert files() == []


def test_a_refused_request_and_a_word_to_the_committee_go(app, cast, db):
    me = cast.resident.id
    claim = db.scalar(select(Membership.id).where(Membership.state == "applied"))
    with app.state.database.writing() as session:
        session.get(Membership, claim).note = "上个月刚搬来"
        mine = session.scalar(select(Membership).where(Membership.account_id == me))
        mine.note, mine.decided_at = "合同可以看", clock.now()
    cast.clerk.submit(f"/c/{HOME}/joins/{claim}/decisions", {"name": "refuse", "reason": "不住这里"})
    with clock.at(NOW + 366 * DAY):
        went = forget(app)
    assert (went["membership_refused"], went["membership_note"]) == (1, 1)
    db.rollback()
    assert db.get(Membership, claim) is None
    assert db.scalar(select(Membership.note).where(Membership.account_id == cast.resident.id)) == ""
    assert cast.applicant.get("/me").status_code == 200


def test_lines_that_nobody_read_go_and_are_no_longer_counted(app, cast, db):
    me = cast.resident.id
    put(app, *(Notification(account_id=me, kind="joined", subject=f"join:{n}", at=NOW) for n in range(3)))
    with app.state.database.writing() as session:
        before = count(session, Notification)
        session.get(Account, me).unread = 4
    with clock.at(NOW + 366 * DAY):
        assert forget(app, most=2)["notification_unread"] == 2
        assert forget(app)["notification_unread"] == before - 2
    db.rollback()
    assert (count(db, Notification), db.get(Account, me).unread) == (0, 1)


def test_a_job_goes_on_where_it_was_cut_short(app, worker, cast, db, monkeypatch):
    monkeypatch.setattr(retaining, "BATCH", 2)
    monkeypatch.setattr(retaining.forget_some, "__defaults__", (2,))
    me = cast.resident.id
    put(app, *(Submission(account_id=me, once=f"once-{n}", location="/", at=NOW) for n in range(5)))
    with clock.at(NOW + 31 * DAY):
        for _twice in range(2):
            with app.state.database.writing() as session:
                retaining.begin(session)
        with app.state.database.reading() as session:
            waiting = select(func.count()).where(Job.name == retaining.JOB, Job.done_at.is_(None))
            assert session.scalar(waiting) == 1, "a second day does not begin while the first is at work"
        worker.run_waiting()
    db.rollback()
    assert count(db, Submission) == 0


@pytest.mark.parametrize(
    ("setting", "told"),
    [
        ("look=30", "at least 1095 days"),
        ("looks=30", "is none of"),
        ("draft=soon", "does not say a number"),
        ("draft=-3", "does not say a number"),
    ],
)
def test_a_setting_below_the_law_or_of_nothing_is_refused(setting, told):
    with pytest.raises(retaining.BadPeriods, match=told):
        retaining.use(setting)


def test_who_runs_the_house_keeps_things_for_longer_and_the_page_says_so(app, cast):
    try:
        retaining.use("draft=90, look=2000")
        page = cast.visitor.get("/privacy").text
        assert "90 天" in page and "2000 天" in page
    finally:
        retaining.use("")


def test_the_command_says_what_would_go_before_it_goes(app, cast, db, settings, monkeypatch, capsys):
    from shequtong import cli

    put(app, Submission(account_id=cast.resident.id, once="o" * 20, location="/", at=NOW - 40 * DAY))
    monkeypatch.setattr(cli, "_settings", lambda: settings)
    for arguments, told, left in (
        (["retention", "--dry-run"], "1 would go", 1),
        (["retention"], "Forgotten: 1 rows.", 0),
    ):
        with pytest.raises(SystemExit) as done:
            cli.main(arguments)
        assert done.value.code == 0
        shown = capsys.readouterr().out
        assert told in shown and "submission" in shown
        db.rollback()
        assert count(db, Submission) == left
