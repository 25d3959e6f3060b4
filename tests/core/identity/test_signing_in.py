"""Signing in and out, and all that must hold at the door; each test bears the number of the promise it keeps."""

from __future__ import annotations

import asyncio
import re
from datetime import timedelta
from typing import Any

import argon2
import httpx2 as httpx
import pytest
from fastapi.testclient import TestClient
from sqlalchemy import func, select, update
from tests.cast import HOME, PASSWORD, Browser, csrf_of
from tests.serving import Serving

from shequtong.core.communities.models import Appointment
from shequtong.core.identity.models import Account, SignIn
from shequtong.core.identity.registering import tell
from shequtong.lib import clock, crypto
from shequtong.main import create_app

WRONG = "not-the-password-of-anybody"


def try_to_sign_in(browser: TestClient, login: str, password: str = PASSWORD, **more: Any) -> httpx.Response:
    headers = {"Origin": str(browser.base_url).rstrip("/"), **more.pop("headers", {})}
    return browser.post("/login", data={"login": login, "password": password, **more}, headers=headers)


def stranger(app: Any) -> Browser:
    return Browser(app, "visitor")


def carry(browser: TestClient, token: str) -> None:
    """Have the browser hold this session token and no other cookie."""
    browser.cookies.clear()
    browser.cookies.set("session", token)


def sessions_of(app: Any, login: str) -> int:
    with app.state.database.reading() as session:
        return session.scalar(
            select(func.count()).select_from(SignIn).join(Account).where(Account.login == login)
        )


def test_a_resident_signs_in_and_goes_where_they_wanted(app):
    browser = stranger(app)
    answer = try_to_sign_in(browser, "resident", next=f"/c/{HOME}/talk")
    assert (answer.status_code, answer.headers["location"]) == (303, f"/c/{HOME}/talk")
    assert browser.get("/login").headers["location"] == "/"
    assert "小陈" in browser.get(f"/c/{HOME}/talk").text


def test_the_login_name_is_found_however_it_is_typed(app):
    assert try_to_sign_in(stranger(app), " ＲＥＳＩＤＥＮＴ ").status_code == 303


def test_a_phone_number_signs_its_oldest_account_in(app):
    with app.state.database.writing() as session:
        for login in ("resident", "tenant"):
            account = session.scalar(select(Account).where(Account.login == login))
            tell(account, "", "+8613812345678")
    browser = stranger(app)
    assert try_to_sign_in(browser, "138 1234 5678").status_code == 303
    assert "小陈" in browser.get(f"/c/{HOME}").text


def test_s3_unknown_and_known_accounts_get_the_same_answer_for_the_same_work(app, monkeypatch):
    looked = []
    verify = argon2.PasswordHasher.verify
    monkeypatch.setattr(
        argon2.PasswordHasher,
        "verify",
        lambda self, kept, said: (looked.append(kept), verify(self, kept, said))[1],
    )
    with app.state.database.writing() as session:
        session.execute(update(Account).where(Account.login == "lawyer").values(disabled_at=clock.now()))
        session.execute(update(Account).where(Account.login == "tenant").values(password=""))
    answers = {}
    for login in ("resident", "nobody-at-all", "lawyer", "tenant", "13912345678", "x" * 64):
        looked.clear()
        answer = try_to_sign_in(stranger(app), login, WRONG)
        page = answer.text.replace(login, "")
        answers[login] = (answer.status_code, len(looked), page, sorted(answer.headers.keys()))
        assert argon2.extract_parameters(looked[0]).memory_cost >= 46 * 1024
    assert len({str(answer) for answer in answers.values()}) == 1
    assert answers["resident"][:2] == (422, 1)


def test_s3_a_disabled_account_is_not_let_in_and_not_told_apart(app):
    with app.state.database.writing() as session:
        session.execute(update(Account).where(Account.login == "resident").values(disabled_at=clock.now()))
    right, unknown = try_to_sign_in(stranger(app), "resident"), try_to_sign_in(stranger(app), "nobody")
    assert right.status_code == unknown.status_code == 422
    assert right.text.replace("resident", "") == unknown.text.replace("nobody", "")


