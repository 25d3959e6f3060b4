"""A bulletin on its way down: to whom it goes, what each committee does with it, and what its issuer sees of that."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from random import Random

import pytest
from sqlalchemy import func, select
from tests.boards.cascades import BULLETIN, grow, issue, notice_of, states
from tests.cast import AWAY, DISTRICT, HOME, STREET
from tests.counting import counted

from shequtong.boards.district import cascading
from shequtong.boards.district.models import Addressee
from shequtong.core.communities.models import Building, Dwelling, Membership
from shequtong.core.notifications.models import Notification
from shequtong.core.posts import passing
from shequtong.core.posts.models import Participation, Post
from shequtong.lib import clock
from shequtong.lib.jobs import LEASE, Job

OTHER = "310113105"
LAST = "2099-01-01"
MUST_READ = {"kind": "must_read", "until": LAST}


def told(app, post_id, kind="to_pass_on"):
    """How many lines of a kind were written about a bulletin, by committee; each once."""
    with app.state.database.reading() as session:
        found = (
            select(Notification.code, func.sum(Notification.count))
            .where(Notification.kind == kind, Notification.post_id == post_id)
            .group_by(Notification.code)
        )
        return {code: int(number) for code, number in session.execute(found)}


# To whom ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("chosen", "meant"),
    [
        ({"whom": "all"}, "all"),
        ({"whom": "some", "aim": [OTHER]}, "other"),
        ({"whom": "some", "aim": [HOME]}, "home"),
        ({"whom": "some", "aim": [HOME, OTHER]}, "home and other"),
    ],
)
def test_a_bulletin_is_for_all_or_for_some_streets_and_committees(app, cast, worker, chosen, meant):
    with app.state.database.writing() as session:
        more = grow(session, OTHER, 3)
    number = issue(cast.district, DISTRICT, **chosen)
    expected = {"all": {HOME, AWAY, *more}, "other": set(more), "home": {HOME}}
    assert set(states(app, number)) == expected.get(meant, {HOME, *more})
    worker.run_waiting()
    assert set(states(app, number).values()) == {"told"}


@pytest.mark.parametrize(
    ("chosen", "field", "words"),
    [
        ({"whom": "some"}, "aim", "至少选一个"),
        ({"whom": "all", "aim": [HOME]}, "aim", "去掉其中一种"),
        ({"whom": "some", "aim": ["310113105"]}, "aim", "选项"),
        ({"kind": "must_read"}, "until", "哪天"),
        ({"until": LAST}, "until", "不用确认"),
        (MUST_READ | {"valid_until": "2098-01-01"}, "until", "过期"),
        ({"valid_until": "2001-01-01"}, "valid_until", "今天"),
    ],
)
def test_what_cannot_be_is_refused_beside_its_field(app, cast, chosen, field, words):
    answer = cast.street.submit(f"/c/{STREET}/district/new", BULLETIN | chosen)
    assert answer.status_code == 422
    error = answer.text.split(f'id="f-{field}-error"')[1].split("</p>")[0]
    assert words in error
    assert BULLETIN["body"] in answer.text
    with app.state.database.reading() as session:
        assert not session.scalar(select(func.count()).select_from(Addressee))


def test_a_code_of_another_street_is_refused(app, cast):
    with app.state.database.writing() as session:
        (foreign, *_more) = grow(session, OTHER, 2)
    for code in (foreign, OTHER, DISTRICT, "31"):
        aimed = BULLETIN | {"whom": "some", "aim": [HOME, code]}
        assert cast.street.submit(f"/c/{STREET}/district/new", aimed).status_code == 422


def test_the_form_lists_streets_with_their_committees(app, cast):
    with app.state.database.writing() as session:
        grow(session, OTHER, 3)
    form = cast.district.get(f"/c/{DISTRICT}/district/new").text
    for code in (STREET, HOME, OTHER, f"{OTHER}200"):
        assert f'name="aim" value="{code}"' in form
    assert form.count("<details><summary>") >= 2
    assert f'value="{OTHER}"' not in cast.street.get(f"/c/{STREET}/district/new").text


def test_it_is_listed_where_it_is_meant_for_and_not_relayed_elsewhere(cast):
    number = issue(cast.street, whom="some", aim=HOME)
    assert BULLETIN["title"] in cast.resident.get(f"/c/{HOME}/district").text
    assert BULLETIN["title"] not in cast.outsider.get(f"/c/{AWAY}/district").text
    assert cast.outsecretary.take(f"/c/{AWAY}/district/{number}", "relay").status_code == 403


# Step by step -------------------------------------------------------------------------------------------


def test_a_worker_that_is_killed_again_and_again_leaves_no_gap_and_tells_nobody_twice(
    app, cast, worker, monkeypatch
):
    """Killed in the middle of steps, after what it wrote and before its transaction ends."""
    with app.state.database.writing() as session:
        grow(session, OTHER, 40, cast.clerk2.id)
    monkeypatch.setattr(cascading, "AT_ONCE", 5)
    chance, tell_staff = Random(20261123), cascading.tell_staff
    deaths = 0

    class Killed(BaseException):
        """Not caught by the worker, as SIGKILL is not."""

    def dying(*told):
        nonlocal deaths
        tell_staff(*told)
        if chance.random() < 0.4:
            deaths += 1
            raise Killed

    with clock.at(clock.now()):
        number = issue(cast.district, DISTRICT)
        monkeypatch.setattr(cascading, "tell_staff", dying)
        seen = [cascading.Progress()]
        for _life in range(60):
            try:
                worker.run_waiting()
            except Killed:
                clock.advance(LEASE + timedelta(seconds=1))
            with app.state.database.reading() as session:
                seen.append(cascading.progress(session, number))
                if not seen[-1].waiting:
                    break
    assert deaths >= 3
    assert [one.reached for one in seen] == sorted(one.reached for one in seen)
    assert set(states(app, number).values()) == {"told"} and len(states(app, number)) == 42
    lines = told(app, number)
    assert {code: count for code, count in lines.items() if code.startswith(OTHER)} == {
        f"{OTHER}{n}": 1 for n in range(200, 240)
    }
    assert lines[HOME] == 3 and lines[AWAY] == 1, "each of the staff once"
    with app.state.database.reading() as session:
        assert not session.scalar(select(func.count()).select_from(Job).where(Job.done_at.is_(None)))


def test_two_workers_beside_each_other_tell_each_committee_once(app, cast, worker, settings, monkeypatch):
    from shequtong.main import create_worker

    with app.state.database.writing() as session:
        grow(session, OTHER, 40, cast.clerk2.id)
    monkeypatch.setattr(cascading, "AT_ONCE", 4)
    number = issue(cast.district, DISTRICT)
    with app.state.database.writing() as session:  # the lease of the first ran out while it was still at work
        first = session.scalars(select(Job).where(Job.name == "tell_committees")).one()
        session.add(Job(name=first.name, payload=first.payload, run_at=first.run_at))
    with ThreadPoolExecutor(2) as pool:
        for done in [
            pool.submit(create_worker(settings, app.state.database).run_waiting) for _worker in range(2)
        ]:
            done.result()
    assert set(states(app, number).values()) == {"told"}
    assert {count for code, count in told(app, number).items() if code.startswith(OTHER)} == {1}


def test_who_issued_it_sees_how_far_it_has_come(app, cast, worker):
    number = issue(cast.district, DISTRICT)
    page = f"/c/{DISTRICT}/district/{number}"
    before = cast.district.get(page).text
    assert "已通知 0/2 个居村委" in before and 'hx-trigger="every 2s"' in before
    worker.run_waiting()
    piece = cast.district.get(f"{page}/relays/progress").text
    assert "已通知 2/2 个居村委" in piece and "hx-trigger" not in piece and "<html" not in piece


def test_withdrawn_on_its_way_down_it_goes_no_further(app, cast, worker):
    number = issue(cast.district, DISTRICT)
    cast.district.take(f"/c/{DISTRICT}/district/{number}", "withdraw")
    worker.run_waiting()
    assert set(states(app, number).values()) == {"waiting"} and not told(app, number)


# What a committee does ----------------------------------------------------------------------------------


def test_a_committee_finds_it_on_its_desk_and_makes_it_a_notice_of_its_own(app, cast, worker):
    number = issue(cast.street, **MUST_READ)
    worker.run_waiting()
    desk = cast.clerk.get(f"/c/{HOME}/desk").text
    assert "待转发" in desk and BULLETIN["title"] in desk
    assert "请转发给本居村居民" in cast.clerk.get("/inbox").text
    with app.state.database.reading() as session:
        first = session.scalar(select(Building.id).where(Building.code == HOME, Building.name == "1号楼"))
    at = f"/c/{HOME}/district/{number}"
    assert cast.clerk.take(at, "relay", note="先查一号楼", places=[str(first)]).status_code == 303
    assert "待转发" not in cast.clerk.get(f"/c/{HOME}/desk").text
    notice = f"/c/{HOME}/notices/{notice_of(app, number, HOME)}"
    shown = cast.resident.get(notice).text
    for words in ("转自月浦镇", "先查一号楼", BULLETIN["body"], "1号楼"):
        assert words in shown, words
    assert notice in cast.resident.get(at).text
    assert cast.resident.take(notice, "confirm").status_code == 303
    assert cast.owner.take(notice, "confirm").status_code in (403, 404, 409), "another building"
    assert cast.clerk.get(f"{notice}/doors").status_code == 200
    assert cast.clerk.get(f"{notice}/edit").status_code == 403, "the words from above are not ours to edit"


def test_a_home_in_another_building_does_not_count_as_reached(app, cast, worker):
    number, me = issue(cast.street, **MUST_READ), cast.resident.id
    worker.run_waiting()
    with app.state.database.writing() as session:
        first = session.scalar(select(Building.id).where(Building.code == HOME, Building.name == "1号楼"))
        another = session.scalar(select(Dwelling).where(Dwelling.code == HOME, Dwelling.building_id != first))
        session.add(
            Membership(
                account_id=me,
                code=HOME,
                building_id=another.building_id,
                dwelling_id=another.id,
                kind="family",
                state="approved",
                applied_at=clock.now(),
            )
        )
    cast.clerk.take(f"/c/{HOME}/district/{number}", "relay", places=[str(first)])
    passed_on = notice_of(app, number, HOME)
    assert cast.resident.take(f"/c/{HOME}/notices/{passed_on}", "confirm").status_code == 303
    with app.state.database.reading() as session:
        assert passing.reached(session, "district", [passed_on])[passed_on].online == 1


def test_two_clerks_at_once_pass_it_on_once(app, cast, worker):
    number = issue(cast.street)
    worker.run_waiting()
    at = f"/c/{HOME}/district/{number}"
    clerks = [cast.clerk, cast.clerk2, cast.secretary]
    with ThreadPoolExecutor(3) as pool:
        answers = list(pool.map(lambda browser: browser.take(at, "relay", note=browser.login), clerks))
    assert {answer.status_code for answer in answers} <= {303, 409}
    with app.state.database.reading() as session:
        notices = select(func.count()).where(Post.board == "notices", Post.title == BULLETIN["title"])
        assert session.scalar(notices) == 1
        assert session.get(Addressee, (number, HOME)).note in [browser.login for browser in clerks]
    assert cast.clerk2.take(at, "relay").status_code == 409


def test_the_wrong_people_pass_nothing_on(cast, worker):
    number = issue(cast.street)
    at = f"/c/{HOME}/district/{number}"
    for login in ("resident", "lead", "street", "district", "outsecretary", "property", "applicant"):
        assert getattr(cast, login).take(at, "relay").status_code == 403, login
    assert cast.visitor.post(f"{at}/transitions", data={"name": "relay"}).status_code in (303, 403)


@pytest.mark.parametrize("how", ["withdrawn", "expired", "last day over"])
def test_what_is_over_is_not_passed_on(app, cast, worker, how):
    with clock.at(clock.now()):
        day = (clock.today() + timedelta(days=2)).isoformat()
        number = issue(cast.street, valid_until=day)
        if how == "withdrawn":
            cast.street.take(f"/c/{STREET}/district/{number}", "withdraw")
        else:
            clock.advance(timedelta(days=3, hours=1))
            if how == "expired":
                worker.run_waiting()
        answer = cast.clerk.take(f"/c/{HOME}/district/{number}", "relay")
        assert answer.status_code == 409 and notice_of(app, number, HOME) is None


def test_what_does_not_concern_a_committee_needs_a_reason(app, cast, worker):
    number = issue(cast.street)
    at = f"/c/{HOME}/district/{number}"
    assert cast.clerk.take(at, "set_aside", note="").status_code == 422
    assert cast.clerk.take(at, "set_aside", note="本居没有高层").status_code == 303
    assert states(app, number)[HOME] == "not_applicable"
    worker.run_waiting()
    assert states(app, number)[HOME] == "not_applicable", "the job that comes later does not undo it"


def test_buildings_without_a_door_are_refused(app, cast):
    number = issue(cast.street)
    with app.state.database.writing() as session:
        there = session.scalars(select(Building).where(Building.code == HOME).limit(1)).one()
        empty = Building(compound_id=there.compound_id, code=HOME, name="99号楼", sort=99)
        session.add(empty)
        session.flush()
        empty_id = empty.id
    answer = cast.clerk.take(f"/c/{HOME}/district/{number}", "relay", places=[str(empty_id)])
    assert answer.status_code == 422 and "没有登记的门户" in answer.text


def test_a_committee_that_is_founded_later_passes_on_what_is_for_all(app, cast, worker):
    number = issue(cast.street)
    with app.state.database.writing() as session:
        (late,) = grow(session, STREET, 1, cast.clerk2.id)
    assert cast.clerk2.take(f"/c/{late}/district/{number}", "relay").status_code == 303
    assert states(app, number)[late] == "relayed"


# What its issuer sees -----------------------------------------------------------------------------------


def test_the_report_tells_who_did_what_and_how_many_doors(app, cast, worker):
    with clock.at(clock.now()):
        number = issue(cast.district, DISTRICT, **MUST_READ, hours="1")
        worker.run_waiting()
        at = f"/c/{HOME}/district/{number}"
        clock.advance(timedelta(days=7))
        assert cast.clerk.take(at, "relay").status_code == 303
        cast.outsecretary.take(f"/c/{AWAY}/district/{number}", "set_aside", note="没有高层")
        notice = f"/c/{HOME}/notices/{notice_of(app, number, HOME)}"
        for login in ("resident", "neighbor", "owner", "tenant", "elder"):
            assert getattr(cast, login).take(notice, "confirm").status_code == 303
        with app.state.database.reading() as session:
            left = session.scalar(select(Dwelling.id).where(Dwelling.code == HOME, Dwelling.room == "103"))
            doors = session.scalar(select(func.count()).select_from(Dwelling).where(Dwelling.code == HOME))
            left = next(
                d.id
                for d in session.scalars(select(Dwelling).where(Dwelling.code == HOME))
                if d.room == "103"
            )
            building = session.get(Dwelling, left).building_id
        assert cast.clerk.submit(f"{notice}/doors", {"door": left, "building": building}).status_code == 303
        report = f"/c/{DISTRICT}/district/{number}/relays"
        page = cast.district.get(f"{report}?street={STREET}").text
        table = cast.district.get(f"{report}/table.csv")
    for words in ("168.0", "没有高层", "晚于要求", notice, "宝月尚园居委会"):
        assert words in page, words
    lines = table.content.decode("utf-8-sig").splitlines()
    assert len(lines) == 3
    ours = next(line for line in lines if line.startswith(HOME)).split(",")
    assert ours[-3:] == [str(doors), "6", "<5"] and ours[5] == "168.0"


@pytest.mark.parametrize("login", ["visitor", "resident", "clerk", "secretary", "outsecretary"])
def test_the_report_is_for_its_issuer(cast, login):
    number = issue(cast.street)
    person = getattr(cast, login)
    for path in ("relays", "relays/progress", "relays/table.csv"):
        for code in (STREET, HOME):
            answer = person.get(f"/c/{code}/district/{number}/{path}")
            assert answer.status_code in (403, 404) or "/login" in answer.headers.get("location", ""), path
    assert person.submit(f"/c/{STREET}/district/{number}/relays/remind").status_code in (303, 403)
    assert cast.street.get(f"/c/{HOME}/district/{number}/relays").status_code == 403


def test_a_report_of_567_committees_costs_as_many_queries_as_one_of_two(app, cast, worker):
    number = issue(cast.district, DISTRICT, **MUST_READ)
    page = f"/c/{DISTRICT}/district/{number}/relays?street={STREET}"
    cast.clerk.take(f"/c/{HOME}/district/{number}", "relay")
    cast.district.get(page)
    with counted(app) as few:
        assert cast.district.get(page).status_code == 200
    with app.state.database.writing() as session:
        codes = grow(session, STREET, 565, cast.clerk2.id)
        session.add_all(
            [Addressee(post_id=number, code=code, state="told", told_at=clock.now()) for code in codes]
        )
    with counted(app) as many:
        assert cast.district.get(page).status_code == 200
    assert len(many) == len(few) <= 14, few


def test_those_that_have_not_passed_it_on_are_reminded_once_a_day(app, cast, worker):
    with clock.at(clock.now()):
        number = issue(cast.street)
        worker.run_waiting()
        cast.outsecretary.take(f"/c/{AWAY}/district/{number}", "set_aside", note="不涉及")
        remind = f"/c/{STREET}/district/{number}/relays/remind"
        assert cast.street.submit(remind).status_code == 303
        assert cast.street.submit(remind).status_code == 409
        worker.run_waiting()
        assert told(app, number, "pass_on_soon") == {HOME: 3}
        clock.advance(timedelta(days=1))
        assert cast.street.submit(remind).status_code == 303
        worker.run_waiting()
        assert told(app, number, "pass_on_soon") == {HOME: 6}


# What is put right --------------------------------------------------------------------------------------


def test_a_correction_reaches_every_notice_and_leaves_the_committee_its_own_word(
    app, cast, worker, monkeypatch
):
    from shequtong.boards.district import keeping_up

    number = issue(cast.street, **MUST_READ)
    worker.run_waiting()
    cast.clerk.take(f"/c/{HOME}/district/{number}", "relay", note="居委会有手套可借")
    cast.outsecretary.take(f"/c/{AWAY}/district/{number}", "relay")
    notices = {code: f"/c/{code}/notices/{notice_of(app, number, code)}" for code in (HOME, AWAY)}
    cast.resident.take(notices[HOME], "confirm")
    change = {"title": BULLETIN["title"], "body": BULLETIN["body"].replace("六楼", "五楼")}
    office = f"/c/{STREET}/district/{number}"
    monkeypatch.setattr(keeping_up, "AT_ONCE", 1)
    assert cast.street.take(office, "correct", **change, correction="楼层写错了").status_code == 303
    worker.run_waiting()
    for code, login in ((HOME, "resident"), (AWAY, "outsider")):
        shown = getattr(cast, login).get(notices[code]).text
        assert "五楼以上" in shown and "楼层写错了" in shown and "<del>" in shown and "月浦镇的更正" in shown
    assert "居委会有手套可借" in cast.resident.get(notices[HOME]).text
    assert "六楼以上" in cast.resident.get(f"{notices[HOME]}/history").text
    assert "请看哪里不一样" in cast.resident.get("/inbox").text
    assert "请看哪里不一样" in cast.clerk.get("/inbox").text
    with app.state.database.reading() as session:
        post_id = notice_of(app, number, HOME)
        assert session.scalar(
            select(func.count()).where(Participation.post_id == post_id, Participation.name == "confirm")
        )
        lines = select(func.sum(Notification.count)).where(
            Notification.kind == "corrected", Notification.account_id == cast.resident.id
        )
        assert session.scalar(lines) == 1


@pytest.mark.parametrize("how", ["withdrawn", "expired"])
def test_what_is_over_above_is_over_below(app, cast, worker, how):
    with clock.at(clock.now()):
        day = (clock.today() + timedelta(days=2)).isoformat()
        number = issue(cast.street, **(MUST_READ | {"until": day}), valid_until=day)
        worker.run_waiting()
        cast.clerk.take(f"/c/{HOME}/district/{number}", "relay", note="请看")
        notice = f"/c/{HOME}/notices/{notice_of(app, number, HOME)}"
        if how == "withdrawn":
            cast.street.take(f"/c/{STREET}/district/{number}", "withdraw", reason="弄错了")
        else:
            clock.advance(timedelta(days=4))
        worker.run_waiting()
        shown = cast.resident.get(notice).text
        assert ("月浦镇已撤回" if how == "withdrawn" else "已过期") in shown and "请看" in shown
        assert cast.resident.take(notice, "confirm").status_code == 409


def test_a_bulletin_does_not_appear_in_the_past_or_after_its_end(cast):
    with clock.at(clock.now()):
        last = (clock.today() + timedelta(days=3)).isoformat()
        draft = {**BULLETIN, "valid_until": last, "draft": "1"}
        at = cast.street.submit(f"/c/{STREET}/district/new", draft).headers["location"]
        for days, words in ((-1, "还没到的时间"), (5, "已经过期")):
            moment = clock.local(clock.now() + timedelta(days=days)).strftime("%Y-%m-%dT%H:%M")
            answer = cast.street.take(at, "schedule", at=moment)
            assert answer.status_code == 422 and words in answer.text
