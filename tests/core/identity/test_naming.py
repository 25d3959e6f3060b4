"""A name that sounds like an office is for who holds it."""

import pytest
from tests.cast import HOME

from shequtong.core.identity.naming import pretends


def rename(browser, name):
    return browser.submit("/me", {"name": name, "about": "种花"})


@pytest.mark.parametrize(
    "name",
    [
        "居委会小王",
        "书记",
        "片区民警老李",
        "警 官",
        "尚园物业客服",
        "物•业",
        "管理員",
        "楼组长",
        "社工小吴",
        "王主任",
        "官方通知",
        "ＡＤＭＩＮ",
        "Admin 2",
    ],
)
def test_a_neighbour_cannot_pose_as_an_office(cast, name):
    answer = rename(cast.resident, name)
    assert answer.status_code == 422
    assert "听起来像一个职务" in answer.text and "种花" in answer.text
    assert "小陈" in cast.neighbor.get(f"/u/{cast.resident.id}").text


@pytest.mark.parametrize("name", ["小陈", "朵朵妈", "羽毛球 badminton", "老书虫", "陈警予", "街角阿明"])
def test_names_of_neighbours_are_free(cast, name):
    assert rename(cast.resident, name).status_code == 303


@pytest.mark.parametrize(
    ("login", "name", "status"),
    [
        ("secretary", "书记林敏", 303),
        ("clerk", "社工小沈", 303),
        ("clerk", "书记小沈", 422),
        ("police", "民警张警官", 303),
        ("police", "物业张经理", 422),
        ("lead", "楼组长老徐", 303),
        ("lead", "民警老徐", 422),
        ("street", "月浦镇干部", 303),
        ("admin", "管理员", 303),
    ],
)
def test_who_holds_an_office_bears_its_name_and_no_other(cast, login, name, status):
    assert rename(getattr(cast, login), name).status_code == status


def test_a_newcomer_cannot_pose_as_an_office_either(cast):
    form = {
        "login": "newcomer",
        "password": "seven-crabs-on-a-balcony",
        "name": "居委会书记",
        "real_name": "王小明",
        "phone": "13812341234",
        "room": "101",
        "kind": "tenant",
    }
    answer = cast.visitor.submit(f"/join/J{HOME[-4:]}", form)
    assert answer.status_code == 422 and "听起来像一个职务" in answer.text


def test_an_office_that_has_ended_takes_its_name_with_it():
    assert pretends("社工小沈", {"clerk"}) is None
    assert pretends("社工小沈", ()) == "社工"
