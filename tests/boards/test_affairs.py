"""Open affairs: the committee's books, questioned by residents and answered by staff."""

from tests.cast import AWAY, HOME

AFFAIRS = f"/c/{HOME}/affairs"
LINE = {
    "kind": "ledger",
    "title": "党群服务经费",
    "direction": "income",
    "amount": "200000",
    "dated": "2026-01-20",
}
DECISION = {"kind": "decision", "title": "居民代表会议决定", "dated": "2026-02-11", "body": "更换健身器材"}
REPORT = {"kind": "report", "title": "第一季度工作", "dated": "2026-03-31", "body": "走访八十户"}


def take(browser, address, name, **fields):
    return browser.submit(f"{address}/transitions", {"name": name, **fields})


def test_staff_open_money_decisions_and_reports(cast):
    for form in (LINE, DECISION, REPORT):
        assert cast.clerk.submit(f"{AFFAIRS}/new", form).status_code == 303
    listed = cast.neighbor.get(AFFAIRS).text
    assert "收入" in listed and "¥200,000" in listed and "更换健身器材" in listed
    for login in ("resident", "property", "owners", "lead", "street", "outsider"):
        assert getattr(cast, login).submit(f"{AFFAIRS}/new", LINE).status_code == 403


def test_a_question_waits_on_the_desk_until_somebody_of_the_committee_answers(cast):
    address = cast.clerk.submit(f"{AFFAIRS}/new", LINE).headers["location"]
    assert take(cast.resident, address, "question", reason="怎么用的？").status_code == 303
    assert "党群服务经费" in cast.secretary.get(f"/c/{HOME}/desk").text
    assert take(cast.property, address, "answer", reason="不清楚").status_code == 403
    assert take(cast.secretary, address, "answer", reason="明细见附件").status_code == 303
    assert "明细见附件" in cast.resident.get(address).text
    assert "党群服务经费" not in cast.secretary.get(f"/c/{HOME}/desk").text


def test_outsiders_read_nothing_and_a_community_without_it_has_none(cast):
    address = cast.clerk.submit(f"{AFFAIRS}/new", LINE).headers["location"]
    for login in ("outsider", "applicant", "outsecretary"):
        assert getattr(cast, login).get(address).status_code == 404
        assert "党群服务经费" not in getattr(cast, login).get(AFFAIRS).text
    assert cast.outsecretary.get(f"/c/{AWAY}/affairs").status_code == 404