def test_s4_after_ten_bad_tries_the_next_is_asked_to_wait(app, monkeypatch):
    browser = stranger(app)
    for _ in range(10):
        assert try_to_sign_in(browser, "resident", WRONG).status_code == 422
    looked = []
    monkeypatch.setattr(argon2.PasswordHasher, "verify", lambda *a: looked.append(a))
    answer = try_to_sign_in(browser, "resident")
    assert answer.status_code == 429
    assert 0 < int(answer.headers["retry-after"]) <= 300
    assert "分钟" in answer.text and "书记" in answer.text, "what to do next"
    assert try_to_sign_in(browser, "nobody").status_code == 429
    assert not looked


def test_s4_good_tries_do_not_count_and_bad_ones_are_forgiven_in_time(app):
    with clock.at(clock.now()):
        for _ in range(12):
            assert try_to_sign_in(stranger(app), "resident").status_code == 303
        for _ in range(10):
            try_to_sign_in(stranger(app), "resident", WRONG)
        assert try_to_sign_in(stranger(app), "resident").status_code == 429
        clock.advance(timedelta(minutes=5, seconds=1))
        assert try_to_sign_in(stranger(app), "resident").status_code == 303


def test_s4_a_forged_forwarding_header_does_not_help(app):
    answers = [
        try_to_sign_in(stranger(app), "resident", WRONG, headers={"X-Forwarded-For": f"203.0.113.{number}"})
        for number in range(11)
    ]
    assert answers[-1].status_code == 429


def test_s4_the_owner_is_not_locked_out_from_elsewhere(settings):
    behind_proxy = settings.model_copy(update={"trusted_proxies": "10.0.0.0/8"})
    app = create_app(behind_proxy)

    def come_from(address: str, password: str) -> int:
        browser = TestClient(
            app, base_url=settings.base_url, follow_redirects=False, client=("10.0.0.1", 1234)
        )
        return try_to_sign_in(
            browser, "resident", password, headers={"X-Forwarded-For": f"198.51.100.7, {address}"}
        ).status_code

    for _ in range(11):
        last = come_from("203.0.113.9", WRONG)
    assert last == come_from("203.0.113.9", PASSWORD) == 429
    assert come_from("203.0.113.10", PASSWORD) == 303
    app.state.database.dispose()


def test_s4_a_browser_that_signed_in_before_has_a_count_of_its_own(app):
    mine = stranger(app)
    assert try_to_sign_in(mine, "resident").status_code == 303
    mine.cookies.delete("session")
    for _ in range(11):
        try_to_sign_in(stranger(app), "resident", WRONG)
    assert try_to_sign_in(stranger(app), "resident").status_code == 429
    assert try_to_sign_in(mine, "neighbor").status_code == 429, "it is known for one account only"
    assert try_to_sign_in(mine, "resident").status_code == 303


def test_s9_every_sign_in_gives_a_new_session_and_ends_the_one_before(app):
    browser = stranger(app)
    try_to_sign_in(browser, "resident")
    first = browser.cookies["session"]
    answer = try_to_sign_in(browser, "resident", csrf=csrf_of(first))
    assert answer.status_code == 303
    assert browser.cookies["session"] != first
    assert sessions_of(app, "resident") == 1


def test_s9_a_session_that_somebody_planted_is_never_taken_up(app):
    browser = stranger(app)
    browser.cookies.set("session", "planted")
    answer = try_to_sign_in(browser, "resident")
    assert "planted" not in str(answer.headers.get_list("set-cookie"))
    with app.state.database.reading() as session:
        assert session.get(SignIn, crypto.digest("planted")) is None


def test_s9_only_a_digest_of_the_token_is_kept(app):
    browser = stranger(app)
    try_to_sign_in(browser, "resident")
    with app.state.database.reading() as session:
        kept = session.execute(select(SignIn.__table__)).all()
    assert browser.cookies["session"] not in str(kept)


@pytest.mark.parametrize(
    ("idle", "ends"), [(timedelta(days=29), False), (timedelta(days=31), True)], ids=["used", "forgotten"]
)
def test_s9_a_session_ends_when_nobody_uses_it(app, idle, ends):
    with clock.at(clock.now()):
        browser = stranger(app)
        try_to_sign_in(browser, "resident")
        clock.advance(idle)
        assert (browser.get("/logout").status_code == 303) is ends


def test_s9_a_session_ends_at_last_however_often_it_is_used(app):
    with clock.at(clock.now()):
        browser = stranger(app)
        try_to_sign_in(browser, "resident")
        for _ in range(8):
            clock.advance(timedelta(days=22))
            assert browser.get("/logout").status_code == 200
        clock.advance(timedelta(days=5))
        assert browser.get("/logout").status_code == 303


