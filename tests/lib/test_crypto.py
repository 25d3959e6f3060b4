from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Column, Integer, MetaData, Table, create_engine, select, text

from shequtong.lib import clock, crypto
from shequtong.lib.crypto import BadToken, EncryptedText, ExpiredToken, Keyring, Unreadable

OLD, NEW = "old-" * 10, "new-" * 10
NOON = datetime(2026, 11, 3, 4, 0, tzinfo=UTC)


@pytest.fixture
def ring():
    return Keyring(NEW)


def test_r16_a_missing_or_short_key_is_refused():
    for setting in ["", " , ", "short", f"{NEW},short"]:
        with pytest.raises(ValueError, match="SECRET_KEY"):
            Keyring.from_setting(setting)


@given(st.text())
def test_p1_what_is_encrypted_comes_back(secret):
    ring = Keyring(NEW)
    assert ring.decrypt(ring.encrypt(secret)) == secret


def test_p1_the_same_text_looks_different_each_time(ring):
    assert ring.encrypt("13800138000") != ring.encrypt("13800138000")
    assert "13800138000" not in ring.encrypt("13800138000")


def test_p1_keys_rotate():
    before = Keyring(OLD).encrypt("1203室")
    both = Keyring.from_setting(f"{NEW}, {OLD}")
    assert both.decrypt(before) == "1203室"
    with pytest.raises(Unreadable):
        Keyring(NEW).decrypt(before)
    assert Keyring(NEW).decrypt(both.rotate(before)) == "1203室"
    index = Keyring(OLD).blind_index("13800138000", "phone")
    assert index in both.blind_indexes("13800138000", "phone")


def test_p1_a_blind_index_finds_and_tells_nothing_else(ring):
    index = ring.blind_index("13800138000", "phone")
    assert index == ring.blind_index("13800138000", "phone") and len(index) == 43
    assert index != ring.blind_index("13800138000", "room")
    assert index != Keyring(OLD).blind_index("13800138000", "phone")


def test_p1_an_encrypted_column_is_plain_in_python_only(ring):
    crypto.use(ring)
    people = Table(
        "people", MetaData(), Column("id", Integer, primary_key=True), Column("name", EncryptedText)
    )
    engine = create_engine("sqlite://")
    people.metadata.create_all(engine)
    with engine.begin() as connection:
        connection.execute(people.insert(), [{"name": "张秀英"}, {"name": None}])
        stored = connection.execute(text("SELECT name FROM people")).scalars().all()
        assert "张秀英" not in stored[0] and stored[1] is None
        assert connection.execute(select(people.c.name)).scalars().all() == ["张秀英", None]


def test_s6_a_token_holds_until_its_time_has_passed(ring):
    with clock.at(NOON):
        token = ring.sign("账户 7", "reset", timedelta(minutes=10))
        assert ring.unsign(token, "reset") == "账户 7"
        clock.advance(timedelta(minutes=10))
        with pytest.raises(ExpiredToken):
            ring.unsign(token, "reset")


def test_s6_a_token_of_an_older_key_is_still_ours():
    token = Keyring(OLD).sign("7", "reset", timedelta(hours=1))
    assert Keyring(NEW, OLD).unsign(token, "reset") == "7"


@given(st.text())
def test_s6_no_other_token_is_accepted(token):
    with pytest.raises(BadToken):
        Keyring(NEW).unsign(token, "reset")


def test_s6_a_changed_token_or_another_purpose_is_refused(ring):
    token = ring.sign("7", "reset", timedelta(hours=1))
    text, until, mac = token.split(".")
    for wrong in [f"{text}.{int(until) + 1}.{mac}", f"OA.{until}.{mac}", f"{text}.{mac}", token[:-1], ""]:
        with pytest.raises(BadToken):
            ring.unsign(wrong, "reset")
    with pytest.raises(BadToken):
        ring.unsign(token, "join")


def test_s5_codes_are_six_digits_and_stored_under_a_key(ring):
    code = crypto.new_code()
    assert len(code) == 6 and code.isdecimal()
    stored = ring.code_digest(code, "account 7")
    assert ring.code_fits(code, "account 7", stored)
    assert not ring.code_fits(code, "account 8", stored)
    assert Keyring(OLD, NEW).code_fits(code, "account 7", stored)


def test_s9_tokens_are_long_random_and_stored_as_a_digest():
    assert len({crypto.new_token() for _ in range(100)}) == 100
    token = crypto.new_token()
    assert len(token) == 43 and crypto.digest(token) == crypto.digest(token) != token
