"""Passing a matter on by name, asking offices to come, meeting, and the fast track to the street."""

import re
from datetime import timedelta

from sqlalchemy import select
from tests.boards.test_matters import number_of, reported, take, walk

from shequtong.boards.matters.models import Matter
from shequtong.core.follows.models import Follow
from shequtong.core.posts.models import Participation, Post
from shequtong.lib import clock


def tomorrow():
    return clock.local(clock.now() + timedelta(days=1)).strftime("%Y-%m-%dT10:00")


def taken(cast, **fields):
    address = reported(cast, **fields)
    walk(address, (cast.clerk, "acknowledge", {}))
    return address


def minutes(**changed):
    points = {"what_1": "换整条线路", "who_1": "物业", "by_1": str(clock.today() + timedelta(days=5))}
    return (
        {"held_on": str(clock.today()), "present": "居委会、物业", "reason": "费用由物业出"}
        | points
        | changed
    )


def test_it_is_passed_to_a_firm_by_name_and_nobody_else_accepts_it(cast, db):
    address = taken(cast)
    firm = f"property:{cast.property.id}"
    assert f'value="{firm}"' in cast.clerk.get(address).text
    walk(address, (cast.clerk, "dispatch", {"to": firm}))
    assert db.get(Matter, number_of(address)).given_to_id == cast.property.id
    assert "尚园物业" in cast.neighbor.get(address).text
    for login in ("organisation", "clerk", "resident", "street"):
        assert take(getattr(cast, login), address, "accept").status_code == 403
    assert take(cast.property, address, "accept").status_code == 303


def test_a_colleague_can_be_passed_it_and_it_can_be_taken_back(cast):
    address = taken(cast)
    walk(address, (cast.clerk, "dispatch", {"to": f"clerk:{cast.clerk2.id}"}))
    assert take(cast.clerk, address, "accept").status_code == 403
    assert take(cast.clerk, address, "take_back").status_code == 303
    walk(address, (cast.clerk, "dispatch", {"to": f"clerk:{cast.clerk2.id}"}))
    assert take(cast.clerk2, address, "accept").status_code == 303


def test_a_dispatch_to_somebody_without_the_role_is_refused_with_words(cast):
    address = taken(cast)
    for nobody in ("property:999999", f"property:{cast.resident.id}", "doctor", "district", "property:"):
        answer = take(cast.clerk, address, "dispatch", to=nobody)
        assert answer.status_code == 422 and "f-dispatch-to-error" in answer.text, nobody


def test_an_office_is_asked_to_come_and_hears_of_it(cast):
    address = taken(cast)
    asked = {"to": f"police:{cast.police.id}", "at": tomorrow(), "reason": "在门卫室碰头"}
    for login in ("resident", "neighbor", "property", "police", "street"):
        assert take(getattr(cast, login), address, "summon", **asked).status_code == 403
    assert take(cast.clerk, address, "summon", **asked).status_code == 303
    assert (
        take(cast.clerk, address, "summon", other="供电公司", at=tomorrow(), reason="看线路").status_code
        == 303
    )
    shown = cast.neighbor.get(address).text
    for words in ("约请到场", "民警张警官", "供电公司", "在门卫室碰头"):
        assert words in shown
    assert "居委会约请您到场" in cast.police.get("/inbox").text
    assert "已受理" in shown


def test_a_summons_without_a_guest_or_in_the_past_is_sent_back(cast):
    address = taken(cast)
    assert take(cast.clerk, address, "summon", at=tomorrow(), reason="看看").status_code == 422
    past = {"other": "供电公司", "at": "2020-01-01T10:00", "reason": "看看"}
    assert take(cast.clerk, address, "summon", **past).status_code == 422


def test_nobody_is_asked_to_a_private_matter_that_they_may_not_read(cast):
    address = taken(cast, private="1")
    asked = {"to": f"police:{cast.police.id}", "at": tomorrow(), "reason": "家事"}
    assert take(cast.clerk, address, "summon", **asked).status_code == 409
    assert take(cast.police, address, "summon", **asked).status_code == 404


def test_a_joint_meeting_is_written_down_with_who_does_what_by_when(cast):
    address = taken(cast)
    for login in ("resident", "property", "street", "lead"):
        assert take(getattr(cast, login), address, "meet", **minutes()).status_code == 403
    assert take(cast.clerk, address, "meet", **minutes()).status_code == 303
    shown = cast.neighbor.get(address).text
    for words in ("开了联席会议", "居委会、物业", "费用由物业出", "换整条线路", "物业，"):
        assert words in shown


