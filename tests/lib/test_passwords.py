import asyncio
import resource
import time

import pytest

from shequtong.lib import passwords

WORD = "桂花 开在三楼"


@pytest.fixture(scope="module")
def stored():
    return passwords.hash(WORD)


def test_s1_passwords_are_kept_with_argon2id_and_at_least_46_mib(stored):
    assert stored.startswith("$argon2id$v=19$m=47104,t=1,p=1$")
    assert passwords.hash(WORD) != stored


def test_s1_only_the_right_password_fits(stored):
    assert passwords.verify(stored, WORD)
    assert not passwords.verify(stored, WORD + "。")
    assert not passwords.verify("$argon2id$damaged", WORD)
    assert not passwords.verify("", WORD)


def test_s1_the_same_password_from_another_keyboard_fits():
    assert passwords.verify(passwords.hash("ｃａｆé 2026"), "cafe\u0301 2026")


def test_s1_many_sign_ins_at_once_stay_small(stored):
    async def crowd():
        return await asyncio.gather(*(passwords.verify_soon(stored, WORD) for _ in range(16)))

    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    assert all(asyncio.run(crowd()))
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 500 * 1024
    assert passwords.MOST_AT_ONCE * 46 < 500


def test_s1_the_event_loop_goes_on_meanwhile(stored):
    async def scene():
        sign_in = asyncio.ensure_future(passwords.verify_soon(stored, WORD))
        turns = 0
        while not sign_in.done():
            await asyncio.sleep(0.001)
            turns += 1
        return turns

    assert asyncio.run(scene()) > 5
    assert asyncio.run(passwords.hash_soon(WORD)).startswith("$argon2id$")


def test_s1_a_hash_with_other_costs_is_made_anew(stored):
    assert not passwords.needs_rehash(stored)
    assert passwords.needs_rehash(stored.replace("m=47104", "m=19456"))


def test_s3_an_unknown_account_takes_as_long_as_a_wrong_password(stored):
    def seconds(work):
        start = time.process_time()
        assert work() is False
        return time.process_time() - start

    known = min(seconds(lambda: passwords.verify(stored, "wrong")) for _ in range(5))
    unknown = min(seconds(lambda: passwords.verify_nothing("wrong")) for _ in range(5))
    assert 0.6 < known / unknown < 1.6
    assert not passwords.needs_rehash(passwords._NOBODY)
    assert asyncio.run(passwords.verify_soon(None, "wrong")) is False


WEAK = [
    "",
    "1234567",
    "12345678",
    "password1",
    "woaini1314",
    "5201314a",
    "aaaaaaaa",
    "abcd1234",
    "qwertyuiop",
]
WEAK += ["我爱你我爱你我爱你", "ＰＡＳＳＷＯＲＤ1", "zhangsan1985", "13800138000", "a" * 129]
FINE = [
    "宝山的桂花开了呢",
    "correct horse battery",
    "shequtong-demo",
    "lovely tea pot",
    "x7Kq2mZp",
    "字很长的一句话呀",
]
FINE += ["the quick brown fox jumped over the lazy dog and then slept for a whole week."]


@pytest.mark.parametrize("weak", WEAK)
def test_s2_weak_passwords_are_refused_with_a_reason(weak):
    reason = passwords.weakness(weak, ["zhangsan", "13800138000"])
    assert reason is not None and "。" in str(reason)


@pytest.mark.parametrize("fine", FINE)
def test_s2_no_rule_asks_for_capitals_digits_or_signs(fine):
    assert passwords.weakness(fine, ["zhangsan"]) is None


def test_s2_the_reason_fits_the_fault():
    said = {
        weak: str(passwords.weakness(weak, ["王小明"])) for weak in ["123", "password1", "王小明王小明王小明"]
    }
    assert "至少" in said["123"] and "很多人" in said["password1"] and "姓名" in said["王小明王小明王小明"]
