"""Guides as the tests of the handbook write them: by one clerk, checked by another, out for everybody."""

from datetime import timedelta

from tests.cast import HOME

from shequtong.lib import clock

GUIDES = f"/c/{HOME}/guides"
ITEM = {
    "kind": "item",
    "title": "敬老卡办理",
    "category": "elders",
    "body": "年满六十五岁的上海户籍老人",
    "materials": "身份证\n户口簿",
    "steps": "到窗口取号\n交材料",
    "place": "月浦镇社区事务受理服务中心",
    "hours": "周一至周日 9:00-16:30",
    "fee": "免费",
    "owner": "民政窗口",
}


def due(days=90):
    return (clock.today() + timedelta(days=days)).isoformat()


def a_guide(cast, **facts):
    """The answer that leads to an item which is live."""
    answer = cast.clerk.submit(f"{GUIDES}/new", ITEM | {"review_on": due()} | facts)
    assert answer.status_code == 303, answer.text
    send_out(cast, answer.headers["location"])
    return answer


def send_out(cast, address):
    assert cast.clerk2.take(address, "review").status_code == 303
    assert cast.clerk.take(address, "publish").status_code == 303


def rewrite(cast, address, **facts):
    """Take an item in, let the secretary change it, and send it out again."""
    assert cast.secretary.take(address, "revise").status_code == 303
    answer = cast.secretary.submit(f"{address}/edit", ITEM | {"review_on": due(60)} | facts)
    assert answer.status_code == 303, answer.text
    send_out(cast, address)


def told(app, person, kind):
    """How many lines of this kind stand in somebody's inbox."""
    from sqlalchemy import func, select

    from shequtong.core.notifications.models import Notification

    with app.state.database.reading() as session:
        mine = Notification.account_id == person.id, Notification.kind == kind
        return session.scalar(select(func.count()).select_from(Notification).where(*mine))
