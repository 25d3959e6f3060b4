"""The first page: in time order, with an end, and never more than one may see."""

from sqlalchemy import event
from tests.cast import HOME, number_of

TALK = f"/c/{HOME}/talk"


def write(browser, title, board="talk", **fields):
    return number_of(browser.submit(f"/c/{HOME}/{board}/new", {"title": title, **fields}))


def test_a_newcomer_reads_their_own_community(cast):
    write(cast.neighbor, "楼里的新鲜事")
    assert "楼里的新鲜事" in cast.resident.get("/home").text
    assert "楼里的新鲜事" not in cast.outsider.get("/home").text
    assert "楼里的新鲜事" not in cast.applicant.get("/home").text


def test_who_follows_reads_whom_they_follow_and_notices(cast):
    assert cast.resident.submit(f"/u/{cast.neighbor.id}/follow").status_code == 303
    write(cast.neighbor, "我关注的人说")
    write(cast.owner, "没关注的人说")
    write(cast.clerk, "停水通知", "notices", kind="info", body="明天停水。")
    home = cast.resident.get("/home").text
    assert "我关注的人说" in home and "停水通知" in home and "没关注的人说" not in home
    assert "您已经看完了" in home


def test_a3_a_private_matter_is_on_nobody_elses_first_page(cast):
    write(cast.resident, "家里的私事", "matters", category="noise", private="1")
    assert cast.neighbor.submit(f"/u/{cast.resident.id}/follow").status_code == 303
    assert "家里的私事" in cast.resident.get("/home").text
    for login in ("neighbor", "owner", "outsider", "street", "district"):
        assert "家里的私事" not in getattr(cast, login).get("/home").text, login


def test_pages_follow_each_other_without_a_gap(cast):
    titles = [f"第{n:02}条" for n in range(25)]
    for title in titles:
        write(cast.neighbor, title)
    first = cast.resident.get("/home").text
    assert [t for t in titles if t in first] == titles[5:]
    more = first.split('href="/home?cursor=')[1].split('"')[0]
    second = cast.resident.get(f"/home?cursor={more}").text
    assert [t for t in titles if t in second] == titles[:5]


def test_it_takes_four_queries_whatever_is_followed(app, cast):
    for login in ("neighbor", "owner", "tenant", "elder"):
        cast.resident.submit(f"/u/{getattr(cast, login).id}/follow")
        write(getattr(cast, login), f"{login} 说")
    asked = []
    event.listen(app.state.database.engine, "before_cursor_execute", lambda *a: asked.append(a[2]))
    cast.resident.get("/home")
    assert len([s for s in asked if s.lstrip().upper().startswith(("SELECT", "WITH"))]) <= 4


def test_a_visitor_signs_in_first(cast):
    assert cast.visitor.get("/home").headers["location"].startswith("/login")
