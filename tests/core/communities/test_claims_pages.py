"""The committee's queue and the household's own page: who decides, what is masked, and who may not come."""

import pytest
from sqlalchemy import event
from sqlmodel import select
from tests.cast import AWAY, DISTRICT, HOME, LOGINS, stands_in

from shequtong.core.communities.models import Dwelling, Membership
from shequtong.core.identity.models import Account, Look

JOINS = f"/c/{HOME}/joins"
STAFF = {"clerk", "clerk2", "secretary"}
MINE = "/me/household"


@pytest.fixture
def claim(app):
    """The applicant's request, with a name and a phone to be masked."""
    with app.state.database.writing() as session:
        account = session.exec(select(Account).where(Account.login == "applicant")).one()
        account.real_name, account.phone = "张小华", "+8613812341234"
        found = session.exec(select(Membership).where(Membership.account_id == account.id)).one()
        found.note = "合同可以带来"
        return found.id


@pytest.fixture
def member(app):
    """The tenant's membership."""
    return membership(app, "tenant").id


def membership(app, login):
    with app.state.database.reading() as session:
        return session.exec(
            select(Membership)
            .join(Account, Account.id == Membership.account_id)
            .where(Account.login == login)
        ).first()


def ask(app, login, host, kind, state="applied"):
    """A claim of `login` on the dwelling of `host`."""
    with app.state.database.writing() as session:
        home = session.exec(
            select(Dwelling)
            .join(Membership, Membership.dwelling_id == Dwelling.id)
            .join(Account, Account.id == Membership.account_id)
            .where(Account.login == host)
        ).one()
        who = session.exec(select(Account).where(Account.login == login)).one()
        from shequtong.core.communities import joining

        return joining.apply(session, who.id, home, kind).id


def state(app, claim_id):
    with app.state.database.reading() as session:
        return session.get(Membership, claim_id).state


def test_the_queue_shows_who_asks_masked(cast, claim):
    page = cast.clerk.get(JOINS).text
    assert "新邻居" in page and "张*华" in page and "138****1234" in page and "3**" in page
    assert "合同可以带来" in page
    for secret in ("张小华", "13812341234"):
        assert secret not in page
    assert not stands_in("302", page), "a room"


def test_a_clerk_lets_somebody_in_and_they_read_at_once(app, cast, claim):
    talk = cast.resident.submit(f"/c/{HOME}/talk/new", {"title": "欢迎新邻居", "body": ""})
    assert cast.applicant.get(talk.headers["location"]).status_code == 404
    answer = cast.clerk.submit(f"{JOINS}/{claim}/decisions", {"name": "approve", "from": "queue"})
    assert (answer.status_code, answer.headers["location"]) == (303, f"{JOINS}?done=approve")
    assert state(app, claim) == "approved"
    assert cast.applicant.get(talk.headers["location"]).status_code == 200
    assert "社区的一员" in cast.clerk.get(answer.headers["location"]).text
    assert "新邻居" in cast.clerk.get(f"{JOINS}?show=decided").text


def test_a6_a_membership_that_ended_is_gone_at_the_next_request(app, cast, member):
    talk = cast.resident.submit(f"/c/{HOME}/talk/new", {"title": "只给邻居", "body": ""}).headers["location"]
    assert cast.tenant.get(talk).status_code == 200
    ended = cast.clerk.submit(f"{JOINS}/{member}/decisions", {"name": "end", "reason": "已经搬走"})
    assert ended.status_code == 303 and state(app, member) == "ended"
    assert cast.tenant.get(talk).status_code == 404


def test_a_refusal_needs_a_reason_and_keeps_the_page(app, cast, claim):
    for place in ({"from": "queue"}, {}):
        answer = cast.clerk.submit(f"{JOINS}/{claim}/decisions", {"name": "refuse", "reason": " ", **place})
        assert answer.status_code == 422 and "error-summary" in answer.text
    assert state(app, claim) == "applied"
    assert (
        cast.clerk.submit(
            f"{JOINS}/{claim}/decisions", {"name": "refuse", "reason": "请带合同来"}
        ).status_code
        == 303
    )
    assert state(app, claim) == "refused"
    page = cast.applicant.get(MINE).text
    assert "请带合同来" in page and f"/join/{HOME}" in page


