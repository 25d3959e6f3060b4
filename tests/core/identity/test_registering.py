"""Login names, phone numbers and masks."""

import pytest
from tests.cast import KEY

from shequtong.core.identity.looking import masked_name, masked_phone, masked_room
from shequtong.core.identity.models import Account
from shequtong.core.identity.registering import (
    find_account,
    fold_login,
    login_mistake,
    normal_phone,
    open_account,
)
from shequtong.lib import crypto


@pytest.mark.parametrize("login", ["chen", "小陈", "chen.wei-3", "029-3-502", "ab1", "𠮷田三"])
def test_a_login_name_that_fits(login):
    assert login_mistake(login) is None


@pytest.mark.parametrize(
    "login", ["a", "a" * 33, "13812341234", "a b c", "-chen", "a/b/c", "chen@home", "😀😀😀"]
)
def test_a_login_name_that_does_not_fit(login):
    assert login_mistake(login)


def test_a_login_name_is_folded():
    assert fold_login(" ＣＨＥＮ Wei ") == "chen wei"


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("138 1234 1234", "+8613812341234"),
        ("１３８１２３４１２３４", "+8613812341234"),
        ("+86 138-1234-1234", "+8613812341234"),
        ("021-56001234", "+862156001234"),
        ("+1 202 555 0123", "+12025550123"),
        ("138", None),
        ("no number", None),
        ("", None),
    ],
)
def test_a_phone_number_is_kept_in_one_form(typed, kept):
    assert normal_phone(typed) == kept


def test_masks_leave_enough_to_recognise_and_no_more():
    assert [masked_name(n) for n in ("张", "张华", "张小华", "欧阳小华", "John Smithson")] == [
        "张*",
        "张*",
        "张*华",
        "欧**华",
        "J***n",
    ]
    assert masked_phone("+8613812341234") == "138****1234"
    assert masked_phone("+862156001234") == "+86****1234"
    assert masked_room("502") == "5**"
    assert (masked_name(None), masked_phone(None), masked_room("")) == ("", "", "")


def test_a_login_name_is_one_persons_and_a_phone_may_be_twos(app):
    with app.state.database.writing() as session:
        first = open_account(session, "Chen", "小陈", "x", real_name="陈伟", phone="+8613812341234")
        assert first is not None and first.login == "chen"
        assert open_account(session, "CHEN", "另一个", "x") is None
        second = open_account(session, "wei", "小伟", "x", phone="+8613812341234")
        assert second is not None and second.phone_index == first.phone_index
    with app.state.database.reading() as session:
        found = find_account(session, "ＣＨＥＮ")
        assert found is not None and (found.real_name, found.phone) == ("陈伟", "+8613812341234")


def test_p1_name_and_phone_are_encrypted_in_the_database(app):
    with app.state.database.writing() as session:
        open_account(session, "chen", "小陈", "x", real_name="陈伟伟", phone="+8613812341234")
    with app.state.database.engine.connect() as connection:
        row = connection.exec_driver_sql(f"SELECT * FROM {Account.__tablename__} WHERE login = 'chen'").one()
        assert "陈伟伟" not in str(row) and "13812341234" not in str(row)
        assert crypto.Keyring(KEY).decrypt(row.real_name) == "陈伟伟"