def test_what_was_agreed_on_is_a_list_that_is_ticked_off(cast, db):
    with clock.at(clock.now()):
        address = taken(cast)
        two = {"what_2": "贴告示", "who_2": "居委会", "by_2": str(clock.today() + timedelta(days=1))}
        walk(address, (cast.clerk, "meet", minutes(**two)))
        assert db.get(Matter, number_of(address)).open_points == 2
        shown = cast.clerk.get(address).text
        keys = re.findall(r'name="point" value="(\d+-\d)"', shown)
        assert len(keys) == 2 and cast.neighbor.get(address).text.count("还没办") == 2
        for login in ("resident", "neighbor", "property", "street", "lead"):
            assert take(getattr(cast, login), address, "keep_point", point=keys[0]).status_code == 403
        for wrong in ("", "1-9", "nonsense"):
            assert take(cast.clerk, address, "keep_point", point=wrong).status_code == 422
        walk(address, (cast.clerk, "keep_point", {"point": keys[0], "reason": "线路全换了"}))
        assert take(cast.clerk, address, "keep_point", point=keys[0]).status_code == 422
        shown = cast.neighbor.get(address).text
        assert "线路全换了" in shown and shown.count("还没办") == 1
        clock.advance(timedelta(days=2))
        assert "过了约定的日子" in cast.owner.get(address).text
        walk(address, (cast.clerk2, "keep_point", {"point": keys[1]}))
        db.rollback()
        assert db.get(Matter, number_of(address)).open_points == 0
        assert take(cast.clerk, address, "keep_point", point=keys[1]).status_code == 409


def test_minutes_need_a_meeting_that_was_held_and_whole_points(cast):
    address = taken(cast)
    late = minutes(held_on=str(clock.today() + timedelta(days=1)))
    for wrong, field in ((late, "held_on"), (minutes(who_1=""), "who_1"), (minutes(who_2="物业"), "what_2")):
        answer = take(cast.clerk, address, "meet", **wrong)
        assert answer.status_code == 422 and f"f-meet-{field}-error" in answer.text


def test_the_fast_track_skips_everybody_between_and_the_street_answers(cast, db):
    address = reported(cast)
    for login in ("resident", "lead", "property", "street"):
        assert take(getattr(cast, login), address, "fast_track", reason="急").status_code == 403
    assert take(cast.clerk, address, "fast_track").status_code == 422
    assert take(cast.clerk, address, "fast_track", reason="井盖没了，车多").status_code == 303
    post = db.get(Post, number_of(address))
    assert (post.state, post.handler, post.assignee_id) == ("escalated", "street", cast.clerk.id)
    assert "直通快办" in cast.neighbor.get(address).text
    assert take(cast.street, address, "direct", reason="今天就换").status_code == 303


def test_whoever_shared_a_merged_matter_is_told_of_the_other_from_now_on(cast, db):
    first, second = reported(cast), reported(cast, by="neighbor", title="楼道灯坏了")
    take(cast.owner, second, "me_too")
    cast.tenant.submit(f"{second}/follow")
    take(cast.elder, first, "me_too")
    assert take(cast.clerk, second, "merge", target=first).status_code == 303
    number = number_of(first)
    follows = set(
        db.scalars(select(Follow.account_id).where(Follow.kind == "post", Follow.target == str(number)))
    )
    assert {cast.neighbor.id, cast.owner.id, cast.tenant.id} <= follows
    said = set(db.scalars(select(Participation.account_id).where(Participation.post_id == number)))
    assert said == {cast.elder.id, cast.neighbor.id, cast.owner.id}
    for login in ("neighbor", "owner", "tenant"):
        assert "合并" in getattr(cast, login).get("/inbox").text
    take(cast.clerk, first, "acknowledge")
    assert "三楼灯不亮" in cast.owner.get("/inbox").text


def test_a3_a_merged_private_matter_leaves_no_trace_on_the_other(cast, db):
    first, second = reported(cast), reported(cast, by="neighbor", private="1")
    assert take(cast.clerk, second, "merge", target=first).status_code == 303
    shared = select(Participation).where(Participation.post_id == number_of(first))
    assert db.scalars(shared).all() == []