def test_a_decision_made_is_made(cast, claim):
    assert cast.clerk.submit(f"{JOINS}/{claim}/decisions", {"name": "approve"}).status_code == 303
    assert cast.clerk2.submit(f"{JOINS}/{claim}/decisions", {"name": "approve"}).status_code == 409
    late = cast.clerk2.submit(f"{JOINS}/{claim}/decisions", {"name": "refuse", "reason": "晚了"})
    assert late.status_code == 409


@pytest.mark.parametrize("name", ["", "nonsense", "apply", "leave"])
def test_a_decision_nobody_knows_is_refused(cast, claim, name):
    assert cast.clerk.submit(f"{JOINS}/{claim}/decisions", {"name": name}).status_code == 422


def test_p2_a_look_needs_a_reason_is_written_down_and_shows_everything_once(app, cast, claim):
    assert cast.clerk.submit(f"{JOINS}/{claim}/looks", {"reason": ""}).status_code == 422
    page = cast.clerk.submit(f"{JOINS}/{claim}/looks", {"reason": "verify", "note": "核对合同"})
    assert page.status_code == 200 and page.headers["Cache-Control"] == "no-store"
    for secret in ("张小华", "+8613812341234", "302"):
        assert secret in page.text
    again = cast.clerk.get(f"{JOINS}/{claim}").text
    assert "张小华" not in again and "13812341234" not in again
    with app.state.database.reading() as session:
        [look] = session.exec(select(Look)).all()
        assert look.by_id == cast.clerk.id and look.account_id == cast.applicant.id
        assert look.what == "real_name phone room" and "核对合同" in look.reason


def test_p2_a_refused_look_shows_nothing_and_is_no_look(app, cast, claim):
    for login in ("resident", "lead", "outsecretary", "street", "admin"):
        assert getattr(cast, login).submit(f"{JOINS}/{claim}/looks", {"reason": "verify"}).status_code == 404
    with app.state.database.reading() as session:
        assert session.exec(select(Look)).all() == []


@pytest.mark.parametrize("login", sorted(set(LOGINS) - STAFF))
def test_the_wrong_person_finds_no_queue(cast, claim, login):
    browser = getattr(cast, login)
    away = 303 if login == "visitor" else 404
    for address in (JOINS, f"{JOINS}/{claim}"):
        assert browser.get(address).status_code == away
    for address in (f"{JOINS}/{claim}/decisions", f"{JOINS}/{claim}/looks", f"{JOINS}/{claim}/password-link"):
        assert browser.submit(address, {"name": "approve", "reason": "verify"}).status_code == away


@pytest.mark.parametrize("number", ["0", "-1", "999999", "9" * 30, "x"])
def test_a2_a_claim_of_elsewhere_is_as_unknown_as_none(app, cast, number):
    theirs = membership(app, "outsider").id
    assert cast.clerk.get(f"{JOINS}/{theirs}").status_code == 404
    assert cast.clerk.get(f"{JOINS}/{number}").status_code == 404
    assert cast.outsecretary.get(f"/c/{AWAY}/joins/{theirs}").status_code == 200
    assert cast.outsecretary.get(f"{JOINS}/{theirs}").status_code == 404
    assert cast.clerk.submit(f"{JOINS}/{theirs}/decisions", {"name": "end", "reason": "x"}).status_code == 404


def test_a5_a_clerk_does_not_decide_or_look_at_their_own_claim(app, cast):
    mine = ask(app, "clerk", "tenant", "family")
    assert cast.clerk.submit(f"{JOINS}/{mine}/decisions", {"name": "approve"}).status_code == 403
    assert cast.clerk.submit(f"{JOINS}/{mine}/looks", {"reason": "verify"}).status_code == 403
    page = cast.clerk.get(f"{JOINS}/{mine}").text
    assert "由别人来办" in page or "要由别人" in page
    assert cast.clerk2.submit(f"{JOINS}/{mine}/decisions", {"name": "approve"}).status_code == 303


