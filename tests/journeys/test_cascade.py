"""A street's notice goes to three of its forty committees and to 260 doors, and is put right on the way."""

from datetime import timedelta

import pytest
from sqlalchemy import insert, select
from tests.boards.cascades import grow
from tests.cast import AWAY, HOME, STREET

from shequtong.boards.notices.models import PaperConfirmation
from shequtong.core.communities.models import Building, Compound, Dwelling
from shequtong.core.identity.models import Account
from shequtong.core.posts.models import Participation
from shequtong.lib import clock, crypto
from shequtong.lib.db import Database

OFFICE = f"/c/{STREET}/district"
THIRD = f"{STREET}200"
DOORS = (44, 44, 44, 44, 44, 40)
"""Of buildings 1 to 6: 260."""
LEFT = (11, 7, 8, 9, 6, 7)
"""Doors that have not confirmed: 48, eleven of them in building 1."""


@pytest.fixture
def database(house, tmp_path):
    opened = Database(f"sqlite:///{next(tmp_path.glob('*.db'))}")
    yield opened
    opened.dispose()


def build(database):
    """Forty committees in the street, and buildings of the size of the story, with two more that are not meant."""
    with database.writing() as session:
        grow(session, STREET, 38)
        (compound_id,) = session.scalars(select(Compound.id).where(Compound.code == HOME)).all()
        for number in range(4, 9):
            session.add(Building(compound_id=compound_id, code=HOME, name=f"{number}号楼", sort=number))
        session.flush()
        buildings = session.scalars(
            select(Building).where(Building.code == HOME).order_by(Building.sort)
        ).all()
        for building, doors in zip(buildings, (*DOORS, 3, 3), strict=True):
            known = len(session.scalars(select(Dwelling.id).where(Dwelling.building_id == building.id)).all())
            rooms = [str(2000 + place) for place in range(doors - known)]
            session.execute(
                insert(Dwelling),
                [
                    {
                        "building_id": building.id,
                        "code": HOME,
                        "room": room,
                        "room_index": crypto.keyring().blind_index(room, f"room:{building.id}"),
                    }
                    for room in rooms
                ],
            )


def confirm(database, notice_id):
    """What 210 of 212 households do, eight of them on paper; the last two are clicked."""
    with database.writing() as session:
        buildings = session.scalars(
            select(Building.id).where(Building.code == HOME).order_by(Building.sort)
        ).all()
        who, now, paper = session.scalars(select(Account.id).limit(1)).one(), clock.now(), 8
        for building_id, left in zip(buildings[:6], LEFT, strict=True):
            homes = session.scalars(
                select(Dwelling.id).where(Dwelling.building_id == building_id).order_by(Dwelling.id.desc())
            ).all()
            done = homes[: len(homes) - left]
            if building_id == buildings[0]:
                done = done[:-2]  # by clicks: a household's own, and one on paper
            for dwelling_id in done:
                if paper:
                    paper -= 1
                    session.add(
                        PaperConfirmation(post_id=notice_id, dwelling_id=dwelling_id, by_id=who, at=now)
                    )
                    continue
                session.add(
                    Participation(
                        post_id=notice_id,
                        name="confirm",
                        unit=f"d{dwelling_id}",
                        account_id=who,
                        building_id=building_id,
                        at=now,
                    )
                )


def press(page, name, **fields):
    """Open what asks, fill it in, send it."""
    page.click(f".post-transitions details:has([value={name}]) > summary")
    form = page.locator(f".post-transitions form:has([value={name}])")
    for field, value in fields.items():
        form.locator(f"[name={field}]").fill(value)
    form.locator(".buttons button").click()


def test_a_notice_of_the_street_reaches_its_doors_and_a_correction_follows(person, database):
    build(database)
    street = person("street")
    street.goto(f"{OFFICE}/new")
    street.check("[name=kind][value=must_read]")
    street.fill("[name=title]", "六号台风将至，请每户检查门窗")
    street.select_option("[name=topic]", "safety")
    street.fill("[name=body]", "请在周五下午六点前收好窗台上的东西。")
    street.check("[name=whom][value=some]")
    assert street.locator("[name=aim]").count() == 40
    street.fill("[data-sift] input[type=search]", "宝月")
    assert street.locator("[name=aim]:visible").count() == 1
    street.fill("[data-sift] input[type=search]", "")
    for code in (HOME, AWAY, THIRD):
        street.check(f"[name=aim][value='{code}']")
    street.fill("[name=until]", (clock.today() + timedelta(days=5)).isoformat())
    street.click("main form.form button.button:not(.quiet, .plain) >> nth=0")
    street.wait_for_url(lambda url: url.rsplit("/", 1)[-1].isdigit())
    number = street.url.rsplit("/", 1)[-1]
    street.wait_for_selector("#progress:has-text('已通知 3/3 个居村委')")

    clerk = person("clerk")
    clerk.goto(f"/c/{HOME}/desk")
    clerk.click("#bulletins a")
    clerk.click(".post-transitions details:has([value=relay]) > summary")
    relay = clerk.locator(".post-transitions form:has([value=relay])")
    relay.locator("[name=note]").fill("一到六号楼临街，先查。楼组长有绳子可以借。")
    for building in range(1, 7):
        relay.get_by_label(f"{building}号楼", exact=True).check()
    relay.locator(".buttons button").click()
    clerk.click("text=看本社区的公告")
    clerk.wait_for_selector("text=转自月浦镇")
    notice = clerk.url
    confirm(database, int(notice.rsplit("/", 1)[-1]))

    resident = person("resident")
    resident.goto(notice)
    assert resident.locator("text=楼组长有绳子可以借").count() == 1
    resident.click(".post-transitions button")
    resident.wait_for_selector(".post-transitions .badge.good")
    clerk.goto(f"{notice}/doors")
    clerk.check(".doors input >> nth=-1")
    clerk.click("main form.form button.button")
    clerk.wait_for_selector("section.panel .doors label")
    assert clerk.locator("section.panel .doors label").count() == 11

    street.goto(f"{OFFICE}/{number}/relays")
    row = street.locator(f"#committees tr:has(a[href$='{notice.rsplit('/', 1)[-1]}'])")
    told = row.locator("td.number").all_inner_texts()
    assert [words.split()[-1] for words in told[-3:]] == ["260", "212", "9"]
    assert street.locator("#committees tbody tr").count() == 3

    street.goto(f"{OFFICE}/{number}")
    press(street, "correct", body="请在周四下午六点前收好窗台上的东西。", correction="台风提前一天到")
    street.wait_for_selector(".notice:has-text('台风提前一天到')")
    for _try in range(40):
        resident.goto(notice)
        if resident.locator("del").count():
            break
        resident.wait_for_timeout(100)
    assert "台风提前一天到" in resident.locator("article.post").inner_text()
    assert (
        "周四" in resident.locator("ins").all_inner_texts()[0] + resident.locator(".prose").last.inner_text()
    )
    assert resident.locator("text=楼组长有绳子可以借").count() == 1
    resident.goto("/inbox")
    assert resident.locator("text=请看哪里不一样").count() == 1
    assert resident.evaluate("document.documentElement.scrollWidth") <= 390
    street.goto(f"{OFFICE}/{number}/relays")
    assert street.evaluate("document.documentElement.scrollWidth") <= 390