def test_s9_the_last_use_is_written_down_once_an_hour(app):
    with clock.at(clock.now()):
        browser = stranger(app)
        try_to_sign_in(browser, "resident")
        began = clock.now()

        def seen() -> Any:
            browser.get(f"/c/{HOME}")
            with app.state.database.reading() as session:
                return session.scalar(select(SignIn.seen_at).join(Account).where(Account.login == "resident"))

        clock.advance(timedelta(minutes=50))
        seen()
        assert seen() == began + timedelta(minutes=50), "with the first visit, who they are is noted too"
        clock.advance(timedelta(minutes=50))
        assert seen() == began + timedelta(minutes=50)
        clock.advance(timedelta(minutes=20))
        assert seen() == began + timedelta(minutes=120)


def test_s9_a_new_role_brings_a_new_token_and_the_old_one_dies(app):
    browser = stranger(app)
    try_to_sign_in(browser, "resident")
    browser.get(f"/c/{HOME}")
    before = browser.cookies["session"]
    with app.state.database.writing() as session:
        account_id = session.scalar(select(Account.id).where(Account.login == "resident"))
        session.add(
            Appointment(
                account_id=account_id, office="clerk", code=HOME, since=clock.local(clock.now()).date()
            )
        )
    fragment = browser.get(f"/c/{HOME}/talk", headers={"HX-Request": "true"})
    assert "set-cookie" not in fragment.headers
    answer = browser.get(f"/c/{HOME}/nowhere-at-all")
    assert answer.status_code == 404, "a page that is not there hands the token over too"
    after = browser.cookies["session"]
    assert after != before
    carry(browser, before)
    assert browser.get("/logout").status_code == 303
    carry(browser, after)
    page = browser.get("/logout")
    assert page.status_code == 200 and csrf_of(after) in page.text


def test_s9_and_s15_signing_out_ends_the_session_and_clears_the_browser(app):
    browser = stranger(app)
    try_to_sign_in(browser, "resident")
    token = browser.cookies["session"]
    answer = browser.post("/logout", data={"csrf": csrf_of(token)})
    assert (answer.status_code, answer.headers["location"]) == (303, "/")
    assert "cache" in answer.headers["clear-site-data"] and "storage" in answer.headers["clear-site-data"]
    assert "session" not in browser.cookies
    carry(browser, token)
    assert browser.get("/logout").status_code == 303, "the token opens nothing any more"


def test_s10_signing_out_takes_a_button_and_the_sessions_own_token(cast):
    assert cast.resident.get("/logout").status_code == 200
    assert cast.resident.post("/logout", data={}).status_code == 403
    assert cast.resident.post("/logout", data={"csrf": cast.neighbor.csrf}).status_code == 403
    assert cast.resident.get("/logout").status_code == 200, "still signed in"


def test_s10_nobody_is_signed_in_from_another_site(app):
    answer = try_to_sign_in(stranger(app), "resident", headers={"Origin": "https://evil.example"})
    assert answer.status_code == 403
    assert "set-cookie" not in answer.headers


def test_s11_a_fragment_of_an_expired_session_sends_the_page_to_sign_in(cast):
    here = f"http://127.0.0.1:8000/c/{HOME}/talk?cursor=abc"
    headers = {"HX-Request": "true", "HX-Current-URL": here}
    cast.visitor.cookies.set("session", "long-over")
    answer = cast.visitor.post(f"/c/{HOME}/talk/new", data={}, headers=headers)
    assert answer.status_code == 401
    assert answer.headers["hx-redirect"] == f"/login?next=/c/{HOME}/talk%3Fcursor%3Dabc"


def test_s11_a_form_of_an_expired_session_leads_back_to_its_page(cast):
    page = f"http://127.0.0.1:8000/c/{HOME}/talk/new"
    answer = cast.visitor.post(f"/c/{HOME}/talk/new", data={}, headers={"Referer": page})
    assert (answer.status_code, answer.headers["location"]) == (303, f"/login?next=/c/{HOME}/talk/new")


def test_s12_cookies_on_this_machine_alone(app):
    cookies = try_to_sign_in(stranger(app), "resident").headers.get_list("set-cookie")
    assert [cookie.partition("=")[0] for cookie in cookies] == ["session", "known"]
    assert all("HttpOnly" in c and "SameSite=lax" in c and "Path=/" in c for c in cookies)
    assert not any("Secure" in c or "Domain" in c for c in cookies)