def test_a_second_owner_waits_for_the_committee_to_decide(app, cast):
    second = ask(app, "outsider", "resident", "owner")
    assert state(app, second) == "conflict"
    assert "第二位业主" in cast.clerk.get(JOINS).text
    assert "小陈" in cast.clerk.get(f"{JOINS}/{second}").text
    answer = cast.clerk.submit(f"{JOINS}/{second}/decisions", {"name": "approve"})
    assert answer.headers["location"].endswith("done=conflict") and state(app, second) == "conflict"
    assert cast.resident.submit(f"{MINE}/{second}/decisions", {"name": "approve"}).status_code == 403
    answer = cast.clerk.submit(f"{JOINS}/{second}/decisions", {"name": "approve_as_co_owner"})
    assert answer.status_code == 303 and state(app, second) == "approved"


def test_two_accounts_with_one_phone_are_pointed_out_here_but_not_elsewhere(app, cast, claim):
    with app.state.database.writing() as session:
        from shequtong.core.identity.registering import tell

        for login in ("applicant", "outsider"):
            account = session.exec(select(Account).where(Account.login == login)).one()
            tell(account, "某某", "+8613812349999")
    assert "手机号与另一个账号相同" not in cast.clerk.get(JOINS).text
    ask(app, "outsider", "tenant", "family")
    assert "手机号与另一个账号相同" in cast.clerk.get(JOINS).text


def test_the_queue_has_pages(app, cast):
    with app.state.database.writing() as session:
        home = session.exec(select(Dwelling).where(Dwelling.code == HOME)).first()
        from shequtong.core.communities import joining
        from shequtong.lib import clock

        for number in range(40):
            account = Account(
                login=f"p{number}", name=f"排队{number:02}", password="", created_at=clock.now()
            )
            session.add(account)
            session.flush()
            joining.apply(session, account.id, home, "tenant")
    first = cast.clerk.get(JOINS)
    assert "排队00" in first.text and "排队39" not in first.text
    after = first.text.split(f"{JOINS}?after=")[1].split('"')[0]
    assert "排队39" in cast.clerk.get(f"{JOINS}?after={after}").text


def queries_of(app, browser, address):
    """How many questions a page asks the database."""
    asked = []

    def count(*arguments):
        asked.append(arguments[2])

    event.listen(app.state.database.engine, "before_cursor_execute", count)
    assert browser.get(address).status_code == 200
    event.remove(app.state.database.engine, "before_cursor_execute", count)
    return len([s for s in asked if s.lstrip().upper().startswith(("SELECT", "WITH"))])


def test_a_long_queue_asks_no_more_than_a_short_one(app, cast, claim):
    cast.clerk.get(JOINS)
    short = queries_of(app, cast.clerk, JOINS)
    for host in ("resident", "neighbor", "owner", "tenant", "elder"):
        for login in ("doctor", "lawyer", "police", "outsider"):
            ask(app, login, host, "family")
    assert queries_of(app, cast.clerk, JOINS) == short <= 4
    assert queries_of(app, cast.tenant, MINE) <= 5


# The household ----------------------------------------------------------------------------------------


def test_a_representative_lets_family_in(app, cast):
    theirs = ask(app, "outsider", "tenant", "family")
    page = cast.tenant.get(MINE).text
    assert "四村小赵" in page and "申请加入" in page
    assert cast.tenant.submit(f"{MINE}/{theirs}/decisions", {"name": "approve"}).status_code == 303
    assert state(app, theirs) == "approved"
    assert "小李" in cast.outsider.get(MINE).text