@pytest.mark.parametrize("address", ["https://shequ.example.org", "http://shequ.example.org"])
def test_s12_cookies_of_a_site_are_for_its_host_alone_and_secure(settings, address):
    app = create_app(settings.model_copy(update={"base_url": address}))
    browser = stranger(app)
    cookies = try_to_sign_in(browser, "resident").headers.get_list("set-cookie")
    assert [cookie.partition("=")[0] for cookie in cookies] == ["__Host-session", "__Host-known"]
    for cookie in cookies:
        assert {"HttpOnly", "SameSite=lax", "Path=/", "Secure"} <= set(cookie.split("; "))
        assert "Domain" not in cookie
    app.state.database.dispose()


def test_s12_pages_of_visitors_set_no_cookie(cast):
    for path in ("/login", f"/c/{HOME}", f"/c/{HOME}/notices", "/nowhere", "/password/none"):
        assert "set-cookie" not in cast.visitor.get(path).headers, path


@pytest.mark.parametrize(
    "elsewhere",
    [
        "https://evil.example/",
        "//evil.example",
        "/\\evil.example",
        "\\/evil.example",
        "javascript:alert(1)",
        "/ok\r\nSet-Cookie: a=b",
        "",
    ],
)
def test_s14_next_leads_nowhere_else(app, elsewhere):
    answer = try_to_sign_in(stranger(app), "resident", next=elsewhere)
    assert answer.headers["location"] == "/"


def test_s15_personal_pages_are_kept_by_nobody(cast):
    assert cast.resident.get("/logout").headers["cache-control"] == "no-store"
    assert cast.resident.get(f"/c/{HOME}").headers["cache-control"] == "no-store"


def test_s16_head_is_like_get_and_what_is_for_operators_is_closed(cast, app):
    head, get = cast.visitor.head("/login"), cast.visitor.get("/login")
    assert head.status_code == get.status_code == 200
    assert head.text == "" and head.headers["content-length"] == get.headers["content-length"]
    for path in ("/docs", "/redoc", "/openapi.json", "/metrics"):
        assert cast.visitor.get(path).status_code == 404, path
    assert cast.visitor.get("/login", headers={"Host": "evil.example"}).status_code == 400
    assert cast.visitor.get("/healthz", headers={"Host": "10.1.2.3"}).status_code == 200


def test_what_a_visitor_chose_before_signing_in_stays_theirs(app):
    browser = stranger(app)
    browser.post("/prefs", data={"text": "elder", "next": "/login"})
    assert 'data-text="elder"' in browser.get("/login").text
    try_to_sign_in(browser, "resident")
    assert 'data-text="elder"' in browser.get("/logout").text


def test_the_form_keeps_the_name_and_not_the_password(app):
    answer = try_to_sign_in(stranger(app), "resident", WRONG)
    assert re.search(r'name="login"[^>]*>|value="resident"', answer.text)
    assert WRONG not in answer.text


def test_a_name_that_cannot_be_is_refused_like_a_wrong_one(app):
    assert try_to_sign_in(stranger(app), "a\x00b").status_code == 422
    assert try_to_sign_in(stranger(app), "", "").status_code == 422


@pytest.mark.slow
def test_s1_fifty_sign_ins_at_once_stay_under_500_mb(database_url, tmp_path):
    server = Serving(tmp_path, "--no-worker", database_url=database_url)

    def memory(line: str) -> int:
        status = open(f"/proc/{server.process.pid}/status").read()  # noqa: PTH123, SIM115
        found = re.search(rf"{line}:\s+(\d+) kB", status)
        assert found
        return int(found[1]) // 1024

    async def everybody() -> list[int]:
        async with httpx.AsyncClient(base_url=server.address, timeout=120) as client:
            forms = [{"login": "resident", "password": PASSWORD} for _ in range(50)]
            headers = {"Origin": server.address}
            answers = await asyncio.gather(*[client.post("/login", data=f, headers=headers) for f in forms])
            return [answer.status_code for answer in answers]

    try:
        before = memory("VmRSS")
        assert asyncio.run(everybody()) == [303] * 50
        assert memory("VmHWM") - before < 500
    finally:
        server.stop()