def test_a_representative_refuses_with_a_reason(app, cast):
    theirs = ask(app, "outsider", "tenant", "tenant")
    refuse = f"{MINE}/{theirs}/decisions"
    assert cast.tenant.submit(refuse, {"name": "refuse", "reason": ""}).status_code == 422
    assert cast.tenant.submit(refuse, {"name": "refuse", "reason": "不认识"}).status_code == 303
    assert state(app, theirs) == "refused"


def test_a_representative_does_not_decide_who_owns(app, cast):
    theirs = ask(app, "outsider", "tenant", "owner")
    assert "只能由居委会认定" in cast.tenant.get(MINE).text
    assert cast.tenant.submit(f"{MINE}/{theirs}/decisions", {"name": "approve"}).status_code == 403


def test_a_member_who_does_not_represent_sees_no_requests(app, cast):
    family = ask(app, "outsider", "tenant", "family")
    cast.clerk.submit(f"{JOINS}/{family}/decisions", {"name": "approve"})
    other = ask(app, "doctor", "tenant", "family")
    assert "家庭医生刘" not in cast.outsider.get(MINE).text
    assert cast.outsider.submit(f"{MINE}/{other}/decisions", {"name": "approve"}).status_code == 404


@pytest.mark.parametrize("login", sorted(set(LOGINS) - {"visitor", "tenant", "outsider"}))
def test_a2_nobody_else_finds_the_claims_of_a_home(app, cast, login):
    theirs = ask(app, "outsider", "tenant", "family")
    browser = getattr(cast, login)
    assert browser.submit(f"{MINE}/{theirs}/decisions", {"name": "approve"}).status_code == 404
    assert browser.submit(f"{MINE}/{theirs}/leave").status_code == 404
    assert "四村小赵" not in browser.get(MINE).text


def test_a_representative_cannot_leave_for_another(app, cast):
    theirs = ask(app, "outsider", "tenant", "family")
    assert cast.tenant.submit(f"{MINE}/{theirs}/leave").status_code == 403


def test_the_representative_hands_over_and_leaves(app, cast):
    family = ask(app, "outsider", "tenant", "family")
    cast.tenant.submit(f"{MINE}/{family}/decisions", {"name": "approve"})
    assert cast.tenant.submit(f"{MINE}/{family}/decisions", {"name": "represent"}).status_code == 303
    mine = membership(app, "tenant")
    assert not mine.representative
    assert cast.tenant.submit(f"{MINE}/{mine.id}/leave").status_code == 303
    assert "还没有加入任何房屋" in cast.tenant.get(MINE).text
    assert cast.tenant.get(f"/c/{HOME}/joins").status_code == 404


def test_a_request_is_taken_back(app, cast, claim):
    answer = cast.applicant.submit(f"{MINE}/{claim}/leave")
    assert answer.headers["location"] == f"{MINE}?done=withdraw" and state(app, claim) == "left"


def test_a_visitor_has_no_household(visitor):
    assert visitor.get(MINE).status_code == 303


def test_one_sees_ones_own_room_and_nobody_elses(cast):
    page = cast.resident.get(MINE).text
    assert "1号楼 101" in page
    assert not stands_in("102", page)


def test_each_is_told_what_became_of_their_claim(app, cast, claim):
    theirs = ask(app, "outsider", "tenant", "family")
    assert "四村小赵" in cast.tenant.get("/inbox").text
    cast.tenant.submit(f"{MINE}/{theirs}/decisions", {"name": "approve"})
    cast.tenant.submit(f"{MINE}/{theirs}/decisions", {"name": "represent"})
    assert "户代表" in cast.outsider.get("/inbox").text
    cast.clerk.submit(f"{JOINS}/{theirs}/decisions", {"name": "end", "reason": "只是做客"})
    assert "只是做客" in cast.outsider.get("/inbox").text
    cast.clerk.submit(f"{JOINS}/{claim}/decisions", {"name": "refuse", "reason": "请带合同"})
    assert "请带合同" in cast.applicant.get("/inbox").text


# Before approval (rule 2) -----------------------------------------------------------------


def test_an_applicant_reads_only_what_is_public(cast):
    for board, fields in (("talk", {"title": "邻里私话", "body": "暗号"}), ("goods", GOODS)):
        posted = cast.resident.submit(f"/c/{HOME}/{board}/new", fields)
        assert posted.status_code == 303, posted.text
        address = posted.headers["location"]
        for browser in (cast.applicant, cast.outsider):
            assert browser.get(address).status_code == 404
            for listed in (f"/c/{HOME}/{board}", f"/c/{HOME}"):
                assert fields["title"] not in browser.get(listed).text
    assert cast.applicant.get(f"/c/{HOME}").status_code == 200
    assert cast.applicant.submit(f"/c/{HOME}/talk/new", {"title": "我先来"}).status_code == 403


def test_an_applicant_reads_public_notices_guides_and_the_district_window(cast):
    notice = {"kind": "info", "title": "周三停水", "body": "上午九点起"}
    told = cast.clerk.submit(f"/c/{HOME}/notices/new", notice).headers["location"]
    bulletin = {
        "kind": "info",
        "whom": "all",
        "title": "疫苗接种",
        "topic": "health",
        "body": "六十岁以上免费",
        "issued_by": "区卫健委",
    }
    above = cast.district.submit(f"/c/{DISTRICT}/district/new", bulletin).headers["location"]
    below = f"/c/{HOME}/district/{above.rsplit('/', 1)[-1]}"
    for browser in (cast.applicant, cast.outsider, cast.visitor):
        assert "上午九点起" in browser.get(told).text
        assert "六十岁以上免费" in browser.get(below).text
        assert "周三停水" in browser.get(f"/c/{HOME}").text


def test_no_other_board_shows_anything_to_who_is_not_let_in(app):
    """Rule 2 of joining, read from the boards themselves: a new board is closed unless it is named here."""
    public = {
        board.slug
        for board in app.state.boards
        if board.audience == "public" or any(state.audience == "public" for state in board.workflow.states)
    }
    assert public == {"district", "notices", "guides"}


GOODS = {"kind": "give", "title": "送婴儿床", "category": "baby", "body": "九成新"}


# A new password at the office -------------------------------------------------------------------------


def test_a_secretary_makes_a_link_for_a_member_who_forgot_and_they_read_of_it(app, cast, member):
    address = f"{JOINS}/{member}/password-link"
    assert cast.secretary.submit(address, {"reason": ""}).status_code == 422
    page = cast.secretary.submit(address, {"reason": "本人带身份证来"})
    assert page.status_code == 200 and "/password/" in page.text
    with app.state.database.reading() as session:
        [look] = session.exec(select(Look)).all()
        assert look.what == "password_link" and look.account_id == cast.tenant.id
    link = page.text.split("http://127.0.0.1:8000/password/")[1].split('"')[0]
    assert cast.visitor.get(f"/password/{link}").status_code == 200


@pytest.mark.parametrize("login", ["clerk", "tenant", "outsecretary", "admin"])
def test_nobody_else_makes_such_a_link(cast, member, login):
    answer = getattr(cast, login).submit(f"{JOINS}/{member}/password-link", {"reason": "x"})
    assert answer.status_code == 404 and "/password/" not in answer.text


def test_a_link_never_leads_to_more_than_the_secretary_has(app, cast, claim):
    """Not to who is not in yet, not to who belongs elsewhere too, not to who holds an office above."""
    reason = {"reason": "本人来过"}
    assert cast.secretary.submit(f"{JOINS}/{claim}/password-link", reason).status_code == 403
    for login in ("outsider", "street", "admin", "outsecretary"):
        theirs = ask(app, login, "tenant", "family")
        assert cast.clerk.submit(f"{JOINS}/{theirs}/decisions", {"name": "approve"}).status_code == 303
        assert cast.secretary.submit(f"{JOINS}/{theirs}/password-link", reason).status_code == 403
    lead = membership(app, "lead").id
    assert cast.secretary.submit(f"{JOINS}/{lead}/password-link", reason).status_code == 200
